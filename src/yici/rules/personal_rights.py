"""What a person may ask about his own data (个人信息保护法 art. 44–47, 50), and how it is answered."""

from enum import StrEnum

from yici.rules.refusals import Refusal
from yici.rules.words import Words


class CannotAsk(Refusal):
    """This cannot be asked like that; nothing was kept."""


class CannotAnswer(Refusal):
    """This request cannot be answered like that; it stands as it was."""


class Right(StrEnum):
    """One of the rights."""

    CORRECTION = "correction"
    DELETION = "deletion"
    RESTRICTION = "restriction"
    EXPLANATION = "explanation"
    CLOSING = "closing"

    @property
    def words(self) -> Words:
        """Return its name."""
        return _RIGHTS[self][0]

    @property
    def article(self) -> Words:
        """Return the article it stands on."""
        return _RIGHTS[self][1]


def _article(zh: str, en: str) -> Words:
    return Words(f"个人信息保护法第{zh}条", f"PIPL art. {en}")


_RIGHTS = {
    Right.CORRECTION: (Words("更正、补充", "Correct or complete"), _article("四十六", "46")),
    Right.DELETION: (Words("删除", "Delete"), _article("四十七", "47")),
    Right.RESTRICTION: (Words("限制或拒绝处理", "Restrict or refuse the processing"), _article("四十四", "44")),
    Right.EXPLANATION: (Words("解释处理规则", "Explain the rules"), _article("四十八", "48")),
    Right.CLOSING: (Words("注销账号", "Close the account"), _article("四十七", "47")),
}


class Outcome(StrEnum):
    """How a request was answered."""

    OPEN = ""
    GRANTED = "granted"
    PARTLY = "partly"
    REFUSED = "refused"

    @property
    def words(self) -> Words:
        """Return it as people say it."""
        return {
            Outcome.OPEN: Words("办理中", "Being looked at"),
            Outcome.GRANTED: Words("已照办", "Done as asked"),
            Outcome.PARTLY: Words("部分照办", "Done in part"),
            Outcome.REFUSED: Words("未予照办", "Refused"),
        }[self]


def check_wish(right: Right, wish: str) -> str:
    """Return what is asked, in order. Raises CannotAsk when nothing is said where something must be.

    >>> check_wish(Right.CORRECTION, " 电话已换 ")
    '电话已换'
    """
    said = wish.strip()
    if right in {Right.CORRECTION, Right.RESTRICTION} and len(said) < 4:
        raise CannotAsk(
            zh="请写明哪一项、应当怎样，例如“联系电话已换成新号码”。",
            en="Say which datum and what it should be, such as: my telephone has changed.",
        )
    return said[:2000]


def check_answer(outcome: str, answer: str) -> Outcome:
    """Return the outcome. Raises CannotAnswer without one, and for a refusal without reasons (art. 50)."""
    if outcome not in {Outcome.GRANTED, Outcome.PARTLY, Outcome.REFUSED}:
        raise CannotAnswer(zh="请选择办理结果。", en="Choose an outcome.")
    if len(answer.strip()) < 4:
        raise CannotAnswer(
            zh="请写明答复；不予照办的，须说明理由（个人信息保护法第五十条）。",
            en="Write the answer; a refusal says why (PIPL art. 50).",
        )
    return Outcome(outcome)
