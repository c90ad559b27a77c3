"""The second factor of a sign-in: enrol an app with codes, give a code, use a recovery code."""

import base64
import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import quote, urlencode

from django.conf import settings
from django.db import transaction

from yici.apps.journal import actions as journal
from yici.apps.people.models import Account, Authenticator, RecoveryCode
from yici.rules.people import Role
from yici.rules.refusals import Refusal
from yici.rules.sessions import needs_second_factor

ISSUER = "Yici"
_KEY_BYTES, _CODES, _CODE_BYTES = 20, 10, 10


class CannotEnrol(Refusal):
    """An authenticator cannot be set up like this."""


class CannotGiveCode(Refusal):
    """A code is wrong, was used before, or it is too early to try again."""


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What a person needs to set up the app, once: an address for the QR code, and the key to type instead."""

    address: str = field(repr=False)
    key: str = field(repr=False)


def is_required() -> bool:
    """Whether this site asks the roles of ``TWO_FACTOR_ROLES`` for a second factor."""
    return bool(settings.STAFF_SECOND_FACTOR == "required")


def must_have(roles: Iterable[Role]) -> bool:
    """Whether a post with these roles must have a second factor on this site."""
    return needs_second_factor(roles, is_required=is_required(), is_enrolled=False)


def is_enrolled(account_id: int) -> bool:
    """Whether an account has a confirmed authenticator."""
    return bool(Authenticator.objects.filter(user_id=account_id, confirmed=True).exists())


def is_asked_of(account: Account) -> bool:
    """Whether signing in to this account takes a second factor."""
    roles = [Role(role) for role in account.staff.roles] if account.staff else []
    return needs_second_factor(roles, is_required=is_required(), is_enrolled=is_enrolled(account.pk))


def codes_left(account_id: int) -> int:
    """Return how many recovery codes are unused."""
    return RecoveryCode.objects.filter(authenticator__user_id=account_id, used_at=None).count()


@transaction.atomic
def begin_enrolment(*, account_id: int, now: datetime) -> Enrolment:
    """Return the key to scan; the same until it is confirmed. Raises CannotEnrol when there is a device already."""
    account = Account.objects.select_for_update().get(pk=account_id)
    if is_enrolled(account_id):
        raise CannotEnrol(
            zh="这个账号已经有验证器。要换手机，请先停用旧的；丢失时请管理员重置。",
            en="This account has an authenticator. To change the phone, remove it first; if it is lost, ask an "
            "administrator for a reset.",
        )
    device, _ = Authenticator.objects.get_or_create(
        user=account,
        confirmed=False,
        defaults={"name": "app", "key": secrets.token_hex(_KEY_BYTES), "made_at": now},
    )
    key = base64.b32encode(bytes.fromhex(device.key)).decode()
    options = urlencode({"secret": key, "issuer": ISSUER, "algorithm": "SHA1", "digits": 6, "period": 30})
    address = f"otpauth://totp/{quote(f'{ISSUER}:{account.login}')}?{options}"
    return Enrolment(address, " ".join(key[start : start + 4] for start in range(0, len(key), 4)))


def confirm_enrolment(*, account_id: int, code: str, by: str, now: datetime) -> list[str]:
    """Take the first code of the app and return the recovery codes: the only time they can be read.

    Raises CannotGiveCode for a wrong code.
    """
    with transaction.atomic():
        device = Authenticator.objects.select_for_update().filter(user_id=account_id, confirmed=False).first()
        refused = _refused(device, code, now) if device else _NOTHING_TO_CONFIRM
        if device is not None and refused is None:
            device.confirmed = True
            device.save()
            journal.record("people.factor_enrolled", subject=f"account:{account_id}", by=by, now=now)
            return _new_codes(device)
    raise refused or _NOTHING_TO_CONFIRM


_NOTHING_TO_CONFIRM = CannotGiveCode(
    zh="没有等待确认的验证器。请回到上一页，重新扫码。",
    en="There is no authenticator to confirm. Go back and scan the code again.",
)


def _new_codes(device: Authenticator) -> list[str]:
    RecoveryCode.objects.filter(authenticator=device).delete()
    raw = [base64.b32encode(secrets.token_bytes(_CODE_BYTES)).decode() for _ in range(_CODES)]
    RecoveryCode.objects.bulk_create(RecoveryCode(authenticator=device, code_hash=_hash(one)) for one in raw)
    return ["-".join(one[start : start + 4] for start in range(0, len(one), 4)) for one in raw]


def _hash(code: str) -> str:
    # 80 random bits: a plain hash cannot be undone, and stays valid when the key of personal values changes.
    return hashlib.sha256(code.encode()).hexdigest()


def _refused(device: Authenticator, code: str, now: datetime) -> CannotGiveCode | None:
    """Return why a code is not taken, or None when it is; keeps count of failures. The caller holds the lock."""
    allowed, why = device.verify_is_allowed()
    if not allowed:
        seconds = max(1, int((why["locked_until"] - now).total_seconds()) + 1)
        return CannotGiveCode(
            zh=f"输错次数较多，请{seconds}秒后再试。每错一次，等待时间加倍。",
            en=f"Too many wrong codes: try again in {seconds} seconds. The wait doubles with each wrong one.",
        )
    if device.matches(code, now.timestamp()):
        device.throttle_reset(commit=False)
        return None
    device.throttle_increment(commit=True)
    return CannotGiveCode(
        zh="验证码不对或已经用过。请等应用显示下一个验证码再输入；并请核对手机时间。",
        en="The code is wrong or was used already. Wait for the next one, and check the clock of your phone.",
    )


def give_code(*, account_id: int, code: str, by: str, now: datetime) -> None:
    """Take a code of the app, or a recovery code. Raises CannotGiveCode; failures count although it raises."""
    typed = code.replace(" ", "").replace("-", "").upper()
    with transaction.atomic():
        device = Authenticator.objects.select_for_update().filter(user_id=account_id, confirmed=True).first()
        refused: CannotGiveCode | None = _NO_DEVICE
        if device is not None:
            refused = _recovered(device, typed, by, now) if len(typed) > 6 else _refused(device, typed, now)
        if device is not None and refused is None:
            device.save()
    if refused is not None:
        raise refused


_NO_DEVICE = CannotGiveCode(
    zh="这个账号还没有验证器。请先设置。", en="This account has no authenticator yet. Set one up first."
)


def _recovered(device: Authenticator, typed: str, by: str, now: datetime) -> CannotGiveCode | None:
    allowed, _why = device.verify_is_allowed()
    found = RecoveryCode.objects.filter(authenticator=device, code_hash=_hash(typed), used_at=None)
    if allowed and found.update(used_at=now):
        device.throttle_reset(commit=False)
        facts = {"left": codes_left(device.user_id)}
        journal.record("people.recovery_code_used", subject=f"account:{device.user_id}", by=by, now=now, facts=facts)
        return None
    if not allowed:
        return _refused(device, typed, now)
    device.throttle_increment(commit=True)
    return CannotGiveCode(
        zh="恢复码不对或已经用过。每个恢复码只能用一次，请换一个。",
        en="The recovery code is wrong or was used already. Each works once; take another.",
    )


@transaction.atomic
def remove_factor(*, account: Account, by: str, now: datetime) -> None:
    """Remove the authenticator and its codes, so that the person may set up another."""
    Authenticator.objects.filter(user=account).delete()
    journal.record("people.factor_removed", subject=str(account), by=by, now=now)


def remove_own(*, account_id: int, by: str, now: datetime) -> None:
    """Remove one's own authenticator; the caller has taken a code of it."""
    remove_factor(account=Account.objects.get(pk=account_id), by=by, now=now)
