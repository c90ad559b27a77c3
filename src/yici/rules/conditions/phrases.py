"""The names of values in a sentence: amounts in yuan, days as people write them, sums and choices."""

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import singledispatch, singledispatchmethod
from typing import cast

from yici.rules.conditions.tree import Arithmetic, Choose, Constant, FactRef, Kind, Tree
from yici.rules.words import Words

# Not strftime: its months follow the language of the machine.
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_SIGNS = {"+": "+", "-": "−", "*": "×"}


def day_in_words(day: date) -> Words:
    """Return a day as people write it.

    >>> day_in_words(date(2018, 1, 31))
    Words(zh='2018 年 1 月 31 日', en='31 January 2018')
    """
    return Words(f"{day.year} 年 {day.month} 月 {day.day} 日", f"{day.day} {_MONTHS[day.month - 1]} {day.year}")


def amount_in_words(fen: int) -> Words:
    """Return an amount of fen in yuan.

    >>> amount_in_words(-1234550).zh, amount_in_words(500000).en
    ('-12,345.50 元', '5,000 yuan')
    """
    yuan, rest = divmod(abs(fen), 100)
    text = f"{'-' if fen < 0 else ''}{yuan:,}" + (f".{rest:02}" if rest else "")
    return Words(f"{text} 元", f"{text} yuan")


def spaced(words: Words) -> Words:
    """Put one space between Chinese characters and digits or letters, none between two Chinese characters.

    >>> spaced(Words("大于1 且 已婚", "")).zh
    '大于 1 且已婚'
    """
    text = re.sub(r"(?<=[\u4e00-\u9fff]) *(?=[0-9A-Za-z−])", " ", words.zh)
    text = re.sub(r"(?<=[0-9A-Za-z]) *(?=[\u4e00-\u9fff])", " ", text)
    return Words(re.sub(r"(?<=[\u3000-\uffef]) +(?=[\u3000-\uffef])", "", text), words.en)


@singledispatch
def kind_of(tree: Tree) -> Kind:
    """Return the kind of a checked piece; whatever is not a value of its own is yes or no."""
    return "bool"


@kind_of.register
def _(tree: Constant) -> Kind:
    return tree.kind


@kind_of.register
def _(tree: FactRef) -> Kind:
    return tree.kind or "bool"


@kind_of.register
def _(tree: Arithmetic) -> Kind:
    kinds = kind_of(tree.left), kind_of(tree.right)
    return "int" if kinds == ("date", "date") else strongest(*kinds)


@kind_of.register
def _(tree: Choose) -> Kind:
    return strongest(kind_of(tree.yes), kind_of(tree.no))


def strongest(left: Kind, right: Kind) -> Kind:
    """Return what two pieces that go together are: a whole number beside an amount is an amount."""
    return left if left != "int" else right


@dataclass(frozen=True)
class Namer(ABC):
    """Names facts and values; what has no name is shown by its key."""

    names: Mapping[str, Words]
    value_names: Mapping[tuple[str, str], Words]

    def fact(self, key: str) -> Words:
        """Return the name of a fact."""
        return self.names.get(key) or Words(key, key)

    def facts(self, keys: frozenset[str]) -> Words:
        """Return the names of several facts, in the order of their keys."""
        found = [self.fact(key) for key in sorted(keys)]
        return Words("、".join(name.zh for name in found), ", ".join(name.en for name in found))

    def value_of_fact(self, key: str, value: str) -> Words | None:
        """Return the name of a value of one fact, if it has one."""
        return self.value_names.get((key, value))

    @singledispatchmethod
    def phrase(self, tree: Tree, kind: Kind, fact: str) -> Words:
        """Return the words of a value; ``kind`` and ``fact`` say what it is compared with."""
        raise TypeError(tree)

    @phrase.register
    def _(self, tree: Constant, kind: Kind, fact: str) -> Words:
        if isinstance(tree.value, date):
            return day_in_words(tree.value)
        if kind == "fen":
            return amount_in_words(cast(int, tree.value))
        text = str(tree.value)
        return self.value_of_fact(fact, text) or Words(text, text)

    @phrase.register
    def _(self, tree: FactRef, kind: Kind, fact: str) -> Words:
        return self.fact(tree.key)

    @phrase.register
    def _(self, tree: Arithmetic, kind: Kind, fact: str) -> Words:
        if "date" in {kind_of(tree.left), kind_of(tree.right)}:
            return self._days(tree)
        inner = "int" if tree.sign == "*" else kind
        left, right = (self._bracketed(side, inner, tree) for side in (tree.left, tree.right))
        sign = _SIGNS[tree.sign]
        return Words(f"{left.zh} {sign} {right.zh}", f"{left.en} {sign} {right.en}")

    def _bracketed(self, side: Tree, kind: Kind, around: Arithmetic) -> Words:
        words = self.phrase(side, kind, "")
        loose = isinstance(side, Arithmetic) and (around.sign == "*" or (side is around.right and side.sign != "*"))
        return Words(f"（{words.zh}）", f"({words.en})") if loose else words

    def _days(self, tree: Arithmetic) -> Words:
        left, right = self.phrase(tree.left, "int", ""), self.phrase(tree.right, "int", "")
        if kind_of(tree) == "int":
            return Words(f"从{right.zh}到{left.zh}的天数", f"the days from {right.en} to {left.en}")
        if kind_of(tree.left) != "date":
            left, right = right, left
        after = Words("后", "after") if tree.sign == "+" else Words("前", "before")
        return Words(f"{left.zh}{after.zh}{right.zh}天", f"{right.en} days {after.en} {left.en}")

    @phrase.register
    def _(self, tree: Choose, kind: Kind, fact: str) -> Words:
        test = self.clause(tree.test, True, None)
        yes, no = self.phrase(tree.yes, kind, fact), self.phrase(tree.no, kind, fact)
        return Words(f"（{test.zh}时取{yes.zh}，否则取{no.zh}）", f"({yes.en} if {test.en}, otherwise {no.en})")

    @abstractmethod
    def clause(self, tree: Tree, holds: bool, within: type[Tree] | None) -> Words:
        """Return the clause of a yes-no piece, or of its opposite."""
