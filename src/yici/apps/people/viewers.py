"""Who is looking: every query asks a viewer, so that what may be seen is decided in one place."""

from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from yici.apps.people import acting
from yici.apps.people.acting import CannotActFor
from yici.apps.people.emergency import EmergencyAccess
from yici.apps.people.models import Account, Party
from yici.rules.assurance import is_identified
from yici.rules.items import Assurance
from yici.rules.people import EVERYTHING, Role

__all__ = ["ANONYMOUS", "CannotActFor", "Viewer", "viewer_of"]


@dataclass(frozen=True, slots=True)
class Viewer:
    """The person behind an account, with whom he acts for and the post he holds.

    ``label`` is what the journal writes as ``by``. ``acting_for_id`` is the party somebody acts for by mandate or as a
    parent or guardian; ``scopes`` what that covers ("all", or keys of life events and items). ``assurance`` is the
    level of this session. ``awaits_second_factor``: signed in at a post, and powerless until the code is given.
    """

    account_id: int | None = None
    label: str = "anonymous"
    party_id: int | None = None
    party_public_id: UUID | None = None
    party_name: str = field(default="", repr=False)  # a viewer may stand in a log line
    acting_for_id: int | None = None
    acting_for_public_id: UUID | None = None
    acting_for_name: str = field(default="", repr=False)
    scopes: frozenset[str] = frozenset({EVERYTHING})
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
    awaits_second_factor: bool = False
    emergency: EmergencyAccess | None = None

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

    def with_emergency(self, access: EmergencyAccess) -> "Viewer":
        """Return the same viewer with a capability; ``apps.privacy.emergency.looking`` alone gives one."""
        return replace(self, emergency=access)

    def may_act_in(self, key: str) -> bool:
        """Whether the mandate in use covers this life event or item; acting for oneself covers everything."""
        return self.acting_for_id is None or not self.scopes.isdisjoint({EVERYTHING, key})


ANONYMOUS = Viewer()


def viewer_of(
    account: Account | AnonymousUser,
    acting_for: UUID | str | None = None,
    *,
    on: date | None = None,
    language: str = "zh",
    level: Assurance | None = None,
    awaits_second_factor: bool = False,
) -> Viewer:
    """Return the viewer behind an account; ``acting_for`` is the public id of the party he acts for now.

    ``on`` is the local day on which a mandate must hold, today if not given. Raises CannotActFor when it does not:
    never silently as himself, since what is then submitted would be submitted for the wrong person.
    ``level`` is what this session has proved, the account's own if not given. Somebody identified before who signs in
    at a lower level this time is known, and sees no records.
    """
    if not isinstance(account, Account) or not account.is_active:
        return ANONYMOUS
    found = Account.objects.select_related("party", "staff__organisation", "staff__region").get(pk=account.pk)
    proved = level or Assurance(found.assurance)
    if found.staff is not None and not awaits_second_factor:
        return _staff_viewer(found, language)
    if found.party is None or (found.party.verified and not is_identified(proved)):
        return Viewer(
            account_id=found.pk,
            label=str(found),
            assurance=proved,
            language=language,
            awaits_second_factor=awaits_second_factor,
        )
    return _party_viewer(found.party, proved, found.pk, acting_for, (on or timezone.localdate(), language))


def _party_viewer(
    party: Party, level: Assurance, account_id: int, acting_for: UUID | str | None, when: tuple[date, str]
) -> Viewer:
    day, language = when
    authority = acting.authority_of(party, acting_for, day) if acting_for else None
    return Viewer(
        account_id=account_id,
        label=str(party),
        party_id=party.pk,
        party_public_id=party.public_id,
        party_name=party.name,
        acting_for_id=authority.party_id if authority else None,
        acting_for_public_id=authority.public_id if authority else None,
        acting_for_name=authority.name if authority else "",
        scopes=authority.scopes if authority else frozenset({EVERYTHING}),
        assurance=level,
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
