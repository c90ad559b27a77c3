"""Says a condition, or why it holds, in a sentence a citizen understands."""

from collections.abc import Callable, Mapping
from typing import cast

from yici.rules.conditions.checked import Condition
from yici.rules.conditions.evaluation import Answers, value_of
from yici.rules.conditions.phrases import Namer, kind_of, spaced, strongest
from yici.rules.conditions.simplification import undecided_facts
from yici.rules.conditions.tree import (
    Among,
    And,
    Choose,
    Compare,
    Comparison,
    Constant,
    FactRef,
    Kind,
    Not,
    Or,
    Tree,
    facts_in,
)
from yici.rules.words import Words

Names = Mapping[str, Words]
ValueNames = Mapping[tuple[str, str], Words]


def explain(condition: Condition, names: Names, value_names: ValueNames | None = None) -> Words:
    """Return the condition as a clause in both languages, without a full stop.

    ``names`` are the names of facts; ``value_names`` those of their values, by fact and value. A yes-no fact may have
    whole phrases under ``(key, "true")`` and ``(key, "false")``. What has no name is shown by its key.

    >>> from yici.rules.conditions.facts import Fact
    >>> from yici.rules.conditions.checked import condition
    >>> later = condition("child_order > 1", {"child_order": Fact("child_order", "int")})
    >>> explain(later, {"child_order": Words("生育次序", "birth order")})
    Words(zh='生育次序大于 1', en='birth order is more than 1')
    """
    return spaced(_Speaker(names, value_names or {}).clause(condition.tree, True, None))


def why(condition: Condition, answers: Answers, names: Names, value_names: ValueNames | None = None) -> Words:
    """Return the part that decided the condition, as it turned out; while undecided, what is still to be asked."""
    speaker, reason = _Speaker(names, value_names or {}), reason_for(condition, answers)
    if reason is not None:
        return spaced(speaker.clause(reason, True, None))
    missing = speaker.facts(undecided_facts(condition, answers))
    return spaced(Words(f"还要知道：{missing.zh}", f"still to be known: {missing.en}"))


def reason_for(condition: Condition, answers: Answers) -> Tree | None:
    """Return the smallest part that decided the condition, negated where it failed; None while undecided."""
    value: bool | None = value_of(condition.tree, answers)
    return None if value is None else _reason(condition.tree, value, answers)


def _reason(tree: Tree, value: bool, answers: Answers) -> Tree:
    if isinstance(tree, Not):
        return _reason(tree.inner, not value, answers)
    if isinstance(tree, And | Or):
        return _reason_of_parts(tree, value, answers)
    test: bool | None = value_of(tree.test, answers) if isinstance(tree, Choose) else None
    if isinstance(tree, Choose) and test is not None:
        branch = _reason(tree.yes if test else tree.no, value, answers)
        return And((_reason(tree.test, test, answers), branch))
    return tree if value else Not(tree)


def _reason_of_parts(tree: And | Or, value: bool, answers: Answers) -> Tree:
    agreeing = [_reason(part, value, answers) for part in tree.parts if value_of(part, answers) is value]
    if value is isinstance(tree, Or):  # one part was enough: say the shortest
        return min(agreeing, key=lambda part: len(facts_in(part)))
    return And(tuple(agreeing))


_MORE: dict[Comparison, Words] = {
    "==": Words("等于{}", "is {}"),
    "!=": Words("不等于{}", "is not {}"),
    "<": Words("小于{}", "is less than {}"),
    "<=": Words("不大于{}", "is at most {}"),
    ">": Words("大于{}", "is more than {}"),
    ">=": Words("不小于{}", "is at least {}"),
}
_LATER: dict[Comparison, Words] = {
    "==": Words("是{}", "is {}"),
    "!=": Words("不是{}", "is not {}"),
    "<": Words("早于{}", "is before {}"),
    "<=": Words("不晚于{}", "is not after {}"),
    ">": Words("晚于{}", "is after {}"),
    ">=": Words("不早于{}", "is not before {}"),
}
_SAME: dict[Comparison, Words] = {"==": Words("为{}", "is {}"), "!=": Words("不是{}", "is not {}")}
_ALIKE: dict[Comparison, Words] = {
    "==": Words("与{}相同", "is the same as {}"),
    "!=": Words("与{}不同", "differs from {}"),
}
_SENTENCES: dict[Kind, dict[Comparison, Words]] = {"int": _MORE, "fen": _MORE, "date": _LATER, "enum": _SAME}
_OPPOSITE: dict[Comparison, Comparison] = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_MIRROR: dict[Comparison, Comparison] = {"==": "==", "!=": "!=", "<": ">", ">": "<", "<=": ">=", ">=": "<="}


def _bracketed(words: Words) -> Words:
    return Words(f"（{words.zh}）", f"({words.en})")


