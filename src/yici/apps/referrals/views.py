"""Referrals as pages show them."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from yici.apps.places.models import Organisation, Region
from yici.apps.referrals.models import Referral
from yici.rules.levels import Level
from yici.rules.referral_course import ReferralAct, ReferralState, is_late
from yici.rules.referrals import Addressee, Body, Path, ReferralKind, Seat
from yici.rules.words import Words


@dataclass(frozen=True, slots=True)
class ReferralLine:
    """One referral in a list: what, to whom, until when an answer is owed, whether it is late."""

    public_id: UUID
    docket: str
    kind: ReferralKind
    title: Words
    to: Words
    region: Words
    office: Words
    law: Words
    level: Words
    state: ReferralState
    begun_on: date | None
    due_on: date | None
    answered_at: datetime | None
    answered_in_time: bool | None
    late: bool
    voices: int


@dataclass(frozen=True, slots=True)
class StepLine:
    """One thing that was done."""

    act: Words
    done_at: datetime
    office: Words
    words: str
    article: str


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of the evidence, with its source and the moment it holds for."""

    words: Words
    value: str
    source: Words
    as_of: datetime


@dataclass(frozen=True, slots=True)
class ReferralPage:
    """All of one referral, with what the viewer may do now."""

    line: ReferralLine
    origin_kind: str
    origin_id: str
    item: Words | None
    item_key: str
    article: str
    problem: str
    wording: str
    against: str
    path: Words | None
    committee: str
    unit: Words | None
    hard: bool
    redone: bool
    evidence: tuple[Figure, ...]
    history: tuple[StepLine, ...]
    amendment: UUID | None
    amendment_name: Words | None
    in_force_on: date | None
    data: Words | None
    told: int
    acts: frozenset[ReferralAct]
    is_own: bool


def name_of(row: Region | Organisation) -> Words:
    """Return the name of a place or an organisation."""
    return Words(row.name, row.name_en)


def addressee_words(row: Referral) -> Words:
    """Return to whom it goes."""
    seat = Seat(row.seat.code, name_of(row.seat)) if row.seat else None
    return Addressee(Body(row.body), seat).words


def line_of(row: Referral, today: date, voices: int) -> ReferralLine:
    """Return one line of a list."""
    state = ReferralState(row.state)
    law = f"{row.law} {row.article}".strip()
    return ReferralLine(
        public_id=row.public_id,
        docket=row.docket,
        kind=ReferralKind(row.kind),
        title=Words(row.title, row.title_en),
        to=addressee_words(row),
        region=name_of(row.region),
        office=name_of(row.organisation),
        law=Words(law, f"{row.law_en or row.law} {row.article}".strip()),
        level=Level(row.level).words,
        state=state,
        begun_on=row.begun_on,
        due_on=row.due_on,
        answered_at=row.answered_at,
        answered_in_time=row.answered_in_time,
        late=is_late(state, row.due_on, today),
        voices=voices,
    )


def figures_of(row: Referral) -> tuple[Figure, ...]:
    """Return the evidence of a referral."""
    return tuple(
        Figure(Words(**one["words"]), one["value"], Words(**one["source"]), datetime.fromisoformat(one["as_of"]))
        for one in row.evidence
    )


def history_of(row: Referral) -> tuple[StepLine, ...]:
    """Return what was done, oldest first."""
    return tuple(
        StepLine(ReferralAct(one.act).words, one.done_at, Words(one.office, one.office_en), one.words, one.article)
        for one in row.history.all()
    )


def path_of(row: Referral) -> Words | None:
    """Return on what ground the centre is asked."""
    return Path(row.path).words if row.path else None
