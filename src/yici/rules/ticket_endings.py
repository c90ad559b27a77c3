"""Lawful endings: when a ticket may end without being handled, on which article, and what must be on record."""

from dataclasses import dataclass

from yici.rules.tickets import CannotHandleTicket, Ending
from yici.rules.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class EndingRule:
    """One ending with its basis; ``needs`` names what the record must hold beside what the person was told."""

    basis: Words
    needs: str = ""


_BEIJING_11 = "北京市接诉即办工作条例第十一条第三款第"
# Words in force elsewhere, taken as the model: the province has no regulation of its own on the hotline.
ENDINGS: dict[Ending, EndingRule] = {
    Ending.ABUSIVE: EndingRule(
        basis=Words("济南市12345市民服务热线条例第四十二、四十三条", "Jinan Hotline Regulation art. 42, 43"),
        needs="warning",
    ),
    Ending.OUT_OF_SCOPE: EndingRule(
        basis=Words(f"{_BEIJING_11}五项", "Beijing Regulation on Swift Response art. 11(3)(5)"), needs="route"
    ),
    Ending.LEGAL_ROUTE: EndingRule(
        basis=Words("济南市12345市民服务热线条例第二十三条第三项", "Jinan Hotline Regulation art. 23(3)"), needs="route"
    ),
    Ending.PETITION: EndingRule(
        basis=Words(f"{_BEIJING_11}二项", "Beijing Regulation on Swift Response art. 11(3)(2)"), needs="route"
    ),
    Ending.DUPLICATE: EndingRule(
        basis=Words(
            f"{_BEIJING_11}三项，济南市12345市民服务热线条例第二十五条",
            "Beijing Regulation on Swift Response art. 11(3)(3), Jinan Hotline Regulation art. 25",
        ),
        needs="earlier",
    ),
    Ending.EMERGENCY: EndingRule(
        basis=Words(f"{_BEIJING_11}一项", "Beijing Regulation on Swift Response art. 11(3)(1)"), needs="route"
    ),
    Ending.EXPLAINED: EndingRule(
        basis=Words("济南市12345市民服务热线条例第二十五条", "Jinan Hotline Regulation art. 25"), needs="statement"
    ),
    Ending.WITHDRAWN: EndingRule(basis=Words("本人意愿", "The person's own wish")),
}
_NEEDS = {
    "warning": Words("何时、如何劝阻", "when and how the caller was warned"),
    "route": Words("应当走的途径或已转往何处", "which route the person was shown, or where it was passed"),
    "earlier": Words("此前已办理的工单", "the earlier ticket about the same matter"),
    "statement": Words("承办单位的书面说明", "the unit's statement in writing"),
}


def check_ending(ending: Ending, *, told: str, record: str) -> EndingRule:
    """Return the rule of an ending. Raises CannotHandleTicket when it is no lawful one or its record is not whole.

    ``told`` is what the person was told, ``record`` what the rule ``needs``.

    >>> check_ending(Ending.PETITION, told="请向信访局查询", record="信访局").needs
    'route'
    """
    rule = ENDINGS.get(ending)
    if rule is None:
        raise CannotHandleTicket(
            zh=f"“{ending.words.zh}”不是可以终止工单的理由。请选择法定理由，或继续办理。",
            en=f"'{ending.words.en}' is no ground to end a ticket. Choose a lawful one, or go on handling it.",
        )
    if not told.strip():
        raise CannotHandleTicket(
            zh="请写明告知来电人的内容：不得不说明理由就终止。",
            en="Write what the person was told: nothing ends without a reason.",
        )
    if rule.needs and not record.strip():
        wanted = _NEEDS[rule.needs]
        raise CannotHandleTicket(
            zh=f"请记录{wanted.zh}（{rule.basis.zh}）。", en=f"Record {wanted.en} ({rule.basis.en})."
        )
    return rule
