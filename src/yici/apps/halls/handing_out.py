"""The outcome window: results on paper and objects, handed out to who was identified, or posted (统一出件)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from yici.apps.cases import actions as cases
from yici.apps.cases.models import Application
from yici.apps.cases.moves import item_of
from yici.apps.halls.models import Handout, ServedVisit
from yici.apps.halls.visits import open_visit, serving, touch
from yici.apps.journal import actions as journal
from yici.apps.people.viewers import Viewer
from yici.rules.people import Role
from yici.rules.refusals import Refusal
from yici.rules.words import Words

NoSuchHandout = (Handout.DoesNotExist, ServedVisit.DoesNotExist)
COLLECT, POST = "collect", "post"
WANTED, HANDED, POSTED, RETURNED = "wanted", "handed", "posted", "returned"
STILL_HERE = (WANTED, RETURNED)
STATES = {
    WANTED: Words("等待结果", "Waiting for the result"),
    "ready": Words("可以领取", "Ready to collect"),
    "to_post": Words("等待寄出", "Ready to post"),
    HANDED: Words("已领取", "Handed out"),
    POSTED: Words("已寄出", "Posted"),
    RETURNED: Words("快递退回，请联系窗口", "The parcel came back; please call the window"),
}


class CannotHandOut(Refusal):
    """A result cannot be handed out, posted or taken back like this."""


@dataclass(frozen=True, slots=True)
class HandoutView:
    """A result to hand out, as desk and person see it."""

    public_id: UUID
    case_name: Words
    case_code: str
    reference: str
    application_id: UUID
    subject_name: str
    way: str
    state: str
    state_words: Words
    address: str
    carrier: str
    tracking_number: str
    changed_at: datetime


def want(application: Application, *, way: str, address: str, by: Viewer, now: datetime) -> None:
    """Note how the person gets results on paper (规定 art. 15); objects that no network carries always are noted.

    ``way``: "" none, "collect", "post". Raises CannotHandOut for posting without an address.
    """
    if way not in {"", COLLECT, POST} or (way == POST and not address.strip()):
        raise CannotHandOut(
            zh="请选择领取方式；邮寄请填写收件地址。",
            en="Choose how the person gets the result; posting needs an address.",
        )
    for case in application.cases.select_related("revision"):
        outcome = item_of(case).outcome
        only_by_hand = "electronic" not in outcome.delivery
        if only_by_hand or (way and outcome.licence):
            chosen = POST if way == POST and (not only_by_hand or POST in outcome.delivery) else COLLECT
            Handout.objects.get_or_create(
                case=case,
                defaults={
                    "way": chosen,
                    "address": address.strip()[:200] if chosen == POST else "",
                    "wanted_at": now,
                    "changed_at": now,
                    "changed_by": by.label,
                },
            )


def _at_the_desk(viewer: Viewer) -> QuerySet[Handout]:
    """Return the handouts of the clerk's place; none for anybody else."""
    place = viewer.region_path if viewer.has_role(Role.WINDOW) else None
    rows = Handout.objects.filter(case__application__region__path__startswith=place or "none")
    return rows.select_related("case__application__applicant", "case__application__represented")


def at_the_desk(viewer: Viewer, tab: str) -> list[HandoutView]:
    """Return what lies ready at the clerk's place, was posted, or came back; the oldest first."""
    rows = _at_the_desk(viewer).filter(case__outcome="granted")
    if tab == "sent":
        rows = rows.filter(state__in=[POSTED, HANDED]).order_by("-changed_at")
    else:
        rows = rows.filter(state__in=STILL_HERE).order_by("changed_at")
    return [view(row) for row in rows[:100]]


def for_person(person: Viewer) -> list[HandoutView]:
    """Return what the person at the window can collect now; ``person`` is the viewer of an open visit."""
    rows = _at_the_desk(person).filter(case__outcome="granted", state__in=STILL_HERE)
    subject = {"case__application__represented_id": person.acting_for_id}
    own = (
        rows.filter(**subject)
        if person.acting_for_id
        else rows.filter(case__application__applicant_id=person.party_id or 0, case__application__represented=None)
    )
    return [view(row) for row in own.order_by("changed_at")]


