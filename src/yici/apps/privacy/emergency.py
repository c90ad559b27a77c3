"""Breaking the glass: asking with a reason, the second person for what is sealed, reading, and the review after."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from yici.apps.cases.facts import facts_from_text
from yici.apps.cases.models import Application
from yici.apps.cases.queries import whole_cases
from yici.apps.cases.views import CaseView, case_view
from yici.apps.journal import actions as journal
from yici.apps.people.actions import verified_party
from yici.apps.people.emergency import EmergencyAccess
from yici.apps.people.models import Party, Staff
from yici.apps.people.viewers import Viewer
from yici.apps.places import queries as places
from yici.apps.privacy import subjects
from yici.apps.privacy.models import EmergencyLook
from yici.apps.privacy.retention import periods
from yici.rules.clock_courses import local_day
from yici.rules.codes import ZHEJIANG
from yici.rules.emergency import (
    WHO_MAY_LOOK,
    CannotLook,
    Finding,
    check_approval_in_time,
    check_reason,
    sealings,
)
from yici.rules.law_parameters import parameter
from yici.rules.people import Role
from yici.rules.periods import last_day
from yici.rules.words import Words

NoSuchLook = EmergencyLook.DoesNotExist
NoSuchThing = (EmergencyLook.DoesNotExist, Application.DoesNotExist)
MOST_PAGES_KEPT = 200


@dataclass(frozen=True, slots=True)
class GlassView:
    """What is read in an emergency; nothing of it can be changed here."""

    until: datetime
    reason: str
    name: str
    id_number: str
    phone: str
    region_name: str
    applications: tuple[tuple[UUID, str, Words, datetime], ...]
    cases: tuple[CaseView, ...]
    facts: tuple[tuple[str, str], ...]


@transaction.atomic
def ask_to_look(*, id_number: str, name: str, reference: str, reason: str, by: Viewer, now: datetime) -> UUID:
    """Ask to look at a person (number and name) or at one application (its reference).

    Opens at once for some minutes; what is sealed waits for a second person. Raises CannotLook.
    """
    _check_who(by)
    why = check_reason(reason)
    party, application = _wanted(id_number, name, reference, by)
    if party.name == by.staff_name:
        raise CannotLook(
            zh="不能查看自己（或同名者）的信息，请由同事办理。",
            en="Nobody looks at himself, or at somebody of his own name: let a colleague do it.",
        )
    sealed = sealings(born=party.born_on, needs=_needs(party, application), on=local_day(now))
    look = EmergencyLook.objects.create(
        staff_id=by.staff_id or 0,
        party=party,
        application=application,
        region=application.region if application else party.region,
        reason=why,
        sealed=[one.key for one in sealed],
        asked_at=now,
    )
    _write("privacy.emergency_asked", look, by, now, sealed=look.sealed)
    if not sealed:
        _open(look, by, now)
    return look.public_id


def _check_who(by: Viewer) -> None:
    if by.staff_id is None or not by.has_role(*WHO_MAY_LOOK):
        raise CannotLook(
            zh="您的岗位不能发起紧急查看。请联系本机构负责人。",
            en="Your post may not look in an emergency. Turn to the head of your office.",
        )


def _wanted(id_number: str, name: str, reference: str, by: Viewer) -> tuple[Party, Application | None]:
    """Return who or what is meant, in the viewer's jurisdiction; one sentence whatever is wrong, to betray nothing."""
    application = (
        Application.objects.select_related("region", "applicant__region")
        .filter(reference=reference.strip().upper(), region__path__startswith=by.region_path or "none")
        .first()
    )
    if application is not None:
        return application.applicant, application
    party = verified_party(id_number.strip().upper()) if id_number.strip() else None
    here = party is not None and party.region is not None and by.covers(party.region.path)
    if party is None or not here or party.name != name.strip():
        raise CannotLook(
            zh="本辖区没有找到：请核对办件编号，或姓名与证件号码（两项都要一致）。",
            en="Nothing found in your region: check the reference, or name and number (both must fit).",
        )
    return party, None


def _needs(party: Party, application: Application | None) -> frozenset[str]:
    rows = subjects.applications_of(party) if application is None else Application.objects.filter(pk=application.pk)
    keys = rows.values_list("event_key", "cases__item_key")
    return frozenset(key for pair in keys for key in pair if key)


def _open(look: EmergencyLook, by: Viewer, now: datetime) -> None:
    minutes = parameter("emergency_look", ZHEJIANG, local_day(now), periods()).value
    review = parameter("emergency_review", ZHEJIANG, local_day(now), periods()).period
    look.opened_at, look.expires_at = now, now + timedelta(minutes=minutes)
    look.review_due_on = last_day(review, local_day(now), places.calendar())
    look.save(update_fields=["opened_at", "expires_at", "review_due_on"])
    _write("privacy.emergency_opened", look, by, now, minutes=minutes)


def _write(kind: str, look: EmergencyLook, by: Viewer, now: datetime, **facts: object) -> None:
    # About the person, so that it stands among "who looked at my data"; the reason itself is no fact of a journal.
    reference = look.application.reference if look.application else ""
    kept = {"look": str(look.public_id), "application": reference, **facts}
    journal.record(kind, subject=str(look.party), by=by.label, now=now, facts=kept)


