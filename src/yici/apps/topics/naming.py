"""What a topic is called: for its office as people say it, masked; for everybody in none of anybody's words."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from yici.apps.catalogue import queries as catalogue
from yici.apps.tickets.meaning.messages import Message
from yici.apps.tickets.meaning.topics import matters_of
from yici.apps.tickets.models import Ticket
from yici.apps.topics.grounds import Chosen, of_requirement, of_texts
from yici.apps.topics.reading import REQUIREMENT, WORDS
from yici.rules.items import Item
from yici.rules.masking import masked_text
from yici.rules.ticket_categories import CATEGORIES
from yici.rules.words import Words

MOST_TEXTS = 200
_UNKNOWN = Words("群众反映的同类问题", "People's voices about one thing")
_NO_ITEM = Words("这些声音没有指明事项，需要人工核定依据。", "These voices name no item: a person must find the law.")


@dataclass(frozen=True, slots=True)
class About:
    """What a topic is about: its names, the item with its owner, and the law chosen."""

    name: str
    public: Words
    item_key: str
    owner_kind: str
    chosen: Chosen


def about(family: str, tickets: Sequence[Ticket]) -> About:
    """Return what a meaning is about, from the newest of its texts that may be read."""
    open_ones = [one for one in tickets if may_quote(one)][:MOST_TEXTS]
    what, _, rest = family.partition(":")
    if what == WORDS:
        return _of_words(open_ones)
    key, _, requirement = rest.partition("/")
    item = catalogue.catalogue_for("").items.get(key)
    if item is None:
        none = Chosen(
            requirement, _UNKNOWN, None, Words("事项已不在目录中。", "The item is in the catalogue no longer.")
        )
        return About(key, Words(key, key), key, "", none)
    texts = [f"{one.subject}。{one.detail}" for one in open_ones]
    chosen = of_requirement(item, requirement) if what == REQUIREMENT else of_texts(item, texts)
    return _of_item(item, chosen)


def may_quote(one: Ticket) -> bool:
    """Whether a text may be shown masked: never a report of a person, nor what somebody asked to keep secret."""
    quiet = one.sealed or one.keep_secret or one.accused_id is not None or one.accused_staff_id is not None
    return not quiet and one.emptied_at is None


def _of_item(item: Item, chosen: Chosen) -> About:
    zh = f"{item.name.zh}：{chosen.name.zh}" if chosen.name.zh else item.name.zh
    en = f"{item.name.en}: {chosen.name.en}" if chosen.name.en else item.name.en
    return About(zh, Words(zh, en), item.key, item.organisation, chosen)


def _of_words(tickets: Sequence[Ticket]) -> About:
    counts = Counter(one.category for one in tickets if one.category in CATEGORIES)
    best = min(counts, key=lambda key: (-counts[key], key), default="")
    public = CATEGORIES[best].words if best else _UNKNOWN
    messages = [Message(one.reference, one.subject, one.detail, one.received_at) for one in tickets]
    found = matters_of(sorted(messages, key=lambda one: one.id))
    largest = max(found, key=lambda one: (len(one.ids), one.ids), default=None)
    said = masked_text(largest.name, _people(tickets)) if largest else public.zh
    return About(said, public, "", CATEGORIES[best].duty if best else "", Chosen("", public, None, _NO_ITEM))


def _people(tickets: Sequence[Ticket]) -> list[str]:
    return [name for one in tickets for name in names_in(one)]


def names_in(one: Ticket) -> list[str]:
    """Return the names of the people of a ticket, to be hidden in its text."""
    return [one.contact_name, one.party.name if one.party else ""]
