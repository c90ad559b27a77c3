"""Cases as values: what a page shows of an application, its cases, steps, evidence and clocks."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from yici.apps.cases import clocks, moves
from yici.apps.cases.models import Act, Case, Evidence, Step
from yici.apps.licences import queries as licences
from yici.apps.places import queries as places
from yici.rules.cases import CaseAct, CaseState, StepState
from yici.rules.clocks import Colour
from yici.rules.words import Words

# Acts that are not in the table of the rules: they change no state.
NOTES = {
    "submit": Words("提交申请", "Submitted"),
    "original_shown": Words("已出示原件", "Original shown"),
    "paper_waived": Words("免交材料，已记录其他证明", "Paper waived on other proof"),
    "put_back": Words("退回待领取", "Put back for a colleague"),
    "step_finished": Words("环节办结", "Step finished"),
    "message": Words("工作人员留言", "Message from staff"),
    "deadline_broken": Words("时限已过", "A time limit has passed"),
}
OUTCOMES = {"granted": Words("准予", "Granted"), "refused": Words("不予许可", "Refused"), "": Words("", "")}


@dataclass(frozen=True, slots=True)
class Chip:
    """A deadline in words with its colour; never the colour alone."""

    colour: str
    words: Words
    title: Words


@dataclass(frozen=True, slots=True)
class StepView:
    """One step on the timeline."""

    public_id: UUID
    key: str
    name: Words
    organisation: Words
    state: str
    state_words: Words
    mark: str
    decides: bool
    finished_at: datetime | None
    opinion: str


@dataclass(frozen=True, slots=True)
class ActView:
    """One line of what happened."""

    words: Words
    acted_at: datetime
    by_name: str
    reason: str
    basis: str


@dataclass(frozen=True, slots=True)
class EvidenceView:
    """One requirement and what satisfied it."""

    requirement: str
    name: Words
    way: str
    source: Words
    status: str
    necessity: str
    value: str
    attachment_id: UUID | None
    note: str


@dataclass(frozen=True, slots=True)
class AskView:
    """One line of a correction notice."""

    requirement: str
    name: Words
    what: str


@dataclass(frozen=True, slots=True)
class CorrectionView:
    """The notice that waits for an answer."""

    due_on: date
    deficiency: bool
    asked: tuple[AskView, ...]


@dataclass(frozen=True, slots=True)
class CaseView:
    """One case with everything the person may read about it."""

    public_id: UUID
    code: str
    item_key: str
    name: Words
    organisation: Words
    state: str
    state_words: Words
    chip: Chip
    accepted_at: datetime | None
    due_on: date | None
    statutory_due_on: date | None
    closed_at: datetime | None
    outcome: str
    outcome_words: Words
    decision_reason: str
    committed: bool
    waits_for: tuple[Words, ...]
    pause_words: Words | None
    correction: CorrectionView | None
    steps: tuple[StepView, ...]
    acts: tuple[ActView, ...]
    evidence: tuple[EvidenceView, ...]
    licences: tuple[tuple[UUID, Words], ...]


def chip_of(case: Case, now: datetime) -> Chip:
    """Return the deadline of a case in words."""
    state = CaseState(case.state)
    if state.is_final or state.is_decided:
        return Chip("done", state.words, Words("", ""))
    if state is CaseState.CORRECTING:
        return Chip("paused", Words("等待补正，计时暂停", "Waiting for the correction, clock stopped"), Words("", ""))
    clock = clocks.clock_of(case, moves.item_of(case))
    if clock is None:
        return Chip("neutral", state.words, Words("", ""))
    calendar = places.calendar()
    return _chip(clock.colour(calendar, now), clock.remaining(calendar, now), case.due_on)


def _chip(colour: Colour, left: int, due_on: date | None) -> Chip:
    day = due_on.isoformat() if due_on else ""
    title = Words(f"最迟 {day}", f"due {day}") if day else Words("", "")
    if colour is Colour.PAUSED:
        return Chip("paused", Words("特别程序，计时暂停", "Special procedure, clock stopped"), title)
    if colour is Colour.RED:
        return Chip("red", Words(f"已超期 {max(1, -left)} 天", f"Late by {max(1, -left)} days"), title)
    words = Words(f"还剩 {left} 个工作日", f"{left} working days left") if left else Words("今天到期", "Due today")
    return Chip(colour.value, words, title)


def case_view(case: Case, now: datetime, *, with_values: bool = False) -> CaseView:
    """Return a case as a value; the caller has checked that its viewer may see it."""
    state = CaseState(case.state)
    siblings = {one.item_key: Words(one.name, one.name_en) for one in case.application.cases.all()}
    waiting = state is CaseState.WAITING
    return CaseView(
        public_id=case.public_id,
        code=case.code,
        item_key=case.item_key,
        name=Words(case.name, case.name_en),
        organisation=Words(case.organisation.name, case.organisation.name_en),
        state=case.state,
        state_words=state.words,
        chip=chip_of(case, now),
        accepted_at=case.accepted_at,
        due_on=case.due_on,
        statutory_due_on=case.statutory_due_on,
        closed_at=case.closed_at,
        outcome=case.outcome,
        outcome_words=OUTCOMES[case.outcome],
        decision_reason=case.decision_reason,
        committed=case.committed,
        waits_for=tuple(siblings[key] for key in case.waits_for if key in siblings) if waiting else (),
        pause_words=_pause_words(case),
        correction=_correction(case),
        steps=tuple(_step(step, state) for step in case.steps.all()),
        acts=tuple(_act(act) for act in case.acts.all()),
        evidence=tuple(_evidence(row, with_values=with_values) for row in case.evidence.all()),
        licences=tuple(licences.licences_of_case(case.code)) if case.outcome == "granted" else (),
    )


def _pause_words(case: Case) -> Words | None:
    row = next((one for one in case.pauses.all() if one.ended_at is None), None)
    if row is None:
        return None
    days = row.announced_days or 0
    return Words(
        f"{row.reason}，预计 {days} 个工作日，不计入办理期限（{row.basis}）",
        f"{row.reason}: about {days} working days that do not count ({row.basis})",
    )


def _correction(case: Case) -> CorrectionView | None:
    row = next((one for one in case.correction_notices.all() if one.answered_at is None), None)
    if row is None or case.closed_at:
        return None
    asked = tuple(
        AskView(line["requirement"], Words(line["name"], line["name_en"]), line["what"]) for line in row.asked
    )
    return CorrectionView(row.due_on, row.deficiency, asked)


def _step(step: Step, case_state: CaseState) -> StepView:
    state = StepState(step.state)
    over = case_state.is_final and not state.is_over
    mark = "done" if state is StepState.DONE else "now" if state in {StepState.READY, StepState.TAKEN} else "later"
    return StepView(
        public_id=step.public_id,
        key=step.key,
        name=Words(step.name, step.name_en),
        organisation=Words(step.organisation.name, step.organisation.name_en),
        state=step.state,
        state_words=Words("未进行", "Not carried out") if over else state.words,
        mark="later" if over else mark,
        decides=step.decides,
        finished_at=step.finished_at,
        opinion=step.opinion,
    )


def _act(act: Act) -> ActView:
    words = NOTES[act.kind] if act.kind in NOTES else CaseAct(act.kind).words
    return ActView(words, act.acted_at, act.by_name, act.reason, act.basis)


def _shown(value: str) -> str:
    """Leave out what only says that a record is there: the badge says it already."""
    return "" if value.lower() in {"true", "none"} else value


def _evidence(row: Evidence, *, with_values: bool) -> EvidenceView:
    return EvidenceView(
        requirement=row.requirement,
        name=Words(row.name, row.name_en),
        way=row.way,
        source=Words(row.source, row.source_en),
        status=row.status,
        necessity=row.necessity,
        value=_shown(row.own_value_text or row.value_text) if with_values else "",
        attachment_id=row.attachment.public_id if row.attachment else None,
        note=row.note,
    )
