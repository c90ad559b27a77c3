"""A proposal with its dossier: what is seen, by whom, what is suggested, and what becomes of it."""

import json
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from tests.apps.catalogue_files import CERTIFICATE, DATASETS, write_catalogue
from tests.apps.factories import AccountFactory, OrganisationFactory, PartyFactory, StaffFactory, region
from tests.apps.signal_examples import AT, COUNTIES, MARCH, NOW, World
from yici.apps.cases.facts import facts_from_text
from yici.apps.cases.models import Application, Pause, Step
from yici.apps.catalogue.actions import import_catalogue
from yici.apps.journal.models import Entry
from yici.apps.people.viewers import ANONYMOUS, Viewer, viewer_of
from yici.apps.places.actions import load_calendar
from yici.apps.planning.models import QuestionTally
from yici.apps.reform import debts, proposals, take_back
from yici.apps.reform.critical_paths import critical_paths
from yici.apps.reform.models import Amendment, Proposal, SignalTally, SuggestedChange
from yici.apps.reform.signals import count_signals, judge_month
from yici.apps.reform.suggesting import suggest, suggest_for_open_proposals
from yici.rules.amendments import CannotAmend, Stage
from yici.rules.data_debt import DebtKind
from yici.rules.people import Role
from yici.rules.signals import SignalKind
from yici.rules.suggestions import SuggestionKind
from yici.rules.words import Words

RESIDENCES = """\
  residences:
    name: {zh: 居住登记, en: Register of residence}
    owner: police
    level: province
    sharing: conditional
    fields: {address: {zh: 居住地址, en: Address}}
"""
PAPERS = """\
  - key: home
    name: {zh: 居住证明, en: Proof of residence}
    proves: living
    basis: {title: 通知, article: 第一条, level: normative_document}
    ways: [original residences.address]
steps:
"""
WITH_A_PAPER = CERTIFICATE.replace("steps:\n", PAPERS, 1)


def at_bench(code: str, kind: str, role: Role) -> Viewer:
    place = OrganisationFactory(code=code, kind=kind)
    return viewer_of(AccountFactory(of_staff=True, staff=StaffFactory(roles=[role], organisation=place)))


@pytest.fixture
def world(db: None, tmp_path: Path) -> World:
    region("330500")
    load_calendar(by="system:test", now=AT)
    files = write_catalogue(tmp_path, datasets=DATASETS + RESIDENCES, certificate=WITH_A_PAPER)
    import_catalogue(path=files, by="system:test", now=AT)
    return World()


@pytest.fixture
def officer(world: World) -> Viewer:
    return at_bench("330000", "reform_office", Role.REFORM)


@pytest.fixture
def opened(world: World) -> Proposal:
    for county in COUNTIES:
        world.happened(county, 20, corrections=12 if county == "330122" else 1, gaps=2)
    count_signals(MARCH, now=NOW)
    (made,) = judge_month(MARCH, now=NOW).opened
    suggest_for_open_proposals(now=NOW)
    return made


class TestWhoSeesIt:
    def test_the_offices_above_it_and_the_department_of_the_item(self, opened: Proposal, officer: Viewer) -> None:
        sees = [
            officer,
            at_bench("330100", "reform_office", Role.REFORM),
            at_bench("330122", "reform_office", Role.REFORM),
            at_bench("330122", "health", Role.DECIDER),
        ]
        blind = [
            at_bench("330502", "reform_office", Role.REFORM),
            at_bench("330122", "police", Role.DECIDER),
            at_bench("330502", "health", Role.DECIDER),
            at_bench("330122", "health", Role.REVIEWER),
            ANONYMOUS,
        ]

        assert [len(proposals.proposals(one)) for one in sees] == [1] * 4
        assert [len(proposals.proposals(one)) for one in blind] == [0] * 5
        with pytest.raises(proposals.NoSuchProposal):
            proposals.dossier(blind[0], opened.public_id)