def of_applications(application_ids: list[UUID]) -> dict[UUID, list[HandoutView]]:
    """Return the handouts of applications the caller has already decided may be seen."""
    rows = Handout.objects.filter(case__application__public_id__in=application_ids).select_related(
        "case__application__applicant", "case__application__represented"
    )
    found: dict[UUID, list[HandoutView]] = {}
    for row in rows.order_by("pk"):
        found.setdefault(row.case.application.public_id, []).append(view(row))
    return found


def view(row: Handout) -> HandoutView:
    """Return a handout as a value."""
    application = row.case.application
    return HandoutView(
        public_id=row.public_id,
        case_name=Words(row.case.name, row.case.name_en),
        case_code=row.case.code,
        reference=application.reference,
        application_id=application.public_id,
        subject_name=(application.represented or application.applicant).name,
        way=row.way,
        state=row.state,
        state_words=STATES[_state_key(row)],
        address=row.address,
        carrier=row.carrier,
        tracking_number=row.tracking_number,
        changed_at=row.changed_at,
    )


def _state_key(row: Handout) -> str:
    if row.state == WANTED and row.case.outcome == "granted":
        return "ready" if row.way == COLLECT else "to_post"
    return row.state


@transaction.atomic
def hand_out(*, handout_id: UUID, signed_by: str, by: Viewer, now: datetime) -> None:
    """Hand a result to the person who stands at the window, against his signature. Raises CannotHandOut."""
    visit, person = open_visit(by), serving(by, now=now)
    ready = {one.public_id for one in for_person(person)}
    row = _at_the_desk(by).select_for_update(of=("self",)).get(public_id=handout_id)
    if handout_id not in ready:
        raise CannotHandOut(
            zh="这份结果不属于正在接待的办事人，或已经领走。请先核验领取人身份。",
            en="This result is not for the person being served, or is gone. Identify who collects it first.",
        )
    if not signed_by.strip():
        raise CannotHandOut(zh="请领取人签名后再交付。", en="Let the person sign before you hand it out.")
    row.state, row.signed_by, row.visit = HANDED, signed_by.strip()[:60], visit
    _delivered(row, person, now)
    touch(visit, row.case.application_id, "collect", now=now)


@transaction.atomic
def post(*, handout_id: UUID, carrier: str, tracking_number: str, by: Viewer, now: datetime) -> None:
    """Post a result with a number the person can follow. Raises CannotHandOut."""
    row = _at_the_desk(by).select_for_update(of=("self",)).get(public_id=handout_id)
    if row.case.outcome != "granted" or row.state not in STILL_HERE or row.way != POST:
        raise CannotHandOut(zh="这份结果现在不能寄出。", en="This result cannot be posted now.")
    number = tracking_number.strip()
    if not carrier.strip() or not (8 <= len(number) <= 40 and number.isalnum() and number.isascii()):
        raise CannotHandOut(
            zh="请填写快递公司和8位以上的运单号（只含字母和数字）。",
            en="Give the carrier and its tracking number: 8 letters or digits at least.",
        )
    row.state, row.carrier, row.tracking_number = POSTED, carrier.strip()[:40], number.upper()
    _delivered(row, by, now)


@transaction.atomic
def take_back(*, handout_id: UUID, by: Viewer, now: datetime) -> None:
    """Take a parcel back that could not be delivered; it waits at the desk again. Raises CannotHandOut."""
    row = _at_the_desk(by).select_for_update(of=("self",)).get(public_id=handout_id)
    if row.state != POSTED:
        raise CannotHandOut(zh="只有已寄出的才能登记退回。", en="Only what was posted can come back.")
    row.state = RETURNED
    row.save(update_fields=["state"])
    _noted(row, by.label, now)


def _delivered(row: Handout, by: Viewer, now: datetime) -> None:
    row.save()
    _noted(row, by.label, now)
    cases.hand_over(case_id=row.case.public_id, by=by, now=now)


def _noted(row: Handout, label: str, now: datetime) -> None:
    row.changed_at, row.changed_by = now, label
    row.save(update_fields=["changed_at", "changed_by"])
    facts = {"handout": str(row.public_id), "state": row.state}
    journal.record("hall.handout_changed", subject=row.case.application.reference, by=label, now=now, facts=facts)
