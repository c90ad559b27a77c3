"""The pages about one's own data, and those of the officer, the second person and the auditor."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.apps.factories import AccountFactory, OrganisationFactory, PartyFactory, StaffFactory
from tests.apps.test_retention import application, draft
from yici.apps.cases.models import Application
from yici.apps.people.models import Account, Party
from yici.apps.places.actions import load_calendar
from yici.apps.planning.models import Draft
from yici.apps.privacy import exports
from yici.apps.privacy.models import EmergencyLook, Export, LegalHold, PersonalClaim
from yici.rules.people import Role

pytestmark = pytest.mark.django_db
REASON = "Somebody fainted at the counter and must be helped"


@pytest.fixture(autouse=True)
def calendar(db: None) -> None:
    load_calendar(by="system:test", now=timezone.now())


@pytest.fixture
def party() -> Party:
    found: Party = PartyFactory(phone="13857112345")
    return found


@pytest.fixture
def person(english: Client, party: Party) -> Client:
    return signed_in(english, AccountFactory(party=party))


def signed_in(client: Client, account: Account) -> Client:
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    client.cookies["yici_language"] = "en"
    return client


def staff(*roles: Role, code: str = "330122") -> Account:
    office = OrganisationFactory(code=code)
    account: Account = AccountFactory(
        of_staff=True, staff=StaffFactory(roles=list(roles), organisation=office, post="x")
    )
    return account


def desk(*roles: Role, code: str = "330122") -> Client:
    return signed_in(Client(), staff(*roles, code=code))


def text_of(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, address
    return answer.content.decode()


class TestMyData:
    def test_strangers_sign_in_first(self, client: Client) -> None:
        for address in ("/privacy", "/privacy/close"):
            assert client.get(address).headers["Location"].startswith("/sign-in")

    def test_shows_what_is_kept_and_why(self, person: Client, party: Party) -> None:
        draft(party, timezone.now())
        application(party, None)

        page = text_of(person, "/privacy")

        assert "Open applications" in page
        assert "A case is open and needs it" in page
        assert "Goes at once" in page
        assert party.id_number not in page

    def test_takes_a_request_and_says_by_when(self, person: Client) -> None:
        assert (
            person.post("/privacy/ask", {"right": "correction", "wish": "my telephone has changed"}).status_code == 302
        )
        page = text_of(person, "/privacy")
        assert "my telephone has changed" in page
        assert "Answer by" in page

    @pytest.mark.parametrize("sent", [{}, {"right": "correction", "wish": ""}, {"right": "closing"}, {"right": "x"}])
    def test_refuses_a_request_that_says_nothing(self, person: Client, sent: dict[str, str]) -> None:
        assert person.post("/privacy/ask", sent).status_code == 422
        assert not PersonalClaim.objects.exists()

    def test_deletes_what_may_go(self, person: Client, party: Party) -> None:
        draft(party, timezone.now())
        person.post("/privacy/ask", {"right": "deletion"})
        assert not Draft.objects.exists()
        assert "Deleted at once: drafts 1" in text_of(person, "/privacy")

    def test_closes_the_account_and_signs_out(self, person: Client, party: Party) -> None:
        one = application(party, None)
        assert "open" in person.post("/privacy/close").content.decode()
        one.closed_at = timezone.now()
        one.save()

        assert person.post("/privacy/close").status_code == 302
        assert person.get("/privacy").status_code == 302
        assert not Account.objects.get(party=party).is_active

    def test_offers_no_company_data(self, english: Client) -> None:
        from tests.apps.factories import MandateFactory  # noqa: PLC0415

        agent = PartyFactory()
        company = MandateFactory(agent=agent).holder
        client = signed_in(english, AccountFactory(party=agent))
        client.post("/account/act-for", {"party": str(company.public_id)})
        assert client.get("/privacy").status_code == 409


class TestCopy:
    def test_is_asked_for_made_and_fetched(self, person: Client, party: Party) -> None:
        address = person.post("/privacy/copies").headers["Location"]
        waiting = person.get(address)
        assert waiting.headers["Refresh"]
        assert "It begins in a moment." in waiting.content.decode()

        exports.make(export_id=Export.objects.get().public_id, now=timezone.now())

        assert "Fetch the file" in text_of(person, address)
        answer = person.get(f"{address}/file")
        whole = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
        assert whole.startswith(b"PK")
        assert int(answer.headers["Content-Length"]) == len(whole)
        assert answer.headers["Cache-Control"] == "private, no-store"

    def test_of_somebody_else_is_not_there(self, person: Client, client: Client) -> None:
        address = person.post("/privacy/copies").headers["Location"]
        exports.make(export_id=Export.objects.get().public_id, now=timezone.now())
        stranger = signed_in(Client(), AccountFactory())

        assert stranger.get(address).status_code == 404
        assert stranger.get(f"{address}/file").status_code == 404
        assert stranger.post(f"{address}/stop").status_code == 404
        assert desk(Role.ADMIN).get(f"{address}/file").status_code == 302

    def test_can_be_stopped_and_is_gone_when_its_days_are_over(self, person: Client) -> None:
        address = person.post("/privacy/copies").headers["Location"]
        assert person.post(f"{address}/stop").status_code == 302
        assert "Nothing of it was kept" in text_of(person, address)
        address = person.post("/privacy/copies").headers["Location"]
        export = Export.objects.get(state="waiting")
        exports.make(export_id=export.public_id, now=timezone.now() - timedelta(days=9))
        assert "seven days are over" in text_of(person, address)
        assert person.get(f"{address}/file").status_code == 404


class TestOfficer:
    def test_answers_requests_of_his_region(self, person: Client) -> None:
        person.post("/privacy/ask", {"right": "restriction", "wish": "not for statistics"})
        address = f"/desk/privacy/{PersonalClaim.objects.get().public_id}"
        officer = desk(Role.ADMIN)

        assert "Restrict or refuse" in text_of(officer, "/desk/privacy")
        assert "not for statistics" in text_of(officer, address)
        assert officer.post(address, {"outcome": "refused", "answer": ""}).status_code == 422
        assert officer.post(address, {"outcome": "refused", "answer": "statistics name nobody"}).status_code == 302
        assert "statistics name nobody" in text_of(person, "/privacy")
        assert "Restrict or refuse" in text_of(officer, "/desk/privacy?tab=answered")

    def test_for_others_it_is_not_there(self, person: Client) -> None:
        person.post("/privacy/ask", {"right": "restriction", "wish": "not for statistics"})
        address = f"/desk/privacy/{PersonalClaim.objects.get().public_id}"

        for who in (person, desk(Role.DECIDER), desk(Role.AUDITOR), desk(Role.ADMIN, code="330502")):
            assert who.get(address).status_code == 404
            assert who.post(address, {"outcome": "granted", "answer": "done so"}).status_code == 404
        assert desk(Role.REVIEWER).get("/desk/privacy").status_code == 404


class TestEmergency:
    def opened(self, client: Client, party: Party) -> str:
        sent = {"id_number": party.id_number, "name": party.name, "reason": REASON}
        return client.post("/desk/emergency", sent).headers["Location"]

    def test_shows_the_person_and_tells_him(self, person: Client, party: Party) -> None:
        one, looker = application(party, None), desk(Role.DECIDER)
        Application.objects.update(event_key="restaurant")  # a birth would be sealed
        address = self.opened(looker, party)

        page = text_of(looker, address)
        assert party.id_number in page
        assert "Read only" in page
        assert "13857112345" in text_of(looker, f"{address}?application={one.public_id}")

        assert "Somebody looked at your data in an emergency." in text_of(person, "/applications")
        mine = text_of(person, "/privacy")
        assert REASON in mine
        assert one.reference in mine
        assert "Somebody looked" not in text_of(person, "/applications")

    def test_is_nobody_elses_and_ends(self, party: Party) -> None:
        looker = desk(Role.DECIDER)
        address = self.opened(looker, party)
        for who in (desk(Role.DECIDER), desk(Role.ADMIN), desk(Role.AUDITOR)):
            assert who.get(address).status_code == 404
        assert looker.get(f"{address}?application=rubbish").status_code == 404

        EmergencyLook.objects.update(
            opened_at=timezone.now() - timedelta(hours=1), expires_at=timezone.now() - timedelta(minutes=1)
        )
        page = text_of(looker, address, status=403)
        assert "This look ended" in page
        assert party.id_number not in page

    def test_writes_nothing_whatever_is_posted(self, party: Party) -> None:
        looker = desk(Role.DECIDER)
        assert looker.post(self.opened(looker, party), {"name": "x"}).status_code == 405

    @pytest.mark.parametrize("role", [Role.REVIEWER, Role.WINDOW, Role.AUDITOR, Role.STEWARD])
    def test_is_not_there_for_other_posts(self, role: Role) -> None:
        assert desk(role).get("/desk/emergency").status_code == 404

    def test_of_a_child_waits_for_a_second_person(self) -> None:
        child, looker, second = PartyFactory(born_on=timezone.localdate() - timedelta(days=3000)), *both()
        address = self.opened(looker, child)
        shut = text_of(looker, address, status=403)
        assert "second person" in shut
        assert child.id_number not in shut
        assert looker.post(f"{address}/approve").status_code == 404
        assert REASON in text_of(second, "/desk/emergency")

        assert second.post(f"{address}/approve").status_code == 302

        assert child.id_number in text_of(looker, address)

    def test_is_reviewed_by_the_auditor(self, party: Party) -> None:
        self.opened(desk(Role.DECIDER), party)
        auditor, key = desk(Role.AUDITOR), EmergencyLook.objects.get().public_id
        assert REASON in text_of(auditor, "/desk/emergency/review")
        assert REASON not in text_of(desk(Role.AUDITOR, code="330502"), "/desk/emergency/review")
        assert auditor.post("/desk/emergency/review", {"look": key, "finding": "misuse"}).status_code == 422
        assert auditor.post("/desk/emergency/review", {"look": "rubbish", "finding": "ok"}).status_code == 404
        assert auditor.post("/desk/emergency/review", {"look": key, "finding": "ok"}).status_code == 302
        assert "Nothing waits for review" in text_of(auditor, "/desk/emergency/review")
        assert desk(Role.DECIDER).get("/desk/emergency/review").status_code == 404


def both() -> tuple[Client, Client]:
    """A decider and the administrator beside him."""
    return desk(Role.DECIDER), desk(Role.ADMIN)


class TestHolds:
    def test_are_placed_seen_and_lifted_in_one_region(self, party: Party) -> None:
        one, auditor = application(party, None), desk(Role.AUDITOR)
        sent = {"reference": one.reference, "reason": "a suit", "basis": "law, article"}
        assert auditor.post("/desk/privacy/holds", {**sent, "basis": ""}).status_code == 422
        assert auditor.post("/desk/privacy/holds", sent).status_code == 302
        assert one.reference in text_of(auditor, "/desk/privacy/holds")
        assert one.reference not in text_of(desk(Role.ADMIN, code="330502"), "/desk/privacy/holds")
        assert desk(Role.DECIDER).get("/desk/privacy/holds").status_code == 404

        hold = LegalHold.objects.get()
        assert desk(Role.ADMIN, code="330502").post("/desk/privacy/holds", {"lift": hold.pk}).status_code == 422
        assert auditor.post("/desk/privacy/holds", {"lift": "rubbish"}).status_code == 422
        assert auditor.post("/desk/privacy/holds", {"lift": hold.pk}).status_code == 302
        assert "Nothing is held" in text_of(auditor, "/desk/privacy/holds")


class TestNavigation:
    @pytest.mark.parametrize(
        ("role", "address"),
        [
            (Role.ADMIN, "/desk/privacy"),
            (Role.DECIDER, "/desk/emergency"),
            (Role.AUDITOR, "/desk/emergency/review"),
        ],
    )
    def test_leads_each_post_to_its_page(self, role: Role, address: str) -> None:
        assert f'href="{address}"' in text_of(desk(role), "/desk/")
        assert f'href="{address}"' not in text_of(desk(Role.WINDOW), "/desk/")

    def test_leads_a_person_to_his_data(self, person: Client) -> None:
        for address in ("/account", "/applications"):
            assert 'href="/privacy"' in text_of(person, address)
