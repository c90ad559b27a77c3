"""What may be seen of licences: a holder's wallet, and the little that verification shows to strangers."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings

from yici.apps.licences import qr
from yici.apps.licences.keys import seal_folder, the_seal
from yici.apps.licences.models import Licence, LicenceFile, LicenceStatus
from yici.apps.licences.signing import is_intact
from yici.apps.people.viewers import Viewer
from yici.rules.clock_courses import local_day
from yici.rules.codes import parse_licence_id
from yici.rules.people import EVERYTHING
from yici.rules.refusals import Refusal
from yici.rules.words import Words

NoSuchLicence = (Licence.DoesNotExist, LicenceFile.DoesNotExist)

STATUS_WORDS = {
    "valid": Words("有效", "Valid"),
    "changed": Words("已变更，请以新证照为准", "Replaced by a newer version"),
    "revoked": Words("已撤销", "Revoked"),
    "expired": Words("已过期", "Expired"),
}


@dataclass(frozen=True, slots=True)
class LicenceView:
    """A licence as its holder sees it."""

    public_id: UUID
    identifier: str
    number: str
    type_key: str
    name: Words
    holder: str
    rows: tuple[tuple[str, str], ...]
    issuer: Words
    issued_at: datetime
    valid_until: date | None
    status: str
    status_words: Words
    status_reason: str
    code: str
    case_reference: str


@dataclass(frozen=True, slots=True)
class Verification:
    """What anybody learns who verifies a licence: whether it stands, and enough to compare with the paper."""

    identifier: str
    name: Words
    holder_masked: str
    issuer: Words
    issued_on: date
    valid_until: date | None
    status: str
    status_words: Words
    status_at: datetime


def status_on(licence: Licence, today: date) -> str:
    """Return the status today: a licence past its day is expired whatever the row says."""
    lapsed = licence.valid_until is not None and licence.valid_until < today
    return "expired" if licence.status == LicenceStatus.VALID and lapsed else str(licence.status)


def wallet(viewer: Viewer, *, today: date) -> list[LicenceView]:
    """Return the licences of the person, or of whom he acts for, newest first."""
    holder = _holder(viewer)
    rows = Licence.objects.filter(holder_id=holder).select_related("type", "issued_by").order_by("-issued_at")
    return [_view(row, today) for row in rows[:200]] if holder else []


def licence(viewer: Viewer, public_id: UUID, *, today: date) -> LicenceView:
    """Return one licence of the viewer. Raises Licence.DoesNotExist for anybody else."""
    row = Licence.objects.select_related("type", "issued_by").get(public_id=public_id, holder_id=_holder(viewer))
    return _view(row, today)


def pdf(viewer: Viewer, public_id: UUID) -> bytes:
    """Return the signed PDF of a licence of the viewer. Raises LicenceFile.DoesNotExist for anybody else."""
    row = LicenceFile.objects.get(licence__public_id=public_id, licence__holder_id=_holder(viewer))
    return bytes(row.pdf)


def licences_of_case(case_reference: str) -> list[tuple[UUID, Words]]:
    """Return id and name of what a case issued; the caller has checked that its viewer may see the case."""
    rows = Licence.objects.filter(case_reference=case_reference).select_related("type")
    return [(row.public_id, Words(row.type.name, row.type.name_en)) for row in rows]


def identifiers_of_case(case_reference: str) -> list[str]:
    """Return the identifiers of what a case issued and still stands."""
    rows = Licence.objects.filter(case_reference=case_reference, status=LicenceStatus.VALID)
    return list(rows.values_list("identifier", flat=True))


def verify(text: str, *, today: date) -> Verification | None:
    """Return what is known of a licence by its public id, identifier or number; None when there is none."""
    wanted = text.strip()
    rows = Licence.objects.select_related("type", "issued_by")
    found = rows.filter(public_id=wanted) if _is_uuid(wanted) else rows.filter(identifier=_identifier(wanted))
    row = found.first() or rows.filter(number=wanted).first()
    return _verification(row, today) if row else None


def verify_file(document: bytes, *, today: date) -> tuple[bool, Verification | None]:
    """Return whether a PDF carries our untouched seal, and which licence it is when we issued exactly these bytes."""
    intact = is_intact(document, the_seal(seal_folder(settings.DATA_DIR)))
    row = (
        Licence.objects.filter(sha256=hashlib.sha256(document).hexdigest()).select_related("type", "issued_by").first()
    )
    return intact, _verification(row, today) if row else None


def _holder(viewer: Viewer) -> int:
    # A mandate for one need does not open the wallet of whom it comes from.
    is_whole = viewer.acting_for_id is None or EVERYTHING in viewer.scopes
    return (viewer.subject_id or 0) if is_whole else 0


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _identifier(text: str) -> str:
    try:
        return str(parse_licence_id(text))
    except Refusal:
        return text


def _view(row: Licence, today: date) -> LicenceView:
    status = status_on(row, today)
    return LicenceView(
        public_id=row.public_id,
        identifier=row.identifier,
        number=row.number,
        type_key=row.type.key,
        name=Words(row.type.name, row.type.name_en),
        holder=row.holder_name,
        rows=tuple((label, value) for label, value in json.loads(row.facts_text)),
        issuer=Words(row.issued_by.name, row.issued_by.name_en),
        issued_at=row.issued_at,
        valid_until=row.valid_until,
        status=status,
        status_words=STATUS_WORDS[status],
        status_reason=row.status_reason,
        code=code_of(row),
        case_reference=row.case_reference,
    )


def _verification(row: Licence, today: date) -> Verification:
    status = status_on(row, today)
    return Verification(
        identifier=row.identifier,
        name=Words(row.type.name, row.type.name_en),
        holder_masked=qr.masked(row.holder_name),
        issuer=Words(row.issued_by.name, row.issued_by.name_en),
        issued_on=local_day(row.issued_at),
        valid_until=row.valid_until,
        status=status,
        status_words=STATUS_WORDS[status],
        status_at=row.status_at,
    )


def code_of(row: Licence) -> str:
    """Return the text of the licence's QR code."""
    return qr.address(settings.SITE_ADDRESS, str(row.public_id), qr.signed_text(_statement(row), _key()))


def _statement(row: Licence) -> qr.Statement:
    return qr.Statement(
        row.identifier, row.type.name, qr.masked(row.holder_name), local_day(row.issued_at), row.valid_until
    )


def _key() -> ec.EllipticCurvePrivateKey:
    return the_seal(seal_folder(settings.DATA_DIR)).private_key()


def public_point() -> bytes:
    """Return the public key of the seal as browsers import it: the uncompressed point of P-256, 65 bytes."""
    return _key().public_key().public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
