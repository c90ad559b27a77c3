"""The code a signed-in person shows at the window: signed, for two minutes, once."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import randbelow
from uuid import UUID

from django.core import signing
from django.db import transaction

from yici.apps.halls.models import PersonalCode
from yici.apps.journal import actions as journal
from yici.apps.people.actions import NAME_PLACE
from yici.apps.people.encryption import search_hash, search_hashes
from yici.apps.people.models import Party
from yici.apps.people.viewers import Viewer
from yici.rules.identification import CannotIdentify
from yici.rules.items import Assurance

PREFIX = "YC1."  # by it the scan field tells a code of a phone from a card number
SALT = "yici.halls.personal-code"
NUMBER_PLACE = "halls_personalcode.number"
# Long enough to hold the phone under the reader, too short for a photograph of it to travel.
VALID_FOR = timedelta(minutes=2)
KNOWN_FOR_CERTAIN = {Assurance.REAL_NAME, Assurance.SIGNED}


@dataclass(frozen=True, slots=True)
class ShownCode:
    """What the phone shows: the text of the QR code and six digits to read aloud."""

    text: str
    number: str
    valid_until: datetime


@transaction.atomic
def show_code(*, by: Viewer, now: datetime) -> ShownCode:
    """Make a new code of the signed-in person; the one before is worth nothing from now on.

    Raises CannotIdentify for an account that nobody has identified yet.
    """
    if by.party_id is None or by.is_staff or by.assurance not in KNOWN_FOR_CERTAIN:
        raise CannotIdentify(
            zh="您的账号尚未实名，不能用身份码。请带身份证到窗口，当场可以实名。",
            en="Your account is not real-name yet, so its code proves nothing. Bring your identity card to the window.",
        )
    PersonalCode.objects.filter(party_id=by.party_id).delete()
    number = f"{randbelow(1_000_000):06d}"
    row = PersonalCode.objects.create(
        party_id=by.party_id,
        number_hash=search_hash(number, NUMBER_PLACE),
        made_at=now,
        valid_until=now + VALID_FOR,
    )
    journal.record("hall.code_shown", subject=by.label, by=by.label, now=now)
    return ShownCode(PREFIX + signing.Signer(salt=SALT).sign(row.public_id.hex), number, row.valid_until)


def party_of_code(text: str, *, now: datetime) -> Party:
    """Return who shows this code, and use it up. Raises CannotIdentify for one that is foreign, old or used."""
    try:
        public_id = UUID(signing.Signer(salt=SALT).unsign(text.strip().removeprefix(PREFIX)))
    except (signing.BadSignature, ValueError):
        raise _worthless() from None
    return _used(list(PersonalCode.objects.filter(public_id=public_id)), now)


def party_of_number(name: str, number: str, *, now: datetime) -> Party:
    """Return who of this name reads this number from his phone, and use it up. Raises CannotIdentify."""
    rows = PersonalCode.objects.filter(
        number_hash__in=search_hashes(number.strip(), NUMBER_PLACE),
        party__name_hash__in=search_hashes(name.strip(), NAME_PLACE),
    )
    return _used(list(rows), now)


def _used(rows: list[PersonalCode], now: datetime) -> Party:
    for row in rows:
        open_still = PersonalCode.objects.filter(pk=row.pk, used_at=None, valid_until__gt=now)
        if open_still.update(used_at=now):  # one statement: two windows cannot both win
            return Party.objects.get(pk=row.party_id)
    raise _worthless()


def _worthless() -> CannotIdentify:
    # One sentence for foreign, old and used: a guesser learns nothing.
    return CannotIdentify(
        zh="这个身份码无效、已过期或已用过。请办事人在手机“出示身份码”页面刷新后再扫一次。",
        en="This code is not valid, too old, or used. Ask the person to refresh 'Show my code' and scan again.",
    )
