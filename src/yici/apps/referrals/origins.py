"""Where a referral begins: a reform proposal, a topic of the hotline, or what a deputies' station collected."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from yici.apps.catalogue import queries as catalogue
from yici.apps.people.viewers import Viewer
from yici.apps.places.months import bounds, earlier
from yici.apps.reform import proposals
from yici.apps.reform.models import Proposal
from yici.apps.reform.said import TICKET_MONTHS
from yici.apps.tickets.models import Ticket
from yici.apps.topics.queries import TopicRow
from yici.rules.grounds import Ground, grounds_of
from yici.rules.items import LegalBasis
from yici.rules.referrals import CannotRefer
from yici.rules.signals import SignalKind
from yici.rules.tickets import TicketKind
from yici.rules.words import Words

TOPIC, PROPOSAL, STATION = "topic", "proposal", "station"
_SIGNALS = Words("改革工作台的信号统计", "Signals counted at the reform bench")
_HOTLINE = Words("热线工单", "Tickets of the hotline")
_IN_CHARGE = Words("主管部门", "department in charge")


@dataclass(frozen=True, slots=True)
class Evidence:
    """One figure a referral stands on, with its source and the moment it holds for."""

    words: Words
    value: str
    source: Words
    as_of: datetime

    def plain(self) -> dict[str, object]:
        """Return it as plain values."""
        return {
            "words": self.words._asdict(),
            "value": self.value,
            "source": self.source._asdict(),
            "as_of": self.as_of.isoformat(),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What is referred: the burden with its basis, the figures, and the tickets (rows) of those who raised it.

    ``voices`` counts people, not tickets. ``department``: who may drop a burden that rests on nothing.
    """

    kind: str
    public_id: str
    title: Words
    region_code: str
    item_key: str = ""
    requirement_key: str = ""
    basis: LegalBasis | None = None
    department: Words = _IN_CHARGE
    tickets: tuple[int, ...] = ()
    voices: int = 0
    evidence: tuple[Evidence, ...] = ()


def origin_of_topic(row: TopicRow) -> Origin:
    """Return what a topic puts before somebody: its burden, its voices, and since when they speak."""
    return Origin(
        kind=TOPIC,
        public_id=str(row.public_id),
        title=row.name,
        region_code=row.region_code,
        item_key=row.item_key,
        requirement_key=row.requirement_key,
        basis=row.basis,
        department=_department(row.item_key),
        tickets=tuple(row.tickets),
        voices=row.voices,
        evidence=(
            Evidence(Words("反映的人数", "People who raised it"), str(row.voices), _HOTLINE, row.last),
            Evidence(Words("工单数", "Tickets"), str(len(row.tickets)), _HOTLINE, row.last),
        ),
    )


def origin_of_proposal(viewer: Viewer, proposal_id: UUID, burden: str) -> Origin:
    """Return what a proposal puts before somebody: one burden of its item (``burden``: its key), figures and voices.

    Raises Proposal.DoesNotExist for what is not the viewer's, and CannotRefer for a burden the item does not have.
    """
    dossier = proposals.dossier(viewer, proposal_id)
    row = dossier.line.row
    ground = _ground(row.item_key, burden)
    tickets = tickets_behind(row)
    return Origin(
        kind=PROPOSAL,
        public_id=str(proposal_id),
        title=Words(f"{row.name}：{ground.burden.zh}", f"{row.name_en}: {ground.burden.en}"),
        region_code=viewer.region_code or "",
        item_key=row.item_key,
        requirement_key=ground.key,
        basis=ground.basis,
        department=_department(row.item_key),
        tickets=tuple(one.pk for one in tickets),
        voices=len({(one.party_id, one.phone_hash, one.pk if _nameless(one) else 0) for one in tickets}),
        evidence=tuple(_figures(dossier)),
    )


def _nameless(one: Ticket) -> bool:
    return one.party_id is None and not one.phone_hash


def burdens_of(item_key: str) -> list[Ground]:
    """Return the burdens of an item with their keys, those that are the easiest to take away first."""
    item = catalogue.catalogue_for("").items.get(item_key)
    return list(grounds_of(item)) if item else []


def _ground(item_key: str, key: str) -> Ground:
    for one in burdens_of(item_key):
        if one.key == key:
            return one
    raise CannotRefer(
        zh="请选择事项的一项要求，移送的就是它的依据。",
        en="Choose one burden of the item: its basis is what is referred.",
    )


def _department(item_key: str) -> Words:
    item = catalogue.catalogue_for("").items.get(item_key)
    kind = catalogue.organisation_kinds().get(item.organisation) if item else None
    return kind.name if kind else _IN_CHARGE


def tickets_behind(row: Proposal) -> list[Ticket]:
    """Return the complaints about the item of a proposal in its counties, of the months its dossier looks at."""
    since, until = bounds(earlier(row.month, TICKET_MONTHS - 1))[0], bounds(row.month)[1]
    kinds = [TicketKind.COMPLAINT, TicketKind.REPORT, TicketKind.SUGGESTION]
    found = Ticket.objects.filter(item_key=row.item_key, kind__in=kinds, received_at__gte=since)
    found = found.filter(received_at__lt=until).exclude(ending__in=["abusive", "duplicate"])
    counties = {code[:6] for code in row.regions}
    rows = found.select_related("region").order_by("received_at")
    return [one for one in rows.iterator() if one.region.code[:6] in counties]


def _figures(dossier: proposals.Dossier) -> list[Evidence]:
    row = dossier.line.row
    what = SignalKind(row.kind).words
    return [
        Evidence(
            Words(
                f"{one.region.zh}：{what.zh}（{row.month:%Y-%m}）", f"{one.region.en}: {what.en} ({row.month:%Y-%m})"
            ),
            f"{one.events} / {one.of}（{one.expected:.1f}）",
            _SIGNALS,
            row.seen_at,
        )
        for one in dossier.figures
        if one.stands_out
    ]
