"""Edits of random events: harmless ones that ask the same of everybody, and tightenings that ask more of somebody."""

from collections.abc import Callable
from dataclasses import replace
from itertools import product
from random import Random

from tests.rules.planner_strategies import ALL_ANSWERS, BASIS, NOBODY, Case, shuffled
from yici.rules.burden import Component, Situation
from yici.rules.items import (
    Assurance,
    Element,
    ElementKind,
    Item,
    Necessity,
    Presence,
    Requirement,
    Special,
    Stage,
    Step,
    Way,
    WayKind,
)
from yici.rules.planner import compile_event
from yici.rules.words import Words

Edit = Callable[[Random, Case], Case]
WORDS = Words("另一名称", "another name")


def _each_requirement(case: Case, change: Callable[[Requirement], list[Requirement]]) -> Case:
    return case.with_items(
        lambda item: replace(item, requirements=tuple(new for one in item.requirements for new in change(one)))
    )


def _each_condition(case: Case, change: Callable[[str], str]) -> Case:
    def reworded(item: Item) -> Item:
        steps = [
            replace(one, when=change(one.when), special=tuple(replace(s, when=change(s.when)) for s in one.special))
            for one in item.steps
        ]
        return replace(
            item,
            requirements=tuple(replace(one, when=change(one.when)) for one in item.requirements),
            presences=tuple(replace(one, when=change(one.when)) for one in item.presences),
            steps=tuple(steps),
        )

    members = tuple(replace(one, when=change(one.when)) for one in case.event.members)
    return replace(case.with_items(reworded), event=replace(case.event, members=members))


def rename(chance: Random, case: Case) -> Case:
    """New keys and names everywhere; what a paper proves gets another name wherever it stands."""
    kept = _each_requirement(
        case, lambda one: [replace(one, key=f"new_{one.key}", name=WORDS, proves=f"the_{one.proves}")]
    )

    def named(item: Item) -> Item:
        steps = [
            replace(one, key=f"s_{one.key}", name=WORDS, after=tuple(f"s_{key}" for key in one.after))
            for one in item.steps
        ]
        presences = [
            replace(one, key=f"p_{one.key}", name=WORDS, after=tuple(f"s_{key}" for key in one.after))
            for one in item.presences
        ]
        return replace(item, name=WORDS, steps=tuple(steps), presences=tuple(presences))

    return kept.with_items(named)


def reorder(chance: Random, case: Case) -> Case:
    return shuffled(chance, case)


def split(chance: Random, case: Case) -> Case:
    """Each requirement and presence becomes two, for two kinds of people."""
    by = chance.choice(("married", "order > 1", 'origin == "abroad"'))

    def halves(one: Requirement) -> list[Requirement]:
        return [
            replace(one, key=f"{one.key}1", when=f"({one.when}) && ({by})"),
            replace(one, key=f"{one.key}2", when=f"({one.when}) && !({by})"),
        ]

    def acts(item: Item) -> Item:
        parts = [
            replace(one, key=f"{one.key}{n}", when=f"({one.when}) && {sign}({by})")
            for one in item.presences
            for n, sign in enumerate(("", "!"))
        ]
        return replace(item, presences=tuple(parts))

    return _each_requirement(case, halves).with_items(acts)


def merge(chance: Random, case: Case) -> Case:
    """The halves become whole again: from the split event to the plain one. See ``HARMLESS_PAIRS``."""
    return case


def rephrase(chance: Random, case: Case) -> Case:
    ways: tuple[Callable[[str], str], ...] = (
        lambda text: f"!(!({text}))",
        lambda text: f"({text}) && (local || !local)",
        lambda text: f"({text}) ? true : false",
        lambda text: f"({text}) && married || ({text}) && !married",
        lambda text: f"({text}) || order > 3",
        lambda text: f"({text}) && order + 1 > 1",
    )

    def reworded(text: str) -> str:
        return chance.choice(ways)(text)

    return _each_condition(case, reworded)


def divide_steps(chance: Random, case: Case) -> Case:
    """The work of a post is written as two steps with the same days together."""

    def divided(item: Item) -> Item:
        steps: list[Step] = []
        for one in item.steps:
            first = replace(
                one, key=f"{one.key}_first", promised_days=one.promised_days // 2, statutory_days=0, special=()
            )
            rest = one.promised_days - one.promised_days // 2
            steps += [first, replace(one, promised_days=rest, after=(first.key,))]
        return replace(item, steps=tuple(steps))

    return case.with_items(divided)


