"""A life event made ready: checked once, then planned for any person and place in well under a millisecond."""

from collections.abc import Mapping
from typing import NamedTuple

from yici.rules.conditions import Answer, Answers, Fact, check_answers
from yici.rules.items import Assurance, Catalogue, LifeEvent
from yici.rules.planner.deciding import Situation, decide
from yici.rules.planner.explanation import Asker, explain
from yici.rules.planner.holdings import USABLE, Holdings, read_holdings
from yici.rules.planner.layout import tables_of
from yici.rules.planner.questions import questions_left
from yici.rules.planner.rows import Rows
from yici.rules.planner.sentences import HERE
from yici.rules.planner.tables import Tables
from yici.rules.plans import Availability, Decision, Plan
from yici.rules.words import Words

SituationKey = tuple[object, ...]


class _Read(NamedTuple):
    """What a person brings to the plan, read and checked."""

    answers: dict[str, Answer]
    applying: int
    unknown: int
    statuses: tuple[Availability, ...]
    account: Assurance


class CompiledEvent:
    """A life event with its items, checked and laid out in tables. Made by ``compile_event``.

    ``requirements``: pairs of item and requirement in the order of ``Decision.ways``; ``wanted``: the holdings that
    plans of this event look at; ``facts``: the questions that may decide.
    """

    __slots__ = ("_first_key", "_read_keys", "_rows", "_tables", "facts", "requirements", "wanted")

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._rows = Rows(tables)
        self._first_key = len(tables.entries)
        self._read_keys = tuple((key, 1 << self._first_key + at) for at, key in enumerate(tables.wanted))
        self.facts: Mapping[str, Fact] = tables.facts
        self.wanted: tuple[str, ...] = tables.wanted
        self.requirements = tuple((tables.entries[one.item].item.key, one.requirement.key) for one in tables.asked)

    @property
    def event(self) -> LifeEvent:
        """Return the event this was made of."""
        return self._tables.event

    @property
    def tables(self) -> Tables:
        """Return the tables, for proofs and drawings."""
        return self._tables

    def decide(self, answers: Answers, holdings: Holdings) -> Decision:
        """Return the bare decision, quickly; the answers must come from ``check_answers(…, event.facts)``.

        Holdings that are not understood count as not there: use ``plan`` to have them checked.
        """
        states = self._tables.states
        applying, unknown = states.of(states.decide(answers))
        get, rest, usable = holdings.get, holdings.get("*"), 0
        for key, bit in self._read_keys:
            if get(key, rest) in USABLE:
                usable |= bit
        waived = self._tables.waived.get(get("assurance", Assurance.NONE), 0)
        return decide(self._tables, Situation(applying, unknown, usable, waived))[0]

    def plan(
        self,
        answers: Mapping[str, object],
        holdings: Holdings,
        region: str = "",
        *,
        place: Words = HERE,
        with_options: bool = True,
    ) -> Plan:
        """Return the explained plan. ``place`` is the region's name in sentences.

        Takes answers as JSON or a form deliver them; what is not answered is left out or None.
        Raises CannotAnswer and CannotPlan for answers and holdings that cannot be read.
        """
        read = self._read(answers, holdings)
        waived = self._tables.waived[read.account]
        decided = decide(self._tables, Situation(read.applying, read.unknown, self._usable(read.statuses), waived))
        asker = Asker(read.statuses, read.account, region, place)
        unknown = read.unknown & ~waived
        questions = self._questions(read.answers, unknown) if unknown else ()
        return explain(self._rows, decided, asker, questions, with_options)

    def situation_key(self, answers: Mapping[str, object], holdings: Holdings) -> SituationKey:
        """Return what matters of a situation: two persons with equal keys have equal plans in a region.

        The applying and undecided parts, the state of the data that some possible requirement looks at, the presences
        the account makes unnecessary, and, as long as something is undecided, the answers that bear on it.
        """
        read = self._read(answers, holdings)
        tables = self._tables
        possible = read.applying | read.unknown
        looked_at = {key for one in tables.asked if one.bit & possible for key in one.keys}
        statuses = tuple([status if at in looked_at else None for at, status in enumerate(read.statuses)])
        # The level itself is told in sentences of presences; where none of them could be waived it does not matter.
        waivable = tables.waived[Assurance.SIGNED] & possible
        account = read.account if waivable else None
        return read.applying, read.unknown, statuses, account, self._bearing(read)

    def _questions(self, answers: dict[str, Answer], unknown: int) -> tuple[str, ...]:
        known = tuple([answers.get(key) for key in self.facts])
        return self._rows.line(("questions", unknown, known), questions_left, self._tables, answers, unknown)

    def _bearing(self, read: _Read) -> tuple[tuple[str, Answer], ...]:
        if not read.unknown:
            return ()
        joint = [condition for parts, condition in self._tables.states.joint if parts & read.unknown]
        keys = {key for condition in joint for key in condition.facts}
        return tuple(sorted((key, value) for key, value in read.answers.items() if key in keys))

    def _read(self, answers: Mapping[str, object], holdings: Holdings) -> _Read:
        checked = check_answers(answers, self.facts)
        states = self._tables.states
        applying, unknown = states.of(states.decide(checked))
        statuses, account = read_holdings(holdings, self.wanted)
        return _Read(checked, applying, unknown, statuses, account)

    def _usable(self, statuses: tuple[Availability, ...]) -> int:
        usable = 0
        for status, (_, bit) in zip(statuses, self._read_keys, strict=True):
            if status in USABLE:
                usable |= bit
        return usable


def compile_event(event: LifeEvent, catalogue: Catalogue) -> CompiledEvent:
    """Return the event ready for planning. Raises CannotCompile with the place of a fault.

    Refused are unknown items, steps, places, data and licences; conditions that do not type-check; members, results
    and steps that wait for each other in a circle; keys that stand for two things.
    """
    return CompiledEvent(tables_of(event, catalogue))
