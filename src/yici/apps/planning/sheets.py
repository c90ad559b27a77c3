"""Counts what the words of a page do, on sheets without a name, while a pilot tries other words.

There is no line in the journal: nothing is done to anybody's record, and a line for each error of a person would be the
very trace of him that the sheets avoid.
"""

from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from django.db.models import F, QuerySet

from yici.apps.catalogue import queries as catalogue_queries
from yici.apps.people.viewers import Viewer
from yici.apps.places import queries as places
from yici.apps.planning import queries
from yici.apps.planning.models import Draft
from yici.apps.planning.sheet_models import Sheet
from yici.rules import page_measures
from yici.rules.clock_courses import local_day
from yici.rules.codes import ZHEJIANG
from yici.rules.drawn_units import drawn_by
from yici.rules.law_parameters import LAW_PARAMETERS, parameter
from yici.rules.page_measures import worked_since
from yici.rules.pilots import is_in_pilot


def begin(row: Draft, *, now: datetime) -> None:
    """Lay a sheet beside a draft for each trial of wording among its items."""
    event = catalogue_queries.event(row.event_key, row.region.code, unit=queries.unit_of(row))
    name = drawn_by(queries.unit_of(row), of_wording=True)
    trials = catalogue_queries.trials_of_wording(event) if name else ()
    if not trials:
        return
    Sheet.objects.bulk_create(
        Sheet(
            trial_id=one.trial_id,
            draft=row,
            who=sha256(f"{one.draw}\0who\0{name}".encode()).hexdigest(),
            inside=is_in_pilot(one.draw, name, one.share or 0.0),
            begun_at=now,
            until=now + timedelta(days=days_counted(one.begun_at)),
        )
        for one in trials
    )
    row.on_sheet = True
    row.save(update_fields=["on_sheet"])


def worked(row: Draft, *, now: datetime, submits: bool = False) -> None:
    """Count the time since the draft was last saved, before it is saved again or submitted."""
    if not row.on_sheet:
        return
    away = timedelta(minutes=left_after(now))
    sheets = Sheet.objects.filter(draft=row, until__gt=now, submitted_at=None)
    sheets.update(
        worked=F("worked") + worked_since(row.saved_at, now, away), submitted_at=now if submits else F("submitted_at")
    )


def sent_back(*, by: Viewer, browser: str, public_id: UUID, now: datetime) -> None:
    """Count that a page of the draft came back because of what was typed."""
    _open(by, browser, public_id, now).update(sent_back=F("sent_back") + 1)


def helped(*, by: Viewer, browser: str, public_id: UUID, now: datetime) -> None:
    """Count that help was asked for from a page of the draft."""
    _open(by, browser, public_id, now).update(helped=True)


def _open(by: Viewer, browser: str, public_id: UUID, now: datetime) -> QuerySet[Sheet]:
    own = queries.own_drafts(by, browser).filter(public_id=public_id, on_sheet=True)
    return Sheet.objects.filter(draft__in=own, until__gt=now, submitted_at=None)


def sheets_of(trial_id: int) -> list[page_measures.Sheet]:
    """Return the sheets of a trial as values, for its pilot to count."""
    columns = ("who", "inside", "begun_at", "until", "submitted_at", "worked", "sent_back", "helped")
    return [page_measures.Sheet(*row) for row in Sheet.objects.filter(trial_id=trial_id).values_list(*columns)]


def end_sheets(trial_id: int) -> None:
    """Delete the sheets of a trial, once its pilot has written the result down."""
    Sheet.objects.filter(trial_id=trial_id).delete()


def days_counted(since: datetime) -> int:
    """Return for how many days a trial that began then counts a person: the same for all of them, all the time."""
    return _parameter("page_completed_within", since)


def left_after(now: datetime) -> int:
    """Return after how many minutes without a touch a person has left the page."""
    return _parameter("page_left_after", now)


def _parameter(key: str, at: datetime) -> int:
    return parameter(key, ZHEJIANG, local_day(at), (*places.law_parameters(), *LAW_PARAMETERS)).value