class TestTheDossier:
    def test_tells_figures_gaps_grounds_and_the_proof(self, opened: Proposal, officer: Viewer) -> None:
        found = proposals.dossier(officer, opened.public_id)

        assert [one.region.zh for one in found.figures if one.stands_out] == ["桐庐县"]
        assert found.figures[0].rate > 1
        assert [(one.datum.zh, one.count) for one in found.gaps] == [("出生医学证明·编号", 16)]
        assert next((one.burden.zh, one.changer.value) for one in found.grounds) == ("居住证明", "local_government")
        assert found.verdict is not None

    def test_shows_at_most_three_complaints_without_who_complained(
        self, world: World, opened: Proposal, officer: Viewer
    ) -> None:
        party = PartyFactory(name="欧阳示例")
        said = {"contact_name": "示例乙", "detail": "我是示例乙（欧阳示例），电话13900000001，王女士不收件"}
        for _ in range(4):
            world.complaint("330122", party, **said)
        world.complaint("330122", None, kind="report", detail="举报")
        world.complaint("330122", None, keep_secret=True, detail="保密")
        world.complaint("330502", party, detail="别处")

        found = proposals.dossier(officer, opened.public_id).tickets

        assert [one.detail for one in found] == ["我是＊（＊），电话＊，＊女士不收件"] * 3

    def test_shows_the_newest_public_comments_with_their_answers_and_no_county(
        self, world: World, opened: Proposal, officer: Viewer
    ) -> None:
        made = world.comments(["330122"] * 6, first=MARCH, last=MARCH)
        made.comments.filter(text="意见4").update(answer="已改", answered_at=NOW, answered_by="x")
        world.comments(["330122"], first=MARCH, last=MARCH, item_key="registration")

        found = proposals.dossier(officer, opened.public_id).comments

        assert [(one.text, one.answer) for one in found[:2]] == [("意见5", ""), ("意见4", "已改")]
        assert len(found) == 5
        assert {one.page for one in found} == {made.public_id}
        assert "330122" not in str(found)

    def test_of_suggestions_shows_what_was_suggested(self, world: World, officer: Viewer) -> None:
        for county in COUNTIES:
            world.happened(county, 20)
            for n in range(12 if county == "330122" else 1):
                world.complaint(county, PartyFactory(), kind="suggestion", detail=f"建议{n}")
        world.complaint("330122", PartyFactory(), detail="投诉")
        count_signals(MARCH, now=NOW)
        (made,) = judge_month(MARCH, now=NOW).opened

        assert made.kind == SignalKind.SUGGESTIONS
        assert {one.kind.en for one in proposals.dossier(officer, made.public_id).tickets} == {"Suggestion"}

    def test_takes_acts_along(self, world: World, opened: Proposal, officer: Viewer) -> None:
        world.happened("330122", 3, demands=3)
        count_signals(MARCH, now=NOW)

        found = proposals.dossier(officer, opened.public_id).taken_back

        assert {(one.kind, one.events) for one in found} >= {(SignalKind.DEMANDS, 3), (SignalKind.FORCED, 3)}


class TestTheCriticalPath:
    def test_is_that_of_the_item_and_of_each_life_event_it_stands_in(self, opened: Proposal, officer: Viewer) -> None:
        alone, event = proposals.dossier(officer, opened.public_id).paths

        assert (alone.need.zh, alone.is_event, alone.days, alone.proved) == ("出生医学证明签发", False, 1, True)
        assert [(one.name.zh, one.promised, one.statutory) for one in alone.by_promise] == [
            ("受理", 0, 1),
            ("签发", 1, 4),
        ]
        assert (event.need.zh, event.is_event, event.days) == ("新生儿出生", True, 2)
        assert [(one.organisation.zh, one.is_own) for one in event.by_promise] == [
            ("卫生局", True),
            ("卫生局", True),
            ("公安局", False),
            ("公安局", False),
        ]
        assert event.organisations == [(Words("卫生局", "Health bureau"), 1), (Words("公安局", "Police"), 1)]

    def test_tells_what_half_of_the_steps_took_here_and_elsewhere(self, opened: Proposal, officer: Viewer) -> None:
        took("330122", days=9)
        took("330106", days=2)
        Step.objects.filter(case__application__region__code__startswith="330502").update(
            ready_at=AT - timedelta(days=90), finished_at=AT - timedelta(days=40)
        )  # another month

        (alone, _) = proposals.dossier(officer, opened.public_id).paths

        issue = alone.by_promise[-1].taken
        assert (issue.here, issue.elsewhere, issue.count) == (9.0, 2.0, 20)
        assert alone.by_promise[0].taken.here is None
        assert alone.by_days == ()  # the same chain

    def test_names_another_chain_that_really_took_longest(self, world: World, officer: Viewer, tmp_path: Path) -> None:
        beside = "  - {key: stamp, name: {zh: 盖章, en: Stamp}, post: window, promised_days: 0, statutory_days: 1}\n"
        text = WITH_A_PAPER.replace("outcome:", f"{beside}outcome:", 1)
        files = write_catalogue(tmp_path / "again", datasets=DATASETS + RESIDENCES, certificate=text)
        import_catalogue(path=files, by="system:test", now=AT)
        for case in world.happened("330122", 5):
            stamp = case.steps.get()
            stamp.pk, stamp.public_id, stamp.key, stamp.position = None, uuid4(), "stamp", 2
            stamp.ready_at = AT - timedelta(days=30)
            stamp.save()
        took("330122", days=3, key="issue")

        (alone, _) = critical_paths("certificate", MARCH, ["330122000000"])

        assert [one.name.zh for one in alone.by_promise] == ["受理", "签发"]
        assert [(one.name.zh, one.taken.here) for one in alone.by_days] == [("盖章", 30.0)]

    def test_of_what_is_in_the_catalogue_no_longer_is_none(self, world: World) -> None:
        assert critical_paths("gone", MARCH, ["330122000000"]) == ()


