"""What may be done to licences: issue and revoke."""

import hashlib
import json
from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from yici.apps.catalogue import queries as catalogue
from yici.apps.journal import actions as journal
from yici.apps.licences.keys import seal_folder, the_seal
from yici.apps.licences.models import Licence, LicenceCounter, LicenceFile, LicenceStatus, LicenceType
from yici.apps.licences.pdf import LicencePage, draw
from yici.apps.licences.queries import code_of
from yici.apps.licences.signing import sign
from yici.apps.places import queries as places
from yici.apps.places.models import Organisation
from yici.apps.registry import actions as registry
from yici.rules.clocks import add_months
from yici.rules.codes import make_licence_id
from yici.rules.refusals import Refusal

LOCAL = ZoneInfo("Asia/Shanghai")
PROVINCE = "330000000000"


class CannotRevoke(Refusal):
    """A licence that does not stand cannot be revoked."""


@transaction.atomic
def issue(
    *,
    type_key: str,
    holder_id: int,
    holder_name: str,
    rows: Sequence[tuple[str, str]],
    organisation_id: int,
    case_reference: str,
    by: str,
    now: datetime,
) -> UUID:
    """Issue a licence: number, identifier, signed PDF, and the record that it may be used as evidence at once.

    ``rows`` are (label, value) as they stand on the page. Asking twice for the same case and kind gives the same one.
    """
    given = Licence.objects.filter(case_reference=case_reference, type__key=type_key).first()
    if given is not None:
        return given.public_id
    kind = _type(type_key)
    issuer = Organisation.objects.get(pk=organisation_id)
    local_day = now.astimezone(LOCAL).date()
    licence = _numbered(kind, issuer, local_day)
    licence.holder_id, licence.holder_name, licence.case_reference = holder_id, holder_name, case_reference
    licence.facts_text = json.dumps(list(rows), ensure_ascii=False)
    licence.issued_at = licence.status_at = now
    pdf = _sealed(licence, rows, local_day)
    licence.sha256 = hashlib.sha256(pdf).hexdigest()
    licence.save()
    LicenceFile.objects.create(licence=licence, pdf=pdf)
    registry.put_licence(party_id=holder_id, type_key=type_key, number=licence.number, by=by, now=now)
    journal.record(
        "licence.issued", subject=licence.identifier, by=by, now=now, facts={"case": case_reference, "type": type_key}
    )
    return licence.public_id


@transaction.atomic
def revoke(*, identifier: str, reason: str, by: str, now: datetime) -> None:
    """Revoke a licence; whoever verifies it is told so from now on. Raises CannotRevoke."""
    licence = Licence.objects.select_for_update().select_related("type").get(identifier=identifier)
    if licence.status != LicenceStatus.VALID:
        raise CannotRevoke(
            zh="该证照已不是有效状态，无需再次撤销。", en="This licence does not stand any more; nothing to revoke."
        )
    if not reason.strip():
        raise CannotRevoke(zh="撤销证照须写明理由。", en="Give the reason for revoking the licence.")
    licence.status, licence.status_at, licence.status_reason = LicenceStatus.REVOKED, now, reason.strip()
    licence.save(update_fields=["status", "status_at", "status_reason"])
    registry.withdraw_licence(party_id=licence.holder_id, type_key=licence.type.key, by=by, now=now)
    journal.record("licence.revoked", subject=identifier, by=by, now=now)


def _type(key: str) -> LicenceType:
    """Return the kind of licence as the catalogue describes it now; its code is the authority's USCC and a serial."""
    kind = catalogue.licence_kinds()[key]
    authority = places.organisation_for(kind.authority, PROVINCE)
    described = {
        "code": f"{authority.uscc}{kind.code}",
        "name": kind.name.zh,
        "name_en": kind.name.en,
        "validity_months": kind.validity_months,
        "fields": list(kind.fields),
    }
    made, _ = LicenceType.objects.update_or_create(key=key, defaults=described)
    return made


def _numbered(kind: LicenceType, issuer: Organisation, day: date) -> Licence:
    counter, _ = LicenceCounter.objects.select_for_update().get_or_create(organisation=issuer, year=day.year)
    counter.last += 1
    counter.save(update_fields=["last"])
    serial = f"{day:%Y%m%d}{counter.last:06d}"
    until = add_months(day, kind.validity_months) if kind.validity_months else None
    return Licence(
        identifier=str(make_licence_id(kind.code, issuer.uscc, serial)),
        # The issuer's own nine characters and its serial of the year: unique without asking anybody.
        number=f"{issuer.uscc[8:17]}{serial}",
        type=kind,
        issued_by=issuer,
        valid_until=until,
    )


def _sealed(licence: Licence, rows: Sequence[tuple[str, str]], day: date) -> bytes:
    page = LicencePage(
        title=licence.type.name,
        title_en=licence.type.name_en,
        number=licence.number,
        identifier=licence.identifier,
        holder=licence.holder_name,
        rows=tuple(rows),
        issuer=licence.issued_by.name,
        issued_on=day,
        valid_until=licence.valid_until,
        code=code_of(licence),
        demo=settings.DEMO,
        made_at=licence.issued_at,
    )
    return sign(draw(page), the_seal(seal_folder(settings.DATA_DIR)), reason=f"颁发 {licence.type.name}")
