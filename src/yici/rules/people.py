"""Who takes part: natural and legal persons, the roles of staff, and when a relative may act for another."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from yici.rules.refusals import Refusal
from yici.rules.words import Words


class PartyKind(StrEnum):
    """服务对象: a natural person, or a legal person with a USCC (companies, individual businesses, institutions)."""

    NATURAL = "natural"
    LEGAL = "legal"


class IdKind(StrEnum):
    """Kind of paper that names a party; the value is the national exchange's code (domain reference 2.1)."""

    RESIDENT_ID = "31"
    PASSPORT = "33"
    HONG_KONG_MACAO = "35"
    TAIWAN = "36"
    FOREIGN_RESIDENT = "38"
    BUSINESS_LICENCE = "51"

    @property
    def words(self) -> Words:
        """Return the name of the paper."""
        return _ID_KIND_WORDS[self]


_ID_KIND_WORDS = {
    IdKind.RESIDENT_ID: Words("居民身份证", "Resident identity card"),
    IdKind.PASSPORT: Words("护照", "Passport"),
    IdKind.HONG_KONG_MACAO: Words("港澳居民来往内地通行证", "Mainland travel permit (Hong Kong, Macao)"),
    IdKind.TAIWAN: Words("台湾居民来往大陆通行证", "Mainland travel permit (Taiwan)"),
    IdKind.FOREIGN_RESIDENT: Words("外国人永久居留身份证", "Foreign permanent resident card"),
    IdKind.BUSINESS_LICENCE: Words("营业执照", "Business licence"),
}


class Role(StrEnum):
    """What a member of staff may do; one person may hold several."""

    WINDOW = "window"
    REVIEWER = "reviewer"
    DECIDER = "decider"
    STEWARD = "steward"
    HOTLINE = "hotline"
    REFORM = "reform"
    ADMIN = "admin"
    AUDITOR = "auditor"
    LIAISON = "liaison"
    STATION = "station"
    UPWARD = "upward"

    @property
    def words(self) -> Words:
        """Return the name of the role."""
        return _ROLE_WORDS[self]


_ROLE_WORDS = {
    Role.WINDOW: Words("窗口受理", "Window clerk"),
    Role.REVIEWER: Words("审查", "Reviewer"),
    Role.DECIDER: Words("决定", "Decider"),
    Role.STEWARD: Words("数据管理", "Data steward"),
    Role.HOTLINE: Words("热线", "Hotline operator"),
    Role.REFORM: Words("改革办", "Reform office"),
    Role.ADMIN: Words("系统管理", "Administrator"),
    Role.AUDITOR: Words("审计", "Auditor"),
    Role.LIAISON: Words("人大联络", "Congress liaison"),
    Role.STATION: Words("代表联络站", "Deputies' station"),
    Role.UPWARD: Words("上报登记", "Register of reports upwards"),
}


class RelationKind(StrEnum):
    """How one natural person stands to another: ``of`` is the parent, guardian or spouse of ``to``."""

    PARENT = "parent"
    GUARDIAN = "guardian"
    SPOUSE = "spouse"

    @property
    def words(self) -> Words:
        """Return the name of the relation."""
        return _RELATION_WORDS[self]


_RELATION_WORDS = {
    RelationKind.PARENT: Words("父母", "Parent"),
    RelationKind.GUARDIAN: Words("监护人", "Guardian"),
    RelationKind.SPOUSE: Words("配偶", "Spouse"),
}
_FULL_AGE = 18  # 民法典 art. 17; before 2021 民法总则 art. 17


def age_on(born: date, day: date) -> int:
    """Return completed years of life.

    >>> age_on(date(2000, 3, 1), date(2018, 2, 28))
    17
    """
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def may_act_as_relative(kind: RelationKind, born: date | None, on: date, *, by_court: bool = False) -> bool:
    """Whether a relative may apply for somebody without a mandate: parents and guardians of a child until full age.

    A guardian whom a court has appointed (``by_court``) stays one after that day (民法典 art. 28), until the
    guardianship is ended. Spouses need a mandate. A child whose birthday is not known yet counts as a child (art. 27).

    >>> may_act_as_relative(RelationKind.PARENT, date(2018, 1, 5), on=date(2018, 3, 1))
    True
    """
    if kind is RelationKind.SPOUSE:
        return False
    if kind is RelationKind.GUARDIAN and by_court:
        return True
    return born is None or age_on(born, on) < _FULL_AGE


