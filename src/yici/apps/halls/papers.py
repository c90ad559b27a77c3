"""Papers at the window: looked at once, scanned, and found fit or not, for everything the person came for."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from yici.apps.cases import actions as cases
from yici.apps.cases.applicant_acts import own_applications
from yici.apps.cases.models import Application, Evidence
from yici.apps.cases.moves import NOT_THERE
from yici.apps.halls.models import ServedVisit, TakenPaper
from yici.apps.halls.visits import open_visit, serving, touch
from yici.apps.journal import actions as journal
from yici.apps.people.viewers import Viewer
from yici.apps.planning import queries as plans
from yici.rules.plans import Evidence as PlannedEvidence
from yici.rules.plans import EvidenceStatus, Plan
from yici.rules.refusals import Refusal
from yici.rules.words import Words

FITS, UNFIT, OTHER_PROOF = "fits", "unfit", "other_proof"
FINDINGS = (FITS, UNFIT, OTHER_PROOF)
ON_PAPER = {EvidenceStatus.UPLOAD, EvidenceStatus.ORIGINAL, EvidenceStatus.UNMET}


class CannotTakeAtWindow(Refusal):
    """A paper or an application cannot be taken at the window like this."""


@dataclass(frozen=True, slots=True)
class Look:
    """What the clerk found: the scan if he made one, whether it is the original, whether it fits, and why not."""

    finding: str
    original_seen: bool = False
    kept: bool = False
    reason: str = ""
    filename: str = ""
    content: bytes = b""


@dataclass(frozen=True, slots=True)
class PaperLine:
    """One paper the window takes, each once, whichever items ask for it."""

    proves: str
    name: Words
    source: Words
    copy_is_enough: bool
    taken: TakenPaper | None

    @property
    def is_settled(self) -> bool:
        """Whether nothing is left to do with it."""
        return self.taken is not None and self.taken.finding != UNFIT


def wanted_of_plan(plan: Plan) -> list[PlannedEvidence]:
    """Return the papers a plan takes at the window; what the government has is not asked (规定 art. 7)."""
    return [row for row in plan.evidence if row.status in ON_PAPER and row.same_as is None]


def lines_of_draft(plan: Plan, draft_id: UUID) -> list[PaperLine]:
    """Return the papers of a draft with what was found; the caller has decided who may see the draft."""
    taken = {row.proves: row for row in TakenPaper.objects.filter(draft_id=draft_id)}
    return [
        PaperLine(row.proves, row.name, row.source, row.status is EvidenceStatus.UPLOAD, taken.get(row.proves))
        for row in wanted_of_plan(plan)
    ]


def lines_of_application(by: Viewer, application_id: UUID) -> list[PaperLine]:
    """Return the papers an application of the person waits for, or that were checked at a window."""
    application = own_applications(by).get(public_id=application_id)
    taken = {row.proves: row for row in application.papers.order_by("checked_at")}
    rows = Evidence.objects.filter(case__application=application).exclude(necessity="optional").order_by("id")
    lines: dict[str, PaperLine] = {}
    for row in rows:
        if row.status in NOT_THERE or row.proves in taken:
            names = Words(row.name, row.name_en), Words(row.source, row.source_en)
            lines.setdefault(row.proves, PaperLine(row.proves, *names, row.way == "upload", taken.get(row.proves)))
    return list(lines.values())


@transaction.atomic
def check_for_draft(*, draft_id: UUID, proves: str, look: Look, by: Viewer, now: datetime) -> None:
    """Keep what the clerk found of a paper of the plan. Raises CannotTakeAtWindow, CannotTakePaper."""
    visit, person = open_visit(by), serving(by, now=now)
    plan = plans.plan_of(person, plans.draft(person, draft_id, browser=""))
    wanted = next((row for row in wanted_of_plan(plan) if row.proves == proves), None)
    if wanted is None:
        raise _beyond_the_plan()
    line = PaperLine(proves, wanted.name, wanted.source, wanted.status is EvidenceStatus.UPLOAD, None)
    _checked(line, look)
    scan = None
    if look.content and look.finding == FITS:
        scan = cases.add_paper(
            by=person, draft_id=draft_id, proves=proves, filename=look.filename, content=look.content, now=now
        )
    _keep(visit, line, look, scan, now, draft_id=draft_id)
    _write(visit, line, look, person.label, now)


@transaction.atomic
def check_for_application(*, application_id: UUID, proves: str, look: Look, by: Viewer, now: datetime) -> None:
    """Check a paper an application waits for; what fits is shown for all its cases at once, then accepted."""
    visit, person = open_visit(by), serving(by, now=now)
    line = next((one for one in lines_of_application(person, application_id) if one.proves == proves), None)
    if line is None:
        raise _beyond_the_plan()
    _checked(line, look)
    application = own_applications(person).get(public_id=application_id)
    scan = _scan(person, proves, look, now)
    _keep(visit, line, look, scan, now, application=application)
    settle_paper(application, proves, look.finding, look.reason, scan, by=person, now=now)
    touch(visit, application.pk, "original", now=now)
    _write(visit, line, look, person.label, now)


def _scan(person: Viewer, proves: str, look: Look, now: datetime) -> UUID | None:
    if not look.content or look.finding != FITS:
        return None
    return cases.keep_scan(by=person, proves=proves, filename=look.filename, content=look.content, now=now)


def settle_paper(
    application: Application,
    proves: str,
    finding: str,
    reason: str,
    scan: UUID | None,
    *,
    by: Viewer,
    now: datetime,
) -> None:
    """Give an application's cases what the window found of one paper."""
    waits = Evidence.objects.filter(case__application=application, proves=proves, status__in=NOT_THERE).exists()
    if not waits or finding == UNFIT:
        return
    if finding == OTHER_PROOF:
        cases.waive_at_window(application_id=application.public_id, proves=proves, reason=reason, by=by, now=now)
    else:
        cases.show_at_window(application_id=application.public_id, proves=proves, scan_id=scan, by=by, now=now)


