"""The one receipt: every item, who handles it, by when, the papers taken and given back (规定 art. 11)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from yici.apps.cases.applicant_acts import own_applications
from yici.apps.cases.models import Application, Case
from yici.apps.halls import receipt_pdf
from yici.apps.halls.models import ExtraDemand, Receipt, ServedVisit, TakenPaper
from yici.apps.journal import actions as journal
from yici.apps.licences.keys import seal_folder, the_seal
from yici.apps.licences.signing import sign
from yici.apps.people.viewers import Viewer
from yici.rules.cases import CaseState
from yici.rules.clock_courses import local_day
from yici.rules.identification import IdentificationWay

NoSuchReceipt = Receipt.DoesNotExist
ARTICLE_11 = "浙江省保障“最多跑一次”改革规定 第十一条"


@dataclass(frozen=True, slots=True)
class ReceiptView:
    """A receipt as person and clerk read it; ``content`` is what was handed out, unchanged since."""

    public_id: UUID
    application_id: UUID
    content: dict[str, Any]
    made_at: datetime


@transaction.atomic
def make(application: Application, visit: ServedVisit, *, by: Viewer, now: datetime) -> UUID:
    """Make the receipt of what was taken in this visit (the caller has decided who may)."""
    row = Receipt.objects.create(
        application=application, visit=visit, content=_content(application, visit, by, now), made_at=now
    )
    facts = {"receipt": str(row.public_id), "visit": str(visit.public_id)}
    journal.record("hall.receipt_made", subject=application.reference, by=by.label, now=now, facts=facts)
    return row.public_id


def receipt_of(application: Application, visit: ServedVisit) -> UUID | None:
    """Return the receipt made in this visit already, so that nothing is receipted twice."""
    return Receipt.objects.filter(application=application, visit=visit).values_list("public_id", flat=True).first()


def _content(application: Application, visit: ServedVisit, by: Viewer, now: datetime) -> dict[str, Any]:
    cases = application.cases.select_related("organisation").order_by("position")
    papers = TakenPaper.objects.filter(application=application).order_by("pk")
    demands = ExtraDemand.objects.filter(application=application).order_by("pk")
    subject = application.represented or application.applicant
    return {
        "reference": application.reference,
        "event": [application.event_name, application.event_name_en],
        "subject": subject.name,
        "through": application.applicant.name if application.represented else "",
        "identified": list(IdentificationWay(visit.way).words),
        "hall": [visit.hall.name, visit.hall.name_en, visit.hall.phone],
        "clerk": by.name,
        "day": local_day(now).isoformat(),
        "basis": ARTICLE_11,
        "promised_days": application.promised_days,
        "promised_visits": application.promised_visits,
        "items": [_item(case) for case in cases],
        "papers": [_paper(paper) for paper in papers],
        "demands": [{"what": one.what, "why": one.why, "asked_by": one.asked_by} for one in demands],
    }


def _item(case: Case) -> dict[str, Any]:
    state = CaseState(case.state)
    return {
        "code": case.code,
        "name": [case.name, case.name_en],
        "organisation": [case.organisation.name, case.organisation.name_en],
        "accepted": case.accepted_at is not None,
        "state": list(state.words),
        "due": case.due_on.isoformat() if case.due_on else "",
    }


def _paper(paper: TakenPaper) -> dict[str, Any]:
    return {
        "name": [paper.name, paper.name_en],
        "finding": paper.finding,
        "original_seen": paper.original_seen,
        "scanned": paper.attachment_id is not None,
        "kept": paper.kept,
        "reason": paper.reason,
    }


def receipts_of(viewer: Viewer, application_id: UUID) -> list[ReceiptView]:
    """Return the receipts of an application of the viewer, newest first; none of anybody else's."""
    return [_view(row) for row in _own(viewer).filter(application__public_id=application_id).order_by("-made_at")]


def receipt(viewer: Viewer, public_id: UUID) -> ReceiptView:
    """Return one receipt. Raises Receipt.DoesNotExist for anybody else's."""
    return _view(_own(viewer).get(public_id=public_id))


def receipt_file(viewer: Viewer, public_id: UUID) -> bytes:
    """Return the receipt as a PDF with each department's seal, signed (规定 art. 11, fourth paragraph)."""
    row = _own(viewer).get(public_id=public_id)
    page = receipt_pdf.draw(str(row.public_id), row.content, demo=settings.DEMO)
    return sign(page, the_seal(seal_folder(settings.DATA_DIR)), reason="受理凭证 Receipt of acceptance")


def _own(viewer: Viewer) -> QuerySet[Receipt]:
    return Receipt.objects.filter(application__in=own_applications(viewer)).select_related("application")


def _view(row: Receipt) -> ReceiptView:
    return ReceiptView(row.public_id, row.application.public_id, row.content, row.made_at)
