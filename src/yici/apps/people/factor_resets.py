"""A lost device of a colleague: one administrator asks for the reset, a second person agrees, both are on record."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from yici.apps.journal import actions as journal
from yici.apps.people.models import Account, FactorReset
from yici.apps.people.second_factor import is_enrolled, remove_factor
from yici.apps.people.signing import end_sessions
from yici.apps.people.viewers import Viewer
from yici.rules.people import Role
from yici.rules.refusals import Refusal


class CannotReset(Refusal):
    """A second factor cannot be reset like this, or by this person."""


@dataclass(frozen=True, slots=True)
class ResetView:
    """A request as the administrators of the jurisdiction read it."""

    public_id: UUID
    login: str
    name: str
    organisation: str
    reason: str
    asked_at: datetime
    asked_by: str
    is_own: bool


def _in_jurisdiction(viewer: Viewer, *roles: Role) -> QuerySet[Account]:
    """Return the staff accounts a viewer with one of these roles may decide about: in his region, never his own."""
    if not viewer.has_role(*roles) or viewer.region_path is None:
        return Account.objects.none()
    mine = Account.objects.filter(staff__region__path__startswith=viewer.region_path)
    return mine.exclude(pk=viewer.account_id or 0).select_related("staff__organisation")


def open_resets(viewer: Viewer) -> list[ResetView]:
    """Return the requests that wait, oldest first, for administrators and auditors of the jurisdiction."""
    accounts = _in_jurisdiction(viewer, Role.ADMIN, Role.AUDITOR)
    rows = FactorReset.objects.filter(settled_at=None, account__in=accounts)
    return [
        ResetView(
            public_id=row.public_id,
            login=row.account.login,
            name=row.account.staff.name,
            organisation=row.account.staff.organisation.name,
            reason=row.reason,
            asked_at=row.asked_at,
            asked_by=row.asked_by.name,
            is_own=row.asked_by_id == viewer.staff_id,
        )
        for row in rows.select_related("account__staff__organisation", "asked_by").order_by("asked_at")
    ]


@transaction.atomic
def ask_reset(*, login: str, reason: str, by: Viewer, now: datetime) -> UUID:
    """Ask for the reset of a colleague's second factor; administrators only. Raises CannotReset.

    The sentence is the same for an account that does not exist and for one outside the jurisdiction.
    """
    account = _in_jurisdiction(by, Role.ADMIN).select_for_update(of=("self",)).filter(login=login.strip()).first()
    if account is None or not is_enrolled(account.pk):
        raise CannotReset(
            zh="您管辖的范围内没有这个账号，或它没有验证器。请核对账号名；不能为自己申请。",
            en="There is no such account with an authenticator in your jurisdiction. Check the login; nobody asks "
            "for his own.",
        )
    if not reason.strip():
        raise CannotReset(
            zh="请写明原因和怎样核实了本人身份。", en="Say why, and how you made sure that it is the colleague."
        )
    if FactorReset.objects.filter(account=account, settled_at=None).exists():
        raise CannotReset(
            zh="这个账号已有一个待批准的申请。请等待另一位同事批准。",
            en="A request for this account waits already. A colleague has to agree to it.",
        )
    row = FactorReset.objects.create(account=account, reason=reason.strip(), asked_at=now, asked_by_id=by.staff_id or 0)
    facts = {"reset": str(row.public_id)}
    journal.record("people.factor_reset_asked", subject=str(account), by=by.label, now=now, facts=facts)
    return row.public_id


@transaction.atomic
def settle_reset(*, public_id: UUID, agreed: bool, by: Viewer, now: datetime) -> None:
    """Agree to a colleague's request, or refuse it. Raises CannotReset; FactorReset.DoesNotExist outside the region.

    Agreed: device and codes are removed, and the account is signed out everywhere.
    """
    accounts = _in_jurisdiction(by, Role.ADMIN, Role.AUDITOR)
    row = FactorReset.objects.select_for_update(of=("self",)).filter(account__in=accounts).get(public_id=public_id)
    if row.settled_at is not None:
        raise CannotReset(zh="这个申请已经处理。", en="This request has been settled already.")
    if row.asked_by_id == by.staff_id:
        raise CannotReset(
            zh="申请人不能处理自己的申请，须由另一位管理员或审计人员处理。",
            en="Nobody settles his own request: another administrator or an auditor has to.",
        )
    row.settled_at, row.settled_by_id, row.agreed = now, by.staff_id, agreed
    row.save()
    facts = {"reset": str(public_id), "agreed": agreed, "asked_by": str(row.asked_by)}
    journal.record("people.factor_reset_settled", subject=str(row.account), by=by.label, now=now, facts=facts)
    if agreed:
        remove_factor(account=row.account, by=by.label, now=now)
        end_sessions(account_id=row.account_id, by=by.label, now=now)
