"""What the planner answers: one value that explains itself, line by line."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from yici.rules.items import Assurance, LegalBasis, Special, Way
from yici.rules.words import Words


class Mode(StrEnum):
    """The service mode is computed, never declared (product page, section 2)."""

    ZERO = "zero"  # 移动办事零上门
    ONCE = "once"  # 最多跑一次
    ONE_WINDOW = "one_window"  # 一窗受理
    BREACH = "breach"  # two or more visits: a defect of the service


class Availability(StrEnum):
    """Whether the government can see a datum or licence now. Planning learns this and never the content."""

    AVAILABLE = "available"
    PENDING = "pending"  # written back by a window, waiting for the owner's confirmation: usable
    STALE = "stale"
    MISSING = "missing"
    SOURCE_DOWN = "source_down"
    NOT_SHARED = "not_shared"
    NEEDS_GRANT = "needs_grant"


class EvidenceStatus(StrEnum):
    """What happens to a requirement in this plan."""

    FETCHED = "fetched"  # the government has it
    FROM_RESULT = "from_result"  # another item of the same application produces it
    FORM = "form"
    DECLARE = "declare"
    COMMIT = "commit"
    UPLOAD = "upload"
    ORIGINAL = "original"  # shown once at the visit
    UNMET = "unmet"  # no way works: the window must find one with the person
    SKIPPED = "skipped"  # optional (非必要) and not at hand: not asked


@dataclass(frozen=True, slots=True)
class Evidence:
    """One requirement of one item, the way that satisfies it now, and where it comes from."""

    item: str
    requirement: str
    proves: str
    name: Words
    way: Way | None
    source: Words  # what the badge says, e.g. 已由公安机关共享 / shared by public security
    status: EvidenceStatus
    basis: LegalBasis
    tried: tuple[tuple[Way, Availability], ...] = ()  # better ways that do not work now, and why
    same_as: str | None = None  # item key that already asks for the same paper: not asked again


@dataclass(frozen=True, slots=True)
class Cause:
    """Why one visit is needed, the law behind it, and what would remove it."""

    item: str
    key: str  # requirement or presence key
    what: Words
    why: Words
    basis: LegalBasis
    removed_by: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit: where, the earliest working day, and everything it settles.

    Day 0 is the day of applying. Unlike the day axis of the plan, ``earliest_day`` counts special procedures, because
    the person has to wait for them.
    """

    place: str
    earliest_day: int
    causes: tuple[Cause, ...]


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """One step on the day axis, in promised working days from applying; half-open [start, finish).

    ``special``: the special procedures of this step that apply; their days are not on the axis (许可法 art.45).
    """

    item: str
    step: str
    name: Words
    organisation: str
    start: int
    finish: int
    critical: bool
    special: tuple[Special, ...] = ()


@dataclass(frozen=True, slots=True)
class PlannedItem:
    """One item of the plan with its place on the day axis (promised working days)."""

    item: str
    name: Words
    organisation: str
    start: int
    finish: int
    standardised: bool
    waits_for: tuple[str, ...]
    licence: str | None


@dataclass(frozen=True, slots=True)
class Effort:
    """What a need costs a person: visits, papers, working days, organisations met, applications, fee in fen."""

    visits: int
    papers: int
    days: int
    organisations: int
    applications: int
    fee_fen: int = 0

    def __sub__(self, other: "Effort") -> "Effort":
        """Return what is saved when the other effort takes the place of this one.

        >>> (Effort(7, 23, 40, 5, 5) - Effort(0, 2, 9, 0, 1)).papers
        21
        """
        return Effort(
            self.visits - other.visits,
            self.papers - other.papers,
            self.days - other.days,
            self.organisations - other.organisations,
            self.applications - other.applications,
            self.fee_fen - other.fee_fen,
        )


@dataclass(frozen=True, slots=True)
class Option:
    """A lighter choice the person has, e.g. sign a commitment instead of bringing a paper.

    ``requirement`` is the key of the requirement, or of the presence when signing in at a higher ``assurance`` makes
    it unnecessary; the way is then the datum ``assurance``. ``visits``: what the plan needs with this choice alone.
    ``proves``: what the paper proves, for all requirements it stands for; "" for signing in.
    """

    requirement: str
    way: Way
    visits: int
    sentence: Words
    proves: str = ""
    assurance: Assurance | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """The computed answer to a need (办事方案).

    ``visits`` counts what the answers so far decide; ``visits_at_most`` is the promise that holds whatever is
    answered to the ``questions`` still open (element keys, the most useful first). ``days``: promised working days on
    the critical path; ``special_days``: how many more working days special procedures (听证、检验、鉴定…) take on the
    longest way through the calendar. ``remote``: acts that come to the person (video, home, site) and cost no visit.
    """

    event: str
    region: str
    mode: Mode
    visits: int
    visits_at_most: int
    visits_detail: tuple[Visit, ...]
    bring: tuple[Evidence, ...]
    evidence: tuple[Evidence, ...]
    items: tuple[PlannedItem, ...]
    steps: tuple[PlannedStep, ...]
    days: int
    path: tuple[PlannedStep, ...]
    questions: tuple[str, ...]
    before: Effort
    after: Effort
    saving: Effort
    options: tuple[Option, ...]
    reasons: tuple[Words, ...]  # the sentences under the large 0 or 1
    special_days: int = 0
    remote: tuple[Visit, ...] = ()


class Decision(NamedTuple):
    """The bare answer, for replaying millions of cases: what the plan says without its explanations.

    ``days`` are those of what is decided, ``days_at_most`` those that hold whatever is answered to the rest.
    ``papers``: papers the person brings or uploads. ``ways``: for each requirement, in the order of
    ``CompiledEvent.requirements``, the place of the chosen way in its list, or one of the numbers below.
    """

    mode: Mode
    visits: int
    visits_at_most: int
    days: int
    days_at_most: int
    papers: int
    ways: tuple[int, ...]


NOT_ASKED = -1  # the requirement does not apply, or not as far as the answers tell
OPEN = -2  # it applies; the way depends on an answer still to be given
UNMET = -3  # no way works
SKIPPED = -4  # optional and not at hand
