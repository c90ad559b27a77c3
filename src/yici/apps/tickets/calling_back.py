"""Who is to be called back: each ticket in follow-up, the attempts so far and when to try again (济南 art. 27)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from yici.apps.people.viewers import Viewer
from yici.apps.tickets.jurisdiction import at_centre
from yici.apps.tickets.limits import limits_for
from yici.apps.tickets.models import FollowUp, Ticket
from yici.apps.tickets.views import TicketLine, line_of, listed
from yici.rules.tickets import TicketState

MOST_LISTED = 200


@dataclass(frozen=True, slots=True)
class CallBack:
    """A person to be asked: how often he was tried of how often needed, and from when on the next try makes sense."""

    line: TicketLine
    attempts: int
    needed: int
    last_at: datetime | None
    next_at: datetime | None  # None: nobody tried yet, or it was long enough ago

    @property
    def may_close(self) -> bool:
        """Whether he was tried often enough to close it; it never counts as satisfied."""
        return self.attempts >= self.needed


@dataclass(frozen=True, slots=True)
class Try:
    """One attempt, or what the person said."""

    way: str
    reached: bool
    satisfied: bool | None
    words: str
    made_at: datetime


def call_backs(viewer: Viewer, *, now: datetime) -> list[CallBack]:
    """Return who of the hotline's area is to be called: those to be tried now first, each group soonest due first."""
    rows = list(_waiting(viewer).order_by("step_due_at", "id")[:MOST_LISTED])
    last = _last_tries(rows)
    found = [_call_back(row, last.get(row.pk), now) for row in rows]
    return sorted(found, key=lambda one: one.next_at or now)


def call_back(viewer: Viewer, ticket_id: UUID, *, now: datetime) -> CallBack:
    """Return one of them. Raises Ticket.DoesNotExist when it is not, or no more, in follow-up here."""
    row = _waiting(viewer).get(public_id=ticket_id)
    return _call_back(row, _last_tries([row]).get(row.pk), now)


def tries_of(viewer: Viewer, ticket_id: UUID) -> list[Try]:
    """Return every attempt and word of the follow-ups of a ticket of the hotline, oldest first."""
    seen = at_centre(viewer).filter(public_id=ticket_id).values("pk")
    rows = FollowUp.objects.filter(ticket__in=seen).order_by("id")
    return [Try(row.way, row.reached, row.satisfied, row.words, row.made_at) for row in rows]


def _waiting(viewer: Viewer) -> QuerySet[Ticket]:
    return at_centre(viewer).filter(state=TicketState.FOLLOW_UP).select_related("region", "organisation")


def _last_tries(rows: Iterable[Ticket]) -> dict[int, datetime]:
    """Return when each ticket was last tried in vain; a later row overwrites an earlier one."""
    tried = [row.pk for row in rows if row.attempts]
    found = FollowUp.objects.filter(ticket__in=tried, reached=False).order_by("id")
    return dict(found.values_list("ticket_id", "made_at"))


def _call_back(row: Ticket, last_at: datetime | None, now: datetime) -> CallBack:
    limits = limits_for(row.desk_code, now)
    again = limits.moments("ticket_follow_up_again", last_at).due_at if last_at else None
    return CallBack(
        line=line_of(listed(row), now),
        attempts=row.attempts,
        needed=limits.row("ticket_follow_up_attempts").value,
        last_at=last_at,
        next_at=again if again and again > now else None,
    )