def rename_question(chance: Random, case: Case) -> Case:
    """One question gets another key; its sentence stays."""
    old = chance.choice(("married", "local", "renting"))
    rekeyed = _each_condition(case, lambda text: text.replace(old, f"{old}_now"))

    def questions(parts: tuple[Element, ...]) -> tuple[Element, ...]:
        return tuple(replace(one, key=f"{old}_now") if one.key == old else one for one in parts)

    event = replace(rekeyed.event, questions=questions(rekeyed.event.questions))
    return replace(rekeyed, event=event).with_items(lambda item: replace(item, questions=questions(item.questions)))


def rename_choice(chance: Random, case: Case) -> Case:
    """One choice gets another key; what it reads stays."""
    rekeyed = _each_condition(case, lambda text: text.replace('"abroad"', '"overseas"'))

    def questions(parts: tuple[Element, ...]) -> tuple[Element, ...]:
        return tuple(
            replace(one, values=tuple(("overseas" if key == "abroad" else key, name) for key, name in one.values))
            for one in parts
        )

    event = replace(rekeyed.event, questions=questions(rekeyed.event.questions))
    return replace(rekeyed, event=event).with_items(lambda item: replace(item, questions=questions(item.questions)))


def reword(chance: Random, case: Case) -> Case:
    """Every question is asked in other words, under its old key."""

    def questions(parts: tuple[Element, ...]) -> tuple[Element, ...]:
        return tuple(replace(one, name=WORDS, ask=Words(f"请问{one.ask.zh}", f"Please: {one.ask.en}")) for one in parts)

    event = replace(case.event, name=WORDS, summary=WORDS, questions=questions(case.event.questions))
    return replace(case, event=event).with_items(
        lambda item: replace(item, notes=WORDS, accept_conditions=WORDS, questions=questions(item.questions))
    )


def type_what_is_asked_anyway(chance: Random, case: Case) -> Case:
    """A requirement that a field of the form satisfies asks for nothing new where the field is asked already."""
    asked = Requirement("typed", WORDS, "typed", BASIS, (Way(WayKind.FORM, "married"),))
    return case.with_items(lambda item: replace(item, requirements=(*item.requirements, asked)))


HARMLESS: tuple[Edit, ...] = (
    rename,
    reorder,
    split,
    rephrase,
    divide_steps,
    rename_question,
    rename_choice,
    reword,
    type_what_is_asked_anyway,
)


def speaking(case: Case) -> Case:
    """The same event with a sentence for each question, as every real one has."""

    def named(parts: tuple[Element, ...]) -> tuple[Element, ...]:
        return tuple(
            replace(
                one,
                name=Words(f"{one.key}情形", one.key),
                ask=Words(f"{one.key}？", f"{one.key}?"),
                values=tuple((key, Words(f"{key}选项", key)) for key, _ in one.values),
            )
            for one in parts
        )

    event = replace(case.event, questions=named(case.event.questions))
    return replace(case, event=event).with_items(lambda item: replace(item, questions=named(item.questions)))


def generous(chance: Random, case: Case) -> Case:
    """The same event with more that can be taken away: copies, commitments, payment online, the one window."""

    def more(one: Requirement) -> list[Requirement]:
        ways = one.ways + (Way(WayKind.UPLOAD),) * (one.ways[-1].kind is WayKind.ORIGINAL and chance.random() < 0.5)
        necessity = Necessity.PROMISABLE if chance.random() < 0.1 else one.necessity
        return [replace(one, ways=ways, necessity=necessity)]

    def kinder(item: Item) -> Item:
        fee = replace(item.fee, online_payment=chance.random() < 0.7)
        return replace(item, fee=fee, acceptance=chance.choice(("", "one_window", "department")))

    return _each_requirement(case, more).with_items(kinder)


def _one_item(chance: Random, case: Case, change: Callable[[Item], Item]) -> Case:
    key = chance.choice(sorted(case.catalogue.items))
    return case.with_items(lambda item: change(item) if item.key == key else item)


