"""Says in both languages where a paper comes from, why a visit is needed, and what would remove it."""

import re
from dataclasses import dataclass

from yici.rules.items import (
    REMOTE_PLACES,
    Assurance,
    Catalogue,
    LegalBasis,
    Presence,
    Requirement,
    Stage,
    Way,
    WayKind,
)
from yici.rules.levels import who_can_change
from yici.rules.plans import Availability, EvidenceStatus
from yici.rules.words import Words

HERE = Words("本地", "this place")
Tried = tuple[tuple[Way, Availability], ...]

_SOURCES = {
    EvidenceStatus.FORM: Words("在线填写", "You fill it in online"),
    EvidenceStatus.DECLARE: Words("在线声明，不用交材料", "You declare it online, no paper"),
    EvidenceStatus.COMMIT: Words("签署告知承诺书，不用交材料", "You sign a commitment, no paper"),
    EvidenceStatus.UPLOAD: Words("在线上传照片或扫描件", "You upload a photograph or scan"),
    EvidenceStatus.ORIGINAL: Words("带原件，由窗口核验一次", "You show the original once at the window"),
    EvidenceStatus.UNMET: Words(
        "现有办法都取不到，由窗口一起想办法", "No way works now; the window finds one with you"
    ),
    EvidenceStatus.SKIPPED: Words("可以不交", "Optional; not needed"),
}
_WHY = {
    Availability.NOT_SHARED: Words("{dataset}还没有和{place}共享", "{dataset} is not yet shared with {place}"),
    Availability.MISSING: Words("{dataset}里还没有您的{field}", "{dataset} does not yet hold this of yours: {field}"),
    Availability.STALE: Words("{dataset}里您的{field}已经过期", "{dataset} holds an outdated entry of yours: {field}"),
    Availability.SOURCE_DOWN: Words("{owner}的{dataset}暂时没有应答", "{dataset} of {owner} is not answering now"),
    Availability.NEEDS_GRANT: Words(
        "{owner}还没有授权这个事项查询{dataset}", "{owner} has not granted access to {dataset}"
    ),
}
_OPEN_LINK = {
    Availability.NOT_SHARED: Words("{owner}把{dataset}共享给{place}", "{owner} shares {dataset} with {place}"),
    Availability.MISSING: Words(
        "{owner}把您的{field}补进{dataset}", "{owner} adds this of yours to {dataset}: {field}"
    ),
    Availability.STALE: Words(
        "{owner}更新{dataset}里您的{field}", "{owner} renews this of yours in {dataset}: {field}"
    ),
    Availability.SOURCE_DOWN: Words("{owner}恢复{dataset}的查询", "{owner} brings {dataset} back"),
    Availability.NEEDS_GRANT: Words("{owner}授权这个事项查询{dataset}", "{owner} grants this item access to {dataset}"),
}
_NO_LICENCE = Words("您还没有可用的电子{field}", "you have no usable e-licence “{field}”")
_ISSUE_LICENCE = Words("发放电子{field}", "Issue “{field}” as an e-licence")
_SIGN_IN = {
    Assurance.NONE: Words("登录", "sign in"),
    Assurance.REGISTERED: Words("注册并登录", "sign in with an account"),
    Assurance.REAL_NAME: Words("实名登录", "sign in with your real name"),
    Assurance.SIGNED: Words("用电子签名登录", "sign in with your electronic signature"),
}
_PROPOSED = {
    WayKind.DECLARATION: Words("签一份声明", "declare it"),
    WayKind.COMMITMENT: Words("签署告知承诺书", "sign a commitment"),
    WayKind.UPLOAD: Words("上传照片或扫描件", "upload a photograph or scan"),
    WayKind.FORM: Words("在线填写", "fill it in online"),
}


