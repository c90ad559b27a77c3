"""An organisation contests a counted thing under a clock; the reform office, never the organisation itself, decides."""

from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from yici.apps.accountability.counting import counted_rows
from yici.apps.accountability.models import Contest
from yici.apps.accountability.month_counting import count_figure
from yici.apps.journal import actions as journal
from yici.apps.people.viewers import Viewer
from yici.apps.registry.granting import due_on
from yici.rules.people import Role
from yici.rules.refusals import Refusal

FEWEST_WORDS = 10  # characters: a contest without a reason cannot be judged


class CannotContest(Refusal):
    """A point that cannot be contested, or not by this person; nothing was kept."""


@transaction.atomic
def contest(*, month: date, measure: str, ref: str, reason: str, by: Viewer, now: datetime) -> UUID:
    """Contest one counted thing of one's own organisation. Raises CannotContest, CannotCount."""
    organisation, region = by.organisation_id, by.region_code
    if organisation is None or region is None or not by.has_role(Role.DECIDER, Role.REVIEWER):
        raise CannotContest(
            zh="只有本单位的审核或决定岗位可以提出异议。", en="Only a reviewer or decider of the organisation contests."
        )
    if len(reason.strip()) < FEWEST_WORDS:
        raise CannotContest(zh="请写明理由（至少10个字）。", en="Say why, in ten characters or more.")
    if not any(one.ref == ref for one in counted_rows(organisation, month, measure)):
        raise CannotContest(
            zh="本单位该月的这项指标里没有这一件。请核对编号。",
            en="This measure of your organisation has no such thing in the month. Check its number.",
        )
    made = _kept(
        Contest(
            organisation_id=organisation,
            month=month,
            measure=measure,
            ref=ref,
            reason=reason.strip()[:2000],
            contested_at=now,
            contested_by=by.label,
            due_on=due_on("scorecard_contest", region, now),
        )
    )
    facts = {"measure": measure, "month": month.isoformat()}
    journal.record("accountability.contested", subject=str(made), by=by.label, now=now, facts=facts)
    return made.public_id


def _kept(row: Contest) -> Contest:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise CannotContest(zh="这一件已经提出过异议。", en="This one has been contested before.") from error
    return row


@transaction.atomic
def decide_contest(*, contest_id: UUID, upheld: bool, answer: str, by: Viewer, now: datetime) -> None:
    """Decide a contest; an upheld one is counted no more, at once. Raises CannotContest, Contest.DoesNotExist."""
    row = (
        Contest.objects.select_for_update(of=("self",)).select_related("organisation__region").get(public_id=contest_id)
    )
    if not by.has_role(Role.REFORM) or not by.covers(row.organisation.region.path):
        raise Contest.DoesNotExist
    if by.organisation_id == row.organisation_id or by.label == row.contested_by:
        raise CannotContest(zh="不能裁定本单位的异议。", en="Nobody decides about his own organisation.")
    if row.decided_at is not None or not answer.strip():
        raise CannotContest(zh="已经裁定，或没有写明理由。", en="It has been decided, or no reason was given.")
    row.upheld, row.answer = upheld, answer.strip()[:2000]
    row.decided_at, row.decided_by = now, by.label
    row.save(update_fields=["upheld", "answer", "decided_at", "decided_by"])
    if upheld:
        count_figure(row.organisation, row.month, row.measure, now=now)
    facts = {"upheld": upheld, "measure": row.measure, "month": row.month.isoformat()}
    journal.record("accountability.contest_decided", subject=str(row), by=by.label, now=now, facts=facts)
