"""The pages of acting for others: offer, accept, switch, end; a company's head; a guardian at the window."""

import logging
from typing import Any

import pytest
from django.test import Client

from tests.apps.factories import (
    AccountFactory,
    DatasetFactory,
    GrantFactory,
    MandateFactory,
    OrganisationFactory,
    PartyFactory,
    RecordFactory,
    StaffFactory,
)
from yici.apps.people.models import Account, Mandate, Party, Relation
from yici.rules.items import Assurance

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province")]
BACKEND = "django.contrib.auth.backends.ModelBackend"


def of(party: Party, level: Assurance = Assurance.SIGNED) -> Client:
    made = Client()
    made.cookies["yici_language"] = "en"
    made.force_login(AccountFactory(party=party, assurance=level), backend=BACKEND)
    return made


def terms(agent: Party, **changes: str) -> dict[str, str]:
    days = {"valid_from": "2026-01-01", "valid_to": "", "scope": "all"}
    return {"agent_name": agent.name, "agent_number": agent.id_number, **days, **changes}


def text(answer: Any) -> str:
    return str(answer.content.decode())


class TestOffering:
    def test_goes_from_offer_to_switch_to_end(self) -> None:
        holder, agent = PartyFactory(name="委托人"), PartyFactory(name="受托人")
        giving, acting = of(holder), of(agent, Assurance.REAL_NAME)
        assert giving.get("/mandates/offer").status_code == 200

        assert giving.post("/mandates/offer", terms(agent)).headers["Location"] == "/mandates"
        mandate = Mandate.objects.get()
        assert "委托人" in text(acting.get("/mandates"))
        assert acting.post("/account/act-for", {"party": str(holder.public_id)}).status_code == 404
        acting.post(f"/mandates/{mandate.public_id}/accept")
        acting.post("/account/act-for", {"party": str(holder.public_id), "next": "/mandates"})

        assert "Acting for: 委托人" in text(acting.get("/mandates"))
        giving.post(f"/mandates/{mandate.public_id}/end")
        assert "Acting for: myself" in text(acting.get("/mandates"))

    def test_needs_a_session_that_can_sign(self) -> None:
        client = of(PartyFactory(), Assurance.REAL_NAME)

        for answer in (client.get("/mandates/offer"), client.post("/mandates/offer", terms(PartyFactory()))):
            assert answer.headers["Location"] == "/account/level?wanted=signed&next=%2Fmandates%2Foffer"
        assert not Mandate.objects.exists()

    @pytest.mark.parametrize(
        ("changes", "status", "sentence"),
        [
            ({"agent_name": ""}, 422, "Fill this in"),
            ({"valid_from": "yesterday"}, 422, "year-month-day"),
            ({"valid_to": "2026-02-31"}, 422, "leave it empty"),
            ({"scope": "no such need"}, 422, "Choose what"),
            ({"valid_to": "2020-01-01"}, 409, "not before the first"),
            ({"valid_from": "2099-01-01"}, 409, "too far away"),
            ({"agent_name": "某某"}, 409, "no real-name person"),
            ({"agent_number": "x" * 500}, 409, "no real-name person"),
        ],
    )
    def test_says_what_is_wrong_and_keeps_what_was_typed(
        self, changes: dict[str, str], status: int, sentence: str
    ) -> None:
        client, agent = of(PartyFactory()), PartyFactory(name="受托人")

        answer = client.post("/mandates/offer", terms(agent, **changes))

        assert (answer.status_code, sentence in text(answer)) == (status, True)
        assert "agent_name" in changes or "受托人" in text(answer)
        assert not Mandate.objects.exists()

    def test_of_others_is_not_there(self) -> None:
        mandate = MandateFactory(accepted_at=None)
        stranger = of(PartyFactory())

        for act in ("accept", "end"):
            assert stranger.post(f"/mandates/{mandate.public_id}/{act}").status_code == 404
        assert mandate.holder.name not in text(stranger.get("/mandates"))


