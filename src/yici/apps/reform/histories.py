"""Takes in the history of another system and lays it beside ours, by the same measures."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, time, timedelta
from hashlib import sha256
from io import StringIO
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from yici.apps.cases.models import Case, Step
from yici.apps.catalogue import queries as catalogue
from yici.apps.journal import actions as journal
from yici.apps.people.viewers import Viewer
from yici.apps.reform.models import ProcessHistory
from yici.apps.reform.rights import may_see_bench, reach_of, region_of
from yici.rules.process_logs import Activity, CannotReadLog, Event, HandOver, ProcessReport, Variant, report
from yici.rules.process_tables import columns_of, events_of, guess, names_of, text_of
from yici.rules.words import Words

NoSuchHistory = ProcessHistory.DoesNotExist
MOST_BYTES, MOST_ROWS = 10_000_000, 150_000
LONGEST_NAME = 120
OUR_YEARS = 2
MOST_CASES = 20_000
RECEIVED = Words("收到申请", "Application received")
PLATFORM = Words("平台", "Platform")


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a table, and which most likely holds what."""

    names: tuple[str, ...]
    guessed: Mapping[str, str]


def columns_in(content: bytes) -> Columns:
    """Return the columns of a file that somebody is about to keep. Raises CannotReadLog."""
    names = names_of(StringIO(_text(content), newline=""))
    return Columns(names, guess(names))


@transaction.atomic
def keep(*, name: str, content: bytes, asked: Mapping[str, str | None], by: Viewer, now: datetime) -> ProcessHistory:
    """Read a log and keep what it says under a name; an older history of that name is replaced.

    Raises CannotReadLog with the lines of the first faults; then nothing is kept.
    """
    called = _named(name)
    if not may_see_bench(by) or by.organisation_id is None:
        raise CannotReadLog(
            zh="只有改革办和部门负责人可以导入历史。", en="Only reform offices and heads of departments may do this."
        )
    text = _text(content)
    found = report(events_of(StringIO(text, newline=""), asked, most=MOST_ROWS))
    ProcessHistory.objects.filter(organisation_id=by.organisation_id, name=called).delete()
    made = ProcessHistory.objects.create(
        name=called,
        organisation_id=by.organisation_id,
        region_code=region_of(by),
        sha256=sha256(content).hexdigest(),
        columns=columns_of(names_of(StringIO(text, newline="")), asked),
        cases=found.cases,
        events=found.events,
        report=asdict(found),
        kept_at=now,
        kept_by=by.label,
    )
    facts = {"sha256": made.sha256, "cases": made.cases, "events": made.events}
    journal.record("reform.history_kept", subject=str(made), by=by.label, now=now, facts=facts)
    return made


@transaction.atomic
def remove(*, history_id: UUID, by: Viewer, now: datetime) -> None:
    """Delete a history of one's own organisation. Raises ProcessHistory.DoesNotExist."""
    row = ProcessHistory.objects.get(public_id=history_id, organisation_id=by.organisation_id or -1)
    subject = str(row)
    row.delete()
    journal.record("reform.history_removed", subject=subject, by=by.label, now=now)


def histories(viewer: Viewer) -> list[ProcessHistory]:
    """Return the histories kept in the viewer's region, the newest first."""
    rows = ProcessHistory.objects.filter(region_code__startswith=reach_of(viewer)).select_related("organisation")
    return list(rows.defer("report")[:100])


def history(viewer: Viewer, public_id: UUID) -> tuple[ProcessHistory, ProcessReport]:
    """Return a history with its report. Raises ProcessHistory.DoesNotExist for what is not in the viewer's region."""
    rows = ProcessHistory.objects.filter(region_code__startswith=reach_of(viewer)).select_related("organisation")
    row = rows.get(public_id=public_id)
    return row, _restored(row.report)


def ours(viewer: Viewer, item_key: str, *, language: str, now: datetime) -> ProcessReport | None:
    """Return the same report of our own closed cases of an item, in the viewer's region; None without any.

    A case begins when the platform receives it and goes from organisation to organisation, as its steps end.
    """
    events = list(_our_events(viewer, item_key, language, now))
    return report(events) if events else None


def our_items(viewer: Viewer) -> list[tuple[str, Words, int]]:
    """Return the items of which there are closed cases in the viewer's region, with how many, most first."""
    counts: dict[str, int] = {}
    for key in _our_cases(viewer).values_list("item_key", flat=True)[:MOST_CASES]:
        counts[key] = counts.get(key, 0) + 1
    names = catalogue.names("")
    found = [(key, names.get(key, Words(key, key)), count) for key, count in counts.items()]
    return sorted(found, key=lambda one: (-one[2], one[0]))


def _our_cases(viewer: Viewer) -> Any:
    rows = Case.objects.filter(application__region__code__startswith=reach_of(viewer), closed_at__isnull=False)
    return rows.exclude(received_at=None).order_by("-closed_at")


def _our_events(viewer: Viewer, item_key: str, language: str, now: datetime) -> Iterator[Event]:
    since = now - timedelta(days=365 * OUR_YEARS)
    cases = _our_cases(viewer).filter(item_key=item_key, closed_at__gte=since)
    begun = {row[0]: row[1:] for row in cases.values_list("pk", "code", "received_at", "due_on")[:MOST_CASES]}
    rows = Step.objects.filter(case_id__in=begun, finished_at__isnull=False).select_related("organisation")
    done = list(rows.order_by("finished_at", "position"))
    for pk in {step.case_id for step in done}:
        code, received, due = begun[pk]
        yield Event(code, RECEIVED.text(language), received, PLATFORM.text(language), _end_of(due))
    for step in done:
        code, _, due = begun[step.case_id]
        name = Words(step.name, step.name_en).text(language)
        office = Words(step.organisation.name, step.organisation.name_en).text(language)
        assert step.finished_at is not None  # asked for above
        yield Event(code, name, step.finished_at, office, _end_of(due))


def _end_of(day: Any) -> datetime | None:
    """Return the last moment of a local day: what ends on it is in time."""
    if day is None:
        return None
    return datetime.combine(day, time.max, tzinfo=timezone.get_default_timezone())


def _text(content: bytes) -> str:
    if not content:
        raise CannotReadLog(zh="请选择一个 CSV 文件。", en="Choose a CSV file.")
    if len(content) > MOST_BYTES:
        raise CannotReadLog(
            zh=f"文件超过 {MOST_BYTES // 1_000_000} MB。请按年份分开上传。",
            en=f"The file is larger than {MOST_BYTES // 1_000_000} MB. Send it year by year.",
        )
    return text_of(content)


def _named(name: str) -> str:
    called = " ".join(name.split())
    if not called or len(called) > LONGEST_NAME:
        raise CannotReadLog(
            zh=f"请给这份历史起个名字，不超过 {LONGEST_NAME} 字。",
            en=f"Give the history a name of at most {LONGEST_NAME} characters.",
        )
    return called


def _restored(document: Mapping[str, Any]) -> ProcessReport:
    parts = {
        "activities": tuple(Activity(**one) for one in document["activities"]),
        "hand_overs": tuple(HandOver(**one) for one in document["hand_overs"]),
        "main": tuple(HandOver(**one) for one in document["main"]),
        "variants": tuple(Variant(tuple(one["activities"]), one["cases"]) for one in document["variants"]),
        "spread": tuple(document["spread"]),
    }
    return ProcessReport(**{**document, **parts})
