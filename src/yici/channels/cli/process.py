"""`yici process`: reads the history of another system and says where its time goes."""

import argparse
import json
import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from yici.rules.process_logs import CannotReadLog, Event, ProcessReport, report
from yici.rules.process_tables import USUAL, events_of
from yici.rules.refusals import Refusal

GOOD, BAD_USAGE = 0, 2


def parser(prog: str) -> argparse.ArgumentParser:
    """Return what `yici process` understands."""
    made = argparse.ArgumentParser(prog, description="Read the history of another system.")
    acts = made.add_subparsers(dest="act", required=True)
    imports = acts.add_parser("import", help="read a log: CSV with case, activity, time, resource, deadline")
    imports.add_argument("file", type=Path, help="a CSV file in UTF-8 with a row of column names")
    for name in USUAL:
        imports.add_argument(f"--{name}", metavar="COLUMN", help=f"name of the column of the {name}")
    imports.add_argument("--json", action="store_true", help="print one JSON document")
    return made


def run(arguments: argparse.Namespace) -> int:
    """Print what the log says; 0, or 2 for a file that is none."""
    asked = {name: getattr(arguments, name) for name in USUAL}
    try:
        found = report(read(arguments.file, asked))
    except Refusal as refusal:
        print(f"{refusal.text('zh')}\n{refusal.text('en')}", file=sys.stderr)
        return BAD_USAGE
    if arguments.json:
        print(json.dumps({**asdict(found), "late_share": found.late_share}, ensure_ascii=False))
    else:
        _say(found)
    return GOOD


def read(path: Path, asked: Mapping[str, str | None]) -> list[Event]:
    """Return the events of a CSV file. Raises CannotReadLog with the lines of the first faults."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return events_of(file, asked)
    except (OSError, UnicodeDecodeError) as error:
        raise CannotReadLog(
            zh=f"无法读取“{path.name}”：{error}。需要 UTF-8 编码的 CSV 文件。",
            en=f"Cannot read '{path.name}': {error}. A CSV file in UTF-8 is wanted.",
        ) from error


def _say(found: ProcessReport) -> None:
    share = "—" if found.late_share is None else f"{found.late_share:.1%}"
    print(f"{found.cases} 件 cases, {found.events} 条 events; 中位 median {found.hours:.1f} h")
    print(f"逾期 late: {found.late} / {found.with_deadline} ({share}), 中位 median {found.hours_late:.1f} h")
    print(f"返工 loops: {found.repeats} in {found.cases_with_loops} cases")
    print(f"交接等待 waiting between people: {found.waiting_hours:.0f} of {found.total_hours:.0f} h")
    for one in found.activities[:10]:
        print(f"  {one.name}: {one.events}×, {one.repeats} again, median {one.hours:.1f} h")
    for handed in found.hand_overs[:5]:
        print(
            f"  {handed.giver or '—'} → {handed.taker or '—'}: {handed.count}×, {handed.late_hours:.0f} h in late cases"
        )