@dataclass(frozen=True, slots=True)
class Speaker:
    """Says things with the names of one catalogue; what it does not name is shown by its key."""

    catalogue: Catalogue

    def organisation(self, kind: str) -> Words:
        """Return the name of a kind of organisation, inside a sentence."""
        return _inside(self.catalogue.organisations.get(kind, Words(kind, kind)))

    def source(self, way: Way | None, status: EvidenceStatus, pending: bool) -> Words:
        """Return what the badge of a requirement says."""
        if way is None or status in _SOURCES:
            return _SOURCES[status]
        if way.kind is WayKind.LICENCE:
            name = self._names(way, HERE)["field"]
            return Words(f"已有电子{name.zh}", f"The government holds your e-licence: {name.en}")
        if way.kind is WayKind.RESULT_OF:
            item = self.catalogue.items[way.target].name
            return Words(f"由一起办的“{item.zh}”产生", f"Comes from “{item.en}”, applied for together")
        owner = self._names(way, HERE)["owner"]
        if pending:
            return Words(f"窗口已补录，待{owner.zh}确认", f"Recorded by a window; {owner.en} will confirm it")
        return Words(f"已由{owner.zh}共享", f"Shared by {owner.en}")

    def why_brought(self, requirement: Requirement, tried: Tried, place: Words) -> Words:
        """Return why a paper has to be shown: the first better way and what is wrong with it."""
        if not tried:
            zh, en = requirement.name
            return Words(f"“{zh}”还没有可以代替原件的数据", f"no shared data can stand for the original “{en}”")
        way, status = tried[0]
        return self._about(_NO_LICENCE if way.kind is WayKind.LICENCE else _WHY[status], way, place)

    def paper_removed_by(self, requirement: Requirement, tried: Tried, place: Words) -> tuple[Words, ...]:
        """Return what would make showing the paper unnecessary, the nearest first."""
        offered = {way.kind for way in requirement.ways}
        ideas = [self._open_link(way, status, place) for way, status in tried]
        if not tried:
            issuer = (
                self.organisation(requirement.issued_by) if requirement.issued_by else Words("主管部门", "its owner")
            )
            ideas.append(
                Words(
                    f"{issuer.zh}把“{requirement.name.zh}”做成共享数据",
                    f"{issuer.en} offers “{requirement.name.en}” as shared data",
                )
            )
        if offered.isdisjoint({WayKind.DECLARATION, WayKind.COMMITMENT}):
            ideas.append(Words("允许用告知承诺代替原件", "Accept a declaration or commitment in place of the original"))
        if change := amendment(requirement.basis):
            ideas.append(change)
        return tuple(map(_sentence, ideas))

    def is_silent(self, way: Way) -> Words:
        """Return that a dataset is not answering now, and that the plan goes on without it."""
        why = self._about(_WHY[Availability.SOURCE_DOWN], way, HERE)
        return Words(
            f"{why.zh}，方案先用其他方式。过一会儿再看，也许就不用您提供了；已填内容不会丢失。",
            f"{why.en[:1].upper()}{why.en[1:]}, so the plan uses another way. Look again later: perhaps you need not "
            "bring it then. Nothing you filled in is lost.",
        )

    def _open_link(self, way: Way, status: Availability, place: Words) -> Words:
        return self._about(_ISSUE_LICENCE if way.kind is WayKind.LICENCE else _OPEN_LINK[status], way, place)

    def _about(self, sentence: Words, way: Way, place: Words) -> Words:
        names = {**self._names(way, place), "place": place}
        zh = sentence.zh.format(**{key: words.zh for key, words in names.items()})
        return Words(zh, sentence.en.format(**{key: words.en for key, words in names.items()}))

    def _names(self, way: Way, place: Words) -> dict[str, Words]:
        if way.kind is WayKind.LICENCE:
            name = _inside(self.catalogue.licence_types.get(way.target, Words(way.target, way.target)))
            return {"field": name, "dataset": name, "owner": Words("发证机关", "the issuer")}
        key, _, field = way.target.partition(".")
        dataset = self.catalogue.datasets.get(key)
        if dataset is None:
            return {
                "field": Words(field, field),
                "dataset": Words(key, key),
                "owner": Words("数据主管部门", "its owner"),
            }
        fields = _inside(dataset.fields.get(field, Words(field, field)))
        return {"field": fields, "dataset": _the(dataset.name), "owner": self.organisation(dataset.owner)}


def why_present(presence: Presence) -> Words:
    """Return why an act needs the person."""
    if presence.waived_by:
        return Words(
            f"“{presence.name.zh}”要本人到场，您的账号还没有达到可以免去它的级别",
            f"“{presence.name.en}” needs you in person until your account has a higher level",
        )
    if presence.stage is Stage.COLLECT:
        return Words(f"“{presence.name.zh}”只能到现场", f"“{presence.name.en}” is only possible in person")
    return Words(f"“{presence.name.zh}”要本人到场", f"“{presence.name.en}” needs you in person")


