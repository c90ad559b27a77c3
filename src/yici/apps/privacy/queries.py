"""What a person may know about his own data, and what the officer answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Max

from yici.apps.licences.models import Licence
from yici.apps.people.models import Account, Mandate, Party, Relation
from yici.apps.people.viewers import Viewer
from yici.apps.planning.models import Draft, Nudge
from yici.apps.privacy import holds, subjects
from yici.apps.privacy.models import Export, PersonalClaim
from yici.apps.privacy.retention import periods
from yici.apps.registry.models import Dataset, HeldLicence, Record
from yici.rules.clock_courses import local_day
from yici.rules.personal_rights import Outcome, Right
from yici.rules.retention import RETENTION, Ground, keeping, kept_until
from yici.rules.words import Words

NoSuchExport = Export.DoesNotExist
NoSuchClaim = PersonalClaim.DoesNotExist
NoSubject = Party.DoesNotExist
MOST_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Category:
    """One kind of data kept about a person: how much, why, how long, and on which ground it stays if he wants it gone.

    ``ground`` is None for what goes at once when he asks; ``until`` is the last day, where there is one.
    """

    key: str
    words: Words
    count: int
    what_for: Words
    period: Words
    ground: Ground | None
    until: date | None


@dataclass(frozen=True, slots=True)
class ClaimView:
    """One request with its clock and answer; ``person`` is empty for the person himself."""

    public_id: UUID
    right: Right
    wish: str
    made_at: datetime
    due_on: date
    is_late: bool
    outcome: Outcome
    answer: str
    answered_at: datetime | None
    gone: tuple[tuple[str, int], ...]
    person: str


@dataclass(frozen=True, slots=True)
class ExportView:
    """One copy, being made or ready."""

    public_id: UUID
    state: str
    asked_at: datetime
    done: int
    total: int
    size_kilobytes: int
    expires_on: date | None
    may_be_fetched: bool


def _words(zh: str, en: str) -> Words:
    return Words(zh, en)


# Order, name, purpose and kind of keeping of each category; the purposes are those of the duty (PIPL art. 13(3), 17).
_CATEGORIES: tuple[tuple[str, Words, Words, str, Ground | None], ...] = (
    ("person", _words("身份", "Identity"), _words("确认您是谁", "To know who you are"), "party", Ground.OPEN_CASE),
    ("accounts", _words("账号", "Accounts"), _words("登录", "To sign in"), "account", None),
    (
        "relations",
        _words("亲属关系", "Family relations"),
        _words("为子女或被监护人代办", "To act for a child or ward"),
        "party",
        Ground.RELATION,
    ),
    ("mandates", _words("授权", "Mandates"), _words("为他人代办", "To act for others"), "mandate+10y", Ground.PERIOD),
    ("drafts", _words("草稿", "Drafts"), _words("接着填写", "To go on filling in"), "draft+6m", None),
    (
        "suggestions",
        _words("更方便办法的建议", "Suggestions of an easier way"),
        _words("同一件事不说两遍", "So that nothing is said twice"),
        "log+6m",
        None,
    ),
    (
        "loose_papers",
        _words("未提交的材料", "Papers not submitted"),
        _words("随草稿提交", "To submit with a draft"),
        "draft+6m",
        None,
    ),
    (
        "open",
        _words("在办申请", "Open applications"),
        _words("办理您的申请", "To work on what you applied for"),
        "case+10y",
        Ground.OPEN_CASE,
    ),
    (
        "closed",
        _words("已办结申请", "Closed applications"),
        _words("档案、复议和诉讼", "Archive, review and suits"),
        "case+10y",
        Ground.PERIOD,
    ),
    (
        "hall",
        _words("交给窗口的需求", "Needs given to the window"),
        _words("窗口答复", "So that the window can answer"),
        "case+10y",
        Ground.PERIOD,
    ),
    (
        "licences",
        _words("证照", "Licences"),
        _words("供您出示、供他人核验", "For you to show and others to verify"),
        "permanent",
        Ground.LICENCE,
    ),
    (
        "records",
        _words("政府共享数据", "Shared government data"),
        _words("免交材料", "So that you bring no papers"),
        "source",
        Ground.OWNER,
    ),
    ("exports", _words("生成的副本", "Copies made for you"), _words("供您下载", "For you to fetch"), "export+7d", None),
    (
        "requests",
        _words("个人信息请求", "Requests about your data"),
        _words("证明已答复", "To show that they were answered"),
        "request+3y",
        Ground.PERIOD,
    ),
    (
        "journal",
        _words("日志", "Journal"),
        _words("查明谁做了什么", "To find out who did what"),
        "permanent",
        Ground.JOURNAL,
    ),
)


def _counts(party: Party) -> dict[str, int]:
    mine = subjects.applications_of(party)
    queries: dict[str, Callable[[], int]] = {
        "person": lambda: 1,
        "accounts": Account.objects.filter(party=party).count,
        "relations": (Relation.objects.filter(of=party) | Relation.objects.filter(to=party)).count,
        "mandates": (Mandate.objects.filter(holder=party) | Mandate.objects.filter(agent=party)).count,
        "drafts": Draft.objects.filter(party=party).count,
        "suggestions": Nudge.objects.filter(party=party).count,
        "loose_papers": subjects.papers_of(party).filter(subjects.is_loose()).count,
        "open": mine.filter(closed_at=None).count,
        "closed": mine.filter(closed_at__isnull=False, emptied_at=None).count,
        "hall": subjects.hall_requests_of(party).filter(emptied_at=None).count,
        "licences": Licence.objects.filter(holder=party).count,
        "records": lambda: Record.objects.filter(party=party).count() + HeldLicence.objects.filter(party=party).count(),
        "exports": Export.objects.filter(party=party).count,
        "requests": PersonalClaim.objects.filter(party=party, emptied_at=None).count,
        "journal": lambda: subjects.journal_lines(party),
    }
    return {key: count() for key, count in queries.items()}


def kept_about(viewer: Viewer, *, now: datetime) -> list[Category]:
    """Return what is kept about the viewer by category, empty ones left out. Raises CannotAsk, NoSubject."""
    party = subjects.subject_of(viewer)
    counts = _counts(party)
    whole = {**{key: ground for key, _, _, _, ground in _CATEGORIES}, "person": _ground_of_identity(counts)}
    held = holds.standing().filter(party=party).exists()
    return [
        Category(
            key, words, counts[key], what_for, RETENTION[kind], _ground(whole[key], held), _until(key, kind, party, now)
        )
        for key, words, what_for, kind, _ in _CATEGORIES
        if counts[key]
    ]


def _ground_of_identity(counts: Mapping[str, int]) -> Ground:
    """Return why the identity itself is kept: the first thing that needs to know whose it is."""
    needs = (("open", Ground.OPEN_CASE), ("licences", Ground.LICENCE), ("records", Ground.OWNER))
    return next((ground for key, ground in needs if counts[key]), Ground.PERIOD)


def _ground(ground: Ground | None, held: bool) -> Ground | None:
    return Ground.HOLD if held and ground in {None, Ground.PERIOD, Ground.OPEN_CASE} else ground


def _until(key: str, kind: str, party: Party, now: datetime) -> date | None:
    """Return the last day of the newest record of a category, where its time runs already."""
    newest = {
        "closed": lambda: subjects.applications_of(party).aggregate(at=Max("closed_at"))["at"],
        "drafts": lambda: Draft.objects.filter(party=party).aggregate(at=Max("saved_at"))["at"],
        "suggestions": lambda: Nudge.objects.filter(party=party).aggregate(at=Max("shown_at"))["at"],
        "hall": lambda: subjects.hall_requests_of(party).aggregate(at=Max("answered_at"))["at"],
        "exports": lambda: Export.objects.filter(party=party).aggregate(at=Max("asked_at"))["at"],
        "requests": lambda: PersonalClaim.objects.filter(party=party).aggregate(at=Max("answered_at"))["at"],
        "mandates": lambda: Mandate.objects.filter(holder=party).aggregate(at=Max("ended_at"))["at"],
    }.get(key)
    moment = newest() if newest else None
    return kept_until(keeping(kind, local_day(now), table=periods()), local_day(moment)) if moment else None


def datasets_about(viewer: Viewer) -> list[tuple[Words, str, datetime]]:
    """Return the datasets that hold a record of the viewer, with their owner and the day of the record."""
    rows = Record.objects.filter(party=subjects.subject_of(viewer)).select_related("dataset").order_by("dataset_id")
    return [(_dataset_words(one.dataset), one.dataset.owner, one.updated_at) for one in rows]


def _dataset_words(row: Dataset) -> Words:
    return Words(row.name, row.name_en)


def claims_of(viewer: Viewer, *, now: datetime) -> list[ClaimView]:
    """Return the viewer's own requests, newest first."""
    rows = subjects.own_claims(viewer).order_by("-made_at", "-pk")[:MOST_SHOWN]
    return [_claim(one, now, "") for one in rows]


