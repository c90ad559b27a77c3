"""From need to licence: how many of the drafts begun in a month came how far, and where the others stopped."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from yici.apps.accountability.curves import region_of
from yici.apps.accountability.models import FunnelTally
from yici.apps.accountability.span_columns import read
from yici.apps.catalogue import queries as catalogue
from yici.apps.people.viewers import Viewer
from yici.apps.places.models import Region
from yici.rules.funnels import FUNNEL, FunnelRow, funnel
from yici.rules.spans import days_within
from yici.rules.words import Words

_HALF = 0.5


@dataclass(frozen=True, slots=True)
class Stop:
    """Where drafts were left: after the answer to this question; "" when nothing was answered."""

    key: str
    words: Words | None
    count: int


@dataclass(frozen=True, slots=True)
class Funnel:
    """The funnel of a place, month and event ("" for all), as of its count; None when nobody has counted the month.

    ``without_draft``: applications of the month that stand outside it. ``looked_into``: how many of the ``open`` drafts
    were read to say whether they reached a plan and where they stopped.
    """

    place: Words
    rows: tuple[FunnelRow, ...]
    stops: tuple[Stop, ...]
    open: int
    looked_into: int
    without_draft: int
    as_of: datetime | None


def funnel_of(viewer: Viewer, code: str, month: date, *, event: str) -> Funnel:
    """Return how far the needs begun in a month came: three queries, however many needs. Raises NoSuchCounty."""
    row = region_of(viewer, code)
    found = FunnelTally.objects.filter(region=row, event_key=event, month=month).first()
    tally = found or FunnelTally(region=row, event_key=event, month=month)
    days = {key: days_within(read(spans), _HALF) for key, spans in tally.spans.items()}
    keys = [step.key for step in FUNNEL]
    planned = tally.submitted + tally.open_with_plan  # who submitted had a plan
    counts = {key: planned if key == "planned" else getattr(tally, key) for key in keys}
    return Funnel(
        place=Words(row.name, row.name_en),
        rows=funnel([counts[key] for key in keys], [days.get(key) for key in keys]),
        stops=_stops(tally.stops),
        open=tally.begun - tally.submitted,
        looked_into=tally.looked_into,
        without_draft=tally.without_draft,
        as_of=found.counted_at if found else counted_at(month),
    )


def counted_at(month: date) -> datetime | None:
    """Return when the ways of a month were counted; None for never. A month is counted whole, so any row says it."""
    rows = FunnelTally.objects.filter(month=month).order_by("month", "region")
    return rows.values_list("counted_at", flat=True).first()


def months_with_needs(viewer: Viewer, code: str) -> list[date]:
    """Return the months in which needs were begun or taken at a place, the newest first. Raises NoSuchCounty."""
    rows = FunnelTally.objects.filter(region=region_of(viewer, code), event_key="").order_by("-month")
    return [month for month, begun, without in rows.values_list("month", "begun", "without_draft") if begun or without]


def events_of(viewer: Viewer, code: str, month: date) -> dict[str, Words]:
    """Return what may be chosen at a place, by key: its life events, and single items asked for in the month.

    Raises NoSuchCounty.
    """
    row = region_of(viewer, code)
    known = catalogue.catalogue_for(row.code)
    items = {key: known.items[key].name for key in _asked_for(row, month) if key in known.items}
    return {key: one.name for key, one in sorted(known.events.items())} | items


def busiest_event(viewer: Viewer, code: str, month: date) -> str:
    """Return the life event or item with the most applications of a month at a place; "" for none.

    Raises NoSuchCounty.
    """
    asked = _asked_for(region_of(viewer, code), month)
    return max(asked, key=lambda key: asked[key], default="")


def _asked_for(row: Region, month: date) -> dict[str, int]:
    """Return how many applications of a month each event had, by key; an event that was only begun has 0."""
    rows = FunnelTally.objects.filter(region=row, month=month).exclude(event_key="").order_by("event_key")
    return {key: made + without for key, made, without in rows.values_list("event_key", "submitted", "without_draft")}


def _stops(found: Mapping[str, int]) -> tuple[Stop, ...]:
    known = catalogue.elements() if found else {}
    return tuple(
        Stop(key, known[key].ask if key in known else None, count)
        for key, count in sorted(found.items(), key=lambda one: (-one[1], one[0]))
    )
