"""Referrals: who can take a burden away when the locality cannot, and what a referral to them has to say.

From the legal level of its basis: a department drops what rests on nothing; the government that issued a document
changes it; the congress that made a local regulation changes that (立法法: province and cities with districts make
them, counties do not); above stand the ministry, the State Council and the National People's Congress.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from yici.rules.items import LegalBasis
from yici.rules.levels import Level
from yici.rules.refusals import Refusal
from yici.rules.words import Words


class CannotRefer(Refusal):
    """This is not referred, or not like that; nothing was kept."""


class Body(StrEnum):
    """What sort of body can change a rule."""

    DEPARTMENT = "department"
    GOVERNMENT = "government"
    CONGRESS = "congress"
    MINISTRY = "ministry"
    STATE_COUNCIL = "state_council"
    NATIONAL_CONGRESS = "national_congress"

    @property
    def words(self) -> Words:
        """Return what the body is called, without its place."""
        return _BODIES[self]

    @property
    def is_central(self) -> bool:
        """Whether it stands above the province, so that a package goes there through the province's register."""
        return self in {Body.MINISTRY, Body.STATE_COUNCIL, Body.NATIONAL_CONGRESS}


_BODIES = {
    Body.DEPARTMENT: Words("部门", "The department"),
    Body.GOVERNMENT: Words("人民政府", "People's Government"),
    Body.CONGRESS: Words("人大常委会", "Standing Committee of the People's Congress"),
    Body.MINISTRY: Words("国务院部门", "Ministry"),
    Body.STATE_COUNCIL: Words("国务院", "State Council"),
    Body.NATIONAL_CONGRESS: Words("全国人大及其常委会", "National People's Congress"),
}


class ReferralKind(StrEnum):
    """In which form somebody above is asked."""

    SUPERVISION_TOPIC = "supervision_topic"
    DEPUTY_SUGGESTION = "deputy_suggestion"
    LEGISLATION = "legislation"
    RULE_REVIEW = "rule_review"
    UPWARD = "upward"

    @property
    def words(self) -> Words:
        """Return the name of the form."""
        return _KINDS[self]


_KINDS = {
    ReferralKind.SUPERVISION_TOPIC: Words("工作监督议题", "Topic for supervision"),
    ReferralKind.DEPUTY_SUGGESTION: Words("代表建议", "Deputies' suggestion"),
    ReferralKind.LEGISLATION: Words("立法建议", "Proposal to legislate"),
    ReferralKind.RULE_REVIEW: Words("审查建议", "Proposal to review a document"),
    ReferralKind.UPWARD: Words("上报", "Report upwards"),
}
_LOCAL = (ReferralKind.DEPUTY_SUGGESTION, ReferralKind.SUPERVISION_TOPIC)
# Which forms reach whom. A government document is reviewed by the congress of its place (监督法 art. 39); the same
# congress hands deputies' suggestions to that government and puts topics on its list (art. 12).
KINDS_FOR: Mapping[Body, tuple[ReferralKind, ...]] = {
    Body.DEPARTMENT: (),
    Body.GOVERNMENT: (*_LOCAL, ReferralKind.RULE_REVIEW, ReferralKind.UPWARD),
    Body.CONGRESS: (ReferralKind.LEGISLATION, *_LOCAL),
    Body.MINISTRY: (ReferralKind.UPWARD,),
    Body.STATE_COUNCIL: (ReferralKind.UPWARD,),
    Body.NATIONAL_CONGRESS: (ReferralKind.UPWARD,),
}


class Path(StrEnum):
    """On what ground the centre is asked."""

    EVALUATION = "evaluation"
    SUSPENSION = "suspension"

    @property
    def words(self) -> Words:
        """Return the ground with its article."""
        return _PATHS[self]


