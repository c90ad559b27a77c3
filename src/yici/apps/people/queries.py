"""What may be seen of people, and by whom."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from yici.apps.people import acting
from yici.apps.people.acting import Authority
from yici.apps.people.models import Account, Mandate, Party, Staff
from yici.apps.people.viewers import Viewer
from yici.rules.items import Assurance
from yici.rules.people import IdKind, PartyKind, Role, masked_number
from yici.rules.words import Words


@dataclass(frozen=True, slots=True)
class PartyView:
    """A party as it sees itself, or as somebody sees it who acts for it or serves it; numbers are masked."""

    id: int
    public_id: UUID
    kind: PartyKind
    name: str
    id_kind: IdKind
    number_masked: str
    phone_masked: str
    born_on: date | None
    sex: str | None
    region_code: str | None


@dataclass(frozen=True, slots=True)
class MandateView:
    """One mandate as its holder or agent sees it."""

    id: int
    holder: str
    agent: str
    scope: str
    valid_from: date
    valid_to: date | None
    has_ended: bool


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """One row of the demo sign-in page."""

    login: str
    name: str
    note: Words
    assurance: Assurance
    organisation: Words | None
    region_code: str | None


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody at a post, as colleagues see him."""

    id: int
    public_id: UUID
    name: str
    post: str
    roles: frozenset[Role]


def subject_of(viewer: Viewer) -> PartyView | None:
    """Return the party whose affairs the viewer has in hand: himself, or whom he acts for."""
    found = Party.objects.select_related("region").filter(pk=viewer.subject_id or 0).first()
    return _view(found) if found else None


def party_at_window(viewer: Viewer, public_id: UUID) -> PartyView:
    """Return a party a window clerk serves. Raises Party.DoesNotExist for everybody else."""
    allowed = Party.objects.select_related("region") if viewer.has_role(Role.WINDOW) else Party.objects.none()
    return _view(allowed.get(public_id=public_id))


def _view(party: Party) -> PartyView:
    return PartyView(
        id=party.pk,
        public_id=party.public_id,
        kind=PartyKind(party.kind),
        name=party.name,
        id_kind=IdKind(party.id_kind),
        number_masked=masked_number(party.id_number),
        phone_masked=masked_number(party.phone or ""),
        born_on=party.born_on,
        sex=party.sex,
        region_code=party.region.code if party.region else None,
    )


def mandates_of(viewer: Viewer, *, today: date) -> list[Authority]:
    """Return everybody the viewer may act for today: children and wards, then those who gave a mandate."""
    party = Party.objects.filter(pk=viewer.party_id or 0).first()
    return list(acting.authorities_of(party, today)) if party else []


def name_of_party(party_id: int) -> str:
    """Return the name of a party to whom a result is addressed; the caller has decided who may read it."""
    return str(Party.objects.values_list("name", flat=True).get(pk=party_id))


def mandates_given_or_held(viewer: Viewer) -> list[MandateView]:
    """Return every mandate of the viewer's party, or of the one he acts for, ended ones too, newest first."""
    subject = viewer.subject_id or 0
    given_or_held = Mandate.objects.filter(holder_id=subject) | Mandate.objects.filter(agent_id=subject)
    rows = given_or_held.select_related("holder", "agent").order_by("-pk")
    return [
        MandateView(m.pk, m.holder.name, m.agent.name, m.scope, m.valid_from, m.valid_to, m.ended_at is not None)
        for m in rows
    ]


def colleagues_of(viewer: Viewer, *, role: Role | None = None) -> list[Colleague]:
    """Return the staff of the viewer's own organisation, all or those with a role."""
    rows = Staff.objects.filter(organisation_id=viewer.organisation_id or 0).order_by("post", "pk")
    found = [Colleague(s.pk, s.public_id, s.name, s.post, frozenset(map(Role, s.roles))) for s in rows]
    return [one for one in found if role is None or role in one.roles]


def demo_people() -> list[DemoAccount]:
    """Return the invented people of the demo sign-in page; empty on a platform without the demo."""
    rows = _demo_rows().filter(staff__isnull=True).select_related("party__region")
    return [_demo_account(account) for account in rows]


def demo_staff() -> list[DemoAccount]:
    """Return the invented staff of the demo sign-in page."""
    rows = _demo_rows().filter(staff__isnull=False).select_related("staff__organisation", "staff__region")
    return [_demo_account(account) for account in rows]


def demo_account(login: str) -> Account | None:
    """Return a demo account to sign in with one tap; never an account of a real person."""
    return _demo_rows().filter(login=login).first()


def _demo_rows() -> QuerySet[Account]:
    return Account.objects.filter(demo=True, is_active=True).exclude(demo_note="").order_by("pk")


def _demo_account(account: Account) -> DemoAccount:
    staff, party = account.staff, account.party
    organisation = Words(staff.organisation.name, staff.organisation.name_en) if staff else None
    region = staff.region if staff else party.region if party else None
    return DemoAccount(
        login=account.login,
        name=staff.name if staff else party.name if party else account.login,
        note=Words(account.demo_note, account.demo_note_en),
        assurance=Assurance(account.assurance),
        organisation=organisation,
        region_code=region.code if region else None,
    )


def party_by_public_id(public_id: UUID) -> int:
    """Return the row of a party by its opaque id, for commands on the machine. Raises Party.DoesNotExist."""
    return Party.objects.values_list("pk", flat=True).get(public_id=public_id)


def county_of(viewer: Viewer) -> str:
    """Return the county in which an identified person is registered, twelve digits; "" for everybody else."""
    found = Party.objects.filter(pk=viewer.party_id or 0, verified=True)
    code = found.values_list("region__code", flat=True).first()
    return f"{code[:6]}000000" if code else ""


def region_path_of(party_id: int) -> str:
    """Return the path of the region a party belongs to, "" when none is recorded."""
    found = Party.objects.filter(pk=party_id).values_list("region__path", flat=True).first()
    return found or ""