class TestScope:
    def test_narrow_begins_only_what_it_is_for(self) -> None:
        mandate = MandateFactory(scope="restaurant")
        client = of(mandate.agent)
        client.post("/account/act-for", {"party": str(mandate.holder.public_id)})

        refused = client.post("/needs/newborn/start", {"region": "330122000000"})
        begun = client.post("/needs/restaurant/start", {"region": "330502000000"})

        assert (refused.status_code, "does not cover" in text(refused)) == (409, True)
        assert begun.status_code == 302

    def test_narrow_opens_no_wallet(self) -> None:
        mandate = MandateFactory(scope="restaurant")
        client = of(mandate.agent)
        client.post("/account/act-for", {"party": str(mandate.holder.public_id)})

        assert client.get("/licences").status_code == 200
        assert client.post("/window/ask", {"need": "全部证照", "contact_phone": "13900000000"}).status_code in {
            409,
            422,
        }


class TestCompany:
    def test_is_confirmed_by_the_register(self) -> None:
        head, company = PartyFactory(), PartyFactory(a_company=True)
        fields = {"legal_representative_id": {"zh": "证件号码", "en": "Number"}}
        dataset = DatasetFactory(key="companies-of-test", fields=fields)
        assert dataset.key
        client = of(head)

        refused = client.post("/mandates/company", {"number": company.id_number, "name": company.name})

        assert (refused.status_code, "names no such company" in text(refused)) == (422, True)
        real = DatasetFactory(key="companies", fields=fields)
        GrantFactory(dataset=real, item_key="company_mandate")
        RecordFactory(dataset=real, party=company, values={"legal_representative_id": head.id_number})
        done = client.post("/mandates/company", {"number": company.id_number, "name": company.name})
        assert done.headers["Location"] == "/account/act-for"
        assert company.name in text(client.get("/account/act-for"))


class TestGuardians:
    def clerk(self) -> Client:
        office = OrganisationFactory(code="330122", kind="government_service_hall")
        made = Client()
        made.cookies["yici_language"] = "en"
        staff = StaffFactory(at_the_window=True, organisation=office)
        made.force_login(AccountFactory(of_staff=True, staff=staff), backend=BACKEND)
        return made

    def test_are_recorded_and_ended_at_the_window(self) -> None:
        guardian, ward = PartyFactory(), PartyFactory(name="被监护人")
        told = {
            "guardian_number": guardian.id_number,
            "guardian_name": guardian.name,
            "ward_number": ward.id_number,
            "ward_name": ward.name,
            "document": "（2018）浙0122民特1号",
        }
        clerk = self.clerk()
        assert clerk.get("/window/guardians").status_code == 200
        assert clerk.post("/window/guardians", {**told, "document": ""}).status_code == 422

        assert clerk.post("/window/guardians", {**told, "act": "appoint"}).status_code == 302
        assert "被监护人" in text(of(guardian).get("/account/act-for"))
        assert clerk.post("/window/guardians", {**told, "act": "end"}).status_code == 302
        assert "被监护人" not in text(of(guardian).get("/account/act-for"))
        assert Relation.objects.get().ended_on


def test_no_page_leaves_a_personal_value_in_the_log(caplog: pytest.LogCaptureFixture, settings: Any) -> None:
    caplog.set_level(logging.DEBUG)
    holder, agent = PartyFactory(name="委托人甲"), PartyFactory(name="受托人乙")
    client = of(holder)

    for path, sent in (
        ("/mandates/offer", terms(agent)),
        ("/mandates/offer", terms(agent, agent_name="某丙丙")),
        ("/mandates/company", {"number": "91330122MA00000000", "name": "某公司丁"}),
        ("/account/password", {"old": "some old secret", "new": "new secret 123", "again": "new secret 123"}),
        ("/register", {"login": "me", "password": "secret", "name": "登记人戊", "id_number": "123", "phone": "1390"}),
        ("/sign-in", {"login": "13912345678", "password": "a wrong secret"}),
        ("/account/act-for", {"party": str(agent.public_id)}),
    ):
        client.post(path, sent)

    values = ["委托人甲", "受托人乙", "某丙丙", "某公司丁", "登记人戊", holder.id_number, agent.id_number]
    values += ["91330122MA00000000", "secret", "13912345678"]
    statements = {"django.db.backends"}  # shown only when somebody debugs the database; they hold locked values
    said = " ".join(record.getMessage() for record in caplog.records if record.name not in statements)
    assert [value for value in values if value in said] == []
    assert Account.objects.filter(party=holder).exists()
