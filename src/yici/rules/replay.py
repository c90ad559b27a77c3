"""Replays past situations under a changed catalogue: visits, papers and days before and after, who wins, who loses.

A situation is what decides a plan: the answers and what the government held. Identical situations have the same plan
(the planner is a function), so each is planned once and weighed by its cases: a fold, then thousands of plans, whatever
the number of cases. Facts that a past case did not keep give a range and not a guess passed off as knowledge.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

from yici.rules.conditions import Answer, CannotAnswer, Fact
from yici.rules.conditions.facts import check_answer
from yici.rules.items import Assurance
from yici.rules.planner import CompiledEvent, Holdings
from yici.rules.plans import Availability, Mode

COMPONENTS = ("visits", "papers", "days")
MOST_NAMED = 20
_BEST = {"*": Availability.AVAILABLE, "assurance": Assurance.SIGNED}
_WORST = {"*": Availability.MISSING, "assurance": Assurance.NONE}


class Burden(NamedTuple):
    """What a situation costs a person. ``days``: promised working days on the critical path.

    ``days`` are those that the known answers decide, ``days_at_most`` hold whatever the others are. ``visits`` counts
    what the known facts decide, with data nobody looked at then taken as usual in the place; whatever the unknown
    facts are, it lies between ``visits_at_least`` and ``visits_at_most``.
    """

    visits: int
    papers: int
    days: int
    visits_at_least: int
    visits_at_most: int
    one_window: int  # 1: an item is not standardised, so no number is promised
    days_at_most: int

    @property
    def is_certain(self) -> bool:
        """Whether the unknown facts, if any, cannot change the visits."""
        return self.visits_at_least == self.visits_at_most


class Compared(NamedTuple):
    """One situation under the catalogue as it is, and under the changed one."""

    before: Burden
    after: Burden

    def worse(self) -> tuple[str, ...]:
        """Return the components in which the person is worse off."""
        return tuple(name for name in COMPONENTS if getattr(self.after, name) > getattr(self.before, name))

    def better(self) -> tuple[str, ...]:
        """Return the components in which the person is better off."""
        found = [name for name in COMPONENTS if getattr(self.after, name) < getattr(self.before, name)]
        # A step that a new question decides is not there before it is answered; that makes nobody's days fewer.
        return tuple(name for name in found if name != "days" or self.after.days_at_most < self.before.days_at_most)


def burden_of(event: CompiledEvent, answers: Mapping[str, object], held: Holdings, usual: Holdings) -> Burden:
    """Return the burden of a past situation. ``held``: what was looked at then; ``usual``: what to take the rest as.

    Bounds rest on two laws of the planner: more holdings never add a visit, more answers never change what is decided.
    """
    known = _known(answers, event.facts)
    decided = event.decide(known, {**usual, **held})
    best, worst = event.decide(known, {**_BEST, **held}), event.decide(known, {**_WORST, **held})
    one_window = int(decided.mode is Mode.ONE_WINDOW)
    return Burden(
        visits=decided.visits,
        papers=decided.papers,
        days=decided.days,
        visits_at_least=best.visits,
        visits_at_most=max(worst.visits_at_most, decided.visits),
        one_window=one_window,
        days_at_most=decided.days_at_most,
    )


def _known(answers: Mapping[str, object], facts: Mapping[str, Fact]) -> dict[str, Answer]:
    """Return the answers that the questions still allow; a choice that is gone now counts as not known."""
    known = {}
    for key, value in answers.items():
        if key in facts and value is not None:
            try:
                known[key] = check_answer(facts[key], value)
            except CannotAnswer:
                continue
    return known


@dataclass(slots=True)
class Sum:
    """Burdens of many cases added up."""

    cases: int = 0
    visits: int = 0
    papers: int = 0
    days: int = 0
    visits_at_least: int = 0
    visits_at_most: int = 0
    one_window: int = 0
    days_at_most: int = 0
    zero_visits: int = 0

    def add(self, burden: Burden, cases: int) -> None:
        """Add a burden that so many cases have."""
        self.cases += cases
        self.zero_visits += cases * (burden.visits == 0)
        self.visits += cases * burden.visits
        self.papers += cases * burden.papers
        self.days += cases * burden.days
        self.visits_at_least += cases * burden.visits_at_least
        self.visits_at_most += cases * burden.visits_at_most
        self.one_window += cases * burden.one_window
        self.days_at_most += cases * burden.days_at_most

    def document(self) -> dict[str, int]:
        """Return the figures by name; all are totals, ``zero_visits`` and ``one_window`` count cases."""
        names = (*COMPONENTS, "visits_at_least", "visits_at_most", "days_at_most", "zero_visits", "one_window")
        return {name: getattr(self, name) for name in names}


@dataclass(slots=True)
class Pair:
    """Before, after, and how many cases are better or worse off in some component; one may be both."""

    before: Sum = field(default_factory=Sum)
    after: Sum = field(default_factory=Sum)
    better: int = 0
    worse: int = 0

    def add(self, compared: Compared, cases: int) -> None:
        """Add a comparison that holds for so many cases."""
        self.before.add(compared.before, cases)
        self.after.add(compared.after, cases)
        self.better += cases * bool(compared.better())
        self.worse += cases * bool(compared.worse())

    def document(self) -> dict[str, object]:
        """Return the figures by name."""
        return {
            "cases": self.before.cases,
            "before": self.before.document(),
            "after": self.after.document(),
            "better": self.better,
            "worse": self.worse,
        }


class Situation(NamedTuple):
    """What decides a plan, as a value: event, answers and holdings as canonical texts.

    ``choices``: the answers, question and word, to questions that are answered by a choice; they make the groups.
    """

    event: str
    answers: str
    holdings: str
    choices: tuple[tuple[str, str], ...] = ()


class Tally:
    """Counts cases by what changes for them; adding is a look into two tables, however many cases there are."""

    def __init__(self) -> None:
        self._in_regions = Counter[tuple[str, Compared]]()
        self._situations = Counter[tuple[Situation, Compared]]()

    def add(self, situation: Situation, region: str, compared: Compared, cases: int) -> None:
        """Add so many cases of one situation in one region."""
        self._in_regions[region, compared] += cases
        self._situations[situation, compared] += cases

    def total(self) -> Pair:
        """Return the figures of all cases."""
        return _added((None, compared, cases) for (_, compared), cases in self._in_regions.items()).get(None, Pair())

    def regions(self) -> list[dict[str, object]]:
        """Return the figures of every region in the order of their codes."""
        pairs = _added((region, compared, cases) for (region, compared), cases in self._in_regions.items())
        return [{"region": code, **pairs[code].document()} for code in sorted(pairs)]

    def groups(self) -> list[dict[str, object]]:
        """Return the figures of everybody who gave the same answer to a question."""
        pairs = _added(
            ((situation.event, key, value), compared, cases)
            for (situation, compared), cases in self._situations.items()
            for key, value in situation.choices
        )
        return [
            {"event": event, "question": key, "answer": value, **pairs[event, key, value].document()}
            for event, key, value in sorted(pairs)
        ]

    def named(self, *, worse: bool) -> list[tuple[Situation, Compared, int]]:
        """Return the situations of losers (or winners), those of most cases first."""
        found = [
            (situation, compared, cases)
            for (situation, compared), cases in self._situations.items()
            if (compared.worse() if worse else compared.better())
        ]
        return sorted(found, key=lambda one: (-one[2], one[0]))[:MOST_NAMED]


Group = TypeVar("Group", bound=Hashable)


def _added(rows: Iterable[tuple[Group, Compared, int]]) -> dict[Group, Pair]:
    pairs: dict[Group, Pair] = {}
    for group, compared, cases in rows:
        pairs.setdefault(group, Pair()).add(compared, cases)
    return pairs


def choices_of(answers: Mapping[str, object], facts: Mapping[str, Fact]) -> tuple[tuple[str, str], ...]:
    """Return the answers to questions that are answered by a choice, as question and word.

    >>> choices_of({"married": True, "age": 3}, {"married": Fact("married", "bool"), "age": Fact("age", "int")})
    (('married', 'true'),)
    """
    known = ((key, value) for key, value in answers.items() if key in facts and facts[key].kind in {"bool", "enum"})
    return tuple(sorted((key, str(value).lower() if isinstance(value, bool) else str(value)) for key, value in known))


def change_words(compared: Compared, names: Iterable[str]) -> dict[str, list[int]]:
    """Return before and after of the components named.

    >>> one, two = Burden(0, 1, 3, 0, 0, 0, 3), Burden(1, 1, 3, 1, 1, 0, 3)
    >>> change_words(Compared(one, two), ["visits"])
    {'visits': [0, 1]}
    """
    return {name: [getattr(compared.before, name), getattr(compared.after, name)] for name in names}
