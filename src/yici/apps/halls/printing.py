"""Prints licences and receipts at a kiosk: asked for by the person, done by a job, never lost, never twice unseen."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from procrastinate.contrib.django import app

from yici.apps.cases import queries as cases
from yici.apps.halls import printers
from yici.apps.halls.kiosks import KioskView
from yici.apps.halls.models import PrintJob
from yici.apps.halls.submission_receipts import receipt_pdf
from yici.apps.journal import actions as journal
from yici.apps.licences import queries as licences
from yici.apps.people.viewers import Viewer
from yici.rules.clock_courses import local_day
from yici.rules.kiosks import (
    GIVEN_UP_AFTER,
    INTERRUPTED,
    CannotPrint,
    Printer,
    PrintState,
    PrintWhat,
)
from yici.rules.people import Role
from yici.rules.words import Words

NoSuchPrint = (PrintJob.DoesNotExist, *licences.NoSuchLicence, *cases.NoSuchApplication)
MOST_SHOWN = 100
NO_ERROR = Words("", "")


@dataclass(frozen=True, slots=True)
class PrintView:
    """A print job as its person, or the staff of the hall, sees it; what stands on the paper is not in it."""

    public_id: UUID
    what: PrintWhat
    document_id: UUID
    copy: int
    state: PrintState
    attempts: int
    error: Words
    detail: str
    kiosk_name: Words
    hall_name: Words
    requested_at: datetime
    finished_at: datetime | None


def ask_for_print(*, kiosk: KioskView, what: PrintWhat, document_id: UUID, by: Viewer, now: datetime) -> UUID:
    """Queue one copy of a document of the viewer and return the job's id; while it is under way, asking again is it.

    Raises NoSuchPrint for anybody else's document, and CannotPrint for a licence that does not stand any more.
    """
    _check_may_print(by, what, document_id, now)
    same = PrintJob.objects.filter(kiosk_id=kiosk.id, what=what, document_id=document_id)
    try:
        with transaction.atomic():
            job = PrintJob.objects.create(
                kiosk_id=kiosk.id,
                what=what,
                document_id=document_id,
                party_id=by.party_id or 0,  # a viewer without a party has no documents and never comes here
                represented_id=by.acting_for_id,
                copy=same.filter(state=PrintState.PRINTED).count() + 1,
                requested_at=now,
            )
            facts = {"what": what, "document": str(document_id), "copy": job.copy}
            journal.record("print.asked", subject=str(job), by=by.label, now=now, facts=facts)
            _defer(job.pk)
    except IntegrityError:  # a second press while the first copy is under way
        return same.get(state__in=[PrintState.QUEUED, PrintState.PRINTING]).public_id
    return job.public_id


def _check_may_print(by: Viewer, what: PrintWhat, document_id: UUID, now: datetime) -> None:
    if what is PrintWhat.RECEIPT:
        cases.application(by, document_id, now=now)
        return
    licence = licences.licence(by, document_id, today=local_day(now))
    if licence.status != "valid":
        raise CannotPrint(
            zh=f"这份证照{licence.status_words.zh}，不能打印。请到窗口咨询。",
            en=f"This licence is not printed: {licence.status_words.en}. Ask at a window.",
        )


def _defer(job_id: int) -> None:
    # In the same transaction: what was rolled back is never printed. By name, since jobs.py calls this module.
    app.configure_task("halls.print").defer(job_id=job_id)


@transaction.atomic
def print_again(*, job_id: UUID, by: Viewer, now: datetime) -> None:
    """Queue a failed job once more, by its person or by the staff of the hall. Raises CannotPrint when it did not fail.

    Raises PrintJob.DoesNotExist for everybody else.
    """
    rows = _of_hall(by) if by.is_staff else _of_person(by)
    job = rows.select_for_update(of=("self",)).get(public_id=job_id)
    if job.state != PrintState.FAILED:
        raise CannotPrint(
            zh="这份文件没有打印失败，不需要重新打印。", en="This print did not fail; there is nothing to repeat."
        )
    same = PrintJob.objects.filter(kiosk_id=job.kiosk_id, what=job.what, document_id=job.document_id)
    if same.filter(state__in=[PrintState.QUEUED, PrintState.PRINTING]).exists():
        raise CannotPrint(zh="这份文件正在打印。", en="This document is being printed already.")
    job.state, job.error, job.error_en, job.detail, job.finished_at = PrintState.QUEUED, "", "", "", None
    job.save(update_fields=["state", "error", "error_en", "detail", "finished_at"])
    journal.record("print.asked", subject=str(job), by=by.label, now=now, facts={"again": job.attempts})
    _defer(job.pk)


def run_print(*, job_id: int, now: datetime) -> None:
    """Print one queued job; one that somebody else has begun, or that is over, is left alone.

    The claim is committed before the printer hears of it: a program killed in the middle leaves a job that says
    "printing", which the sweep turns into a failure with its sentence, and never a second copy.
    """
    claimed = PrintJob.objects.filter(pk=job_id, state=PrintState.QUEUED).update(
        state=PrintState.PRINTING, attempts=F("attempts") + 1, started_at=now
    )
    if not claimed:
        return
    job = PrintJob.objects.select_related("kiosk", "party", "represented").get(pk=job_id)
    try:
        printers.send(_printer(job), _paper_name(job), _document(job, now))
    except printers.PrinterFault as fault:
        _end(job, PrintState.FAILED, timezone.now(), fault.words, fault.detail)
    except NoSuchPrint:
        gone = Words("文件已不存在，没有打印。", "The document is not there any more; nothing was printed.")
        _end(job, PrintState.FAILED, timezone.now(), gone)
    else:
        _end(job, PrintState.PRINTED, timezone.now())


def _printer(job: PrintJob) -> Printer:
    return Printer(job.kiosk.printer_kind, job.kiosk.printer_target)


def _paper_name(job: PrintJob) -> str:
    """Return what the printer calls this paper: unique for the copy, the same at every attempt, nothing personal."""
    return f"yici-{job.public_id}"


def _document(job: PrintJob, now: datetime) -> bytes:
    viewer = _owner(job)
    if job.what == PrintWhat.LICENCE:
        return licences.pdf(viewer, job.document_id)
    return receipt_pdf(cases.application(viewer, job.document_id, now=now), viewer.subject_name)


def _owner(job: PrintJob) -> Viewer:
    other = job.represented
    return Viewer(
        label=str(job.party),
        party_id=job.party_id,
        party_name=job.party.name,
        acting_for_id=other.pk if other else None,
        acting_for_name=other.name if other else "",
    )


@transaction.atomic
def _end(job: PrintJob, state: PrintState, now: datetime, error: Words = NO_ERROR, detail: str = "") -> bool:
    """Write how a print ended, unless the sweep was faster. Returns whether it was written."""
    ended = PrintJob.objects.filter(pk=job.pk, state=PrintState.PRINTING, attempts=job.attempts).update(
        state=state, error=error.zh, error_en=error.en, detail=detail, finished_at=now
    )
    if ended:
        facts = {"attempt": job.attempts}
        kind = "print.printed" if state is PrintState.PRINTED else "print.failed"
        journal.record(kind, subject=str(job), by=str(job.kiosk), now=now, facts=facts)
    return bool(ended)


def sweep_interrupted(*, now: datetime) -> int:
    """End prints whose program was killed in the middle and return how many.

    A copy that lies in its folder was printed; of any other nobody knows, and the sentence says so.
    """
    stale = PrintJob.objects.filter(state=PrintState.PRINTING, started_at__lt=now - GIVEN_UP_AFTER)
    ended = 0
    for job in stale.select_related("kiosk"):
        if printers.is_in_folder(_printer(job), _paper_name(job)):
            ended += _end(job, PrintState.PRINTED, now)
        else:
            printers.tidy_folder(_printer(job), _paper_name(job))
            ended += _end(job, PrintState.FAILED, now, INTERRUPTED)
    return ended


def print_of(viewer: Viewer, public_id: UUID) -> PrintView:
    """Return one print of the viewer. Raises PrintJob.DoesNotExist for anybody else."""
    return _view(_of_person(viewer).select_related("kiosk__hall").get(public_id=public_id))


def printed_before(viewer: Viewer, *, now: datetime) -> dict[UUID, datetime]:
    """Return when the viewer's documents were last printed today, so that nobody prints twice without knowing."""
    rows = _of_person(viewer).filter(state=PrintState.PRINTED, finished_at__date=local_day(now))
    return dict(rows.order_by("finished_at").values_list("document_id", "finished_at"))  # type: ignore[arg-type]