def presence_removed_by(presence: Presence) -> tuple[Words, ...]:
    """Return what would make an act in person unnecessary, the nearest first."""
    ideas = []
    if presence.waived_by:
        signing = _SIGN_IN[presence.waived_by]
        ideas.append(Words(f"您{signing.zh}", f"You {signing.en}"))
    if presence.stage is Stage.COLLECT:
        ideas.append(Words("电子送达或邮寄", "Deliver it electronically or by post"))
    elif set(presence.places).isdisjoint(REMOTE_PLACES):
        ideas.append(Words("提供视频办理", "Offer it by video"))
    if not presence.waived_by and presence.stage is not Stage.COLLECT:
        ideas.append(Words("用实名账号免去本人到场", "Let a real-name account make it unnecessary"))
    if change := amendment(presence.basis):
        ideas.append(change)
    return tuple(map(_sentence, ideas))


def amendment(basis: LegalBasis) -> Words | None:
    """Return which article would have to change and who can change it; None where no law demands it."""
    if not basis.title:
        return None
    law, who = citation(basis), who_can_change(basis.level).words
    level = basis.level.words
    return Words(f"修改{law.zh}（{level.zh}，{who.zh}）", f"Amend {law.en} ({_inside(level).en}; {_inside(who).en})")


def citation(basis: LegalBasis) -> Words:
    """Return the article as it is cited.

    >>> from yici.rules.levels import Level
    >>> citation(LegalBasis("户口登记条例", "第七条", Level.NATIONAL_LAW, title_en="Household Registration"))
    Words(zh='《户口登记条例》第七条', en='Household Registration, article 7')
    """
    if not basis.title:
        return Words("没有法律依据", "no legal basis")
    article = f", {_article_in_english(basis.article)}" if basis.article else ""
    return Words(f"《{basis.title}》{basis.article}", f"{basis.title_en or f'《{basis.title}》'}{article}")


_PIECE = re.compile(r"第([一二三四五六七八九十百零]+)([条款项])")
_PIECES = {"条": "article", "款": "paragraph", "项": "item"}


def _article_in_english(article: str) -> str:
    pieces = _PIECE.findall(article)
    if _PIECE.sub("", article).strip() or not pieces:
        return article
    return ", ".join(f"{_PIECES[kind]} {_number(figures)}" for figures, kind in pieces)


def _number(figures: str) -> int:
    """Return a number below 1000 written in Chinese.

    >>> _number("一百零五"), _number("二十"), _number("十二")
    (105, 20, 12)
    """
    number, digit = 0, 0
    for figure in figures:
        if figure in "十百":
            number += (digit or 1) * (10 if figure == "十" else 100)
            digit = 0
        else:
            digit = "零一二三四五六七八九".index(figure)
    return number + digit


def option_sentence(name: Words, kind: WayKind, visits: int) -> Words:
    """Return the offer of a lighter way."""
    way = _PROPOSED[kind]
    return Words(
        f"“{name.zh}”也可以改为{way.zh}，{visits_zh(visits)}。",
        f"For “{name.en}” you can also {way.en}: {visits_en(visits)}.",
    )


def sign_in_sentence(name: Words, level: Assurance, visits: int) -> Words:
    """Return the offer to sign in at a higher level."""
    way = _SIGN_IN[level]
    return Words(
        f"{way.zh}，就不用为“{name.zh}”到场，{visits_zh(visits)}。",
        f"{way.en[:1].upper()}{way.en[1:]}, and “{name.en}” needs no visit: {visits_en(visits)}.",
    )


def visits_zh(visits: int) -> str:
    """Return a number of visits as the headline says it.

    >>> visits_zh(0), visits_zh(2)
    ('不用跑', '跑 2 次')
    """
    return ("不用跑", "跑一次")[visits] if visits < 2 else f"跑 {visits} 次"


def visits_en(visits: int) -> str:
    """Return a number of visits in English.

    >>> visits_en(1)
    'one visit'
    """
    return ("no visit", "one visit")[visits] if visits < 2 else f"{visits} visits"


def _sentence(words: Words) -> Words:
    en = words.en[:1].upper() + words.en[1:]
    return Words(f"{words.zh}。", f"{en}.")


def _inside(words: Words) -> Words:
    """Names begin with a capital in lists, not inside a sentence; abbreviations keep theirs."""
    en = words.en
    if len(en) > 1 and en[0].isupper() and not en[1].isupper():
        en = en[0].lower() + en[1:]
    return Words(words.zh, en)


def _the(words: Words) -> Words:
    return Words(words.zh, f"“{words.en}”")