class _Speaker(Namer):
    """Says clauses, in brackets where they would be misread within an *and* or *or* of the other kind."""

    def clause(self, tree: Tree, holds: bool, within: type[Tree] | None) -> Words:
        if isinstance(tree, Not):
            return self.clause(tree.inner, not holds, within)
        return _CLAUSES[type(tree)](self, tree, holds, within)

    def certainty(self, tree: Constant, holds: bool, within: type[Tree] | None) -> Words:
        if tree.value is holds:
            return Words("任何情形", "in every case")
        return Words("没有任何情形", "in no case")

    def yes_or_no(self, tree: FactRef, holds: bool, within: type[Tree] | None) -> Words:
        phrase = self.value_of_fact(tree.key, "true" if holds else "false")
        name = self.fact(tree.key)
        yes = Words("是", "yes") if holds else Words("否", "no")
        return phrase or Words(f"{name.zh}为“{yes.zh}”", f"{name.en} is {yes.en}")

    def joined(self, tree: And | Or, holds: bool, within: type[Tree] | None) -> Words:
        kind = And if isinstance(tree, And) is holds else Or  # not (a and b) = not a or not b
        parts = [self.clause(part, holds, kind) for part in tree.parts]
        zh, en = ("且", " and ") if kind is And else ("或", " or ")
        words = Words(zh.join(part.zh for part in parts), en.join(part.en for part in parts))
        return words if within in {None, kind} or len(parts) == 1 else _bracketed(words)

    def choice(self, tree: Choose, holds: bool, within: type[Tree] | None) -> Words:
        test = self.clause(tree.test, True, None)
        yes, no = self.clause(tree.yes, holds, None), self.clause(tree.no, holds, None)
        zh, en = f"如果{test.zh}，则{yes.zh}，否则{no.zh}", f"if {test.en} then {yes.en}, otherwise {no.en}"
        return Words(zh, en) if within is None else _bracketed(Words(zh, en))

    def comparison(self, tree: Compare, holds: bool, within: type[Tree] | None) -> Words:
        sign = tree.sign if holds else _OPPOSITE[tree.sign]
        left, right = tree.left, tree.right
        if isinstance(left, Constant) and not isinstance(right, Constant):
            left, right, sign = right, left, _MIRROR[sign]
        kind = strongest(kind_of(left), kind_of(right))
        if kind == "bool":
            return self.agreement(left, right, sign == "==", within)
        fact = _one_of(tree)
        subject, value = self.phrase(left, kind, fact), self.phrase(right, kind, fact)
        alike = kind == "enum" and not isinstance(right, Constant)
        sentence = _ALIKE[sign] if alike else _SENTENCES[kind][sign]
        return Words(subject.zh + sentence.zh.format(value.zh), f"{subject.en} {sentence.en.format(value.en)}")

    def agreement(self, left: Tree, right: Tree, same: bool, within: type[Tree] | None) -> Words:
        if isinstance(right, Constant):
            return self.clause(left, same is right.value, within)
        one, other = self.clause(left, True, None), self.clause(right, True, None)
        zh, en = ("要么都成立，要么都不成立", "both or neither hold") if same else ("恰有一项成立", "exactly one holds")
        words = Words(f"以下两项{zh}：{one.zh}；{other.zh}", f"{en} of: {one.en}; {other.en}")
        return words if within is None else _bracketed(words)

    def membership(self, tree: Among, holds: bool, within: type[Tree] | None) -> Words:
        kind, fact = kind_of(tree.left), _one_of(tree)
        if len(tree.options) == 1:
            return self.comparison(Compare("==", tree.left, tree.options[0]), holds, within)
        subject = self.phrase(tree.left, kind, fact)
        values = [self.phrase(option, kind, fact) for option in tree.options]
        zh, en = "、".join(value.zh for value in values), ", ".join(value.en for value in values)
        if holds:
            return Words(f"{subject.zh}是{zh}之一", f"{subject.en} is one of ({en})")
        return Words(f"{subject.zh}不是{zh}中的任何一项", f"{subject.en} is none of ({en})")


def _one_of(tree: Tree) -> str:
    keys = (piece.key for piece in tree.walk() if isinstance(piece, FactRef) and piece.kind == "enum")
    return next(keys, "")


_Clause = Callable[[_Speaker, Tree, bool, type[Tree] | None], Words]
_CLAUSES: dict[type[Tree], _Clause] = {
    Constant: cast(_Clause, _Speaker.certainty),
    FactRef: cast(_Clause, _Speaker.yes_or_no),
    And: cast(_Clause, _Speaker.joined),
    Or: cast(_Clause, _Speaker.joined),
    Choose: cast(_Clause, _Speaker.choice),
    Compare: cast(_Clause, _Speaker.comparison),
    Among: cast(_Clause, _Speaker.membership),
}
