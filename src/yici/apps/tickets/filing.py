"""A voice becomes a ticket: from any channel, named or not, with its reference at once."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from secrets import choice
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from yici.apps.cases.models import Case
from yici.apps.cases.reference_numbers import ALPHABET
from yici.apps.journal import actions as journal
from yici.apps.people import queries as people
from yici.apps.people.encryption import search_hash
from yici.apps.people.models import Staff
from yici.apps.people.viewers import Viewer
from yici.apps.places.models import Organisation
from yici.apps.tickets import moves, rows
from yici.apps.tickets.jurisdiction import PARTY_PLACE
from yici.apps.tickets.limits import limits_for
from yici.apps.tickets.models import SealedIdentity, Ticket
from yici.rules.clock_courses import local_day
from yici.rules.codes import RegionLevel, parse_region_code
from yici.rules.people import Role
from yici.rules.ticket_acts import Side
from yici.rules.ticket_limits import answer_key
from yici.rules.tickets import Standing, TicketState
from yici.rules.voices import CannotFile, Voice, check_voice

PHONE_PLACE = "tickets_ticket.contact_phone"
SEALED_PHONE_PLACE = "tickets_sealedidentity.phone"


@dataclass(frozen=True, slots=True)
class Filed:
    """What the person gets at once: the reference to read aloud, and the code to follow an unnamed ticket by."""

    public_id: UUID
    reference: str
    follow_code: str
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """What a voice hangs on, by public ids: a case, an accused organisation or member of staff, a party served."""

    case_id: UUID | None = None
    accused_id: UUID | None = None
    accused_staff_id: UUID | None = None
    party_id: UUID | None = None


NO_LINKS = Links()


@transaction.atomic
def file(*, voice: Voice, by: Viewer, now: datetime, links: Links = NO_LINKS, idempotency_key: str = "") -> Filed:
    """File a voice and return its reference; the same key of the same filer again returns the same ticket.

    A retry gets no follow code: it was given once and only its hash is kept. Raises CannotFile.
    """
    check_voice(voice)
    ticket, code = _ticket(voice, by, now, links)
    ticket.idempotency_key = idempotency_key or None
    # The history is read at desks: of the person it says that he filed, never his name.
    hand = moves.Hand(_label(by, voice), by.staff_name, _side(by), now)
    if not moves.insert(ticket, hand):
        return _filed_before(idempotency_key, by)
    if voice.sealed:
        _seal(ticket, voice, by, links)
    journal.record(
        "ticket.filed",
        subject=ticket.reference,
        by=_label(by, voice),
        now=now,
        facts={"kind": str(voice.kind), "channel": str(voice.channel), "region": voice.region_code},
    )
    return Filed(ticket.public_id, ticket.reference, code, ticket.due_at)


def _side(by: Viewer) -> Side:
    return Side.CENTRE if by.is_staff else Side.PERSON


def _label(by: Viewer, voice: Voice) -> str:
    """Return who filed it, as the journal says it: of unnamed and sealed voices it says nothing (济南 art. 32)."""
    return "person" if (voice.sealed or voice.anonymous) and not by.is_staff else by.label


def _ticket(voice: Voice, by: Viewer, now: datetime, links: Links) -> tuple[Ticket, str]:
    region = rows.region(voice.region_code)
    reference = new_reference(now)
    party_id = None if voice.anonymous or voice.sealed else _party(by, links)
    code = "" if party_id is not None else new_code()
    ticket = Ticket(
        reference=reference,
        kind=voice.kind,
        urgency=voice.urgency,
        channel=voice.channel,
        external_reference=voice.external_reference[:80],
        party_id=party_id,
        anonymous=voice.anonymous,
        sealed=voice.sealed,
        keep_secret=voice.keep_secret or voice.sealed,
        wants_answer=voice.wants_answer,
        follow_hash=follow_hash(reference, code) if code else "",
        language=voice.language[:2],
        subject=voice.subject.strip(),
        detail=voice.detail.strip(),
        region=region,
        desk_code=desk_of(region.code),
        address=voice.address.strip()[:300],
        latitude=voice.latitude,
        longitude=voice.longitude,
        item_key=voice.item_key,
        case_id=_case(by, links.case_id),
        accused_id=_accused(links.accused_id),
        accused_staff_id=_accused_staff(links.accused_staff_id),
        state=TicketState.RECEIVED,
        received_at=now,
        filed_by=_label(by, voice),
    )
    if not voice.anonymous and not voice.sealed:
        _contact(ticket, voice)
    limits = limits_for(region.code, now)
    whole = limits.moments(answer_key(voice.kind, voice.urgency), now)
    ticket.due_at, ticket.amber_at = whole.due_at, whole.amber_at
    moves.set_step(ticket, Standing(), now, limits)
    moves.set_harm(ticket)
    return ticket, code


def _contact(ticket: Ticket, voice: Voice) -> None:
    ticket.contact_name = voice.contact_name.strip()[:80]
    ticket.contact_phone = plain_phone(voice.contact_phone)
    ticket.contact_email = voice.contact_email.strip()[:120]
    if ticket.contact_phone:
        ticket.phone_hash = search_hash(ticket.contact_phone, PHONE_PLACE)


def plain_phone(text: str) -> str:
    """Return a number without spaces and dashes, so that the same caller is found again."""
    return "".join(char for char in text if char.isdigit() or char == "+")[:20]


def _party(by: Viewer, links: Links) -> int | None:
    if by.is_staff:
        return None if links.party_id is None else people.party_by_public_id(links.party_id)
    return by.subject_id


def _case(by: Viewer, case_id: UUID | None) -> int | None:
    """Return the case a voice hangs on: one's own, or for the hotline one of its region."""
    if case_id is None:
        return None
    rows = Case.objects.filter(public_id=case_id)
    if by.is_staff:
        rows = rows.filter(application__region__path__startswith=by.region_path or "-")
    else:
        mine = Q(application__applicant_id=by.subject_id) | Q(application__represented_id=by.subject_id)
        rows = rows.filter(mine) if by.subject_id is not None else rows.none()
    found = rows.values_list("pk", flat=True).first()
    if found is None:
        raise CannotFile(
            zh="没有找到这个办件，或不是您的办件。请核对编号。", en="There is no such case of yours. Check the number."
        )
    return found


