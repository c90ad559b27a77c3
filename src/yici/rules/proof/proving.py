"""Proves for everybody at once how often an item or life event can make a person come."""

from yici.rules.items import Catalogue, Item, LifeEvent, as_event
from yici.rules.lint import Finding, lint_event, lint_item
from yici.rules.planner import CannotCompile, CompiledEvent, compile_event, steps_of
from yici.rules.planner.timing import topological
from yici.rules.proof.counterexamples import confirmed
from yici.rules.proof.formulas import CannotDecide, Reader, all_of, context_of_thread, opposite
from yici.rules.proof.once_only import SharedFacts, once_only_violations, shared_facts
from yici.rules.proof.part_findings import findings_of_parts
from yici.rules.proof.two_visits import WorstCase
from yici.rules.proof.verdicts import CounterExample, Verdict, VerdictKind
from yici.rules.words import Words

LIMIT_MS = 2_000  # for one question to the solver; the heaviest event of the demonstration needs a few
_GAVE_UP = Words(
    "求解器在限定时间内没有得出结论。请简化条件后再证明。",
    "The solver came to no conclusion within its limit. Simplify the conditions and prove again.",
)
_DISAGREE = Words(
    "证明找到的反例没有得到方案计算的确认，这是程序的内部错误。请报告。",
    "The planner did not confirm the counter-example of the proof. This is a defect of the program: please report it.",
)


def prove(event: LifeEvent, catalogue: Catalogue, *, limit_ms: int = LIMIT_MS) -> Verdict:
    """Return the verdict over every combination of answers and every state of the data, with all findings.

    A single item is proved as the event ``as_event(item)``. More data never add a visit (a law of the planner), so the
    worst state is the one where nothing is available and nobody signed in.
    """
    return _Proof(event, catalogue, shared_facts(catalogue), limit_ms).verdict()


def prove_all(catalogue: Catalogue, *, limit_ms: int = LIMIT_MS) -> dict[str, Verdict]:
    """Return the verdicts of all items by their 12-digit basic code, then of all life events by their key."""
    shared = shared_facts(catalogue)
    events = [*(as_event(item) for item in catalogue.items.values()), *catalogue.events.values()]
    verdicts = [_Proof(event, catalogue, shared, limit_ms).verdict() for event in events]
    return {verdict.code: verdict for verdict in verdicts}


class _Proof:
    def __init__(self, event: LifeEvent, catalogue: Catalogue, shared: SharedFacts, limit_ms: int) -> None:
        self.event, self.catalogue, self.shared, self.limit_ms = event, catalogue, shared, limit_ms
        self.item = _single_item(event, catalogue)
        self.findings: list[Finding] = []

    def verdict(self) -> Verdict:
        if self.item:
            self.findings += once_only_violations(self.item, self.shared)
            self.findings += lint_item(self.item, self.catalogue)
        else:
            self.findings += lint_event(self.event, self.catalogue)
        try:
            compiled = compile_event(self.event, self.catalogue)
        except CannotCompile as refusal:
            self.findings.append(Finding(self._fault(refusal), refusal.where, refusal.words))
            return self._told(VerdictKind.NOT_PROVABLE, reason=refusal.words)
        reader = Reader(compiled.tables, context_of_thread(), self.limit_ms)
        worst = WorstCase(reader)
        try:
            self.findings += findings_of_parts(reader, worst, is_event=self.item is None)
        except CannotDecide:
            self.findings.append(Finding("undecided", self.event.key, _GAVE_UP))
        try:
            return self._proved(compiled, reader, worst)
        except CannotDecide:
            return self._told(VerdictKind.NOT_PROVABLE, reason=_GAVE_UP)

    def _proved(self, compiled: CompiledEvent, reader: Reader, worst: WorstCase) -> Verdict:
        open_ended = worst.not_standardised()
        twice = reader.person(all_of([worst.two_visits(), opposite(open_ended)]))
        if twice is not None:
            found = confirmed(compiled, twice)
            if found is None:
                self.findings.append(Finding("not-confirmed", self.event.key, _DISAGREE))
                return self._told(VerdictKind.NOT_PROVABLE, reason=_DISAGREE)
            return self._told(VerdictKind.BREACH, counterexample=found)
        if reader.is_possible(open_ended):
            return self._told(VerdictKind.NOT_PROVABLE, reason=self._open_ended(reader, worst))
        once = reader.is_possible(worst.somebody_must_come())
        return self._told(VerdictKind.AT_MOST_ONCE if once else VerdictKind.ALWAYS_ZERO)

    def _open_ended(self, reader: Reader, worst: WorstCase) -> Words:
        items = [
            entry.item.name
            for entry, applies in zip(reader.tables.entries, worst.items, strict=True)
            if not entry.item.standardised and reader.is_possible(applies)
        ]
        zh, en = "、".join(f"“{name.zh}”" for name in items), ", ".join(f"“{name.en}”" for name in items)
        return Words(
            f"{zh}还没有标准化，由综合窗口受理，跑几次无法事先证明。请先把它标准化。",
            f"Not standardised yet: {en}. The integrated window takes it, and nothing can be proved beforehand. "
            "Standardise it first.",
        )

    def _fault(self, refusal: CannotCompile) -> str:
        members = [self.catalogue.items[one.item] for one in self.event.members if one.item in self.catalogue.items]
        circles = {f"{item.key}.steps" for item in members if _steps_in_circle(item)}
        if len(members) == len(self.event.members) > 1:
            circles.add(f"{self.event.key}.members")
        return "circle" if refusal.where in circles else "contradiction"

    def _told(
        self, kind: VerdictKind, *, counterexample: CounterExample | None = None, reason: Words | None = None
    ) -> Verdict:
        return Verdict(
            code=self.item.code if self.item else self.event.key,
            name=self.event.name,
            is_event=self.item is None,
            verdict=kind,
            counterexample=counterexample,
            findings=tuple(self.findings),
            reason=reason,
        )


def _single_item(event: LifeEvent, catalogue: Catalogue) -> Item | None:
    item = catalogue.items.get(event.key)
    return item if item and event == as_event(item) else None


def _steps_in_circle(item: Item) -> bool:
    waits = {step.key: set(step.after) for step in steps_of(item)}
    return topological(waits, waits) is None