def _beyond_the_plan() -> CannotTakeAtWindow:
    return CannotTakeAtWindow(
        zh="方案里没有这份材料，不能收取（规定第七条）。确需要求的，请在“方案外要求”中记录是什么、为什么。",
        en="The plan does not ask for this paper, so it may not be taken (article 7). If it must be asked for, record "
        "what and why under 'Asked beyond the plan'.",
    )


def _checked(line: PaperLine, look: Look) -> None:
    if look.finding not in FINDINGS:
        raise CannotTakeAtWindow(zh="请选择材料是否符合要求。", en="Say whether the paper fits.")
    if look.finding != FITS and not look.reason.strip():
        raise CannotTakeAtWindow(
            zh="请写明哪里不符合，或用什么其他材料证明了该事实（规定第九条）。",
            en="Say what does not fit, or which other proof shows the fact (article 9).",
        )
    if look.finding == FITS and line.copy_is_enough and not look.content:
        raise CannotTakeAtWindow(zh="请扫描这份材料后再保存。", en="Scan this paper before saving.")
    if look.finding == FITS and not line.copy_is_enough and not look.original_seen:
        raise CannotTakeAtWindow(
            zh="这份材料须核对原件。请看过原件后勾选“已核对原件”。",
            en="The original of this paper must be seen. Look at it, then tick 'original seen'.",
        )


def _keep(
    visit: ServedVisit,
    line: PaperLine,
    look: Look,
    scan: UUID | None,
    now: datetime,
    *,
    draft_id: UUID | None = None,
    application: Application | None = None,
) -> None:
    values = {
        "visit": visit,
        "name": line.name.zh,
        "name_en": line.name.en,
        "attachment_id": scan,
        "original_seen": look.original_seen,
        "kept": look.kept,
        "finding": look.finding,
        "reason": look.reason.strip()[:300],
        "checked_at": now,
    }
    TakenPaper.objects.update_or_create(draft_id=draft_id, application=application, proves=line.proves, defaults=values)


def _write(visit: ServedVisit, line: PaperLine, look: Look, label: str, now: datetime) -> None:
    facts = {"visit": str(visit.public_id), "proves": line.proves, "finding": look.finding, "scan": bool(look.content)}
    journal.record("hall.paper_checked", subject=str(visit.party), by=label, now=now, facts=facts)
