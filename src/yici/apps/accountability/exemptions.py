"""Asking for an exemption from responsibility, deciding it one level above, and the public list (规定 art. 46)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Length

from yici.apps.accountability.counting import rows_of
from yici.apps.accountability.exemption_models import Exemption
from yici.apps.accountability.month_counting import count_figure
from yici.apps.journal import actions as journal
from yici.apps.people.viewers import Viewer
from yici.apps.places.models import Region
from yici.apps.registry.granting import due_on
from yici.rules.exemptions import CONDITIONS, CannotExempt, Finding, Statement, check_statements, is_exempt
from yici.rules.people import Role
from yici.rules.words import Words

MOST = 200
NoSuchExemption = Exemption.DoesNotExist


@dataclass(frozen=True, slots=True)
class PublicExemption:
    """An exemption as everybody reads it: who, what, which conditions fail, the decision; nobody's words."""

    office: Words
    region: Words
    measure: str
    month: date
    asked_at: datetime
    due_on: date
    granted: bool | None
    failed: tuple[str, ...]
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class ExemptionLine:
    """An exemption as both sides read it, with the words of both."""

    public_id: UUID
    public: PublicExemption
    ref: str
    statements: dict[str, Statement]
    findings: dict[str, str]


@transaction.atomic
def ask(*, month: date, measure: str, ref: str, statements: Mapping[str, Statement], by: Viewer, now: datetime) -> UUID:
    """Ask that one counted thing of one's own organisation is not held against it. Raises CannotExempt, CannotCount."""
    organisation, region = by.organisation_id, by.region_code
    if organisation is None or region is None or not by.has_role(Role.DECIDER, Role.REVIEWER):
        raise CannotExempt(
            zh="只有本单位的审核或决定岗位可以申请免责。", en="Only a reviewer or decider of the organisation asks."
        )
    check_statements(statements)
    if not any(one.ref == ref for one in rows_of([organisation], month, measure, only_bad=True)):
        raise CannotExempt(
            zh="本单位该月的这项指标里没有这一件失误。请核对编号。",
            en="This measure of your organisation has no such failure in the month. Check its number.",
        )
    made = Exemption(
        organisation_id=organisation, month=month, measure=measure, ref=ref, asked_at=now, asked_by=by.label,
        statements={key: [one.said.strip(), one.evidence.strip()] for key, one in statements.items()},
        due_on=due_on("scorecard_contest", region, now),
    )  # fmt: skip
    _keep(made)
    facts = {"measure": measure, "month": month.isoformat()}
    journal.record("accountability.exemption_asked", subject=str(made), by=by.label, now=now, facts=facts)
    return made.public_id


def _keep(row: Exemption) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise CannotExempt(zh="这一件已经申请过免责。", en="An exemption was asked for this one before.") from error


@transaction.atomic
def decide(*, exemption_id: UUID, findings: Mapping[str, Finding], by: Viewer, now: datetime) -> bool:
    """Decide by the five conditions; when all hold the thing is counted no more, at once.

    Raises CannotExempt, Exemption.DoesNotExist.
    """
    row = _above(by).select_for_update(of=("self",)).get(public_id=exemption_id)
    if row.asked_by == by.label:
        raise CannotExempt(zh="不能决定自己提出的申请。", en="Nobody decides his own request.")
    if row.decided_at is not None:
        raise CannotExempt(zh="已经决定，不能再改。", en="It has been decided already.")
    row.granted = is_exempt(findings)
    row.failed = [key for key in CONDITIONS if not findings[key].met]
    row.findings = {key: findings[key].reason.strip() for key in CONDITIONS}
    row.decided_at, row.decided_by = now, by.label
    row.save(update_fields=["granted", "failed", "findings", "decided_at", "decided_by"])
    if row.granted:
        count_figure(row.organisation, row.month, row.measure, now=now)
    facts = {"granted": row.granted, "failed": row.failed, "measure": row.measure, "month": row.month.isoformat()}
    journal.record("accountability.exemption_decided", subject=str(row), by=by.label, now=now, facts=facts)
    return row.granted


def _above(viewer: Viewer) -> QuerySet[Exemption]:
    """Return the exemptions of organisations below the viewer's reform office; above the province there is none."""
    rows = Exemption.objects.select_related("organisation__region")
    if not viewer.has_role(Role.REFORM) or not viewer.region_path:
        return rows.none()
    rows = rows.filter(organisation__region__path__startswith=viewer.region_path)
    below = rows.annotate(depth=Length(F("organisation__region__path")))
    lower = Q(depth__gt=len(viewer.region_path)) | Q(organisation__region__level=Region.PROVINCE)
    return below.filter(lower).exclude(organisation_id=viewer.organisation_id or 0)


def waiting(viewer: Viewer) -> list[ExemptionLine]:
    """Return the requests that this reform office has to decide, soonest due first."""
    return [_line(row) for row in _above(viewer).filter(decided_at=None).order_by("due_on", "pk")[:MOST]]


def own(viewer: Viewer, month: date) -> list[ExemptionLine]:
    """Return the requests of the viewer's organisation for a month, newest first."""
    rows = Exemption.objects.select_related("organisation__region")
    rows = rows.filter(organisation_id=viewer.organisation_id or 0, month=month)
    return [_line(row) for row in rows.order_by("-pk")[:MOST]]


def published() -> list[PublicExemption]:
    """Return every exemption that was asked for, newest first, as everybody may read it."""
    rows = Exemption.objects.select_related("organisation__region").order_by("-pk")
    return [_public(row) for row in rows[:MOST]]


def _line(row: Exemption) -> ExemptionLine:
    said = {key: Statement(*words) for key, words in row.statements.items()}
    return ExemptionLine(row.public_id, _public(row), row.ref, said, dict(row.findings))


def _public(row: Exemption) -> PublicExemption:
    place = row.organisation.region
    return PublicExemption(
        office=Words(row.organisation.name, row.organisation.name_en),
        region=Words(place.name, place.name_en),
        measure=row.measure,
        month=row.month,
        asked_at=row.asked_at,
        due_on=row.due_on,
        granted=row.granted,
        failed=tuple(row.failed),
        decided_at=row.decided_at,
    )
