"""`yici process`: reads the history of another system and says where its time goes."""

import argparse
import csv
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from yici.rules.process_logs import CannotReadLog, Event, ProcessReport, report
from yici.rules.refusals import Refusal

GOOD, BAD_USAGE = 0, 2
# What systems call these columns; the second is that of XES. The first that a file has is taken.
NAMES = {
    "case": ("case", "case:concept:name", "case_id", "办件编号"),
    "activity": ("activity", "concept:name", "环节"),
    "time": ("time", "time:timestamp", "timestamp", "完成时间"),
    "resource": ("resource", "org:resource", "办理人"),
    "deadline": ("deadline", "case:deadline", "截止时间"),
}
NEEDED = ("case", "activity", "time")
LONGEST_FIELD = 100_000


def parser(prog: str) -> argparse.ArgumentParser:
    """Return what `yici process` understands."""
    made = argparse.ArgumentParser(prog, description="Read the history of another system.")
    acts = made.add_subparsers(dest="act", required=True)
    imports = acts.add_parser("import", help="read a log: CSV with case, activity, time, resource, deadline")
    imports.add_argument("file", type=Path, help="a CSV file in UTF-8 with a row of column names")
    for name in NAMES:
        imports.add_argument(f"--{name}", metavar="COLUMN", help=f"name of the column of the {name}")
    imports.add_argument("--json", action="store_true", help="print one JSON document")
    return made


def run(arguments: argparse.Namespace) -> int:
    """Print what the log says; 0, or 2 for a file that is none."""
    asked = {name: getattr(arguments, name) for name in NAMES}
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


def read(path: Path, asked: Mapping[str, str | None]) -> Iterator[Event]:
    """Yield the events of a CSV file. Raises CannotReadLog with the line of the first fault."""
    csv.field_size_limit(LONGEST_FIELD)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file, strict=True)
            columns = _columns(rows.fieldnames or (), asked)
            for row in rows:
                yield _event(row, columns, rows.line_num)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise CannotReadLog(
            zh=f"无法读取“{path.name}”：{error}。需要 UTF-8 编码的 CSV 文件。",
            en=f"Cannot read '{path.name}': {error}. A CSV file in UTF-8 is wanted.",
        ) from error


def _columns(names: Sequence[str], asked: Mapping[str, str | None]) -> dict[str, str]:
    columns = {}
    for name, usual in NAMES.items():
        wanted = asked.get(name)
        known = (wanted,) if wanted else usual
        column = next((one for one in known if one in names), None)
        if column is not None:
            columns[name] = column
        elif wanted or name in NEEDED:
            has = "、".join(names[:12]) or "—"
            raise CannotReadLog(
                zh=f"文件没有“{wanted or name}”列（现有：{has}）。请用 --{name} 指明列名。",
                en=f"The file has no column '{wanted or name}' (it has: {has}). Name it with --{name}.",
            )
    return columns


def _event(row: Mapping[str, str | None], columns: Mapping[str, str], line: int) -> Event:
    values = {name: (row.get(column) or "").strip() for name, column in columns.items()}
    missing = [columns[name] for name in NEEDED if not values[name]]
    if missing:
        raise CannotReadLog(
            zh=f"第 {line} 行缺少“{missing[0]}”。请补全后再导入。",
            en=f"Line {line} has no '{missing[0]}'. Fill it in and import again.",
        )
    deadline = values.get("deadline")
    return Event(
        values["case"],
        values["activity"],
        _moment(values["time"], line),
        values.get("resource", ""),
        _moment(deadline, line) if deadline else None,
    )


def _moment(text: str, line: int) -> datetime:
    """Return a moment; one without a zone counts as UTC, so that all of a file are on one axis."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise CannotReadLog(
            zh=f"第 {line} 行的时间“{text[:40]}”无法识别。请写成 2018-01-31T09:30:00 的样子。",
            en=f"Line {line}: '{text[:40]}' is no time. Write it like 2018-01-31T09:30:00.",
        ) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


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
