"""The kiosks of the halls: registered, paired with a device, and who is signed in at one."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from secrets import token_urlsafe
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet

from yici.apps.halls.models import Kiosk
from yici.apps.journal import actions as journal
from yici.apps.people import acting
from yici.apps.people.models import Party
from yici.apps.people.viewers import ANONYMOUS, Viewer
from yici.apps.places import queries as places
from yici.apps.places.models import Hall
from yici.rules.clock_courses import local_day
from yici.rules.codes import parse_region_code
from yici.rules.items import Assurance
from yici.rules.kiosks import Patience, Printer, patience, read_printer
from yici.rules.people import EVERYTHING
from yici.rules.refusals import Refusal
from yici.rules.words import Words

PAIRING_LASTS = timedelta(hours=24)
SHORTEST_PREFIX = 8


class CannotRegisterKiosk(Refusal):
    """A kiosk cannot be registered like this."""


class CannotPair(Refusal):
    """This address pairs no device."""


@dataclass(frozen=True, slots=True)
class KioskView:
    """A kiosk as its pages see it."""

    id: int
    public_id: UUID
    name: Words
    hall_name: Words
    region_code: str
    printer: Printer
    is_paired: bool
    demo: bool

    @property
    def label(self) -> str:
        """What the journal writes for the kiosk itself."""
        return f"kiosk:{self.public_id}"


def hashed(secret: str) -> str:
    """Return what is kept of a secret: these are long and random, so one hash is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def register(
    *, hall: str, name: str, name_en: str, printer: str, by: str, now: datetime, reader_prefix: str = ""
) -> tuple[UUID, str]:
    """Register a kiosk and return its id and the secret of its one-time pairing address (24 hours).

    ``hall`` is a hall's name, its public id or the code of its region. ``reader_prefix`` is what the card reader is
    set to put before each number, so that a number typed by hand is not taken for a card. Raises
    CannotRegisterKiosk and CannotUsePrinter.
    """
    place, chosen = _hall(hall), read_printer(printer)
    _check_name(name, place)
    if reader_prefix and len(reader_prefix) < SHORTEST_PREFIX:
        raise CannotRegisterKiosk(
            zh=f"读卡器前缀至少 {SHORTEST_PREFIX} 个字符，否则容易被猜到。",
            en=f"The prefix of the card reader has at least {SHORTEST_PREFIX} characters, or it is easily guessed.",
        )
    secret = token_urlsafe(24)
    row = Kiosk.objects.create(
        hall=place,
        name=name.strip(),
        name_en=name_en.strip() or name.strip(),
        printer_kind=chosen.kind,
        printer_target=chosen.target,
        reader_hash=hashed(reader_prefix) if reader_prefix else "",
        pairing_hash=hashed(secret),
        pairing_until=now + PAIRING_LASTS,
        registered_at=now,
    )
    journal.record("kiosk.registered", subject=str(row), by=by, now=now, facts={"hall": str(place.public_id)})
    return row.public_id, secret


def _check_name(name: str, place: Hall) -> None:
    if not name.strip() or len(name.strip()) > 60:
        raise CannotRegisterKiosk(zh="请给终端起名，最多60个字。", en="Give the kiosk a name of at most 60 characters.")
    if Kiosk.objects.filter(hall=place, name=name.strip()).exists():
        raise CannotRegisterKiosk(
            zh=f"{place.name}已有名为“{name.strip()}”的终端。请换一个名字。",
            en=f"{place.name_en} already has a kiosk called '{name.strip()}'. Choose another name.",
        )


def _hall(text: str) -> Hall:
    """Return a hall by name, public id or the code of its region."""
    wanted = text.strip()
    named = Hall.objects.filter(Q(name=wanted) | Q(name_en=wanted)).first() or _hall_by_id(wanted)
    code = wanted.ljust(12, "0") if wanted.isdecimal() else ""
    found = named or Hall.objects.filter(region__code=code).order_by("pk").first()
    if found is None:
        raise CannotRegisterKiosk(
            zh=f"没有大厅“{wanted[:60]}”。请写大厅全名、编号，或所在区划代码（如 330502）。",
            en=f"There is no hall '{wanted[:60]}'. Give its full name, its id, or the code of its region (as 330502).",
        )
    return found


def _hall_by_id(text: str) -> Hall | None:
    try:
        return Hall.objects.filter(public_id=text).first()
    except (ValidationError, ValueError):
        return None


def kiosk_to_pair(secret: str, *, now: datetime) -> KioskView:
    """Return the kiosk that a pairing address stands for. Raises CannotPair for one used, expired or unknown."""
    found = _with_hall().filter(pairing_hash=hashed(secret), pairing_until__gt=now).first()
    if found is None:
        raise CannotPair(
            zh="这个配对地址无效、已用过或已超过24小时。请管理员用 yici kiosk pair 重新生成。",
            en="This pairing address is wrong, was used, or is older than 24 hours. "
            "Ask the administrator for a new one (yici kiosk pair).",
        )
    return _view(found)


