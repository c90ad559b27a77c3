"""The evidence of a case as it comes in: what is fetched, what the person uploaded, what he must still show."""

from collections.abc import Mapping

from yici.apps.cases.models import Attachment, Case, Evidence
from yici.apps.cases.submission import CannotSubmit, Submission
from yici.apps.registry import actions as registry
from yici.apps.registry import disputes
from yici.rules.grants import ASK_ONCE_BASIS, Purpose
from yici.rules.items import Item
from yici.rules.plans import Evidence as PlannedEvidence
from yici.rules.plans import EvidenceStatus

STATUS = {
    EvidenceStatus.FETCHED: "present",
    EvidenceStatus.FROM_RESULT: "awaited",
    EvidenceStatus.FORM: "present",
    EvidenceStatus.DECLARE: "present",
    EvidenceStatus.COMMIT: "present",
    EvidenceStatus.UPLOAD: "missing",  # until the upload is found
    EvidenceStatus.ORIGINAL: "due",
    EvidenceStatus.UNMET: "due",  # the window must find a way with the person
    EvidenceStatus.SKIPPED: "skipped",
}


def uploaded_papers(submission: Submission) -> dict[str, Attachment]:
    """Return what the person uploaded for the draft, by what it proves; the latest of each counts."""
    rows = Attachment.objects.filter(draft_id=submission.draft_id, party_id=submission.applicant_id)
    return {row.proves: row for row in rows.order_by("uploaded_at")} if submission.draft_id else {}


def write_evidence(case: Case, item: Item, submission: Submission, papers: Mapping[str, Attachment]) -> list[Evidence]:
    """Write the evidence of one case and return it. Raises CannotSubmit when a necessary upload is still to come."""
    planned = [row for row in submission.plan.evidence if row.item == item.key]
    values, claims = _fetch(planned, case, submission), _claims(planned, submission)
    necessity = {one.key: str(one.necessity) for one in item.requirements}
    rows = [_evidence_row(case, row, necessity[row.requirement], values, papers) for row in planned]
    for evidence in rows:
        evidence.own_value_text = claims.get(evidence.target, "") if evidence.way == "data" else ""
    missing = [row for row in rows if row.way == "upload" and row.status == "missing" and row.necessity == "necessary"]
    if missing and submission.draft_id:
        names = "、".join(row.name for row in missing), ", ".join(row.name_en for row in missing)
        raise CannotSubmit(
            zh=f"还没有上传：{names[0]}。请上传后再提交。", en=f"Still to upload: {names[1]}. Upload before submitting."
        )
    return Evidence.objects.bulk_create(rows)


def _fetch(planned: list[PlannedEvidence], case: Case, submission: Submission) -> Mapping[str, object]:
    """Read the records that satisfy requirements of one item: content is read now, for this application, for a purpose.

    Raises CannotSubmit when a grant that the plan counted on is gone: the person must see the new plan first.
    """
    wanted = sorted({row.way.target for row in planned if row.way and row.way.kind == "data"})
    if not wanted:
        return {}
    answer = registry.fetch(
        party_id=submission.subject_id,
        region_code=submission.region_code,
        wanted=wanted,
        items=[case.item_key],
        purpose=Purpose.EVIDENCE,
        basis=ASK_ONCE_BASIS,
        case_reference=case.application.reference,
        case_is_open=case.closed_at is None,
        by=submission.submitted_by,
        now=submission.now,
    )
    if answer.left_out:
        raise CannotSubmit(
            zh="有一项数据刚刚停止共享，办理方案有变化，申请没有提交。请刷新方案，看看需要补什么。",
            en="A datum has just stopped being shared, so the plan has changed and nothing was submitted. Look at the "
            "plan again to see what is needed.",
        )
    return answer.content


def _claims(planned: list[PlannedEvidence], submission: Submission) -> Mapping[str, str]:
    """Return the person's own values for data that he disputes: they are what the desk must go by (规定 art.7)."""
    wanted = [row.way.target for row in planned if row.way and row.way.kind == "data"]
    found = disputes.open_claims(submission.subject_id, wanted) if wanted else {}
    return {**{key: claim.value for key, claim in found.items()}, **submission.disputed}


def _evidence_row(
    case: Case,
    row: PlannedEvidence,
    necessity: str,
    values: Mapping[str, object],
    papers: Mapping[str, Attachment],
) -> Evidence:
    way = row.way
    paper = papers.get(row.proves) if way and way.kind == "upload" else None
    return Evidence(
        case=case,
        requirement=row.requirement,
        proves=row.proves,
        name=row.name.zh,
        name_en=row.name.en,
        way=way.kind if way else "",
        target=way.target if way else "",
        source=row.source.zh,
        source_en=row.source.en,
        necessity=necessity,
        status="present" if paper else STATUS[row.status],
        value_text=str(values.get(way.target, "")) if way and way.kind == "data" else "",
        attachment=paper,
    )