def claims_to_answer(viewer: Viewer, *, answered: bool, now: datetime) -> list[ClaimView]:
    """Return the requests of an administrator's jurisdiction, soonest due first; answered ones newest first."""
    rows = subjects.claims_in_jurisdiction(viewer).filter(answered_at__isnull=not answered).select_related("party")
    ordered = rows.order_by("-answered_at" if answered else "due_on", "pk")[:MOST_SHOWN]
    return [_claim(one, now, one.party.name) for one in ordered]


def claim_to_answer(viewer: Viewer, claim_id: UUID, *, now: datetime) -> ClaimView:
    """Return one request of an administrator's jurisdiction. Raises NoSuchClaim for anybody else."""
    row = subjects.claims_in_jurisdiction(viewer).select_related("party").get(public_id=claim_id)
    return _claim(row, now, row.party.name)


def _claim(row: PersonalClaim, now: datetime, person: str) -> ClaimView:
    return ClaimView(
        public_id=row.public_id,
        right=Right(row.right),
        wish=row.wish,
        made_at=row.made_at,
        due_on=row.due_on,
        is_late=row.answered_at is None and local_day(now) > row.due_on,
        outcome=Outcome(row.outcome),
        answer=row.answer,
        answered_at=row.answered_at,
        gone=tuple((one["category"], one["count"]) for one in row.gone),
        person=person,
    )


def exports_of(viewer: Viewer, *, now: datetime) -> list[ExportView]:
    """Return the copies of the viewer, newest first."""
    return [_export(one, now) for one in subjects.own_exports(viewer).order_by("-asked_at")[:10]]


def export_of(viewer: Viewer, export_id: UUID, *, now: datetime) -> ExportView:
    """Return one copy of the viewer. Raises NoSuchExport for anybody else's."""
    return _export(subjects.own_exports(viewer).get(public_id=export_id), now)


def _export(row: Export, now: datetime) -> ExportView:
    fresh = row.state == "ready" and row.expires_on is not None and local_day(now) <= row.expires_on
    return ExportView(
        row.public_id, row.state, row.asked_at, row.done, row.total, -(-row.size // 1024), row.expires_on, fresh
    )
