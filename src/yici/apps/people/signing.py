"""Signing in and out: which devices an account is signed in on, and ending that; passwords."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from yici.apps.journal import actions as journal
from yici.apps.people.facts import password_fault
from yici.apps.people.models import Account, Session
from yici.apps.people.session_store import key_hash
from yici.apps.people.viewers import Viewer
from yici.rules.items import Assurance
from yici.rules.refusals import Refusal

# What a session knows of its sign-in, beside what Django keeps.
LEVEL, WAY, DEVICE, FACTOR, AWAITS = "level", "way", "device", "second_factor", "awaits_second_factor"


class CannotChangePassword(Refusal):
    """A password cannot be changed like this."""


@dataclass(frozen=True, slots=True)
class SessionView:
    """One browser an account is signed in on, as its person reads it."""

    public_id: UUID
    device: str
    way: str
    level: Assurance
    with_second_factor: bool
    began_at: datetime
    seen_at: datetime
    ends_at: datetime
    is_this: bool


def note_sign_in(*, account: Account, way: str, level: Assurance, now: datetime) -> None:
    """Write down that an account was signed in, in which way and how sure we are."""
    facts = {"way": way, "level": level.value}
    journal.record("people.signed_in", subject=str(account), by=str(account), now=now, facts=facts)


def sessions_of(viewer: Viewer, *, this: str | None, now: datetime) -> list[SessionView]:
    """Return where the viewer's account is signed in, this browser first; ``this`` is the key of its session."""
    own = key_hash(this or "")
    rows = _running(viewer).filter(expires_at__gt=now).order_by("-seen_at")
    views = [
        SessionView(
            public_id=row.public_id,
            device=row.sealed.get(DEVICE, ""),
            way=row.sealed.get(WAY, ""),
            level=Assurance(row.sealed.get(LEVEL) or Assurance.REGISTERED),
            with_second_factor=bool(row.sealed.get(FACTOR)),
            began_at=row.began_at,
            seen_at=row.seen_at,
            ends_at=row.expires_at,
            is_this=row.key_hash == own,
        )
        for row in rows
    ]
    return sorted(views, key=lambda one: not one.is_this)


def _running(viewer: Viewer) -> QuerySet[Session]:
    return Session.objects.filter(account_id=viewer.account_id or 0)


@transaction.atomic
def end_session(*, public_id: UUID, by: Viewer, now: datetime) -> bool:
    """Sign one browser of the viewer's own account out. Returns False when there is none such."""
    ended, _ = _running(by).filter(public_id=public_id).delete()
    if ended:
        _note_ended(by.account_id or 0, by.label, 1, now)
    return bool(ended)


@transaction.atomic
def end_sessions(*, account_id: int, by: str, now: datetime, but: str | None = None) -> int:
    """Sign an account out everywhere; ``but`` is the key of a session that stays. Returns how many ended."""
    rows = Session.objects.filter(account_id=account_id).exclude(key_hash=key_hash(but or ""))
    ended, _ = rows.delete()
    if ended:
        _note_ended(account_id, by, ended, now)
    return ended


def _note_ended(account_id: int, by: str, count: int, now: datetime) -> None:
    facts = {"sessions": count}
    journal.record("people.sessions_ended", subject=f"account:{account_id}", by=by, now=now, facts=facts)


@transaction.atomic
def change_password(*, old: str, new: str, by: Viewer, this: str | None, now: datetime) -> Account:
    """Change the password and sign every other browser out. Raises CannotChangePassword.

    An account that had none (it was opened through a provider) gives no old one.
    """
    account = Account.objects.select_for_update().get(pk=by.account_id or 0)
    if account.has_usable_password() and not account.check_password(old):
        raise CannotChangePassword(
            zh="原密码不对，密码没有修改。请重新输入原密码。",
            en="The old password is not right; nothing was changed. Type it again.",
        )
    if (weak := password_fault(new)) is not None:
        raise CannotChangePassword(zh=weak.zh, en=weak.en)
    account.set_password(new)
    account.save(update_fields=["password"])
    journal.record("people.password_changed", subject=str(account), by=by.label, now=now)
    end_sessions(account_id=account.pk, by=by.label, now=now, but=this)
    return account


@transaction.atomic
def sweep_sessions(*, now: datetime) -> int:
    """Delete the sessions whose time is over; returns how many."""
    ended, _ = Session.objects.filter(expires_at__lte=now).delete()
    return ended
