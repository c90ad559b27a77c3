"""Who is looking: every query asks a viewer, so that what may be seen is decided in one place."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from yici.apps.people import acting
from yici.apps.people.acting import CannotActFor
from yici.apps.people.models import Account, Party
from yici.rules.items import Assurance
from yici.rules.people import Role

__all__ = ["ANONYMOUS", "CannotActFor", "Viewer", "viewer_of"]


@dataclass(frozen=True, slots=True)
class Viewer:
    """The person behind an account, with whom he acts for and the post he holds.

    ``label`` is what the journal writes as ``by``. ``acting_for_id`` is the party somebody acts for by mandate or as a
    parent or guardian; ``scope`` what that mandate covers ("all", or the key of one life event or item).
    """

    account_id: int | None = None
    label: str = "anonymous"
    party_id: int | None = None
    party_public_id: UUID | None = None
    party_name: str = field(default="", repr=False)  # a viewer may stand in a log line
    acting_for_id: int | None = None
    acting_for_public_id: UUID | None = None
    acting_for_name: str = field(default="", repr=False)
    scope: str = "all"
    assurance: Assurance = Assurance.NONE
    staff_id: int | None = None
    staff_name: str = field(default="", repr=False)
    organisation_id: int | None = None
    organisation_kind: str = ""
    organisation_name: str = ""
    organisation_name_en: str = ""
    hall_id: int | None = None
    post: str = ""
    region_path: str | None = None
    region_code: str | None = None
    roles: frozenset[Role] = frozenset()
    language: str = "zh"

    @property
    def subject_id(self) -> int | None:
        """The party whose affairs are in hand: the one acted for, else oneself."""
        return self.acting_for_id or self.party_id

    @property
    def subject_public_id(self) -> UUID | None:
        """The opaque id of that party."""
        return self.acting_for_public_id or self.party_public_id

    @property
    def subject_name(self) -> str:
        """The name of that party."""
        return self.acting_for_name or self.party_name

    @property
    def name(self) -> str:
        """The name of the person who is signed in."""
        return self.staff_name or self.party_name

    @property
    def posts(self) -> tuple[str, ...]:
        """The posts whose steps this person may take: his own, and those his roles stand for."""
        return tuple(sorted({self.post, *self.roles} - {""}))

    @property
    def is_signed_in(self) -> bool:
        """Whether there is an account."""
        return self.account_id is not None

    @property
    def is_staff(self) -> bool:
        """Whether this is somebody at a post."""
        return self.staff_id is not None

    def has_role(self, *roles: Role) -> bool:
        """Whether the post carries one of these roles."""
        return not self.roles.isdisjoint(roles)

    def covers(self, region_path: str) -> bool:
        """Whether a region lies in the viewer's jurisdiction; False for everybody without a post."""
        return self.region_path is not None and region_path.startswith(self.region_path)

    def may_act_in(self, key: str) -> bool:
        """Whether the mandate in use covers this life event or item; acting for oneself covers everything."""
        return self.acting_for_id is None or self.scope in {"all", key}


ANONYMOUS = Viewer()


def viewer_of(
    account: Account | AnonymousUser,
    acting_for: UUID | str | None = None,
    *,
    on: date | None = None,
    language: str = "zh",
) -> Viewer:
    """Return the viewer behind an account; ``acting_for`` is the public id of the party he acts for now.

    ``on`` is the local day on which a mandate must hold, today if not given. Raises CannotActFor when it does not:
    never silently as himself, since what is then submitted would be submitted for the wrong person.
    """
    if not isinstance(account, Account) or not account.is_active:
        return ANONYMOUS
    found = Account.objects.select_related("party", "staff__organisation", "staff__region").get(pk=account.pk)
    if found.staff is not None:
        return _staff_viewer(found, language)
    if found.party is None:
        return Viewer(account_id=found.pk, label=str(found), assurance=Assurance(found.assurance), language=language)
    return _party_viewer(found, found.party, acting_for, on or timezone.localdate(), language)


def _party_viewer(account: Account, party: Party, acting_for: UUID | str | None, on: date, language: str) -> Viewer:
    authority = acting.authority_of(party, acting_for, on) if acting_for else None
    return Viewer(
        account_id=account.pk,
        label=str(party),
        party_id=party.pk,
        party_public_id=party.public_id,
        party_name=party.name,
        acting_for_id=authority.party_id if authority else None,
        acting_for_public_id=authority.public_id if authority else None,
        acting_for_name=authority.name if authority else "",
        scope=authority.scope if authority else "all",
        assurance=Assurance(account.assurance),
        language=language,
    )


def _staff_viewer(account: Account, language: str) -> Viewer:
    staff = account.staff
    assert staff is not None  # the caller has looked
    return Viewer(
        account_id=account.pk,
        label=str(staff),
        assurance=Assurance(account.assurance),
        staff_id=staff.pk,
        staff_name=staff.name,
        organisation_id=staff.organisation_id,
        organisation_kind=staff.organisation.kind,
        organisation_name=staff.organisation.name,
        organisation_name_en=staff.organisation.name_en,
        hall_id=staff.hall_id,
        post=staff.post,
        region_path=staff.region.path,
        region_code=staff.region.code,
        roles=frozenset(map(Role, staff.roles)),
        language=language,
    )