def took(county: str, *, days: int, key: str = "issue") -> None:
    rows = Step.objects.filter(case__application__region__code__startswith=county, key=key)
    rows.update(ready_at=AT - timedelta(days=days))


class TestWhereQuestionsWereLeft:
    def test_is_told_in_the_words_of_the_question_here_and_elsewhere(self, opened: Proposal, officer: Viewer) -> None:
        asked("place", "330122", asked=40, passed=10)
        asked("place", "330106", asked=100, passed=90)
        asked("gone", "330122", asked=8, passed=8)
        asked("place", "330122", asked=9, passed=0, item_key="registration")
        asked("place", "330122", asked=9, passed=0, month="2018-02-01")

        first, second = proposals.dossier(officer, opened.public_id).questions

        assert (first.words.zh, first.asked, first.left, first.share) == ("在哪里出生？", 40, 30, 0.75)
        assert (first.left_elsewhere, first.share_elsewhere) == (10, 0.1)
        assert (second.words.zh, second.left, second.share_elsewhere) == ("现已不提的问题（gone）", 0, None)

    def test_alone_opens_a_proposal_where_more_left_than_chance_explains(self, world: World, officer: Viewer) -> None:
        for county in COUNTIES:
            asked("place", county, asked=100, passed=40 if county == "330122" else 95)

        count_signals(MARCH, now=NOW)
        (made,) = judge_month(MARCH, now=NOW).opened

        assert (made.kind, made.item_key, made.regions) == (SignalKind.ABANDONED, "certificate", ["330122000000"])


def asked(question: str, county: str, *, item_key: str = "certificate", month: object = MARCH, **counts: int) -> None:
    place = {"event_key": "newborn", "question_key": question, "region_code": f"{county}000000"}
    QuestionTally.objects.create(item_key=item_key, month=month, **place, **counts)


class TestSuggestions:
    def test_are_proved_weighed_and_replayed_before_they_are_shown(self, opened: Proposal, officer: Viewer) -> None:
        found = {one.row.kind: one for one in proposals.dossier(officer, opened.public_id).suggestions}

        assert {SuggestionKind.OPEN_LINK, SuggestionKind.DECLARE} <= set(found)
        one = found[SuggestionKind.DECLARE]
        assert one.gains
        assert one.row.replay is not None
        assert (one.row.replay["cases"], one.row.replay["worse"]) == (160, 0)
        assert one.row.replay["after"]["papers"] < one.row.replay["before"]["papers"]

    def test_are_worked_out_once_for_a_text(self, opened: Proposal) -> None:
        first = [one.pk for one in suggest("certificate", now=NOW)]

        assert [one.pk for one in suggest("certificate", now=NOW)] == first

    def test_become_a_draft_in_the_editor(self, opened: Proposal, officer: Viewer) -> None:
        row = SuggestedChange.objects.get(kind=SuggestionKind.DECLARE)

        made = proposals.take_up(proposal_id=opened.public_id, suggestion_id=row.public_id, by=officer, now=NOW)

        assert (made.stage, made.item_key, made.is_breach) == (Stage.DRAFT, "certificate", False)
        assert "declaration" in made.text
        assert not made.effects.filter(is_loss=True).exists()
        assert Proposal.objects.get().amendment == made
        assert Entry.objects.filter(kind="reform.proposal_taken_up").count() == 1

    def test_of_an_older_text_are_not_taken_up_nor_shown(self, opened: Proposal, officer: Viewer) -> None:
        SuggestedChange.objects.update(base_text="older")
        row = SuggestedChange.objects.first()
        assert row is not None

        assert proposals.dossier(officer, opened.public_id).suggestions == ()
        with pytest.raises(CannotAmend, match="out of date"):
            proposals.take_up(proposal_id=opened.public_id, suggestion_id=row.public_id, by=officer, now=NOW)
        assert not Amendment.objects.exists()