def _accused(public_id: UUID | None) -> int | None:
    if public_id is None:
        return None
    found = Organisation.objects.filter(public_id=public_id).values_list("pk", flat=True).first()
    if found is None:
        raise CannotFile(zh="没有这个单位。请从列表中选择。", en="There is no such organisation. Choose from the list.")
    return found


def _accused_staff(public_id: UUID | None) -> int | None:
    return None if public_id is None else Staff.objects.values_list("pk", flat=True).get(public_id=public_id)


def _seal(ticket: Ticket, voice: Voice, by: Viewer, links: Links) -> None:
    """Put what is known of the person under the seal; the ticket itself names nobody."""
    key = str(links.party_id or "") if by.is_staff else str(by.subject_public_id or "")
    phone = plain_phone(voice.contact_phone)
    SealedIdentity.objects.create(
        ticket=ticket,
        party_key=key,
        party_hash=search_hash(key, PARTY_PLACE) if key else "",
        name=voice.contact_name.strip()[:80] or ("" if by.is_staff else by.subject_name),
        phone=phone,
        phone_hash=search_hash(phone, SEALED_PHONE_PLACE) if phone else "",
        email=voice.contact_email.strip()[:120],
    )


def _filed_before(key: str, by: Viewer) -> Filed:
    found = Ticket.objects.get(idempotency_key=key)
    mine = {by.label, "person"} if not by.is_staff else {by.label}
    if found.filed_by not in mine:
        raise CannotFile(zh="这个幂等键已被使用。请换一个新的。", en="This idempotency key is taken. Use a new one.")
    return Filed(found.public_id, found.reference, "", found.due_at)


def desk_of(region_code: str) -> str:
    """Return the county whose hotline has a ticket; the city or province itself where the region lies above.

    >>> desk_of("330122001000"), desk_of("330100000000")
    ('330122000000', '330100000000')
    """
    return next(one.text for one in parse_region_code(region_code).chain if one.level <= RegionLevel.COUNTY)


def new_reference(now: datetime) -> str:
    """Return a number to read aloud: the day and eight characters nobody mistakes for one another."""
    return f"SQ{local_day(now):%Y%m%d}" + "".join(choice(ALPHABET) for _ in range(8))


def new_code() -> str:
    """Return eight characters by which somebody unnamed follows his ticket."""
    return "".join(choice(ALPHABET) for _ in range(8))


def follow_hash(reference: str, code: str) -> str:
    """Return what is kept of a follow code."""
    return hashlib.sha256(f"{reference}/{code.strip().upper()}".encode()).hexdigest()


def is_operator(viewer: Viewer) -> bool:
    """Whether the viewer takes calls."""
    return viewer.has_role(Role.HOTLINE)