def failed_prints(viewer: Viewer) -> list[PrintView]:
    """Return the failed prints of the halls a window clerk works in, newest first, at most a hundred."""
    rows = _of_hall(viewer).filter(state=PrintState.FAILED).select_related("kiosk__hall").order_by("-id")
    return [_view(row) for row in rows[:MOST_SHOWN]]


def _of_person(viewer: Viewer) -> QuerySet[PrintJob]:
    mine = Q(party_id=viewer.party_id or 0, represented_id=viewer.acting_for_id)
    return PrintJob.objects.filter(mine)


def _of_hall(viewer: Viewer) -> QuerySet[PrintJob]:
    """Return what the clerk's own hall prints; without a hall of his own, what the halls of his region print."""
    if not viewer.has_role(Role.WINDOW) or not viewer.region_path:
        return PrintJob.objects.none()
    if viewer.hall_id:
        return PrintJob.objects.filter(kiosk__hall_id=viewer.hall_id)
    return PrintJob.objects.filter(kiosk__hall__region__path__startswith=viewer.region_path)


def _view(row: PrintJob) -> PrintView:
    return PrintView(
        public_id=row.public_id,
        what=PrintWhat(row.what),
        document_id=row.document_id,
        copy=row.copy,
        state=PrintState(row.state),
        attempts=row.attempts,
        error=Words(row.error, row.error_en),
        detail=row.detail,
        kiosk_name=Words(row.kiosk.name, row.kiosk.name_en),
        hall_name=Words(row.kiosk.hall.name, row.kiosk.hall.name_en),
        requested_at=row.requested_at,
        finished_at=row.finished_at,
    )
