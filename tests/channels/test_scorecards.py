"""The pages of scorecards, contests, statistics and the cockpit through their addresses."""

import csv
import io
import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from tests.apps.factories import OrganisationFactory
from tests.apps.test_scorecards import LATE, MARCH, cases, hotline
from tests.apps.ticket_examples import Hotline, staff_of
from tests.channels.pages import sign_in
from yici.apps.accountability import contests
from yici.apps.accountability.models import Contest, MonthTally
from yici.apps.accountability.month_counting import count_month
from yici.apps.people.models import Account
from yici.apps.people.viewers import Viewer
from yici.rules.people import Role
from yici.rules.scores import FORMULA

__all__ = ["hotline"]  # the fixture
TONGLU, WUXING = "330122000000", "330502000000"


@pytest.fixture
def counted(hotline: Hotline) -> Hotline:
    cases(hotline.ecology, 25, late=3, visits=0)
    cases(OrganisationFactory(kind="ecology", code="330502"), 30, late=9)
    cases(OrganisationFactory(kind="health", code="330502"), 4)
    count_month(MARCH, now=LATE)
    return hotline


def enter(client: Client, viewer: Viewer) -> None:
    sign_in(client, Account.objects.get(pk=viewer.account_id))


def page(client: Client, path: str, status: int = 200, **sent: Any) -> str:
    answer = client.get(path, sent)
    assert answer.status_code == status, answer
    return answer.content.decode()


def reform(code: str = "330000") -> Viewer:
    return staff_of(OrganisationFactory(kind="reform_office", code=code), Role.REFORM)


class TestCards:
    def test_list_the_best_first_and_say_why_a_total_is_hidden(self, english: Client, counted: Hotline) -> None:
        of_a_kind = page(english, "/scorecards", kind="ecology").split("<tbody>")[1]
        assert of_a_kind.index("Tonglu County ecology") < of_a_kind.index("Wuxing District ecology")
        shown = page(english, "/scorecards")
        assert "District health" in shown
        assert "hidden: too many parts count fewer than 10 things" in shown
        assert "Wuxing" not in page(english, "/scorecards", region=TONGLU).split("<tbody>")[1]
        assert "ecology" not in page(english, "/scorecards", kind="health").split("<tbody>")[1].split("</tbody>")[0]

    def test_rank_nobody_beside_work_of_another_kind(self, english: Client, counted: Hotline) -> None:
        assert ">Rank<" not in page(english, "/scorecards")
        assert ">Rank<" in page(english, "/scorecards", kind="ecology")

    def test_show_every_part_with_its_interval_and_the_formula(self, english: Client, counted: Hotline) -> None:
        shown = page(english, f"/scorecards/{counted.ecology.public_id}/2018-03")
        for words in ("88.0 %", "70.0 % to 95.8 %", f"formula {FORMULA.version}", "hidden, and of no weight", "as of"):
            assert words in shown
        assert shown.count('class="interval"') == sum(not part for part in map(is_hidden, parts(shown)))
        assert "3 months up to this one" in page(english, f"/scorecards/{counted.ecology.public_id}/2018-03", span="3")

    def test_give_the_files_they_stand_on(self, client: Client, counted: Hotline) -> None:
        assert client.get("/scorecards/formula.json").json()["version"] == FORMULA.version
        answer = client.get("/scorecards/inputs/2018-03/ecology.csv")
        rows = list(csv.DictReader(io.StringIO(b"".join(answer).decode())))  # type: ignore[call-overload]
        on_time = [row for row in rows if row["measure"] == "promised_time"]
        assert len(on_time) == 55
        assert sum(int(row["good"]) for row in on_time) == 43

    @pytest.mark.parametrize(
        "path", ["?month=2018-13", "?month=2017-01", "?region=999999", "/inputs/2018-03/nothing.csv"]
    )
    def test_are_not_there_for_what_was_not_counted(self, client: Client, counted: Hotline, path: str) -> None:
        assert client.get(f"/scorecards{path}").status_code == 404

    def test_say_when_nothing_was_counted(self, english: Client, hotline: Hotline) -> None:
        for path in ("/scorecards", f"/statistics/{TONGLU}"):
            assert "Nothing has been counted yet" in page(english, path)


def parts(shown: str) -> list[str]:
    return re.findall(r'<tr id="\w+">.*?</tr>', shown, re.DOTALL)


def is_hidden(part: str) -> bool:
    return "of no weight" in part


