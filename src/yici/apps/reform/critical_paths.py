"""The steps and organisations that make the days of an item, and of the life events it stands in."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db import connection

from yici.apps.catalogue import queries as catalogue
from yici.apps.places.months import bounds
from yici.rules.burden.slowest import Slowest, slowest
from yici.rules.critical_paths import StepKey, longest_by_days
from yici.rules.items import Catalogue, LifeEvent, Step, as_event
from yici.rules.planner import compile_event, steps_of
from yici.rules.plans import PlannedStep
from yici.rules.words import Words

MOST_EVENTS = 6  # the life events of an item that are looked into, the longest of them first on the page
_MEDIAN = """percentile_cont(0.5) WITHIN GROUP (
    ORDER BY extract(epoch FROM greatest(s.finished_at - s.ready_at, interval '0')) / 86400) FILTER (WHERE {where})"""
_HERE = "left(r.code, 6) = ANY(%(counties)s)"
# Steps that ended in the month: of those that began in it, the slow ones would not be there yet.
_DAYS = f"""
SELECT c.item_key, s.key, {_MEDIAN.format(where=_HERE)}, {_MEDIAN.format(where=f"NOT {_HERE}")},
  count(*) FILTER (WHERE {_HERE})
FROM cases_step s JOIN cases_case c ON c.id = s.case_id JOIN cases_application a ON a.id = c.application_id
  JOIN places_region r ON r.id = a.region_id
WHERE s.finished_at >= %(since)s AND s.finished_at < %(until)s AND s.ready_at IS NOT NULL
  AND (a.event_key = %(need)s OR c.item_key = %(need)s)
GROUP BY 1, 2
"""


@dataclass(frozen=True, slots=True)
class Taken:
    """Half of the steps that ended in the month took no longer, in lived days; None where none ended.

    ``here``: where the proposal stands out; ``elsewhere``: in all other counties; ``count``: how many ended here.
    """

    here: float | None
    elsewhere: float | None
    count: int


@dataclass(frozen=True, slots=True)
class PathStep:
    """One step of a chain: promised and statutory working days, special procedures apart, and what it took."""

    item: Words
    name: Words
    organisation: Words
    is_own: bool  # of the item that the proposal is about
    promised: int
    statutory: int
    special: int
    taken: Taken

    @property
    def takes_days(self) -> bool:
        """Whether anything of the wait lies in it: promised, by a special procedure, or really."""
        return bool(self.promised or self.special or self.taken.here or self.taken.elsewhere)


@dataclass(frozen=True, slots=True)
class CriticalPath:
    """The chain of steps that makes the days of a need, for whom it takes longest (``person``).

    ``days``: promised working days; ``proved``: nobody waits longer. ``by_days``: the chain that really took longest
    where the proposal stands out, if it is another one.
    """

    need: Words
    is_event: bool
    days: int
    person: Words
    proved: bool
    by_promise: tuple[PathStep, ...]
    by_days: tuple[PathStep, ...]

    @property
    def has_own(self) -> bool:
        """Whether the proposal's item adds a day: otherwise the longest wait stays, however fast it gets."""
        return any(one.is_own and one.promised for one in self.by_promise)

    @property
    def organisations(self) -> list[tuple[Words, int]]:
        """Return the promised days of each organisation on the chain, the most first."""
        days: dict[Words, int] = {}
        for one in self.by_promise:
            days[one.organisation] = days.get(one.organisation, 0) + one.promised
        return sorted(days.items(), key=lambda pair: -pair[1])


def critical_paths(item_key: str, month: date, regions: Iterable[str]) -> tuple[CriticalPath, ...]:
    """Return the critical path of an item, then those of its life events, the longest first; none for what is gone."""
    whole, counties = catalogue.catalogue_for(""), [code[:6] for code in regions]
    if item_key not in whole.items:
        return ()
    own = _path(as_event(whole.items[item_key]), whole, item_key, _taken(item_key, month, counties))
    events = [_path(one, whole, item_key, _taken(one.key, month, counties)) for one in _events(item_key, whole)]
    return (own, *sorted(events, key=lambda one: -one.days))


def _events(item_key: str, whole: Catalogue) -> list[LifeEvent]:
    found = (one for _, one in sorted(whole.events.items()) if any(member.item == item_key for member in one.members))
    return [one for one, _ in zip(found, range(MOST_EVENTS), strict=False)]


def _taken(need: str, month: date, counties: list[str]) -> dict[StepKey, Taken]:
    since, until = bounds(month)
    with connection.cursor() as cursor:
        cursor.execute(_DAYS, {"since": since, "until": until, "counties": counties, "need": need})
        return {(item, step): Taken(_days(here), _days(rest), count) for item, step, here, rest, count in cursor}


def _days(value: float | None) -> float | None:
    return None if value is None else round(float(value), 2)


def _path(event: LifeEvent, whole: Catalogue, own: str, taken: dict[StepKey, Taken]) -> CriticalPath:
    found = slowest(compile_event(event, whole))
    really = _really(found, whole, taken)
    return CriticalPath(
        need=event.name,
        is_event=event.key in whole.events,
        days=found.days,
        person=found.person,
        proved=found.proved,
        by_promise=tuple(_steps(found.path, whole, own, taken)),
        by_days=tuple(_steps(really, whole, own, taken)) if not _is_within(really, found.path) else (),
    )


def _really(found: Slowest, whole: Catalogue, taken: dict[StepKey, Taken]) -> tuple[PlannedStep, ...]:
    days = {key: one.here for key, one in taken.items() if one.here is not None}
    return longest_by_days(found.steps, found.waits, whole.items, days)


def _is_within(chain: tuple[PlannedStep, ...], other: tuple[PlannedStep, ...]) -> bool:
    return {(one.item, one.step) for one in chain} <= {(one.item, one.step) for one in other}


def _steps(
    chain: tuple[PlannedStep, ...], whole: Catalogue, own: str, taken: dict[StepKey, Taken]
) -> Iterator[PathStep]:
    for one in chain:
        item = whole.items[one.item]
        step = _step(steps_of(item), one.step)
        yield PathStep(
            item=item.name,
            name=one.name,
            organisation=whole.organisations.get(one.organisation, Words(one.organisation, one.organisation)),
            is_own=one.item == own,
            promised=step.promised_days,
            statutory=step.statutory_days,
            special=sum(special.days for special in one.special),
            taken=taken.get((one.item, one.step), Taken(None, None, 0)),
        )


def _step(steps: tuple[Step, ...], key: str) -> Step:
    return next(one for one in steps if one.key == key)
