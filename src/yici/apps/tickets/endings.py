"""What goes when the time of a ticket is over: every word of every person; what happened, when and how long stays."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Model, Q

from yici.apps.tickets.models import (
    Act,
    Attachment,
    Call,
    CallSample,
    Card,
    Classification,
    FollowUp,
    Mailed,
    Matter,
    Membership,
    Message,
    MoreTime,
    OpenRequest,
    Part,
    Precedent,
    Recusal,
    Reminder,
    Reply,
    Return,
    SealedIdentity,
    SealOpening,
    Supervision,
    Ticket,
)

PARTS_OF_A_TICKET: tuple[type[Model], ...] = (
    Act,
    Attachment,
    Call,
    CallSample,
    Card,
    Classification,
    FollowUp,
    Mailed,
    Membership,
    Message,
    MoreTime,
    OpenRequest,
    Part,
    Precedent,
    Recusal,
    Reminder,
    Reply,
    Return,
    SealOpening,
    SealedIdentity,
    Supervision,
)


def empty_tickets(keys: Sequence[Any], now: datetime) -> None:
    """Take the personal content out of tickets, and out of a matter whose last ticket is emptied."""
    of = {"ticket_id__in": keys}
    Attachment.objects.filter(**of).delete()
    SealedIdentity.objects.filter(**of).delete()
    Act.objects.filter(**of).update(by_name="", reason="")
    Reply.objects.filter(**of).update(text="", inner_note="", review_note="")
    CallSample.objects.filter(**of).update(note="")
    FollowUp.objects.filter(**of).update(words="")
    Message.objects.filter(**of).update(text="", author_name="")
    Part.objects.filter(**of).update(asked="", report="")
    Return.objects.filter(**of).update(reason="", answer="")
    MoreTime.objects.filter(**of).update(reason="", answer="")
    Recusal.objects.filter(**of).update(reason="")
    Precedent.objects.filter(**of).update(reason="")
    SealOpening.objects.filter(**of).update(reason="")
    Supervision.objects.filter(**of).update(note="")
    Card.objects.filter(supervision__ticket_id__in=keys).update(reason="", explanation="", contest="", answer="")
    Ticket.objects.filter(pk__in=keys).update(
        subject="",
        detail="",
        contact_name="",
        contact_phone="",
        contact_email="",
        phone_hash="",
        address="",
        latitude=None,
        longitude=None,
        follow_hash="",
        party=None,
        emptied_at=now,
    )
    waiting = Q(tickets__emptied_at=None)
    Matter.objects.filter(tickets__in=keys).exclude(waiting).update(title="")