class TestContests:
    def test_go_from_the_unit_to_the_reform_office_and_stay_visible(self, english: Client, counted: Hotline) -> None:
        enter(english, counted.at_ecology)
        point = contests.own_points(counted.at_ecology, MARCH, "promised_time")[0].ref
        sent = {"month": "2018-03", "measure": "promised_time", "ref": point}
        assert point in page(english, "/desk/scorecard", month="2018-03", measure="promised_time")
        assert "ten characters" in english.post("/desk/scorecard", {**sent, "reason": "不服"}).content.decode()
        assert english.post("/desk/scorecard", {**sent, "reason": "当日系统停机，有公告为证。"}).status_code == 302
        assert "contested already" in page(english, "/desk/scorecard", month="2018-03", measure="promised_time")

        enter(english, reform())
        made = Contest.objects.get()
        shown = page(english, "/bench/contests")
        assert point in shown
        assert "due by" in shown
        address = f"/bench/contests/{made.public_id}"
        assert english.post(address, {"upheld": "1", "answer": " "}).status_code == 409
        assert english.post(address, {"answer": "停机属实。"}).status_code == 404
        assert english.post(address, {"upheld": "1", "answer": "停机属实。"}).status_code == 302
        assert "停机属实。" in page(english, "/bench/contests")

        public = page(english, f"/scorecards/{counted.ecology.public_id}/2018-03")
        assert "upheld: counted no more" in public
        assert "22 / 24" in public
        assert "停机" not in public  # nobody's words of anybody

    def test_are_not_decided_beyond_the_region(self, english: Client, counted: Hotline) -> None:
        enter(english, counted.at_ecology)
        point = contests.own_points(counted.at_ecology, MARCH, "promised_time")[0].ref
        sent = {"month": "2018-03", "measure": "promised_time", "ref": point, "reason": "当日系统停机，有公告为证。"}
        english.post("/desk/scorecard", sent)
        enter(english, reform("330502"))
        assert point not in page(english, "/bench/contests")
        made = Contest.objects.get()
        answer = english.post(f"/bench/contests/{made.public_id}", {"upheld": "1", "answer": "停机属实。"})
        assert answer.status_code == 404


class TestCockpit:
    def test_shows_map_table_and_list(self, english: Client, counted: Hotline) -> None:
        enter(english, reform())
        shown = page(english, "/cockpit/", measure="promised_time", month="2018-03")
        assert shown.count('<path class="s') == shown.count("<tr><td><a") == 2
        for words in ("88.0 %", "70.0 %", "as of", "The higher, the better"):
            assert words in shown
        assert "ecology" in page(english, f"/cockpit/counties/{TONGLU}", measure="promised_time")
        listed = page(english, f"/cockpit/counties/{TONGLU}/list", measure="promised_time", bad="1")
        assert listed.count("did not go well") == 3

    def test_the_slider_names_the_same_months_as_the_links(self, english: Client, counted: Hotline) -> None:
        MonthTally.objects.create(
            measure="zero_visit", organisation=counted.ecology, month=date(2018, 1, 1), good=1, of=20, counted_at=LATE
        )
        enter(english, reform())
        assert "January 2018</h1>" in page(english, "/cockpit/", at="0")
        assert "March 2018</h1>" in page(english, "/cockpit/", at="1")
        assert "January 2018</h1>" in page(english, "/cockpit/", month="2018-01")
        assert english.get("/cockpit/?measure=nothing").status_code == 404

    def test_the_wall_turns_to_the_next_measure(self, english: Client, counted: Hotline) -> None:
        enter(english, reform())
        shown = page(english, "/cockpit/", wall="1", measure="visits_kept")
        assert re.search(
            r'http-equiv="refresh" content="20;url=\?measure=zero_visit&amp;month=2018-03&amp;wall=1"', shown
        )

    def test_exports_what_it_shows_and_no_more(self, english: Client, counted: Hotline) -> None:
        enter(english, reform("330122"))
        text = page(english, "/cockpit/map.csv", measure="promised_time").removeprefix("\ufeff")
        (row,) = csv.DictReader(io.StringIO(text))
        assert (row["code"], row["good"], row["of"], row["value"]) == (TONGLU, "22", "25", "0.88")
        drawing = english.get("/cockpit/map.svg?measure=promised_time")
        assert drawing.headers["Content-Type"] == "image/svg+xml"
        assert drawing.content.lstrip().startswith(b"<svg")
        assert b"Wuxing" not in drawing.content

    def test_ends_with_the_jurisdiction(self, english: Client, counted: Hotline) -> None:
        enter(english, reform("330122"))
        assert "Wuxing" not in page(english, "/cockpit/", measure="promised_time")
        for path in (f"/cockpit/counties/{WUXING}", f"/cockpit/counties/{WUXING}/list"):
            assert english.get(path).status_code == 404


class TestStatistics:
    def test_show_only_what_stands_on_enough(self, english: Client, counted: Hotline) -> None:
        shown = page(english, f"/statistics/{TONGLU}")
        for words in ("100.0 % of the applications needed no visit", "of 25 applications", "88.0 %", "half within 1.0"):
            assert words in shown
        assert "Fewer than 10 things were counted" in shown
        assert english.get("/statistics/330100000000").status_code == 404

    def test_list_the_counties(self, english: Client, counted: Hotline) -> None:
        assert "Tonglu County" in page(english, "/statistics")
