"""Mandates between two sides: one offers, the other accepts, either ends it; guardians whom a court has appointed."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from yici.apps.journal import actions as journal
from yici.apps.people.acting import terms_of
from yici.apps.people.actions import CannotGiveMandate, verified_party
from yici.apps.people.models import Mandate, Party, Relation
from yici.apps.people.viewers import Viewer
from yici.rules.codes.refusals import typed
from yici.rules.people import (
    EVERYTHING,
    MandateStage,
    MandateTerms,
    PartyKind,
    RelationKind,
    Role,
    check_mandate,
)
from yici.rules.refusals import Refusal

MOST_OPEN_OFFERS = 20


class CannotAppointGuardian(Refusal):
    """A guardian cannot be recorded or removed like this."""


@dataclass(frozen=True, slots=True)
class MandateLine:
    """One mandate as its holder or its agent reads it; ``may_accept`` and ``may_end`` say what he can do about it."""

    public_id: UUID
    holder: str = field(repr=False)
    agent: str = field(repr=False)
    scope: str
    valid_from: date
    valid_to: date | None
    stage: MandateStage
    by_head: bool
    is_given: bool
    may_accept: bool
    may_end: bool
    ended_at: datetime | None


def mandates(viewer: Viewer, *, today: date) -> list[MandateLine]:
    """Return every mandate the viewer's party, or the company he heads and acts for, gave or holds; newest first."""
    rows = _own(viewer).select_related("holder", "agent").order_by("-pk")
    return [_line(row, viewer, today) for row in rows]


def _own(viewer: Viewer) -> QuerySet[Mandate]:
    """The viewer's own mandates. Of a company they are seen by whoever may act in everything for it."""
    own = Q(holder_id=viewer.party_id or 0) | Q(agent_id=viewer.party_id or 0)
    if viewer.acting_for_id and EVERYTHING in viewer.scopes:
        own |= Q(holder_id=viewer.acting_for_id)
    return Mandate.objects.filter(own)


def _line(row: Mandate, viewer: Viewer, today: date) -> MandateLine:
    stage = terms_of(row).stage(today)
    is_open = stage not in {MandateStage.ENDED, MandateStage.RUN_OUT}
    return MandateLine(
        public_id=row.public_id,
        holder=row.holder.name,
        agent=row.agent.name,
        scope=row.scope,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        stage=stage,
        by_head=row.by_head,
        is_given=row.agent_id != viewer.party_id,
        may_accept=stage is MandateStage.OFFERED and row.agent_id == viewer.party_id,
        may_end=is_open,
        ended_at=row.ended_at,
    )


@transaction.atomic
def offer_mandate(
    *, holder_id: int, agent_number: str, agent_name: str, terms: MandateTerms, by: Viewer, now: datetime
) -> UUID:
    """Offer a mandate to a person named by number and name; it counts once he accepts.

    The caller has checked that ``by`` may give one for the holder (himself, or the company he heads).
    Raises CannotAgreeMandate for the days and CannotGiveMandate for the agent, with one sentence whether the number is
    unknown or belongs to another name: numbers can be guessed.
    """
    check_mandate(terms, today=timezone.localdate(now))
    if _open_offers(holder_id) >= MOST_OPEN_OFFERS:
        raise CannotGiveMandate(
            zh=f"已有{MOST_OPEN_OFFERS}个等待接受的授权。请等待对方接受，或先撤回几个。",
            en=f"{MOST_OPEN_OFFERS} mandates wait to be accepted. Wait, or take some back first.",
        )
    agent = _agent(agent_number, agent_name, holder_id)
    row = Mandate.objects.create(
        holder_id=holder_id,
        agent=agent,
        scope=terms.scope,
        valid_from=terms.valid_from,
        valid_to=terms.valid_to,
        granted_by=by.label,
        granted_at=now,
    )
    _note("people.mandate_offered", row, by.label, now)
    return row.public_id


