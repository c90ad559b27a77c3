"""Counts how the applications of a month went through departments, for each place, life event and step."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import connection

from yici.apps.accountability.models import FlowTally
from yici.apps.accountability.span_columns import county_of, minutes_of, places_above, stored
from yici.apps.places.models import Region
from yici.apps.places.months import bounds

Key = tuple[str, str, str, str]  # path of a place, life event, item, step
_NAMES = ("name", "name_en", "item_name", "item_name_en")
_NUMBERS = ("count", "finished", "with_day", "late")
# A step that finished without anybody taking it waited until then and was not worked on.
_WAITED = minutes_of("(coalesce(s.taken_at, s.finished_at) - s.ready_at)")
_WORKED = minutes_of("(s.finished_at - CASE WHEN s.taken_at IS NOT NULL THEN greatest(s.taken_at, s.ready_at) END)")
_STEPS = f"""
SELECT {county_of("r.path")} AS place, a.event_key, c.item_key, s.key, o.kind, s.name, s.name_en,
  c.name AS item_name, c.name_en AS item_name_en, s.after, c.waits_for, {_WAITED} AS waited, {_WORKED} AS worked,
  s.finished_at IS NOT NULL AS finished, s.finished_at IS NOT NULL AND s.due_on IS NOT NULL AS with_day,
  (s.finished_at AT TIME ZONE 'Asia/Shanghai')::date > s.due_on AS late
FROM cases_application a JOIN places_region r ON r.id = a.region_id JOIN cases_case c ON c.application_id = a.id
  JOIN cases_step s ON s.case_id = c.id JOIN places_organisation o ON o.id = s.organisation_id
WHERE a.submitted_at >= %(since)s AND a.submitted_at < %(until)s
"""
_SETS = ("kind", "after", "waits_for", "waited", "worked")
_OF_A_STEP = "place, event_key, item_key, key"
# One pass over the steps: by kind of organisation their numbers and names, then what came before, then the times.
_COUNT = f"""
SELECT {_OF_A_STEP}, grouping({", ".join(_SETS)}), kind, after, waits_for, waited, worked, count(*),
  count(*) FILTER (WHERE finished), count(*) FILTER (WHERE with_day), count(*) FILTER (WHERE late),
  {", ".join(f"min({one})" for one in _NAMES)}
FROM ({_STEPS}) s GROUP BY GROUPING SETS ({", ".join(f"({_OF_A_STEP}, {one})" for one in _SETS)})
"""
_SET_OF = {(1 << len(_SETS)) - 1 - (1 << place): key for place, key in enumerate(reversed(_SETS))}


@dataclass(slots=True)
class _Counted:
    """What was counted of a step: numbers, organisations by kind, the first name of each, times, what comes before."""

    numbers: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    names: dict[str, str] = field(default_factory=dict)
    waited: Counter[int] = field(default_factory=Counter)
    worked: Counter[int] = field(default_factory=Counter)
    after: set[str] = field(default_factory=set)
    waits_for: set[str] = field(default_factory=set)

    def add(self, other: "_Counted") -> None:
        self.numbers.update(other.numbers)
        self.kinds.update(other.kinds)
        self.waited.update(other.waited)
        self.worked.update(other.worked)
        self.after |= other.after
        self.waits_for |= other.waits_for
        self.call(other.names)

    def call(self, names: dict[str, str]) -> None:
        """Keep the first of each name, in the order of letters."""
        self.names = {key: min(name, self.names.get(key, name)) for key, name in names.items()}


def flow_tallies(month: date, *, now: datetime) -> Iterator[FlowTally]:
    """Yield the tallies of a month, of every place that an application was made in."""
    whole = dict[Key, _Counted]()
    for (path, *step), counted in _of_counties(month).items():
        for place in places_above(path):
            event, item, key = step
            whole.setdefault((place, event, item, key), _Counted()).add(counted)
    regions = dict(Region.objects.filter(level__lte=Region.COUNTY).values_list("path", "pk").order_by())
    for (path, event, item, key), counted in whole.items():
        if path in regions:
            yield _tally(
                counted, month=month, region_id=regions[path], event_key=event, item_key=item, step_key=key,
                counted_at=now,
            )  # fmt: skip


def _tally(counted: _Counted, **of: Any) -> FlowTally:
    return FlowTally(
        **of,
        **{key: counted.numbers[key] for key in _NUMBERS},
        **counted.names,
        kind=min(counted.kinds, key=lambda kind: (-counted.kinds[kind], kind)),
        waited=stored(counted.waited),
        worked=stored(counted.worked),
        after=sorted(counted.after),
        waits_for=sorted(counted.waits_for),
    )


def _of_counties(month: date) -> dict[Key, _Counted]:
    since, until = bounds(month)
    found: dict[Key, _Counted] = defaultdict(_Counted)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"since": since, "until": until})
        for place, event, item, key, grouped, *line in cursor:
            _take(found[place, event, item, key], _SET_OF[grouped], line)
    return found


def _take(counted: _Counted, kept: str, line: list[Any]) -> None:
    """Take one line: of the set that it was grouped by, it says how many there are."""
    of_sets = dict(zip(_SETS, line, strict=False))
    rest = line[len(_SETS) :]
    value, numbers, names = of_sets[kept], rest[: len(_NUMBERS)], rest[len(_NUMBERS) :]
    if kept == "kind":
        counted.kinds[value] += numbers[0]
        counted.numbers.update(dict(zip(_NUMBERS, numbers, strict=True)))
        counted.call(dict(zip(_NAMES, names, strict=True)))
    elif kept in {"after", "waits_for"}:
        getattr(counted, kept).update(value)
    elif value is not None:  # not taken or not finished yet otherwise
        getattr(counted, kept)[value] += numbers[0]
