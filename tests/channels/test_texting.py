"""Answers as text messages, against a real gateway: once each, no word of the matter, and a link that judges."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client

from tests.apps.ticket_examples import Hotline, again, answered, handled, hours, open_hotline
from tests.servers.sms import SmsServer
from yici.apps.tickets import actions
from yici.apps.tickets.models import Act, FollowUp, Ticket
from yici.apps.tickets.texting.gateway import CannotReachGateway, Gateway
from yici.apps.tickets.texting.links import LinkIsOver, said
from yici.apps.tickets.texting.sending import send_texts

PHONE = "13812345678"


@pytest.fixture
def sms() -> Iterator[SmsServer]:
    server = SmsServer("known to both")
    yield server
    server.stop()


@pytest.fixture
def gateway(sms: SmsServer) -> Gateway:
    return Gateway(sms.address, "known to both")


@pytest.fixture
def hotline(db: None) -> Hotline:
    return open_hotline("330122")


def told(hotline: Hotline, **words: object) -> Ticket:
    return answered(hotline, hotline.ecology, hotline.at_ecology, **{"contact_phone": PHONE, **words})


def link_in(text: str) -> str:
    found = re.search(r"/voices/said/(\S+)", text)
    assert found
    return found[1]


class TestRound:
    def test_tells_the_answer_once(self, hotline: Hotline, sms: SmsServer, gateway: Gateway) -> None:
        ticket = told(hotline)

        assert [send_texts(gateway, now=hours(4)) for _ in range(2)] == [1, 0]

        (message,) = sms.taken.values()
        assert message["to"] == PHONE
        assert ticket.reference in message["text"]
        assert ticket.subject not in message["text"]
        assert said(link_in(message["text"])).reference == ticket.reference
        assert Act.objects.filter(ticket=ticket, kind="texted").count() == 1

    def test_tells_nobody_who_left_no_mobile_wants_none_or_wrote(
        self, hotline: Hotline, sms: SmsServer, gateway: Gateway
    ) -> None:
        told(hotline, contact_phone="")
        told(hotline, contact_phone="057164212345")
        told(hotline, wants_answer=False)

        assert [send_texts(gateway, now=hours(4)) for _ in range(2)] == [0, 0]
        assert sms.taken == {}
        assert Act.objects.filter(kind="not_texted").count() == 1  # the landline: the hotline calls

    def test_tries_again_what_a_busy_gateway_did_not_take(
        self, hotline: Hotline, sms: SmsServer, gateway: Gateway
    ) -> None:
        told(hotline)
        for answer in (503, 429, 301):
            sms.answers = answer
            with pytest.raises(CannotReachGateway):
                send_texts(gateway, now=hours(4))
        with pytest.raises(CannotReachGateway):
            send_texts(Gateway("http://127.0.0.1:1/", "x"), now=hours(4))
        sms.answers = 200
        assert send_texts(gateway, now=hours(5)) == 1

    def test_does_not_hang_on_a_number_that_is_refused(
        self, hotline: Hotline, sms: SmsServer, gateway: Gateway
    ) -> None:
        ticket = told(hotline)
        sms.answers = 422
        assert send_texts(gateway, now=hours(4)) == 0
        sms.answers = 200
        assert send_texts(gateway, now=hours(5)) == 0
        assert Act.objects.filter(ticket=ticket, kind="not_texted").count() == 1
        assert again(ticket).state == "follow_up"

    def test_signs_what_it_sends(self, hotline: Hotline, sms: SmsServer) -> None:
        told(hotline)
        assert send_texts(Gateway(sms.address, "guessed"), now=hours(4)) == 0
        assert sms.taken == {}


class TestLink:
    @pytest.fixture
    def link(self, hotline: Hotline, sms: SmsServer, gateway: Gateway) -> str:
        told(hotline)
        send_texts(gateway, now=hours(4))
        (message,) = sms.taken.values()
        return link_in(message["text"])

    def test_shows_the_answer_and_closes_the_ticket_once(self, link: str, client: Client) -> None:
        page = client.get(f"/voices/said/{link}")
        ticket = Ticket.objects.get()
        assert page.status_code == 200
        assert "已责令停止夜间作业" in page.content.decode()
        assert ticket.detail not in page.content.decode()

        assert client.post(f"/voices/said/{link}", {"satisfied": "1"}).status_code == 200
        ticket.refresh_from_db()
        assert (ticket.state, FollowUp.objects.get().way) == ("closed", "sms")
        assert client.post(f"/voices/said/{link}", {"satisfied": "0", "words": "不"}).status_code == 410

    def test_dissatisfaction_needs_a_word_and_is_handled_once_more(
        self, link: str, client: Client, hotline: Hotline, sms: SmsServer, gateway: Gateway
    ) -> None:
        assert client.post(f"/voices/said/{link}", {"satisfied": "0"}).status_code == 409
        assert client.post(f"/voices/said/{link}", {}).status_code == 409
        assert client.post(f"/voices/said/{link}", {"satisfied": "0", "words": "昨夜又响"}).status_code == 200
        ticket = Ticket.objects.get()
        assert ticket.state == "handling"

        handled(ticket, hotline.at_ecology, hours(6))
        actions.review_reply(ticket_id=ticket.public_id, approve=True, note="", by=hotline.colleague, now=hours(7))
        assert send_texts(gateway, now=hours(8)) == 1  # the second answer has a message of its own
        with pytest.raises(LinkIsOver):
            said(link)  # and the first link opens it not

    @pytest.mark.parametrize("spoilt", ["x", "", "WzEsMV0:1:1", "%00", "a" * 4000])
    def test_of_nobody_opens_nothing(self, db: None, client: Client, spoilt: str) -> None:
        assert client.get(f"/voices/said/{spoilt}").status_code in {400, 404, 410}

    def test_is_over_in_time(self, link: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("yici.apps.tickets.texting.links.GOOD_FOR", timedelta(seconds=-1))
        with pytest.raises(LinkIsOver):
            said(link)