SLOW = WITH_A_PAPER.replace("statutory: 5W\npromised: 1W", "statutory: 20W\npromised: 8W").replace(
    "promised_days: 1, statutory_days: 4", "promised_days: 8, statutory_days: 15"
)


class TestASituationOfItsOwn:
    @pytest.fixture
    def slow(self, world: World, tmp_path: Path) -> World:
        """A certificate that takes two days where the child was born at home, and up to eight in a hospital."""
        files = write_catalogue(tmp_path / "slow", datasets=DATASETS + RESIDENCES, certificate=SLOW)
        import_catalogue(path=files, by="system:test", now=AT)
        for number, case in enumerate(world.happened("330122", 160)):
            place, days = ("at_home", 2) if number % 2 else ("hospital", 8 - number % 3)
            Application.objects.filter(pk=case.application_id).update(facts_text=json.dumps({"place": place}))
            case.steps.update(ready_at=AT - timedelta(days=days))
        return world

    def test_is_suggested_with_its_counts_and_its_replay(self, slow: World) -> None:
        found = {one.kind: one for one in suggest("certificate", now=NOW)}

        made = found[SuggestionKind.SPLIT]
        assert (made.part, made.verdict) == ("place", found[SuggestionKind.DECLARE].verdict)
        assert "承诺 2 个工作日（现为 8 个；" in made.words
        assert "80 of 80 such cases took no longer, and 0 of 80 others" in made.words_en
        assert [one["component"] for one in made.gains] == ["promised_days"]
        assert made.replay is not None
        assert (made.replay["cases"], made.replay["better"], made.replay["worse"]) == (160, 80, 0)
        assert (made.replay["before"]["days"], made.replay["after"]["days"]) == (1280, 800)

    def test_days_on_which_the_clock_stood_are_not_counted(self, slow: World) -> None:
        for step in Step.objects.filter(case__item_key="certificate"):
            if facts_from_text(step.case.application.facts_text)["place"] == "at_home":
                begun = AT - timedelta(days=12)
                Step.objects.filter(pk=step.pk).update(ready_at=begun)
                Pause.objects.create(
                    case=step.case, kind="correction", begun_at=begun, ended_at=AT - timedelta(days=2), reason="x",
                    basis="x", by="x",
                )  # fmt: skip

        found = {one.kind: one for one in suggest("certificate", now=NOW)}

        assert "承诺 2 个工作日" in found[SuggestionKind.SPLIT].words

    def test_is_not_suggested_where_all_take_as_long_and_is_weighed_anew_each_month(self, slow: World) -> None:
        Step.objects.update(ready_at=AT - timedelta(days=8))
        first = suggest("certificate", now=NOW)
        assert SuggestionKind.SPLIT not in {one.kind for one in first}

        assert [one.pk for one in suggest("certificate", now=NOW)] == [one.pk for one in first]
        assert {one.pk for one in suggest("certificate", now=NOW + timedelta(days=31))} & {
            one.pk for one in first
        } == set()


class TestClosing:
    def test_needs_a_reason_and_happens_once(self, opened: Proposal, officer: Viewer) -> None:
        with pytest.raises(CannotAmend):
            proposals.close(proposal_id=opened.public_id, answer=" ", by=officer, now=NOW)
        proposals.close(proposal_id=opened.public_id, answer="窗口已培训", by=officer, now=NOW)

        with pytest.raises(CannotAmend, match="closed already"):
            proposals.close(proposal_id=opened.public_id, answer="再办", by=officer, now=NOW)
        assert Entry.objects.filter(kind="reform.proposal_closed").count() == 1


class TestTakenBack:
    def test_lists_acts_jumps_and_items_that_nobody_got(self, world: World, officer: Viewer) -> None:
        world.happened("330122", 40, returns=20)
        world.happened("330502", 1)
        count_signals(MARCH, now=NOW)

        assert take_back.taken_back(officer, MARCH) == []  # without a past there is no jump
        SignalTally.objects.create(
            kind=SignalKind.RETURNS, item_key="certificate", region_code="330122000000", month="2018-02-01", events=2,
            of=200, counted_at=NOW,
        )  # fmt: skip
        (jumped,) = take_back.taken_back(officer, MARCH)
        assert (jumped.region.zh, jumped.events, jumped.before) == ("桐庐县", 20, "2 / 200")

        world.happened("330106", 0)  # offered there, and nothing came of it
        assert [one.region.zh for one in take_back.without_cases(officer, MARCH)] == ["西湖区"]


def test_data_debt_is_listed_with_its_volume(world: World, officer: Viewer) -> None:
    for line in debts.debts(officer, now=NOW):
        assert line.debt.kind in set(DebtKind)
        assert line.cases == 0
