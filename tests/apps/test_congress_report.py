"""The yearly report: figures are sums of what the scorecards stand on; small ones and others' regions are hidden."""

import shutil
import subprocess
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from tests.apps.factories import OrganisationFactory
from tests.apps.referral_examples import Congress, answered, open_congress, sent, staff
from tests.apps.test_reform import department, officer, published
from tests.apps.topic_examples import MONDAY, Voices
from yici.apps.accountability.congress_pdf import HIDDEN, NOTHING_COUNTED, draw
from yici.apps.accountability.congress_report import CannotReport, congress_report
from yici.apps.accountability.models import MonthTally
from yici.apps.people.viewers import Viewer
from yici.apps.topics.finding import find_topics
from yici.apps.topics.models import Topic
from yici.rules.people import Role
from yici.rules.referrals import ReferralKind

__all__ = ["department", "officer"]  # the fixtures
NOW = datetime(2019, 1, 7, 2, 0, tzinfo=UTC)
TONGLU, PROVINCE = "330122", "330000"


def text_of(pdf: bytes) -> str:
    """Return what a reader sees, through a program of others."""
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not installed and could not be (needs root)")
    return subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True
    ).stdout.decode()


@pytest.fixture
def congress(db: None, tmp_path: Path) -> Congress:
    made = open_congress(tmp_path)
    for code, measure, month, good, of in (
        ("330122", "tickets_answered", 3, 40, 50),
        ("330122", "tickets_answered", 4, 5, 8),
        ("330502", "tickets_answered", 3, 90, 100),
        ("330122", "tickets_satisfied", 3, 4, 5),
        ("330122", "visits_kept", 12, 70, 80),
    ):
        MonthTally.objects.create(
            measure=measure, organisation=OrganisationFactory(kind="ecology", code=code), month=date(2018, month, 1),
            good=good, of=of, counted_at=NOW,
        )  # fmt: skip
    return made


class TestFigures:
    def test_are_sums_of_the_tallies_of_the_region(self, congress: Congress) -> None:
        for code, expected in ((TONGLU, (45, 58)), (PROVINCE, (135, 158))):
            viewer = staff("330000", "reform_office", Role.REFORM)
            line = congress_report(viewer, 2018, code, now=NOW).hotline[0]

            assert (line.figure.tally.good, line.figure.tally.of) == expected
            assert line.months[0].value is None
            assert line.months[2].value is not None

    def test_of_too_few_things_are_hidden(self, congress: Congress) -> None:
        report = congress_report(congress.county, 2018, TONGLU, now=NOW)

        satisfied = next(one for one in report.hotline if one.measure == "tickets_satisfied")
        assert satisfied.figure.value is None
        assert report.hotline[0].months[3].value is None  # eight in April
        assert report.tickets is None  # two tickets
        assert report.counted_at == NOW

    def test_of_nothing_say_so_and_are_not_called_too_few(self, congress: Congress) -> None:
        report = congress_report(congress.reform, 2016, TONGLU, now=NOW)

        assert report.tickets == 0
        assert report.counted_at is None
        said = text_of(draw(report, demo=False))
        assert said.count(NOTHING_COUNTED) == len(report.hotline) + len(report.visits)
        assert HIDDEN not in said

    def test_tell_what_became_of_referrals(self, congress: Congress) -> None:
        answered(congress)
        sent(congress, "marriage", ReferralKind.UPWARD)

        found = congress_report(congress.reform, 2018, TONGLU, now=NOW).referrals

        assert (found.sent, found.answered, found.in_time, found.waiting, found.late_now) == (2, 1, 1, 1, 1)
        assert [one.kind for one in found.unanswered] == [ReferralKind.UPWARD]
        assert congress_report(congress.reform, 2017, TONGLU, now=NOW).referrals.sent == 0

    def test_name_topics_of_enough_people(self, congress: Congress) -> None:
        voices = Voices()
        voices.usual(8)
        voices.loud("330122", MONDAY - timedelta(days=7), days=7, each_day=2)
        find_topics(now=MONDAY)

        report = congress_report(congress.reform, 2018, TONGLU, now=NOW)

        assert [one.voices for one in report.topics] == [14]
        assert "搅拌站" not in report.topics[0].name.zh  # in nobody's words
        assert draw(report, demo=True).startswith(b"%PDF")
        Topic.objects.update(voices=2)
        assert congress_report(congress.reform, 2018, TONGLU, now=NOW).topics == ()


class TestChanges:
    def test_each_revision_that_came_into_force_is_named(self, department: Viewer, officer: Viewer) -> None:
        entry = published(department, officer)

        report = congress_report(officer, 2018, TONGLU, now=NOW)

        (line,) = report.changes
        assert (line.in_force_on, line.gains, line.losses) == (date(2018, 5, 1), len(entry.gains), len(entry.losses))
        said = text_of(draw(report, demo=False))
        assert entry.amendment.name in said
        assert "2018-05-01" in said
        assert congress_report(officer, 2017, TONGLU, now=NOW).changes == ()


class TestWho:
    @pytest.mark.parametrize("code", ["330502", "330000", "330122001", "nowhere"])
    def test_reports_of_his_own_region_only(self, congress: Congress, code: str) -> None:
        with pytest.raises(CannotReport):
            congress_report(congress.reform, 2018, code, now=NOW)

    @pytest.mark.parametrize("year", [2015, 2020, 0])
    def test_and_of_years_there_were(self, congress: Congress, year: int) -> None:
        with pytest.raises(CannotReport, match="between 2016 and 2019"):
            congress_report(congress.reform, year, TONGLU, now=NOW)

    def test_is_for_those_who_report(self, congress: Congress) -> None:
        with pytest.raises(CannotReport):
            congress_report(congress.unit, 2018, PROVINCE, now=NOW)
