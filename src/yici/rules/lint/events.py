"""The consistency rules of a life event."""

from collections.abc import Iterator

from yici.rules.items import Catalogue, LifeEvent
from yici.rules.lint.findings import Finding
from yici.rules.words import Words

# 自然人主题 and 法人主题 of the national platform, in the words our events use; other topics may be for both.
PERSONAL_TOPICS = frozenset(
    {"birth", "adoption", "household", "marriage", "education", "retirement", "death", "veterans"}
)
COMPANY_TOPICS = frozenset({"founding", "closing", "listing", "investment", "bankruptcy"})


def lint_event(event: LifeEvent, catalogue: Catalogue) -> Iterator[Finding]:
    """Yield what is wrong with a life event: its topic, and members that serve nobody it is for."""
    yield from _topic_fits(event)
    for member in event.members:
        item = catalogue.items.get(member.item)
        if item and not set(item.audience).intersection(event.audience):
            zh = f"事项“{item.name.zh}”的服务对象与本件事不符。"
            en = f"'{item.name.en}' serves nobody this event is for."
            yield Finding("10-audience", f"{event.key}.members.{member.item}", Words(zh, en))


def _topic_fits(event: LifeEvent) -> Iterator[Finding]:
    for topics, audience, words in (
        (PERSONAL_TOPICS, "natural", Words("自然人", "natural persons")),
        (COMPANY_TOPICS, "legal", Words("法人", "legal persons")),
    ):
        if event.topic in topics and audience not in event.audience:
            zh = f"主题“{event.topic}”属于{words.zh}，服务对象却不包含{words.zh}。"
            en = f"The topic '{event.topic}' is one of {words.en}, but they are not its audience."
            yield Finding("10-audience", f"{event.key}.topic", Words(zh, en))
