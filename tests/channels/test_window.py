"""The one window: who may open it, and what a clerk makes of a need."""

import pytest
from django.test import Client

from tests.apps.factories import AccountFactory, OrganisationFactory, PartyFactory, StaffFactory
from tests.channels.conftest import NOW
from yici.apps.cases import actions as cases
from yici.apps.cases.models import Application, Case, HallRequest
from yici.apps.people.models import Account
from yici.apps.people.viewers import viewer_of

TONGLU, WUXING = "330122000000", "330502000000"


def clerk(region: str = TONGLU) -> Account:
    """A clerk at the integrated window of a county."""
    hall = OrganisationFactory(code=region, kind="government_service_hall")
    return AccountFactory(of_staff=True, staff=StaffFactory(at_the_window=True, organisation=hall))


@pytest.fixture
def need(province: None, db: None) -> HallRequest:
    """Somebody in Tonglu who does not know what it is called."""
    cases.ask_the_hall(
        need="我想在家门口开一个小饭店",
        contact_phone="13900000000",
        region_code=TONGLU,
        draft_id=None,
        by=viewer_of(AccountFactory(party=PartyFactory())),
        now=NOW,
    )
    return HallRequest.objects.get()


@pytest.fixture
def window(english: Client, need: HallRequest) -> Client:
    english.force_login(clerk(), backend="django.contrib.auth.backends.ModelBackend")
    return english


def act(window: Client, need: HallRequest, name: str, **sent: object) -> int:
    return int(window.post(f"/window/needs/{need.public_id}/{name}", sent).status_code)


class TestWhoMayOpenIt:
    def test_strangers_sign_in_first(self, client: Client, db: None) -> None:
        assert client.get("/window/needs").headers["Location"] == "/sign-in?next=/window/needs"

    @pytest.mark.parametrize("who", ["reviewer", "person", "clerk of another county"])
    def test_for_others_it_is_not_there(self, client: Client, need: HallRequest, who: str) -> None:
        account = {
            "reviewer": lambda: AccountFactory(of_staff=True),
            "person": AccountFactory,
            "clerk of another county": lambda: clerk(WUXING),
        }[who]()
        client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")

        assert client.get(f"/window/needs/{need.public_id}").status_code == 404
        assert act(client, need, "take") == 404

    def test_asking_the_window_stays_with_the_portal(self, client: Client, need: HallRequest) -> None:
        client.force_login(AccountFactory(), backend="django.contrib.auth.backends.ModelBackend")

        assert client.get("/window/ask").status_code == 200


class TestWhatAClerkDoes:
    def test_sees_the_need_in_the_list(self, window: Client, need: HallRequest) -> None:
        assert need.reference in window.get("/window/needs").content.decode()
        assert need.reference not in window.get("/window/needs?tab=answered").content.decode()

    def test_cannot_answer_before_taking_it(self, window: Client, need: HallRequest) -> None:
        assert act(window, need, "answer", answer="可以") == 409

    def test_takes_and_answers(self, window: Client, need: HallRequest) -> None:
        assert act(window, need, "take") == 302
        assert act(window, need, "answer", answer="不需要许可。") == 302

        need.refresh_from_db()
        assert need.answer == "不需要许可。"
        assert need.reference in window.get("/window/needs?tab=answered").content.decode()

    def test_keeps_what_was_ticked_while_searching_on(self, window: Client, need: HallRequest) -> None:
        act(window, need, "take")

        address = f"/window/needs/{need.public_id}"
        page = window.get(address, {"q": "食品销售", "item": "company_change_registration"}).content.decode()

        assert '<input type="checkbox" name="item" value="company_change_registration" checked>' in page
        assert '<input type="checkbox" name="item" value="food_sales_permit"' in page

    def test_refuses_to_open_cases_of_nothing(self, window: Client, need: HallRequest) -> None:
        act(window, need, "take")

        assert act(window, need, "open", item=["no_such_item"]) == 409
        assert not Application.objects.exists()

    def test_turns_it_into_cases(self, window: Client, need: HallRequest) -> None:
        for kind in ("market_regulation", "fire", "health"):
            OrganisationFactory(kind=kind)
        act(window, need, "take")

        assert act(window, need, "open", item=["food_sales_permit"], answer="已为您办理") == 302
        assert list(Case.objects.values_list("item_key", flat=True)) == ["food_sales_permit"]
        assert act(window, need, "open", item=["food_sales_permit"]) == 409

    def test_knows_no_other_act(self, window: Client, need: HallRequest) -> None:
        assert act(window, need, "delete") == 404
