"""The flow of a life event through departments: how long each step waits and is worked on, and what holds up what."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from yici.apps.accountability.counting import bounds
from yici.apps.accountability.curves import region_of
from yici.apps.catalogue import queries as catalogue
from yici.apps.people.viewers import Viewer
from yici.apps.places.models import Region
from yici.rules.flows import Arrow, forward, layers, longest_chain
from yici.rules.words import Words

_OF_THE_EVENT = """
FROM cases_application a JOIN places_region r ON r.id = a.region_id JOIN cases_case c ON c.application_id = a.id
"""
_BOUNDS = """
WHERE a.submitted_at >= %(since)s AND a.submitted_at < %(until)s AND a.event_key = %(event)s AND r.path LIKE %(below)s
"""
_P50_P90 = """percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (
    ORDER BY extract(epoch FROM greatest({span}, interval '0')) / 86400) FILTER (WHERE {known})"""
# A step that finished without anybody taking it waited until then and was not worked on.
_WAITED = _P50_P90.format(
    span="coalesce(s.taken_at, s.finished_at) - s.ready_at",
    known="coalesce(s.taken_at, s.finished_at) - s.ready_at IS NOT NULL",
)
_WORKED = _P50_P90.format(
    span="s.finished_at - greatest(s.taken_at, s.ready_at)", known="s.finished_at - s.taken_at IS NOT NULL"
)
_STEPS = f"""
SELECT c.item_key, s.key, mode() WITHIN GROUP (ORDER BY o.kind), min(s.name), min(s.name_en), min(c.name),
  min(c.name_en), count(*), {_WAITED}, {_WORKED}, count(*) FILTER (WHERE s.finished_at IS NOT NULL),
  count(*) FILTER (WHERE s.finished_at IS NOT NULL AND s.due_on IS NOT NULL),
  count(*) FILTER (WHERE (s.finished_at AT TIME ZONE 'Asia/Shanghai')::date > s.due_on)
{_OF_THE_EVENT} JOIN cases_step s ON s.case_id = c.id JOIN places_organisation o ON o.id = s.organisation_id
{_BOUNDS} GROUP BY c.item_key, s.key
"""
_AFTER = f"""
SELECT DISTINCT c.item_key, unnest(s.after), s.key {_OF_THE_EVENT} JOIN cases_step s ON s.case_id = c.id {_BOUNDS}
"""
_WAITS = f"SELECT DISTINCT unnest(c.waits_for), c.item_key {_OF_THE_EVENT} {_BOUNDS}"


@dataclass(frozen=True, slots=True)
class FlowStep:
    """One step of an item. Days are lived days, nights and weekends too: (half within, nine of ten within)."""

    key: str  # item/step
    kind: str
    office: Words
    name: Words
    item: Words
    count: int
    finished: int
    waited: tuple[float, float] | None
    worked: tuple[float, float] | None
    late: float | None  # share of the finished ones that had a day

    @property
    def days(self) -> float:
        """Return the half of waiting and working together: what the step adds to a chain."""
        return sum(pair[0] for pair in (self.waited, self.worked) if pair)


@dataclass(frozen=True, slots=True)
class Flow:
    """The steps of an event by layer, the arrows between them, and the chain that takes longest."""

    place: Words
    layers: tuple[tuple[FlowStep, ...], ...]
    arrows: tuple[Arrow, ...]
    critical: tuple[FlowStep, ...]
    as_of: datetime

    @property
    def steps(self) -> tuple[FlowStep, ...]:
        """Return every step, the first layer first."""
        return tuple(step for layer in self.layers for step in layer)

    @property
    def by_office(self) -> list[tuple[Words, list[FlowStep]]]:
        """Return the steps of each kind of organisation, in the order in which they come to a case."""
        found: dict[str, tuple[Words, list[FlowStep]]] = {}
        for step in self.steps:
            found.setdefault(step.kind, (step.office, []))[1].append(step)
        return list(found.values())


def flow_of(viewer: Viewer, code: str, month: date, *, event: str, now: datetime) -> Flow:
    """Return how the applications of a month went through departments: three queries. Raises NoSuchCounty."""
    row = region_of(viewer, code)
    terms = _terms(row, month, event)
    offices = catalogue.catalogue_for(row.code).organisations
    steps = {one.key: one for one in (_step(line, offices) for line in _rows(_STEPS, terms))}
    arrows = forward(steps, _arrows(_rows(_AFTER, terms), _rows(_WAITS, terms), steps))
    chain = longest_chain({key: one.days for key, one in steps.items()}, arrows)
    return Flow(
        place=Words(row.name, row.name_en),
        layers=tuple(tuple(steps[key] for key in layer) for layer in layers(steps, arrows)),
        arrows=arrows,
        critical=tuple(steps[key] for key in chain),
        as_of=now,
    )


def _terms(row: Region, month: date, event: str) -> dict[str, Any]:
    since, until = bounds(month)
    return {"since": since, "until": until, "below": f"{row.path}%", "event": event}


def _rows(sql: str, terms: dict[str, Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, terms)
        return list(cursor.fetchall())


def _step(line: Any, offices: Any) -> FlowStep:
    item, key, kind, zh, en, item_zh, item_en, count, waited, worked, finished, with_day, late = line
    return FlowStep(
        key=f"{item}/{key}",
        kind=kind,
        office=offices.get(kind, Words(kind, kind)),
        name=Words(zh, en),
        item=Words(item_zh, item_en),
        count=count,
        finished=finished,
        waited=_pair(waited),
        worked=_pair(worked),
        late=round(late / with_day, 4) if with_day else None,
    )


def _pair(values: Any) -> tuple[float, float] | None:
    if values is None or values[0] is None:
        return None
    return float(values[0]), float(values[1])


def _arrows(after: Iterable[Any], waits: Iterable[Any], steps: Iterable[str]) -> list[Arrow]:
    """Return the arrows within each item, and from the last steps of an item to the first of one that waits for it."""
    within = [(f"{item}/{first}", f"{item}/{then}") for item, first, then in after]
    starts, ends = {start for start, _ in within}, {end for _, end in within}
    first, last = defaultdict[str, list[str]](list), defaultdict[str, list[str]](list)
    for key in steps:
        item = key.partition("/")[0]
        if key not in ends:
            first[item].append(key)
        if key not in starts:
            last[item].append(key)
    return within + [(end, start) for earlier, later in waits for end in last[earlier] for start in first[later]]
