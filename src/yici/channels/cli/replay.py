"""`yici replay`: what a changed item or life event would have meant for every past case."""

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from yici.apps.cases import replays, situations
from yici.apps.catalogue.queries import CannotImport
from yici.apps.reform import replaying
from yici.channels.cli.since import day_or_none
from yici.rules.refusals import Refusal

GOOD, BAD_USAGE = 0, 2


def parser(prog: str) -> argparse.ArgumentParser:
    """Return what `yici replay` understands."""
    made = argparse.ArgumentParser(prog, description="Replay past cases under a changed item or life event.")
    made.add_argument(
        "revision",
        metavar="PROPOSAL",
        help="a YAML file, the sha256 of a revision we hold, or the id of an amendment, suggested change or proposal",
    )
    made.add_argument("--region", help="region code: only applications there and below")
    made.add_argument("--since", help="first day, e.g. 2018-01-01")
    made.add_argument("--situations", type=Path, metavar="PARQUET", help="replay this file instead of our own cases")
    made.add_argument("--export", type=Path, metavar="PARQUET", help="keep our own situations in this file")
    made.add_argument("--json", action="store_true", help="print one JSON document")
    return made


def run(arguments: argparse.Namespace) -> int:
    """Print before and after; 0 also when somebody loses: the verdict on that is the gate's. 2 for bad input."""
    try:
        document = _replayed(arguments)
    except CannotImport as refusal:
        for fault in refusal.faults:
            print(f"{fault.text('zh')}\n  {fault.words.en}", file=sys.stderr)
        return BAD_USAGE
    except Refusal as refusal:
        print(f"{refusal.text('zh')}\n{refusal.text('en')}", file=sys.stderr)
        return BAD_USAGE
    if arguments.json:
        print(json.dumps(document, ensure_ascii=False))
    else:
        _say(document)
    return GOOD


def _replayed(arguments: argparse.Namespace) -> dict[str, object]:
    proposed = replaying.catalogue_with(arguments.revision)
    if arguments.situations:
        return replays.replay(arguments.situations, proposed)
    with TemporaryDirectory() as folder:
        path = arguments.export or Path(folder) / "situations.parquet"
        situations.export(
            path,
            deciding=replays.deciding_facts(proposed),
            region_code=arguments.region,
            since=day_or_none(arguments.since),
        )
        return replays.replay(path, proposed)


def _say(document: Mapping[str, Any]) -> None:
    print(f"{document['cases']} cases, {document['distinct_situations']} distinct, {document['seconds']} s")
    for name, zh in (("visits", "跑"), ("papers", "材料"), ("days", "工作日")):
        print(f"  {zh} {name}: {document['before'][name]} → {document['after'][name]}")
    after = document["after"]
    print(f"  visits after, whatever is not known: {after['visits_at_least']} to {after['visits_at_most']}")
    print(f"  更好 better: {document['better']}; 更差 worse: {document['worse']}")
    for one in document["losers"][:5]:
        print(f"  更差 worse ×{one['cases']}: {one['event']} {one['answers']} {one['change']}")
