"""What the applicant does after submitting: answer a correction, write, withdraw; and ask the one window."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from yici.apps.cases import moves
from yici.apps.cases.models import Application, Attachment, Case, HallRequest, Message
from yici.apps.cases.papers import Paper, take_paper
from yici.apps.cases.reference_numbers import new_reference
from yici.apps.journal import actions as journal
from yici.apps.people.viewers import Viewer
from yici.apps.places import queries as places
from yici.apps.planning import actions as planning
from yici.apps.planning import queries as plans
from yici.apps.planning.models import Draft
from yici.rules.cases import CannotAct, CaseAct, CaseState
from yici.rules.forms import read_value
from yici.rules.items import Element, ElementKind
from yici.rules.people import EVERYTHING
from yici.rules.words import Words

MOST_PAPERS = 40
PHONE = Element("phone", Words("联系电话", "Phone"), Words("", ""), ElementKind.PHONE)


@dataclass(frozen=True, slots=True)
class PaperView:
    """A paper of a draft as its owner sees it."""

    public_id: UUID
    proves: str
    filename: str
    size: int


def own_applications(viewer: Viewer) -> QuerySet[Application]:
    """Return the applications of the person, or of whom he acts for."""
    if viewer.acting_for_id:
        rows = Application.objects.filter(represented_id=viewer.acting_for_id)
        # A narrow mandate opens what it is for, not everything the company ever applied for.
        return rows if EVERYTHING in viewer.scopes else rows.filter(event_key__in=viewer.scopes)
    return Application.objects.filter(Q(applicant_id=viewer.party_id or 0, represented=None))


@transaction.atomic
def add_paper(*, by: Viewer, draft_id: UUID, proves: str, filename: str, content: bytes, now: datetime) -> UUID:
    """Keep one uploaded paper of a draft. Raises CannotTakePaper."""
    paper = take_paper(filename, content)
    plans.own_drafts(by, "").get(public_id=draft_id, submitted_at=None)  # anybody else's is not there
    if Attachment.objects.filter(draft_id=draft_id).count() >= MOST_PAPERS:
        raise CannotAct(
            zh=f"一次申请最多上传 {MOST_PAPERS} 份材料。", en=f"At most {MOST_PAPERS} papers an application."
        )
    row = _keep(paper, by, proves, draft_id, now)
    journal.record("paper.added", subject=str(draft_id), by=by.label, now=now, facts={"sha256": paper.sha256})
    return row.public_id


@transaction.atomic
def keep_scan(*, by: Viewer, proves: str, filename: str, content: bytes, now: datetime) -> UUID:
    """Keep a paper scanned for an application that is submitted already. Raises CannotTakePaper."""
    row = _keep(take_paper(filename, content), by, proves, None, now)
    journal.record("paper.added", subject=str(row.public_id), by=by.label, now=now, facts={"sha256": row.sha256})
    return row.public_id


def _keep(paper: Paper, by: Viewer, proves: str, draft_id: UUID | None, now: datetime) -> Attachment:
    return Attachment.objects.create(
        party_id=by.party_id or 0,
        draft_id=draft_id,
        proves=proves[:80],
        filename=paper.filename,
        kind=paper.kind,
        size=len(paper.content),
        sha256=paper.sha256,
        content=paper.content,
        uploaded_at=now,
    )


def papers_of_draft(*, by: Viewer, draft_id: UUID) -> list[PaperView]:
    """Return the papers the person has uploaded to his draft."""
    rows = Attachment.objects.filter(draft_id=draft_id, party_id=by.party_id or 0).defer("content")
    return [PaperView(row.public_id, row.proves, row.filename, row.size) for row in rows.order_by("uploaded_at")]


def _own_case(by: Viewer, case_id: UUID) -> Case:
    row = Case.objects.get(public_id=case_id, application__in=own_applications(by))
    return moves.locked(row.pk)


@transaction.atomic
def answer_correction(
    *, case_id: UUID, reply: str, papers: Mapping[str, tuple[str, bytes]], by: Viewer, now: datetime
) -> None:
    """Answer the correction notice, or supply deferred papers. Raises CannotAct, CannotTakePaper."""
    case = _own_case(by, case_id)
    notice = case.correction_notices.filter(answered_at=None).order_by("-issued_at").first()
    if notice is None:
        raise CannotAct(zh="这件没有需要补正的内容。", en="Nothing of this case waits for your correction.")
    taken = {key: take_paper(*sent) for key, sent in papers.items() if sent[1]}
    asked = {line["requirement"] for line in notice.asked}
    if not reply.strip() and not taken:
        raise CannotAct(zh="请填写说明或上传材料后再提交。", en="Write an answer or upload a paper before sending.")
    for requirement, paper in taken.items():
        if requirement in asked:
            row = case.evidence.get(requirement=requirement)
            row.attachment, row.status = _keep(paper, by, row.proves, None, now), "present"
            row.save(update_fields=["attachment", "status"])
    # What was explained in words goes back to the reviewer as answered; he accepts or refuses, he may not ask again.
    case.evidence.filter(requirement__in=asked, status__in=moves.NOT_THERE).update(status="present", note=reply[:2000])
    notice.answered_at, notice.reply = now, reply.strip()[:2000]
    notice.save(update_fields=["answered_at", "reply"])
    act = CaseAct.CURE_DEFICIENCY if notice.deficiency else CaseAct.ANSWER_CORRECTION
    moves.move(case, act, moves.by_applicant(by, now), reason=reply)
    if notice.deficiency:
        case.deficient = False
        case.save(update_fields=["deficient"])


@transaction.atomic
def write_message(*, application_id: UUID, text: str, by: Viewer, now: datetime) -> None:
    """Write to the departments inside the application; it never moves a deadline."""
    application = own_applications(by).get(public_id=application_id)
    if not text.strip():
        raise CannotAct(zh="请填写留言内容。", en="Write the message first.")
    Message.objects.create(
        application=application,
        author=by.label,
        author_name=by.name,
        from_staff=False,
        text=text.strip()[:2000],
        written_at=now,
    )
    journal.record("application.message", subject=application.reference, by=by.label, now=now)


@transaction.atomic
def withdraw_application(*, application_id: UUID, reason: str, by: Viewer, now: datetime) -> None:
    """Withdraw every case not yet decided. Raises CannotAct when all are decided."""
    application = own_applications(by).select_for_update().get(public_id=application_id)
    undecided = [
        case
        for case in application.cases.order_by("position")
        if not CaseState(case.state).is_decided and not CaseState(case.state).is_final
    ]
    if not undecided:
        raise CannotAct(
            zh="所有事项都已作出决定，不能撤回。如不再需要证照，可以申请注销。",
            en="Everything is decided and cannot be withdrawn. If you no longer need a licence, apply to cancel it.",
        )
    for case in undecided:
        held = moves.locked(case.pk)
        moves.move(held, CaseAct.WITHDRAW, moves.by_applicant(by, now), reason=reason)


@transaction.atomic
def ask_the_hall(
    *, need: str, contact_phone: str, region_code: str, draft_id: UUID | None, by: Viewer, now: datetime
) -> UUID:
    """Give a need to the one window of a place; a clerk answers it within the day."""
    if len(need.strip()) < 4:
        raise CannotAct(zh="请写明您要办什么事。", en="Say what you need done.")
    draft = Draft.objects.filter(public_id=draft_id, party_id=by.party_id or 0).first() if draft_id else None
    planning.check_scope(by, draft.event_key if draft else "")
    request = HallRequest.objects.create(
        reference=new_reference(now),
        party_id=by.party_id or 0,
        represented_id=by.acting_for_id,
        region=places.region_row(region_code),
        event_key=draft.event_key if draft else "",
        answers_text=draft.answers_text if draft else "{}",
        need=need.strip()[:1000],
        contact_phone=str(read_value(PHONE, contact_phone)),
        made_at=now,
    )
    journal.record("hall.asked", subject=request.reference, by=by.label, now=now, facts={"region": region_code})
    return request.public_id