def of_age_on(born: date) -> date:
    """Return the day of full age; somebody born on 29 February is of age on 1 March.

    >>> of_age_on(date(2000, 2, 29))
    datetime.date(2018, 3, 1)
    """
    try:
        return born.replace(year=born.year + _FULL_AGE)
    except ValueError:
        return date(born.year + _FULL_AGE, 3, 1)


class MandateStage(StrEnum):
    """Where a mandate stands on a day."""

    OFFERED = "offered"
    NOT_YET = "not_yet"
    IN_FORCE = "in_force"
    RUN_OUT = "run_out"
    ENDED = "ended"

    @property
    def words(self) -> Words:
        """Return the stage as both sides read it."""
        return _STAGE_WORDS[self]


_STAGE_WORDS = {
    MandateStage.OFFERED: Words("等待对方接受", "waits to be accepted"),
    MandateStage.NOT_YET: Words("尚未开始", "begins later"),
    MandateStage.IN_FORCE: Words("有效", "in force"),
    MandateStage.RUN_OUT: Words("已到期", "has run out"),
    MandateStage.ENDED: Words("已终止", "ended"),
}
EVERYTHING = "all"  # the scope of a mandate for every need; others name one life event or one item


@dataclass(frozen=True, slots=True)
class MandateTerms:
    """What a mandate says (授权委托, 民法典 art. 165: what for, how far, how long): days are local, both included."""

    scope: str
    valid_from: date
    valid_to: date | None = None
    is_accepted: bool = True
    is_ended: bool = False

    def stage(self, on: date) -> MandateStage:
        """Return where it stands on a local day; an offer nobody accepted in time has run out too.

        >>> MandateTerms("all", date(2018, 1, 1), date(2018, 12, 31)).stage(date(2018, 12, 31)).value
        'in_force'
        """
        if self.is_ended:
            return MandateStage.ENDED
        if self.valid_to is not None and self.valid_to < on:
            return MandateStage.RUN_OUT
        if not self.is_accepted:
            return MandateStage.OFFERED
        return MandateStage.IN_FORCE if self.valid_from <= on else MandateStage.NOT_YET

    def allows(self, key: str, on: date) -> bool:
        """Whether the agent may act in this need (key of a life event or item) on a day."""
        return self.stage(on) is MandateStage.IN_FORCE and self.scope in {EVERYTHING, key}


class CannotAgreeMandate(Refusal):
    """A mandate cannot be offered like this."""


_LONGEST_YEARS = 5


def check_mandate(terms: MandateTerms, *, today: date) -> None:
    """Raise CannotAgreeMandate for days in the wrong order, in the past, or further than five years away."""
    last = terms.valid_to
    if last is not None and (last < terms.valid_from or last < today):
        raise CannotAgreeMandate(
            zh="截止日不能早于起始日，也不能在今天以前。请修改日期。",
            en="The last day is not before the first, and not before today. Change the days.",
        )
    if terms.valid_from.year > today.year + _LONGEST_YEARS or (last and last.year > today.year + _LONGEST_YEARS):
        raise CannotAgreeMandate(
            zh=f"授权日期太远。最长{_LONGEST_YEARS}年，到期可以再次授权。",
            en=f"These days are too far away. A mandate lasts {_LONGEST_YEARS} years at most and can be given again.",
        )


def masked_name(name: str) -> str:
    """Return a name as strangers may see it: the family name, then one star for each further character.

    >>> masked_name("王小明"), masked_name("桐庐某某餐饮店")
    ('王**', '桐******')
    """
    return name[:1] + "*" * (len(name) - 1)


def masked_number(number: str) -> str:
    """Return a document or phone number with its middle hidden; at least half of it is never shown.

    >>> masked_number("13800001234"), masked_number("11010519491231002X")
    ('13*******34', '1101**********002X')
    """
    shown = min(4, len(number) // 4)
    return number[:shown] + "*" * (len(number) - 2 * shown) + number[len(number) - shown :]
