"""What deputies' stations file, and what becomes of it: a referral of its own, or part of one there is."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from yici.apps.catalogue import queries as catalogue
from yici.apps.journal import actions as journal
from yici.apps.people.viewers import Viewer
from yici.apps.places.models import Region
from yici.apps.referrals import actions, moving
from yici.apps.referrals.models import DeputySubmission, Referral
from yici.apps.referrals.origins import STATION, Evidence, Origin, burdens_of
from yici.apps.referrals.rights import may_enter, may_refer, submissions_of
from yici.rules.clock_courses import local_day
from yici.rules.items import LegalBasis
from yici.rules.people import Role
from yici.rules.referral_course import ReferralState
from yici.rules.referrals import CannotRefer, Content, ReferralKind
from yici.rules.words import Words

MOST_VOICES = 100_000
LONGEST = 2000
MOST_SHOWN = 200
NoSuchSubmission = DeputySubmission.DoesNotExist


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """What a station collected: how many voters (``voices``) said it to which deputy, and on which day."""

    deputy: str
    subject: str
    detail: str
    voices: int
    collected_on: date
    item_key: str = ""


@dataclass(frozen=True, slots=True)
class SubmissionLine:
    """One submission as its station, liaisons and reform offices read it."""

    public_id: UUID
    station: Words
    region: Words
    deputy: str
    subject: str
    detail: str
    item_key: str
    item: Words | None
    voices: int
    collected_on: date
    filed_at: datetime
    referral: UUID | None
    docket: str


def may_see_stations(viewer: Viewer) -> bool:
    """Whether somebody files, or decides what becomes of what was filed."""
    return may_enter(viewer) and viewer.has_role(Role.STATION, Role.LIAISON, Role.REFORM)


def listed(viewer: Viewer) -> list[SubmissionLine]:
    """Return the submissions somebody may see: what waits first, then the newest."""
    rows = submissions_of(viewer).order_by("referral_id", "-filed_at")[:MOST_SHOWN]
    return [_line(row) for row in sorted(rows, key=lambda row: row.referral_id is not None)]


def submission(viewer: Viewer, public_id: UUID) -> SubmissionLine:
    """Return one submission. Raises NoSuchSubmission for what is not the viewer's."""
    return _line(submissions_of(viewer).get(public_id=public_id))


def _line(row: DeputySubmission) -> SubmissionLine:
    item = catalogue.catalogue_for("").items.get(row.item_key)
    return SubmissionLine(
        public_id=row.public_id,
        station=Words(row.organisation.name, row.organisation.name_en),
        region=Words(row.region.name, row.region.name_en),
        deputy=row.deputy,
        subject=row.subject,
        detail=row.detail,
        item_key=row.item_key,
        item=item.name if item else None,
        voices=row.voices,
        collected_on=row.collected_on,
        filed_at=row.filed_at,
        referral=row.referral.public_id if row.referral else None,
        docket=row.referral.docket if row.referral else "",
    )


@transaction.atomic
def file(*, collected: Collected, by: Viewer, now: datetime) -> UUID:
    """File what voters said at a deputies' station (浙江办法 art. 38). Raises CannotRefer."""
    if not may_enter(by) or not by.has_role(Role.STATION) or by.organisation_id is None:
        raise CannotRefer(zh="只有代表联络站可以提交。", en="Only a deputies' station files this.")
    _check(collected, local_day(now))
    row = DeputySubmission.objects.create(
        region=_region(by),
        organisation_id=by.organisation_id,
        deputy=collected.deputy.strip()[:60],
        subject=collected.subject.strip(),
        detail=collected.detail.strip(),
        item_key=collected.item_key,
        voices=collected.voices,
        collected_on=collected.collected_on,
        filed_at=now,
        filed_by=by.label,
    )
    facts = {"voices": collected.voices, "item": collected.item_key}
    journal.record("referrals.collected", subject=str(row), by=by.label, now=now, facts=facts)
    return row.public_id


