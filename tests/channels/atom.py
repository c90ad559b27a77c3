"""What RFC 4287 asks of an Atom feed, as far as a feed like ours can break it; each fault names its article."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit
from xml.etree import ElementTree

ATOM = "{http://www.w3.org/2005/Atom}"
# RFC 3339 section 5.6, with the upper-case T and Z of RFC 4287 section 3.3.
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})")
_ONCE = ("id", "title", "updated")
_TEXT = ("text", "html", "xhtml")


def faults_of(content: bytes) -> list[str]:
    """Return everything that is wrong with a feed."""
    try:
        feed = ElementTree.fromstring(content)
    except ElementTree.ParseError as error:
        return [f"2: not well-formed: {error}"]
    if feed.tag != f"{ATOM}feed":
        return ["4.1.1: the root is no atom:feed"]
    return [*_feed(feed), *(fault for entry in feed.findall(f"{ATOM}entry") for fault in _entry(feed, entry))]


def _feed(feed: ElementTree.Element) -> Iterator[str]:
    yield from _common(feed, "feed")
    entries = feed.findall(f"{ATOM}entry")
    if _named_author(feed) is None and not all(_named_author(entry) is not None for entry in entries or [feed]):
        yield "4.1.1: a feed without author, and not every entry has its own"
    own = [link for link in feed.findall(f"{ATOM}link") if link.get("rel") == "self"]
    if len(own) != 1:
        yield "4.1.1: should have one link to itself"
    ids = [_said(entry, "id") for entry in entries]
    if len(set(ids)) != len(ids):
        yield "4.1.1: two entries of one id"
    if entries and _said(feed, "updated") < max(_said(entry, "updated") for entry in entries):
        yield "4.2.15: the feed is older than its newest entry"


def _entry(feed: ElementTree.Element, entry: ElementTree.Element) -> Iterator[str]:
    yield from _common(entry, "entry")
    has_content = entry.find(f"{ATOM}content") is not None
    alternate = [link for link in entry.findall(f"{ATOM}link") if link.get("rel", "alternate") == "alternate"]
    if not has_content and not alternate:
        yield "4.1.2: an entry with neither content nor an alternate link"
    if len({(link.get("type"), link.get("hreflang")) for link in alternate}) != len(alternate):
        yield "4.1.2: two alternate links of one type and language"
    if entry.find(f"{ATOM}published") is not None and not _DATE.fullmatch(_said(entry, "published")):
        yield "3.3: published is no date"


def _common(part: ElementTree.Element, name: str) -> Iterator[str]:
    for one in _ONCE:
        if len(part.findall(f"{ATOM}{one}")) != 1:
            yield f"4.1: {name} has not exactly one {one}"
    if not _DATE.fullmatch(_said(part, "updated")):
        yield f"3.3: {name} has no date in updated: {_said(part, 'updated')}"
    if not urlsplit(_said(part, "id")).scheme:
        yield f"4.2.6: the id of {name} is no whole IRI"
    yield from _links_and_texts(part, name)


def _links_and_texts(part: ElementTree.Element, name: str) -> Iterator[str]:
    for link in part.findall(f"{ATOM}link"):
        if not urlsplit(link.get("href", "")).scheme:
            yield f"4.2.7: a link of {name} is not absolute: {link.get('href')}"
    for text in ("title", "summary", "subtitle", "rights"):
        found = part.find(f"{ATOM}{text}")
        if found is not None and found.get("type", "text") not in _TEXT:
            yield f"3.1.1: {text} of an unknown type"


def _named_author(part: ElementTree.Element) -> ElementTree.Element | None:
    found = part.find(f"{ATOM}author/{ATOM}name")
    return found if found is not None and (found.text or "").strip() else None


def _said(part: ElementTree.Element, name: str) -> str:
    return (part.findtext(f"{ATOM}{name}") or "").strip()
