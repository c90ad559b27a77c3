"""Topics: found within two weeks, none where nothing is new, seen by whom they concern, answered to everybody."""

from datetime import timedelta

import pytest

from tests.apps.factories import region
from tests.apps.topic_examples import COUNTIES, MONDAY, Voices, office
from yici.apps.journal.models import Entry
from yici.apps.people.viewers import ANONYMOUS
from yici.apps.places.actions import load_calendar
from yici.apps.topics import queries
from yici.apps.topics.finding import find_topics
from yici.apps.topics.models import Topic, TopicVoice
from yici.rules.people import Role

NEXT = MONDAY + timedelta(days=7)


@pytest.fixture
def voices(db: None) -> Voices:
    for code in COUNTIES:
        region(code)
    load_calendar(by="system:test", now=MONDAY)
    return Voices()


class TestASweep:
    def test_finds_nothing_where_people_say_what_they_always_say(self, voices: Voices) -> None:
        voices.usual(8)

        swept = find_topics(now=MONDAY)

        assert swept.read > 50
        assert swept.groups >= 9
        assert (swept.found, swept.opened) == ((), ())

    @pytest.mark.parametrize("weekday", [0, 2, 5])
    def test_finds_a_planted_topic_within_two_weeks_of_its_start(self, voices: Voices, weekday: int) -> None:
        voices.usual(8)
        start = MONDAY - timedelta(days=14 - weekday)
        voices.loud("330122", start, days=14 - weekday, each_day=2)

        (made,) = find_topics(now=MONDAY).opened

        assert "噪声" in made.name
        assert made.region.code == "330122000000"
        assert MONDAY - start <= timedelta(days=14)
        assert Topic.objects.get(pk=made.pk).voices >= 14

    def test_that_is_run_again_changes_nothing(self, voices: Voices) -> None:
        voices.usual(8)
        voices.loud("330122", MONDAY - timedelta(days=7), days=7, each_day=2)
        find_topics(now=MONDAY)
        before = list(Topic.objects.values()), list(TopicVoice.objects.order_by("pk").values())
        lines = Entry.objects.filter(kind__startswith="topic").count()

        again = find_topics(now=MONDAY)

        assert again.opened == ()
        assert (list(Topic.objects.values()), list(TopicVoice.objects.order_by("pk").values())) == before
        assert lines == Entry.objects.filter(kind__startswith="topic").count() == 1

    def test_gives_an_open_topic_the_voices_that_come_later(self, voices: Voices) -> None:
        voices.usual(8)
        voices.loud("330122", MONDAY - timedelta(days=7), days=7, each_day=2)
        (made,) = find_topics(now=MONDAY).opened
        voices.loud("330122", MONDAY, days=3, each_day=2)

        assert find_topics(now=NEXT).opened == ()
        assert Topic.objects.get(pk=made.pk).voices == 20


class TestWhoSeesATopic:
    def test_the_contract_for_referrals(self, voices: Voices) -> None:
        voices.usual(8)
        voices.loud("330122", MONDAY - timedelta(days=7), days=7, each_day=2)
        (made,) = find_topics(now=MONDAY).opened
        row = queries.topic_of(office("330100", "reform_office", Role.REFORM), made.public_id)

        assert (row.region_code, row.item_key, row.basis, row.voices) == ("330122000000", "", None, 14)
        assert len(row.tickets) == 14
        assert row.first < row.last
        for viewer in (
            office("330502", "reform_office", Role.REFORM),
            office("330122", "ecology", Role.REVIEWER),
            ANONYMOUS,
        ):
            with pytest.raises(queries.CannotSeeTopic):
                queries.topic_of(viewer, made.public_id)
