"""All that is known of a topic on one page: its weeks, its law, what people said (masked), and what was tried."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from yici.apps.knowledge import offering
from yici.apps.people.viewers import Viewer
from yici.apps.places.models import Organisation
from yici.apps.reform.models import Amendment, Proposal
from yici.apps.tickets.models import Card, Ticket
from yici.apps.topics.models import ANSWERED, Topic, TopicWatch
from yici.apps.topics.naming import may_quote, names_in
from yici.apps.topics.queries import TopicLine, line_of, own_topic
from yici.apps.topics.rights import may_answer
from yici.rules.items import LegalBasis
from yici.rules.levels import Changer, who_can_change
from yici.rules.masking import masked_text
from yici.rules.signals import SignalKind
from yici.rules.tickets import TicketKind
from yici.rules.words import Words

MOST_SAID, MOST_LOOKED_AT, MOST_TRIED = 3, 50, 10
LONGEST_SAID = 300


@dataclass(frozen=True, slots=True)
class Week:
    """One week of the plot, from its Monday."""

    monday: date
    voices: int


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody said, without who said it."""

    kind: Words
    at: datetime
    subject: str
    detail: str


@dataclass(frozen=True, slots=True)
class Tried:
    """Something that was done about it already; ``what`` is proposal, amendment, card or article."""

    what: str
    words: Words
    on: datetime | None
    public_id: UUID | None


@dataclass(frozen=True, slots=True)
class Office:
    """An organisation that had voices of the topic, and how many."""

    name: Words
    voices: int


@dataclass(frozen=True, slots=True)
class TopicDossier:
    """A topic with everything behind it. ``upper``: up to how many voices a week chance explains."""

    line: TopicLine
    weeks: tuple[Week, ...]
    expected: float
    upper: float
    why: Words
    basis: LegalBasis | None
    basis_why: Words
    changer: Changer | None
    said: tuple[Said, ...]
    offices: tuple[Office, ...]
    tried: tuple[Tried, ...]
    tickets: int
    reviews: int
    corrections: int
    watched: bool
    may_answer: bool


def dossier(viewer: Viewer, public_id: UUID, *, now: datetime) -> TopicDossier:
    """Return a topic of the viewer's jurisdiction with its dossier. Raises CannotSeeTopic."""
    row = own_topic(viewer, public_id)
    figures, basis = row.figures, row.basis
    sources = [row.said.filter(**{f"{one}__isnull": False}) for one in ("ticket", "review", "correction")]
    return TopicDossier(
        line=line_of(row),
        weeks=tuple(Week(date.fromisoformat(day), count) for day, count in figures["weeks"]),
        expected=figures["expected"],
        upper=figures["upper"],
        why=Words(row.why, row.why_en),
        basis=basis,
        basis_why=Words(row.basis_why, row.basis_why_en),
        changer=who_can_change(basis.level) if basis else None,
        said=tuple(_said(row)),
        offices=tuple(_offices(row)),
        tried=tuple(_tried(row, now)),
        tickets=sources[0].count(),
        reviews=sources[1].count(),
        corrections=sources[2].values("correction_id").distinct().count(),
        watched=TopicWatch.objects.filter(topic=row, staff_id=viewer.staff_id or 0).exists(),
        may_answer=row.state != ANSWERED and may_answer(viewer, row),
    )


def _said(row: Topic) -> Iterable[Said]:
    """Return a few of the newest texts that may be quoted, masked; never one that accuses somebody."""
    newest = Ticket.objects.filter(pk__in=row.said.values("ticket_id")).select_related("party").order_by("-pk")
    quotable = [one for one in newest[:MOST_LOOKED_AT] if may_quote(one) and one.kind != TicketKind.REPORT]
    for one in quotable[:MOST_SAID]:
        subject, detail = (masked_text(text, names_in(one))[:LONGEST_SAID] for text in (one.subject, one.detail))
        yield Said(TicketKind(one.kind).words, one.received_at, subject, detail)


def _offices(row: Topic) -> list[Office]:
    counts: dict[int, set[str]] = {}
    columns = ("voice", "ticket__organisation_id", "review__organisation_id", "correction__case__organisation_id")
    for voice, *offices in row.said.values_list(*columns):
        for key in offices:
            if key is not None:
                counts.setdefault(key, set()).add(voice)
    names = Organisation.objects.in_bulk(list(counts))
    found = [Office(Words(names[key].name, names[key].name_en), len(who)) for key, who in counts.items()]
    return sorted(found, key=lambda one: (-one.voices, one.name))


def _tried(row: Topic, now: datetime) -> list[Tried]:
    """Return what was done: proposals and amendments of the item, cards for its tickets, answers people can read."""
    cards = Card.objects.filter(supervision__ticket__in=row.said.values("ticket_id")).select_related("organisation")
    found = [
        Tried("card", Words(one.organisation.name, one.organisation.name_en), one.issued_at, None)
        for one in cards.order_by("-issued_at")[:MOST_TRIED]
    ]
    return found + (_tried_of_item(row, now) if row.item_key else [])


def _tried_of_item(row: Topic, now: datetime) -> list[Tried]:
    proposals = Proposal.objects.filter(item_key=row.item_key).order_by("-opened_at")[:MOST_TRIED]
    amendments = Amendment.objects.filter(item_key=row.item_key).order_by("-pk")[:MOST_TRIED]
    offers = offering.offers_for_item(row.item_key, row.region.code, now=now)
    return [
        *(Tried("proposal", SignalKind(one.kind).words, one.opened_at, one.public_id) for one in proposals),
        *(Tried("amendment", Words(one.name, one.name_en), one.proposed_at, one.public_id) for one in amendments),
        *(Tried("article", one.title, None, one.public_id) for one in offers),
    ]
