"""Remembers what is proved of a need, so that no page warns of visits that nobody can ever have to make."""

from dataclasses import replace
from functools import lru_cache

from yici.apps.planning.compiled import Same
from yici.rules.items import Catalogue, as_event
from yici.rules.plans import Plan
from yici.rules.proof import VerdictKind, prove


def is_proved_once(catalogue: Catalogue, key: str) -> bool:
    """Whether nobody has to come twice for this event or item, whatever is answered and whatever data are missing."""
    return _is_proved_once(Same(catalogue), key)


@lru_cache(maxsize=2_000)
def _is_proved_once(held: Same, key: str) -> bool:
    catalogue = held.value
    assert isinstance(catalogue, Catalogue)  # nothing else is put in
    event = catalogue.events.get(key) or as_event(catalogue.items[key])
    return prove(event, catalogue).verdict in {VerdictKind.ALWAYS_ZERO, VerdictKind.AT_MOST_ONCE}


def sharpened(plan: Plan, catalogue: Catalogue) -> Plan:
    """Return the plan with the bound that is proved, where the planner's own is too careful.

    The planner bounds open questions by taking every undecided part as applying, also parts that exclude each other;
    that may say two where the proof over all answers says one. Only then is the prover asked.
    """
    if plan.visits_at_most < 2 or plan.visits >= 2 or not is_proved_once(catalogue, plan.event):
        return plan
    return replace(plan, visits_at_most=1)