def _open_offers(holder_id: int) -> int:
    return Mandate.objects.filter(holder_id=holder_id, accepted_at=None, ended_at=None).count()


def _agent(number: str, name: str, holder_id: int) -> Party:
    found = verified_party(typed(number))
    if found is None or found.name != name.strip() or found.kind != PartyKind.NATURAL:
        raise CannotGiveMandate(
            zh="没有找到姓名和证件号码都相符的实名用户。请核对；对方须先实名登录过本平台。",
            en="There is no real-name person with this number and name. Check both; the agent must have been "
            "identified here before.",
        )
    if found.pk == holder_id:
        raise CannotGiveMandate(
            zh="不需要授权给自己。请填写受托人的姓名和证件号码。",
            en="Nobody needs a mandate from himself. Give the name and number of the agent.",
        )
    return found


def _note(kind: str, row: Mandate, by: str, now: datetime) -> None:
    """Two lines: each side finds the mandate in its own history."""
    facts = {"mandate": str(row.public_id), "holder": str(row.holder), "agent": str(row.agent), "scope": row.scope}
    for subject in (row.holder, row.agent):
        journal.record(kind, subject=str(subject), by=by, now=now, facts=facts)


@transaction.atomic
def accept_mandate(*, public_id: UUID, by: Viewer, now: datetime) -> None:
    """Accept an offer made to the viewer himself. Raises CannotGiveMandate; Mandate.DoesNotExist for others."""
    mine = Mandate.objects.filter(agent_id=by.party_id or 0)
    row = mine.select_for_update(of=("self",)).select_related("holder", "agent").get(public_id=public_id)
    if terms_of(row).stage(timezone.localdate(now)) is not MandateStage.OFFERED:
        raise CannotGiveMandate(
            zh="这个授权已经接受、终止或到期，不能再接受。",
            en="This mandate was accepted, ended or has run out already.",
        )
    row.accepted_at = now
    row.save(update_fields=["accepted_at"])
    _note("people.mandate_accepted", row, by.label, now)


@transaction.atomic
def end_by_either(*, public_id: UUID, by: Viewer, now: datetime) -> None:
    """End a mandate, or take back or decline an offer; either side may. Mandate.DoesNotExist for everybody else."""
    row = _own(by).select_for_update(of=("self",)).select_related("holder", "agent").get(public_id=public_id)
    if row.ended_at is not None:
        raise CannotGiveMandate(
            zh="该授权已经终止，无需再次操作。", en="This mandate has ended already; nothing to do."
        )
    row.ended_at, row.ended_by = now, by.label
    row.save(update_fields=["ended_at", "ended_by"])
    _note("people.mandate_ended", row, by.label, now)


@transaction.atomic
def act_as_head(*, company_id: int, valid_to: date, by: Viewer, now: datetime) -> UUID:
    """Let a person act for the company whose register names him its head; the caller has read the register.

    A newer proof replaces the older one.
    """
    today = timezone.localdate(now)
    old = Mandate.objects.filter(holder_id=company_id, agent_id=by.party_id, by_head=True, ended_at=None)
    old.update(ended_at=now, ended_by=by.label)
    row = Mandate.objects.create(
        holder_id=company_id,
        agent_id=by.party_id or 0,
        scope=EVERYTHING,
        valid_from=today,
        valid_to=valid_to,
        granted_by=by.label,
        granted_at=now,
        accepted_at=now,
        by_head=True,
    )
    _note("people.mandate_given", row, by.label, now)
    return row.public_id


@transaction.atomic
def end_head(*, company_id: int, by: Viewer, now: datetime) -> int:
    """End what somebody held as head: the register does not name him any more. Returns how many ended."""
    rows = Mandate.objects.filter(holder_id=company_id, agent_id=by.party_id or 0, by_head=True, ended_at=None)
    found = list(rows.select_for_update(of=("self",)).select_related("holder", "agent"))
    for row in found:
        row.ended_at, row.ended_by = now, "system:register"
        row.save(update_fields=["ended_at", "ended_by"])
        _note("people.mandate_ended", row, by.label, now)
    return len(found)


