"""A visit to the one window: who is served, by whom, until when. The one place that lets a clerk act for somebody."""

from copy import copy
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from yici.apps.halls.identifying import Shown, identify
from yici.apps.halls.models import ServedVisit, VisitTouch
from yici.apps.journal import actions as journal
from yici.apps.people import acting
from yici.apps.people.acting import Authority
from yici.apps.people.models import Party
from yici.apps.people.viewers import Viewer
from yici.apps.places.models import Window
from yici.rules.clock_courses import local_day
from yici.rules.identification import IdentificationWay
from yici.rules.items import Assurance
from yici.rules.people import EVERYTHING, Role, masked_number
from yici.rules.refusals import Refusal
from yici.rules.words import Words

NoSuchVisit = ServedVisit.DoesNotExist
MOST_PURPOSES = 20


class CannotServe(Refusal):
    """Nobody can be served like this now."""


@dataclass(frozen=True, slots=True)
class VisitView:
    """The visit that is open at this window, as the clerk's page says it."""

    public_id: UUID
    party_name: str
    number_masked: str
    represented_name: str
    represented_id: UUID | None
    way: IdentificationWay
    documents: tuple[str, ...]
    ticket_code: str
    hall_name: Words
    region_code: str
    screen_draft_id: UUID | None
    begun_at: datetime

    @property
    def subject_name(self) -> str:
        """Return for whom the need is: the one represented, else the person."""
        return self.represented_name or self.party_name


def open_visits(clerk: Viewer) -> QuerySet[ServedVisit]:
    """Return the open visit of this clerk, none for anybody else: the one place that decides."""
    allowed = clerk.is_staff and clerk.has_role(Role.WINDOW)
    return ServedVisit.objects.filter(clerk_id=clerk.staff_id if allowed else 0, ended_at=None)


def open_visit(clerk: Viewer) -> ServedVisit:
    """Return the row of the open visit of this clerk. Raises ServedVisit.DoesNotExist."""
    return open_visits(clerk).select_related("party", "represented", "hall__region").get()


def serving(clerk: Viewer, *, now: datetime) -> Viewer:
    """Return the clerk as he acts for the person at his window: his own label, the person's affairs.

    Every query and action below takes this viewer as it takes the person himself, so that there is no second set of
    rules. It exists only while the visit is open, and a mandate is looked at again each time.
    Raises ServedVisit.DoesNotExist without an open visit, CannotActFor when the mandate has ended meanwhile.
    """
    visit = open_visit(clerk)
    authority = _authority(visit, now)
    return replace(
        copy(clerk),  # a page holds a lazy stand-in of its viewer; its copy is the viewer himself
        # Both in one line of the journal, within its 80 characters: who acted, and for whom.
        label=f"{clerk.label} for {visit.party.public_id.hex}",
        party_id=visit.party_id,
        party_public_id=visit.party.public_id,
        party_name=visit.party.name,
        acting_for_id=authority.party_id if authority else None,
        acting_for_public_id=authority.public_id if authority else None,
        acting_for_name=authority.name if authority else "",
        scopes=authority.scopes if authority else frozenset({EVERYTHING}),
        assurance=Assurance.REAL_NAME,  # seen in person, with his document
    )


def _authority(visit: ServedVisit, now: datetime) -> Authority | None:
    if visit.represented is None:
        return None
    return acting.authority_of(visit.party, visit.represented.public_id, local_day(now))


