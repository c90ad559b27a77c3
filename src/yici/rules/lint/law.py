"""What the law itself demands of an item's guide: deadlines, legal bases, no catch-all papers, open channels.

Articles without a title are those of 浙江省保障“最多跑一次”改革规定 (in force since 1 January 2019).
"""

import re
from collections.abc import Iterator

from yici.rules.items import Catalogue, Item, LegalBasis, Necessity, Period, Stage, Step, WayKind
from yici.rules.levels import Level, may_set_a_licence
from yici.rules.lint.checker import LICENCE
from yici.rules.lint.findings import Found, ItemRule
from yici.rules.words import Words

# Calendar days of one unit; five working days are a week.
_DAYS = {"W": 7 / 5, "D": 1.0, "M": 30.0, "Y": 365.0, "H": 1 / 24}
_CATCH_ALL = re.compile(
    r"(其他|其它|相关|有关|等|必要)的?(证明)?(材料|资料|文件|证件|证明)"
    r"|(材料|资料|文件|证明)等$"
    r"|需要的(材料|资料|文件)"
    r"|\bother (necessary |relevant |required )?(material|document|paper)s?\b"
    r"|\b(relevant|related) (material|document|paper)s?\b",
    re.IGNORECASE,
)
_ONLINE = frozenset({"web", "mobile"})
_OFFLINE = frozenset({"window", "kiosk"})


def promise_within_the_law(item: Item, catalogue: Catalogue) -> Found:
    """Art. 12: the promised time is no longer than the statutory one, for the item and for each step."""
    if _days(item.promised) > _days(item.statutory):
        promised, statutory = _period(item.promised), _period(item.statutory)
        zh = f"承诺时限 {promised} 长于法定时限 {statutory}。"
        yield "promised", Words(zh, f"It promises {promised}, longer than the {statutory} of the law.")
    for step in item.steps:
        if step.promised_days > step.statutory_days:
            zh = f"环节“{step.name.zh}”承诺 {step.promised_days} 天，长于法定 {step.statutory_days} 天。"
            en = f"'{step.name.en}' promises {step.promised_days} days; the law allows {step.statutory_days}."
            yield f"steps.{step.key}", Words(zh, en)


def _days(period: Period) -> float:
    return period.value * _DAYS[period.unit]


def _period(period: Period) -> str:
    return f"{period.value}{period.unit}"


def promise_is_the_sum_of_steps(item: Item, catalogue: Catalogue) -> Found:
    """Art. 4: the time the guide names is the time its steps take, along the longest chain."""
    longest = _longest_chain(item.steps)
    if item.promised.unit == "W" and longest != item.promised.value:
        zh = f"各环节最长共 {longest} 个工作日，与承诺时限 {item.promised.value} 个工作日不一致。"
        yield "promised", Words(zh, f"The steps take {longest} working days; {item.promised.value} are promised.")


def _longest_chain(steps: tuple[Step, ...]) -> int:
    finish: dict[str, int] = {}
    waiting = list(steps)
    while waiting:
        ready = [step for step in waiting if all(key in finish for key in step.after)]
        if not ready:  # a circle or an unknown step, which import refuses
            return -1
        for step in ready:
            finish[step.key] = max((finish[key] for key in step.after), default=0) + step.promised_days
        waiting = [step for step in waiting if step.key not in finish]
    return max(finish.values(), default=0)


def guide_is_complete(item: Item, catalogue: Catalogue) -> Found:
    """Art. 4: the guide names the matter, the conditions, the course, the basis and the time."""
    if not (item.name.zh.strip() and item.name.en.strip()):
        yield "name", Words("没有事项名称。", "It has no name.")
    if not item.accept_conditions.zh.strip():
        yield "accept_conditions", Words("办事指南没有受理条件。", "The guide does not say who may apply.")
    if not item.steps:
        yield "steps", Words("办事指南没有办事流程。", "The guide shows no course of the matter.")
    if not item.bases:
        yield "bases", Words("办事指南没有办事依据。", "The guide names no legal basis.")
    if item.statutory.value == 0 and not item.immediate:
        yield "statutory", Words("办事指南没有办事时限。", "The guide names no time limit.")


