"""E-mails that tell what came of a topic, each once; what the server does not take waits for the next round."""

from django.conf import settings

from yici.apps.tickets.mailbox.boxes import send
from yici.apps.tickets.mailbox.posting import Mailbox, composed
from yici.apps.topics.models import TopicVoice

MOST_SENT = 200


def mail_outcomes(mailbox: Mailbox) -> int:
    """Send what is due; return how many went. Raises CannotReachMail; what went by then stays sent."""
    due = TopicVoice.objects.filter(mail_due=True, topic__isnull=False, ticket__isnull=False)
    sent = 0
    for one in due.select_related("ticket", "topic__outcome_office").order_by("pk")[:MOST_SENT]:
        if one.ticket is not None and one.ticket.contact_email:
            send(mailbox.outbox, composed(mailbox, one.ticket.contact_email, *_words(one)))
            sent += 1
        TopicVoice.objects.filter(pk=one.pk).update(mail_due=False)
    return sent


def _words(one: TopicVoice) -> tuple[str, list[str]]:
    ticket, topic = one.ticket, one.topic
    assert ticket is not None
    assert topic is not None  # the query asked for both
    office = topic.outcome_office
    return f"{ticket.reference} 处理结果 What came of it", [
        f"您反映的问题（{topic.public_name}）有了结果，{office.name if office else ''}答复：",
        topic.outcome,
        "",
        f"What came of what you and others wrote about ({topic.public_name_en}).",
        f"{settings.SITE_ADDRESS}/voices  {settings.SITE_ADDRESS}/topics",
    ]
