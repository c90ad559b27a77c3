"""What the operator is shown while he types: category, unit, time, precedents, and what may be the same matter."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count

from yici.apps.knowledge import offering
from yici.apps.knowledge.offering import Offer
from yici.apps.people.encryption import search_hashes
from yici.apps.people.viewers import Viewer
from yici.apps.tickets import learning
from yici.apps.tickets.filing import PHONE_PLACE, desk_of, plain_phone
from yici.apps.tickets.jurisdiction import at_centre
from yici.apps.tickets.learning import Guess
from yici.apps.tickets.limits import limits_for
from yici.apps.tickets.meaning.likeness import Alike
from yici.apps.tickets.meaning.place_names import short_names
from yici.apps.tickets.models import Ticket
from yici.apps.tickets.routing import ProposedUnit, units_for_voice
from yici.apps.tickets.views import TicketLine, line_of, listed
from yici.rules.same_matter import Evidence, may_be_same
from yici.rules.ticket_limits import answer_key
from yici.rules.tickets import TicketKind, TicketState, Urgency
from yici.rules.urgent_words import urgency_hint

LOOKED_THROUGH = 600  # newest tickets of the desk, open or closed
MOST_SHOWN = 4
MOST_FOR_TICKET = 60
MOST_VOICES = 10  # of a matter that new ones are compared with
LEAST_PRECEDENT = 0.15
LONGEST = 1000  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What stands in the form so far."""

    text: str
    region_code: str
    kind: TicketKind = TicketKind.CONSULT
    urgency: Urgency = Urgency.ORDINARY
    address: str = ""
    phone: str = ""
    category: str = ""  # as the operator chose it; else the model's, if it is confident
    accused_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class SameMatter:
    """An open ticket that may be about the same; ``voices`` counts those handled with it, itself included."""

    line: TicketLine
    voices: int
    same_person: bool
    same_place: bool


@dataclass(frozen=True, slots=True)
class CallHelp:
    """Everything shown beside the form. ``guess`` is None where no model has been trained."""

    articles: tuple[Offer, ...]
    guess: Guess | None
    has_model: bool
    category: str
    units: tuple[ProposedUnit, ...]
    due_at: datetime
    hint: tuple[Urgency, str]
    same: tuple[SameMatter, ...]
    precedents: tuple[TicketLine, ...]


def help_in_call(viewer: Viewer, said: Said, *, now: datetime) -> CallHelp:
    """Return what helps with a call so far; nothing is kept of it."""
    text = said.text[:LONGEST]
    guess = learning.guess(text)
    category = said.category or (guess.preselected if guess else "")
    same, precedents = _alike(viewer, said, category, now)
    return CallHelp(
        articles=tuple(offering.offers(text, said.region_code, now=now, limit=3)),
        guess=guess,
        has_model=learning.versions().current_number() is not None,
        category=category,
        units=tuple(units_for_voice(said.region_code, category, said.accused_id, now=now)),
        due_at=limits_for(said.region_code, now).moments(answer_key(said.kind, said.urgency), now).due_at,
        hint=urgency_hint(text),
        same=same,
        precedents=precedents,
    )


_LOOKED_AT = (
    "pk", "subject", "detail", "address", "state", "leader_id", "phone_hash", "received_at", "category",
    "organisation_id",
)  # fmt: skip


def same_as(viewer: Viewer, ticket_id: UUID, *, now: datetime) -> tuple[SameMatter, ...]:
    """Return the open tickets of the desk that may be about the same as one that is filed, likeliest first.

    Raises Ticket.DoesNotExist for whoever does not see the ticket.
    """
    one = at_centre(viewer).select_related("region").get(public_id=ticket_id)
    if one.sealed or one.kind == TicketKind.REPORT or one.state in {TicketState.MERGED, TicketState.CLOSED}:
        return ()
    followers = Ticket.objects.filter(leader_id=one.pk).select_related("region").order_by("pk")
    known = {one.pk, *followers.values_list("pk", flat=True)}
    pool = [other for other in _pool(viewer, one.region.code) if other.pk not in known]
    voices = [one, *followers[:MOST_VOICES]]
    names = frozenset().union(*(_named_by(_said(voice)) for voice in voices))
    judge = _Judge(pool, names)
    judged = [pair for voice in voices for pair in judge.against(_said(voice), voice.category, now)]
    return _same(judged, now, most=MOST_FOR_TICKET)


