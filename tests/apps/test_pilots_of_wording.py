"""A pilot of wording: browsers are drawn before the sign-in, pages are counted without a name, and the sheets go."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, transaction

from tests.apps.catalogue_files import CERTIFICATE, EVENT, write_catalogue
from tests.apps.factories import AccountFactory, region
from tests.apps.test_pilots import NOW, TONGLU, amendment, declared, officer, opened
from tests.apps.test_reform import LIGHTER
from yici.apps.cases import actions as cases
from yici.apps.catalogue import actions as catalogue_acts
from yici.apps.catalogue.faults import CannotImport
from yici.apps.catalogue.models import Trial
from yici.apps.journal.models import Entry
from yici.apps.people.viewers import ANONYMOUS, Viewer, viewer_of
from yici.apps.planning import actions as planning
from yici.apps.planning import queries as plans
from yici.apps.planning import sheets
from yici.apps.planning.models import Draft, Sheet
from yici.apps.privacy.endings import end_drafts
from yici.apps.reform import pilots
from yici.apps.reform.models import Amendment, Pilot
from yici.apps.reform.pilot_results import counted, effect_in
from yici.rules.pilot_plans import PilotPlan, PilotState
from yici.rules.pilots import CannotPilot

__all__ = ["amendment", "officer"]
ASKED = "孩子是在医院出生的，还是在家里出生的？"
WORDED = CERTIFICATE.replace(
    "questions: [place]",
    "questions:\n  - key: place\n    name: {zh: 地点, en: Place}\n    kind: enum\n"
    f"    ask: {{zh: {ASKED}, en: Was the child born in a hospital or at home?}}\n"
    "    values: {hospital: {zh: 医院, en: Hospital}, at_home: {zh: 家中, en: At home}}",
)
PAGE = PilotPlan("completed", 0.5, None, 0, 20, (1.0,), date(2018, 6, 1))
WEEK_OVER = NOW + timedelta(days=8)


@pytest.fixture
def worded(officer: Viewer) -> Amendment:
    return opened(WORDED)


def running(by: Viewer, amendment: Amendment, plan: PilotPlan = PAGE) -> Pilot:
    return pilots.start(pilot_id=declared(by, amendment, plan).public_id, by=by, now=NOW)


def begun(browser: str, by: Viewer = ANONYMOUS, now: datetime = NOW) -> Draft:
    made = planning.start_draft(by=by, browser=browser, event_key="certificate", region_code=TONGLU, now=now)
    return Draft.objects.get(public_id=made)


def reads_other_words(draft: Draft) -> bool:
    draft.refresh_from_db()
    question = plans.element(plans.draft_view(draft), "place")
    assert question is not None
    return question.ask.zh == ASKED


def submitted(draft: Draft, by: Viewer, browser: str, at: datetime) -> None:
    """Go on from the first question to the submission, a quarter of an hour after ``at``."""
    mine = {"by": by, "browser": browser, "public_id": draft.public_id}
    planning.claim_draft(**mine, now=at)
    planning.answer(**mine, key="place", typed="hospital", now=at + timedelta(minutes=5))
    version = plans.draft(by, draft.public_id, browser=browser).version
    fields = {"child_name": "小满"}
    planning.save_fields(**mine, version=version, fields=fields, disputes={}, now=at + timedelta(minutes=10))
    cases.submit(
        by=by, browser=browser, draft_id=draft.public_id, seen_visits=None, channel="web",
        idempotency_key=str(draft.public_id), now=at + timedelta(minutes=15),
    )  # fmt: skip


class TestWhoReadsWhat:
    def test_browsers_are_drawn_and_keep_their_words_through_the_sign_in(
        self, officer: Viewer, worded: Amendment
    ) -> None:
        running(officer, worded)
        drafts = [begun(f"browser{number}") for number in range(30)]

        before = [reads_other_words(one) for one in drafts]
        assert 5 < sum(before) < 25
        for number, one in enumerate(drafts):
            person = viewer_of(AccountFactory())
            planning.claim_draft(by=person, browser=f"browser{number}", public_id=one.public_id, now=NOW)
        assert [reads_other_words(one) for one in drafts] == before
        assert [one.inside for one in Sheet.objects.order_by("draft_id")] == before

    def test_the_next_draft_of_a_person_reads_like_the_first(self, officer: Viewer, worded: Amendment) -> None:
        running(officer, worded)
        for number in range(8):
            person, first = viewer_of(AccountFactory()), begun(f"first{number}")
            words = reads_other_words(first)
            planning.claim_draft(by=person, browser=f"first{number}", public_id=first.public_id, now=NOW)

            assert reads_other_words(begun(f"another{number}", person)) is words
        assert Sheet.objects.values("who").distinct().count() == 8

    def test_a_change_of_what_is_demanded_draws_no_browser(self, officer: Viewer, amendment: Amendment) -> None:
        running(officer, amendment, PilotPlan("zero_visit", 0.5, None, 0, 24, (1.0,), date(2018, 6, 1)))

        seen = {plans.plan_of(ANONYMOUS, plans.draft_view(begun(f"browser{number}"))).visits for number in range(12)}

        assert len(seen) == 1
        assert not Sheet.objects.exists()


class TestWhatIsCounted:
    def test_the_whole_story(self, officer: Viewer, worded: Amendment) -> None:
        pilot = running(officer, worded)
        for number in range(24):
            browser, draft = f"browser{number}", begun(f"browser{number}")
            mine = {"by": ANONYMOUS, "browser": browser, "public_id": draft.public_id, "now": NOW}
            if reads_other_words(draft):
                submitted(draft, viewer_of(AccountFactory()), browser, NOW + timedelta(hours=20))
            else:
                sheets.sent_back(**mine)  # type: ignore[arg-type]
                sheets.helped(**mine)  # type: ignore[arg-type]
                planning.discard_draft(**mine)  # type: ignore[arg-type] # who gives up is counted
        assert counted(pilot, NOW + timedelta(days=6)).results == 0  # nobody's days are over
        assert counted(pilot, WEEK_OVER).results == 24

        with pytest.raises(CannotPilot):
            pilots.end(pilot_id=pilot.public_id, by=officer, now=NOW + timedelta(days=1))
        pilots.end(pilot_id=pilot.public_id, by=officer, now=WEEK_OVER)

        pilot.refresh_from_db()
        assert effect_in(pilot.result["effect"]).estimate == 1
        inside, outside = pilot.result["arms"]
        # Twenty hours lie between the first page and the sign-in: a night, and no work.
        assert (inside["completed"], inside["minutes"]) == (inside["people"], 15.0)
        assert (outside["completed"], outside["helped"], outside["sent_back"]) == (0, outside["people"], 1.0)
        assert counted(pilot, WEEK_OVER).results == 24
        assert not Sheet.objects.exists()
        pilots.roll_back(pilot_id=pilot.public_id, by=officer, now=WEEK_OVER)

    def test_nothing_is_written_on_after_the_days(self, officer: Viewer, worded: Amendment) -> None:
        running(officer, worded)
        person = viewer_of(AccountFactory())
        draft = begun("b", person)

        submitted(draft, person, "b", WEEK_OVER)

        assert list(Sheet.objects.values_list("submitted_at", "worked")) == [(None, 0)]

    def test_nobody_counts_into_anothers_sheet(self, officer: Viewer, worded: Amendment) -> None:
        running(officer, worded)
        draft = begun("b")

        sheets.helped(by=ANONYMOUS, browser="other", public_id=draft.public_id, now=NOW)

        assert not Sheet.objects.get().helped

    def test_a_clerk_at_a_window_reads_for_nobody(self, officer: Viewer, worded: Amendment) -> None:
        running(officer, worded)

        planning.start_draft(
            by=viewer_of(AccountFactory()),
            browser="",
            event_key="certificate",
            region_code=TONGLU,
            now=NOW,
            reads=False,
        )

        assert not Sheet.objects.exists()

    def test_leaves_no_trace_of_a_person(self, officer: Viewer, worded: Amendment) -> None:
        running(officer, worded)
        draft, lines = begun("b"), Entry.objects.count()

        sheets.sent_back(by=ANONYMOUS, browser="b", public_id=draft.public_id, now=NOW)
        end_drafts([draft.pk], NOW)

        assert Entry.objects.count() == lines
        left = Sheet.objects.get()
        assert left.draft is None
        assert left.who not in {draft.drawn_as, "b"}
        assert left.sent_back == 1

    def test_without_a_pilot_nothing_is_counted(self, officer: Viewer) -> None:
        draft = begun("b")

        assert not draft.on_sheet
        assert not Sheet.objects.exists()


class TestRefusals:
    def test_a_page_is_not_measured_where_more_than_words_change(self, officer: Viewer) -> None:
        with pytest.raises(CannotPilot, match="changes what is asked of people") as refused:
            declared(officer, opened(LIGHTER), PAGE)

        assert "页面指标只用于措辞和顺序" in refused.value.text("zh")
        assert not Pilot.objects.exists()

    def test_cases_may_judge_words_too(self, officer: Viewer, worded: Amendment) -> None:
        made = running(officer, worded, PilotPlan("no_correction", 0.5, None, 0, 24, (1.0,), date(2018, 6, 1)))

        assert made.state == PilotState.RUNNING
        assert not Trial.objects.get().of_wording

    def test_counties_do_not_read_pages(self, officer: Viewer, worded: Amendment) -> None:
        with pytest.raises(CannotPilot, match="share of people"):
            declared(officer, worded, PilotPlan("completed", None, 3, 3, 30, (1.0,), date(2018, 6, 1)))

    def test_the_database_keeps_browsers_out_of_counties(self, officer: Viewer, worded: Amendment) -> None:
        running(officer, worded)

        with pytest.raises(DatabaseError), transaction.atomic():
            Trial.objects.update(share=None, counties=[TONGLU])

    def test_an_end_without_results_keeps_both_sides(self, officer: Viewer, worded: Amendment) -> None:
        pilot = running(officer, worded)
        begun("b")

        ended = pilots.end(pilot_id=pilot.public_id, by=officer, now=datetime(2018, 6, 2, 2, 0, tzinfo=NOW.tzinfo))

        assert "2 results" in ended.result["nothing"]["en"]
        assert sum(one["people"] for one in ended.result["arms"]) == 1


class TestOwnWords:
    """An item asks a shared fact in words of its own; what the fact is stays shared."""

    def test_prevail_where_the_life_event_asks_the_same(self, db: None, tmp_path: Path) -> None:
        self.load(
            tmp_path, certificate=WORDED, newborn=EVENT.replace("questions: [order]", "questions: [order, place]")
        )

        made = planning.start_draft(by=ANONYMOUS, browser="b", event_key="newborn", region_code=TONGLU, now=NOW)

        assert reads_other_words(Draft.objects.get(public_id=made))

    @pytest.mark.parametrize(
        ("written", "other"),
        [("kind: enum", "kind: text"), ("hospital: {zh: 医院, en: Hospital}, ", ""), ("zh: 医院", "zh: 诊所")],
    )
    def test_may_not_mean_another_fact(self, db: None, tmp_path: Path, written: str, other: str) -> None:
        with pytest.raises(CannotImport, match="only its question and hint"):
            self.load(tmp_path, certificate=WORDED.replace(written, other, 1))

    @staticmethod
    def load(folder: Path, **files: str) -> None:
        region("330500")
        region("330122")
        catalogue_acts.import_catalogue(path=write_catalogue(folder, **files), by="system:test", now=NOW)
