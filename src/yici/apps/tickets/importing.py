"""Takes in what another platform has recorded: a CSV file of messages, all of its rows or none, each once."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction

from yici.apps.people.viewers import Viewer
from yici.apps.places.models import CannotFindPlace
from yici.apps.tickets import rows
from yici.apps.tickets.filing import file
from yici.apps.tickets.models import Ticket
from yici.rules.refusals import Refusal
from yici.rules.tickets import TicketChannel, TicketKind
from yici.rules.voices import CannotFile, Voice, check_voice

NEEDED = ("id", "time", "subject", "detail")
KNOWN = frozenset({*NEEDED, "kind", "name", "phone", "email", "address", "region", "label"})
MOST_FAULTS = 20


class CannotImportTickets(Refusal):
    """A file that cannot be taken in; nothing of it was kept. Names line and column of each fault."""


@dataclass(frozen=True, slots=True)
class Imported:
    """How many rows became tickets, and how many had come before."""

    filed: int
    known: int


@dataclass(frozen=True, slots=True)
class _Row:
    key: str
    voice: Voice


@transaction.atomic
def import_file(*, path: Path, region_code: str, source: str, by: str, now: datetime) -> Imported:
    """File each row of a CSV file; a row whose id came from this source before is passed over.

    The time for an answer runs from ``now``, when the matter reached us; when it was first said stands in the words.
    Raises CannotImportTickets with every fault of the file, and then nothing is kept.
    """
    found = _read(path, region_code)
    keys = {one.key: f"import:{source}:{one.key}"[:120] for one in found}
    there = set(Ticket.objects.filter(idempotency_key__in=keys.values()).values_list("idempotency_key", flat=True))
    new = [one for one in found if keys[one.key] not in there]
    for one in new:
        file(voice=one.voice, by=Viewer(label=by), now=now, idempotency_key=keys[one.key])
    return Imported(len(new), len(found) - len(new))


def _read(path: Path, region_code: str) -> list[_Row]:
    faults: list[str] = []
    found: dict[str, _Row] = {}
    for line, row in _lines(path):
        try:
            one = _row(row, region_code)
        except Refusal as refusal:
            faults.append(f"第{line}行：{refusal.text('zh')} / line {line}: {refusal.text('en')}")
            continue
        if one.key in found:
            faults.append(f"第{line}行：编号“{one.key}”重复。 / line {line}: the id '{one.key}' stands twice.")
        found[one.key] = one
    if faults:
        raise _fault("\n".join(faults[:MOST_FAULTS]))
    return list(found.values())


def _lines(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as opened:
            reader = csv.DictReader(opened)
            _check_columns(reader.fieldnames or [])
            for row in reader:
                yield reader.line_num, {key: value or "" for key, value in row.items() if key}
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise _fault(f"无法读取 {path.name}，应为 UTF-8 的 CSV。 Not a CSV file in UTF-8: {error}") from error


def _check_columns(names: Sequence[str]) -> None:
    missing, strange = [one for one in NEEDED if one not in names], sorted(set(names) - KNOWN)
    if missing or strange:
        raise _fault(
            f"缺少列 {'、'.join(missing) or '无'}；不认识的列 {'、'.join(strange) or '无'}。"
            f" Missing columns: {', '.join(missing) or 'none'}; unknown: {', '.join(strange) or 'none'}."
        )


def _fault(sentence: str) -> CannotImportTickets:
    return CannotImportTickets(zh=sentence, en=sentence)


def _row(row: Mapping[str, str], region_code: str) -> _Row:
    key = row["id"].strip()
    if not key:
        raise CannotFile(zh="缺少编号 id。", en="It has no id.")
    place = row.get("region", "").strip() or region_code
    try:
        rows.region(place)
    except CannotFindPlace as error:
        raise CannotFile(zh=f"没有行政区划“{place}”。", en=f"There is no region '{place}'.") from error
    voice = Voice(
        kind=_kind(row.get("kind", "")),
        channel=TicketChannel.IMPORT,
        region_code=place,
        subject=row["subject"],
        detail=f"{row['detail']}\n（{row['time']}）" if row["time"].strip() else row["detail"],
        contact_name=row.get("name", ""),
        contact_phone=row.get("phone", ""),
        contact_email=row.get("email", ""),
        anonymous=not (row.get("name") or row.get("phone") or row.get("email")),
        address=row.get("address", ""),
        external_reference=key,
    )
    check_voice(voice)
    return _Row(key, voice)


def _kind(word: str) -> TicketKind:
    try:
        return TicketKind(word.strip()) if word.strip() else TicketKind.HELP
    except ValueError as error:
        known = ", ".join(TicketKind)
        raise CannotFile(zh=f"没有类型“{word}”，可用：{known}。", en=f"No kind '{word}'; there are {known}.") from error
