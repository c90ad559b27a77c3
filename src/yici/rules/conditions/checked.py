"""A checked condition: when something applies to a person."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from yici.rules.conditions.checking import check
from yici.rules.conditions.facts import Fact
from yici.rules.conditions.parsing import parse
from yici.rules.conditions.tree import TRUE, Tree, facts_in
from yici.rules.conditions.writing import text_of


@dataclass(frozen=True, slots=True)
class Condition:
    """The text as written, its typed tree and the keys of the facts it reads. Equal texts of equal types are equal."""

    text: str
    tree: Tree = field(repr=False)
    facts: frozenset[str] = field(compare=False, repr=False)

    def __hash__(self) -> int:
        """Hash the text alone: Python remembers it, and conditions are keys of many caches."""
        return hash(self.text)


def condition(text: str, facts: Mapping[str, Fact]) -> Condition:
    """Return the condition a text stands for; CannotParse and CannotTypeCheck say where it is wrong and what to do.

    >>> later_child = condition("child_order > 1", {"child_order": Fact("child_order", "int")})
    >>> sorted(later_child.facts)
    ['child_order']
    """
    tree = check(parse(text), facts)
    return Condition(text, tree, facts_in(tree))


def condition_of(tree: Tree) -> Condition:
    """Return the condition of a tree that is checked already, with its text written out.

    >>> condition_of(TRUE).text
    'true'
    """
    return Condition(text_of(tree), tree, facts_in(tree))


ALWAYS = condition_of(TRUE)
