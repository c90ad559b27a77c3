"""Who takes part: natural and legal persons, the roles of staff, and when a relative may act for another."""

from datetime import date
from enum import StrEnum

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


def may_act_as_relative(kind: RelationKind, born: date | None, on: date) -> bool:
    """Whether a relative may apply for somebody without a mandate: guardians always, parents until full age.

    Spouses need a mandate. A child whose birthday is not known yet counts as a child (民法典 art. 27).

    >>> may_act_as_relative(RelationKind.PARENT, date(2018, 1, 5), on=date(2018, 3, 1))
    True
    """
    if kind is RelationKind.PARENT:
        return born is None or age_on(born, on) < _FULL_AGE
    return kind is RelationKind.GUARDIAN


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
