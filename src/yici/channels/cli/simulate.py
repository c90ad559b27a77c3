"""`yici simulate`: invented people apply, come to the window and are decided upon, through the real actions."""

import argparse
import json
from datetime import date

from django.conf import settings
from django.utils import timezone

from yici.apps.halls import simulation
from yici.apps.licences.keys import ensure_seal, seal_folder

MOST_CASES = 100_000


def parser(prog: str) -> argparse.ArgumentParser:
    """Return what `yici simulate` understands."""
    made = argparse.ArgumentParser(prog, description="Make applications of invented people.")
    made.add_argument("--cases", type=_cases, required=True, help="how many applications")
    made.add_argument("--seed", type=int, default=1, help="the same seed makes the same lives")
    made.add_argument("--since", type=date.fromisoformat, default=date(2018, 3, 5), help="first day, e.g. 2018-03-05")
    made.add_argument("--json", action="store_true", help="print one JSON document")
    return made


def _cases(text: str) -> int:
    number = int(text)
    if not 1 <= number <= MOST_CASES:
        raise argparse.ArgumentTypeError(f"1 to {MOST_CASES} / 1 到 {MOST_CASES}")
    return number


def run(arguments: argparse.Namespace) -> int:
    """Simulate; 0 when as many applications were made as asked for, 1 when fewer."""
    ensure_seal(seal_folder(settings.DATA_DIR), now=timezone.now())
    made = simulation.simulate(cases_wanted=arguments.cases, seed=arguments.seed, since=arguments.since)
    if arguments.json:
        print(json.dumps(made, ensure_ascii=False))
    else:
        print(f"{made['applications']} applications made, {made['at_the_window']} of them at the window")
    return 0 if made["applications"] == arguments.cases else 1
