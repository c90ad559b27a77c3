"""What the planner answers: one value that explains itself, line by line."""

from dataclasses import dataclass
from enum import StrEnum

from yici.rules.items import LegalBasis, Way
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
    UNMET = "unmet"  # no way works: the plan cannot be kept


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
    """One visit: where, the earliest working day (0 = the day of applying), and everything it settles."""

    place: str
    earliest_day: int
    causes: tuple[Cause, ...]


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """One step on the day axis, in promised working days from applying; half-open [start, finish)."""

    item: str
    step: str
    name: Words
    organisation: str
    start: int
    finish: int
    critical: bool


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


@dataclass(frozen=True, slots=True)
class Option:
    """A lighter choice the person has, e.g. sign a commitment instead of bringing a paper."""

    requirement: str
    way: Way
    visits: int
    sentence: Words


@dataclass(frozen=True, slots=True)
class Plan:
    """The computed answer to a need (办事方案).

    ``visits`` counts what the answers so far decide; ``visits_at_most`` is the promise that holds whatever is
    answered to the ``questions`` still open (element keys, the most useful first). ``days``: promised working days on
    the critical path.
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