def begin(*, shown: Shown, ticket_code: str = "", by: Viewer, now: datetime) -> UUID:
    """Identify the person and begin the visit. Raises CannotServe, CannotIdentify and what a wrong number raises."""
    if not (by.is_staff and by.has_role(Role.WINDOW)) or by.hall_id is None:
        raise CannotServe(
            zh="您的岗位没有分配到服务大厅，不能接待。请联系管理员。",
            en="Your post stands in no service hall, so you cannot serve anybody. Ask the administrator.",
        )
    if open_visits(by).exists():
        raise CannotServe(
            zh="您还有一位办事人没有结束接待。请先结束，再接待下一位。",
            en="You are still serving somebody. End that visit first.",
        )
    # Outside the transaction of the visit: a wrong code must stay in the journal.
    found = identify(replace(shown, region_code=shown.region_code or by.region_code or ""), by=by, now=now)
    with transaction.atomic():
        visit = ServedVisit.objects.create(
            party=found.party,
            clerk_id=by.staff_id or 0,
            hall_id=by.hall_id,
            window_number=_window_number(by.hall_id),
            way=found.way,
            documents_seen=list(found.documents),
            ticket_code=ticket_code.strip()[:12],
            begun_at=now,
        )
        facts = {"way": found.way.value, "visit": str(visit.public_id)}
        journal.record("hall.visit_begun", subject=str(found.party), by=by.label, now=now, facts=facts)
    return visit.public_id


def _window_number(hall_id: int) -> int | None:
    windows = Window.objects.filter(hall_id=hall_id, kinds__contains=["one_window"])
    return windows.order_by("number").values_list("number", flat=True).first()


@transaction.atomic
def represent(*, acting_for: UUID | None, by: Viewer, now: datetime) -> None:
    """Choose for whom the person has come: himself, or somebody whose mandate he holds. Raises CannotActFor."""
    visit = open_visit(by)
    authority = acting.authority_of(visit.party, acting_for, local_day(now)) if acting_for else None
    visit.represented_id = authority.party_id if authority else None
    visit.screen_draft_id = None
    visit.save(update_fields=["represented", "screen_draft_id"])
    facts = {"visit": str(visit.public_id), "ground": authority.ground if authority else "self"}
    subject = str(Party.objects.get(pk=authority.party_id)) if authority else str(visit.party)
    journal.record("hall.represented", subject=subject, by=by.label, now=now, facts=facts)


@transaction.atomic
def end(*, by: Viewer, now: datetime) -> None:
    """Say good-bye: from now on the clerk sees nothing of this person any more."""
    visit = open_visit(by)
    visit.ended_at, visit.screen_draft_id = max(now, visit.begun_at), None
    visit.save(update_fields=["ended_at", "screen_draft_id"])
    facts = {"visit": str(visit.public_id), "applications": visit.touches.values("application").distinct().count()}
    journal.record("hall.visit_ended", subject=str(visit.party), by=by.label, now=now, facts=facts)


def touch(visit: ServedVisit, application_id: int, kind: str, *, now: datetime, detail: str = "") -> None:
    """Note that the person came for this application; the same again in one visit counts once."""
    VisitTouch.objects.get_or_create(
        visit=visit, application_id=application_id, kind=kind, detail=detail[:80], defaults={"touched_at": now}
    )


@transaction.atomic
def turn_screen(*, draft_id: UUID | None, purpose: str = "", by: Viewer) -> None:
    """Let the second screen follow the clerk's page, and remember what the person came for."""
    visit = open_visit(by)
    visit.screen_draft_id = draft_id
    if purpose and purpose not in visit.purposes and len(visit.purposes) < MOST_PURPOSES:
        visit.purposes = [*visit.purposes, purpose]
    visit.save(update_fields=["screen_draft_id", "purposes"])


def view_of(clerk: Viewer) -> VisitView | None:
    """Return whom this clerk serves now, or None."""
    visit = open_visits(clerk).select_related("party", "represented", "hall__region").first()
    if visit is None:
        return None
    return VisitView(
        public_id=visit.public_id,
        party_name=visit.party.name,
        number_masked=masked_number(visit.party.id_number),
        represented_name=visit.represented.name if visit.represented else "",
        represented_id=visit.represented.public_id if visit.represented else None,
        way=IdentificationWay(visit.way),
        documents=tuple(visit.documents_seen),
        ticket_code=visit.ticket_code,
        hall_name=Words(visit.hall.name, visit.hall.name_en),
        region_code=visit.hall.region.code,
        screen_draft_id=visit.screen_draft_id,
        begun_at=visit.begun_at,
    )


def authorities(clerk: Viewer, *, now: datetime) -> list[Authority]:
    """Return everybody the person at the window may act for today, with what each mandate covers."""
    return list(acting.authorities_of(open_visit(clerk).party, local_day(now)))
