"""What a hall's queue says of its demand, and the command that plans its windows."""

import json
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest

from tests.apps.factories import HallFactory
from yici.apps.halls.demand import CannotFindHall, demand_of, own_demand
from yici.apps.halls.models import Queue, QueueTicket
from yici.apps.people.viewers import ANONYMOUS, Viewer
from yici.apps.places.models import Hall, Window
from yici.channels.cli import supply
from yici.rules.people import Role

FIRST, LAST = date(2018, 3, 5), date(2018, 3, 9)
NINE = datetime(2018, 3, 5, 1, 0, tzinfo=UTC)  # nine in the morning in Hangzhou
HOURS = (40, 30)


@pytest.fixture
def hall(db: None) -> Hall:
    """A hall in which 40 people came at nine and 30 at ten, five days long; every tenth left before the call."""
    hall = HallFactory()
    queue = Queue.objects.create(
        hall=hall, letter="A", name="综合", name_en="All", serves="", serves_en="", window_kinds=["all"]
    )
    windows = [
        Window.objects.create(hall=hall, number=number, name="综合", name_en="All", kinds=["all"])
        for number in (1, 2, 3)
    ]
    chance, rows = Random(1), list[QueueTicket]()
    for day in range(5):
        for place, came in enumerate(HOURS):
            for number in range(came):
                joined = NINE + timedelta(days=day, hours=place, minutes=60 * number / came)
                called = joined + timedelta(minutes=20 if number % 4 == 0 else 5)
                is_gone = number % 10 == 1
                rows.append(
                    QueueTicket(
                        hall=hall,
                        queue=queue,
                        day=joined.date(),
                        label=f"A{place}{number:03d}",
                        joined_at=joined,
                        channel="machine",
                        state="no_show" if is_gone else "done",
                        first_called_at=called,
                        serving_at=None if is_gone else called,
                        finished_at=called if is_gone else called + timedelta(minutes=chance.choice([4, 8])),
                        window=chance.choice(windows),
                    )
                )
    rows[0].finished_at = rows[0].joined_at + timedelta(hours=6)  # nobody pressed the key
    QueueTicket.objects.bulk_create(rows)
    return hall


class TestDemandOf:
    def test_means_of_the_days(self, hall: Hall) -> None:
        past = demand_of(str(hall.public_id), first=FIRST, last=LAST, minutes=15)

        nine, ten = past.hours
        assert (past.days, past.tickets) == (5, 350)
        assert (nine.demand.hour, nine.demand.arrivals, ten.demand.hour, ten.demand.arrivals) == (9, 40, 10, 30)
        assert 5 < nine.demand.service_minutes < 8
        assert nine.windows == 3
        assert nine.kept == pytest.approx(27 / 40, abs=0.03)  # a quarter waited too long, a tenth left

    def test_patience_is_minutes_waited_by_one_who_left(self, hall: Hall) -> None:
        past = demand_of("330122", first=FIRST, last=LAST, minutes=15)

        waited = sum(
            (row.first_called_at - row.joined_at).total_seconds() / 60
            for row in QueueTicket.objects.all()
            if row.first_called_at
        )
        assert past.demand[0].patience_minutes == pytest.approx(waited / 35)

    @pytest.mark.parametrize("name", ["nowhere", "330122999", "00000000-0000-4000-8000-000000000000"])
    def test_refuses_unknown_halls(self, hall: Hall, name: str) -> None:
        with pytest.raises(CannotFindHall, match=hall.name):
            demand_of(name, first=FIRST, last=LAST, minutes=15)

    def test_refuses_days_without_a_queue(self, hall: Hall) -> None:
        with pytest.raises(CannotFindHall, match="no finished queue numbers"):
            demand_of(hall.name, first=LAST + timedelta(days=30), last=LAST + timedelta(days=40), minutes=15)


class TestOwnDemand:
    def test_is_of_the_clerks_own_hall(self, hall: Hall) -> None:
        clerk = Viewer(hall_id=hall.pk, roles=frozenset({Role.WINDOW}))

        assert own_demand(clerk, first=FIRST, last=LAST, minutes=15).tickets == 350

    def test_is_not_there_for_anybody_else(self, hall: Hall) -> None:
        for viewer in (ANONYMOUS, Viewer(hall_id=hall.pk), Viewer(hall_id=0, roles=frozenset({Role.WINDOW}))):
            with pytest.raises(CannotFindHall):
                own_demand(viewer, first=FIRST, last=LAST, minutes=15)


class TestCommand:
    def call(self, *words: str) -> int:
        days = ["--first", FIRST.isoformat(), "--last", LAST.isoformat()]
        return supply.run(supply.parser("yici supply").parse_args([*words, *days]))

    def test_prints_one_document(self, hall: Hall, capsys: pytest.CaptureFixture[str]) -> None:
        assert self.call(hall.name, "--json", "--online", "0.5") == 0

        document = json.loads(capsys.readouterr().out)
        assert [hour["hour"] for hour in document["hours"]] == [9, 10]
        assert all(hour["kept"] >= 0.9 for hour in document["hours"])
        assert document["window_hours"] == sum(hour["windows"] for hour in document["hours"])
        assert document["online"]["window_hours_saved"] > 0
        assert [row["windows"] for row in document["check"]] == [3, 3]

    def test_draws_the_day(self, hall: Hall, capsys: pytest.CaptureFixture[str]) -> None:
        assert self.call(hall.name) == 0

        assert " 9:00  到达 come   40.0" in capsys.readouterr().out
