"""Pages about shared data: the person's ledger, the public list, the steward's desk; and what programs may ask."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.apps.factories import (
    AccountFactory,
    DatasetFactory,
    GrantFactory,
    OrganisationFactory,
    RecordFactory,
    StaffFactory,
)
from tests.channels.conftest import NOW
from yici.apps.journal import queries as journal
from yici.apps.people.models import Account
from yici.apps.people.viewers import viewer_of
from yici.apps.planning import actions as planning
from yici.apps.registry import actions
from yici.apps.registry.models import Grant, Inquiry, Record

BACKEND = "django.contrib.auth.backends.ModelBackend"
TONGLU = "330122000000"


@pytest.fixture
def record(province: None, db: None) -> Record:
    """A marriage record of somebody in Tonglu that birth registration may read."""
    made = RecordFactory()
    GrantFactory(dataset=made.dataset, item_key="birth_registration")
    return made


@pytest.fixture
def person(record: Record) -> Account:
    return AccountFactory(party=record.party)


def look_up(record: Record, **changes: Any) -> int:
    terms: dict[str, Any] = {
        "wanted": ["marriages.certificate"],
        "items": ["birth_registration"],
        "purpose": "evidence",
        "basis": "改革规定 第七条",
        "case_reference": "YC20180305ABCDEFGH",
        "case_is_open": True,
        "by": str(record.party),
        "region_code": TONGLU,
        "now": timezone.now(),
    }
    actions.fetch(party_id=record.party_id, **terms | changes)
    return journal.entries_for(str(record.party))[0].number


def steward(kind: str = "civil_affairs", code: str = "330000") -> Account:
    staff = StaffFactory(decides=True, organisation=OrganisationFactory(kind=kind, code=code))
    return AccountFactory(of_staff=True, staff=staff)


def page(client: Client, address: str, who: Account | None = None) -> str:
    if who is not None:
        client.force_login(who, backend=BACKEND)
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()


class TestTheLedger:
    def test_shows_who_looked_for_what_on_which_law(self, english: Client, record: Record, person: Account) -> None:
        look_up(record)

        shown = page(english, "/looked-up", person)

        for words in ("Public Security Bureau", "Marriage register: Certificate", "第七条", "Birth registration"):
            assert words.casefold() in shown.casefold(), words
        assert "yourself, online" in shown
        assert "J330122" not in shown

    def test_shows_refused_look_ups_too(self, english: Client, record: Record, person: Account) -> None:
        look_up(record, items=["marriage_registration"])

        shown = page(english, "/looked-up", person)
        assert "Refused: nothing was read" in shown
        assert "The item has no grant" in shown

    def test_takes_a_question_and_shows_the_answer(self, english: Client, record: Record, person: Account) -> None:
        number = look_up(record)
        english.force_login(person, backend=BACKEND)

        sent = english.post("/looked-up/ask", {"line": number, "text": "为什么？"})

        assert sent.headers["Location"] == f"/looked-up?before={number + 1}#line-{number}"
        assert "The office answers by" in page(english, sent.headers["Location"].partition("#")[0])
        assert english.post("/looked-up/ask", {"line": number}).status_code == 409
        office = viewer_of(steward("public_security", "330122"))
        actions.answer_inquiry(
            inquiry_id=Inquiry.objects.get().public_id, answer="办理出生登记", by=office, now=timezone.now()
        )
        assert "办理出生登记" in page(english, "/looked-up")

    @pytest.mark.parametrize("line", ["", "x", "999999999", "٣", "9" * 30])
    def test_knows_no_other_lines(self, english: Client, record: Record, person: Account, line: str) -> None:
        english.force_login(person, backend=BACKEND)
        assert english.post("/looked-up/ask", {"line": line}).status_code == 404

    def test_is_nobody_elses(self, english: Client, record: Record) -> None:
        number = look_up(record)
        assert english.get("/looked-up").headers["Location"].startswith("/sign-in")
        stranger = AccountFactory()

        assert "Marriage register" not in page(english, "/looked-up", stranger)
        assert english.post("/looked-up/ask", {"line": number}).status_code == 404
        assert not Inquiry.objects.exists()

    def test_leads_to_the_draft_and_says_when_it_is_gone(self, english: Client, person: Account) -> None:
        by = viewer_of(person)
        draft = planning.start_draft(by=by, browser="", event_key="newborn", region_code=TONGLU, now=NOW)
        english.force_login(person, backend=BACKEND)
        address = f"/looked-up/case?reference=draft:{draft}"

        assert english.get(address).headers["Location"] == f"/drafts/{draft}/plan"
        planning.discard_draft(by=by, browser="", public_id=draft, now=NOW)
        assert english.get(address).status_code == 404
        assert english.get("/looked-up/case?reference=draft:nonsense").status_code == 404
        assert english.get("/looked-up/case?reference=YC1").status_code == 404

    def test_takes_few_queries(
        self, english: Client, record: Record, person: Account, django_assert_max_num_queries: Any
    ) -> None:
        for _ in range(15):
            look_up(record)
        page(english, "/looked-up", person)

        with django_assert_max_num_queries(16):
            page(english, "/looked-up")


class TestThePublicList:
    def test_shows_datasets_and_grants_to_everybody(self, english: Client, record: Record) -> None:
        GrantFactory(
            dataset=DatasetFactory(key="taxes", conditional=True), waiting=True, item_key="marriage_registration"
        )
        DatasetFactory(key="secret", name_en="Secret files", closed=True)

        shown = page(english, "/datasets")
        assert "Shared without conditions" in shown
        assert "Ground: 《示例法》第一条" in shown
        assert "Nothing found" in page(english, "/datasets?q=zzz")
        grants = page(english, "/grants")
        assert "by the owner, since" in grants
        assert "the owner decides by 16 January 2018" in grants
        assert "No grant like this" in page(english, "/grants?state=revoked")

    @pytest.mark.parametrize("query", ["before=x", "dataset=%27", "before=9999999999999999999"])
    def test_bears_nonsense(self, english: Client, record: Record, query: str) -> None:
        page(english, f"/grants?{query}")
        page(english, f"/datasets?q={query}")


class TestTheStewardsDesk:
    @pytest.fixture
    def waiting(self, record: Record) -> Grant:
        return GrantFactory(dataset=record.dataset, item_key="marriage_registration", waiting=True)

    def test_shows_what_waits_and_decides(self, english: Client, waiting: Grant) -> None:
        shown = page(english, "/steward/grants", steward())
        assert f"/steward/grants/{waiting.public_id}" in shown
        assert "Overdue since 16 January 2018" in shown
        assert "Approve" in page(english, f"/steward/grants/{waiting.public_id}")

        assert english.post(f"/steward/grants/{waiting.public_id}/approve").status_code == 302
        waiting.refresh_from_db()
        assert waiting.state == "approved"
        assert "Approved." in page(english, "/steward/grants?state=approved")

    def test_says_what_is_missing_and_keeps_what_was_typed(self, english: Client, waiting: Grant) -> None:
        english.force_login(steward(), backend=BACKEND)
        address = f"/steward/grants/{waiting.public_id}"

        assert english.post(f"{address}/refuse", {"reason": " "}).status_code == 409
        assert english.post(f"{address}/revoke", {"reason": "不再需要"}).status_code == 409
        assert english.post(f"{address}/delete").status_code == 404
        assert english.post(f"{address}/extend", {"reason": "须会商"}).status_code == 302
        assert english.post(f"{address}/refuse", {"reason": "用途不明确"}).status_code == 302
        waiting.refresh_from_db()
        assert (waiting.state, waiting.reason) == ("refused", "用途不明确")
        assert "用途不明确" in page(english, "/steward/grants?state=refused")

    def test_answers_questions(self, english: Client, record: Record, person: Account) -> None:
        actions.ask_why(line=look_up(record), text="为什么查？", by=viewer_of(person), now=timezone.now())
        asked = Inquiry.objects.get()
        office = steward("public_security", "330122")

        assert "Marriage register" in page(english, "/steward/questions", office)
        assert "为什么查？" in page(english, f"/steward/questions/{asked.public_id}")
        assert english.post(f"/steward/questions/{asked.public_id}", {"answer": ""}).status_code == 409
        assert english.post(f"/steward/questions/{asked.public_id}", {"answer": "登记所需"}).status_code == 302
        assert "Answered" in page(english, "/steward/questions")

    def test_shows_look_ups_of_our_data_without_content(self, english: Client, record: Record) -> None:
        look_up(record)
        look_up(record, case_is_open=False)

        shown = page(english, "/steward/look-ups", steward())
        assert "YC20180305ABCDEFGH" in shown
        assert "The case is closed" in shown
        assert record.party.name not in shown
        assert "J330122" not in shown

    @pytest.mark.parametrize("who", ["citizen", "reviewer", "another office", "county"])
    def test_is_not_there_for_others(self, english: Client, waiting: Grant, person: Account, who: str) -> None:
        actions.ask_why(line=look_up(Record.objects.get()), text="", by=viewer_of(person), now=timezone.now())
        accounts = {
            "citizen": AccountFactory,
            "reviewer": lambda: AccountFactory(of_staff=True),
            "another office": lambda: steward("education"),
            "county": lambda: steward(code="330122"),
        }
        english.force_login(accounts[who](), backend=BACKEND)

        for address in (f"grants/{waiting.public_id}", f"questions/{Inquiry.objects.get().public_id}"):
            assert english.get(f"/steward/{address}").status_code == 404
        assert english.post(f"/steward/grants/{waiting.public_id}/approve").status_code == 404
        assert (
            english.post(f"/steward/questions/{Inquiry.objects.get().public_id}", {"answer": "好"}).status_code == 404
        )
        waiting.refresh_from_db()
        assert waiting.state == "requested"

    @pytest.mark.parametrize("address", ["grants", "questions", "look-ups"])
    def test_asks_strangers_to_sign_in_and_is_not_there_for_citizens(
        self, english: Client, record: Record, address: str
    ) -> None:
        assert english.get(f"/steward/{address}").headers["Location"] == f"/sign-in?next=/steward/{address}"
        english.force_login(AccountFactory(), backend=BACKEND)
        assert english.get(f"/steward/{address}").status_code == 404


class TestForPrograms:
    def test_lists_datasets_in_pages(self, client: Client, record: Record) -> None:
        DatasetFactory(key="taxes")

        first = client.get("/api/v1/datasets?limit=1").json()
        second = client.get(first["next"]).json()

        assert [one["key"] for one in (*first["datasets"], *second["datasets"])] == ["marriages", "taxes"]
        assert second["next"] is None
        assert first["datasets"][0]["quality"] == {"days": 30, "found": 0, "not_found": 0, "refused": 0, "disputes": 0}
        assert client.get("/api/v1/datasets?limit=0").status_code == 422

    def test_lists_ones_own_look_ups_in_pages(self, client: Client, record: Record, person: Account) -> None:
        look_up(record)
        look_up(record, case_is_open=False)
        assert client.get("/api/v1/lookups").status_code == 401
        client.force_login(person, backend=BACKEND)

        first = client.get("/api/v1/lookups?limit=1").json()
        second = client.get(first["next"]).json()

        assert first["lookups"][0]["refused"]["en"] == "The case is closed, or the draft is submitted already"
        assert (second["lookups"][0]["found"], second["lookups"][0]["refused"], second["next"]) == (True, None, None)
        assert client.get("/api/v1/lookups?before=x").status_code == 422
