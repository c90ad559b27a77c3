"""After a case closes, what the window verified on paper goes back to the registers, so that nobody is asked twice."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from yici.apps.cases.models import Attachment, Case
from yici.apps.cases.moves import item_of
from yici.apps.halls.models import TakenPaper, WrittenValue
from yici.apps.journal import actions as journal
from yici.apps.people.viewers import Viewer
from yici.apps.registry import queries as datasets
from yici.apps.registry import write_backs
from yici.rules.items import Item, WayKind
from yici.rules.people import Role
from yici.rules.refusals import Refusal
from yici.rules.words import Words

MOST_SHOWN = 100
NoSuchPaper = TakenPaper.DoesNotExist


class CannotWriteBack(Refusal):
    """This value cannot be written back, or is not this clerk's to write."""


@dataclass(frozen=True, slots=True)
class ToWrite:
    """One value of one paper that a register lacks; the clerk reads it from the scan and confirms it."""

    paper_id: UUID
    paper_name: Words
    dataset: str
    field: str
    dataset_name: Words
    field_name: Words
    subject_name: str
    case_code: str
    case_name: Words
    has_scan: bool
    checked_at: datetime


@dataclass(frozen=True, slots=True)
class _Gap:
    """A paper, the case that asked for it, and the field it could have come from."""

    paper: TakenPaper
    case: Case
    dataset: str
    field: str


def to_write_back(clerk: Viewer) -> list[ToWrite]:
    """Return the values to write back at the clerk's place, oldest first; nothing for anybody else."""
    names = {one.key: one for one in datasets.datasets()}
    return [_view(gap, names) for gap in list(_gaps(clerk))[:MOST_SHOWN]]


def _papers_here(clerk: Viewer) -> QuerySet[TakenPaper]:
    """Return the papers taken at the clerk's place; others are not there."""
    place = clerk.region_path if clerk.has_role(Role.WINDOW) else None
    return TakenPaper.objects.filter(application__region__path__startswith=place or "none")


def _gaps(clerk: Viewer) -> Iterator[_Gap]:
    papers = _papers_here(clerk).filter(
        finding="fits",
        application__cases__outcome="granted",
        application__cases__closed_at__isnull=False,
    )
    ordered = papers.distinct().order_by("checked_at", "pk").prefetch_related("written")
    for paper in ordered.select_related("application__applicant", "application__represented"):
        done = {(one.dataset, one.field) for one in paper.written.all()}
        for gap in _gaps_of(paper):
            if (gap.dataset, gap.field) not in done:
                done.add((gap.dataset, gap.field))
                yield gap


def _gaps_of(paper: TakenPaper) -> Iterator[_Gap]:
    """Yield the fields that would have spared the person this paper, once its case is closed and granted."""
    assert paper.application is not None  # the caller filters
    closed = paper.application.cases.filter(outcome="granted", closed_at__isnull=False, evidence__proves=paper.proves)
    for case in closed.select_related("revision").order_by("position"):
        field = _field(item_of(case), paper.proves)
        if field is not None:
            yield _Gap(paper, case, *field)


def _field(item: Item, proves: str) -> tuple[str, str] | None:
    """Return dataset and field of the first way by which the requirement could be fetched."""
    ways = [way for one in item.requirements if one.proves == proves for way in one.ways if way.kind is WayKind.DATA]
    if not ways:
        return None
    dataset, _, field = ways[0].target.partition(".")
    return dataset, field


def _view(gap: _Gap, names: dict[str, datasets.DatasetView]) -> ToWrite:
    application = gap.paper.application
    assert application is not None
    known = names.get(gap.dataset)
    return ToWrite(
        paper_id=gap.paper.public_id,
        paper_name=Words(gap.paper.name, gap.paper.name_en),
        dataset=gap.dataset,
        field=gap.field,
        dataset_name=known.name if known else Words(gap.dataset, gap.dataset),
        field_name=(known.fields.get(gap.field) if known else None) or Words(gap.field, gap.field),
        subject_name=(application.represented or application.applicant).name,
        case_code=gap.case.code,
        case_name=Words(gap.case.name, gap.case.name_en),
        has_scan=gap.paper.attachment_id is not None,
        checked_at=gap.paper.checked_at,
    )


def _gap(clerk: Viewer, paper_id: UUID, dataset: str, field: str) -> _Gap:
    _papers_here(clerk).get(public_id=paper_id)
    for gap in _gaps(clerk):
        if (gap.paper.public_id, gap.dataset, gap.field) == (paper_id, dataset, field):
            return gap
    raise CannotWriteBack(
        zh="这一项不在待回写清单中，可能已由同事办理。", en="This is not on the list; a colleague may have done it."
    )


@transaction.atomic
def confirm(*, paper_id: UUID, dataset: str, field: str, value: str, by: Viewer, now: datetime) -> None:
    """Write one value back with its evidence and case, as the clerk read it. Raises CannotWriteBack."""
    gap = _gap(by, paper_id, dataset, field)
    if not value.strip():
        raise CannotWriteBack(
            zh="请照材料填写这一项的内容；看不清的请选“不回写”并写明原因。",
            en="Type the value as the paper says it; if it cannot be read, leave it out and say why.",
        )
    application = gap.paper.application
    assert application is not None
    scan = _scan_of(gap.paper)
    written = write_backs.write_back(
        party_id=application.represented_id or application.applicant_id,
        dataset=dataset,
        field=field,
        value=value.strip()[:500],
        evidence_id=gap.paper.attachment_id,
        evidence_sha256=scan.sha256 if scan else "",
        case_reference=gap.case.code,
        item=gap.case.item_key,
        by=by,
        now=now,
    )
    _remember(gap, by, now, written_as=written)


def _scan_of(paper: TakenPaper) -> Attachment | None:
    return Attachment.objects.filter(public_id=paper.attachment_id).first() if paper.attachment_id else None


@transaction.atomic
def leave_out(*, paper_id: UUID, dataset: str, field: str, reason: str, by: Viewer, now: datetime) -> None:
    """Take a value off the list without writing it. Raises CannotWriteBack without a reason."""
    gap = _gap(by, paper_id, dataset, field)
    if not reason.strip():
        raise CannotWriteBack(zh="请写明为什么不回写。", en="Say why it is not written back.")
    _remember(gap, by, now, left_out=reason.strip()[:200])


def _remember(gap: _Gap, by: Viewer, now: datetime, *, written_as: UUID | None = None, left_out: str = "") -> None:
    WrittenValue.objects.create(
        paper=gap.paper,
        case_code=gap.case.code,
        dataset=gap.dataset,
        field=gap.field,
        written_as=written_as,
        left_out=left_out,
        by=by.label,
        written_at=now,
    )
    facts = {"dataset": gap.dataset, "field": gap.field, "written": written_as is not None}
    journal.record("hall.value_written", subject=gap.case.code, by=by.label, now=now, facts=facts)


def scan_to_write(clerk: Viewer, paper_id: UUID) -> tuple[str, bytes]:
    """Return type and content of the scan of a paper on the clerk's list. Raises CannotWriteBack for any other."""
    paper = next((gap.paper for gap in _gaps(clerk) if gap.paper.public_id == paper_id), None)
    found = _scan_of(paper) if paper else None
    if found is None:
        raise CannotWriteBack(zh="没有这份扫描件。", en="There is no such scan.")
    return found.kind, bytes(found.content)
