"""What is done with topics: watched, looked at, and answered so that everybody in it learns what came of it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from yici.apps.cases.telling import tell_applicants
from yici.apps.journal import actions as journal
from yici.apps.people.viewers import Viewer
from yici.apps.tickets.correspondence import tell_each
from yici.apps.tickets.models import Ticket
from yici.apps.topics.models import ANSWERED, Topic, TopicVoice, TopicWatch
from yici.apps.topics.queries import own_topic
from yici.apps.topics.rights import CannotAnswerTopic, may_answer

LONGEST = 1_000


@dataclass(frozen=True, slots=True)
class Told:
    """Whom an outcome reached: tickets and applications it was written to, letters to send, and voices without a
    page of their own (reviews without a name), which find it in public."""

    tickets: int
    applications: int
    letters: int
    unreached: int


@transaction.atomic
def watch(*, topic_id: UUID, by: Viewer, now: datetime) -> None:
    """Watch a topic: what is new in it stands on the first page of the cockpit. Raises CannotSeeTopic."""
    topic = own_topic(by, topic_id)
    _, is_new = TopicWatch.objects.get_or_create(
        topic=topic, staff_id=by.staff_id or 0, defaults={"since": now, "seen_at": now}
    )
    if is_new:
        journal.record("topic.watched", subject=str(topic), by=by.label, now=now)


@transaction.atomic
def unwatch(*, topic_id: UUID, by: Viewer, now: datetime) -> None:
    """Watch it no more. Raises CannotSeeTopic."""
    topic = own_topic(by, topic_id)
    gone, _ = TopicWatch.objects.filter(topic=topic, staff_id=by.staff_id or 0).delete()
    if gone:
        journal.record("topic.unwatched", subject=str(topic), by=by.label, now=now)


def look(*, topic_id: UUID, by: Viewer, now: datetime) -> None:
    """Remember that a watcher has seen the topic; a look is no act and stands in no journal."""
    TopicWatch.objects.filter(topic__public_id=topic_id, staff_id=by.staff_id or 0).update(seen_at=now)


@transaction.atomic
def say_outcome(*, topic_id: UUID, text: str, by: Viewer, now: datetime) -> Told:
    """Say what came of a topic, once, to everybody whose voice is in it. Raises CannotSeeTopic, CannotAnswerTopic.

    It is written to each ticket and each application, goes by e-mail where somebody gave an address, and is public.
    """
    topic = Topic.objects.select_for_update().select_related("region").get(pk=own_topic(by, topic_id).pk)
    said = _checked(topic, text, by)
    topic.state, topic.outcome, topic.outcome_by = ANSWERED, said, by.label
    topic.outcome_office_id, topic.outcome_at, topic.changed_at = by.organisation_id, now, now
    topic.save()
    told = _tell(topic, by, now)
    facts: dict[str, object] = {"tickets": told.tickets, "applications": told.applications, "letters": told.letters}
    journal.record("topic.answered", subject=str(topic), by=by.label, now=now, facts=facts)
    return told


def _checked(topic: Topic, text: str, by: Viewer) -> str:
    said = text.strip()
    if not may_answer(by, topic):
        raise CannotAnswerTopic(
            zh="只有事项的主管部门负责人或本地改革办可以答复热点。",
            en="The head of the department in charge, or the reform office of the region, says what came of it.",
        )
    if topic.state == ANSWERED:
        raise CannotAnswerTopic(
            zh="这个热点已经答复，反映人已收到。",
            en="What came of this topic was said already, and everybody was told.",
        )
    if not said or len(said) > LONGEST:
        raise CannotAnswerTopic(
            zh=f"请写明处理结果，不超过 {LONGEST} 字。", en=f"Say what came of it, in at most {LONGEST} characters."
        )
    return said


def _tell(topic: Topic, by: Viewer, now: datetime) -> Told:
    text = told_words(topic, by)
    voices = topic.said.all()
    tickets = _tickets_of(voices)
    applications = {key for key in voices.values_list("correction__case__application_id", flat=True) if key}
    applications |= {key for key in _named(voices).values_list("review__case__application_id", flat=True) if key}
    letters = _letters(voices)
    TopicVoice.objects.filter(pk__in=letters).update(mail_due=True)
    quiet = voices.filter(review__isnull=False).exclude(pk__in=_named(voices).values("pk")).count()
    return Told(
        tell_each(sorted(tickets), text, by=by, now=now),
        tell_applicants(sorted(applications), text, by=by, now=now),
        len(letters),
        quiet,
    )


def told_words(topic: Topic, by: Viewer) -> str:
    """Return what each person reads: what the topic is, who answers, and the answer."""
    head = f"您反映的问题（{topic.public_name}）有了结果，{by.organisation_name}答复："
    return f"{head}{topic.outcome}"


def _named(voices: QuerySet[TopicVoice]) -> QuerySet[TopicVoice]:
    """Return the voices of reviews whose person gave the name; a page of anybody else would give him away."""
    return voices.filter(review__isnull=False, review__named=True)


def _tickets_of(voices: QuerySet[TopicVoice]) -> set[int]:
    own = voices.filter(ticket__isnull=False).values_list("ticket_id", flat=True)
    reviewed = _named(voices).filter(review__ticket__isnull=False).values_list("review__ticket_id", flat=True)
    return {key for key in (*own, *reviewed) if key is not None}


def _letters(voices: QuerySet[TopicVoice]) -> list[int]:
    """Return the voices whose ticket has an address for e-mail; the address is encrypted, so it is read here."""
    tickets = voices.filter(ticket__isnull=False, ticket__emptied_at=None).values_list("pk", "ticket_id")
    pairs = [(key, ticket) for key, ticket in tickets if ticket is not None]
    rows = Ticket.objects.filter(pk__in=[ticket for _, ticket in pairs]).only("pk", "contact_email")
    addressed = {one.pk for one in rows if one.contact_email}
    return [key for key, ticket in pairs if ticket in addressed]
