"""A pilot through its pages: declared, started, looked at when the rule says so, ended, rolled back or refused."""

import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.apps.catalogue_files import write_catalogue
from tests.apps.factories import AccountFactory, OrganisationFactory, region
from tests.apps.test_pilots import NOW, World, applied, happened, months_passed
from tests.apps.test_reform import LIGHTER
from tests.channels.test_bench import account, as_, clock, page
from yici.apps.catalogue.actions import import_catalogue
from yici.apps.people.models import Account
from yici.apps.people.viewers import viewer_of
from yici.apps.places.actions import load_calendar
from yici.apps.reform import actions
from yici.apps.reform.models import Amendment, Pilot
from yici.rules.people import Role

__all__ = ["clock"]
PEOPLE = {
    "measure": "zero_visit", "who": "people", "percent": "50", "planned": "24", "looks": "50, 100",
    "last_day": "2018-06-01",
}  # fmt: skip
COUNTIES = PEOPLE | {
    "measure": "no_correction", "who": "counties", "county_count": "3", "before_months": "3", "looks": "100",
}  # fmt: skip


@pytest.fixture
def office(english: Client, db: None, clock: Any, tmp_path: Path) -> Client:
    region("330500")
    load_calendar(by="system:test", now=NOW)
    OrganisationFactory(code="330122", kind="health")
    import_catalogue(path=write_catalogue(tmp_path), by="system:test", now=NOW)
    account("330122", "health", Role.DECIDER, "head")
    made = actions.propose(item_key="certificate", text=LIGHTER, reason="少跑", by=viewer("head"), now=NOW)
    actions.open_for_comments(amendment_id=made.public_id, by=viewer("head"), now=NOW)
    return as_(english, account("330000", "reform_office", Role.REFORM, "office"))


def viewer(login: str) -> Any:
    return viewer_of(Account.objects.get(login=login))


def declared(client: Client, **sent: str) -> Any:
    return client.post("/bench/pilots", {"amendment": Amendment.objects.get().public_id, **PEOPLE, **sent})


class TestByPeople:
    def test_the_effect_is_shown_at_the_declared_look_and_not_before(
        self, office: Client, clock: list[datetime]
    ) -> None:
        address = declared(office).headers["Location"]
        assert "declared" in page(office.get(address))
        assert office.post(f"{address}/start").status_code == 302
        for _ in range(6):
            applied(viewer_of(AccountFactory()), NOW)
        clock[0] = NOW + timedelta(minutes=9)
        early = page(office.get(address))
        assert "is shown at the declared looks and not before" in early
        assert "percentage points" not in early
        refused = office.post(f"{address}/end")
        assert refused.status_code == 409
        assert "it goes on" in page(refused)

        for _ in range(18):
            applied(viewer_of(AccountFactory()), NOW)
        assert "+100.0 percentage points" in page(office.get(address))
        assert office.post(f"{address}/end").status_code == 302
        gate = office.post(f"{address}/adopt", {"in_force_on": "2018-05-01"})
        assert gate.status_code == 409
        assert office.post(f"{address}/roll-back").status_code == 302
        assert "rolled back" in page(office.get(address))
        assert office.post(f"{address}/roll-back").status_code == 409

    def test_an_extension_stands_beside_the_first(self, office: Client, clock: list[datetime]) -> None:
        address = declared(office).headers["Location"]
        office.post(f"{address}/start")
        for _ in range(24):
            applied(viewer_of(AccountFactory()), NOW)
        clock[0] = NOW + timedelta(minutes=9)
        office.post(f"{address}/end")

        made = office.post(f"{address}/extend", PEOPLE | {"percent": "80"})

        assert made.status_code == 302
        assert made.headers["Location"] != address
        assert "The pilot that this one extends" in page(office.get(made.headers["Location"]))


class TestByCounties:
    def test_shows_the_way_before_beside_the_effect(self, office: Client, clock: list[datetime]) -> None:
        world = World()
        months_passed(world, {NOW.date().replace(month=month): 4 for month in (1, 2)})
        address = declared(office, **COUNTIES | {"before_months": "2"}).headers["Location"]
        assert office.post(f"{address}/start").status_code == 302
        pilot = Pilot.objects.get()
        for code in (*pilot.counties, *pilot.compared):
            happened(world, code[:6], NOW + timedelta(minutes=1), 10, 1 if code in pilot.counties else 5)
        clock[0] = NOW + timedelta(minutes=9)

        shown = page(office.get(address))

        assert "+40.0 percentage points" in shown
        assert "both groups went the same way" in shown
        assert re.search(r"<polyline class=\"own\" points=\"[\d., ]+\"", shown)


class TestRefusals:
    @pytest.mark.parametrize(
        ("sent", "said"),
        [
            ({"percent": "many"}, "whole numbers and a day"),
            ({"planned": "9" * 40}, "whole numbers and a day"),
            ({"last_day": "soon"}, "whole numbers and a day"),
            ({"looks": "50"}, "The last look is at 1"),
            ({"looks": "100, 50"}, "Looks are shares that rise"),
            ({"measure": "complaints"}, "a measure that a single case has"),
            ({"who": "counties", "county_count": "1", "before_months": "3", "looks": "100"}, "at least 2 counties"),
        ],
    )
    def test_of_a_declaration_keep_what_was_typed(self, office: Client, sent: dict[str, str], said: str) -> None:
        response = declared(office, **sent)

        assert response.status_code == 409
        assert said in page(response)
        assert not Pilot.objects.exists()

    def test_of_an_amendment_that_is_none(self, office: Client) -> None:
        assert declared(office, amendment="x").status_code == 404
        assert declared(office, amendment="00000000-0000-4000-8000-000000000000").status_code == 404

    def test_a_county_reads_and_does_not_decide(self, office: Client) -> None:
        address = declared(office).headers["Location"]
        as_(office, account("330122", "reform_office", Role.REFORM, "county"))

        shown = page(office.get(address))
        assert "Draw and start" not in shown
        assert office.post(f"{address}/start").status_code == 409
        assert declared(office).status_code == 409
