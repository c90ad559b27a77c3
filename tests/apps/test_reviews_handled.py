"""Bad reviews: handled under their clocks, contested before a second person, published redacted, emptied in time."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.apps.review_examples import ASKED, again, bad
from tests.apps.ticket_examples import Hotline, open_hotline, staff_of
from yici.apps.journal.models import Entry
from yici.apps.reviews import actions, queries
from yici.apps.reviews.endings import empty_reviews
from yici.apps.reviews.models import Happening, Review
from yici.apps.tickets.models import Supervision
from yici.rules.people import Role
from yici.rules.review_acts import Ground, Handling, ReviewState
from yici.rules.reviews import CannotReview, Grade

NINE_DAYS = timedelta(days=9)


@pytest.fixture
def hotline(db: None) -> Hotline:
    return open_hotline()


class TestTheLoop:
    def test_contact_rectify_call_back_close(self, hotline: Hotline) -> None:
        review, unit = bad(hotline, text="等了两个小时"), hotline.at_ecology
        assert review.state == ReviewState.TO_CONTACT
        # Tuesday 13 March 2018: one working day ends at midnight after Wednesday.
        assert review.step_due_at == datetime(2018, 3, 14, 16, 0, tzinfo=UTC)

        key = review.public_id
        actions.contact(review_id=key, reached=True, note="已致歉", by=unit, now=ASKED + timedelta(hours=3))
        assert again(review).step_due_at == datetime(2018, 3, 20, 16, 0, tzinfo=UTC)
        actions.rectify(review_id=key, handling=Handling.FIXED, text="已增设窗口", by=unit, now=ASKED)
        seen = queries.own_view(hotline.person, key)
        assert (seen.answer, seen.may_answer) == ("已增设窗口", True)
        actions.call_back(review_id=key, reached=True, satisfied=True, note="", by=unit, now=ASKED)

        closed = again(review)
        assert (closed.state, closed.satisfied_after, closed.step_due_at) == (ReviewState.CLOSED, True, None)
        assert [one.kind for one in Happening.objects.filter(review=review)] == [
            "give",
            "detail",
            "contact",
            "rectify",
            "call_back",
        ]

    def test_goes_on_without_a_call_after_enough_attempts(self, hotline: Hotline) -> None:
        review = bad(hotline)
        for _ in range(3):
            assert again(review).state == ReviewState.TO_CONTACT
            actions.contact(review_id=review.public_id, reached=False, note="", by=hotline.at_ecology, now=ASKED)

        assert (again(review).state, again(review).contacted_at) == (ReviewState.RECTIFYING, None)

    def test_without_a_name_it_closes_once_put_right(self, hotline: Hotline) -> None:
        review = bad(hotline, unnamed=True)
        actions.rectify(
            review_id=review.public_id, handling=Handling.EXPLAINED, text="已公示", by=hotline.at_ecology, now=ASKED
        )

        assert again(review).state == ReviewState.CLOSED

    def test_more_time_once(self, hotline: Hotline) -> None:
        review = bad(hotline, unnamed=True)
        before = review.step_due_at
        actions.more_time(review_id=review.public_id, reason="需要会商", by=hotline.at_ecology, now=ASKED)
        with pytest.raises(CannotReview, match="no second time"):
            actions.more_time(review_id=review.public_id, reason="还要", by=hotline.at_ecology, now=ASKED)

        assert before is not None
        assert again(review).step_due_at == before + timedelta(days=14)

    def test_not_content_after_the_call_is_handled_again_and_then_supervised(self, hotline: Hotline) -> None:
        review, unit = bad(hotline), hotline.at_ecology
        key = review.public_id
        actions.contact(review_id=key, reached=True, note="", by=unit, now=ASKED)
        for _ in range(2):
            actions.rectify(review_id=key, handling=Handling.FIXED, text="已整改", by=unit, now=ASKED)
            actions.answer_call_back(review_id=key, satisfied=False, words="还是慢", by=hotline.person, now=ASKED)

        supervised = Supervision.objects.get(review_id=key)
        assert (again(review).state, again(review).reworks) == (ReviewState.RECTIFYING, 2)
        assert (supervised.reason, supervised.organisation) == ("dissatisfied", hotline.ecology)

    def test_another_unit_finds_nothing(self, hotline: Hotline) -> None:
        review = bad(hotline)

        for other in (hotline.at_city_management, hotline.person, hotline.operator):
            with pytest.raises(Review.DoesNotExist):
                actions.contact(review_id=review.public_id, reached=True, note="", by=other, now=ASKED)
        with pytest.raises(Review.DoesNotExist):
            queries.desk_view(hotline.at_city_management, review.public_id, now=ASKED)

    def test_the_contact_is_masked_and_each_look_is_on_record(self, hotline: Hotline) -> None:
        review = bad(hotline)
        shown = queries.desk_view(hotline.at_ecology, review.public_id, now=ASKED)
        name, phone = actions.look_at_contact(review_id=review.public_id, by=hotline.at_ecology, now=ASKED)

        assert "*" in shown.contact_name
        assert "*" in shown.contact_phone
        assert (name, phone) == (hotline.person.party_name, "13900000000")
        assert Entry.objects.filter(kind="review.contact_seen", by=hotline.at_ecology.label).count() == 1


class TestContest:
    def contested(self, hotline: Hotline, now: datetime = ASKED) -> Review:
        review = bad(hotline)
        actions.contest(
            review_id=review.public_id, ground=Ground.MALICIOUS, reason="从未到访", by=hotline.at_ecology, now=now
        )
        return again(review)

    def decide(self, review: Review, hotline: Hotline, ground: Ground | None, now: datetime = ASKED) -> None:
        actions.decide_contest(review_id=review.public_id, ground=ground, reason="已核查", by=hotline.operator, now=now)

    def test_upheld_it_is_closed_and_counts_no_more(self, hotline: Hotline) -> None:
        review = self.contested(hotline)
        self.decide(review, hotline, Ground.MALICIOUS)

        assert (again(review).state, again(review).upheld) == (ReviewState.CLOSED, "malicious")

    def test_dismissed_the_clock_goes_on_where_it_stopped(self, hotline: Hotline) -> None:
        before = bad(hotline).step_due_at
        review = self.contested(hotline, ASKED + timedelta(hours=1))
        self.decide(review, hotline, None, ASKED + timedelta(days=2))

        assert before is not None
        assert again(review).state == ReviewState.TO_CONTACT
        # Wednesday and Thursday were not counted: due on Friday instead of Wednesday.
        assert again(review).step_due_at == before + timedelta(days=2)
        assert again(review).contact_due_at == again(review).step_due_at
        with pytest.raises(CannotReview, match="contested before"):
            actions.contest(
                review_id=review.public_id, ground=Ground.MISTAKEN, reason="再", by=hotline.at_ecology, now=ASKED
            )

    def test_is_decided_by_a_second_person_outside_the_unit(self, hotline: Hotline) -> None:
        review = self.contested(hotline)
        inside = staff_of(hotline.ecology, Role.HOTLINE, Role.REFORM)

        for clerk in (hotline.at_ecology, inside):
            with pytest.raises(CannotReview, match="outside the reviewed unit"):
                actions.decide_contest(review_id=review.public_id, ground=None, reason="核查", by=clerk, now=ASKED)
        with pytest.raises(Review.DoesNotExist):
            actions.decide_contest(
                review_id=review.public_id, ground=None, reason="核查", by=hotline.at_city_management, now=ASKED
            )

    def test_comes_in_time_with_a_reason_and_before_rectifying(self, hotline: Hotline) -> None:
        review = bad(hotline)
        for reason, when in ((" ", ASKED), ("迟到", ASKED + NINE_DAYS)):
            with pytest.raises(CannotReview):
                actions.contest(
                    review_id=review.public_id,
                    ground=Ground.MISTAKEN,
                    reason=reason,
                    by=hotline.at_ecology,
                    now=when,
                )


class TestSweep:
    def test_raises_what_is_overdue_once_and_closes_with_it(self, hotline: Hotline) -> None:
        review, unit = bad(hotline), hotline.at_ecology
        late = ASKED + timedelta(days=3)

        assert actions.sweep(now=ASKED).overdue == 0
        first, second = actions.sweep(now=late), actions.sweep(now=late)

        assert (first.overdue, first.raised, second.raised) == (1, 1, 0)
        supervised = Supervision.objects.get()
        assert (supervised.review_id, supervised.level, supervised.harm_at) == (
            review.public_id,
            1,
            review.step_due_at,
        )
        key = review.public_id
        actions.contact(review_id=key, reached=True, note="", by=unit, now=late)
        actions.rectify(review_id=key, handling=Handling.FIXED, text="已整改", by=unit, now=late)
        actions.call_back(review_id=key, reached=True, satisfied=True, note="", by=hotline.operator, now=late)
        assert Supervision.objects.get().closed_at == late

    def test_a_contest_nobody_decides_is_the_supervisors_own_lateness(self, hotline: Hotline) -> None:
        review = bad(hotline)
        actions.contest(
            review_id=review.public_id, ground=Ground.MISTAKEN, reason="误点", by=hotline.at_ecology, now=ASKED
        )

        actions.sweep(now=ASKED + NINE_DAYS)

        assert Supervision.objects.get().organisation is None

    def test_misses_none_however_many_are_due_in_one_second(
        self, hotline: Hotline, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("yici.apps.reviews.supervision.BATCH", 2)
        for _ in range(5):
            bad(hotline)

        assert actions.sweep(now=ASKED + timedelta(days=3)).raised == 5


class TestExcerpts:
    def test_are_published_redacted_by_somebody_else_than_the_unit(self, hotline: Hotline) -> None:
        review = bad(hotline, text="我叫示例，电话13900000001，等了两个小时")
        name = hotline.person.party_name
        for words in (name + "等了", "电话13900000001", "", "长" * 121):
            with pytest.raises(CannotReview):
                actions.publish_excerpt(review_id=review.public_id, excerpt=words, by=hotline.operator, now=ASKED)
        with pytest.raises(Review.DoesNotExist):
            actions.publish_excerpt(review_id=review.public_id, excerpt="等了", by=hotline.at_ecology, now=ASKED)

        actions.publish_excerpt(review_id=review.public_id, excerpt="等了两个小时", by=hotline.operator, now=ASKED)

        assert again(review).excerpt == "等了两个小时"


def test_after_its_time_the_words_go_and_the_grade_stays(hotline: Hotline) -> None:
    review = bad(hotline, text="等了两个小时")

    empty_reviews([review.pk], ASKED)

    kept = again(review)
    assert (kept.grade, kept.text, kept.party, kept.contact_phone) == (Grade.VERY_BAD, "", None, "")
