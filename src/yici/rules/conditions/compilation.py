"""Turns conditions into one Python function, for plans that are asked for millions of times."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import singledispatchmethod
from typing import Any, cast

from yici.rules.conditions.checked import Condition
from yici.rules.conditions.evaluation import Answers, plain
from yici.rules.conditions.tree import Among, And, Arithmetic, Choose, Compare, Constant, FactRef, Kind, Not, Or, Tree

Decide = Callable[[Answers], tuple[bool | None, ...]]
DecideOne = Callable[[Answers], bool | None]


def compile_all(conditions: Sequence[Condition]) -> Decide:
    """Return a function that decides all conditions at once, in their order; it agrees with ``evaluate``.

    It reads each fact once, decides pieces that conditions share once, and takes a quicker way when no fact is
    unknown. The answers must come from ``check_answers``.

    >>> from yici.rules.conditions.facts import Fact
    >>> from yici.rules.conditions.checked import condition
    >>> facts = {"age": Fact("age", "int")}
    >>> compile_all([condition("age > 17", facts), condition("age > 59", facts)])({"age": 34})
    (True, False)
    """
    trees = [condition.tree for condition in conditions]
    return cast(Decide, _function(trees, lambda results: f"({''.join(f'{result}, ' for result in results)})"))


def compile_one(condition: Condition) -> DecideOne:
    """Return a function that decides one condition.

    >>> from yici.rules.conditions.checked import ALWAYS
    >>> compile_one(ALWAYS)({})
    True
    """
    return cast(DecideOne, _function([condition.tree], lambda results: results[0]))


def _function(trees: Sequence[Tree], answer: Callable[[list[str]], str]) -> Callable[[Answers], Any]:
    facts = _facts(trees)
    names = {key: f"fact_{place}" for place, key in enumerate(facts)}
    lines = ["def decide(answers):", " get = answers.get", *_reading(facts, names)]
    if facts:
        lines.append(f" if {' or '.join(f'{name} is None' for name in names.values())}:")
        lines += _body(_Unsure(names), trees, answer, "  ")
    lines += _body(_Sure(names), trees, answer, " ")
    place: dict[str, Any] = {"__builtins__": {}, "chosen": _chosen}
    # Nothing of the editor's text is executed: names are made here, values stand as their own repr.
    exec(compile("\n".join(lines), "<conditions>", "exec"), place)  # nosec B102
    return cast(Callable[[Answers], Any], place["decide"])


def _facts(trees: Iterable[Tree]) -> dict[str, Kind | None]:
    return {piece.key: piece.kind for tree in trees for piece in tree.walk() if isinstance(piece, FactRef)}


def _reading(facts: dict[str, Kind | None], names: dict[str, str]) -> list[str]:
    lines = []
    for key, kind in facts.items():
        lines.append(f" {names[key]} = get({key!r})")
        if kind == "date":
            lines.append(f" if {names[key]} is not None: {names[key]} = {names[key]}.toordinal()")
    return lines


def _body(writer: "_Writer", trees: Sequence[Tree], answer: Callable[[list[str]], str], indent: str) -> list[str]:
    for tree in _named_first(trees):
        text = writer.write(tree)
        writer.named[tree] = f"part_{len(writer.named)}"
        writer.lines.append(f"{writer.named[tree]} = {text}")
    results = [writer.write(tree) for tree in trees]
    return [indent + line for line in [*writer.lines, f"return {answer(results)}"]]


# Python's own reader gives up on brackets nested 200 deep; a piece this deep gets a name of its own.
_DEEP = 8


def _named_first(trees: Iterable[Tree]) -> list[Tree]:
    """Return the pieces worth a name, inner ones first: those that occur more than once, and deep ones."""
    seen: Counter[Tree] = Counter()
    ordered: list[Tree] = []

    def visit(tree: Tree) -> None:
        if isinstance(tree, Constant | FactRef):
            return
        seen[tree] += 1
        if seen[tree] == 1:
            for child in tree.children():
                visit(child)
            ordered.append(tree)

    for tree in trees:
        visit(tree)
    return [tree for tree in ordered if seen[tree] > 1 or tree.depth % _DEEP == 0]


def _chosen(test: bool | None, yes: object, no: object) -> object:
    if test is None:
        return yes if yes == no else None
    return yes if test else no


class _Writer:
    """Writes a tree as a Python expression; pieces with a name are written as their name."""

    def __init__(self, facts: dict[str, str]) -> None:
        self.facts = facts
        self.named: dict[Tree, str] = {}
        self.lines: list[str] = []

    def write(self, tree: Tree) -> str:
        return self.named.get(tree) or self.express(tree)

    def express(self, tree: Tree) -> str:
        if isinstance(tree, Constant):
            return repr(plain(tree.value))
        return self.facts[cast(FactRef, tree).key]

    def sides(self, tree: Compare | Arithmetic) -> str:
        return f"({self.write(tree.left)} {tree.sign} {self.write(tree.right)})"


def _options(tree: Among) -> str:
    return f"{{{', '.join(repr(plain(option.value)) for option in tree.options)}}}"


def _unless_unknown(doubtful: list[str], value: str) -> str:
    unknown = " or ".join(f"{text} is None" for text in doubtful)
    return f"(None if {unknown} else {value})" if unknown else f"({value})"


class _Sure(_Writer):
    """Every fact is known: Python's own *and*, *or* and *not* do."""

    @singledispatchmethod
    def express(self, tree: Tree) -> str:
        return super().express(tree)

    @express.register
    def _(self, tree: Not) -> str:
        return f"(not {self.write(tree.inner)})"

    @express.register
    def _(self, tree: And) -> str:
        return f"({' and '.join(map(self.write, tree.parts))})"

    @express.register
    def _(self, tree: Or) -> str:
        return f"({' or '.join(map(self.write, tree.parts))})"

    @express.register(Compare)
    @express.register(Arithmetic)
    def _(self, tree: Compare | Arithmetic) -> str:
        return self.sides(tree)

    @express.register
    def _(self, tree: Among) -> str:
        return f"({self.write(tree.left)} in {_options(tree)})"

    @express.register
    def _(self, tree: Choose) -> str:
        return f"({self.write(tree.yes)} if {self.write(tree.test)} else {self.write(tree.no)})"


