"""A revision of an item on its way from a draft to what is in force, and all that stands in its way."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from yici.rules.burden import Component, least_level, may_rest_on
from yici.rules.levels import Level
from yici.rules.refusals import Refusal
from yici.rules.words import Words

PROVINCE = "330000000000"


class CannotAmend(Refusal):
    """An act on a proposed revision that the rules do not allow now, or not to this person."""


class Stage(StrEnum):
    """Where a proposed revision stands."""

    DRAFT = "draft"
    COMMENT = "comment"  # the public reads and comments (规定 art. 4)
    GATE = "gate"
    PUBLISHED = "published"
    IN_FORCE = "in_force"
    WITHDRAWN = "withdrawn"

    @property
    def words(self) -> Words:
        """Return it as people say it."""
        return _STAGES[self]


PUBLIC = (Stage.COMMENT, Stage.GATE, Stage.PUBLISHED, Stage.IN_FORCE)  # what everybody may read
_STAGES = {
    Stage.DRAFT: Words("起草", "Draft"),
    Stage.COMMENT: Words("公开征求意见", "Open for comments"),
    Stage.GATE: Words("把关", "At the gate"),
    Stage.PUBLISHED: Words("已公布，待施行", "Published, not yet in force"),
    Stage.IN_FORCE: Words("已施行", "In force"),
    Stage.WITHDRAWN: Words("已撤回", "Withdrawn"),
}
_NEXT = {
    Stage.DRAFT: (Stage.COMMENT, Stage.WITHDRAWN),
    Stage.COMMENT: (Stage.GATE, Stage.WITHDRAWN),
    Stage.GATE: (Stage.PUBLISHED, Stage.WITHDRAWN),
    Stage.PUBLISHED: (Stage.IN_FORCE,),
}


def check_step(current: Stage, wanted: Stage) -> None:
    """Raise CannotAmend unless the wanted stage follows the current one.

    >>> check_step(Stage.DRAFT, Stage.COMMENT)
    """
    if wanted not in _NEXT.get(current, ()):
        raise CannotAmend(
            zh=f"修订稿处于“{current.words.zh}”阶段，不能转为“{wanted.words.zh}”。请先完成前面的步骤。",
            en=f"The amendment is at “{current.words.en}” and cannot become “{wanted.words.en}”. "
            "Finish the steps before.",
        )


@dataclass(frozen=True, slots=True)
class Ground:
    """One loss and the law it is put on; ``level`` is None while none is named."""

    component: Component
    sentence: Words
    level: Level | None = None


@dataclass(frozen=True, slots=True)
class Dossier:
    """What the gate looks at. ``approvers``: region codes of those who approved and are not the proposer."""

    losses: tuple[Ground, ...]
    undecided: bool
    notice_until: date | None
    unanswered: int
    approvers: tuple[str, ...]
    is_breach: bool
    is_exception: bool
    needs_province: bool


def obstacles(dossier: Dossier, today: date) -> Iterator[Words]:
    """Yield everything that keeps a revision from being published, each with what to do about it."""
    yield from _about_losses(dossier.losses)
    if dossier.undecided:
        yield Words(
            "有的方面没能证明没有人吃亏。请简化条件后重新提出。",
            "For some components it is not proved that nobody loses. Simplify the conditions and propose it again.",
        )
    if dossier.notice_until is None or today <= dossier.notice_until:
        until = dossier.notice_until or "—"
        yield Words(
            f"公示期到 {until} 为止，还没有结束（规定第四条）。", f"The public notice runs until {until} (art. 4)."
        )
    if dossier.unanswered:
        yield Words(
            f"还有 {dossier.unanswered} 条意见没有答复。请逐条答复。",
            f"{dossier.unanswered} comments are not answered. Answer each.",
        )
    if dossier.losses and not dossier.approvers:
        yield Words(
            "有人会因此吃亏，须由改革办另一人批准。",
            "Somebody loses: a second person of the reform office must approve.",
        )
    if dossier.needs_province and PROVINCE not in dossier.approvers:
        yield Words(
            "改动了全省统一的内容，须由省改革办批准（规定第四条）。",
            "This changes what the province fixes for all: the province's reform office must approve (art. 4).",
        )
    if dossier.is_breach and not dossier.is_exception:
        yield Words(
            "证明有人要跑两次以上，而该事项不在省政府公布的例外目录中，任何单位不得增加例外（规定第四条）。",
            "Somebody has to come twice, and the item is not on the province's list of exceptions; nobody else may add "
            "to that list (art. 4).",
        )


def _about_losses(losses: Iterable[Ground]) -> Iterator[Words]:
    bare: dict[Level, list[Ground]] = {}
    for one in losses:
        least = least_level(one.component)
        if one.level is None:
            bare.setdefault(least, []).append(one)
        elif not may_rest_on(one.component, one.level):
            yield Words(
                f"依据层级不够（{one.level.words.zh}）：{one.sentence.zh}至少须为{least.words.zh}。",
                f"The basis stands too low ({one.level.words.en.lower()}): {one.sentence.en} "
                f"It takes a {least.words.en.lower()} or higher.",
            )
    for least, several in bare.items():
        yield _without_basis(least, several)


def _without_basis(least: Level, losses: list[Ground]) -> Words:
    """Return one obstacle for all losses without a law: the person of the first, the components of all."""
    named = losses[0].sentence
    if len(losses) > 1:
        zh, en = (
            "、".join(one.component.words.zh for one in losses),
            ", ".join(one.component.words.en for one in losses),
        )
        count = len(losses)
        named = Words(f"{named.zh}共 {count} 项：{zh}。", f"{named.en} In all {count} respects: {en.lower()}.")
    return Words(
        f"没有法律依据：{named.zh}请从法律依据库选择（至少为{least.words.zh}）。",
        f"No legal basis: {named.en} Choose one of the register ({least.words.en.lower()} or higher).",
    )
