"""When two voices may be about the same matter: they mean the same, at the same place, at about the same time."""

from dataclasses import dataclass

ALIKE = 0.34  # of meaning, wherever it is
ALIKE_THERE = 0.03  # when both name the same place, beyond that place's name
LATEST_DAYS = 60  # after which nobody proposes it any more


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What speaks for one matter: likeness of meaning from 0 to 1 (``beyond`` the name of the place as well), days
    between the two, the rest as yes or no."""

    likeness: float
    beyond: float = 0.0
    same_place: bool = False
    same_category: bool = False
    same_person: bool = False
    days: int = 0

    @property
    def score(self) -> float:
        """Return what possible matters are ordered by."""
        return (
            self.likeness + self.beyond + 0.15 * self.same_place + 0.08 * self.same_category + 0.05 * self.same_person
        )


def may_be_same(evidence: Evidence) -> bool:
    """Whether an operator is shown the two beside each other; that they are one, he alone decides.

    >>> from dataclasses import replace
    >>> far = Evidence(likeness=0.2, beyond=0.1)
    >>> may_be_same(far), may_be_same(replace(far, same_place=True))
    (False, True)
    """
    if evidence.days > LATEST_DAYS:
        return False
    return evidence.likeness >= ALIKE or (evidence.same_place and evidence.beyond >= ALIKE_THERE)