@transaction.atomic
def pair(*, secret: str, now: datetime) -> str:
    """Pair the device that opened the address and return its secret, which only that device keeps.

    An earlier device of the same kiosk is no longer known. Raises CannotPair; the address works once.
    """
    view = kiosk_to_pair(secret, now=now)
    row = Kiosk.objects.select_for_update().get(pk=view.id)
    if row.pairing_hash != hashed(secret):
        kiosk_to_pair(secret, now=now)  # somebody was faster: the address is used up, and says so
    device = token_urlsafe(32)
    row.device_hash, row.paired_at, row.pairing_hash, row.pairing_until = hashed(device), now, "", None
    row.save(update_fields=["device_hash", "paired_at", "pairing_hash", "pairing_until"])
    journal.record("kiosk.paired", subject=str(row), by=str(row), now=now)
    return device


@transaction.atomic
def new_pairing(*, kiosk_id: UUID, by: str, now: datetime) -> str:
    """Return the secret of a fresh pairing address; the paired device works on until it is used."""
    row = _registered(kiosk_id)
    secret = token_urlsafe(24)
    row.pairing_hash, row.pairing_until = hashed(secret), now + PAIRING_LASTS
    row.save(update_fields=["pairing_hash", "pairing_until"])
    journal.record("kiosk.registered", subject=str(row), by=by, now=now, facts={"again": True})
    return secret


@transaction.atomic
def retire(*, kiosk_id: UUID, by: str, now: datetime) -> None:
    """Take a kiosk out of use: its device is a stranger from now on."""
    row = _registered(kiosk_id)
    row.retired_at, row.pairing_hash, row.pairing_until = now, "", None
    row.device_hash, row.paired_at = "", None
    row.save(update_fields=["retired_at", "pairing_hash", "pairing_until", "device_hash", "paired_at"])
    journal.record("kiosk.retired", subject=str(row), by=by, now=now)


def _registered(kiosk_id: UUID) -> Kiosk:
    found = Kiosk.objects.select_for_update().filter(public_id=kiosk_id, retired_at=None).first()
    if found is None:
        raise CannotRegisterKiosk(
            zh="没有这台终端，或已停用。用 yici kiosk list 查看。",
            en="There is no such kiosk, or it is retired. See yici kiosk list.",
        )
    return found


def kiosk_of(device: str) -> KioskView | None:
    """Return the kiosk whose paired device has this secret; None for every other browser."""
    if not device:
        return None
    found = _with_hall().filter(device_hash=hashed(device), retired_at=None).first()
    return _view(found) if found else None


def all_kiosks() -> list[KioskView]:
    """Return every kiosk in use, for commands on the machine."""
    return [_view(row) for row in _with_hall().filter(retired_at=None)]


def _with_hall() -> QuerySet[Kiosk]:
    return Kiosk.objects.select_related("hall__region")


def _view(row: Kiosk) -> KioskView:
    return KioskView(
        id=row.pk,
        public_id=row.public_id,
        name=Words(row.name, row.name_en),
        hall_name=Words(row.hall.name, row.hall.name_en),
        region_code=row.hall.region.code,
        printer=Printer(row.printer_kind, row.printer_target),
        is_paired=bool(row.device_hash),
        demo=row.demo,
    )


def patience_at(kiosk: KioskView, *, elder: bool, now: datetime) -> Patience:
    """Return how long this kiosk waits for its person today."""
    region = parse_region_code(kiosk.region_code)
    return patience(region, local_day(now), elder=elder, table=places.law_parameters())


def viewer_at(party_id: int, *, acting_for: UUID | str | None, on: date, language: str) -> Viewer:
    """Return the viewer of a session at a kiosk: real-name, whoever it is, since card or phone said who.

    No account is involved: a person without one is served the same. Raises CannotActFor when a mandate has ended.
    """
    party = Party.objects.filter(pk=party_id, verified=True).first()
    if party is None:
        return ANONYMOUS
    authority = acting.authority_of(party, acting_for, on) if acting_for else None
    return Viewer(
        label=str(party),
        party_id=party.pk,
        party_public_id=party.public_id,
        party_name=party.name,
        acting_for_id=authority.party_id if authority else None,
        acting_for_public_id=authority.public_id if authority else None,
        acting_for_name=authority.name if authority else "",
        scopes=authority.scopes if authority else frozenset({EVERYTHING}),
        assurance=Assurance.REAL_NAME,
        language=language,
    )


def demo_device(kiosk_id: UUID) -> str:
    """Return the secret all browsers share that open the demonstration's kiosk: it is nobody's own device."""
    return hmac.new(settings.SECRET_KEY.encode(), f"demo kiosk {kiosk_id}".encode(), hashlib.sha256).hexdigest()


def open_demo_kiosk() -> str | None:
    """Return the device secret of the demonstration's kiosk; None without the demonstration."""
    row = Kiosk.objects.filter(demo=True, retired_at=None).first() if settings.DEMO else None
    if row is None:
        return None
    device = demo_device(row.public_id)
    if row.device_hash != hashed(device):  # another secret of the machine, or loaded before there was one
        row.device_hash, row.paired_at = hashed(device), row.registered_at
        row.save(update_fields=["device_hash", "paired_at"])
    return device
