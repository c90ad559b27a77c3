"""The pages of reviews through their addresses: faces, second step, link, unit, second person, public, kiosk."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.apps.factories import AccountFactory, OrganisationFactory, PartyFactory
from tests.apps.review_examples import closed_case, set_minimum
from tests.apps.ticket_examples import Hotline, answered, open_hotline, staff_of
from tests.channels.kiosk.steps import lay_card, pair
from tests.channels.pages import sign_in
from yici.apps.cases.models import Case
from yici.apps.people.models import Account, Party
from yici.apps.people.viewers import Viewer
from yici.apps.reviews.models import Happening, Review
from yici.apps.tickets.models import Supervision, Ticket
from yici.rules.people import Role


@pytest.fixture
def hotline(db: None) -> Hotline:
    return open_hotline()


@pytest.fixture
def case(hotline: Hotline) -> Case:
    return closed_case(Party.objects.get(pk=hotline.person.party_id), hotline.ecology, timezone.now())


def enter(client: Client, viewer: Viewer) -> None:
    sign_in(client, Account.objects.get(pk=viewer.account_id))


def page(client: Client, path: str, status: int = 200, **sent: Any) -> str:
    answer = client.get(path, sent)
    assert answer.status_code == status, answer
    return answer.content.decode()


def ticket_of(hotline: Hotline, now: Any = None) -> Ticket:
    party = hotline.person.party_public_id
    return answered(hotline, hotline.ecology, hotline.at_ecology, now or timezone.now(), party_id=party)


class TestPortal:
    def test_three_faces_then_a_little_more_then_what_becomes_of_it(
        self, english: Client, hotline: Hotline, case: Case
    ) -> None:
        enter(english, hotline.person)
        address = f"/cases/{case.public_id}/review"
        assert page(english, f"/applications/{case.application.public_id}").count('class="press"') == 3
        assert page(english, address).count('class="press"') == 3

        assert english.post(address, {"face": "9"}).status_code == 409
        second = english.post(address, {"face": "1"}).headers["Location"]
        shown = page(english, second)
        assert "It took too long" in shown
        assert "1 working day" in shown
        english.post(second, {"grade": "1", "tag": ["slow"], "text": "等了很久", "named": "1"})
        assert "We are sorry" in page(english, second)
        assert english.post(second, {"grade": "5"}).status_code == 409

        review = Review.objects.get()
        own = page(english, f"/my-reviews/{review.public_id}")
        assert "等了很久" in own
        assert "To be contacted" in own
        assert english.get(address).status_code == 404
        assert "Very dissatisfied" in page(english, f"/applications/{case.application.public_id}")
        assert english.post(f"/my-reviews/{review.public_id}/answer", {"satisfied": "2"}).status_code == 409

    def test_of_a_ticket_by_follow_code(self, english: Client, hotline: Hotline) -> None:
        ticket = ticket_of(hotline)
        enter(english, hotline.person)
        second = english.post(f"/voices/{ticket.reference}/review", {"face": "3", "unnamed": "1"}).headers["Location"]

        assert "Nothing more is needed" not in page(english, second)
        assert Review.objects.get().named is False
        assert english.post(f"/voices/{ticket.reference}/review", {"face": "3"}).status_code == 409

    def test_becomes_a_ticket(self, english: Client, hotline: Hotline, case: Case) -> None:
        enter(english, hotline.person)
        second = english.post(f"/cases/{case.public_id}/review", {"face": "1"}).headers["Location"]
        english.post(f"{second}/ticket", {"detail": "请重新办理"})

        opened = Ticket.objects.get(channel="review")
        assert opened.case == case
        assert opened.reference in page(english, f"/my-reviews/{Review.objects.get().public_id}")

    @pytest.mark.parametrize("key", ["forged", "IjEi:1xXLu2:x"])
    def test_a_forged_key_is_not_there(self, client: Client, db: None, key: str) -> None:
        assert client.get(f"/rate/more/{key}").status_code == 404
        assert client.post(f"/rate/more/{key}", {"grade": "1"}).status_code == 404
        assert client.post(f"/rate/more/{key}/ticket").status_code == 404


class TestLink:
    def test_is_made_by_an_operator_and_works_once(self, english: Client, hotline: Hotline) -> None:
        enter(english, hotline.operator)
        sent = {"number": ticket_of(hotline).reference, "way": "qr", "do": "link"}
        made = english.post("/hotline/reviews/enter", sent).content.decode()
        found = re.search(r"/rate/([\w-]{20,})", made)
        assert found is not None
        assert "<svg" in made

        phone = Client()
        shown = phone.get(found[0])
        assert shown.headers["Cache-Control"] == "private, no-store"
        second = phone.post(found[0], {"face": "1"}).headers["Location"]
        refused = phone.post(second, {"grade": "2", "named": "1"})
        assert refused.status_code == 409
        phone.post(second, {"grade": "2", "named": "1", "name": "示例甲", "phone": "13900000001"})
        assert phone.get(found[0]).status_code == 404
        assert Review.objects.get().contact_phone == "13900000001"

    def test_says_what_is_wrong_and_keeps_what_was_typed(self, english: Client, hotline: Hotline) -> None:
        enter(english, hotline.operator)
        refused = english.post("/hotline/reviews/enter", {"number": "SQX", "do": "write", "text": "太慢了"})

        assert refused.status_code == 409
        assert "No case or ticket" in refused.content.decode()
        assert "太慢了" in refused.content.decode()

    def test_on_the_phone(self, english: Client, hotline: Hotline) -> None:
        enter(english, hotline.operator)
        sent = {"number": ticket_of(hotline).reference, "do": "write", "grade": "4", "tag": ["kind"], "named": "0"}
        english.post("/hotline/reviews/enter", sent)

        assert (Review.objects.get().channel, Review.objects.get().grade) == ("phone", 4)


class TestUnit:
    @pytest.fixture
    def review(self, client: Client, hotline: Hotline) -> Review:
        ticket = ticket_of(hotline)
        enter(client, hotline.person)
        client.post(f"/voices/{ticket.reference}/review", {"face": "1"})
        client.logout()
        return Review.objects.get()

    def do(self, client: Client, review: Review, name: str, **sent: str) -> int:
        return client.post(f"/hotline/reviews/{review.public_id}/{name}", sent).status_code

    def test_contacts_rectifies_and_calls_back(self, english: Client, hotline: Hotline, review: Review) -> None:
        enter(english, hotline.at_ecology)
        assert page(english, "/hotline/reviews").count("data-row") == 1
        assert "139" not in page(english, f"/hotline/reviews/{review.public_id}")
        looked = english.post(f"/hotline/reviews/{review.public_id}/look").content.decode()
        assert "13900000000" in looked
        assert self.do(english, review, "contact") == 409
        assert self.do(english, review, "contact", reached="1") == 302
        assert self.do(english, review, "rectify", text="x") == 409
        assert self.do(english, review, "more-time", reason="会商") == 302
        assert self.do(english, review, "rectify", handling="fixed", text="已整改") == 302
        assert self.do(english, review, "call-back") == 409
        assert self.do(english, review, "call-back", outcome="content") == 302

        assert Review.objects.get().state == "closed"
        assert page(english, "/hotline/reviews", tab="closed").count("data-row") == 1
        assert self.do(english, review, "nothing") == 404

    def test_contests_and_somebody_else_decides(self, english: Client, hotline: Hotline, review: Review) -> None:
        enter(english, hotline.at_ecology)
        assert self.do(english, review, "contest", ground="x", reason="误点") == 409
        assert self.do(english, review, "contest", ground="mistaken", reason="误点") == 302
        assert 'value="dismiss"' not in page(english, f"/hotline/reviews/{review.public_id}")
        assert self.do(english, review, "decide", ground="mistaken", reason="核查") == 409

        enter(english, hotline.operator)
        assert page(english, "/hotline/reviews").count("data-row") == 1
        assert 'value="dismiss"' in page(english, f"/hotline/reviews/{review.public_id}")
        assert self.do(english, review, "decide", ground="mistaken", reason="核查") == 302
        assert Happening.objects.filter(kind="uphold").count() == 1

    def test_what_is_late_stands_on_the_board(self, english: Client, hotline: Hotline, review: Review) -> None:
        Supervision.objects.create(
            review_id=review.public_id,
            organisation=hotline.ecology,
            desk_code=review.desk_code,
            level=1,
            reason="step_overdue",
            harm_at=timezone.now(),
            opened_at=timezone.now(),
            opened_by="system:clock",
            raised_at=timezone.now(),
        )
        enter(english, hotline.operator)

        assert f"/hotline/reviews/{review.public_id}" in page(english, "/hotline/supervision")

    def test_figures_of_persons_are_for_heads(self, english: Client, hotline: Hotline) -> None:
        enter(english, hotline.at_ecology)
        assert english.get("/hotline/reviews/persons").status_code == 404
        enter(english, staff_of(hotline.ecology, Role.DECIDER))
        assert "Nobody here has enough" in page(english, "/hotline/reviews/persons")


class TestPublic:
    def test_figures_of_a_place_a_body_and_a_service(self, english: Client, hotline: Hotline, case: Case) -> None:
        enter(english, hotline.person)
        english.post(f"/cases/{case.public_id}/review", {"face": "3"})
        assert "too few reviews" in page(english, "/reviews", region="330122")
        assert "no figure is shown" in page(english, f"/reviews/organisations/{hotline.ecology.public_id}")
        set_minimum(1)

        assert hotline.ecology.name_en in page(english, "/reviews", region="330122")
        assert "100.0 %" in page(english, f"/reviews/organisations/{hotline.ecology.public_id}")
        assert "In the whole province" in page(english, f"/reviews/items/{case.item_key}")
        page(english, "/reviews", 404, region="99")
        page(english, "/reviews/items/nothing", 404)


def test_at_the_kiosk(province: None, db: None, english: Client, tmp_path: Path) -> None:
    person = PartyFactory(code="330502")
    AccountFactory(party=person)
    body = OrganisationFactory(kind="health", code="330502")
    case = closed_case(person, body, timezone.now())
    pair(english, tmp_path / "tray")
    lay_card(english, person)

    assert f"/kiosk/cases/{case.public_id}/review" in page(english, "/kiosk/mine")
    assert page(english, f"/kiosk/cases/{case.public_id}/review").count('class="press"') == 3
    assert english.post(f"/kiosk/cases/{case.public_id}/review", {"face": "0"}).status_code == 409
    sent = {"face": "3", "reason": ["easy"], "unnamed": "1"}
    assert english.post(f"/kiosk/cases/{case.public_id}/review", sent).status_code == 302
    assert (Review.objects.get().channel, Review.objects.get().tags) == ("kiosk", ["easy"])
    assert english.get(f"/kiosk/cases/{case.public_id}/review").status_code == 404
