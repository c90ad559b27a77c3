"""Calling back: who waits, how often he was tried, the number only when opened, and one key for each outcome."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.apps.ticket_examples import Hotline, again, answered, filed, open_hotline
from tests.channels.pages import sign_in
from yici.apps.people.models import Account
from yici.apps.tickets import actions, calling_back
from yici.apps.tickets.models import Act, FollowUp, Ticket
from yici.rules.tickets import TicketKind, TicketState

CALLER = "13900000001"


@pytest.fixture
def hotline(db: None) -> Hotline:
    return open_hotline()


@pytest.fixture
def desk(english: Client, hotline: Hotline) -> Client:
    sign_in(english, Account.objects.get(pk=hotline.operator.account_id))
    return english


def waiting(hotline: Hotline, **words: Any) -> Ticket:
    return answered(hotline, hotline.ecology, hotline.at_ecology, timezone.now() - timedelta(hours=3), **words)


def outcome(desk: Client, ticket: Ticket, name: str, **sent: str) -> Any:
    return desk.post(f"/hotline/callbacks/{ticket.public_id}/{name}", sent)


class TestTheList:
    def test_holds_what_is_in_follow_up_and_no_number(self, desk: Client, hotline: Hotline) -> None:
        ticket, other = waiting(hotline), filed(hotline.operator)

        page = desk.get("/hotline/callbacks").content.decode()

        assert ticket.reference in page
        assert other.reference not in page
        assert CALLER not in page
        assert "0 / 3" in page
        assert "call now" in page

    def test_whoever_was_not_reached_comes_again_hours_later_and_after_the_others(self, hotline: Hotline) -> None:
        first, second = waiting(hotline), waiting(hotline)
        now = timezone.now()
        actions.record_attempt(ticket_id=first.public_id, way="phone", note="无人接听", by=hotline.operator, now=now)

        soon = calling_back.call_backs(hotline.operator, now=now)
        later = calling_back.call_backs(hotline.operator, now=now + timedelta(hours=5))

        assert [one.line.reference for one in soon] == [second.reference, first.reference]
        assert (soon[1].attempts, soon[1].next_at) == (1, now + timedelta(hours=4))
        assert [one.next_at for one in later] == [None, None]

    def test_a_unit_and_a_neighbour_see_none(self, english: Client, hotline: Hotline) -> None:
        ticket = waiting(hotline)
        neighbour = open_hotline("330502", "330502001").operator

        assert calling_back.call_backs(neighbour, now=timezone.now()) == []
        sign_in(english, Account.objects.get(pk=hotline.at_ecology.account_id))
        assert english.get(f"/hotline/callbacks/{ticket.public_id}").status_code == 404


class TestACall:
    def test_shows_the_number_only_when_opened_and_the_look_is_on_record(self, desk: Client, hotline: Hotline) -> None:
        ticket = waiting(hotline)

        closed = desk.get(f"/hotline/callbacks/{ticket.public_id}").content.decode()
        opened = outcome(desk, ticket, "open")

        assert CALLER not in closed
        assert CALLER in opened.content.decode()
        assert "no-store" in opened["Cache-Control"]
        assert Act.objects.filter(ticket=ticket, kind="contact_seen", by=hotline.operator.label).count() == 1

    def test_satisfied_closes_it_and_the_next_one_opens(self, desk: Client, hotline: Hotline) -> None:
        first, second = waiting(hotline), waiting(hotline)

        answer = outcome(desk, first, "satisfied", solved="1")

        assert again(first).state == TicketState.CLOSED
        assert answer["Location"] == f"/hotline/callbacks/{second.public_id}"
        assert outcome(desk, second, "satisfied")["Location"] == "/hotline/callbacks"
        assert FollowUp.objects.get(ticket=first).solved is True

    def test_not_satisfied_needs_the_persons_words(self, desk: Client, hotline: Hotline) -> None:
        ticket = waiting(hotline)

        bare = outcome(desk, ticket, "dissatisfied")
        assert bare.status_code == 409
        assert again(ticket).state == TicketState.FOLLOW_UP

        outcome(desk, ticket, "dissatisfied", words="夜里还在响")
        assert (again(ticket).state, again(ticket).rehandlings) == (TicketState.HANDLING, 1)

    def test_not_reached_is_counted_and_closes_only_when_tried_often_enough(
        self, desk: Client, hotline: Hotline
    ) -> None:
        ticket = waiting(hotline)

        assert outcome(desk, ticket, "close").status_code == 409
        for _ in range(3):
            outcome(desk, ticket, "not-reached")
        assert "often enough not reached" in desk.get(f"/hotline/callbacks/{ticket.public_id}").content.decode()
        outcome(desk, ticket, "close")

        assert (again(ticket).state, again(ticket).ending) == (TicketState.CLOSED, "unreached")
        assert FollowUp.objects.filter(ticket=ticket, reached=False).count() == 3

    def test_of_a_sealed_report_there_is_no_number_to_open(self, desk: Client, hotline: Hotline) -> None:
        ticket = waiting(hotline, kind=TicketKind.REPORT, sealed=True)

        page = desk.get(f"/hotline/callbacks/{ticket.public_id}").content.decode()

        assert "identity is sealed" in page
        assert "Show the number" not in page
        assert CALLER not in outcome(desk, ticket, "open").content.decode()

    def test_what_is_not_in_follow_up_is_not_there(self, desk: Client, hotline: Hotline) -> None:
        ticket = filed(hotline.operator)

        assert desk.get(f"/hotline/callbacks/{ticket.public_id}").status_code == 404
        assert outcome(desk, ticket, "satisfied").status_code == 404
        assert outcome(desk, waiting(hotline), "shout").status_code == 404
