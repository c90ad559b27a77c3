"""How long somebody stays signed in: limits by kind of session, as dated rows with their reason."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from yici.rules.people import Role
from yici.rules.words import Words


class SessionKind(StrEnum):
    """Whose session it is; staff see other people's records and are signed out sooner."""

    VISITOR = "visitor"
    CITIZEN = "citizen"
    STAFF = "staff"


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionLimits:
    """How long a session may rest and how long it may last, from a day on, with the reason."""

    kind: SessionKind
    idle: timedelta
    whole: timedelta
    valid_from: date
    reason: Words

    def ends_at(self, began_at: datetime, seen_at: datetime, *, unhurried: bool = False) -> datetime:
        """Return when the session ends if nothing more happens; ``unhurried`` (elder version) knows no resting limit.

        >>> from datetime import UTC
        >>> nine, ten = datetime(2018, 3, 5, 9, tzinfo=UTC), datetime(2018, 3, 5, 10, tzinfo=UTC)
        >>> session_limits(SessionKind.STAFF, date(2018, 3, 5)).ends_at(nine, ten).isoformat()
        '2018-03-05T10:30:00+00:00'
        """
        last = began_at + self.whole
        return last if unhurried else min(last, seen_at + self.idle)


_PROTECTION = "GB/T 22239-2019 8.1.4.1"
_FROM = date(2017, 1, 1)
# The standard asks that idle sign-ins end and names no minutes; the minutes are the house's and may differ by a row.
SESSION_LIMITS: tuple[SessionLimits, ...] = (
    SessionLimits(
        kind=SessionKind.VISITOR,
        idle=timedelta(hours=8),
        whole=timedelta(days=7),
        valid_from=_FROM,
        reason=Words(
            "未登录的草稿保留到当天结束", "a draft of somebody not signed in is there until the end of the day"
        ),
    ),
    SessionLimits(
        kind=SessionKind.CITIZEN,
        idle=timedelta(hours=2),
        # At least 20 hours: whoever needs time has it (WCAG 2.2, success criterion 2.2.1).
        whole=timedelta(hours=24),
        valid_from=_FROM,
        reason=Words(f"登录超时自动退出（{_PROTECTION}）", f"idle sign-ins end by themselves ({_PROTECTION})"),
    ),
    SessionLimits(
        kind=SessionKind.STAFF,
        idle=timedelta(minutes=30),
        whole=timedelta(hours=12),
        valid_from=_FROM,
        reason=Words(
            f"登录超时自动退出（{_PROTECTION}）；不超过一个工作日",
            f"idle sign-ins end by themselves ({_PROTECTION}); never longer than a working day",
        ),
    ),
)


def session_limits(kind: SessionKind, on: date, table: Iterable[SessionLimits] = SESSION_LIMITS) -> SessionLimits:
    """Return the row of a kind that holds on a day: the latest start; before the first row, the first."""
    rows = sorted((row for row in table if row.kind is kind), key=lambda row: row.valid_from)
    return next((row for row in reversed(rows) if row.valid_from <= on), rows[0])


# Who decides, sees everything or opens doors for others needs two factors (GB/T 22239-2019 8.1.4.1 d).
TWO_FACTOR_ROLES = frozenset({Role.DECIDER, Role.ADMIN, Role.AUDITOR, Role.STEWARD})


def needs_second_factor(roles: Iterable[Role], *, is_required: bool, is_enrolled: bool) -> bool:
    """Whether a code is asked for at sign-in: of whoever has a device, and of these roles where the site requires it.

    >>> needs_second_factor([Role.WINDOW], is_required=True, is_enrolled=False)
    False
    """
    return is_enrolled or (is_required and not TWO_FACTOR_ROLES.isdisjoint(roles))