def _region(by: Viewer) -> Region:
    return Region.objects.at(by.region_code or "")


def _check(collected: Collected, today: date) -> None:
    texts = (collected.deputy.strip(), collected.subject.strip())
    if not all(texts) or len(collected.subject) > 120 or not 10 <= len(collected.detail.strip()) <= LONGEST:
        raise CannotRefer(
            zh="请填写代表姓名、题目（120字以内）和内容（10至2000字）。",
            en="Give the deputy's name, a subject of at most 120 characters, and what was said in 10 to 2000.",
        )
    if not 1 <= collected.voices <= MOST_VOICES:
        raise CannotRefer(zh="请填写反映的人数（至少1人）。", en="Say how many voters said it, one or more.")
    if collected.collected_on > today:
        raise CannotRefer(zh="收集日期不能晚于今天。", en="The day it was collected is not after today.")
    if collected.item_key and collected.item_key not in catalogue.catalogue_for("").items:
        raise CannotRefer(zh="没有这个事项。请从列表中选择。", en="There is no such item. Choose one from the list.")


@transaction.atomic
def refer_submission(
    *,
    submission_id: UUID,
    burden: str,
    kind: ReferralKind,
    content: Content,
    by: Viewer,
    now: datetime,
    basis: LegalBasis | None = None,
) -> Referral:
    """Make a referral of a submission: of a burden of its item, or of the ``basis`` it names. Raises CannotRefer."""
    if not may_refer(by):
        raise DeputySubmission.DoesNotExist
    row = _waiting(by, submission_id)
    ground = next((one for one in burdens_of(row.item_key) if one.key == burden), None)
    if ground is None and basis is None:
        raise CannotRefer(
            zh="请选择事项的一项要求，或写明要修改的法规和条款。",
            en="Choose a burden of the item, or name the rule and the article.",
        )
    origin = Origin(
        kind=STATION,
        public_id=str(row.public_id),
        title=Words(row.subject, row.subject),
        region_code=row.region.code,
        item_key=row.item_key,
        requirement_key=ground.key if ground else "",
        basis=ground.basis if ground else basis,
        voices=row.voices,
        evidence=(_evidence(row),),
    )
    made = actions.refer(origin=origin, kind=kind, content=content, by=by, now=now)
    row.referral = made
    row.save(update_fields=["referral"])
    return made


def _evidence(row: DeputySubmission) -> Evidence:
    return Evidence(
        Words("向代表反映的人数", "Voters who said it to a deputy"),
        str(row.voices),
        Words(f"{row.organisation.name}代表联络站", f"Deputies' station, {row.organisation.name_en}"),
        row.filed_at,
    )


@transaction.atomic
def attach(*, submission_id: UUID, referral_id: UUID, by: Viewer, now: datetime) -> None:
    """Add a submission to a referral there is: its voters count as evidence. Raises CannotRefer."""
    if not may_refer(by):
        raise DeputySubmission.DoesNotExist
    submission, row = _waiting(by, submission_id), moving.locked(by, referral_id)
    if row.state == ReferralState.CLOSED:
        raise CannotRefer(zh="移送已办结，不能再并入。", en="The referral is closed.")
    submission.referral = row
    submission.save(update_fields=["referral"])
    row.evidence = [*row.evidence, _evidence(submission).plain()]
    row.save(update_fields=["evidence"])
    journal.record("referrals.attached", subject=str(row), by=by.label, now=now, facts={"submission": str(submission)})


def _waiting(by: Viewer, submission_id: UUID) -> DeputySubmission:
    key = submissions_of(by).get(public_id=submission_id).pk
    rows = DeputySubmission.objects.select_for_update(of=("self",)).select_related("region", "organisation")
    row = rows.get(pk=key)
    if row.referral_id is not None:
        raise CannotRefer(zh="这份意见已经移送。", en="This submission was referred already.")
    return row
