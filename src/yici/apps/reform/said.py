"""What people said of an item: to the hotline, without who said it, and in public of its amendments."""

from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from uuid import UUID

from yici.apps.places.months import bounds, earlier
from yici.apps.reform.models import Comment, Proposal
from yici.apps.tickets.models import Ticket
from yici.rules.amendments import PUBLIC
from yici.rules.masking import masked_text
from yici.rules.signals import SignalKind
from yici.rules.tickets import TicketKind
from yici.rules.words import Words

MOST_TICKETS, MOST_COMMENTS = 3, 5
TICKET_MONTHS, COMMENT_MONTHS = 3, 12


@dataclass(frozen=True, slots=True)
class Exemplary:
    """What somebody said, without who said it."""

    kind: Words
    received_at: datetime
    subject: str
    detail: str


@dataclass(frozen=True, slots=True)
class Said:
    """A public comment on an amendment of the item. ``page``: the public id of the amendment where all may read it."""

    text: str
    made_at: datetime
    answer: str
    answered_at: datetime | None
    page: UUID | None


def exemplary(row: Proposal) -> list[Exemplary]:
    """Return what people complained of, or suggested where that is the signal.

    Never a report, which accuses, nor what somebody asked to keep secret.
    """
    kind = TicketKind.SUGGESTION if row.kind == SignalKind.SUGGESTIONS else TicketKind.COMPLAINT
    since, until = bounds(earlier(row.month, TICKET_MONTHS - 1))[0], bounds(row.month)[1]
    found = Ticket.objects.filter(item_key=row.item_key, kind=kind, received_at__gte=since)
    found = found.filter(received_at__lt=until, sealed=False, keep_secret=False, accused_staff=None)
    counties = {code[:6] for code in row.regions}
    newest = found.select_related("region", "party").order_by("-received_at")
    near = (one for one in newest.iterator() if one.region.code[:6] in counties)
    return [_masked(one) for one in islice(near, MOST_TICKETS)]


def _masked(one: Ticket) -> Exemplary:
    names = [one.contact_name, one.party.name if one.party else ""]
    subject, detail = masked_text(one.subject, names), masked_text(one.detail, names)
    return Exemplary(TicketKind(one.kind).words, one.received_at, subject, detail)


def comments(row: Proposal) -> tuple[Said, ...]:
    """Return the newest public comments on the amendments of the item, of a year, with their answers.

    From wherever they came: which county a comment counts in is nobody's to read.
    """
    since, until = bounds(earlier(row.month, COMMENT_MONTHS - 1))[0], bounds(row.month)[1]
    found = Comment.objects.filter(amendment__item_key=row.item_key, made_at__gte=since, made_at__lt=until)
    newest = found.select_related("amendment").order_by("-made_at", "-pk")[:MOST_COMMENTS]
    return tuple(_said(one) for one in newest)


def _said(one: Comment) -> Said:
    amendment = one.amendment
    page = amendment.public_id if amendment.stage_now in PUBLIC else None
    return Said(one.text, one.made_at, one.answer, one.answered_at, page)
