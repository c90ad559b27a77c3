"""What the past says of an item's steps: the answers of the person beside the working days that the step took."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from datetime import date, datetime

from django.utils.timezone import localtime

from yici.apps.cases.facts import facts_from_text
from yici.apps.cases.models import Pause, Step
from yici.apps.places import queries as places
from yici.rules.items import Item
from yici.rules.situation_splits import HandledStep
from yici.rules.working_days import Calendar

MOST_STEPS = 50_000  # the newest: enough to tell, and read in seconds
Days = tuple[date, date]


def handled_steps(item: Item, *, since: datetime) -> dict[str, list[HandledStep]]:
    """Return the steps of an item that ended since a moment, by key: those that promise more than a day.

    Days are working days after the one on which the step could begin; those on which the clock stood are not counted.
    Only answers to the item's questions come along.
    """
    asked = {one.key for one in item.questions}
    wanted = [step.key for step in item.steps if step.promised_days > 1]
    if not asked or not wanted:
        return {}
    handled, calendar = defaultdict[str, list[HandledStep]](list), places.calendar()
    rows = _rows(item.key, wanted, since)
    pauses = _pauses({row[0] for row in rows})
    for case_id, key, facts, ready_at, finished_at in rows:
        answers = {name: value for name, value in facts_from_text(facts).items() if name in asked}
        first, last = localtime(ready_at).date(), localtime(finished_at).date()
        handled[key].append(HandledStep(answers, _worked(calendar, first, last, pauses.get(case_id, ()))))
    return handled


def _rows(item_key: str, steps: list[str], since: datetime) -> list[tuple[int, str, str, datetime, datetime]]:
    found = Step.objects.filter(case__item_key=item_key, key__in=steps, finished_at__gte=since, ready_at__isnull=False)
    kept = found.filter(case__application__emptied_at=None).order_by("-finished_at", "-pk")
    columns = ("case_id", "key", "case__application__facts_text", "ready_at", "finished_at")
    return list(kept.values_list(*columns)[:MOST_STEPS])


def _pauses(cases: Set[int]) -> Mapping[int, list[Days]]:
    pauses = defaultdict[int, list[Days]](list)
    rows = Pause.objects.filter(case_id__in=cases, ended_at__isnull=False)
    for case_id, begun_at, ended_at in rows.values_list("case_id", "begun_at", "ended_at"):
        pauses[case_id].append((localtime(begun_at).date(), localtime(ended_at).date()))
    return pauses


def _worked(calendar: Calendar, first: date, last: date, pauses: Iterable[Days]) -> int:
    stood = sum(
        calendar.working_days_between(max(first, begun), min(last, ended))
        for begun, ended in pauses
        if max(first, begun) < min(last, ended)
    )
    return max(0, calendar.working_days_between(first, last) - stood)
