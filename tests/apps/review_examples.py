"""Visits, tickets and reviews of them, for tests: a county with a hall, a hotline and two departments."""

from datetime import datetime, timedelta

from tests.apps.hall_examples import at_window, minute, open_hall, take
from tests.apps.ticket_examples import MONDAY, Hotline, answered
from yici.apps.cases.models import Application, Case
from yici.apps.catalogue.models import BasicItem, Implementation, ItemRevision
from yici.apps.halls import actions as halls
from yici.apps.halls.models import QueueTicket
from yici.apps.people.models import Party, Staff
from yici.apps.people.viewers import Viewer
from yici.apps.places.models import Hall, LawParameterRow, Organisation
from yici.apps.reviews import actions
from yici.apps.reviews.actions import Detail, Given
from yici.apps.reviews.models import Review
from yici.apps.tickets import limits
from yici.apps.tickets.models import Ticket
from yici.rules.cases import CaseState
from yici.rules.reviews import ReviewChannel

ASKED = MONDAY + timedelta(days=1)


def served(clerk: Viewer, hall: Hall, at: float = 1) -> QueueTicket:
    """Let somebody be served at a window."""
    ticket = take(hall)
    halls.call_next(by=clerk, now=minute(at))
    halls.start_serving(ticket_id=ticket.public_id, by=clerk, now=minute(at + 1))
    halls.finish(ticket_id=ticket.public_id, by=clerk, now=minute(at + 5))
    return QueueTicket.objects.get(pk=ticket.pk)


def a_visit() -> QueueTicket:
    hall = open_hall()
    return served(at_window(hall), hall)


def pressed(ticket: QueueTicket, face: int = 3, at: float = 9) -> Given:
    return actions.give_for_visit(
        code=ticket.code, face=face, tags=["kind", "x"], channel=ReviewChannel.TABLET, now=minute(at)
    )


def answered_ticket(hotline: Hotline, **words: object) -> Ticket:
    """Return a ticket of the person's own that ecology has answered."""
    party = hotline.person.party_public_id
    return answered(hotline, hotline.ecology, hotline.at_ecology, MONDAY, party_id=party, **words)


def reviewed(hotline: Hotline, ticket: Ticket, face: int = 1, *, unnamed: bool = False, now: datetime = ASKED) -> Given:
    return actions.give_for_ticket(
        reference=ticket.reference,
        follow_code="",
        face=face,
        unnamed=unnamed,
        channel=ReviewChannel.PORTAL,
        by=hotline.person,
        now=now,
    )


def bad(hotline: Hotline, *, unnamed: bool = False, text: str = "", now: datetime = ASKED) -> Review:
    """Return a bad review of ecology, with what was said."""
    given = reviewed(hotline, answered_ticket(hotline), unnamed=unnamed, now=now)
    if text:
        detail = Detail(grade=1, tags=["slow"], text=text, named=not unnamed)
        actions.add_detail(key=given.key, detail=detail, by=hotline.person, now=now)
    return Review.objects.get(public_id=given.public_id)


def _implementation(organisation: Organisation, now: datetime) -> Implementation:
    """Return any item of the place if a catalogue is loaded, else one of our own."""
    known = Implementation.objects.filter(region=organisation.region, revision__isnull=False).first()
    if known is not None:
        return known
    basic = BasicItem.objects.create(code="000101001000", key="sample", name="示例事项", name_en="Sample")
    revision = ItemRevision.objects.create(
        basic=basic, number=1, document_text="{}", sha256=b"0" * 32, valid_from=now.date(), published_at=now
    )
    return Implementation.objects.create(
        basic=basic, region=organisation.region, organisation=organisation, code31="1" * 31, revision=revision
    )


def closed_case(party: Party, organisation: Organisation, closed_at: datetime = ASKED, by: Staff | None = None) -> Case:
    """Return a case of a person that an organisation has granted and closed."""
    implementation = _implementation(organisation, closed_at)
    number = Case.objects.count()
    application = Application.objects.create(
        reference=f"YC{number}",
        event_key="sample",
        event_name="示例事项",
        event_name_en="Sample",
        event_sha256="0" * 64,
        region=organisation.region,
        applicant=party,
        channel="web",
        submitted_at=closed_at,
        submitted_by=str(party),
        mode="zero",
        promised_visits=0,
        promised_days=1,
        plan={},
        facts_text="{}",
        closed_at=closed_at,
    )
    return Case.objects.create(
        application=application,
        applied_at=application.submitted_at,
        concluded_at=application.closed_at,
        code=f"C{number}",
        position=0,
        item_key=implementation.basic.key,
        name="示例事项",
        name_en="Sample",
        implementation=implementation,
        revision=implementation.revision,
        organisation=organisation,
        state=CaseState.COMPLETED,
        outcome="granted",
        decided_at=closed_at,
        decided_by=str(by) if by else "system:clock",
        closed_at=closed_at,
    )


def again(review: Review) -> Review:
    return Review.objects.get(pk=review.pk)


def set_minimum(value: int) -> None:
    """Let figures be shown from so many reviews on, by a later row of the law."""
    LawParameterRow.objects.create(
        key="review_publish_minimum",
        value=value,
        unit="times",
        region_code="000000000000",
        valid_from=datetime(2017, 1, 1).date(),
        source="示例",
        source_en="example",
        verified=False,
    )
    # A process asks once a second whether the law has changed; tests are faster.
    limits._KNOWN.clear()