class _Unsure(_Writer):
    """Some fact is unknown: every expression gives None as long as it is undecided."""

    def __init__(self, facts: dict[str, str]) -> None:
        super().__init__(facts)
        self.held = 0

    def hold(self, tree: Tree) -> tuple[str, str]:
        """Return an expression that computes the piece into a variable, and the variable."""
        text = self.write(tree)
        if text.isidentifier() or isinstance(tree, Constant):
            return text, text
        self.held += 1
        return f"(held_{self.held} := {text})", f"held_{self.held}"

    @singledispatchmethod
    def express(self, tree: Tree) -> str:
        return super().express(tree)

    @express.register
    def _(self, tree: Not) -> str:
        text, name = self.hold(tree.inner)
        return f"(None if {text} is None else not {name})"

    @express.register
    def _(self, tree: And) -> str:
        return self.settled(tree.parts, "False", "True")

    @express.register
    def _(self, tree: Or) -> str:
        return self.settled(tree.parts, "True", "False")

    def settled(self, parts: tuple[Tree, ...], decisive: str, otherwise: str) -> str:
        held = [self.hold(part) for part in parts]
        decided = " or ".join(f"{text} is {decisive}" for text, _ in held)
        open_ = " or ".join(f"{name} is None" for _, name in held)
        return f"({decisive} if {decided} else None if {open_} else {otherwise})"

    @express.register(Compare)
    @express.register(Arithmetic)
    def _(self, tree: Compare | Arithmetic) -> str:
        (left, left_name), (right, right_name) = self.hold(tree.left), self.hold(tree.right)
        doubtful = [text for text, side in ((left, tree.left), (right, tree.right)) if not isinstance(side, Constant)]
        return _unless_unknown(doubtful, f"{left_name} {tree.sign} {right_name}")

    @express.register
    def _(self, tree: Among) -> str:
        text, name = self.hold(tree.left)
        doubtful = [] if isinstance(tree.left, Constant) else [text]
        return _unless_unknown(doubtful, f"{name} in {_options(tree)}")

    @express.register
    def _(self, tree: Choose) -> str:
        return f"chosen({', '.join(map(self.write, tree.children()))})"
