"""A condition as a tree: small frozen pieces that can be evaluated, explained and proved."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from yici.rules.conditions.spans import NOWHERE, Span

Kind = Literal["bool", "int", "enum", "fen", "date"]
Comparison = Literal["==", "!=", "<", "<=", ">", ">="]
Sign = Literal["+", "-", "*"]


@dataclass(frozen=True, slots=True)
class Tree:
    """Any piece of a condition. Equal pieces are equal wherever they stand in the text."""

    span: Span = field(default=NOWHERE, kw_only=True, compare=False, repr=False)
    depth: int = field(default=1, init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Note how deeply pieces are nested, so that a limit costs nothing to check."""
        object.__setattr__(self, "depth", 1 + max((child.depth for child in self.children()), default=0))

    def children(self) -> "tuple[Tree, ...]":
        """Return the pieces directly inside."""
        return ()

    def walk(self) -> "Iterator[Tree]":
        """Yield this piece and everything inside, outermost first, left to right."""
        yield self
        for child in self.children():
            yield from child.walk()


@dataclass(frozen=True, slots=True)
class Constant(Tree):
    """A value written in the condition; ``kind`` keeps ``true`` apart from ``1``."""

    value: bool | int | str | date
    kind: Kind


@dataclass(frozen=True, slots=True)
class FactRef(Tree):
    """The answer to one question; ``kind`` is known once the condition is checked."""

    key: str
    kind: Kind | None = None


@dataclass(frozen=True, slots=True)
class Not(Tree):
    """The opposite."""

    inner: Tree

    def children(self) -> tuple[Tree, ...]:  # noqa: D102 - see Tree
        return (self.inner,)


@dataclass(frozen=True, slots=True)
class And(Tree):
    """All parts hold."""

    parts: tuple[Tree, ...]

    def children(self) -> tuple[Tree, ...]:  # noqa: D102 - see Tree
        return self.parts


@dataclass(frozen=True, slots=True)
class Or(Tree):
    """At least one part holds."""

    parts: tuple[Tree, ...]

    def children(self) -> tuple[Tree, ...]:  # noqa: D102 - see Tree
        return self.parts


@dataclass(frozen=True, slots=True)
class Compare(Tree):
    """Two values side by side."""

    sign: Comparison
    left: Tree
    right: Tree

    def children(self) -> tuple[Tree, ...]:  # noqa: D102 - see Tree
        return (self.left, self.right)


@dataclass(frozen=True, slots=True)
class Among(Tree):
    """A value that is one of a list of constants."""

    left: Tree
    options: tuple[Constant, ...]

    def children(self) -> tuple[Tree, ...]:  # noqa: D102 - see Tree
        return (self.left, *self.options)


@dataclass(frozen=True, slots=True)
class Arithmetic(Tree):
    """A sum, a difference (also of days) or a product with a constant."""

    sign: Sign
    left: Tree
    right: Tree

    def children(self) -> tuple[Tree, ...]:  # noqa: D102 - see Tree
        return (self.left, self.right)


@dataclass(frozen=True, slots=True)
class Choose(Tree):
    """One of two values, depending on a test."""

    test: Tree
    yes: Tree
    no: Tree

    def children(self) -> tuple[Tree, ...]:  # noqa: D102 - see Tree
        return (self.test, self.yes, self.no)


TRUE = Constant(True, "bool")
FALSE = Constant(False, "bool")


def facts_in(tree: Tree) -> frozenset[str]:
    """Return the keys of all facts a tree reads."""
    return frozenset(piece.key for piece in tree.walk() if isinstance(piece, FactRef))