def _another_paper(way: WayKind, when: str) -> Callable[[Item], Item]:
    paper = Requirement("again", Words("居住情况说明", "Statement of residence"), "residence", BASIS, (Way(way),), when)
    return lambda item: replace(item, requirements=(*item.requirements, paper))


def add_original(chance: Random, case: Case) -> Case:
    return _one_item(chance, case, _another_paper(WayKind.ORIGINAL, chance.choice(("true", "married && !local"))))


def add_upload(chance: Random, case: Case) -> Case:
    return _one_item(chance, case, _another_paper(WayKind.UPLOAD, chance.choice(("true", "order == 2"))))


def add_field(chance: Random, case: Case) -> Case:
    field = Element("pet", Words("宠物", "Pet"), NOBODY, ElementKind.TEXT)
    return _one_item(chance, case, lambda item: replace(item, fields=(*item.fields, field)))


def add_presence(chance: Random, case: Case) -> Case:
    act = Presence("oath", Words("宣誓", "Oath"), chance.choice(list(Stage)), ("notary",), BASIS, "renting")
    return _one_item(chance, case, lambda item: replace(item, presences=(*item.presences, act)))


def add_post(chance: Random, case: Case) -> Case:
    step = Step("sign_off", WORDS, "finance", "director", 0, 0, (), "!married")
    return _one_item(chance, case, lambda item: replace(item, steps=(*item.steps, step)))


def lengthen(chance: Random, case: Case) -> Case:
    last = Step("wait", WORDS, "", "reviewer", 30, 30)
    return _one_item(chance, case, lambda item: replace(item, steps=(*item.steps, last)))


def add_hearing(chance: Random, case: Case) -> Case:
    hearing = Special("forum", WORDS, 7, BASIS, 'origin == "abroad"')
    step = Step("hear", WORDS, "", "reviewer", 0, 0, (), "true", (hearing,))
    return _one_item(chance, case, lambda item: replace(item, steps=(*item.steps, step)))


def raise_fee(chance: Random, case: Case) -> Case:
    return _one_item(
        chance, case, lambda item: replace(item, fee=replace(item.fee, amount_fen=item.fee.amount_fen + 100))
    )


def close_channel(chance: Random, case: Case) -> Case:
    return _one_item(chance, case, lambda item: replace(item, channels=("window",)))


def exclude(chance: Random, case: Case) -> Case:
    members = list(case.event.members)
    place = chance.randrange(len(members))
    members[place] = replace(members[place], when=f"({members[place].when}) && order < 3")
    return replace(case, event=replace(case.event, members=tuple(members)))


def narrow_choice(chance: Random, case: Case) -> Case:
    def narrowed(parts: tuple[Element, ...]) -> tuple[Element, ...]:
        return tuple(replace(one, maximum=2) if one.key == "order" else one for one in parts)

    event = replace(case.event, questions=narrowed(case.event.questions))
    return replace(case, event=event).with_items(lambda item: replace(item, questions=narrowed(item.questions)))


def only_companies(chance: Random, case: Case) -> Case:
    return _one_item(chance, case, lambda item: replace(item, audience=("legal",)))


def forget_data(chance: Random, case: Case) -> Case:
    """No datum satisfies anything any more."""
    fetched = {WayKind.DATA, WayKind.LICENCE}

    def without(one: Requirement) -> list[Requirement]:
        left = tuple(way for way in one.ways if way.kind not in fetched)
        return [replace(one, ways=left or (Way(WayKind.ORIGINAL),))]

    return _each_requirement(case, without)


def nothing_later(chance: Random, case: Case) -> Case:
    return _each_requirement(case, lambda one: [replace(one, necessity=Necessity.NECESSARY)])


def no_waivers(chance: Random, case: Case) -> Case:
    return case.with_items(
        lambda item: replace(item, presences=tuple(replace(one, waived_by=None) for one in item.presences))
    )


def no_commitment(chance: Random, case: Case) -> Case:
    return _without_way(case, WayKind.COMMITMENT)


def no_copy(chance: Random, case: Case) -> Case:
    return _without_way(case, WayKind.UPLOAD)


def _without_way(case: Case, kind: WayKind) -> Case:
    def without(one: Requirement) -> list[Requirement]:
        left = tuple(way for way in one.ways if way.kind is not kind)
        return [replace(one, ways=left or one.ways)]

    return _each_requirement(case, without)


