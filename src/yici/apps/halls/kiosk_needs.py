"""Which needs a person can settle at a kiosk here and now, without any visit."""

from collections.abc import Iterator
from dataclasses import dataclass

from yici.apps.catalogue import queries as catalogue
from yici.apps.halls.kiosks import KioskView
from yici.apps.people import queries as people
from yici.apps.people.viewers import Viewer
from yici.apps.planning import queries as plans
from yici.rules.items import LifeEvent, as_event
from yici.rules.kiosks import CHANNEL, may_be_begun_here
from yici.rules.plans import Plan
from yici.rules.words import Words

MOST_ELSEWHERE = 4


@dataclass(frozen=True, slots=True)
class Need:
    """A need as the kiosk offers it."""

    key: str
    name: Words
    summary: Words


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found: needs to begin at once, and needs that are settled elsewhere."""

    here: tuple[Need, ...]
    elsewhere: tuple[Words, ...]


def needs_here(viewer: Viewer, kiosk: KioskView) -> list[Need]:
    """Return the needs that take this viewer no visit at this kiosk today, whatever the answers, in order of name."""
    return [_need(event) for event in _candidates(viewer, kiosk) if _takes_no_visit(viewer, kiosk, event)]


def search_here(viewer: Viewer, kiosk: KioskView, text: str) -> Found:
    """Return what a person may mean: what can be done here, and by name what cannot."""
    offered = {need.key: need for need in needs_here(viewer, kiosk)}
    hits = catalogue.search(text, kiosk.region_code, limit=30)
    here = tuple(offered[hit.key] for hit in hits if hit.key in offered)
    elsewhere = tuple(hit.name for hit in hits if hit.key not in offered)
    return Found(here, elsewhere[:MOST_ELSEWHERE])


def is_offered(viewer: Viewer, kiosk: KioskView, key: str) -> bool:
    """Whether this need may be begun at this kiosk by this viewer."""
    event = next((one for one in _candidates(viewer, kiosk) if one.key == key), None)
    return event is not None and _takes_no_visit(viewer, kiosk, event)


def _candidates(viewer: Viewer, kiosk: KioskView) -> Iterator[LifeEvent]:
    """Yield the needs whose items all allow the kiosk and that are for people (or companies) like the subject."""
    held = catalogue.catalogue_for(kiosk.region_code)
    subject = people.subject_of(viewer)
    if subject is None:
        return
    singles = [
        as_event(item) for key, item in held.items.items() if CHANNEL in item.channels and key not in held.events
    ]
    for event in sorted([*held.events.values(), *singles], key=lambda one: one.name.zh):
        allowed = all(CHANNEL in item.channels for item in plans.items_of(event, held))
        if allowed and viewer.may_act_in(event.key) and subject.kind in event.audience:
            yield event


def _takes_no_visit(viewer: Viewer, kiosk: KioskView, event: LifeEvent) -> bool:
    return may_go_on(kiosk, event, plans.plan_for(viewer, event.key, kiosk.region_code, answers={}))


def may_go_on(kiosk: KioskView, event: LifeEvent, plan: Plan) -> bool:
    """Whether a plan of this event still takes no visit and nothing that a kiosk has not."""
    held = catalogue.catalogue_for(kiosk.region_code)
    return may_be_begun_here(plans.items_of(event, held), plan)


def _need(event: LifeEvent) -> Need:
    return Need(event.key, event.name, event.summary)
