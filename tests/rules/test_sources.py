"""Sources of shared data, as rules: the breaker, the mapping, which source serves a place."""

from contextlib import suppress
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yici.rules.breakers import FAILURES_TO_OPEN, LONGEST_REST_FACTOR, Breaker, BreakerState
from yici.rules.field_mapping import ColumnType, FieldMapping, columns_of, held, mapped
from yici.rules.serving import NATIONWIDE, serving
from yici.rules.source_failures import CannotAsk, Failure, not_answering
from yici.rules.words import Words

REST = 10.0
EVENTS = st.lists(st.tuples(st.sampled_from(["ask", "succeed", "fail"]), st.floats(0, 40)), max_size=60)


def played(events: list[tuple[str, float]]) -> tuple[Breaker, float]:
    """Let a caller behave as it should: it asks only when it may. Return the breaker and the moment."""
    breaker, now = Breaker(REST), 0.0
    for what, passes in events:
        now += passes
        if what == "succeed":
            breaker = breaker.succeeded()
        elif what == "fail":
            breaker = breaker.failed(now)
        elif breaker.may_ask(now):
            breaker = breaker.asked(now)
    return breaker, now


class TestBreaker:
    @given(EVENTS)
    def test_lets_somebody_try_again_whatever_happened(self, events: list[tuple[str, float]]) -> None:
        breaker, now = played(events)

        assert breaker.may_ask(now + REST * LONGEST_REST_FACTOR)

    @given(EVENTS)
    def test_closes_with_the_first_success(self, events: list[tuple[str, float]]) -> None:
        breaker, now = played(events)

        assert breaker.succeeded().state(now) is BreakerState.CLOSED

    @given(EVENTS)
    def test_sends_one_trial_at_a_time_while_open(self, events: list[tuple[str, float]]) -> None:
        breaker, now = played(events)
        if breaker.state(now) is not BreakerState.CLOSED and breaker.may_ask(now):
            assert not breaker.asked(now).may_ask(now)
            assert breaker.asked(now).state(now) is BreakerState.HALF_OPEN

    @given(EVENTS)
    def test_is_open_exactly_after_enough_failures_in_a_row(self, events: list[tuple[str, float]]) -> None:
        breaker, now = played(events)

        assert (breaker.state(now) is BreakerState.CLOSED) == (breaker.failures < FAILURES_TO_OPEN)

    @given(EVENTS)
    def test_rests_longer_after_a_failed_trial_but_not_for_ever(self, events: list[tuple[str, float]]) -> None:
        breaker, now = played([*events, ("fail", 0.0)])

        assert REST <= breaker.rest <= REST * LONGEST_REST_FACTOR
        after = breaker.asked(now).failed(now)
        assert after.rest >= breaker.rest

    def test_does_not_count_late_failures_of_questions_before_it_opened(self) -> None:
        opened = Breaker(REST).failed(0).failed(0).failed(0)

        assert opened.failed(9) == opened


TEXT = st.text("a1-.是 \x00", max_size=12)
CELLS = st.one_of(
    st.none(), TEXT, st.integers(), st.booleans(), st.dates(), st.floats(), st.binary(max_size=5), st.lists(TEXT)
)


class TestMapping:
    @given(st.dictionaries(st.sampled_from(["a", "b", "c"]), CELLS), st.sampled_from(list(ColumnType)))
    def test_gives_text_or_refuses_whatever_a_source_sends(self, row: dict[str, object], kind: ColumnType) -> None:
        rules = {"one": FieldMapping("a", kind, {"1": "yes"}), "two": FieldMapping("b", kind, {"1": "yes"})}
        found: dict[str, str] = {}
        with suppress(CannotAsk):
            found = mapped(row, rules, ["one", "two", "unknown"])

        assert set(found) <= {"one", "two"}
        assert all(isinstance(value, str) and value and "\x00" not in value for value in found.values())

    @given(st.dictionaries(st.sampled_from("ab"), st.sampled_from("xy"), max_size=2), st.sets(st.sampled_from("abcd")))
    def test_never_asks_for_a_column_that_nobody_wants(self, columns: dict[str, str], wanted: set[str]) -> None:
        rules = {name: FieldMapping(column) for name, column in columns.items()}

        assert set(columns_of(rules, wanted)) == {columns[name] for name in wanted & set(columns)}
        assert held(columns_of(rules, wanted), rules, wanted) == wanted & set(columns)

    @pytest.mark.parametrize(
        ("kind", "sent", "ours"),
        [
            (ColumnType.TEXT, " 湖州 ", "湖州"),
            (ColumnType.TEXT, 12, "12"),
            (ColumnType.INTEGER, "0042", "42"),
            (ColumnType.DECIMAL, Decimal("12.50"), "12.50"),
            (ColumnType.DECIMAL, 0.1, "0.1"),
            (ColumnType.BOOLEAN, "是", "true"),
            (ColumnType.BOOLEAN, 0, "false"),
            (ColumnType.DATE, date(2018, 3, 5), "2018-03-05"),
            (ColumnType.DATE, "2018-03-05T10:00:00", "2018-03-05"),
            (ColumnType.CODE, 1, "存续"),
        ],
    )
    def test_turns_their_values_into_ours(self, kind: ColumnType, sent: object, ours: str) -> None:
        rules = {"field": FieldMapping("column", kind, {"1": "存续"})}

        assert mapped({"column": sent}, rules, ["field"]) == {"field": ours}

    @pytest.mark.parametrize(
        ("kind", "sent"),
        [
            (ColumnType.INTEGER, "twelve"),
            (ColumnType.BOOLEAN, "perhaps"),
            (ColumnType.DATE, "2018-02-30"),
            (ColumnType.CODE, "9"),
            (ColumnType.TEXT, b"\x00\x01"),
            (ColumnType.TEXT, "x" * 2_001),
        ],
    )
    def test_names_the_column_and_never_the_value(self, kind: ColumnType, sent: object) -> None:
        rules = {"field": FieldMapping("column", kind, {"1": "存续"})}

        with pytest.raises(CannotAsk, match="column 'column'") as refused:
            mapped({"column": sent}, rules, ["field"])
        assert str(sent) not in refused.value.text("zh") + refused.value.text("en")

    def test_notices_a_column_that_is_gone(self) -> None:
        with pytest.raises(CannotAsk, match="is missing"):
            mapped({}, {"field": FieldMapping("column")}, ["field"])


HERE = ("330502000000", "330502", "330500000000", "330500", "330000000000", "330000")


class TestServing:
    @pytest.mark.parametrize(
        ("regions", "chosen"),
        [
            (["330502", "330500", "330000", NATIONWIDE], "330502"),
            (["330500000000", "330000"], "330500000000"),
            (["330122", "330000"], "330000"),
            (["330122", NATIONWIDE], NATIONWIDE),
            (["330122"], None),
        ],
    )
    def test_is_by_the_nearest_that_serves_the_place(self, regions: list[str], chosen: str | None) -> None:
        assert serving({code or "nation": code for code in regions}, HERE) == ("nation" if chosen == "" else chosen)

    def test_looks_at_the_persons_own_place_when_nobody_serves_the_other(self) -> None:
        assert serving({"tonglu": "330122", "nation": NATIONWIDE}, HERE, ("330122000000", "330122")) == "tonglu"


class TestFailures:
    @pytest.mark.parametrize("failure", list(Failure))
    def test_have_a_sentence_in_both_languages(self, failure: Failure) -> None:
        said = not_answering(Words("消防", "Fire service"), failure.words)

        assert failure.words.zh in said.zh
        assert failure.words.en in said.en
        assert str(CannotAsk(failure)).endswith(".")