_PATHS = {
    Path.EVALUATION: Words(
        "实施机关评价后报告设定机关（行政许可法第二十条）",
        "The body that applies it reports its evaluation to the body that made it (Administrative Licence Law art. 20)",
    ),
    Path.SUSPENSION: Words(
        "报国务院批准，在本省停止实施（行政许可法第二十一条）",
        "Stop applying it in the province, with the State Council's approval (Administrative Licence Law art. 21)",
    ),
}


@dataclass(frozen=True, slots=True)
class Seat:
    """A place with a government and a congress: its 12-digit code and name."""

    code: str
    name: Words


@dataclass(frozen=True, slots=True)
class Addressee:
    """Who can change it: a body, with its place; the centre has none."""

    body: Body
    seat: Seat | None = None

    @property
    def words(self) -> Words:
        """Return the body with its place.

        >>> Addressee(Body.CONGRESS, Seat("330100000000", Words("杭州市", "Hangzhou City"))).words.zh
        '杭州市人大常委会'
        """
        if self.seat is None:
            return self.body.words
        return Words(self.seat.name.zh + self.body.words.zh, f"{self.body.words.en} of {self.seat.name.en}")


def addressee_of(basis: LegalBasis | None, seats: Sequence[Seat]) -> Addressee:
    """Return who can take away a burden with this basis; ``seats`` lead from where it arose up to the province.

    >>> province = Seat("330000000000", Words("浙江省", "Zhejiang Province"))
    >>> addressee_of(LegalBasis("浙江省学前教育条例", "第十条", Level.LOCAL_REGULATION), [province]).words.zh
    '浙江省人大常委会'
    """
    if basis is None or basis.level is Level.NONE:
        return Addressee(Body.DEPARTMENT, seats[0])
    maker = next((one for one in seats if basis.title.lstrip("《").startswith(one.name.zh)), None)
    match basis.level:
        case Level.NATIONAL_LAW:
            return Addressee(Body.NATIONAL_CONGRESS)
        case Level.ADMINISTRATIVE_REGULATION:
            return Addressee(Body.STATE_COUNCIL)
        case Level.LOCAL_REGULATION:
            return Addressee(Body.CONGRESS, _of_legislator(maker, seats))
        case Level.RULE:
            return Addressee(Body.GOVERNMENT, maker) if maker else Addressee(Body.MINISTRY)
        case _:
            return _issuer(basis.title, maker, seats)


def _of_legislator(maker: Seat | None, seats: Sequence[Seat]) -> Seat:
    """Return the city or province that made a regulation: one that names no city is the province's."""
    may_make = [one for one in seats if one.code.endswith("0" * 8)]
    return maker if maker in may_make and maker else seats[-1]


_CENTRAL = (
    "中华人民共和国",
    "国家",
    "全国",
    "公安部",
    "民政部",
    "财政部",
    "教育部",
    "交通运输部",
    "商务部",
    "农业农村部",
)