def _said(one: Ticket) -> Said:
    return Said(
        text=f"{one.subject} {one.detail}",
        region_code=one.region.code,
        address=one.address,
        phone=one.contact_phone,
        category=one.category,
    )


def _alike(
    viewer: Viewer, said: Said, category: str, now: datetime
) -> tuple[tuple[SameMatter, ...], tuple[TicketLine, ...]]:
    judged = _Judge(_pool(viewer, said.region_code), _named_by(said)).against(said, category, now)
    closed = [(one, given) for one, given in judged if one.state == TicketState.CLOSED and one.organisation_id]
    return _same(judged, now), _precedents(closed, now)


def _pool(viewer: Viewer, region_code: str) -> list[Ticket]:
    """Return the newest tickets of a desk. Reports and sealed voices never stand here (济南 art. 32)."""
    seen = at_centre(viewer).filter(desk_code=desk_of(region_code), sealed=False).exclude(kind=TicketKind.REPORT)
    return list(seen.order_by("-id").only(*_LOOKED_AT)[:LOOKED_THROUGH])


def _named_by(said: Said) -> frozenset[str]:
    return short_names(f"{said.address} {said.text[:LONGEST]}")


class _Judge:
    """The tickets of a desk, read once, that voices are compared with."""

    def __init__(self, pool: Sequence[Ticket], names: frozenset[str]) -> None:
        self.pool = pool
        texts = [f"{one.subject} {one.detail[:LONGEST]}" for one in pool]
        self.whole, self.beyond = Alike(texts), Alike(texts, without=names)
        self.places = [short_names(f"{one.address} {text}") for one, text in zip(pool, texts, strict=True)]

    def against(self, said: Said, category: str, now: datetime) -> list[tuple[Ticket, Evidence]]:
        """Return each ticket with what speaks for one matter with the voice."""
        text, places, address = said.text[:LONGEST], _named_by(said), said.address.strip()
        hashes = search_hashes(plain_phone(said.phone), PHONE_PLACE) if said.phone else []
        alike = zip(self.pool, self.whole.to(text), self.beyond.to(text), self.places, strict=True)
        return [
            (
                one,
                Evidence(
                    likeness=whole,
                    beyond=beyond,
                    same_place=bool(places & named) or (bool(address) and address == one.address.strip()),
                    same_category=bool(category) and one.category == category,
                    same_person=bool(one.phone_hash) and one.phone_hash in hashes,
                    days=(now - one.received_at).days,
                ),
            )
            for one, whole, beyond, named in alike
        ]


def _same(
    judged: Sequence[tuple[Ticket, Evidence]], now: datetime, *, most: int = MOST_SHOWN
) -> tuple[SameMatter, ...]:
    """Return the leaders of what may be the same, each once, with the strongest evidence of its voices."""
    best: dict[int, Evidence] = {}
    for one, given in judged:
        if one.state == TicketState.CLOSED or not may_be_same(given):
            continue
        leader = one.leader_id or one.pk
        known = best.get(leader)
        best[leader] = given if known is None or given.score > known.score else known
    first = sorted(best, key=lambda key: -best[key].score)[:most]
    lines = _lines(first)
    rows = Ticket.objects.filter(leader_id__in=first).values_list("leader_id").annotate(Count("pk"))
    followers = dict(rows.order_by("leader_id"))
    return tuple(
        SameMatter(
            line_of(listed(lines[key]), now), 1 + followers.get(key, 0), best[key].same_person, best[key].same_place
        )
        for key in first
        if key in lines
    )


def _precedents(closed: Sequence[tuple[Ticket, Evidence]], now: datetime) -> tuple[TicketLine, ...]:
    likely = [(given.score, one.pk) for one, given in closed if given.likeness >= LEAST_PRECEDENT]
    first = [key for _, key in sorted(likely, reverse=True)[:MOST_SHOWN]]
    lines = _lines(first)
    return tuple(line_of(listed(lines[key]), now) for key in first)


def _lines(keys: Sequence[int]) -> dict[int, Ticket]:
    return Ticket.objects.select_related("region", "organisation").in_bulk(list(keys))
