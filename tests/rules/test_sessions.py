"""How long sessions last, who owes a second factor, and what a provider's word for a level is worth."""

from datetime import UTC, date, datetime, timedelta
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yici.rules.assurance import (
    CannotReadLevels,
    acr_values,
    height,
    is_at_least,
    is_identified,
    level_of,
    read_levels,
)
from yici.rules.items import Assurance
from yici.rules.people import Role
from yici.rules.sessions import (
    SESSION_LIMITS,
    TWO_FACTOR_ROLES,
    SessionKind,
    needs_second_factor,
    session_limits,
)

TODAY = date(2018, 3, 5)
MOMENTS = st.datetimes(datetime(2018, 1, 1), datetime(2019, 1, 1), timezones=st.just(UTC))
LEVELS = {"low": Assurance.REGISTERED, "face": Assurance.REAL_NAME, "sign": Assurance.SIGNED}


class TestSessions:
    @given(began=MOMENTS, kind=st.sampled_from(SessionKind), used=st.lists(st.integers(0, 10_000), max_size=20))
    def test_never_outlast_their_limit_however_they_are_used(
        self, began: datetime, kind: SessionKind, used: list[int]
    ) -> None:
        limits = session_limits(kind, TODAY)
        seen = began
        for minutes in used:
            seen += timedelta(minutes=minutes)

        assert limits.ends_at(began, seen) <= began + limits.whole
        assert limits.ends_at(began, seen, unhurried=True) == began + limits.whole

    def test_of_staff_rest_and_last_shorter_than_those_of_citizens(self) -> None:
        staff, citizen = session_limits(SessionKind.STAFF, TODAY), session_limits(SessionKind.CITIZEN, TODAY)

        assert staff.idle < citizen.idle
        assert staff.whole < citizen.whole

    def test_give_whoever_needs_it_at_least_twenty_hours(self) -> None:
        """WCAG 2.2, success criterion 2.2.1."""
        assert session_limits(SessionKind.CITIZEN, TODAY).whole >= timedelta(hours=20)

    @pytest.mark.parametrize("kind", SessionKind)
    def test_have_their_limits_and_reasons_on_every_day(self, kind: SessionKind) -> None:
        for day in (date(2000, 1, 1), TODAY, date(2040, 1, 1)):
            assert session_limits(kind, day).reason.zh

    def test_follow_a_newer_row_from_its_day(self) -> None:
        old = next(row for row in SESSION_LIMITS if row.kind is SessionKind.STAFF)
        newer = type(old)(
            kind=old.kind, idle=timedelta(minutes=5), whole=old.whole, valid_from=TODAY, reason=old.reason
        )

        table = [newer, old]
        assert session_limits(SessionKind.STAFF, TODAY, table) is newer
        assert session_limits(SessionKind.STAFF, TODAY - timedelta(days=1), table) is old


class TestSecondFactor:
    @given(roles=st.sets(st.sampled_from(Role)), required=st.booleans(), enrolled=st.booleans())
    def test_is_asked_of_whoever_has_a_device_or_must_have_one(
        self, roles: set[Role], required: bool, enrolled: bool
    ) -> None:
        must = required and any(role in TWO_FACTOR_ROLES for role in roles)

        assert needs_second_factor(roles, is_required=required, is_enrolled=enrolled) is (enrolled or must)


class TestAssurance:
    def test_levels_stand_in_one_order(self) -> None:
        assert all(height(low) < height(high) for low, high in pairwise(Assurance))

    @pytest.mark.parametrize(("low", "high"), list(combinations(Assurance, 2)))
    def test_a_lower_level_is_never_enough_for_a_higher_one(self, low: Assurance, high: Assurance) -> None:
        assert is_at_least(high, low)
        assert not is_at_least(low, high)

    @given(acr=st.none() | st.integers() | st.text() | st.sampled_from(sorted(LEVELS)))
    def test_what_we_do_not_know_identifies_nobody(self, acr: object) -> None:
        level = level_of(acr, LEVELS)

        assert level is LEVELS.get(str(acr), Assurance.REGISTERED)
        assert is_identified(level) is (acr in {"face", "sign"})

    def test_a_provider_is_asked_for_what_is_enough_weakest_first(self) -> None:
        assert acr_values(Assurance.REAL_NAME, LEVELS) == ("face", "sign")
        assert acr_values(Assurance.SIGNED, LEVELS) == ("sign",)

    def test_levels_are_read_from_a_line(self) -> None:
        assert read_levels("low=registered, face=real_name\nhttps://a?b=c=signed")["https://a?b=c"] is Assurance.SIGNED

    @pytest.mark.parametrize("text", ["face", "=signed", "face=none", "face=best"])
    def test_a_malformed_line_is_refused_with_a_sentence(self, text: str) -> None:
        with pytest.raises(CannotReadLevels, match="YICI_OIDC_LEVELS"):
            read_levels(text)