def to_approve(viewer: Viewer) -> QuerySet[EmergencyLook]:
    """Return the looks that wait for a second person in the viewer's jurisdiction; never his own."""
    if not viewer.has_role(*WHO_MAY_LOOK) or not viewer.region_path:
        return EmergencyLook.objects.none()
    rows = EmergencyLook.objects.filter(region__path__startswith=viewer.region_path, approved_at=None, opened_at=None)
    return rows.exclude(staff_id=viewer.staff_id or 0).exclude(sealed=[])


@transaction.atomic
def approve(*, look_id: UUID, by: Viewer, now: datetime) -> None:
    """Approve a look at something sealed, as the second person. It opens for its asker from now on."""
    look = to_approve(by).select_for_update(of=("self",)).get(public_id=look_id)
    check_approval_in_time(look.asked_at, now)
    look.approved_at, look.approved_by_id = now, by.staff_id
    look.save(update_fields=["approved_at", "approved_by"])
    _write("privacy.emergency_approved", look, by, now)
    _open(look, by, now)


def own_looks(viewer: Viewer) -> QuerySet[EmergencyLook]:
    """Return the looks the viewer asked for."""
    return EmergencyLook.objects.filter(staff_id=viewer.staff_id or 0)


def looking(viewer: Viewer, look_id: UUID, now: datetime) -> Viewer:
    """Return the viewer with the capability of an open look of his own. Raises NoSuchLook when it is not, or over.

    The one place where the capability is given.
    """
    look = own_looks(viewer).get(public_id=look_id, opened_at__lte=now, expires_at__gt=now)
    assert look.expires_at is not None  # asked for in the line above
    access = EmergencyAccess(look.public_id, look.party_id, look.application_id, look.expires_at)
    return viewer.with_emergency(access)


def _under_glass(viewer: Viewer, now: datetime) -> QuerySet[Application]:
    """Return the applications a viewer's capability opens; none without it, or when it is over."""
    access = viewer.emergency
    if access is None or not access.opens(access.party_id, access.application_id, now):
        return Application.objects.none()
    mine = Q(applicant_id=access.party_id) | Q(represented_id=access.party_id)
    rows = Application.objects.filter(mine)
    return rows if access.application_id is None else rows.filter(pk=access.application_id)


@transaction.atomic
def look(*, by: Viewer, look_id: UUID, application_id: UUID | None, now: datetime) -> GlassView:
    """Return what an open look shows, and write down that it was seen. Raises NoSuchLook, Application.DoesNotExist."""
    viewer = looking(by, look_id, now)
    row = EmergencyLook.objects.select_related("party__region", "application").get(public_id=look_id)
    opened = _under_glass(viewer, now).select_related("region").order_by("-submitted_at")
    chosen = row.application if row.application_id else opened.get(public_id=application_id) if application_id else None
    _mark(row, chosen.reference if chosen else "person", by, now)
    cases = list(whole_cases().filter(application=chosen).order_by("position")) if chosen else []
    facts = facts_from_text(chosen.facts_text) if chosen else {}
    assert row.expires_at is not None  # it is open
    return GlassView(
        until=row.expires_at,
        reason=row.reason,
        name=row.party.name,
        id_number=row.party.id_number,
        phone=row.party.phone or "",
        region_name=row.party.region.name if row.party.region else "",
        applications=tuple(
            (one.public_id, one.reference, Words(one.event_name, one.event_name_en), one.submitted_at)
            for one in opened[:50]
        ),
        cases=tuple(case_view(case, now, with_values=True) for case in cases),
        facts=tuple((key, str(value)) for key, value in facts.items()),
    )


def _mark(row: EmergencyLook, what: str, by: Viewer, now: datetime) -> None:
    """Write down what was seen: in the look, for the auditor, and in the journal, for good."""
    seen = EmergencyLook.objects.select_for_update().get(pk=row.pk)
    seen.pages_seen = [*seen.pages_seen, [now.isoformat(timespec="seconds"), what]][-MOST_PAGES_KEPT:]
    seen.save(update_fields=["pages_seen"])
    _write("privacy.emergency_seen", row, by, now, seen=what)


def to_review(viewer: Viewer) -> QuerySet[EmergencyLook]:
    """Return opened looks of the auditor's jurisdiction, those not reviewed first; never his own."""
    if not viewer.has_role(Role.AUDITOR) or not viewer.region_path:
        return EmergencyLook.objects.none()
    rows = EmergencyLook.objects.filter(region__path__startswith=viewer.region_path, opened_at__isnull=False)
    return rows.exclude(staff_id=viewer.staff_id or 0)


@transaction.atomic
def review(*, look_id: UUID, finding: str, note: str, by: Viewer, now: datetime) -> None:
    """Say what came of a look: in order, or misuse with its reason. Raises CannotLook, NoSuchLook."""
    row = to_review(by).select_for_update(of=("self",)).get(public_id=look_id)
    if row.reviewed_at is not None:
        raise CannotLook(zh="这次查看已经复核。", en="This look is reviewed already.")
    if finding not in {Finding.OK, Finding.MISUSE}:
        raise CannotLook(zh="请选择复核结论。", en="Choose a finding.")
    if finding == Finding.MISUSE and not note.strip():
        raise CannotLook(zh="认定滥用须写明理由。", en="Say why it is misuse.")
    row.finding, row.review_note, row.reviewed_at = finding, note.strip()[:1000], now
    row.reviewed_by = Staff.objects.get(pk=by.staff_id or 0)
    row.save(update_fields=["finding", "review_note", "reviewed_at", "reviewed_by"])
    _write("privacy.emergency_reviewed", row, by, now, finding=finding)
