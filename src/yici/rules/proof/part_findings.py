"""Finds conditions that say nothing: never true, always true, questions and choices that make no difference."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import z3

from yici.rules.conditions import Condition, Fact, explain, partial
from yici.rules.items import Element, WayKind
from yici.rules.lint import Finding
from yici.rules.planner.tables import Entry, Tables
from yici.rules.proof.formulas import Reader, all_of, any_of, bits_in, opposite
from yici.rules.proof.two_visits import WorstCase
from yici.rules.words import Words

_z3: Any = z3  # it ships without types


class _Part(NamedTuple):
    where: str
    name: Words
    bit: int
    kind: str


def findings_of_parts(reader: Reader, worst: WorstCase, is_event: bool) -> Iterator[Finding]:
    """Yield what is wrong with the conditions. An event answers for its members and for what only they contradict.

    Raises CannotDecide.
    """
    tables = reader.tables
    own = {
        bit: one
        for one, bits in zip(tables.states.conditions, tables.states.governed, strict=True)
        for bit in bits_in(bits)
    }
    names = _Names(tables)
    for place, entry in enumerate(tables.entries):
        parts = list(_parts_of(entry, tables, place))
        member = _Part(f"{tables.event.key}.members.{entry.item.key}", entry.item.name, entry.bit, "member")
        if is_event:
            yield from _about_condition(reader, member, own, names)
        if reader.is_possible(worst.items[place]):
            for part in parts:
                if is_event:
                    yield from _contradicted(reader, part, own, names)
                else:
                    yield from _about_condition(reader, part, own, names)
    questions = (
        tables.event.questions if is_event else [one for entry in tables.entries for one in entry.item.questions]
    )
    for question in questions:
        yield from _about_question(reader, question)
    if is_event:
        yield from _no_outcome(reader, worst, names)


class _Names:
    """The names of questions and choices, for sentences."""

    def __init__(self, tables: Tables) -> None:
        items = [entry.item for entry in tables.entries]
        elements = [*tables.event.questions, *(one for item in items for one in item.questions)]
        self.facts = {one.key: one.name for one in elements}
        self.values = {(one.key, value): name for one in elements for value, name in one.values}

    def clause(self, condition: Condition) -> Words:
        return explain(condition, self.facts, self.values)


def _parts_of(entry: Entry, tables: Tables, place: int) -> Iterator[_Part]:
    item = entry.item.key
    for asked in tables.asked:
        if asked.item == place:
            key = asked.requirement.key
            yield _Part(f"{item}.requirements.{key}", asked.requirement.name, asked.bit, "requirement")
    for act in tables.acts:
        if act.item == place:
            yield _Part(f"{item}.presences.{act.presence.key}", act.presence.name, act.bit, "presence")
    for at, step in enumerate(entry.graph.steps):
        yield _Part(f"{item}.steps.{step.key}", step.name, entry.graph.bits[at], "step")
        for special, bit in zip(step.special, entry.graph.special_bits[at], strict=True):
            yield _Part(f"{item}.steps.{step.key}.special.{special.kind}", special.name, bit, "special")


def _about_condition(reader: Reader, part: _Part, own: dict[int, Condition], names: _Names) -> Iterator[Finding]:
    condition = own.get(part.bit)
    if not _can_apply(reader, part.bit):
        yield _never(part, condition, names)
    elif condition is not None and not _can_fail(reader, condition):
        clause = names.clause(condition)
        zh = f"“{part.name.zh}”的条件“{clause.zh}”对任何人都成立。请删去这个条件，或改正它。"
        en = f"The condition of “{part.name.en}” ({clause.en}) holds for everybody. Drop the condition or correct it."
        yield Finding("always-holds", f"{part.where}.when", Words(zh, en))


def _can_apply(reader: Reader, bit: int) -> bool:
    return bool(bit & reader.samples.applied) or reader.is_possible(reader.whole(bit))


def _can_fail(reader: Reader, condition: Condition) -> bool:
    return condition in reader.samples.failed or reader.is_possible(opposite(reader.formula(condition)))


def _contradicted(reader: Reader, part: _Part, own: dict[int, Condition], names: _Names) -> Iterator[Finding]:
    condition = own.get(part.bit)
    if condition is None or _can_apply(reader, part.bit):
        return
    if reader.is_possible(reader.formula(condition)):  # otherwise the item itself is to blame, and says so
        yield _never(part, condition, names)


def _never(part: _Part, condition: Condition | None, names: _Names) -> Finding:
    clause = names.clause(condition) if condition else Words("", "")
    if part.kind == "requirement":
        zh = f"任何人都不会需要“{part.name.zh}”：它的条件“{clause.zh}”不可能成立。请删去它，或改正条件。"
        en = f"Nobody can ever need “{part.name.en}”: its condition ({clause.en}) cannot hold. Drop or correct it."
        return Finding("never-needed", f"{part.where}.when", Words(zh, en))
    zh = f"“{part.name.zh}”的条件“{clause.zh}”不可能成立。请删去这一项，或改正条件。"
    en = f"The condition of “{part.name.en}” ({clause.en}) can never hold. Drop this part or correct the condition."
    return Finding("never-holds", f"{part.where}.when", Words(zh, en))


def _about_question(reader: Reader, question: Element) -> Iterator[Finding]:
    tables = reader.tables
    fact = tables.facts.get(question.key)
    if fact is None or question.key in _wanted_as_content(tables):
        return
    bearing = [condition for _, condition in tables.states.joint if question.key in condition.facts]
    where = f"{tables.event.key}.questions.{question.key}"
    if not _matters(reader, bearing, fact):
        zh = f"问题“{question.name.zh}”怎么回答都不改变任何事。请不要问。"
        en = f"Whatever is answered to “{question.name.en}”, nothing changes. Do not ask it."
        yield Finding("changes-nothing", where, Words(zh, en))
        return
    for alike in _choices_alike(bearing, question):
        zh = f"“{question.name.zh}”的选项{'、'.join(f'“{one.zh}”' for one in alike)}结果完全相同，没有必要区分。"
        en = f"The choices {', '.join(f'“{one.en}”' for one in alike)} of “{question.name.en}” lead to the same. "
        yield Finding("choices-alike", where, Words(zh, f"{en}There is no need to tell them apart."))


def _wanted_as_content(tables: Tables) -> set[str]:
    items = [entry.item for entry in tables.entries]
    asked = {one.key for item in items for one in item.fields}
    ways = [way for item in items for part in item.requirements for way in part.ways]
    return asked | {way.target for way in ways if way.kind is WayKind.FORM}


def _matters(reader: Reader, bearing: list[Condition], fact: Fact) -> bool:
    """Whether two people who differ in this one answer only can differ in what applies to them."""
    if not bearing:
        return False
    if reader.samples.differ_in(fact.key):
        return True
    variable: Any = reader.unknowns.variables[fact.key]
    swap = (variable, _z3.FreshConst(variable.sort()))
    formulas = [reader.formula(condition) for condition in bearing]
    differing = any_of(_z3.Xor(one, _z3.substitute(one, swap)) for one in formulas)
    allowed = [_z3.substitute(bound, swap) for bound in reader.unknowns.domain]
    return reader.is_possible(all_of([*allowed, differing]))


def _choices_alike(bearing: list[Condition], question: Element) -> list[list[Words]]:
    groups: dict[tuple[str, ...], list[Words]] = {}
    for value, name in question.values:
        left = tuple(partial(condition, {question.key: value}).text for condition in bearing)
        groups.setdefault(left, []).append(name)
    return [names for names in groups.values() if len(names) > 1]


def _no_outcome(reader: Reader, worst: WorstCase, names: _Names) -> Iterator[Finding]:
    """Say who answers everything and gets nothing."""
    person = reader.person(all_of(opposite(item) for item in worst.items))
    if person is None:
        return
    tables = reader.tables
    conditions = {one for bits, one in tables.states.joint if any(bits & entry.bit for entry in tables.entries)}
    keys = sorted({key for condition in conditions for key in condition.facts})
    told = "，".join(f"{names.facts.get(key, Words(key, key)).zh}={person[key]}" for key in keys)
    told_en = ", ".join(f"{names.facts.get(key, Words(key, key)).en}={person[key]}" for key in keys)
    zh = f"有人回答完所有问题，却没有一个事项适用，例如：{told}。请补充事项，或说明该去哪里办。"
    en = f"Somebody can answer every question and no item applies: {told_en}. Add an item or say where to go."
    yield Finding("no-outcome", f"{tables.event.key}.members", Words(zh, en))
