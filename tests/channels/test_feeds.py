"""Every feed of the house is a feed by RFC 4287, empty or not; and the check finds each fault there may be."""

import pytest
from django.test import Client
from django.urls import get_resolver

from tests.apps.test_reform import department, officer, published
from tests.channels.atom import faults_of
from tests.channels.test_routes import routes
from yici.apps.people.viewers import Viewer

__all__ = ["department", "officer"]  # the fixtures
ITEM = "certificate"


@pytest.fixture
def changed(department: Viewer, officer: Viewer) -> None:
    """An item that changed."""
    published(department, officer)


def feeds() -> list[str]:
    """The addresses of every feed there is, whoever adds one."""
    return sorted(route for route, _ in routes(get_resolver()) if route.endswith(".atom"))


def test_there_are_feeds() -> None:
    assert {"changes.atom", "changes/items/<slug:key>.atom"} <= set(feeds())


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("key", [ITEM, "registration"])
def test_every_feed_is_one_by_the_standard(client: Client, changed: None, language: str, key: str) -> None:
    client.cookies["yici_language"] = "en" if language == "en" else "zh"
    for route in feeds():
        answer = client.get("/" + route.replace("<slug:key>", key))
        assert answer.status_code == 200, route
        assert answer["Content-Type"].startswith("application/atom+xml")
        assert faults_of(answer.content) == [], route


WHOLE = """<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title><id>urn:x:1</id><updated>2018-03-05T02:00:00Z</updated>
<author><name>A</name></author><link rel="self" href="https://a.example/f"/><entry><title>E</title><id>urn:x:2</id>
<updated>2018-03-05T02:00:00Z</updated><link href="https://a.example/e"/></entry></feed>"""

TWIN = "<entry><title>F</title><id>urn:x:2</id><updated>2018-03-05T02:00:00Z</updated><content/></entry>"


def test_the_check_lets_a_whole_feed_pass() -> None:
    assert faults_of(WHOLE.encode()) == []


@pytest.mark.parametrize(
    ("old", "new", "article"),
    [
        ("<title>T</title>", "", "4.1:"),
        ("<id>urn:x:1</id>", "<id>/feed</id>", "4.2.6"),
        ("<author><name>A</name></author>", "<author/>", "4.1.1: a feed without author"),
        ('rel="self"', 'rel="next"', "4.1.1: should"),
        ("2018-03-05T02:00:00Z</updated>\n<author>", "5 March 2018</updated>\n<author>", "3.3"),
        ('href="https://a.example/e"', 'href="/e"', "4.2.7"),
        ('<link href="https://a.example/e"/>', "", "4.1.2"),
        ("urn:x:2</id>\n<updated>2018", "urn:x:2</id>\n<updated>2019", "4.2.15"),
        ("</entry>", f"</entry>{TWIN}", "two entries"),
        ("</feed>", "", "2:"),
    ],
)  # fmt: skip
def test_the_check_finds_each_fault(old: str, new: str, article: str) -> None:
    assert old in WHOLE
    assert any(fault.startswith(article) or article in fault for fault in faults_of(WHOLE.replace(old, new).encode()))
