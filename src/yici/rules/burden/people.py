"""Says who is worse or better off, and in what, as one sentence about a person."""

from collections.abc import Mapping
from datetime import date

from yici.rules.burden.components import Component
from yici.rules.burden.matching import elements_of
from yici.rules.burden.sides import Side
from yici.rules.burden.vector import Burden, Situation, Value
from yici.rules.conditions import Answer, condition_of, explain
from yici.rules.conditions.tree import Compare, Constant, FactRef, Kind, Not, Tree
from yici.rules.items import Element
from yici.rules.planner.tables import Tables
from yici.rules.words import Words

_OF_PAPERS = (Component.VISITS, Component.ORIGINALS)  # where papers explain the amount
# What is said of a paper that was asked for before, but not like this.
_STRICTER = {
    Component.ORIGINALS_WITHOUT_COPY: (Words("不再收“{}”的复印件", "no copy of “{}” will do")),
    Component.PAPERS_AT_ONCE: (Words("“{}”不得后补", "“{}” may not come later")),
    Component.PAPERS_WITHOUT_CHOICE: (Words("“{}”不得以承诺或声明代替", "no declaration or commitment replaces “{}”")),
}
_ANYBODY = Words("任何人", "anybody")
_LEVELS = {
    "none": Words("没有账号", "without an account"),
    "registered": Words("账号未实名", "with an account that is not verified"),
    "real_name": Words("账号已实名", "with a verified account"),
    "signed": Words("账号可以电子签名", "with an account that can sign"),
}


def described(old: Side, new: Side, person: Situation, deciding: tuple[str, ...]) -> Words:
    """Return who the person is, in the answers and data that matter."""
    elements = {new.names[one.key]: one for one in elements_of(new.tables) if one.key in new.names}
    elements |= {old.names[one.key]: one for one in elements_of(old.tables) if one.key in old.names}
    said = [_answered(key, elements, person.answers) for key in deciding if key in person.answers]
    said += [
        _seen(key, person.holdings[key], (new.tables, old.tables))
        for key in deciding
        if key in person.holdings and key != "assurance"
    ]
    if "assurance" in deciding:
        said.append(_LEVELS[person.holdings["assurance"]])
    if not said:
        return _ANYBODY
    return Words("、".join(one.zh for one in said) + "的人", "somebody (" + "; ".join(one.en for one in said) + ")")


def _answered(key: str, elements: Mapping[str, Element], answers: Mapping[str, Answer]) -> Words:
    element, value = elements[key], answers[key]
    names = {key: element.name if any(element.name) else Words(key, key)}
    values = {(key, choice): name for choice, name in element.values if any(name)}
    return explain(condition_of(_tree(key, value)), names, values)


def _tree(key: str, value: Answer) -> Tree:
    fact = FactRef(key, _kind(value))
    if isinstance(value, bool):
        return fact if value else Not(fact)
    return Compare("==", fact, Constant(value, _kind(value)))


def _kind(value: Answer) -> Kind:
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int):
        return "int"
    return "date" if isinstance(value, date) else "enum"


def _seen(key: str, state: str, both: tuple[Tables, Tables]) -> Words:
    name = _name_of_datum(key, both)
    if state == "available":
        return Words(f"政府已掌握“{name.zh}”", f"the government has “{name.en}”")
    return Words(f"政府查不到“{name.zh}”", f"the government has no “{name.en}”")


def _name_of_datum(key: str, both: tuple[Tables, Tables]) -> Words:
    kind, _, target = key.partition(":")
    dataset, _, field = key.partition(".")
    for tables in both:
        catalogue = tables.catalogue
        if kind == "licence" and target in catalogue.licence_types:
            return catalogue.licence_types[target]
        if dataset in catalogue.datasets and field in catalogue.datasets[dataset].fields:
            return catalogue.datasets[dataset].fields[field]
    return Words(key, key)


def told(component: Component, both: tuple[Tables, Tables], burdens: tuple[Burden, Burden]) -> Words:
    """Return which component changes from what to what, and which papers are new."""
    old, new = (one[component] for one in burdens)
    what = component.words
    change = _amounts(component, old, new) if not component.is_good else _goods(component, old, new, both)
    papers = _asked_between(component, both, burdens)
    return Words(f"{what.zh}{change.zh}{papers.zh}", f"{what.en.lower()} {change.en}{papers.en}")


def in_need(who: Words, need: Words) -> Words:
    """Return a person in a need, as a sentence begins."""
    return Words(f"{who.zh}办理“{need.zh}”时", f"For {who.en}, “{need.en}”")


