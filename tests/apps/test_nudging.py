"""Suggestions: made once, answered once, refused for good at every channel, and counted without names."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, transaction

from tests.apps.factories import AccountFactory, PartyFactory
from tests.apps.test_pilots import NOW, TONGLU, officer
from tests.apps.test_pilots_of_wording import submitted
from yici.apps.journal.models import Entry
from yici.apps.people.models import Party
from yici.apps.people.viewers import ANONYMOUS, Viewer, viewer_of
from yici.apps.planning import actions as planning
from yici.apps.planning import nudging
from yici.apps.planning.models import Draft, Nudge, NudgeRefusal, NudgeTally
from yici.apps.planning.nudging import NudgeView, Occasion
from yici.apps.privacy import retention
from yici.apps.privacy.endings import DUTIES
from yici.rules.nudges import CannotAnswerNudge, Moment, NudgeAnswer, NudgeKind
from yici.rules.words import Words

__all__ = ["officer"]  # the fixture with places and catalogue
EASIER = Words("在家办", "From home")
WINDOW = Occasion(Moment.WINDOW, "certificate", TONGLU)
TOMORROW = NOW + timedelta(days=1)


@pytest.fixture
def person(officer: Viewer) -> Viewer:
    return viewer_of(AccountFactory())


def offered(person: Viewer, now: datetime = NOW, occasion: Occasion = WINDOW, **more: Any) -> NudgeView | None:
    kind = more.get("kind", NudgeKind.NEXT_TIME)
    return nudging.offer(occasion, kind, more.get("sentence", EASIER), person=person, now=now)


def counted() -> tuple[int, int, int, int]:
    row = NudgeTally.objects.get()
    return row.shown, row.followed, row.declined, row.refused


def booking(person: Viewer, *, elder: bool = False, now: datetime = NOW) -> NudgeView | None:
    return nudging.instead_of_booking("certificate", TONGLU, elder=elder, by=person, now=now)


def begun_at_home(person: Viewer) -> UUID:
    """Begin the need with the answer that makes its plan one without a visit."""
    return planning.start_draft(
        by=person, browser="", event_key="certificate", region_code=TONGLU, now=NOW, answers={"place": "at_home"}
    )


class TestOffer:
    def test_once_for_a_need_and_the_page_may_be_opened_again_on_that_day(self, person: Viewer) -> None:
        first = offered(person)

        assert first is not None
        assert first.sentence == EASIER
        assert offered(person, NOW + timedelta(hours=1)) == first
        assert offered(person, TOMORROW) is None
        assert offered(person, occasion=Occasion(Moment.KIOSK, "certificate", TONGLU)) is None
        assert counted() == (1, 0, 0, 0)

    def test_another_need_is_another_occasion(self, person: Viewer) -> None:
        offered(person)

        assert offered(person, occasion=Occasion(Moment.WINDOW, "registration", TONGLU)) is not None
        assert counted() == (2, 0, 0, 0)

    def test_not_without_an_easier_way_nor_to_nobody(self, person: Viewer) -> None:
        assert offered(person, sentence=None) is None
        assert offered(ANONYMOUS) is None
        assert not Nudge.objects.exists()

    def test_not_at_a_window_to_somebody_of_age(self, officer: Viewer) -> None:
        old = viewer_of(AccountFactory(party=PartyFactory(born_on=date(1950, 1, 1))))

        assert offered(old) is None
        assert offered(old, occasion=Occasion(Moment.KIOSK, "certificate", TONGLU)) is not None
        assert offered(old, occasion=Occasion(Moment.KIOSK, "registration", TONGLU, elder=True)) is None


class TestInsteadOfBooking:
    def test_by_the_persons_own_draft(self, person: Viewer) -> None:
        assert booking(person) is None  # an answer may still lead to a visit
        begun_at_home(person)

        found = booking(person)

        assert found is not None
        assert "0 visits" in found.sentence.en
        assert booking(person, elder=True) is None

    def test_follow_leads_to_that_draft_and_is_counted(self, person: Viewer) -> None:
        draft = begun_at_home(person)
        found = booking(person)
        assert found is not None

        assert nudging.follow(public_id=found.public_id, by=person, browser="", now=NOW) == draft
        assert nudging.follow(public_id=found.public_id, by=person, browser="", now=NOW) == draft
        assert counted() == (1, 1, 0, 0)
        assert booking(person) is None

    def test_without_a_draft_follow_begins_one(self, person: Viewer) -> None:
        draft = begun_at_home(person)
        found = booking(person)
        assert found is not None
        planning.discard_draft(by=person, browser="", public_id=draft, now=NOW)

        begun = nudging.follow(public_id=found.public_id, by=person, browser="", now=NOW)

        assert Draft.objects.get().public_id == begun != draft


class TestAnswers:
    def test_a_second_other_answer_is_refused(self, person: Viewer) -> None:
        found = offered(person)
        assert found is not None
        nudging.answer(public_id=found.public_id, answer=NudgeAnswer.DECLINED, by=person, now=NOW)
        nudging.answer(public_id=found.public_id, answer=NudgeAnswer.DECLINED, by=person, now=NOW)

        with pytest.raises(CannotAnswerNudge):
            nudging.answer(public_id=found.public_id, answer=NudgeAnswer.FOLLOWED, by=person, now=NOW)
        assert counted() == (1, 0, 1, 0)

    def test_nobody_answers_for_another(self, person: Viewer) -> None:
        found = offered(person)
        assert found is not None

        with pytest.raises(nudging.NoSuchNudge):
            nudging.answer(public_id=found.public_id, answer=NudgeAnswer.NEVER, by=viewer_of(AccountFactory()), now=NOW)
        assert not NudgeRefusal.objects.exists()

    def test_who_applies_from_home_the_next_time_has_followed(self, person: Viewer) -> None:
        offered(person)
        nudging.applied(party_id=person.party_id or 0, channel="web", promised_visits=0, now=NOW)
        assert counted() == (1, 0, 0, 0)  # the same day answers nothing
        draft = Draft.objects.get(public_id=begun_at_home(person))

        submitted(draft, person, "", TOMORROW)

        assert counted() == (1, 1, 0, 0)

    @pytest.mark.parametrize(("visits", "declined"), [(0, 1), (1, 0)])
    def test_who_comes_again_declines_only_what_needs_no_visit(
        self, person: Viewer, visits: int, declined: int
    ) -> None:
        offered(person)

        nudging.applied(party_id=person.party_id or 0, channel="window", promised_visits=visits, now=TOMORROW)

        assert counted() == (1, 0, declined, 0)

    @pytest.mark.parametrize(
        ("posted", "collected", "told"),
        [(True, False, (1, 1, 0, 0)), (False, True, (1, 0, 1, 0)), (False, False, (1, 0, 0, 0))],
    )
    def test_the_choice_of_the_way_answers_the_post(
        self, person: Viewer, posted: bool, collected: bool, told: tuple[int, ...]
    ) -> None:
        offered(person, kind=NudgeKind.BY_POST)

        with transaction.atomic():
            nudging.chose_way(event_key="certificate", posted=posted, collected=collected, by=person, now=NOW)

        assert counted() == told

    def test_an_answer_in_the_next_month_counts_where_it_was_said(self, person: Viewer) -> None:
        found = offered(person)
        assert found is not None

        later = NOW + timedelta(days=40)
        nudging.answer(public_id=found.public_id, answer=NudgeAnswer.FOLLOWED, by=person, now=later)

        assert NudgeTally.objects.get().month == date(2018, 3, 1)
        assert counted() == (1, 1, 0, 0)


class TestRefusal:
    def test_is_heard_everywhere_journalled_and_taken_back(self, person: Viewer) -> None:
        found = offered(person)
        assert found is not None
        nudging.answer(public_id=found.public_id, answer=NudgeAnswer.NEVER, by=person, now=NOW)
        nudging.refuse(by=person, now=NOW)

        assert counted() == (1, 0, 1, 1)
        assert nudging.refused_since(person) == NOW
        begun_at_home(person)
        assert booking(person) is None
        for moment in Moment:
            assert offered(person, occasion=Occasion(moment, "registration", TONGLU)) is None

        nudging.allow(by=person, now=TOMORROW)
        assert nudging.refused_since(person) is None
        assert booking(person) is not None
        subject = str(Party.objects.get(pk=person.party_id))
        kinds = Entry.objects.filter(kind__startswith="planning.nudges", subject=subject).order_by("pk")
        assert list(kinds.values_list("kind", flat=True)) == ["planning.nudges_refused", "planning.nudges_allowed"]

    def test_nothing_else_of_a_suggestion_is_in_the_journal(self, person: Viewer) -> None:
        lines = Entry.objects.count()

        found = offered(person)
        assert found is not None
        nudging.answer(public_id=found.public_id, answer=NudgeAnswer.DECLINED, by=person, now=NOW)

        assert Entry.objects.count() == lines

    def test_may_still_be_said_after_another_answer(self, person: Viewer) -> None:
        found = offered(person)
        assert found is not None
        nudging.answer(public_id=found.public_id, answer=NudgeAnswer.DECLINED, by=person, now=NOW)

        nudging.answer(public_id=found.public_id, answer=NudgeAnswer.NEVER, by=person, now=NOW)

        assert nudging.refused_since(person) == NOW
        assert counted() == (1, 0, 1, 0)


class TestKept:
    def test_suggestions_end_after_six_months_and_the_count_stays(self, person: Viewer) -> None:
        offered(person)
        assert any(duty.model is Nudge for duty in DUTIES)

        retention.run(by="system:test", now=NOW + timedelta(days=200))

        assert not Nudge.objects.exists()
        assert counted() == (1, 0, 0, 0)
        assert offered(person, NOW + timedelta(days=200)) is not None

    @pytest.mark.parametrize("change", [{"followed": 5}, {"refused": 1}])
    def test_the_database_keeps_the_counts_apart(self, person: Viewer, change: dict[str, int]) -> None:
        offered(person)

        with pytest.raises(DatabaseError), transaction.atomic():
            NudgeTally.objects.update(**change)
