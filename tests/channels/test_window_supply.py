"""The page that plans a hall's windows: its figures are those of the queue and of the rules, for the own hall only."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F
from django.test import Client

from tests.apps.factories import HallFactory
from tests.apps.hall_examples import account_of_clerk
from tests.apps.test_halls_demand import FIRST, LAST, hall
from tests.channels.test_queue import signed_in
from yici.apps.halls import queries
from yici.apps.halls.demand import own_demand
from yici.apps.halls.models import QueueTicket
from yici.apps.people.viewers import viewer_of
from yici.apps.places.models import Hall
from yici.rules.supply import WaitingPromise, moved_online, needed

__all__ = ["hall"]
DAYS = {"first": FIRST.isoformat(), "last": LAST.isoformat()}


@pytest.fixture
def clerk(hall: Hall) -> Client:
    return signed_in(account_of_clerk(hall))


def shown(client: Client, **asked: object) -> str:
    response = client.get("/window/hall/supply", DAYS | asked)
    assert response.status_code == 200
    return str(response.content.decode())


def table(page: str, caption: str) -> list[list[str]]:
    """Return the rows of a table as texts."""
    found = (
        page.split(f'<caption class="hidden">{caption}</caption>')[1]
        .split("<tbody>")[1]
        .split("</tbody>", maxsplit=1)[0]
    )
    rows = re.findall(r"<tr>(.*?)</tr>", found)
    return [[re.sub("<[^>]+>", "", cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)] for row in rows]


def _many_more() -> list[QueueTicket]:
    rows = list(QueueTicket.objects.filter(day=FIRST))
    return [
        QueueTicket(
            hall=one.hall, queue=one.queue, day=one.day, label=f"{one.label}{number}", joined_at=one.joined_at,
            channel="machine", state="done", first_called_at=one.first_called_at, serving_at=one.serving_at,
            finished_at=one.finished_at, window=one.window,
        )
        for one in rows
        for number in range(5)
    ]  # fmt: skip


class TestTheDay:
    def test_recommends_what_the_rules_say_of_its_own_queue(self, clerk: Client, hall: Hall) -> None:
        viewer = viewer_of(account_of_clerk(hall))
        demand = own_demand(viewer, first=FIRST, last=LAST, minutes=10).demand
        best = needed(demand, WaitingPromise(10, 0.8))

        rows = table(shown(clerk, minutes=10, share=80), "Windows that keep the promise")

        assert [row[0] for row in rows] == ["9:00", "10:00"]
        assert [int(row[3]) for row in rows] == list(best.windows)
        assert all(float(row[4].rstrip(" %")) >= 80 for row in rows)

    def test_says_what_moving_online_saves(self, clerk: Client, hall: Hall) -> None:
        demand = own_demand(viewer_of(account_of_clerk(hall)), first=FIRST, last=LAST, minutes=15).demand
        less = needed(moved_online(demand, 0.6), WaitingPromise())

        page = shown(clerk, online=60)

        assert f"{less.window_hours} if 60 of a hundred did it online" in page
        assert [int(row[9]) for row in table(page, "Windows that keep the promise")] == list(less.windows)

    def test_sets_the_model_beside_the_queue(self, clerk: Client) -> None:
        rows = table(shown(clerk), "The model against the queue itself")

        assert rows[0][1] == "3.0"
        assert rows[0][2] == "65.0 %"  # of forty people a day: ten waited too long, four left

    def test_counts_arrivals_by_the_quarter_hour(self, clerk: Client, hall: Hall) -> None:
        found = queries.quarters(viewer_of(account_of_clerk(hall)), first=FIRST, last=LAST)

        assert [(row.starts, row.arrivals) for row in found[:5]] == [
            (540, 10),
            (555, 10),
            (570, 10),
            (585, 10),
            (600, 8),
        ]
        assert sum(row.arrivals for row in found) == 70
        assert all(row.wait_p90 == pytest.approx(20) for row in found)
        assert shown(clerk).count('<rect class="bar"') == len(found)


class TestWhatCannotBePlanned:
    def test_a_promise_that_no_hall_keeps_is_refused_in_words(self, clerk: Client) -> None:
        QueueTicket.objects.filter(state="done").update(finished_at=F("serving_at") + timedelta(hours=2))
        QueueTicket.objects.filter(state="no_show").delete()
        QueueTicket.objects.bulk_create(_many_more())

        response = clerk.get("/window/hall/supply", DAYS | {"minutes": 1, "share": 99})

        assert response.status_code == 409
        assert "not even 60 windows keep the promise" in response.content.decode()

    def test_days_without_anybody(self, clerk: Client) -> None:
        last = FIRST - timedelta(days=100)

        assert "no finished queue numbers" in shown(clerk, first=last.isoformat(), last=last.isoformat())

    @pytest.mark.parametrize("asked", [{"minutes": "x"}, {"share": "-5"}, {"online": "1e9"}, {"first": "soon"}])
    def test_nonsense_counts_as_nothing_said(self, clerk: Client, asked: dict[str, Any]) -> None:
        assert "Windows that keep the promise" in shown(clerk, **asked)


def test_is_of_the_own_hall(hall: Hall) -> None:
    other = signed_in(account_of_clerk(HallFactory(code="330502")))

    assert "no finished queue numbers" in shown(other)
