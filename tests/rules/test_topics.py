"""Topics: what is more than expected, by what measure, and that nothing is found where nothing is."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yici.rules.topic_kinds import TopicKind, came_back, episode, season_of
from yici.rules.topics import CannotFindTopics, Expectation, Finding, Group, expectations, topics

FAMILIES, REGIONS = 5, 6


def quiet(seed: int, weeks: int = 60, families: int = FAMILIES, regions: int = REGIONS) -> list[Group]:
    """Return groups whose weeks differ by more than chance, and in which nothing happens."""
    chance, made = np.random.default_rng(seed), []
    for family in range(families):
        for region in range(regions):
            usual = chance.gamma(1.0, 1.0) * chance.gamma(5.0, 0.2, size=weeks)
            counts = tuple(int(one) for one in chance.poisson(usual))
            made.append(Group(f"{family}-{region}", f"{family}", f"{region}", counts))
    return made


def sparse(seed: int) -> list[Group]:
    """Return many groups with a voice here and there, in weeks as uneven as an exponential."""
    chance = np.random.default_rng(seed)
    usual = chance.gamma(1.0, 0.07, size=(140, 1)) * chance.exponential(size=(140, 20))
    counts = chance.poisson(usual)
    return [
        Group(f"{number}", f"{number % 20}", f"{number // 20}", tuple(map(int, weeks)))
        for number, weeks in enumerate(counts)
    ]


def planted(weeks: tuple[int, ...], seed: int = 3) -> Finding | None:
    found = topics([*quiet(seed), Group("planted", "planted", "1", weeks)])
    return next((one for one in found if one.key == "planted"), None)


def surprise(groups: list[Group], key: str) -> float:
    place = [one.key for one in groups].index(key)
    weeks = groups[place].weeks
    return -expectations(groups)[place].chance(weeks[-1], weeks[-2] if len(weeks) > 1 else 0)


@st.composite
def some_groups(draw: st.DrawFn) -> list[Group]:
    size = draw(st.integers(1, 8))
    week = st.lists(st.integers(0, 12), min_size=1, max_size=70)
    return [
        Group(f"g{number}", draw(st.sampled_from("ab")), draw(st.sampled_from("123")), tuple(draw(week)))
        for number in range(size)
    ]


class TestLaws:
    @settings(max_examples=60, deadline=None)
    @given(some_groups(), st.data())
    def test_more_voices_are_never_less_surprise(self, groups: list[Group], data: st.DataObject) -> None:
        place = data.draw(st.integers(0, len(groups) - 1))
        one = groups[place]
        back = data.draw(st.integers(1, min(2, len(one.weeks))))
        louder = list(one.weeks)
        louder[-back] += data.draw(st.integers(1, 10))
        after = [*groups[:place], replace(one, weeks=tuple(louder)), *groups[place + 1 :]]

        assert surprise(after, one.key) >= surprise(groups, one.key) - 1e-12

    @settings(max_examples=60, deadline=None)
    @given(some_groups(), st.randoms())
    def test_order_does_not_matter(self, groups: list[Group], chance: st.DataObject) -> None:
        mixed = list(groups)
        chance.shuffle(mixed)  # type: ignore[attr-defined]

        assert topics(mixed) == topics(groups)

    @settings(max_examples=60, deadline=None)
    @given(some_groups(), st.data())
    def test_other_names_change_nothing_but_the_names(self, groups: list[Group], data: st.DataObject) -> None:
        keys = data.draw(st.permutations([one.key for one in groups]))
        named = [replace(one, key=key) for one, key in zip(groups, keys, strict=True)]
        back = {key: one.key for one, key in zip(groups, keys, strict=True)}

        said = {(back[one.key], one.kind, round(one.chance, 12)) for one in topics(named)}

        assert said == {(one.key, one.kind, round(one.chance, 12)) for one in topics(groups)}

    @settings(max_examples=60, deadline=None)
    @given(some_groups())
    def test_a_chance_is_one_and_few_people_are_no_topic(self, groups: list[Group]) -> None:
        for one in topics(groups):
            assert 0 <= one.chance <= 1
            assert one.voices + one.before >= 5

    def test_what_is_no_count_is_refused(self) -> None:
        wrong = ([Group("a", "a", "1", ())], [Group("a", "a", "1", (-1,))], [Group("a", "a", "1", (1,))] * 2)
        for groups in wrong:
            with pytest.raises(CannotFindTopics):
                topics(groups)
        with pytest.raises(CannotFindTopics):
            topics([], false_share=0)
        assert topics([]) == []


class TestTheTail:
    @pytest.mark.parametrize(("weekly", "shape", "dispersion"), [(0.5, 2.0, 0.0), (3.0, 60.0, 0.2), (8.0, 30.0, 0.5)])
    def test_equals_a_simulated_one(self, weekly: float, shape: float, dispersion: float) -> None:
        """The slow oracle: weeks drawn one by one, each with a rate of its own around the mean."""
        one, chance = Expectation(weekly, shape, dispersion, 0.0, 0.0, 1.0), np.random.default_rng(11)
        rates = weekly * chance.gamma(one.size, 1 / one.size, size=300_000)
        last, both = chance.poisson(rates), chance.poisson(2 * rates)
        for count in range(1, 14):
            alone, together = float((last >= count).mean()), float((both >= count).mean())
            assert one.chance(count, 0) == pytest.approx(min(1.0, 2 * alone), abs=0.006)
            nothing = float((last >= 0).mean())
            assert one.chance(0, count) == pytest.approx(min(1.0, 2 * min(together, nothing)), abs=0.006)

    def test_chance_explains_as_much_as_its_limit_says(self) -> None:
        one, chance = Expectation(3.0, 1e9, 0.25, 0.0, 0.0, 1.0), np.random.default_rng(7)
        drawn = chance.poisson(3.0 * chance.gamma(4.0, 0.25, size=200_000))

        assert (drawn <= one.upper).mean() >= 0.95 > (drawn < one.upper).mean()


class TestFalseAlarms:
    def test_are_as_rare_as_declared_where_nothing_happens(self) -> None:
        sweeps = 100
        alarms = sum(bool(topics(quiet(seed))) for seed in range(sweeps))

        assert alarms <= 10  # 5 of 100 are declared; 10 or more of them would be a chance of 3 in 100

    def test_are_as_rare_in_a_week_that_is_loud_everywhere(self) -> None:
        loud = [
            [replace(one, weeks=(*one.weeks[:-1], round(1.4 * one.weeks[-1]))) for one in quiet(seed)]
            for seed in range(40)
        ]

        assert sum(bool(topics(groups)) for groups in loud) <= 6

    def test_are_as_rare_where_voices_are_too_few_to_tell_how_weeks_differ(self) -> None:
        seen = [topics(sparse(seed)) for seed in range(100)]

        assert sum(map(bool, seen)) <= 5


class TestASparsePast:
    @pytest.mark.parametrize("seed", range(5))
    def test_does_not_hide_what_fifteen_people_say_at_once(self, seed: int) -> None:
        new = [Group(f"new{number}", f"new{number}", "1", (0,) * 18 + (5, 15)) for number in range(2)]

        assert {one.key for one in topics([*sparse(seed), *new])} == {"new0", "new1"}


class TestKinds:
    def test_hot_is_what_nothing_explains(self) -> None:
        found = planted((1, 0) * 29 + (0, 12))

        assert found is not None
        assert found.kind is TopicKind.HOT
        assert found.expected.upper < 12
        assert "12人" in found.words.zh
        assert "12 people" in found.words.en

    def test_a_new_meaning_is_found_in_its_second_week(self) -> None:
        assert planted((0,) * 7 + (9,)) is not None
        assert planted((0,) * 6 + (6, 8)) is not None

    def test_growing_rises_three_weeks_in_a_row(self) -> None:
        found = planted((1, 0) * 28 + (1, 3, 7, 13))

        assert found is not None
        assert found.kind is TopicKind.GROWING

    def test_recurring_came_back_after_silence(self) -> None:
        found = planted((0,) * 10 + (5, 8, 6) + (0,) * 30 + (9, 10))

        assert found is not None
        assert found.kind is TopicKind.RECURRING

    def test_seasonal_was_there_in_the_same_weeks_of_last_year(self) -> None:
        year = (0,) * 20 + (10, 12, 11) + (0,) * 29
        found = planted((*year, *year[:21], 12))

        assert found is not None
        assert found.kind is TopicKind.SEASONAL

    def test_what_is_as_usual_is_no_topic_however_much_it_is(self) -> None:
        assert planted((12, 11, 13, 12) * 15) is None

    def test_one_that_is_always_loud_elsewhere_is_expected_here(self) -> None:
        def here(mean: int) -> float:
            elsewhere = [Group(f"e{region}", "same", f"{region}", (mean,) * 30) for region in range(5)]
            one = Group("here", "same", "9", (0, 8))
            base = Group("base", "base", "9", (10,) * 30)
            usual = [Group(f"b{region}", "base", f"{region}", (10,) * 30) for region in range(5)]
            return surprise([*elsewhere, one, base, *usual], "here")

        assert here(10) < here(0)


class TestParts:
    def test_an_episode_begins_where_weeks_rise_above_expectation(self) -> None:
        assert episode([9, 0, 0, 3, 4, 5], 1.0) == 3
        assert episode([9] * 60, 1.0) == 26

    def test_a_season_is_known_after_a_year(self) -> None:
        assert season_of([1] * 53) is None
        assert season_of([0, 3, 6, *[0] * 51]) == 3.0

    def test_silence_is_eight_weeks_without_a_voice(self) -> None:
        assert came_back([5, 5, *[0] * 8, 7])
        assert not came_back([5, 5, *[0] * 6, 7])
        assert not came_back([*[0] * 30, 7])
