"""Reads the event log of another system from a table: CSV with a row of column names, whatever those names are.

A table is taken whole or not at all: a report of the rows that happened to be readable would say something about the
reader and not about the process. What cannot be read is named by line and column, several faults at once.
"""

import csv
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from yici.rules.process_logs import CannotReadLog, Event
from yici.rules.words import Words

# What systems call these columns; the second is that of XES. The first that a file has is taken.
USUAL: dict[str, tuple[str, ...]] = {
    "case": ("case", "case:concept:name", "case_id", "办件编号", "办件号", "案件编号"),
    "activity": ("activity", "concept:name", "环节", "办理环节", "环节名称"),
    "time": ("time", "time:timestamp", "timestamp", "完成时间", "办理时间", "时间"),
    "resource": ("resource", "org:resource", "办理人", "经办人", "办理人员"),
    "deadline": ("deadline", "case:deadline", "截止时间", "承诺期限", "办理期限"),
}
NEEDED = ("case", "activity", "time")
LONGEST_FIELD = 100_000
MOST_FAULTS = 10


class FaultyTable(CannotReadLog):
    """Rows of a table that cannot be read; ``faults`` names the first of them, each with its line and column."""

    def __init__(self, faults: Sequence[Words]) -> None:
        super().__init__(zh="".join(one.zh for one in faults), en=" ".join(one.en for one in faults))
        self.faults = tuple(faults)


class _BadCell(Exception):
    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.words = Words(zh, en)


def text_of(content: bytes) -> str:
    """Return the text of a CSV file: UTF-8, or GB 18030, in which spreadsheets here save. Raises CannotReadLog.

    >>> text_of("环节".encode("gb18030")), text_of("环节".encode("utf-8-sig"))
    ('环节', '环节')
    """
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise CannotReadLog(
        zh="文件不是文本。需要 UTF-8 或 GB 18030 编码的 CSV 文件。",
        en="The file is no text. A CSV file in UTF-8 or GB 18030 is wanted.",
    )


def names_of(lines: Iterable[str]) -> tuple[str, ...]:
    """Return the names of the columns of a table. Raises CannotReadLog.

    >>> names_of(["case,环节\\n", "1,受理\\n"])
    ('case', '环节')
    """
    try:
        return tuple(csv.DictReader(lines, strict=True).fieldnames or ())
    except csv.Error as error:
        raise _no_csv(1, error) from error


def guess(names: Iterable[str]) -> dict[str, str]:
    """Return, for each thing a log holds, the column that most likely holds it; what no column suits is left out.

    >>> guess(["Case_ID", "环节", "case:deadline"])
    {'case': 'Case_ID', 'activity': '环节', 'deadline': 'case:deadline'}
    """
    known = {name.strip().casefold(): name for name in reversed(list(names))}
    found = {key: next((known[one] for one in usual if one in known), None) for key, usual in USUAL.items()}
    return {key: name for key, name in found.items() if name is not None}


def columns_of(names: Sequence[str], asked: Mapping[str, str | None]) -> dict[str, str]:
    """Return which column holds what: what is ``asked`` for by name, else the guess. Raises CannotReadLog."""
    wanted = {key: name for key, name in asked.items() if name}
    for name in wanted.values():
        if name not in names:
            raise _no_column(name, names)
    columns = {**guess(names), **wanted}
    for key in NEEDED:
        if key not in columns:
            raise _no_column(key, names)
    return columns


def _no_column(name: str, names: Sequence[str]) -> CannotReadLog:
    has = "、".join(names[:20]) or "—"
    return CannotReadLog(
        zh=f"文件没有“{name[:60]}”列（现有：{has}）。请指明列名。",
        en=f"The file has no column '{name[:60]}' (it has: {has}). Say which column it is.",
    )


def events_of(lines: Iterable[str], asked: Mapping[str, str | None], *, most: int | None = None) -> list[Event]:
    """Return the events of a table, all or none. ``most``: how many rows are taken at most.

    Raises CannotReadLog, and FaultyTable with the first faults.

    >>> events_of(["case,activity,time\\n", "1,受理,2018-01-31T09:30:00\\n"], {})[0].activity
    '受理'
    """
    csv.field_size_limit(LONGEST_FIELD)
    rows = csv.DictReader(lines, strict=True)
    events, faults = list[Event](), list[Words]()
    try:
        columns = columns_of(tuple(rows.fieldnames or ()), asked)
        for row in rows:
            try:
                events.append(_event(row, columns, rows.line_num))
            except _BadCell as fault:
                faults.append(fault.words)
            if len(faults) == MOST_FAULTS or (most is not None and len(events) > most):
                break
    except csv.Error as error:
        raise _no_csv(rows.reader.line_num, error) from error
    if faults:
        raise FaultyTable(faults)
    if most is not None and len(events) > most:
        raise CannotReadLog(
            zh=f"日志超过 {most} 行。请按年份分开上传。", en=f"The log has more than {most} rows. Send it year by year."
        )
    return events


def _no_csv(line: int, error: csv.Error) -> CannotReadLog:
    return CannotReadLog(
        zh=f"第 {line} 行不是 CSV：{error}。请另存为 CSV 后再试。",
        en=f"Line {line} is no CSV: {error}. Save the table as CSV and try again.",
    )


def _event(row: Mapping[str | None, str | list[str] | None], columns: Mapping[str, str], line: int) -> Event:
    if None in row:
        raise _BadCell(f"第 {line} 行的格数比列名多。", f"Line {line} has more cells than there are columns.")
    values = {key: str(row.get(column) or "").strip() for key, column in columns.items()}
    for key in NEEDED:
        if not values[key]:
            raise _BadCell(f"第 {line} 行缺少“{columns[key]}”。", f"Line {line} has no '{columns[key]}'.")
    deadline = values.get("deadline")
    return Event(
        values["case"],
        values["activity"],
        _moment(values["time"], line, columns["time"]),
        values.get("resource", ""),
        _moment(deadline, line, columns["deadline"]) if deadline else None,
    )


def _moment(text: str, line: int, column: str) -> datetime:
    """Return a moment; one without a zone counts as UTC, so that all of a file are on one axis."""
    try:
        moment = datetime.fromisoformat(text.replace("/", "-"))
    except ValueError as error:
        raise _BadCell(
            f"第 {line} 行“{column}”列的“{text[:40]}”不是时间，应写成 2018-01-31T09:30:00 的样子。",
            f"Line {line}, column '{column}': '{text[:40]}' is no time. Write it like 2018-01-31T09:30:00.",
        ) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
