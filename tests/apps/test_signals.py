"""Signals from rows of every kind become proposals by themselves: once each, and none without a cause."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tests.apps.catalogue_files import write_catalogue
from tests.apps.factories import PartyFactory, region
from tests.apps.signal_examples import AT, COUNTIES, MARCH, NOW, World
from yici.apps.catalogue.actions import import_catalogue
from yici.apps.journal.models import Entry
from yici.apps.places.months import CannotReadMonth, last_whole_month, month_named
from yici.apps.reform.models import Proposal, SignalTally
from yici.apps.reform.signals import count_signals, judge_month
from yici.channels.cli import signals as command
from yici.rules.signals import SignalKind

TONGLU = "330122000000"


@pytest.fixture
def world(db: None, tmp_path: Path) -> World:
    region("330500")
    import_catalogue(path=write_catalogue(tmp_path), by="system:test", now=AT)
    return World()


def tally(kind: SignalKind, county: str = TONGLU) -> tuple[int, int]:
    row = SignalTally.objects.filter(kind=kind, region_code=county, item_key="certificate").first()
    return (row.events, row.of) if row else (0, 0)


class TestCounting:
    @pytest.mark.parametrize(
        "kind",
        ["corrections", "returns", "overdue", "forced", "disputes", "gaps", "complaints"],
    )
    def test_counts_each_kind_out_of_its_chances_and_twice_is_once(self, world: World, kind: str) -> None:
        world.happened("330122", 6, **{kind: 2})

        for _ in range(2):
            count_signals(MARCH, now=NOW)
            assert tally(SignalKind(kind)) == (2, 6)

    def test_a_visit_where_none_was_promised_is_one_too_many(self, world: World) -> None:
        world.happened("330122", 4, forced=1)
        count_signals(MARCH, now=NOW)

        assert tally(SignalKind.VISITS) == (1, 4)

    def test_who_came_by_choice_was_not_sent(self, world: World) -> None:
        (case,) = world.happened("330122", 1)
        type(case.application).objects.update(channel="window")
        world.visit(case)
        count_signals(MARCH, now=NOW)

        assert (tally(SignalKind.VISITS), tally(SignalKind.FORCED)) == ((0, 1), (0, 0))

    def test_papers_asked_beyond_the_plan_out_of_visits(self, world: World) -> None:
        cases = world.happened("330122", 5, demands=2)
        world.visit(cases[4])
        count_signals(MARCH, now=NOW)

        assert tally(SignalKind.DEMANDS) == (2, 3)

    def test_bad_reviews_out_of_reviews_without_what_was_contested_with_success(self, world: World) -> None:
        cases = world.happened("330122", 4)
        for case, grade in zip(cases, (1, 2, 3, 5), strict=True):
            world.review(case, grade)
        cases[0].review.upheld = "mistaken"
        cases[0].review.save()
        count_signals(MARCH, now=NOW)

        assert tally(SignalKind.REVIEWS) == (1, 3)

    def test_one_voice_is_counted_once(self, world: World) -> None:
        world.happened("330122", 3)
        party = PartyFactory()
        for _ in range(5):
            world.complaint("330122", party)
        world.complaint("330122001", None, phone_hash="h")
        world.complaint("330122", None, phone_hash="h", ending="abusive")
        count_signals(MARCH, now=NOW)

        assert tally(SignalKind.COMPLAINTS) == (2, 3)

    def test_suggestions_are_counted_apart_from_complaints(self, world: World) -> None:
        world.happened("330122", 3)
        for kind in ("suggestion", "suggestion", "complaint", "consult"):
            world.complaint("330122", PartyFactory(), kind=kind)
        count_signals(MARCH, now=NOW)

        assert (tally(SignalKind.SUGGESTIONS), tally(SignalKind.COMPLAINTS)) == ((2, 3), (1, 3))

    def test_comments_count_out_of_the_cases_of_items_open_for_them(self, world: World) -> None:
        world.happened("330122", 4)
        world.comments(["330122", "330122", ""], first=date(2018, 2, 20), last=date(2018, 3, 1))
        count_signals(MARCH, now=NOW)

        assert tally(SignalKind.COMMENTS) == (2, 4)

    def test_where_nothing_is_open_for_comments_there_is_no_chance_for_one(self, world: World) -> None:
        world.happened("330122", 4)
        world.comments([], first=date(2018, 2, 1), last=date(2018, 2, 28))
        world.comments([], first=date(2018, 3, 1), last=date(2018, 3, 9), item_key="newborn")
        count_signals(MARCH, now=NOW)

        assert tally(SignalKind.COMMENTS) == (0, 0)

    def test_a_local_amendment_concerns_its_region_alone(self, world: World) -> None:
        for county in ("330122", "330502"):
            world.happened(county, 4)
        days = {"first": date(2018, 3, 1), "last": date(2018, 3, 9)}
        world.comments(["330122", "330502"], **days, region_code="330100000000")
        world.comments(["330122"], **days, item_key="newborn")
        count_signals(MARCH, now=NOW)

        assert [tally(SignalKind.COMMENTS, county) for county in (TONGLU, "330502000000")] == [(1, 4), (0, 0)]
        assert not SignalTally.objects.filter(item_key="newborn").exists()

    def test_a_step_that_is_not_due_yet_is_not_late(self, world: World) -> None:
        world.happened("330122", 3, overdue=3)
        count_signals(MARCH, now=AT)

        assert tally(SignalKind.OVERDUE) == (0, 0)

    def test_another_month_is_not_counted(self, world: World) -> None:
        world.happened("330122", 3, corrections=3)
        count_signals(date(2018, 2, 1), now=NOW)

        assert not SignalTally.objects.exists()


def a_bad_month(world: World) -> None:
    for county in COUNTIES:
        world.happened(county, 20, corrections=12 if county == "330122" else 1)
    count_signals(MARCH, now=NOW)


class TestJudging:
    def test_a_planted_problem_opens_one_proposal_with_figures_and_a_line_in_the_journal(self, world: World) -> None:
        a_bad_month(world)

        (opened,) = judge_month(MARCH, now=NOW).opened

        assert (opened.item_key, opened.kind, opened.regions) == ("certificate", "corrections", [TONGLU])
        first = opened.figures[0]
        assert (first["region"], first["events"], first["of"]) == (TONGLU, 12, 20)
        assert first["events"] > first["limit"] > first["expected"]
        assert first["lower"] < first["rate"] < first["upper"]
        assert first["rate"] > 1
        assert len(opened.figures) == len(COUNTIES)
        line = Entry.objects.get(kind="reform.proposal_opened")
        assert json.loads(line.facts_text)["signal"] == "corrections"

    def test_again_opens_nothing_and_a_later_month_renews_the_figures(self, world: World) -> None:
        a_bad_month(world)
        judge_month(MARCH, now=NOW)

        assert judge_month(MARCH, now=NOW).opened == ()
        SignalTally.objects.update(month=date(2018, 4, 1))
        assert judge_month(date(2018, 4, 1), now=NOW).opened == ()
        assert Proposal.objects.get().month == date(2018, 4, 1)

    def test_what_was_closed_opens_again_only_by_a_later_month(self, world: World) -> None:
        a_bad_month(world)
        judge_month(MARCH, now=NOW)
        Proposal.objects.update(closed_at=NOW, closed_by="x", answer="已改")

        assert judge_month(MARCH, now=NOW).opened == ()
        SignalTally.objects.update(month=date(2018, 4, 1))
        assert len(judge_month(date(2018, 4, 1), now=NOW).opened) == 1

    def test_a_calm_month_opens_nothing(self, world: World) -> None:
        for county in COUNTIES:
            world.happened(county, 10, corrections=1, gaps=2)
        count_signals(MARCH, now=NOW)

        judgement = judge_month(MARCH, now=NOW)

        assert (judgement.found, judgement.opened) == ((), ())
        assert judgement.cells > 0

    def test_the_command_counts_judges_and_prints(self, world: World, capsys: pytest.CaptureFixture[str]) -> None:
        a_bad_month(world)
        arguments = command.parser("yici signals").parse_args(["--month", "2018-03", "--json"])

        assert command.run(arguments) == 0
        document = json.loads(capsys.readouterr().out)
        assert [(one["item"], one["region"]) for one in document["triggers"]] == [("certificate", TONGLU)]
        assert len(document["opened"]) == 1
        assert command.run(command.parser("yici signals").parse_args(["--month", "2018-03"])) == 0
        assert "2018-03" in capsys.readouterr().out


class TestMonths:
    def test_the_last_whole_month_is_local(self) -> None:
        assert last_whole_month(datetime(2018, 3, 31, 16, 30, tzinfo=UTC)) == MARCH

    def test_refuses_what_is_no_month(self) -> None:
        with pytest.raises(CannotReadMonth):
            month_named("2018-13")
