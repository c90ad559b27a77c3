"""Honest failure in reform (容错免责): five conditions under which it is held against nobody (规定 art. 46)."""

from collections.abc import Mapping
from dataclasses import dataclass

from yici.rules.refusals import Refusal
from yici.rules.words import Words

FEWEST_WORDS = 10  # characters of a statement or a reason; fewer cannot be judged
MOST_WORDS = 1000
CONDITIONS: dict[str, Words] = {
    "direction": Words("符合国家和省确定的改革方向", "It followed the direction of reform that state and province set"),
    "lawful": Words("未违反法律、法规禁止性、义务性规定", "It broke no prohibition and no duty of a law or regulation"),
    "procedure": Words("决策程序符合法律、法规规定", "It was decided in the procedure of law and regulation"),
    "diligence": Words("勤勉尽责、未牟取私利", "Those concerned were diligent and sought no private gain"),
    "repair": Words(
        "主动挽回损失、消除不良影响或者有效阻止危害结果发生",
        "They made good the loss, removed the bad effect or kept harm from coming, of their own accord",
    ),
}


class CannotExempt(Refusal):
    """A request or a decision about an exemption that is not complete; nothing was kept."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What an organisation says of one condition, and what proves it."""

    said: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Finding:
    """Whether a condition holds, and why."""

    met: bool
    reason: str


def check_statements(statements: Mapping[str, Statement]) -> None:
    """Raise CannotExempt unless every condition has its statement and its evidence.

    >>> check_statements({key: Statement("x" * 10, "y" * 10) for key in CONDITIONS})
    """
    for key, words in CONDITIONS.items():
        one = statements.get(key)
        if one is None or not _enough(one.said) or not _enough(one.evidence):
            raise CannotExempt(
                zh=f"五项条件须同时符合。请就“{words.zh}”分别写明情况和证据（各10至1000字）。",
                en=f"All five conditions must hold. State and prove in 10 to 1000 characters each: {words.en}.",
            )


def is_exempt(findings: Mapping[str, Finding]) -> bool:
    """Return whether all five conditions hold at once. Raises CannotExempt when one was not judged with a reason.

    >>> is_exempt({key: Finding(key != "repair", "because it is so") for key in CONDITIONS})
    False
    """
    for key, words in CONDITIONS.items():
        if key not in findings or not _enough(findings[key].reason):
            raise CannotExempt(
                zh=f"请逐项认定并写明理由（10至1000字）：“{words.zh}”。",
                en=f"Judge each condition with a reason of 10 to 1000 characters: {words.en}.",
            )
    return all(findings[key].met for key in CONDITIONS)


def _enough(text: str) -> bool:
    return FEWEST_WORDS <= len(text.strip()) <= MOST_WORDS
