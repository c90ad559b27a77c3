"""Legal levels: how high a rule stands, and who can change what rests on it."""

from enum import StrEnum

from yici.rules.words import Words


class Level(StrEnum):
    """The level of a legal basis, lowest first (立法法); the values are the words used in files and answers.

    >>> Level("national_law").height > Level.LOCAL_REGULATION.height
    True
    """

    NONE = "none"
    NORMATIVE_DOCUMENT = "normative_document"
    RULE = "rule"
    LOCAL_REGULATION = "local_regulation"
    ADMINISTRATIVE_REGULATION = "administrative_regulation"
    NATIONAL_LAW = "national_law"

    @property
    def height(self) -> int:
        """Return 0 for no legal basis up to 5 for a national law; the higher, the harder to change."""
        return list(Level).index(self)

    @property
    def words(self) -> Words:
        """Return the name of the level."""
        return _LEVELS[self]


_LEVELS = {
    Level.NONE: Words("无依据", "No legal basis"),
    Level.NORMATIVE_DOCUMENT: Words("规范性文件", "Normative document"),
    Level.RULE: Words("规章", "Rule of a ministry or government"),
    Level.LOCAL_REGULATION: Words("地方性法规", "Local regulation"),
    Level.ADMINISTRATIVE_REGULATION: Words("行政法规", "Administrative regulation"),
    Level.NATIONAL_LAW: Words("法律", "National law"),
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
    Level.NONE: Changer.DEPARTMENT,
    Level.NORMATIVE_DOCUMENT: Changer.LOCAL_GOVERNMENT,
    Level.RULE: Changer.RULE_MAKER,
    Level.LOCAL_REGULATION: Changer.PROVINCIAL_CONGRESS,
    Level.ADMINISTRATIVE_REGULATION: Changer.CENTRE,
    Level.NATIONAL_LAW: Changer.CENTRE,
}


def who_can_change(level: Level) -> Changer:
    """Return who can take away a burden that rests on this level.

    >>> who_can_change(Level.LOCAL_REGULATION).words.en
    "The local People's Congress"
    """
    return _WHO_BY_LEVEL[level]


def may_set_a_licence(level: Level) -> bool:
    """Whether a licence may rest on this level: never on a normative document or on nothing (行政许可法 art. 14-17).

    Rules count because a provincial government may set a licence for one year (art. 15); ministries may not.
    """
    return level.height >= Level.RULE.height
