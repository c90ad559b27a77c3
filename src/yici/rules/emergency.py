"""Looking at a case or a person outside one's desk in an emergency: who may, how long, what needs a second person."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from yici.rules.people import Role, age_on
from yici.rules.refusals import Refusal
from yici.rules.words import Words

# 个人信息保护法 art. 13(4): life, health and property in an emergency; art. 34: within the duty of the organ.
WHO_MAY_LOOK = frozenset({Role.ADMIN, Role.DECIDER})
SHORTEST_REASON = 10
LONGEST_WAIT = timedelta(hours=24)  # an approval that comes later than that is no emergency's


class CannotLook(Refusal):
    """This may not be looked at like that."""


class Finding(StrEnum):
    """What the auditor found when he looked at an emergency look afterwards."""

    OPEN = ""
    OK = "ok"
    MISUSE = "misuse"

    @property
    def words(self) -> Words:
        """Return it as people say it."""
        return {
            Finding.OPEN: Words("待复核", "To be reviewed"),
            Finding.OK: Words("复核无异议", "Reviewed, in order"),
            Finding.MISUSE: Words("认定滥用", "Misuse"),
        }[self]


@dataclass(frozen=True, slots=True)
class Sealing:
    """A category that opens only with a second person, in force from a day on, with its source."""

    key: str
    words: Words
    valid_from: date
    source: Words


_PIPL_FROM = date(2021, 11, 1)
SEALINGS = (
    Sealing(
        "under_14",
        Words("不满十四周岁未成年人", "A child under fourteen"),
        _PIPL_FROM,
        Words("个人信息保护法第二十八条、第三十一条", "PIPL art. 28, 31"),
    ),
    Sealing(
        "health",
        Words("医疗健康、残疾", "Health and disability"),
        _PIPL_FROM,
        Words("个人信息保护法第二十八条", "PIPL art. 28"),
    ),
)
# Needs whose papers speak of health; the key is the life event's or the item's.
HEALTH_NEEDS = frozenset({"disability_support", "newborn", "death", "birth_certificate"})


def sealings(*, born: date | None, needs: frozenset[str], on: date) -> tuple[Sealing, ...]:
    """Return the sealed categories that a person or case falls under on a day.

    >>> [one.key for one in sealings(born=date(2015, 1, 1), needs=frozenset(), on=date(2026, 1, 1))]
    ['under_14']
    """
    touched = {
        "under_14": born is not None and age_on(born, on) < 14,
        "health": bool(needs & HEALTH_NEEDS),
    }
    return tuple(one for one in SEALINGS if touched[one.key] and one.valid_from <= on)


def check_reason(reason: str) -> str:
    """Return the written reason. Raises CannotLook when it says nothing."""
    if len(reason.strip()) < SHORTEST_REASON:
        raise CannotLook(
            zh=f"请写明紧急事由（至少 {SHORTEST_REASON} 个字），本人和审计人员都会看到。",
            en=f"Write the reason ({SHORTEST_REASON} characters at least): the person and the auditor will read it.",
        )
    return reason.strip()[:1000]


def check_approval_in_time(asked_at: datetime, now: datetime) -> None:
    """Refuse to approve a day later. Raises CannotLook."""
    if now - asked_at > LONGEST_WAIT:
        raise CannotLook(
            zh="申请已超过24小时，不再是紧急情况。请重新申请。",
            en="This was asked more than 24 hours ago and is no emergency any more. Ask again.",
        )