def _issuer(title: str, maker: Seat | None, seats: Sequence[Seat]) -> Addressee:
    """Return who issued a document: whom its title names, else the government of the place that applies it."""
    bare = title.lstrip("《")
    if bare.startswith("国务院"):
        return Addressee(Body.STATE_COUNCIL)
    if maker is None and bare.startswith(_CENTRAL):
        return Addressee(Body.MINISTRY)
    return Addressee(Body.GOVERNMENT, maker or seats[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a referral says. ``against``: the higher law a document offends; ``voices``: how many people raised it."""

    problem: str
    wording: str = ""
    against: str = ""
    path: Path | None = None
    voices: int = 0


LONGEST = 2000  # characters of each text
_FIELDS = {
    "problem": Words("问题（至少10个字）", "the problem, in ten characters or more"),
    "wording": Words("建议的条文或做法", "the wording or the measure proposed"),
    "against": Words("与之抵触的上位法条款", "the higher law and article it offends"),
    "path": Words(
        "上报途径（行政许可法第二十条或第二十一条）", "the ground (Administrative Licence Law art. 20 or 21)"
    ),
    "voices": Words(
        "至少两位群众的诉求（监督法第十二条第五项）", "the voices of two people or more (Supervision Law art. 12(5))"
    ),
}
NEEDED: Mapping[ReferralKind, tuple[str, ...]] = {
    ReferralKind.SUPERVISION_TOPIC: ("problem", "voices"),
    ReferralKind.DEPUTY_SUGGESTION: ("problem", "wording"),
    ReferralKind.LEGISLATION: ("problem", "wording"),
    ReferralKind.RULE_REVIEW: ("problem", "against"),
    ReferralKind.UPWARD: ("problem", "wording"),
}
_SHORTEST, _FEWEST_VOICES = 10, 2


def may_drop_it_here(to: Addressee, here: Seat) -> bool:
    """Whether who can change it sits where the burden arose: then nobody above is asked, it is dropped at once.

    >>> tonglu = Seat("330122000000", Words("桐庐县", "Tonglu County"))
    >>> may_drop_it_here(Addressee(Body.GOVERNMENT, tonglu), tonglu), may_drop_it_here(Addressee(Body.MINISTRY), tonglu)
    (True, False)
    """
    return to.body is Body.DEPARTMENT or (to.body is Body.GOVERNMENT and to.seat == here)


def check_addressee(kind: ReferralKind, to: Addressee, department: Words) -> None:
    """Raise CannotRefer where nobody above need be asked, or this form does not reach the addressee."""
    if to.body is Body.DEPARTMENT:
        raise CannotRefer(
            zh=f"这项要求没有法律依据，不需要移送：{department.zh}今天就可以自己取消。请在改革工作台提出修订。",
            en=f"Nothing in law asks for this, so nobody need be asked: the {department.en} may drop it today. "
            "Propose the change at the reform bench.",
        )
    if kind not in KINDS_FOR[to.body]:
        fit = KINDS_FOR[to.body]
        raise CannotRefer(
            zh=f"{to.words.zh}才能修改，“{kind.words.zh}”到不了那里。可用：{'、'.join(one.words.zh for one in fit)}。",
            en=f"Only {to.words.en} can change this, and a '{kind.words.en}' does not reach it. "
            f"Use: {', '.join(one.words.en for one in fit)}.",
        )


def check_content(kind: ReferralKind, to: Addressee, content: Content) -> None:
    """Raise CannotRefer that names everything this kind still needs."""
    texts = (content.problem, content.wording, content.against)
    if any(len(one) > LONGEST for one in texts):
        raise CannotRefer(zh=f"每项不超过{LONGEST}字。", en=f"Each text has at most {LONGEST} characters.")
    lacking = [_FIELDS[one] for one in _needed(kind, to) if not _has(content, one)]
    if lacking:
        raise CannotRefer(
            zh=f"“{kind.words.zh}”还缺：{'；'.join(one.zh for one in lacking)}。",
            en=f"A '{kind.words.en}' still needs: {'; '.join(one.en for one in lacking)}.",
        )
    if content.path is Path.SUSPENSION and to.body is not Body.STATE_COUNCIL:
        raise CannotRefer(
            zh="停止实施只适用于行政法规设定的有关经济事务的行政许可（行政许可法第二十一条）。请选择第二十条。",
            en="Only what an administrative regulation demands may be suspended (Administrative Licence Law art. 21). "
            "Choose art. 20.",
        )


def _needed(kind: ReferralKind, to: Addressee) -> tuple[str, ...]:
    return (*NEEDED[kind], "path") if to.body.is_central else NEEDED[kind]


def _has(content: Content, field: str) -> bool:
    if field == "problem":
        return len(content.problem.strip()) >= _SHORTEST
    if field == "voices":
        return content.voices >= _FEWEST_VOICES
    value = getattr(content, field)
    return bool(value.strip()) if isinstance(value, str) else value is not None
