"""Articles of the knowledge base: which are offered, which of several places' speaks, and how well one fits a text.

市热线建立知识库，承办单位实时更新和维护 (济南市12345市民服务热线条例 art. 34).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from math import sqrt

from yici.rules.refusals import Refusal
from yici.rules.words import Words

LONGEST_TITLE, LONGEST_BODY, MOST_PHRASINGS = 120, 4000, 20
LEAST_FIT = 0.5  # share of a wording that must be met before an article is offered
ENOUGH = 1.2  # weight that must be met: one common pair of characters is no evidence


class CannotKeepArticle(Refusal):
    """An article, an edition or a question of the knowledge base that cannot be kept so."""


class Freshness(StrEnum):
    """How an article stands towards its review."""

    FRESH = "fresh"
    OVERDUE = "overdue"
    EXPIRED = "expired"

    @property
    def words(self) -> Words:
        """Return it as lists show it."""
        return _FRESHNESS_WORDS[self]


_FRESHNESS_WORDS = {
    Freshness.FRESH: Words("有效", "Current"),
    Freshness.OVERDUE: Words("复核逾期", "Review overdue"),
    Freshness.EXPIRED: Words("已失效，不再推荐", "Expired, no longer offered"),
}


class EditionState(StrEnum):
    """Where an edition of an article stands."""

    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"
    REPLACED = "replaced"  # a newer one was written before anybody decided

    @property
    def words(self) -> Words:
        """Return it as the history shows it."""
        return _EDITION_WORDS[self]


_EDITION_WORDS = {
    EditionState.WAITING: Words("待审核", "Waits for approval"),
    EditionState.APPROVED: Words("审核通过", "Approved"),
    EditionState.REFUSED: Words("未通过", "Refused"),
    EditionState.REPLACED: Words("已被新稿替代", "Replaced by a newer draft"),
}


class UseWay(StrEnum):
    """Where an article was used."""

    CALL = "call"
    PORTAL = "portal"

    @property
    def words(self) -> Words:
        """Return it as lists show it."""
        return _WAY_WORDS[self]


_WAY_WORDS = {
    UseWay.CALL: Words("热线当场答复", "Answered at once by the hotline"),
    UseWay.PORTAL: Words("网上自助", "Found on the portal"),
}


def freshness(due_on: date, expires_on: date, today: date) -> Freshness:
    """Return how an article stands; ``due_on`` and ``expires_on`` are the last days of its review and of its offer.

    >>> freshness(date(2018, 3, 1), date(2018, 3, 31), date(2018, 3, 2)).value
    'overdue'
    """
    if today > expires_on:
        return Freshness.EXPIRED
    return Freshness.OVERDUE if today > due_on else Freshness.FRESH


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What somebody proposes as an edition of an article; ``phrasings`` are the ways in which people ask."""

    title: Words
    body: Words
    phrasings: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    change: str = ""


def check_draft(draft: Draft) -> None:
    """Raise CannotKeepArticle for a draft without Chinese title and text, or one too long to read aloud."""
    if not (draft.title.zh.strip() and draft.body.zh.strip()):
        raise CannotKeepArticle(
            zh="请填写中文标题和答复内容。英文可以以后补充。",
            en="Write the Chinese title and answer; the English may come later.",
        )
    if bool(draft.title.en.strip()) != bool(draft.body.en.strip()):
        raise CannotKeepArticle(
            zh="英文标题和英文内容请一起填写，或都留空。", en="Give title and text in English, or neither."
        )
    longest = max(len(draft.title.zh), len(draft.title.en)), max(len(draft.body.zh), len(draft.body.en))
    if longest[0] > LONGEST_TITLE or longest[1] > LONGEST_BODY or len(draft.phrasings) > MOST_PHRASINGS:
        raise CannotKeepArticle(
            zh=f"标题最多{LONGEST_TITLE}字，内容最多{LONGEST_BODY}字，问法最多{MOST_PHRASINGS}条。请缩短。",
            en=f"At most {LONGEST_TITLE} characters of title, {LONGEST_BODY} of text and {MOST_PHRASINGS} wordings.",
        )


def check_second_person(written_by: str, decides: str) -> None:
    """Raise CannotKeepArticle when the writer would approve what he has written."""
    if written_by == decides:
        raise CannotKeepArticle(
            zh="不能审核自己写的内容。请由本单位另一位工作人员审核。",
            en="Nobody approves what he has written. Let a colleague do it.",
        )


def nearest(keys: Sequence[tuple[str, int]]) -> list[int]:
    """Return the places in the list of those that speak: of each key the one of the deepest region (level), in order.

    >>> nearest([("vaccination", 1), ("marriage", 1), ("vaccination", 3)])
    [1, 2]
    """
    best: dict[str, int] = {}
    for place, (key, level) in enumerate(keys):
        if key not in best or level > keys[best[key]][1]:
            best[key] = place
    return sorted(best.values())


@dataclass(frozen=True, slots=True)
class Fit:
    """How well an article's best wording fits a text: ``share`` of the shorter one that is met, and its ``weight``."""

    share: float = 0.0
    weight: float = 0.0

    @property
    def score(self) -> float:
        """Return what articles are ordered by: much met of much said."""
        return self.share * sqrt(self.weight)

    @property
    def is_enough(self) -> bool:
        """Whether the article is offered at all."""
        return self.share >= LEAST_FIT and self.weight >= ENOUGH


def fit(asked: Collection[str], wordings: Iterable[Collection[str]], weights: Mapping[str, float]) -> Fit:
    """Return the best fit of any wording; all are sets of character pairs, ``weights`` say how telling each pair is.

    A long story meets a short wording by holding it; half a question that is still being typed is held by one.

    >>> fit({"ab", "bc", "xy"}, [{"ab", "bc"}], {"ab": 2.0, "bc": 2.0, "xy": 1.0}).share
    1.0
    """
    own = sum(weights.get(pair, 1.0) for pair in asked)
    best = Fit()
    for wording in wordings:
        met = sum(weights.get(pair, 1.0) for pair in wording if pair in asked)
        whole = min(own, sum(weights.get(pair, 1.0) for pair in wording))
        found = Fit(met / whole if whole else 0.0, met)
        if found.score > best.score:
            best = found
    return best
