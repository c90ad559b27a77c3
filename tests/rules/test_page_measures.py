"""Measures of a page: known effects are covered, none is claimed where there is none, and nobody counts twice."""

from datetime import datetime, timedelta
from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from yici.rules.drawn_units import browser_unit, drawn_by, unit_of
from yici.rules.page_measures import (
    MOST_SENT_BACK,
    OF_A_PAGE,
    Arm,
    Sheet,
    Told,
    arm,
    readers,
    values,
    worked_since,
)
from yici.rules.pilots import Effect, bounds, error_of, is_in_pilot, random_effect

BEGUN = datetime(2018, 3, 5, 9, 0)
WEEK = timedelta(days=7)
OVER = BEGUN + WEEK + timedelta(hours=8)
AWAY = timedelta(minutes=30)
# Of an exact 95 % interval more than 7 in 100 fail in 13 of 100 tries: the rates are counted over a thousand.
TRIES, PEOPLE = 1000, 120
DRAFTS = st.tuples(st.sampled_from("abc"), st.integers(0, 20), st.booleans(), st.integers(0, 900), st.integers(0, 3))
# The truth of the simulated people: outside, and how much the other words change it.
TRUTH = {
    "completed": (0.55, 0.10),
    "worked_minutes": (log(18.0), -0.20),
    "sent_back": (0.9, -0.3),
    "help_asked": (0.15, -0.06),
}


def simulated(seed: int, effect: float) -> list[Sheet]:
    """Return the sheets of people whom other words change by a multiple of the effect of TRUTH; 0 changes nobody."""
    chance = np.random.default_rng(seed)
    inside = [is_in_pilot(f"pilot{seed}", str(number), 0.5) for number in range(PEOPLE)]

    def of(key: str) -> NDArray[np.float64]:
        outside, change = TRUTH[key]
        return outside + change * effect * np.asarray(inside, float)

    begun = [BEGUN + timedelta(minutes=float(one)) for one in chance.uniform(0, 400, PEOPLE)]
    finished, helped = chance.random(PEOPLE) < of("completed"), chance.random(PEOPLE) < of("help_asked")
    minutes, back = np.exp(chance.normal(of("worked_minutes"), 0.6)), chance.poisson(of("sent_back"))
    nights = chance.random(PEOPLE) < 1 / 3
    return [
        Sheet(
            str(n), inside[n], begun[n], begun[n] + WEEK, begun[n] + timedelta(days=2) if finished[n] else None,
            worked(float(minutes[n]), sleeps=bool(nights[n])), int(back[n]), bool(helped[n]),
        )
        for n in range(PEOPLE)
    ]  # fmt: skip


