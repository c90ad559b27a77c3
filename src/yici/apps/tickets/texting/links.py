"""The link in a text message: opens one answer and takes one judgement, without signing in."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core import signing
from django.db import transaction

from yici.apps.tickets import rows
from yici.apps.tickets.following_up import Outcome, take_from_person
from yici.apps.tickets.models import Reply, Ticket
from yici.apps.tickets.views import Answer, answer_of
from yici.rules.refusals import Refusal
from yici.rules.tickets import TicketState

_SALT = "tickets.said"
# Longer than any follow-up lasts; what really ends a link is that the ticket moves on.
GOOD_FOR = timedelta(days=60)


class LinkIsOver(Refusal):
    """A link that was used, is too old, belongs to an earlier answer, or was never ours."""


@dataclass(frozen=True, slots=True)
class Said:
    """What the link shows: reference and answer. Of the person and of what he wrote it shows nothing."""

    reference: str
    answer: Answer


def link_to(ticket: Ticket) -> str:
    """Return the link's end for the newest approved answer of a ticket."""
    return signing.dumps([ticket.pk, _newest(ticket).pk], salt=_SALT)


def said(link: str) -> Said:
    """Return what a link opens. Raises LinkIsOver."""
    ticket, reply = _opened(link)
    return Said(ticket.reference, answer_of(reply))


@transaction.atomic
def judge(*, link: str, outcome: Outcome, now: datetime) -> None:
    """Take the person's own word. Raises LinkIsOver, and CannotHandleTicket for dissatisfaction without a reason."""
    ticket, _ = _opened(link)
    locked = rows.locked_rows([ticket.pk])[0]
    if locked.state != TicketState.FOLLOW_UP:
        raise _over()
    take_from_person(locked, outcome, now)


def _opened(link: str) -> tuple[Ticket, Reply]:
    try:
        key, reply_key = signing.loads(link, salt=_SALT, max_age=GOOD_FOR)
    except (signing.BadSignature, ValueError) as error:
        raise _over() from error
    ticket = Ticket.objects.filter(pk=key, state=TicketState.FOLLOW_UP).first()
    if ticket is None or _newest(ticket).pk != reply_key:
        raise _over()
    return ticket, _newest(ticket)


def _newest(ticket: Ticket) -> Reply:
    return ticket.replies.filter(approved=True).select_related("organisation").order_by("-pk")[0]


def _over() -> LinkIsOver:
    return LinkIsOver(
        zh="链接已使用或已失效。请用编号和查询码查看，或拨打12345。",
        en="This link was used or is over. Use reference and code, or call 12345.",
    )
