"""What anybody may open: health, verification of licences, the list of all services."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client

from tests.apps.factories import OrganisationFactory, PartyFactory
from yici.apps.catalogue import queries as catalogue
from yici.apps.licences import actions as licences
from yici.apps.licences.models import Licence, LicenceFile
from yici.apps.licences.qr import read_signed_text
from yici.apps.licences.queries import code_of
from yici.apps.people.viewers import ANONYMOUS
from yici.apps.planning import queries as plans
from yici.apps.planning.offers import offers_at, promise
from yici.apps.planning.proofs import is_proved_once
from yici.channels.public.verifying import seal_public_key
from yici.rules.plans import Mode

TONGLU = "330122000000"
NOW = datetime(2018, 3, 5, 2, 0, tzinfo=UTC)


@pytest.fixture
def licence(province: None, db: None) -> Licence:
    """A birth certificate of somebody called 方小满."""
    issued = licences.issue(
        type_key="birth_certificate",
        holder_id=PartyFactory(name="方小满").pk,
        holder_name="方小满",
        rows=[("姓名", "方小满")],
        organisation_id=OrganisationFactory().pk,
        case_reference="test-case",
        by="system:test",
        now=NOW,
    )
    return Licence.objects.select_related("type").get(public_id=issued)


class TestHealth:
    def test_the_process_is_alive_without_any_database(self, client: Client) -> None:
        assert client.get("/healthz").json() == {"status": "alive"}

    @pytest.mark.django_db
    def test_it_is_ready_when_the_database_answers(self, client: Client) -> None:
        assert client.get("/readyz").status_code == 200

    @pytest.mark.django_db
    def test_it_is_not_ready_while_tables_are_missing(self, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("yici.channels.public.health._Tables.up_to_date", False)
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM django_migrations WHERE app = 'cases'")

        answer = client.get("/readyz")

        assert answer.status_code == 503
        assert answer.json() == {"status": "the tables are not up to date"}

    @pytest.mark.django_db
    def test_figures_are_for_this_machine_only(self, client: Client) -> None:
        assert b"yici_ready 1.0" in client.get("/metrics").content
        assert client.get("/metrics", REMOTE_ADDR="192.0.2.7").status_code == 403
        assert client.get("/metrics", headers={"X-Forwarded-For": "192.0.2.7"}).status_code == 403


class TestVerify:
    def test_says_that_a_licence_stands_and_hides_the_name(self, english: Client, licence: Licence) -> None:
        page = english.get("/verify", {"code": licence.identifier}).content.decode()

        assert "stands" in page
        assert "方**" in page
        assert "方小满" not in page

    def test_finds_it_by_number_typed_with_spaces(self, english: Client, licence: Licence) -> None:
        typed = f" {licence.number[:6]} {licence.number[6:]} "

        assert english.get("/verify", {"code": typed}).status_code == 200

    def test_says_that_a_licence_is_revoked(self, english: Client, licence: Licence) -> None:
        licences.revoke(identifier=licence.identifier, reason="假材料", by="system:test", now=NOW)

        page = english.get(f"/verify/{licence.public_id}").content.decode()

        assert "was revoked on 5 March 2018" in page
        assert "stands." not in page

    @pytest.mark.parametrize("code", ["330", "0" * 400, "方", "'; --", "%00"])
    def test_knows_nothing_of_other_numbers(self, client: Client, province: None, db: None, code: str) -> None:
        assert client.get("/verify", {"code": code}).status_code in {200, 404}
        assert b"data-verdict" in client.get("/verify", {"code": code}).content

    def test_has_no_page_for_an_unknown_code(self, client: Client, province: None, db: None) -> None:
        assert client.get("/verify/00000000-0000-4000-8000-000000000000").status_code == 404

    def test_accepts_the_file_as_issued_and_no_other(self, english: Client, licence: Licence, tmp_path: Path) -> None:
        pdf = bytes(LicenceFile.objects.get(licence=licence).pdf)
        (good := tmp_path / "good.pdf").write_bytes(pdf)
        (changed := tmp_path / "changed.pdf").write_bytes(pdf[:900] + bytes([pdf[900] ^ 1]) + pdf[901:])

        answers = {}
        for path in (good, changed):
            with path.open("rb") as file:
                answers[path.name] = english.post("/verify", {"file": file}).content.decode()

        assert "byte for byte" in answers["good.pdf"]
        assert "byte for byte" not in answers["changed.pdf"]
        assert "untouched seal" in answers["changed.pdf"]

    def test_refuses_what_is_no_pdf(self, client: Client, province: None, db: None) -> None:
        assert client.post("/verify", {}).status_code == 422

    def test_gives_the_key_that_codes_are_signed_with(self, client: Client, licence: Licence) -> None:
        statement = read_signed_text(code_of(licence), seal_public_key())
        jwk = json.loads(client.get("/verify/key?format=jwk").content)

        assert statement.identifier == licence.identifier
        assert jwk["crv"] == "P-256"
        assert b"BEGIN PUBLIC KEY" in client.get("/verify/key").content

    def test_the_offline_page_holds_nothing_of_anybody(self, client: Client, province: None, db: None) -> None:
        page = client.get("/verify/offline").content.decode()

        assert "look/verify" in page
        assert "sign-in" not in page


class TestCatalogue:
    def test_lists_every_need_with_its_visits(self, english: Client, province: None, db: None) -> None:
        page = english.get("/catalogue").content.decode()

        assert page.count("<h1>") == 1
        assert 'href="/needs/newborn"' in page
        assert "Breach: up to" in page
        assert "One window" in page

    def test_narrows_to_what_is_searched(self, client: Client, province: None, db: None) -> None:
        page = client.get("/catalogue", {"q": "开饭店"}).content.decode()

        assert "/needs/restaurant" in page
        assert "/needs/newborn" not in page

    @pytest.mark.parametrize("text", ["zzzzqqqq", "%", "'" * 200])
    def test_survives_any_search(self, client: Client, province: None, db: None, text: str) -> None:
        assert client.get("/catalogue", {"q": text}).status_code == 200

    def test_promises_what_the_planner_plans(self, province: None, db: None) -> None:
        here = catalogue.catalogue_for(TONGLU)
        holdings = plans.typical_holdings(here, TONGLU)

        for key in here.events:
            plan = plans.plan_for(ANONYMOUS, key, TONGLU, answers={})
            mode, visits = promise(here, key, holdings)

            assert visits == max(plan.visits_at_most, plan.visits, mode is Mode.ONE_WINDOW)
            assert (mode is Mode.BREACH) == (plan.visits_at_most > 1)

    def test_calls_nothing_a_breach_that_is_proved_to_take_one_visit(self, province: None, db: None) -> None:
        here = catalogue.catalogue_for(TONGLU)
        proved = {key for key in (*here.events, *here.items) if is_proved_once(here, key)}
        offered = offers_at(TONGLU)

        assert "retirement" in proved
        assert {key for key in proved if offered[key].mode is Mode.BREACH} == set()
        assert {key for key, offer in offered.items() if offer.mode is Mode.BREACH} >= {"id_card_first", "restaurant"}