def worked(minutes: float, *, sleeps: bool) -> int:
    """Return the seconds worked by somebody who touches the draft every ten minutes, and may sleep over it."""
    pieces = 1 + int(minutes // 10)
    step, night = timedelta(minutes=minutes / pieces), timedelta(hours=14)
    last = worked_since(BEGUN, BEGUN + night, AWAY) if sleeps else 0
    return pieces * worked_since(BEGUN, BEGUN + step, AWAY) + last


@pytest.fixture(scope="module")
def effects() -> dict[tuple[str, float], list[Effect]]:
    """Every measure judged in a thousand pilots, with the effect of TRUTH and without any."""
    found: dict[tuple[str, float], list[Effect]] = {}
    for effect in (1.0, 0.0):
        for seed in range(TRIES):
            people = readers(simulated(seed, effect), OVER)
            for measure in OF_A_PAGE:
                found.setdefault((measure, effect), []).append(random_effect(*values(measure, people)))
    return found


@pytest.mark.parametrize("measure", OF_A_PAGE)
class TestTheEstimate:
    def test_covers_a_known_effect_in_93_of_100(
        self, effects: dict[tuple[str, float], list[Effect]], measure: str
    ) -> None:
        true = TRUTH[measure][1]

        assert np.mean([one.lower <= true <= one.upper for one in effects[measure, 1.0]]) >= 0.93

    def test_claims_none_where_there_is_none(
        self, effects: dict[tuple[str, float], list[Effect]], measure: str
    ) -> None:
        assert np.mean([one.is_claimed for one in effects[measure, 0.0]]) <= 0.07

    def test_finds_an_effect_more_often_than_none(
        self, effects: dict[tuple[str, float], list[Effect]], measure: str
    ) -> None:
        assert np.mean([one.is_claimed for one in effects[measure, 1.0]]) > 2 * np.mean(
            [one.is_claimed for one in effects[measure, 0.0]]
        )


class TestLooks:
    def test_looking_before_the_end_claims_no_effect_more_often(self) -> None:
        looks, claimed = [0.25, 0.5, 0.75, 1.0], 0
        limits = bounds(looks)
        for seed in range(TRIES):
            people = readers(simulated(seed, 0.0), OVER)
            shown = [
                random_effect(*values("completed", people[: int(share * PEOPLE)]), error=error_of(limit))
                for share, limit in zip(looks, limits, strict=True)
            ]
            claimed += any(one.is_claimed for one in shown)

        assert claimed / TRIES <= 0.07


def sheet(who: str = "a", begun: timedelta = timedelta(), **more: object) -> Sheet:
    return Sheet(who, True, BEGUN + begun, BEGUN + begun + WEEK, **more)  # type: ignore[arg-type]


class TestReaders:
    def test_nobody_counts_before_his_days_are_over(self) -> None:
        quick = sheet(submitted_at=BEGUN + timedelta(hours=1))

        assert readers([quick], BEGUN + WEEK - timedelta(seconds=1)) == []
        assert len(readers([quick], BEGUN + WEEK)) == 1

    def test_who_gives_up_and_begins_again_counts_once(self) -> None:
        first = sheet(worked=60, sent_back=1)
        again = sheet(begun=timedelta(days=2), worked=120, helped=True, submitted_at=BEGUN + timedelta(days=3))
        late = sheet(begun=timedelta(days=9), sent_back=4)

        (one,) = readers([late, again, first], BEGUN + timedelta(days=30))

        assert (one.completed, one.minutes, one.sent_back, one.helped) == (True, 3.0, 1, True)

    def test_a_submission_after_the_days_is_none(self) -> None:
        again = sheet(begun=timedelta(days=6), submitted_at=BEGUN + timedelta(days=8))

        (one,) = readers([sheet(), again], BEGUN + timedelta(days=30))

        assert one.value("completed") == 0
        assert one.value("worked_minutes") is None

    def test_one_browser_that_sends_the_same_form_for_ever_is_one_person(self) -> None:
        (one,) = readers([sheet(sent_back=9_999)], OVER)

        assert one.value("sent_back") == MOST_SENT_BACK

    @given(
        st.lists(
            st.tuples(
                st.sampled_from("abc"), st.integers(0, 20), st.booleans(), st.integers(0, 900), st.integers(0, 3)
            ),
            max_size=12,
        ),
        st.randoms(),
    )
    def test_agree_with_a_count_one_by_one_in_any_order(self, rows: list[tuple], chance) -> None:  # type: ignore[no-untyped-def,type-arg]
        sheets = [
            sheet(who, timedelta(days=day), worked=worked, sent_back=back,
                  submitted_at=BEGUN + timedelta(days=day, hours=1) if done else None)
            for who, day, done, worked, back in rows
        ]  # fmt: skip
        now = BEGUN + timedelta(days=14)
        mixed = list(sheets)
        chance.shuffle(mixed)

        told = [(one.completed, round(one.minutes * 60), one.sent_back) for one in readers(mixed, now)]

        assert sorted(told) == sorted(one_by_one(sheets, now))


def one_by_one(sheets: list[Sheet], now: datetime) -> list[tuple[bool, int, int]]:
    told = []
    for who in {one.who for one in sheets}:
        first = min(one.begun_at for one in sheets if one.who == who)
        if first + WEEK > now:
            continue
        done, worked, back = False, 0, 0
        for one in sheets:
            if one.who == who and one.begun_at < first + WEEK:
                done = done or (one.submitted_at is not None and one.submitted_at < first + WEEK)
                worked, back = worked + one.worked, back + one.sent_back
        told.append((done, worked, min(back, MOST_SENT_BACK)))
    return told


class TestArm:
    def test_of_nobody_has_no_time(self) -> None:
        assert arm([], inside=True) == Arm(0, 0, None, 0.0, 0)


class TestTold:
    def test_a_difference_of_logarithms_is_a_share_of_the_time(self) -> None:
        assert Told.RATIO.amount(log(0.5)) == "-50.0"


class TestDrawnUnits:
    def test_what_began_in_a_browser_keeps_its_side_after_the_sign_in(self) -> None:
        browser = browser_unit("token")

        before, after = unit_of("", browser), unit_of("17", browser)

        assert drawn_by(before, of_wording=True) == drawn_by(after, of_wording=True) == browser
        assert (drawn_by(before, of_wording=False), drawn_by(after, of_wording=False)) == ("", "17")

    def test_a_browser_is_never_taken_for_a_person(self) -> None:
        assert not browser_unit("token").isdigit()
        assert len(browser_unit("token")) == 32
        assert browser_unit("") == ""