def company_by_number(number: str, name: str) -> tuple[int, str] | None:
    """Return id and region code of a company whose credit code and name both fit, or None."""
    found = verified_party(typed(number))
    if found is None or found.name != name.strip() or found.kind != PartyKind.LEGAL:
        return None
    return found.pk, found.region.code if found.region else ""


def region_of(party_id: int) -> str:
    """Return the code of the region a party belongs to, "" when none is recorded."""
    return Party.objects.filter(pk=party_id).values_list("region__code", flat=True).first() or ""


def is_number_of(party_id: int, number: object) -> bool:
    """Whether a document number is the party's own."""
    found = verified_party(typed(str(number or "")))
    return found is not None and found.pk == party_id


@dataclass(frozen=True, slots=True)
class Guardian:
    """Who is made guardian of whom, by which document of which court; typed by a clerk who has seen it."""

    guardian_number: str = field(repr=False)
    guardian_name: str = field(repr=False)
    ward_number: str = field(repr=False)
    ward_name: str = field(repr=False)
    document: str = field(repr=False)


@transaction.atomic
def appoint_guardian(*, told: Guardian, by: Viewer, now: datetime) -> None:
    """Record a guardian appointed by a court, after the document was shown at a window (民法典 art. 28, 31).

    Raises CannotAppointGuardian for anybody but a clerk, for people who are not known, and without a document.
    """
    if not by.has_role(Role.WINDOW):
        raise CannotAppointGuardian(zh="监护登记在窗口办理。", en="Guardians are recorded at a window.")
    guardian = _known_person(told.guardian_number, told.guardian_name)
    ward = _known_person(told.ward_number, told.ward_name)
    if guardian.pk == ward.pk or len(told.document.strip()) < 6:
        raise CannotAppointGuardian(
            zh="监护人和被监护人应是两个人，并写明法院文书的案号。请修改。",
            en="Guardian and ward are two people, and the reference of the court's document is needed. Change it.",
        )
    Relation.objects.update_or_create(
        kind=RelationKind.GUARDIAN,
        of=guardian,
        to=ward,
        defaults={"document": told.document.strip(), "ended_on": None},
    )
    _note_guardian("people.guardian_appointed", guardian, ward, by, now)


@transaction.atomic
def end_guardianship(*, told: Guardian, on: date, by: Viewer, now: datetime) -> None:
    """End a guardianship after the court's document was shown at a window. Raises CannotAppointGuardian."""
    if not by.has_role(Role.WINDOW):
        raise CannotAppointGuardian(zh="监护登记在窗口办理。", en="Guardians are recorded at a window.")
    guardian = _known_person(told.guardian_number, told.guardian_name)
    ward = _known_person(told.ward_number, told.ward_name)
    rows = Relation.objects.filter(kind=RelationKind.GUARDIAN, of=guardian, to=ward, ended_on=None)
    if not rows.update(ended_on=on):
        raise CannotAppointGuardian(
            zh="这两个人之间没有登记有效的监护关系。请核对。",
            en="No guardianship is recorded between these two. Check it.",
        )
    _note_guardian("people.guardianship_ended", guardian, ward, by, now)


def _known_person(number: str, name: str) -> Party:
    found = verified_party(typed(number))
    if found is None or found.name != name.strip() or found.kind != PartyKind.NATURAL:
        raise CannotAppointGuardian(
            zh="没有找到姓名和证件号码都相符的人。请核对证件；未登记过的人先在窗口登记。",
            en="There is nobody with this number and name. Check the document; whoever is new is recorded first.",
        )
    return found


def _note_guardian(kind: str, guardian: Party, ward: Party, by: Viewer, now: datetime) -> None:
    facts = {"guardian": str(guardian), "ward": str(ward)}
    for subject in (ward, guardian):
        journal.record(kind, subject=str(subject), by=by.label, now=now, facts=facts)
