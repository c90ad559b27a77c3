"""Topics through their pages: found, opened, watched, answered, read by everybody, and printed by the command."""

import json
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils import timezone

from tests.apps.factories import AccountFactory, OrganisationFactory, StaffFactory, region
from tests.apps.topic_examples import NOISE, Voices
from yici.apps.places.actions import load_calendar
from yici.apps.tickets.models import Ticket
from yici.apps.topics.finding import find_topics
from yici.apps.topics.models import Topic
from yici.apps.topics.weeks import last_whole_week
from yici.channels.cli import topics as command
from yici.rules.people import Role

ANSWER = "已责令夜间停产，并每周公布监测结果。"


def account(code: str, kind: str, *roles: Role) -> Any:
    place = OrganisationFactory(code=code, kind=kind)
    return AccountFactory(of_staff=True, staff=StaffFactory(roles=list(roles), organisation=place))


@pytest.fixture
def voices(db: None) -> Voices:
    """A county where many called of one thing in the last whole week of today's calendar."""
    now = timezone.now()
    for code in ("330000", "330122", "330502"):
        region(code)
    load_calendar(by="system:test", now=now)
    last = last_whole_week(now)
    start = timezone.make_aware(timezone.datetime(last.year, last.month, last.day, 9))
    made = Voices()
    made.usual(8, until=start + timedelta(days=7))
    made.loud("330122", start, days=5, each_day=3)
    made.file("330122", start, *NOISE, contact_name="李大明", contact_email="citizen@example.org")
    return made


@pytest.fixture
def topic(voices: Voices) -> Topic:
    (made,) = find_topics(now=timezone.now()).opened
    return Topic.objects.get(pk=made.pk)


@pytest.fixture
def reformer(client: Client, db: None) -> Client:
    region("330122")
    client.force_login(
        account("330122", "reform_office", Role.REFORM), backend="django.contrib.auth.backends.ModelBackend"
    )
    client.cookies["yici_language"] = "en"
    return client


def test_the_command_finds_and_prints(voices: Voices, capsys: pytest.CaptureFixture[str]) -> None:
    call = command.parser("yici topics").parse_args
    assert command.run(call(["find", "--json"])) == 0
    document = json.loads(capsys.readouterr().out)
    assert [one["kind"] for one in document["topics"]] == ["hot"]
    assert document["topics"][0]["opened"] == str(Topic.objects.get().public_id)

    assert command.run(call(["find"])) == 0
    assert "new topics: 0" in capsys.readouterr().out


class TestTheCockpit:
    def test_lists_and_filters(self, topic: Topic, reformer: Client) -> None:
        page = reformer.get("/cockpit/topics").content.decode()
        assert "噪声" in page
        assert f"/cockpit/topics/{topic.public_id}" in page
        assert "Nothing stands out" in reformer.get("/cockpit/topics?kind=seasonal").content.decode()
        assert "Nothing stands out" in reformer.get("/cockpit/topics?past=1").content.decode()
        for odd in ("kind=x", "region=1'--", "past=no"):
            assert "噪声" in reformer.get(f"/cockpit/topics?{odd}").content.decode()

    def test_shows_the_dossier_in_both_languages(self, topic: Topic, reformer: Client) -> None:
        address = f"/cockpit/topics/{topic.public_id}"
        page = reformer.get(address).content.decode()
        for words in ("16 people", "chance explains up to", "What people said", "These voices name no item"):
            assert words in page or words.replace("16 people", ">16 ") in page
        assert "李大明" not in page
        reformer.cookies["yici_language"] = "zh"
        assert "逐周人数" in reformer.get(address).content.decode()

    def test_is_not_there_for_other_places(self, topic: Topic, client: Client) -> None:
        stranger = account("330502", "reform_office", Role.REFORM)
        client.force_login(stranger, backend="django.contrib.auth.backends.ModelBackend")
        assert client.get(f"/cockpit/topics/{topic.public_id}").status_code == 404
        answer = client.post(f"/cockpit/topics/{topic.public_id}", {"act": "answer", "text": ANSWER})
        assert answer.status_code == 404
        assert Topic.objects.get(pk=topic.pk).outcome == ""

    def test_watches_and_tells_on_the_first_page(self, topic: Topic, reformer: Client) -> None:
        address = f"/cockpit/topics/{topic.public_id}"
        assert "What is new in it" not in reformer.get("/cockpit/").content.decode()
        page = reformer.post(address, {"act": "watch"}, follow=True).content.decode()
        assert "You watch this topic" in page
        Topic.objects.update(changed_at=timezone.now() + timedelta(hours=1))
        assert "new since you looked" in reformer.get("/cockpit/").content.decode()
        reformer.post(address, {"act": "unwatch"})
        assert "Topics you watch" not in reformer.get("/cockpit/").content.decode()

    def test_answers_everybody(self, topic: Topic, reformer: Client, client: Client) -> None:
        address = f"/cockpit/topics/{topic.public_id}"
        refused = reformer.post(address, {"act": "answer", "text": " "})
        assert refused.status_code == 409
        assert "at most 1000 characters" in refused.content.decode()
        page = reformer.post(address, {"act": "answer", "text": ANSWER}, follow=True).content.decode()
        assert "Written to 16 tickets" in page
        assert ANSWER in page
        assert reformer.post(address, {"act": "answer", "text": ANSWER}).status_code == 409
        assert Ticket.objects.filter(messages__from_staff=True, messages__inner=False).distinct().count() == 16

    def test_a_department_sees_its_own_and_no_cockpit(self, topic: Topic, client: Client) -> None:
        Topic.objects.update(owner_kind="ecology")
        head = account("330122", "ecology", Role.DECIDER)
        client.force_login(head, backend="django.contrib.auth.backends.ModelBackend")
        assert "/cockpit/topics/" in client.get("/cockpit/topics").content.decode()
        assert client.get("/cockpit/").status_code == 404
        done = client.post(f"/cockpit/topics/{topic.public_id}", {"act": "answer", "text": ANSWER})
        assert done.status_code == 302


class TestThePublic:
    def test_reads_the_outcome_and_nobodys_words(self, topic: Topic, reformer: Client) -> None:
        reformer.post(f"/cockpit/topics/{topic.public_id}", {"act": "answer", "text": ANSWER})
        everybody = Client()
        page = everybody.get("/topics").content.decode()
        assert ANSWER in page
        assert "搅拌站" not in page
        feed = ElementTree.fromstring(everybody.get("/topics/feed.atom").content)
        summaries = [one.text or "" for one in feed.iter("{http://www.w3.org/2005/Atom}summary")]
        assert len(summaries) == 1
        assert ANSWER in summaries[0]

    def test_reads_nothing_of_a_few(self, topic: Topic, client: Client) -> None:
        Topic.objects.update(voices=9)
        assert str(topic.public_id) not in client.get("/topics").content.decode()
        assert b"<entry>" not in client.get("/topics/feed.atom").content
