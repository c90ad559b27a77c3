"""Topics of a file: the loud matter first, judged in its loudest week, and nothing found where nothing is new."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random

import pytest

from tests.apps.topic_examples import NOISE, USUAL
from yici.apps.tickets.meaning.messages import Message
from yici.apps.topics.in_files import topics_in
from yici.rules.topics import CannotFindTopics

MONDAY = datetime(2018, 3, 5, 9, 0)
LOUD = date(2018, 5, 14)  # the eleventh week


def usual(weeks: int = 20) -> Iterator[Message]:
    """Yield what is always said, of each matter one a week, more or less."""
    chance = Random("file")
    for week in range(weeks):
        for number, (subject, detail) in enumerate(USUAL):
            for again in range(chance.choice((0, 1, 1, 2))):
                at = MONDAY + timedelta(days=7 * week + number)
                yield Message(f"u{week}-{number}-{again}", subject, detail, at, user=f"u{week}-{number}-{again}")


def noise(count: int, *, user: str = "") -> list[Message]:
    start = datetime(LOUD.year, LOUD.month, LOUD.day, 8)
    return [
        Message(f"n{n}", f"德清县{NOISE[0]}", NOISE[1], start + timedelta(hours=9 * n), user=user or f"n{n}")
        for n in range(count)
    ]


def test_a_loud_week_comes_first_and_is_found() -> None:
    first, *others = topics_in([*usual(), *noise(12)])

    assert first.found
    assert set(first.matter.ids) == {f"n{n}" for n in range(12)}
    assert "噪声" in first.matter.name
    assert (first.loudest.week, first.loudest.voices, first.loudest.before) == (LOUD, 12, 0)
    assert first.loudest.expected.weekly < 2
    assert first.regions == ("德清县",)
    assert first.samples == (f"德清县{NOISE[0]}",) * 3
    assert others
    assert not any(one.found for one in others)


def test_nothing_is_found_where_people_say_what_they_always_say() -> None:
    made = topics_in([*usual()])

    assert made
    assert not any(one.found for one in made)


def test_one_person_who_writes_twelve_times_is_one_voice() -> None:
    assert not any(one.found for one in topics_in([*usual(), *noise(12, user="same")]))


def test_gives_no_more_than_asked_and_nothing_of_messages_without_a_time() -> None:
    timeless = [Message(one.id, one.subject, one.detail, user=one.user) for one in noise(12)]

    assert len(topics_in([*usual(), *noise(12)], most=2)) == 2
    assert topics_in(timeless) == []
    assert topics_in([]) == []


def test_a_share_that_is_none_is_refused() -> None:
    with pytest.raises(CannotFindTopics):
        topics_in([*usual(), *noise(12)], false_share=0)
