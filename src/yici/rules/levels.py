"""Legal levels: how high a rule stands, and who can change what rests on it."""

from enum import IntEnum, StrEnum

from yici.rules.words import Words


class LegalLevel(IntEnum):
    """The level of a legal basis; a greater number stands higher and is harder to change (立法法)."""

    NONE = 0
    NORMATIVE_DOCUMENT = 1
    RULE = 2
    LOCAL_REGULATION = 3
    ADMINISTRATIVE_REGULATION = 4
    NATIONAL_LAW = 5

    @property
    def code(self) -> str:
        """Return the word used in files and answers, such as ``local_regulation``."""
        return self.name.lower()

    @property
    def words(self) -> Words:
        """Return the name of the level."""
        return _LEVELS[self]


_LEVELS = {
    LegalLevel.NONE: Words("无依据", "No legal basis"),
    LegalLevel.NORMATIVE_DOCUMENT: Words("规范性文件", "Normative document"),
    LegalLevel.RULE: Words("规章", "Rule of a ministry or government"),
    LegalLevel.LOCAL_REGULATION: Words("地方性法规", "Local regulation"),
    LegalLevel.ADMINISTRATIVE_REGULATION: Words("行政法规", "Administrative regulation"),
    LegalLevel.NATIONAL_LAW: Words("法律", "National law"),
}


class Changer(StrEnum):
    """Who can take a burden away."""

    DEPARTMENT = "department"
    LOCAL_GOVERNMENT = "local_government"
    RULE_MAKER = "rule_maker"
    PROVINCIAL_CONGRESS = "provincial_congress"
    CENTRE = "centre"

    @property
    def words(self) -> Words:
        """Return who that is."""
        return _CHANGERS[self]

    @property
    def needs_referral(self) -> bool:
        """Whether the county, city or department must ask somebody above it or the congress."""
        return self not in {Changer.DEPARTMENT, Changer.LOCAL_GOVERNMENT}


_CHANGERS = {
    Changer.DEPARTMENT: Words("部门今天就可以取消", "The department may drop it today"),
    Changer.LOCAL_GOVERNMENT: Words(
        "制定该文件的县、市或省政府", "The county, city or province that issued the document"
    ),
    Changer.RULE_MAKER: Words("制定该规章的国务院部门或者省、市政府", "The ministry or government that made the rule"),
    Changer.PROVINCIAL_CONGRESS: Words("地方人民代表大会及其常务委员会", "The local People's Congress"),
    Changer.CENTRE: Words("全国人大或国务院", "The National People's Congress or the State Council"),
}
_WHO_BY_LEVEL = {
    LegalLevel.NONE: Changer.DEPARTMENT,
    LegalLevel.NORMATIVE_DOCUMENT: Changer.LOCAL_GOVERNMENT,
    LegalLevel.RULE: Changer.RULE_MAKER,
    LegalLevel.LOCAL_REGULATION: Changer.PROVINCIAL_CONGRESS,
    LegalLevel.ADMINISTRATIVE_REGULATION: Changer.CENTRE,
    LegalLevel.NATIONAL_LAW: Changer.CENTRE,
}


def who_can_change(level: LegalLevel) -> Changer:
    """Return who can take away a burden that rests on this level.

    >>> who_can_change(LegalLevel.LOCAL_REGULATION).words.en
    "The local People's Congress"
    """
    return _WHO_BY_LEVEL[level]


def level_from_code(code: str) -> LegalLevel | None:
    """Return the level of a word used in files, or None if there is no such word.

    >>> level_from_code("national_law") > level_from_code("rule")
    True
    """
    return next((level for level in LegalLevel if level.code == code), None)


def may_set_a_licence(level: LegalLevel) -> bool:
    """Whether a licence may rest on this level: never on a normative document or on nothing (行政许可法 art. 14-17).

    Rules count because a provincial government may set a licence for one year (art. 15); ministries may not.
    """
    return level >= LegalLevel.RULE