def add_declaration(chance: Random, case: Case) -> Case:
    way = chance.choice((WayKind.DECLARATION, WayKind.COMMITMENT))
    return _one_item(chance, case, _another_paper(way, chance.choice(("true", "renting"))))


def declare_what_was_fetched(chance: Random, case: Case) -> Case:
    return _instead_of_data(case, Way(WayKind.DECLARATION))


def type_what_was_fetched(chance: Random, case: Case) -> Case:
    """The field looks optional in the form, but the requirement wants it."""
    field = Element("pet", Words("宠物", "Pet"), NOBODY, ElementKind.TEXT, optional=True)
    asked = case.with_items(lambda item: replace(item, fields=(*item.fields, field)))
    return _instead_of_data(asked, Way(WayKind.FORM, "pet"))


def _instead_of_data(case: Case, way: Way) -> Case:
    """What was fetched has now to be stated; what could not be fetched either before stays as it was."""

    def stated(one: Requirement) -> list[Requirement]:
        if one.ways[0].kind not in (WayKind.DATA, WayKind.LICENCE):
            return [one]
        return [replace(one, ways=(way,))]

    return _each_requirement(case, stated)


def necessary(chance: Random, case: Case) -> Case:
    """What was optional is not any more."""
    return nothing_later(chance, case)


def pay_at_the_counter(chance: Random, case: Case) -> Case:
    return case.with_items(lambda item: replace(item, fee=replace(item.fee, online_payment=False)))


def departments_accept(chance: Random, case: Case) -> Case:
    return _one_item(chance, case, lambda item: replace(item, acceptance="department"))


def close_the_window(chance: Random, case: Case) -> Case:
    """The one window serves no act any more."""

    def elsewhere(item: Item) -> Item:
        acts = [
            replace(one, places=tuple(place for place in one.places if place != "window") or ("notary",))
            for one in item.presences
        ]
        return replace(item, presences=tuple(acts))

    return case.with_items(elsewhere)


def everybody(chance: Random, case: Case) -> Case:
    """Every paper for everybody."""
    return _each_requirement(case, lambda one: [replace(one, when="true")])


TIGHTENINGS: dict[Edit, Component | None] = {
    add_original: Component.ORIGINALS,
    add_upload: Component.PAPERS,
    add_field: Component.FIELDS,
    add_presence: Component.PRESENCES,
    add_post: Component.STEPS,
    lengthen: Component.PROMISED_DAYS,
    add_hearing: Component.SPECIAL_DAYS,
    raise_fee: Component.FEE,
    close_channel: Component.CHANNELS,
    exclude: Component.ELIGIBILITY,
    narrow_choice: Component.ELIGIBILITY,
    only_companies: Component.ELIGIBILITY,
    forget_data: None,
    nothing_later: None,
    no_waivers: None,
    no_commitment: Component.PAPERS_WITHOUT_CHOICE,
    no_copy: Component.ORIGINALS_WITHOUT_COPY,
    add_declaration: Component.DEMANDS,
    declare_what_was_fetched: Component.DEMANDS,
    type_what_was_fetched: Component.DEMANDS,
    necessary: Component.DEMANDS,
    pay_at_the_counter: Component.PAYMENT,
    departments_accept: Component.ACCEPTANCE,
    close_the_window: Component.PLACES,
    everybody: None,
}


def everybody_in(old: Case, new: Case) -> list[Situation]:
    """Return a person for every combination of answers and data that either revision can tell apart."""
    compiled = [compile_event(one.event, one.catalogue) for one in (old, new)]
    kinds: dict[object, dict[str, object]] = {}
    for chosen in product(*ALL_ANSWERS.values()):
        answers = dict(zip(ALL_ANSWERS, chosen, strict=True))
        states = [one.tables.states for one in compiled]
        kinds.setdefault((answers["order"], *(one.of(one.decide(answers)) for one in states)), answers)
    wanted = sorted({key for one in compiled for key in one.wanted})
    levels = list(Assurance) if any(act.presence.waived_by for one in compiled for act in one.tables.acts) else ["none"]
    return [
        Situation(answers, {**dict(zip(wanted, seen, strict=True)), "*": "missing", "assurance": str(level)})  # type: ignore[arg-type]
        for answers in kinds.values()
        for seen in product(("available", "missing"), repeat=len(wanted))
        for level in levels
    ]
