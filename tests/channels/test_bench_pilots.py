"""A pilot through its pages: declared, started, looked at when the rule says so, ended, rolled back or refused."""

import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.apps.catalogue_files import write_catalogue
from tests.apps.factories import AccountFactory, OrganisationFactory, region
from tests.apps.test_pilots import NOW, World, applied, happened, months_passed, opened
from tests.apps.test_pilots_of_wording import ASKED, WORDED, begun, reads_other_words, submitted
from tests.apps.test_reform import LIGHTER
from tests.channels.test_bench import account, as_, clock, page
from yici.apps.catalogue.actions import import_catalogue
from yici.apps.people.models import Account
from yici.apps.people.viewers import viewer_of
from yici.apps.places.actions import load_calendar
from yici.apps.planning.models import Draft, Sheet
from yici.apps.reform import actions
from yici.apps.reform.models import Amendment, Pilot
from yici.rules.page_measures import OF_A_PAGE
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
    sent.setdefault("amendment", str(Amendment.objects.latest("pk").public_id))
    return client.post("/bench/pilots", {**PEOPLE, **sent})


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
            (
                {"measure": "completed", "who": "counties", "county_count": "3", "before_months": "3", "looks": "100"},
                "no office has to take part",
            ),
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


class TestOfWording:
    def test_page_measures_are_declared_explained_and_shown_for_both_sides(
        self, office: Client, clock: list[datetime]
    ) -> None:
        shown = page(office.get("/bench/pilots"))
        assert all(one.words.en in shown and one.meaning.en in shown for one in OF_A_PAGE.values())
        opened(WORDED)
        sent = {"measure": "worked_minutes", "planned": "20", "looks": "100"}
        address = declared(office, **sent).headers["Location"]
        assert "by the 7 days after the first beginning" in page(office.get(address))
        assert office.post(f"{address}/start").status_code == 302
        for number in range(30):
            draft, who = begun(f"browser{number}"), viewer_of(AccountFactory())
            submitted(draft, who, f"browser{number}", NOW if reads_other_words(draft) else NOW + timedelta(minutes=15))

        clock[0] = NOW + timedelta(days=2)
        as_(office, Account.objects.get(login="office"))  # the session of the day before has ended
        early = page(office.get(address))
        assert "0 in the pilot, 0 outside" in early
        assert "What both sides did" not in early
        clock[0] = NOW + timedelta(days=8)
        as_(office, Account.objects.get(login="office"))
        late = page(office.get(address))
        assert "-50.0 percent of the time; the true effect lies between -50.0 and -50.0. " in re.sub(r"<.*?>", "", late)
        assert "That is better." in late
        assert "15.0 min (median)" in late
        assert "30.0 min (median)" in late
        assert office.post(f"{address}/end").status_code == 302
        assert "30.0 min (median)" in page(office.get(address))

    def test_more_than_words_is_refused_with_who_gains(self, office: Client) -> None:
        response = declared(office, measure="completed")

        assert response.status_code == 409
        assert "A measure of a page is for words and their order" in page(response)
        assert not Pilot.objects.exists()

    def test_the_pages_count_errors_and_help_of_somebody_not_signed_in(self, office: Client) -> None:
        opened(WORDED)
        address = declared(office, measure="sent_back").headers["Location"]
        office.post(f"{address}/start")
        visitor = Client(HTTP_ACCEPT_LANGUAGE="en")
        visitor.post("/needs/certificate/start", {"region": "330122000000"})
        draft = Draft.objects.get()
        here = f"/drafts/{draft.public_id}"

        asked = page(visitor.get(f"{here}/ask"))
        assert f'href="{here}/help?from=ask"' in asked
        assert (ASKED in asked) == Sheet.objects.get().inside
        assert visitor.post(f"{here}/ask", {"question": "place", "answer": "nowhere"}).status_code == 422
        helping = visitor.get(f"{here}/help?from=ask")
        assert 'href="tel:12345"' in page(helping)
        assert f'href="{here}/ask"' in page(helping)
        assert Client().get(f"{here}/help?from=ask").status_code == 404

        sheet = Sheet.objects.get()
        assert (sheet.sent_back, sheet.helped) == (1, True)
        assert visitor.get(f"{here}/help?from=elsewhere").status_code == 200
