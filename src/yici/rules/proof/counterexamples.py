"""Turns the solver's person into one people understand, and lets the planner confirm that this person comes twice."""

from collections.abc import Mapping
from datetime import date

from yici.rules.conditions import Answer, Answers, Fact
from yici.rules.planner import CompiledEvent
from yici.rules.planner.deciding import Reckoning, Situation, decide
from yici.rules.planner.tables import Tables
from yici.rules.plans import Mode, Plan
from yici.rules.proof.verdicts import CounterExample, PersonalAct
from yici.rules.words import Words

_PLACES = {
    "window": Words("综合窗口", "the integrated window"),
    "kiosk": Words("自助终端", "a self-service kiosk"),
    "police_station": Words("派出所", "the police station"),
    "tax_hall": Words("办税服务厅", "the tax hall"),
    "hospital": Words("医院", "the hospital"),
    "notary": Words("公证处", "the notary office"),
    "vehicle_station": Words("车辆管理所", "the vehicle station"),
    "bank": Words("银行", "the bank"),
}
# The worst state of the data: nothing is available and nobody signed in.
WORST: Mapping[str, str] = {"*": "missing", "assurance": "none"}


def confirmed(event: CompiledEvent, found: Mapping[str, Answer]) -> CounterExample | None:
    """Return the counter-example in its plainest form, or None when the planner disagrees with the solver."""
    if not _is_breach(event, found):
        return None
    answers = _plainest(event, dict(found))
    plan = event.plan(answers, WORST, with_options=False)
    return CounterExample(
        answers=answers,
        deciding=_deciding(event, answers),
        visits=plan.visits,
        why=_why(event.tables, answers, plan),
        acts=_acts(plan),
    )


def _is_breach(event: CompiledEvent, answers: Answers) -> bool:
    return event.decide(answers, WORST).mode is Mode.BREACH


def _plainest(event: CompiledEvent, answers: dict[str, Answer]) -> dict[str, Answer]:
    """Return answers that anybody could give: the solver likes to answer with the end of the world."""
    for key, fact in event.facts.items():
        plain = {**answers, key: plain_answer(fact)}
        if _is_breach(event, plain):
            answers = plain
    return answers


def plain_answer(fact: Fact) -> Answer:
    """Return an answer nobody wonders at.

    >>> plain_answer(Fact("rooms", "int", minimum=0))
    1
    """
    if fact.kind == "bool":
        return False
    if fact.kind == "enum":
        return fact.values[0]
    if fact.kind == "date":
        return date(2018, 1, 1)
    least, greatest = fact.range()
    return min(max(least, 1), greatest)


def _deciding(event: CompiledEvent, answers: dict[str, Answer]) -> tuple[str, ...]:
    left = dict(answers)
    for key in answers:
        fewer = {other: value for other, value in left.items() if other != key}
        if _is_breach(event, fewer):
            left = fewer
    return tuple(left)


def _acts(plan: Plan) -> tuple[PersonalAct, ...]:
    return tuple(
        PersonalAct(cause.item, cause.key, cause.what, number, visit.place, visit.earliest_day)
        for number, visit in enumerate(plan.visits_detail, start=1)
        for cause in visit.causes
    )


def _why(tables: Tables, answers: Answers, plan: Plan) -> Words:
    applying, unknown = tables.states.of(tables.states.decide(answers))
    _, reckoning, _ = decide(tables, Situation(applying, unknown, 0, tables.waived["none"]))
    return _why_one_waits(tables, reckoning, plan) or _why_no_place(tables, reckoning)


def _why_one_waits(tables: Tables, reckoning: Reckoning, plan: Plan) -> Words | None:
    for waiting in reckoning.order:
        earlier = waiting.earlier & reckoning.acts
        if earlier:
            later, sooner = _name(tables, waiting.act), _name(tables, earlier & -earlier)
            days = plan.visits_detail[-1].earliest_day
            return Words(
                f"“{later.zh}”要等“{sooner.zh}”之后的环节办完才能进行，"
                f"最早在申请后第 {days} 个工作日，所以不能在同一次办完。",
                f"“{later.en}” has to wait for steps that follow “{sooner.en}”, and is possible {days} working days "
                "after applying at the earliest, so one visit cannot do both.",
            )
    return None


def _why_no_place(tables: Tables, reckoning: Reckoning) -> Words:
    parts = []
    left = reckoning.acts
    while left:
        act = left & -left
        left ^= act
        served = [_PLACES[place] for place, acts in tables.places if acts & act]
        parts.append((_name(tables, act), served))
    zh = "；".join(f"“{name.zh}”在{'、'.join(one.zh for one in served)}" for name, served in parts)
    en = "; ".join(f"“{name.en}” at: {', '.join(one.en for one in served)}" for name, served in parts)
    return Words(f"没有一个地点能办完全部：{zh}。", f"No single place does everything: {en}.")


def _name(tables: Tables, act: int) -> Words:
    for one in tables.acts:
        if one.act == act:
            return one.presence.name
    return next(one.requirement.name for one in tables.asked if one.act == act)
