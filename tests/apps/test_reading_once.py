"""What stands still is read once an act: only where the act says so, and never beyond it."""

from collections.abc import Callable
from threading import Thread

import pytest

from tests.apps.factories import region
from yici.apps.places import queries as places
from yici.apps.places.models import Region
from yici.apps.places.reading import once_an_act, reading_once


@pytest.fixture
def asked() -> list[object]:
    return []


@pytest.fixture
def question(asked: list[object]) -> Callable[..., str]:
    @once_an_act
    def answer(*words: str, **named: str) -> str:
        asked.append((words, named))
        return "".join([*words, *named.values()])

    return answer


def test_within_an_act_each_question_is_asked_once(question: Callable[..., str], asked: list[object]) -> None:
    with reading_once():
        assert [question("a"), question("a"), question("b"), question("a", b="c"), question("a", b="c")] == [
            "a",
            "a",
            "b",
            "ac",
            "ac",
        ]

    assert len(asked) == 3


def test_outside_it_is_asked_each_time(question: Callable[..., str], asked: list[object]) -> None:
    question("a")
    with reading_once():
        question("a")
    with reading_once():
        question("a")

    assert len(asked) == 3


def test_an_act_within_an_act_shares_what_was_read(question: Callable[..., str], asked: list[object]) -> None:
    with reading_once():
        with reading_once():
            question("a")
        question("a")

    assert len(asked) == 1


def test_an_answer_of_none_is_an_answer(asked: list[object]) -> None:
    nothing = once_an_act(lambda: asked.append(1))
    with reading_once():
        nothing()
        nothing()

    assert len(asked) == 1


def test_what_failed_is_forgotten_with_the_act(question: Callable[..., str], asked: list[object]) -> None:
    def act() -> None:
        with reading_once():
            question("a")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        act()
    question("a")

    assert len(asked) == 2


def test_another_thread_reads_for_itself(question: Callable[..., str], asked: list[object]) -> None:
    with reading_once():
        question("a")
        other = Thread(target=question, args=["a"])
        other.start()
        other.join()

    assert len(asked) == 2


@pytest.mark.django_db
def test_the_next_act_sees_what_has_changed() -> None:
    region("330122")
    with reading_once():
        before = places.region("330122").name
        Region.objects.filter(code="330122000000").update(name="改名县")
        assert places.region("330122").name == before
    with reading_once():
        assert places.region("330122").name == "改名县"
