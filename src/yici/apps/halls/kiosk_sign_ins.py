"""Signing in at a kiosk: by the ID card on its reader, or by a code that the person's own phone confirms."""

from datetime import datetime, timedelta
from enum import StrEnum
from secrets import token_urlsafe

from django.db import transaction

from yici.apps.halls.kiosks import KioskView, hashed
from yici.apps.halls.models import Kiosk, PhoneSignIn
from yici.apps.journal import actions as journal
from yici.apps.journal import queries as journal_queries
from yici.apps.people import actions as people
from yici.apps.people.models import Party
from yici.apps.people.viewers import Viewer
from yici.apps.places import queries as places
from yici.rules.clock_courses import local_day
from yici.rules.codes import parse_region_code, parse_resident_id
from yici.rules.codes.refusals import CannotReadCode
from yici.rules.items import Assurance
from yici.rules.law_parameters import parameter
from yici.rules.refusals import Refusal

CARD_DIGITS = 18
# Cards are laid on a reader one at a time; many unknown ones in a row are somebody trying numbers.
MOST_UNKNOWN_CARDS, UNKNOWN_WITHIN = 5, timedelta(minutes=10)


class CannotSignInHere(Refusal):
    """This card or code signs nobody in at this kiosk."""


class PhoneState(StrEnum):
    """Where a sign-in by phone stands."""

    WAITING = "waiting"
    CONFIRMED = "confirmed"
    OVER = "over"


def sign_in_by_card(*, kiosk: KioskView, read: str, now: datetime) -> int:
    """Return the row of the party whose card the reader has read (its prefix and the number).

    The reader checks the chip; we trust it because the device is paired. Raises CannotSignInHere for a card of nobody
    we know, a number that is none, one typed by hand where the reader has a prefix, and after too many unknown ones.
    """
    text = read.strip()
    prefix, number = text[:-CARD_DIGITS], text[-CARD_DIGITS:]
    _check_not_guessing(kiosk, now)
    row = Kiosk.objects.get(pk=kiosk.id)
    party = _holder(number, now) if row.reader_hash == (hashed(prefix) if prefix else "") else None
    if party is None:
        journal.record("kiosk.card_refused", subject=kiosk.label, by=kiosk.label, now=now)
        raise CannotSignInHere(
            zh="没有读出这张证件，或系统里没有登记。请重新放卡；仍不行请用手机扫码，或到窗口办理。",
            en="The card was not read, or is not known here. Lay it down again; else use your phone, or a window.",
        )
    _signed_in(kiosk, party, "card", now)
    return party.pk


def _holder(number: str, now: datetime) -> Party | None:
    try:
        resident = parse_resident_id(number, today=local_day(now))
    except CannotReadCode:
        return None
    return people.verified_party(resident.text)


def _check_not_guessing(kiosk: KioskView, now: datetime) -> None:
    lines = journal_queries.entries_for(kiosk.label, kind="kiosk.card_refused", limit=MOST_UNKNOWN_CARDS)
    recent = [line for line in lines if now - line.recorded_at < UNKNOWN_WITHIN]
    if len(recent) >= MOST_UNKNOWN_CARDS:
        raise CannotSignInHere(
            zh="连续多张证件无法识别，刷卡暂停10分钟。请用手机扫码登录，或到窗口办理。",
            en="Too many cards were not known; the reader rests for 10 minutes. Use your phone, or a window.",
        )


@transaction.atomic
def _signed_in(kiosk: KioskView, party: Party, way: str, now: datetime) -> None:
    facts = {"kiosk": str(kiosk.public_id), "way": way}
    journal.record("kiosk.signed_in", subject=str(party), by=str(party), now=now, facts=facts)


@transaction.atomic
def offer_code(*, kiosk: KioskView, now: datetime) -> str:
    """Return a new code for a phone to confirm; what is over by now at this kiosk is forgotten."""
    seconds = parameter(
        "kiosk_phone_code", parse_region_code(kiosk.region_code), local_day(now), places.law_parameters()
    ).value
    PhoneSignIn.objects.filter(kiosk_id=kiosk.id, expires_at__lt=now - timedelta(hours=1)).delete()
    code = token_urlsafe(24)
    PhoneSignIn.objects.create(kiosk_id=kiosk.id, code_hash=hashed(code), expires_at=now + timedelta(seconds=seconds))
    return code


def kiosk_of_code(code: str, *, now: datetime) -> tuple[str, str, str, str]:
    """Return hall and kiosk, in both languages, where a code waits to be confirmed. Raises CannotSignInHere."""
    row = _waiting(code, now)
    kiosk = row.kiosk
    return kiosk.hall.name, kiosk.hall.name_en, kiosk.name, kiosk.name_en


def _waiting(code: str, now: datetime, *, lock: bool = False) -> PhoneSignIn:
    rows = PhoneSignIn.objects.select_related("kiosk__hall")
    rows = rows.select_for_update(of=("self",)) if lock else rows
    found = rows.filter(code_hash=hashed(code), confirmed_at=None, expires_at__gt=now).first()
    if found is None:
        raise CannotSignInHere(
            zh="这个二维码已过期或已使用。请在终端上重新扫码。",
            en="This code is too old or was used. Scan the new one on the kiosk.",
        )
    return found


@transaction.atomic
def confirm_code(*, code: str, by: Viewer, now: datetime) -> None:
    """Let the kiosk that shows this code serve the person who holds the phone.

    Raises CannotSignInHere when it is too late or confirmed already, or the account is not real-name.
    """
    row = _waiting(code, now, lock=True)
    if by.party_id is None or by.assurance not in {Assurance.REAL_NAME, Assurance.SIGNED}:
        raise CannotSignInHere(
            zh="您的账号还没有实名，不能在终端上登录。请用身份证刷卡，或到窗口实名。",
            en="Your account is not real-name yet and cannot sign in at a kiosk. Use your ID card, or a window.",
        )
    row.party_id, row.confirmed_at = by.party_id, now
    row.save(update_fields=["party", "confirmed_at"])
    facts = {"kiosk": str(row.kiosk.public_id)}
    journal.record("kiosk.phone_confirmed", subject=by.label, by=by.label, now=now, facts=facts)


def state_of_code(*, kiosk: KioskView, code: str, now: datetime) -> PhoneState:
    """Return whether the code that this kiosk shows was confirmed; one of another kiosk is over."""
    row = PhoneSignIn.objects.filter(kiosk_id=kiosk.id, code_hash=hashed(code), used_at=None).first()
    if row is None or row.expires_at <= now:
        return PhoneState.OVER
    return PhoneState.CONFIRMED if row.confirmed_at else PhoneState.WAITING


@transaction.atomic
def sign_in_by_phone(*, kiosk: KioskView, code: str, now: datetime) -> int:
    """Return the row of the party whose phone confirmed the code; it works once. Raises CannotSignInHere."""
    rows = PhoneSignIn.objects.select_for_update(of=("self",)).select_related("party")
    row = rows.filter(kiosk_id=kiosk.id, code_hash=hashed(code), used_at=None, expires_at__gt=now).first()
    if row is None or row.party is None:
        raise CannotSignInHere(
            zh="手机还没有确认，或二维码已过期。请重新扫码。",
            en="The phone has not confirmed yet, or the code is too old. Scan again.",
        )
    row.used_at = now
    row.save(update_fields=["used_at"])
    _signed_in(kiosk, row.party, "phone", now)
    return row.party.pk
