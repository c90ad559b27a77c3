"""Finds out at the window who somebody is: by his card, his phone, or two other documents. Never by a name alone."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from yici.apps.halls import personal_codes as codes
from yici.apps.journal import actions as journal
from yici.apps.journal import queries as journal_queries
from yici.apps.people.actions import record_party, verified_party
from yici.apps.people.facts import PartyFacts
from yici.apps.people.models import Party
from yici.apps.people.viewers import Viewer
from yici.rules.codes import parse_resident_id
from yici.rules.codes.refusals import typed
from yici.rules.identification import CannotIdentify, IdentificationWay, checked_documents

# Numbers of six digits can be guessed; after this many misses a clerk asks for the card.
MOST_MISSES, MISSES_WITHIN = 5, timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Shown:
    """What the person showed and what the clerk typed or scanned; ``read`` is what a reader sent."""

    read: str = ""
    name: str = ""
    number: str = ""
    code: str = ""
    documents: tuple[str, ...] = field(default=())
    region_code: str = ""


@dataclass(frozen=True, slots=True)
class Identified:
    """Who it is, how the clerk knows, and which documents he saw."""

    party: Party
    way: IdentificationWay
    documents: tuple[str, ...] = ()


def identify(shown: Shown, *, by: Viewer, now: datetime) -> Identified:
    """Return who is at the window; a party nobody knew is recorded from the card (served without an account).

    Raises CannotIdentify, CannotReadCode for a wrong number, CannotRecordParty when number and name do not fit.
    """
    found = _found(shown, by, now)
    facts = {"way": found.way.value, "documents": list(found.documents), "party": str(found.party)}
    journal.record("hall.identified", subject=str(found.party), by=by.label, now=now, facts=facts)
    return found


def _found(shown: Shown, by: Viewer, now: datetime) -> Identified:
    if shown.read.strip().startswith(codes.PREFIX):
        return Identified(codes.party_of_code(shown.read, now=now), IdentificationWay.SHOWN_CODE)
    if shown.read.strip():
        return _by_card(shown, by, now)
    if shown.code.strip():
        return _by_number_of_the_phone(shown, by, now)
    if shown.documents:
        seen = checked_documents(shown.documents)
        party = _named(shown, by, now)
        return Identified(party, IdentificationWay.DOCUMENTS, tuple(one.value for one in seen))
    return Identified(_named(shown, by, now), IdentificationWay.NUMBER)


def _by_card(shown: Shown, by: Viewer, now: datetime) -> Identified:
    """Take what a card reader types: the number, and the name after a space where the reader sends it."""
    number, _, name = shown.read.strip().partition(" ")
    text = parse_resident_id(number, today=now.date()).text
    known = verified_party(text)
    if known is not None and not name:
        return Identified(known, IdentificationWay.CARD)
    if not (name or shown.name).strip():
        raise CannotIdentify(
            zh="系统中还没有这位办事人。请在下面录入证件上的姓名和号码，核对后继续。",
            en="Nobody with this card is known yet. Type name and number as on the card below, check them, go on.",
        )
    party = _recorded(text, name or shown.name, shown, by, now)
    return Identified(party, IdentificationWay.CARD)


def _named(shown: Shown, by: Viewer, now: datetime) -> Party:
    if not shown.name.strip() or not shown.number.strip():
        raise CannotIdentify(
            zh="请同时录入姓名和证件号码。不能只按姓名查人。",
            en="Type both name and number. Nobody is looked up by name alone.",
        )
    return _recorded(typed(shown.number), shown.name, shown, by, now)


def _recorded(number: str, name: str, shown: Shown, by: Viewer, now: datetime) -> Party:
    facts = PartyFacts(name=name.strip(), id_number=number, region_code=shown.region_code or None)
    return record_party(facts=facts, by=by.label, now=now)


def _by_number_of_the_phone(shown: Shown, by: Viewer, now: datetime) -> Identified:
    if _misses(by, now) >= MOST_MISSES:
        raise CannotIdentify(
            zh="短时间内多次不符。请改用身份证或扫描身份码。",
            en="Too many misses in a short time. Use the identity card or scan the code instead.",
        )
    try:
        party = codes.party_of_number(shown.name, shown.code, now=now)
    except CannotIdentify:
        journal.record("hall.not_identified", subject=by.label, by=by.label, now=now)
        raise
    return Identified(party, IdentificationWay.SPOKEN_CODE)


def _misses(by: Viewer, now: datetime) -> int:
    lines = journal_queries.entries_for(by.label, kind="hall.not_identified", limit=MOST_MISSES)
    return sum(line.recorded_at > now - MISSES_WITHIN for line in lines)
