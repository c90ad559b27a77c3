"""The yellow and red cards as they are read: a unit its own, the hotline those of its area, contests first."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from yici.apps.people.viewers import Viewer
from yici.apps.tickets.jurisdiction import at_centre
from yici.apps.tickets.lists import desks_of
from yici.apps.tickets.models import Card
from yici.rules.supervision import CardColour, CardState
from yici.rules.words import Words

MOST_LISTED = 200
_BEFORE_A_CONTEST = frozenset({CardState.ISSUED, CardState.EXPLAINED})


@dataclass(frozen=True, slots=True)
class CardLine:
    """One card with what was said about it, and what the viewer may do now."""

    public_id: UUID
    colour: CardColour
    state: CardState
    unit: Words
    reference: str  # of the ticket or case; "" for a bad review
    ticket_id: UUID | None
    reason: str
    issued_at: datetime
    explain_by: datetime
    contest_by: datetime
    explanation: str
    contest: str
    answer: str
    may_explain: bool = False
    may_contest: bool = False
    may_settle: bool = False


def cards_of_unit(viewer: Viewer, *, now: datetime) -> list[CardLine]:
    """Return the cards of the viewer's organisation, newest first; lifted ones stay visible."""
    if not viewer.is_staff:
        return []
    rows = Card.objects.filter(organisation_id=viewer.organisation_id or 0)
    return [_line(row, viewer, now) for row in _whole(rows.order_by("-pk"))]


def cards_of_area(viewer: Viewer, *, now: datetime) -> list[CardLine]:
    """Return the cards given in the hotline's area: those that are contested first, then the newest."""
    rows = Card.objects.filter(supervision__desk_code__in=desks_of(viewer))
    # Whoever is recused from a ticket reads nothing of its card either.
    seen = rows.filter(Q(supervision__ticket=None) | Q(supervision__ticket__in=at_centre(viewer).values("pk")))
    found = [_line(row, viewer, now) for row in _whole(seen.order_by("-pk"))]
    return sorted(found, key=lambda one: one.state is not CardState.CONTESTED)


def _whole(rows: QuerySet[Card]) -> QuerySet[Card]:
    return rows.select_related("organisation", "supervision__ticket", "supervision__case")[:MOST_LISTED]


def _line(row: Card, viewer: Viewer, now: datetime) -> CardLine:
    state, own = CardState(row.state), row.organisation_id == viewer.organisation_id
    ticket, case = row.supervision.ticket, row.supervision.case
    return CardLine(
        public_id=row.public_id,
        colour=CardColour(row.colour),
        state=state,
        unit=Words(row.organisation.name, row.organisation.name_en),
        reference=ticket.reference if ticket else case.code if case else "",
        ticket_id=ticket.public_id if ticket else None,
        reason=row.reason,
        issued_at=row.issued_at,
        explain_by=row.explain_by,
        contest_by=row.contest_by,
        explanation=row.explanation,
        contest=row.contest,
        answer=row.answer,
        may_explain=own and state is CardState.ISSUED,
        may_contest=own and state in _BEFORE_A_CONTEST and now < row.contest_by,
        may_settle=not own and state is CardState.CONTESTED and row.issued_by != viewer.label,
    )
