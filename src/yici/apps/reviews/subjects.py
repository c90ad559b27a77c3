"""What is reviewed, and whom it concerns: a closed case, an answered ticket, a visit to a window."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from yici.apps.cases.models import Case
from yici.apps.halls.models import QueueTicket
from yici.apps.people.models import Staff
from yici.apps.places import queries as places
from yici.apps.places.models import Region
from yici.apps.tickets.models import Reply, Ticket
from yici.rules.queues import TicketState as QueueState
from yici.rules.reviews import CannotReview, SubjectKind
from yici.rules.tickets import TicketKind
from yici.rules.words import Words

HALL_BODY = "government_service_hall"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One thing to review: by whom it was done, where, when, and whether the person may give a name at all."""

    kind: SubjectKind
    key: int
    title: Words
    unit: Words
    finished_at: datetime
    region: Region
    organisation_id: int
    staff_id: int | None = None
    hall_id: int | None = None
    item_key: str = ""
    may_name: bool = True


def of_case(case: Case) -> Subject:
    """Return a case as something to review. Raises CannotReview while it is open."""
    if case.closed_at is None:
        raise CannotReview(zh="这件还没有办结，办结后可以评价。", en="It is not closed yet: review it once it is.")
    staff = _staff(case.decided_by)
    return Subject(
        kind=SubjectKind.CASE,
        key=case.pk,
        title=Words(case.name, case.name_en),
        unit=Words(case.organisation.name, case.organisation.name_en),
        finished_at=case.closed_at,
        region=case.application.region,
        organisation_id=case.organisation_id,
        staff_id=staff.pk if staff else None,
        item_key=case.item_key,
    )


def of_ticket(ticket: Ticket) -> Subject:
    """Return a ticket as something to review. Raises CannotReview before it is answered.

    Reports and what is kept secret are reviewed without a name: a name would tell the unit who had reported it.
    """
    whole = ticket.leader or ticket
    if ticket.answered_at is None:
        raise CannotReview(zh="这件诉求还没有答复，答复后可以评价。", en="It has no answer yet: review it once it has.")
    reply = Reply.objects.filter(ticket=whole, approved=True).order_by("-id").first()
    staff = _staff(reply.replied_by) if reply else None
    unit = whole.organisation or (staff.organisation if staff else None)
    if unit is None:
        unit = places.organisation_for(HALL_BODY, ticket.desk_code)
    return Subject(
        kind=SubjectKind.TICKET,
        key=ticket.pk,
        title=Words(f"诉求 {ticket.reference}", f"Ticket {ticket.reference}"),
        unit=Words(unit.name, unit.name_en),
        finished_at=ticket.answered_at,
        region=ticket.region,
        organisation_id=unit.pk,
        staff_id=staff.pk if staff else None,
        item_key=ticket.item_key,
        may_name=not (ticket.sealed or ticket.keep_secret or ticket.kind == TicketKind.REPORT),
    )


def of_visit(ticket: QueueTicket) -> Subject:
    """Return a visit to a window as something to review. Raises CannotReview unless it was served."""
    if ticket.state != QueueState.DONE or ticket.finished_at is None:
        raise CannotReview(zh="只有办结的号可以评价。", en="Only a number that was served takes feedback.")
    body = ticket.clerk.organisation if ticket.clerk else places.organisation_for(HALL_BODY, ticket.hall.region.code)
    return Subject(
        kind=SubjectKind.QUEUE,
        key=ticket.pk,
        title=Words(f"{ticket.hall.name} {ticket.label}", f"{ticket.hall.name_en} {ticket.label}"),
        unit=Words(ticket.hall.name, ticket.hall.name_en),
        finished_at=ticket.finished_at,
        region=ticket.hall.region,
        organisation_id=body.pk,
        staff_id=ticket.clerk_id,
        hall_id=ticket.hall_id,
    )


def _staff(label: str) -> Staff | None:
    """Return the member of staff whom a record names; nobody for the system and for what came before accounts."""
    kind, _, key = label.partition(":")
    if kind != "staff":
        return None
    return Staff.objects.select_related("organisation").filter(public_id=UUID(key)).first()