def _amounts(component: Component, old: Value, new: Value) -> Words:
    unit = component.unit
    before, after = old if isinstance(old, int) else 0, new if isinstance(new, int) else 0
    if component is Component.FEE:
        return Words(
            f"从 {before / 100:.2f} 元变为 {after / 100:.2f} 元", f"from {before / 100:.2f} to {after / 100:.2f} yuan"
        )
    return Words(f"从 {before}{unit.zh}变为 {after}{unit.zh}", f"from {before} to {after}{unit.en}")


def _goods(component: Component, old: Value, new: Value, both: tuple[Tables, Tables]) -> Words:
    before, after = (set(one) if isinstance(one, tuple) else set[str]() for one in (old, new))
    lost, won = sorted(before - after), sorted(after - before)
    parts = []
    if lost:
        parts.append(Words(f"失去{_named(lost, both).zh}", f"loses {_named(lost, both).en}"))
    if won:
        parts.append(Words(f"增加{_named(won, both).zh}", f"gains {_named(won, both).en}"))
    return Words("：" + "，".join(one.zh for one in parts), "— " + ", ".join(one.en for one in parts))


def _named(goods: list[str], both: tuple[Tables, Tables]) -> Words:
    names = [_good(one, both) for one in goods]
    return Words("、".join(one.zh for one in names), ", ".join(one.en for one in names))


def _good(good: str, both: tuple[Tables, Tables]) -> Words:
    item, _, rest = good.partition(":")
    kind, _, value = rest.partition(":")
    for tables in both:
        for entry in tables.entries:
            if entry.item.key == item:
                name = entry.item.name
                return Words(
                    f"“{name.zh}”{_KINDS[kind].zh}{_good_name(value).zh}",
                    f"“{name.en}”{_KINDS[kind].en}{_good_name(value).en}",
                )
    return _good_name(good)


_KINDS = {
    "": Words("", ""),
    "audience": Words("的服务对象：", " for "),
    "scope": Words("的通办范围：", " within the "),
    "licence": Words("的证照：", ", licence "),
}
_GOOD_NAMES = {
    "": Words("", ""),
    "natural": Words("自然人", "natural persons"),
    "legal": Words("法人", "legal persons"),
    "nation": Words("全国", "nation"),
    "province": Words("全省", "province"),
    "city": Words("全市", "city"),
    "county": Words("全县", "county"),
    "township": Words("乡镇", "township"),
    "online_payment": Words("网上缴费", "payment online"),
    "one_window": Words("综合窗口受理", "acceptance at the integrated window"),
    "standardised": Words("事先承诺", "the promise before applying"),
    "electronic": Words("电子送达", "electronic delivery"),
    "post": Words("邮寄", "post"),
    "window": Words("综合窗口", "the integrated window"),
    "kiosk": Words("自助终端", "the kiosk"),
    "web": Words("网上", "the web"),
    "mobile": Words("手机", "the mobile phone"),
    "police_station": Words("派出所", "the police station"),
    "tax_hall": Words("办税服务厅", "the tax hall"),
    "hospital": Words("医院", "the hospital"),
    "notary": Words("公证处", "the notary office"),
    "vehicle_station": Words("车辆管理所", "the vehicle station"),
    "bank": Words("银行", "the bank"),
    "video": Words("视频", "video"),
    "home": Words("上门", "a visit at home"),
    "site": Words("现场", "the site"),
}


def _good_name(good: str) -> Words:
    return _GOOD_NAMES.get(good, Words(good, good))


def _asked_between(component: Component, both: tuple[Tables, Tables], burdens: tuple[Burden, Burden]) -> Words:
    """Return what one revision asks for and the other does not, by what it proves."""
    of = Component.PAPERS if component in _OF_PAPERS else component
    old, new = (one.asked.get(of, {}) for one in burdens)
    known = burdens[0].asked.get(Component.PAPERS, {})
    said = [
        _added(component, _paper(both[1], key), proves in known) for proves, key in new.items() if proves not in old
    ]
    gone = [_paper(both[0], key) for proves, key in old.items() if proves not in new]
    if component not in _STRICTER:
        said += [Words(f"不再提交“{one.zh}”", f"“{one.en}” no longer") for one in gone]
    return Words("".join(f"；{one.zh}" for one in said), "".join(f"; {one.en}" for one in said))


def _added(component: Component, paper: Words, known: bool) -> Words:
    if known and component in _STRICTER:
        return Words(*(text.format(name) for text, name in zip(_STRICTER[component], paper, strict=True)))
    if component is Component.DEMANDS:
        return Words(f"须提供或说明“{paper.zh}”", f"“{paper.en}” is asked for")
    return Words(f"须提交“{paper.zh}”", f"“{paper.en}” is asked for")


def _paper(tables: Tables, key: str) -> Words:
    return next(one.requirement.name for one in tables.asked if one.requirement.key == key)
