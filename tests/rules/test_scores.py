"""Scorecards: what no formula may do, whatever the figures."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from yici.rules.measures import MEASURES, Unit
from yici.rules.scores import FORMULA, NOTHING, Tally, interval, rate, score, together

MEASURED = [one.measure for one in FORMULA.components]
RATES = {key for key, one in MEASURES.items() if one.unit is Unit.PER_TEN_THOUSAND}


@st.composite
def tallies(draw: st.DrawFn, fewest: int = 0, most: int = 400) -> dict[str, Tally]:
    found = {}
    for key in MEASURED:
        of = draw(st.integers(fewest, most))
        found[key] = Tally(draw(st.integers(0, 5 if key in RATES else of)), of)
    return found


def test_every_measure_of_the_formula_is_defined_and_the_weights_are_a_hundred() -> None:
    assert set(MEASURED) <= set(MEASURES)
    assert sum(one.weight for one in FORMULA.components) == 100


@given(tallies(), tallies(), st.sampled_from(MEASURED))
def test_a_thing_that_went_well_instead_of_badly_never_costs(
    mine: dict[str, Tally], others: dict[str, Tally], key: str
) -> None:
    was = mine[key]
    better = Tally(max(was.good - 1, 0) if key in RATES else min(was.good + 1, was.of), was.of)
    before = score(mine, together([mine, others])).total
    after = score(mine | {key: better}, together([mine | {key: better}, others])).total
    assert (before is None) == (after is None)
    if before is not None and after is not None:
        assert after >= before


@given(tallies(fewest=FORMULA.fewest), tallies())
def test_a_score_lies_between_nothing_and_a_hundred(mine: dict[str, Tally], others: dict[str, Tally]) -> None:
    total = score(mine, together([mine, others])).total
    assert total is not None
    assert 0 <= total <= 100


@given(tallies(), tallies())
def test_few_things_are_hidden_and_count_for_nothing(mine: dict[str, Tally], others: dict[str, Tally]) -> None:
    found = score(mine, others)
    for part in found.parts:
        assert part.is_hidden == (mine[part.measure].of < FORMULA.fewest)
        if part.is_hidden:
            assert (part.raw, part.drawn, part.low, part.high) == (None,) * 4
    shown = sum(part.weight for part in found.parts if not part.is_hidden)
    assert (found.total is None) == (shown < 40)


@given(st.integers(10, 5000), st.data())
def test_an_interval_holds_the_value_and_narrows(of: int, data: st.DataObject) -> None:
    tally = Tally(data.draw(st.integers(0, of)), of)
    low, high = interval(tally, MEASURES["visits_kept"])
    assert 0 <= low <= rate(tally) + 1e-9
    assert rate(tally) - 1e-9 <= high <= 1
    more = interval(Tally(tally.good * 4, tally.of * 4), MEASURES["visits_kept"])
    assert more[1] - more[0] < high - low


@given(st.integers(10, 400), st.data())
def test_a_small_number_is_drawn_towards_its_peers(of: int, data: st.DataObject) -> None:
    mine, peers = Tally(data.draw(st.integers(0, of)), of), Tally(700, 1000)
    part = next(
        one for one in score({"visits_kept": mine}, {"visits_kept": peers}).parts if one.measure == "visits_kept"
    )
    raw, drawn = rate(mine), part.drawn
    assert drawn is not None
    assert min(raw, 0.7) - 1e-4 <= drawn <= max(raw, 0.7) + 1e-4
    assert abs(drawn - 0.7) <= abs(raw - 0.7) + 1e-4


@given(tallies(), st.permutations(range(3)))
def test_peers_are_the_same_in_any_order(mine: dict[str, Tally], order: list[int]) -> None:
    three = [mine, {"visits_kept": Tally(1, 2)}, {}]
    assert together([three[place] for place in order]) == together(three)
    assert together([]).get("visits_kept", NOTHING) == NOTHING


def test_another_formula_is_another_version() -> None:
    mine = {key: Tally(0 if key in RATES else 90, 100) for key in MEASURED}
    stricter = replace(FORMULA, version="x", fewest=1000)
    assert score(mine, mine).total is not None
    assert score(mine, mine, stricter).total is None
