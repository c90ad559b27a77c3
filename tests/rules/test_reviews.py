"""The rules of reviews: grades and their codes, what may be quoted, and every course a bad one may take."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yici.rules import review_acts as rules
from yici.rules.codes import ZHEJIANG
from yici.rules.law_parameters import LAW_PARAMETERS, parameter
from yici.rules.review_acts import STEP_LIMITS, Ground, Handling, ReviewState, Standing
from yici.rules.review_figures import Tally, figures
from yici.rules.review_limits import REVIEW_PARAMETERS
from yici.rules.reviews import CannotReview, Face, Grade, check_excerpt, first_grade, tags_for
from yici.rules.ticket_limits import TICKET_PARAMETERS


class TestGrades:
    def test_carry_the_national_codes_which_run_the_other_way(self) -> None:
        assert [(one.code, one.words.zh) for one in reversed(Grade)] == [
            ("1", "非常满意"),
            ("2", "满意"),
            ("3", "基本满意"),
            ("4", "不满意"),
            ("5", "非常不满意"),
        ]

    def test_two_of_five_are_bad(self) -> None:
        assert [one for one in Grade if one.is_bad] == [Grade.VERY_BAD, Grade.BAD]

    @pytest.mark.parametrize("face", Face)
    def test_a_press_alone_means_the_milder_grade_of_its_face(self, face: Face) -> None:
        assert first_grade(face).face is face
        assert first_grade(face) not in {Grade.VERY_BAD, Grade.VERY_GOOD}

    def test_reasons_fit_the_grade(self) -> None:
        assert not set(tags_for(Grade.VERY_GOOD)) & set(tags_for(Grade.BAD))
        assert set(tags_for(Grade.FAIR)) > set(tags_for(Grade.BAD))


class TestExcerpts:
    @pytest.mark.parametrize(
        "text", ["电话13900000001", "写信到a@b.cn", "浙A12345B6", "王小明等了很久", "https://x", ""]
    )
    def test_with_something_that_tells_who_it_was_are_refused(self, text: str) -> None:
        with pytest.raises(CannotReview):
            check_excerpt(text, ["王小明", ""])

    def test_without_are_kept(self) -> None:
        assert check_excerpt("等了2个小时", ["王小明", "王"]) == "等了2个小时"


MOVES = st.lists(
    st.sampled_from(
        ["reach", "miss", "fix", "explain", "time", "content", "discontent", "contest", "late", "uphold", "dismiss"]
    ),
    max_size=20,
)


def moved(standing: Standing, move: str) -> Standing:
    acts = {
        "reach": lambda: rules.contact(standing, reached=True, most_attempts=3),
        "miss": lambda: rules.contact(standing, reached=False, most_attempts=3),
        "fix": lambda: rules.rectify(standing, Handling.FIXED, "已整改"),
        "explain": lambda: rules.rectify(standing, Handling.EXPLAINED, "已说明"),
        "time": lambda: rules.more_time(standing, "会商"),
        "content": lambda: rules.call_back(standing, reached=True, satisfied=True, most_attempts=3),
        "discontent": lambda: rules.call_back(standing, reached=True, satisfied=False, most_attempts=3),
        "contest": lambda: rules.contest(standing, "误点", in_time=True),
        "late": lambda: rules.contest(standing, "误点", in_time=False),
        "uphold": lambda: rules.uphold(standing, Ground.MISTAKEN, "核查"),
        "dismiss": lambda: rules.dismiss(standing, "核查"),
    }
    return acts[move]()


class TestEveryCourse:
    @given(grade=st.sampled_from(Grade), named=st.booleans(), moves=MOVES)
    def test_keeps_what_must_hold(self, grade: Grade, named: bool, moves: list[str]) -> None:
        standing, contests = rules.begin(grade, named=named), 0
        for move in moves:
            before = standing
            try:
                standing = moved(before, move)
            except CannotReview:
                continue
            contests += move == "contest"

            assert grade.is_bad, "a good review needs nobody's hand"
            assert before.state is not ReviewState.CLOSED, "what is closed stays closed"
            assert standing.named == named
            assert (standing.upheld is not None) <= (standing.state is ReviewState.CLOSED)
            assert (standing.state is ReviewState.CALL_BACK) <= named, "without a name nobody is called"
            assert (standing.before is not None) == (standing.state is ReviewState.CONTESTED)
            assert (standing.state in STEP_LIMITS) == standing.state.is_open
        assert contests <= 1

    def test_closed_without_an_answer_only_when_it_does_not_count(self) -> None:
        standing = rules.begin(Grade.BAD, named=False)
        with pytest.raises(CannotReview):
            rules.rectify(standing, Handling.FIXED, " ")

    @pytest.mark.parametrize(("of_the_unit", "same_hand"), [(True, False), (False, True)])
    def test_a_second_person_is_neither_of_the_unit_nor_who_contested(self, of_the_unit: bool, same_hand: bool) -> None:
        with pytest.raises(CannotReview, match="outside"):
            rules.check_second_person(of_the_unit=of_the_unit, same_hand=same_hand)


class TestLimits:
    @pytest.mark.parametrize("key", sorted({one.key for one in REVIEW_PARAMETERS}))
    def test_hold_in_the_province_and_name_their_source(self, key: str) -> None:
        found = parameter(key, ZHEJIANG, date(2018, 3, 1), REVIEW_PARAMETERS)

        assert found.value >= 1
        assert found.source.zh
        assert not found.verified

    def test_have_keys_of_their_own(self) -> None:
        keys = [(one.key, one.region, one.valid_from) for one in REVIEW_PARAMETERS]
        others = {one.key for one in (*LAW_PARAMETERS, *TICKET_PARAMETERS)}

        assert len(keys) == len(set(keys))
        assert not others & {one.key for one in REVIEW_PARAMETERS}


class TestFigures:
    @given(
        counts=st.lists(st.integers(0, 50), min_size=5, max_size=5),
        minimum=st.integers(0, 60),
        more=st.integers(0, 100),
    )
    def test_are_shares_or_silence(self, counts: list[int], minimum: int, more: int) -> None:
        by_grade = dict(zip(Grade, counts, strict=True))
        tally = Tally(finished=sum(counts) + more, by_grade=by_grade, bad_answered=by_grade[Grade.BAD])
        found = figures(tally, minimum=minimum, since=date(2018, 1, 1), as_of=date(2018, 3, 1))

        assert (found.tally is None) == (sum(counts) < minimum)
        for share in (found.coverage, found.satisfied, found.replied, found.rectified, found.contacted):
            assert share is None or 0 <= share <= 100
