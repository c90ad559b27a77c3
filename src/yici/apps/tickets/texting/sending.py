"""One round of text messages: whoever left a mobile number is told the answer, once, with a link to judge it.

Every reply is followed up by phone, message or page (济南 art. 27). The message holds the reference and no word of
the matter: somebody else may read the screen. A ticket stays on the list of calls until its person has spoken.
"""

import re
from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Subquery, Value
from django.db.models.functions import Cast, Concat

from yici.apps.tickets import moves, rows
from yici.apps.tickets.models import Mailed, Reply, Ticket
from yici.apps.tickets.texting.gateway import Gateway, hand_over
from yici.apps.tickets.texting.links import link_to
from yici.rules.tickets import TicketChannel, TicketState

MOST_SENT = 200
_MOBILE = re.compile(r"(?:\+?86)?(1[3-9][0-9]{9})")


def gateway_of_settings() -> Gateway | None:
    """Return the gateway that is set up (YICI_SMS_*), None without one."""
    return Gateway(settings.SMS_ADDRESS, settings.SMS_SECRET) if settings.SMS_ADDRESS else None


def send_texts(gateway: Gateway, *, now: datetime) -> int:
    """Send what is due; return how many the gateway took. Raises CannotReachGateway; what was sent stays sent."""
    taken = 0
    for ticket, key in _due():
        mobile = _MOBILE.fullmatch(ticket.contact_phone)
        sent = mobile is not None and hand_over(
            gateway, key=f"{ticket.reference}-{key}", to=mobile[1], text=_text(ticket), sent_at=int(now.timestamp())
        )
        _note(ticket, key, "texted" if sent else "not_texted", now)
        taken += sent
    return taken


def _due() -> Iterator[tuple[Ticket, str]]:
    """Yield the answered tickets whose person waits for no e-mail and was not sent this answer."""
    reply = Reply.objects.filter(ticket=OuterRef("pk"), approved=True).order_by("-pk").values("pk")[:1]
    key = Concat(Value("sms:"), Cast(Subquery(reply), CharField()))
    waiting = Ticket.objects.filter(state=TicketState.FOLLOW_UP, wants_answer=True).annotate(text_key=key)
    sent = Mailed.objects.filter(ticket=OuterRef("pk"), key=OuterRef("text_key"))
    due = (
        waiting.exclude(channel=TicketChannel.EMAIL)
        .exclude(phone_hash="")
        .filter(~Exists(sent), replies__approved=True)
    )
    yield from ((one, one.text_key) for one in due.distinct().order_by("pk")[:MOST_SENT])


def _text(ticket: Ticket) -> str:
    address = f"{settings.SITE_ADDRESS}/voices/said/{link_to(ticket)}"
    if ticket.language == "en":
        return f"[12345] Your ticket {ticket.reference} is answered. Read it and say whether it helped: {address}"
    return f"【12345】您的诉求{ticket.reference}已答复，请查看并评价是否满意：{address}"


@transaction.atomic
def _note(ticket: Ticket, key: str, what: str, now: datetime) -> None:
    locked = rows.locked_rows([ticket.pk])[0]
    _, is_new = Mailed.objects.get_or_create(ticket=ticket, key=key, defaults={"mailed_at": now})
    if is_new:
        moves.write(locked, what, moves.by_clock(now))