def every_demand_has_a_basis(item: Item, catalogue: Catalogue) -> Found:
    """Art. 7 and 优化营商环境条例 art. 35: nothing is demanded without a law, regulation, rule or document."""
    for place, name, basis in _demands(item):
        if basis.level is Level.NONE or not basis.title.strip():
            yield (
                place,
                Words(f"“{name.zh}”没有法定依据。请取消或补上。", f"'{name.en}' rests on no law. Drop it or name one."),
            )
        elif not basis.article.strip():
            yield place, Words(f"“{name.zh}”的依据没有写明条款。", f"The basis of '{name.en}' names no article.")


def _demands(item: Item) -> Iterator[tuple[str, Words, LegalBasis]]:
    for place, basis in enumerate(item.bases):
        yield f"bases.{place}", item.name, basis
    for requirement in item.requirements:
        yield f"requirements.{requirement.key}", requirement.name, requirement.basis
    for presence in item.presences:
        yield f"presences.{presence.key}", presence.name, presence.basis
    for step in item.steps:
        for special in step.special:
            yield f"steps.{step.key}.{special.kind}", special.name, special.basis


def licence_rests_on_law(item: Item, catalogue: Catalogue) -> Found:
    """行政许可法 art. 14-17: a licence is set by law, regulation or a provincial rule, never by a document."""
    if item.type == LICENCE and item.bases and not any(may_set_a_licence(basis.level) for basis in item.bases):
        yield "bases", Words("规范性文件不得设定行政许可。", "A normative document cannot set a licence.")


def no_catch_all_papers(item: Item, catalogue: Catalogue) -> Found:
    """Art. 7: nothing outside the guide may be asked for, so the guide names each paper and no 其他材料."""
    for requirement in item.requirements:
        if found := _CATCH_ALL.search(requirement.name.zh) or _CATCH_ALL.search(requirement.name.en):
            zh = f"“{requirement.name.zh}”是兜底条款（{found.group()}）。请写明是哪一份材料。"
            en = f"'{requirement.name.en}' can mean anything ({found.group()}). Name the paper."
            yield f"requirements.{requirement.key}", Words(zh, en)


def nothing_is_asked_twice(item: Item, catalogue: Catalogue) -> Found:
    """Art. 7: one set of papers; the same thing is not proved twice for the same situation."""
    seen: dict[tuple[str, str], str] = {}
    for requirement in item.requirements:
        first = seen.setdefault((requirement.proves, requirement.when), requirement.key)
        if first != requirement.key:
            zh = f"“{requirement.name.zh}”与“{first}”证明同一件事，重复提交。"
            yield f"requirements.{requirement.key}", Words(zh, f"'{requirement.name.en}' proves the same as '{first}'.")


def channels_are_open(item: Item, catalogue: Catalogue) -> Found:
    """Art. 6: online or offline is the applicant's choice unless a law or regulation limits it."""
    if not _OFFLINE.intersection(item.channels):
        yield (
            "channels",
            Words("不能线下申请。申请方式由申请人选择。", "Nobody can apply in person; that is their choice."),
        )
    if not _ONLINE.intersection(item.channels) and not _law_wants_presence(item):
        zh = "不能线上申请，又没有法律、法规要求到场。"
        yield "channels", Words(zh, "Nobody can apply online, and no law or regulation demands presence.")


def _law_wants_presence(item: Item) -> bool:
    highest = {Level.NATIONAL_LAW, Level.ADMINISTRATIVE_REGULATION, Level.LOCAL_REGULATION}
    return any(part.stage is Stage.APPLY and part.basis.level in highest for part in item.presences)


def commitment_can_be_given(item: Item, catalogue: Catalogue) -> Found:
    """告知承诺 (domain reference 2.3): what may be promised instead of proved offers the commitment as a way."""
    for requirement in item.requirements:
        offered = any(way.kind is WayKind.COMMITMENT for way in requirement.ways)
        if requirement.necessity is Necessity.PROMISABLE and not offered:
            zh = f"“{requirement.name.zh}”标明可以告知承诺，却没有承诺这种方式。"
            en = f"'{requirement.name.en}' may be promised, but a commitment is not among its ways."
            yield f"requirements.{requirement.key}", Words(zh, en)


RULES: tuple[tuple[str, ItemRule], ...] = (
    ("promise-within-law", promise_within_the_law),
    ("promise-is-sum", promise_is_the_sum_of_steps),
    ("guide-complete", guide_is_complete),
    ("demand-has-basis", every_demand_has_a_basis),
    ("licence-rests-on-law", licence_rests_on_law),
    ("no-catch-all", no_catch_all_papers),
    ("not-twice", nothing_is_asked_twice),
    ("channels-open", channels_are_open),
    ("commitment-offered", commitment_can_be_given),
)
