"""Keeps sessions sealed in the database: the cookie's key is hashed, the content locked and bound to its row."""

import hashlib
from datetime import datetime
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import IntegrityError, transaction
from django.utils import timezone

from yici.apps.people.encryption import CannotUnlock
from yici.apps.people.models import Account
from yici.apps.people.sign_in_models import Session
from yici.rules.sessions import SessionKind, SessionLimits, session_limits

ROW, BEGAN, KIND, UNHURRIED = "_row", "_began", "_kind", "unhurried"
SEEN_EVERY_SECONDS = 60  # a row is not written at each look


def key_hash(session_key: str) -> str:
    """Return what is stored instead of a session's key. Keys are 165 random bits: a plain hash cannot be undone."""
    return hashlib.sha256(session_key.encode()).hexdigest()


class SessionStore(SessionBase):
    """What Django asks of a store of sessions. It takes its own clock: Django's interface passes none."""

    def load(self) -> dict[str, Any]:
        """Return the content; nothing when it ended, was changed, or was moved from another row."""
        now = timezone.now()
        content = self._opened(now) if self.session_key else None
        if content is None:
            self._session_key = None
            return {}
        return content

    def _opened(self, now: datetime) -> dict[str, Any] | None:
        own = key_hash(str(self.session_key))
        try:
            row = Session.objects.filter(key_hash=own, expires_at__gt=now).first()
        except CannotUnlock:
            return None
        if row is None or row.sealed.get(ROW) != own or _account_id(row.sealed) != row.account_id:
            return None
        if (now - row.seen_at).total_seconds() >= SEEN_EVERY_SECONDS:
            ends = _limits(SessionKind(row.kind), now).ends_at(
                row.began_at, now, unhurried=bool(row.sealed.get(UNHURRIED))
            )
            Session.objects.filter(pk=row.pk).update(seen_at=now, expires_at=min(ends, row.ends_at))
        content: dict[str, Any] = row.sealed
        return content

    def exists(self, session_key: str) -> bool:
        return Session.objects.filter(key_hash=key_hash(session_key)).exists()

    def create(self) -> None:
        while True:
            self._session_key = self._get_new_session_key()  # type: ignore[attr-defined]
            try:
                self.save(must_create=True)
            except CreateError:
                continue
            self.modified = True
            return

    def save(self, must_create: bool = False) -> None:
        if self.session_key is None:
            self.create()
            return
        content = self._get_session(no_load=must_create)  # type: ignore[attr-defined]
        columns = self._columns(content, timezone.now())
        own = key_hash(self.session_key)
        if must_create:
            try:
                with transaction.atomic():
                    Session.objects.create(key_hash=own, **columns)
            except IntegrityError as taken:
                raise CreateError from taken
        elif not Session.objects.filter(key_hash=own).update(**columns):
            # Signed out in another window meanwhile: what is gone stays gone.
            raise UpdateError

    def _columns(self, content: dict[str, Any], now: datetime) -> dict[str, Any]:
        account_id = _account_id(content)
        kind = _kind(content, account_id)
        began = datetime.fromisoformat(content[BEGAN]) if BEGAN in content else now
        limits = _limits(kind, now)
        # A visitor who signs in begins anew; a second factor or a higher level does not prolong anything.
        if content.get(KIND) != kind:
            began = now
        sealed = {**content, ROW: key_hash(str(self.session_key)), BEGAN: began.isoformat(), KIND: kind.value}
        self._session_cache = sealed
        return {
            "account_id": account_id,
            "kind": kind.value,
            "sealed": sealed,
            "began_at": began,
            "seen_at": now,
            "ends_at": began + limits.whole,
            "expires_at": limits.ends_at(began, now, unhurried=bool(content.get(UNHURRIED))),
        }

    def delete(self, session_key: str | None = None) -> None:
        wanted = session_key or self.session_key
        if wanted is not None:
            Session.objects.filter(key_hash=key_hash(wanted)).delete()

    def get_expiry_age(self, **_ignored: Any) -> int:
        """Return how long the browser keeps the cookie, in seconds; the row decides whether it still opens anything."""
        kind = SessionKind(self.get(KIND, SessionKind.VISITOR))
        return int(_limits(kind, timezone.now()).whole.total_seconds())

    @classmethod
    def clear_expired(cls) -> None:
        Session.objects.filter(expires_at__lte=timezone.now()).delete()


def _limits(kind: SessionKind, now: datetime) -> SessionLimits:
    return session_limits(kind, timezone.localdate(now))


def _account_id(content: dict[str, Any]) -> int | None:
    return int(content[SESSION_KEY]) if content.get(SESSION_KEY) else None


def _kind(content: dict[str, Any], account_id: int | None) -> SessionKind:
    if account_id is None:
        return SessionKind.VISITOR
    known = SessionKind(content.get(KIND, SessionKind.VISITOR))
    if known is not SessionKind.VISITOR:
        return known
    is_staff = Account.objects.filter(pk=account_id, staff__isnull=False).exists()
    return SessionKind.STAFF if is_staff else SessionKind.CITIZEN
