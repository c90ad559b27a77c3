"""Messages of citizens as they stand in a CSV file, and what is wrong with the file in words."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from yici.rules.refusals import Refusal

NEEDED = ("id", "time", "subject", "detail")
LONGEST_FIELD = 200_000  # characters; the longest real letter seen has 13,000
TIMES = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y/%m/%d")


class CannotReadMessages(Refusal):
    """A file of messages that cannot be used, with line and column."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message: who wrote it is a pseudonym or empty; ``reactions`` counts votes of other people."""

    id: str
    subject: str
    detail: str
    time: datetime | None = None
    label: str = ""
    user: str = ""
    reactions: int = 0

    @property
    def text(self) -> str:
        """Return subject and detail as one text; many sources put the subject into the detail.

        >>> Message("1", "路灯不亮", "三天了。").text
        '路灯不亮。三天了。'
        """
        return f"{self.subject}。{self.detail}" if self.subject else self.detail


def read_messages(path: Path, *, labelled: bool = False, label_column: str = "label") -> list[Message]:
    """Return the messages of a CSV file with the columns ``id,time,subject,detail[,label][,user][,up][,down]``.

    An empty id becomes the number of the line (``L12``). Raises CannotReadMessages with line and column; with
    ``labelled`` also when a message lacks its category or its words. ``label_column`` names another column that holds
    the category.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines(keepends=True)
    except OSError as error:
        raise CannotReadMessages(
            zh=f"无法读取文件 {path}：请检查路径和权限。", en=f"Cannot read {path}: check the path and its permissions."
        ) from error
    except UnicodeDecodeError as error:
        raise CannotReadMessages(
            zh=f"{path.name} 第 {error.start + 1} 个字节不是 UTF-8：请另存为 UTF-8 编码的 CSV。",
            en=f"{path.name}: byte {error.start + 1} is not UTF-8; save the file as CSV in UTF-8.",
        ) from error
    found = list(_messages(path.name, lines, labelled=labelled, label_column=label_column))
    if not found:
        raise CannotReadMessages(
            zh=f"{path.name} 没有任何留言：表头之后至少要有一行。",
            en=f"{path.name} holds no message: there must be a line after the header.",
        )
    return found


def _messages(name: str, lines: Sequence[str], *, labelled: bool, label_column: str) -> Iterator[Message]:
    csv.field_size_limit(LONGEST_FIELD)
    reader = csv.reader(lines, strict=True)
    try:
        named = [word.strip().lower() for word in next(reader, [])]
        header = [_as_label(word, label_column) for word in named]
        _check_header(name, header, labelled=labelled)
        begun = reader.line_num + 1
        for row in reader:
            if any(row):
                yield _message(name, begun, header, row, labelled=labelled)
            begun = reader.line_num + 1
    except csv.Error as error:
        raise CannotReadMessages(
            zh=f"{name} 第 {reader.line_num} 行不是有效的 CSV（{error}）：请检查引号，字段不超过 {LONGEST_FIELD} 字。",
            en=f"{name}:{reader.line_num}: not valid CSV ({error}); check quotes, {LONGEST_FIELD} characters a field.",
        ) from error


def _as_label(word: str, label_column: str) -> str:
    """Return the column's name as it is read: the chosen one is the label, another of that name is not."""
    if word == label_column:
        return "label"
    return "" if word == "label" else word


def _check_header(name: str, header: Sequence[str], *, labelled: bool) -> None:
    missing = [column for column in (*NEEDED, *(["label"] if labelled else [])) if column not in header]
    if missing:
        raise CannotReadMessages(
            zh=f"{name} 第 1 行缺少列 {'、'.join(missing)}：表头应为 id,time,subject,detail[,label]。",
            en=f"{name}:1: column {', '.join(missing)} is missing; the header is id,time,subject,detail[,label].",
        )


def _message(name: str, line: int, header: Sequence[str], row: Sequence[str], *, labelled: bool) -> Message:
    if len(row) != len(header):
        raise CannotReadMessages(
            zh=f"{name} 第 {line} 行有 {len(row)} 列，表头有 {len(header)} 列：请检查逗号和引号。",
            en=f"{name}:{line}: {len(row)} columns where the header has {len(header)}; check commas and quotes.",
        )
    cells = {column: cell.strip() for column, cell in zip(header, row, strict=True)}
    where = _Place(name, line, header)
    if labelled:
        _check_labelled(where, cells)
    return Message(
        id=cells["id"] or f"L{line}",
        subject=cells["subject"],
        detail=cells["detail"],
        time=_time(where, cells["time"]),
        label=cells.get("label", ""),
        user=cells.get("user", ""),
        reactions=_count(where, "up", cells) + _count(where, "down", cells),
    )


@dataclass(frozen=True, slots=True)
class _Place:
    name: str
    line: int
    header: Sequence[str]

    def refuse(self, column: str, zh: str, en: str) -> CannotReadMessages:
        number = self.header.index(column) + 1
        return CannotReadMessages(
            zh=f"{self.name} 第 {self.line} 行第 {number} 列（{column}）：{zh}",
            en=f"{self.name}:{self.line}:{number} ({column}): {en}",
        )


def _check_labelled(where: _Place, cells: dict[str, str]) -> None:
    if not cells["label"]:
        raise where.refuse("label", "没有类别，训练需要每行有类别。", "no category; training needs one on each line.")
    if not cells["detail"] and not cells["subject"]:
        raise where.refuse("detail", "标题和内容都是空的。", "both subject and detail are empty.")


def _time(where: _Place, written: str) -> datetime | None:
    if not written:
        return None
    for form in TIMES:
        try:
            return datetime.strptime(written, form)
        except ValueError:
            continue
    raise where.refuse(
        "time",
        f"“{written}”不是时间，应如 2026-05-07 09:30:00。",
        f"{written!r} is no time; write 2026-05-07 09:30:00.",
    )


def _count(where: _Place, column: str, cells: dict[str, str]) -> int:
    written = cells.get(column, "")
    if written and not (written.isascii() and written.isdigit()):
        raise where.refuse(column, f"“{written}”不是数目。", f"{written!r} is no count.")
    return int(written or 0)
