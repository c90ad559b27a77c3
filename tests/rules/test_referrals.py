"""Who can change a burden, what a referral to them says, and every course that one may take."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yici.apps.places.calendar_file import official_calendar
from yici.rules.codes import ZHEJIANG
from yici.rules.items import LegalBasis
from yici.rules.law_parameters import LAW_PARAMETERS, parameter
from yici.rules.levels import Level, who_can_change
from yici.rules.referral_course import (
    WAITING,
    Limit,
    Limits,
    ReferralAct,
    ReferralState,
    Standing,
    decide,
    due_on,
    is_late,
    possible_acts,
)
from yici.rules.referral_limits import REFERRAL_PARAMETERS
from yici.rules.referrals import (
    KINDS_FOR,
    Addressee,
    Body,
    CannotRefer,
    Content,
    Path,
    ReferralKind,
    Seat,
    addressee_of,
    check_addressee,
    check_content,
)
from yici.rules.review_limits import REVIEW_PARAMETERS
from yici.rules.ticket_limits import TICKET_PARAMETERS
from yici.rules.words import Words

COUNTY = Seat("330122000000", Words("桐庐县", "Tonglu County"))
CITY = Seat("330100000000", Words("杭州市", "Hangzhou City"))
PROVINCE = Seat("330000000000", Words("浙江省", "Zhejiang Province"))
SEATS = (COUNTY, CITY, PROVINCE)
HEALTH = Words("卫生健康局", "health bureau")
CALENDAR = official_calendar()
LIMITS = Limits(ZHEJIANG, REFERRAL_PARAMETERS, CALENDAR)
MONDAY = date(2018, 3, 5)


def basis(title: str, level: Level) -> LegalBasis:
    return LegalBasis(title, "第十二条", level)


class TestAddressee:
    @pytest.mark.parametrize(
        ("title", "level", "body", "seat"),
        [
            ("惯例", Level.NONE, Body.DEPARTMENT, COUNTY),
            ("关于办理准生证的通知", Level.NORMATIVE_DOCUMENT, Body.GOVERNMENT, COUNTY),
            ("桐庐县殡葬管理办法", Level.NORMATIVE_DOCUMENT, Body.GOVERNMENT, COUNTY),
            ("杭州市人才引进落户办法", Level.NORMATIVE_DOCUMENT, Body.GOVERNMENT, CITY),
            ("浙江省居住证管理办法", Level.NORMATIVE_DOCUMENT, Body.GOVERNMENT, PROVINCE),
            ("中华人民共和国残疾人证管理办法", Level.NORMATIVE_DOCUMENT, Body.MINISTRY, None),
            ("国务院办公厅关于简化证明的通知", Level.NORMATIVE_DOCUMENT, Body.STATE_COUNCIL, None),
            ("《浙江省城市供水管理办法》", Level.RULE, Body.GOVERNMENT, PROVINCE),
            ("食品经营许可管理办法", Level.RULE, Body.MINISTRY, None),
            ("浙江省学前教育条例", Level.LOCAL_REGULATION, Body.CONGRESS, PROVINCE),
            ("杭州市居家养老服务条例", Level.LOCAL_REGULATION, Body.CONGRESS, CITY),
            ("学前教育条例", Level.LOCAL_REGULATION, Body.CONGRESS, PROVINCE),
            ("桐庐县学前教育条例", Level.LOCAL_REGULATION, Body.CONGRESS, PROVINCE),  # counties make none (立法法)
            ("婚姻登记条例", Level.ADMINISTRATIVE_REGULATION, Body.STATE_COUNCIL, None),
            ("浙江省某条例", Level.NATIONAL_LAW, Body.NATIONAL_CONGRESS, None),  # the level decides, not the title
        ],
    )
    def test_follows_the_level_and_who_made_it(self, title: str, level: Level, body: Body, seat: Seat | None) -> None:
        assert addressee_of(basis(title, level), SEATS) == Addressee(body, seat)

    def test_without_a_basis_the_department(self) -> None:
        assert addressee_of(None, SEATS).body is Body.DEPARTMENT

    @given(title=st.text(max_size=20), level=st.sampled_from(Level))
    def test_asks_somebody_above_exactly_where_the_locality_cannot(self, title: str, level: Level) -> None:
        found = addressee_of(basis(title, level), SEATS)

        assert (found.body is Body.DEPARTMENT) == (level is Level.NONE)
        assert (found.seat is None) == found.body.is_central
        if who_can_change(level).value == "provincial_congress":
            assert found.body is Body.CONGRESS
            assert found.seat != COUNTY

    def test_of_a_department_is_told_who_can_drop_it(self) -> None:
        with pytest.raises(CannotRefer) as told:
            check_addressee(ReferralKind.UPWARD, addressee_of(None, SEATS), HEALTH)

        assert "卫生健康局今天就可以自己取消" in told.value.text("zh")
        assert "health bureau may drop it today" in told.value.text("en")

    @given(body=st.sampled_from(Body), kind=st.sampled_from(ReferralKind))
    def test_is_reached_by_some_forms_only(self, body: Body, kind: ReferralKind) -> None:
        to = Addressee(body, None if body.is_central else CITY)
        if kind in KINDS_FOR[body]:
            check_addressee(kind, to, HEALTH)
        else:
            with pytest.raises(CannotRefer):
                check_addressee(kind, to, HEALTH)


FULL = Content(
    problem="新生儿登记要父母到场两次", wording="删去第十二条", against="婚姻法第八条", path=Path.EVALUATION, voices=3
)


class TestContent:
    @pytest.mark.parametrize(
        ("kind", "body", "lacks"),
        [
            (ReferralKind.SUPERVISION_TOPIC, Body.CONGRESS, {"problem": "难", "voices": 1}),
            (ReferralKind.DEPUTY_SUGGESTION, Body.CONGRESS, {"problem": " ", "wording": " "}),
            (ReferralKind.LEGISLATION, Body.CONGRESS, {"problem": "", "wording": ""}),
            (ReferralKind.RULE_REVIEW, Body.GOVERNMENT, {"problem": "", "against": ""}),
            (ReferralKind.UPWARD, Body.STATE_COUNCIL, {"problem": "", "wording": "", "path": None}),
        ],
    )
    def test_names_all_that_is_missing_at_once(self, kind: ReferralKind, body: Body, lacks: dict[str, object]) -> None:
        to = Addressee(body, None if body.is_central else CITY)
        check_content(kind, to, FULL)

        with pytest.raises(CannotRefer) as told:
            check_content(kind, to, replace(FULL, **lacks))  # type: ignore[arg-type]

        assert told.value.text("zh").count("；") == len(lacks) - 1

    def test_suspends_only_what_an_administrative_regulation_demands(self) -> None:
        wanted = replace(FULL, path=Path.SUSPENSION)
        check_content(ReferralKind.UPWARD, Addressee(Body.STATE_COUNCIL), wanted)

        for body in (Body.MINISTRY, Body.NATIONAL_CONGRESS):
            with pytest.raises(CannotRefer, match=r"art\. 20"):
                check_content(ReferralKind.UPWARD, Addressee(body), wanted)

    def test_has_a_bound(self) -> None:
        with pytest.raises(CannotRefer, match="2000"):
            check_content(ReferralKind.LEGISLATION, Addressee(Body.CONGRESS, CITY), replace(FULL, wording="字" * 2001))


MOVES = st.lists(st.tuples(st.sampled_from(ReferralAct), st.integers(0, 120)), max_size=25)
FORWARD = list(ReferralState)


class TestEveryCourse:
    @given(moves=MOVES, begun=st.dates(date(2016, 1, 4), date(2020, 12, 31)))
    def test_keeps_what_must_hold(self, moves: list[tuple[ReferralAct, int]], begun: date) -> None:
        standing, today, done = Standing(), begun, list[ReferralAct]()
        for act, days in moves:
            today += timedelta(days=days)
            before, was_due = standing, due_on(standing, LIMITS)
            try:
                standing = decide(before, act, on=today, limits=LIMITS, docket="浙人大议〔2018〕1号")
            except CannotRefer:
                continue
            done.append(act)

            assert act in possible_acts(before)
            assert before.state is not ReferralState.CLOSED, "what is closed stays closed"
            assert not before.docket or standing.docket == before.docket, "a docket number is never lost"
            assert standing.linked >= before.linked
            assert standing.redone >= before.redone
            went_back = FORWARD.index(standing.state) < FORWARD.index(before.state)
            assert went_back == (act is ReferralAct.REDO), "only redoing goes back"
            if act not in {ReferralAct.SEND, ReferralAct.REDO}:
                assert standing.begun_on == before.begun_on, "nothing starts the clock anew"
                assert was_due is None or due_on(standing, LIMITS) >= was_due, "no time is taken away"  # type: ignore[operator]
            assert (due_on(standing, LIMITS) is None) == (ReferralAct.SEND not in done)
        assert done.count(ReferralAct.REDO) <= 1
        assert done.count(ReferralAct.MORE_TIME) <= 1
        assert done.count(ReferralAct.FOLLOW) <= 1
        assert standing.state not in WAITING or standing.begun_on is not None

    @given(moves=MOVES)
    def test_somebody_can_always_go_on_until_it_is_closed(self, moves: list[tuple[ReferralAct, int]]) -> None:
        standing, today = Standing(), MONDAY
        for act, days in moves:
            today += timedelta(days=days)
            if act in possible_acts(standing) and act is not ReferralAct.MORE_TIME:
                standing = decide(standing, act, on=today, limits=LIMITS, docket="1")

        assert possible_acts(standing) or standing.state is ReferralState.CLOSED

    def test_what_is_linked_is_not_closed_before_people_are_told(self) -> None:
        for state in (ReferralState.ANSWERED, ReferralState.ACCEPTED):
            linked = Standing(state=state, begun_on=MONDAY, limit=Limit.REDO, redone=True, linked=True)

            assert ReferralAct.CLOSE not in possible_acts(linked)
            assert ReferralAct.FOLLOW in possible_acts(linked)

    def test_an_answer_nobody_is_content_with_is_redone_before_it_may_be_closed(self) -> None:
        answered = Standing(state=ReferralState.ANSWERED, begun_on=MONDAY, limit=Limit.ANSWER, docket="1")
        assert ReferralAct.CLOSE not in possible_acts(answered)

        again = decide(answered, ReferralAct.REDO, on=MONDAY, limits=LIMITS)
        answered_again = decide(again, ReferralAct.ANSWER, on=MONDAY, limits=LIMITS)

        assert ReferralAct.REDO not in possible_acts(answered_again)
        assert ReferralAct.CLOSE in possible_acts(answered_again)

    def test_what_is_late_is_not_found_hard(self) -> None:
        waiting = Standing(state=ReferralState.ASSIGNED, begun_on=MONDAY, limit=Limit.ANSWER, docket="1")
        with pytest.raises(CannotRefer, match="three months are over"):
            decide(waiting, ReferralAct.MORE_TIME, on=date(2018, 6, 6), limits=LIMITS)

        hard = decide(waiting, ReferralAct.MORE_TIME, on=date(2018, 6, 5), limits=LIMITS)

        assert due_on(hard, LIMITS) == date(2018, 9, 5)
        assert not is_late(hard.state, due_on(hard, LIMITS), date(2018, 9, 5))
        assert is_late(hard.state, due_on(hard, LIMITS), date(2018, 9, 6))

    def test_is_registered_with_a_number(self) -> None:
        sent = decide(Standing(), ReferralAct.SEND, on=MONDAY, limits=LIMITS)
        with pytest.raises(CannotRefer, match="docket"):
            decide(sent, ReferralAct.REGISTER, on=MONDAY, limits=LIMITS, docket=" ")


def months_by_hand(start: date, months: int) -> date:
    """Walk month by month, day by day: the slow way to the corresponding day, or the end of its month."""
    year, month = start.year, start.month
    for _ in range(months):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    day = start.day
    while True:
        try:
            found = date(year, month, day)
            break
        except ValueError:
            day -= 1
    while not CALENDAR.is_workday(found):
        found += timedelta(days=1)
    return found


class TestLimits:
    @given(start=st.dates(date(2016, 1, 1), date(2026, 5, 31)), limit=st.sampled_from(Limit))
    def test_end_where_a_slow_walk_ends(self, start: date, limit: Limit) -> None:
        months = {Limit.ANSWER: 3, Limit.HARD: 6, Limit.REDO: 1}[limit]

        assert LIMITS.due_on(start, limit) == months_by_hand(start, months)

    def test_have_keys_of_their_own_and_say_that_nobody_compared_the_text(self) -> None:
        others = {one.key for one in (*LAW_PARAMETERS, *TICKET_PARAMETERS, *REVIEW_PARAMETERS)}

        assert not others & {one.key for one in REFERRAL_PARAMETERS}
        assert not any(one.verified for one in REFERRAL_PARAMETERS)

    def test_change_their_article_with_the_law(self) -> None:
        before, after = (
            parameter("referral_answer", ZHEJIANG, day, REFERRAL_PARAMETERS)
            for day in (date(2025, 3, 11), date(2025, 3, 12))
        )

        assert "art. 42" in before.source.en
        assert "art. 51" in after.source.en
