"""Disputes: a person says that a shared datum is wrong; its owner corrects its record or says why it stands.

Until then the person's own value counts for his applications (规定 art. 7); only the owner changes it (art. 39).
"""

from enum import StrEnum

from yici.rules.refusals import Refusal
from yici.rules.words import Words


class CannotSettleDispute(Refusal):
    """The dispute is settled already, or is settled without what the person must be told."""


class DisputeOutcome(StrEnum):
    """How the owner answered; empty while it checks."""

    OPEN = ""
    CONFIRMED = "confirmed"
    REJECTED = "rejected"

    @property
    def words(self) -> Words:
        """Return the outcome as the person reads it."""
        return _WORDS[self]


_WORDS = {
    DisputeOutcome.OPEN: Words("核实中", "Being checked"),
    DisputeOutcome.CONFIRMED: Words("您说得对，数据已更正", "You are right, the datum was corrected"),
    DisputeOutcome.REJECTED: Words("核实无误，数据不变", "Checked and found right, the datum stands"),
}


def check_settlement(current: DisputeOutcome, outcome: DisputeOutcome, *, reason: str, value: object) -> None:
    """Check that a dispute may be settled so. Raises CannotSettleDispute.

    A correction needs the correct ``value``; leaving the datum as it is needs a ``reason``, since the person reads it.

    >>> check_settlement(DisputeOutcome.OPEN, DisputeOutcome.CONFIRMED, reason="", value="林潇")
    """
    if current is not DisputeOutcome.OPEN:
        raise CannotSettleDispute(
            zh=f"这条异议已有结果：{current.words.zh}。", en=f"This dispute is settled: {current.words.en.lower()}."
        )
    if outcome is DisputeOutcome.OPEN:
        raise CannotSettleDispute(zh="请选择更正或维持。", en="Choose whether to correct the datum or to keep it.")
    if outcome is DisputeOutcome.REJECTED and not reason.strip():
        raise CannotSettleDispute(
            zh="维持原数据须向本人说明理由。请填写理由。",
            en="Keeping the datum needs a reason that the person can read. Write it.",
        )
    if outcome is DisputeOutcome.CONFIRMED and value in (None, ""):
        raise CannotSettleDispute(zh="请填写更正后的数据。", en="Write the correct value.")
