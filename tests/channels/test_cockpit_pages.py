"""The cockpit's curves, funnel and flow through their addresses."""

import csv
import io
from typing import Any

from django.test import Client

from tests.apps.test_curves import fetched
from tests.apps.test_funnels_and_flows import begun
from tests.apps.test_scorecards import MARCH, hotline
from tests.apps.ticket_examples import Hotline
from tests.channels.test_scorecards import TONGLU, WUXING, enter, page, reform
from yici.apps.cases.models import Case
from yici.apps.planning.models import NudgeTally

__all__ = ["begun", "fetched", "hotline"]  # the fixtures
MOST_QUERIES = 20  # session, viewer, place, month, event and the tally


class TestCurves:
    def test_show_three_curves_with_their_definitions(self, english: Client, fetched: Hotline) -> None:
        enter(english, reform())
        shown = page(english, "/cockpit/curves")
        assert shown.count('class="chart"') == 3
        for words in ("Requirements fetched", "fetched as data or as a licence", "as of", "Hangzhou City"):
            assert words in shown
        own = page(english, "/cockpit/curves", place=TONGLU)
        assert f"/cockpit/counties/{TONGLU}/list?measure=requirements_fetched" in own
        assert "Tonglu County ecology" in own

    def test_give_files(self, english: Client, fetched: Hotline) -> None:
        enter(english, reform("330122"))
        rows = list(csv.DictReader(io.StringIO(page(english, "/cockpit/curves.csv").removeprefix("\ufeff"))))
        assert len(rows) == 3 * 24
        assert {row["place"] for row in rows} == {TONGLU}
        drawing = english.get("/cockpit/curves.svg")
        assert drawing.headers["Content-Type"] == "image/svg+xml"
        assert drawing.content.lstrip().startswith(b"<svg")

    def test_end_with_the_jurisdiction(self, english: Client, fetched: Hotline) -> None:
        enter(english, reform("330122"))
        for path in ("curves", "curves.csv", "curves.svg"):
            assert english.get(f"/cockpit/{path}?place={WUXING}").status_code == 404
            assert english.get(f"/cockpit/{path}?month=2018-13").status_code == 404

    def test_say_when_nothing_was_counted(self, english: Client, hotline: Hotline) -> None:
        enter(english, reform())
        assert "Nothing has been counted yet" in page(english, "/cockpit/curves")
        assert english.get("/cockpit/curves.csv").status_code == 404


class TestFunnel:
    def test_shows_steps_and_stops_of_the_viewers_place(self, english: Client, begun: Hotline) -> None:
        enter(english, reform("330122"))
        shown = page(english, "/cockpit/funnel", month="2018-03", event="newborn")
        text = page(english, "/cockpit/funnel.csv", month="2018-03").removeprefix("\ufeff")
        assert shown.count('class="whole"') == 8
        for words in ("Answered to a plan · 10", "62.5 %", "Married?", "None was answered", "1 applications"):
            assert words in shown
        rows = list(csv.DictReader(io.StringIO(text)))
        assert [row["count"] for row in rows] == ["16", "10", "6", "5", "4", "3", "3", "2"]

    def test_reads_a_few_rows(self, english: Client, begun: Hotline, django_assert_max_num_queries: Any) -> None:
        enter(english, reform("330122"))
        for name in ("funnel", "flow"):
            page(english, f"/cockpit/{name}", month="2018-03", event="newborn")
            with django_assert_max_num_queries(MOST_QUERIES) as seen:
                page(english, f"/cockpit/{name}", month="2018-03", event="newborn")
            asked = " ".join(one["sql"] for one in seen.captured_queries)
            assert not [table for table in ("planning_draft", "cases_application", "cases_step") if table in asked]

    def test_begins_with_the_newest_month_that_has_needs(self, english: Client, begun: Hotline) -> None:
        enter(english, reform("330122"))
        assert "Answered to a plan · 10" in page(english, "/cockpit/funnel")
        assert "Longest chain" in page(english, "/cockpit/flow")

    def test_says_when_nobody_counted_the_month(self, english: Client, begun: Hotline) -> None:
        enter(english, reform("330122"))
        for name in ("funnel", "flow"):
            assert "Nobody has counted this month yet" in page(english, f"/cockpit/{name}", month="2018-01")
        assert english.get("/cockpit/flow.svg?month=2018-01").status_code == 200

    def test_is_not_there_for_strange_choices(self, english: Client, begun: Hotline) -> None:
        enter(english, reform("330122"))
        for sent in ("event=nothing", "month=x", f"place={WUXING}"):
            assert english.get(f"/cockpit/funnel?{sent}").status_code == 404
            assert english.get(f"/cockpit/flow?{sent}").status_code == 404


class TestFlow:
    def test_shows_the_way_through_departments(self, english: Client, begun: Hotline) -> None:
        enter(english, reform("330122"))
        shown = page(english, "/cockpit/flow", month="2018-03", event="newborn")
        text = page(english, "/cockpit/flow.csv", month="2018-03", event="newborn").removeprefix("\ufeff")
        drawing = english.get("/cockpit/flow.svg?month=2018-03&event=newborn")
        empty = page(english, "/cockpit/flow", month="2018-02")
        assert shown.count('class="arrow') == 5
        assert "Longest chain" in shown
        assert len(list(csv.DictReader(io.StringIO(text)))) == 6
        assert drawing.headers["Content-Type"] == "image/svg+xml"
        assert "No application of this event" in empty


class TestChannels:
    def test_show_who_came_which_way_and_lead_to_county_and_service(self, english: Client, begun: Hotline) -> None:
        NudgeTally.objects.create(
            month=MARCH,
            kind="from_home",
            moment="booking",
            region_code=TONGLU,
            shown=4,
            followed=1,
            declined=2,
            refused=1,
        )
        enter(english, reform())

        shown = page(english, "/cockpit/channels", month="2018-03")

        assert "7 · 100.0 %" in shown  # all of them online
        assert f"place={TONGLU}&amp;month=2018-03" in shown
        assert "From home, rather than an appointment" in shown
        assert "1 · 25.0 %" in shown
        own = page(english, "/cockpit/channels", month="2018-03", item=Case.objects.latest("pk").item_key)
        assert "Suggestions of an easier way" not in own

    def test_give_a_file(self, english: Client, begun: Hotline) -> None:
        enter(english, reform("330122"))

        text = page(english, "/cockpit/channels.csv", month="2018-03").removeprefix("\ufeff")
        rows = list(csv.DictReader(io.StringIO(text)))

        assert {row["region"] for row in rows} == {TONGLU}
        assert sum(int(row["count"]) for row in rows if (row["act"], row["item"]) == ("applied", "")) == 7

    def test_end_with_the_jurisdiction(self, english: Client, begun: Hotline) -> None:
        enter(english, reform("330122"))

        for path in ("channels", "channels.csv"):
            assert english.get(f"/cockpit/{path}?place={WUXING}").status_code == 404
            assert english.get(f"/cockpit/{path}?item=no_such_item").status_code == 404
            assert english.get(f"/cockpit/{path}?month=2018-13").status_code == 404
