"""Who may give mandates for a company: its head, as the company register says on that day, not as he says himself."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from yici.apps.people import mandating
from yici.apps.people.viewers import Viewer
from yici.apps.registry import actions as registry
from yici.rules.codes import ZHEJIANG, RegionCode
from yici.rules.data_uses import MANDATE_OF_A_COMPANY
from yici.rules.grants import Purpose
from yici.rules.law_parameters import parameter
from yici.rules.people import MandateTerms
from yici.rules.refusals import Refusal
from yici.rules.words import Words

HEAD = "companies.legal_representative_id"
_BASIS = "《中华人民共和国民法典》第六十一条"


class CannotProveHead(Refusal):
    """The company register does not name this person as the head of that company."""


# One sentence whether the company is unknown, differently named, or headed by somebody else.
_NOT_HEAD = Words(
    "登记信息中没有找到由您担任法定代表人的这家企业。请核对名称和统一社会信用代码；刚变更的，请等登记机关更新后再试。",
    "The company register names no such company with you as its head. Check name and credit code; after a change, wait "
    "until the register is up to date.",
)


def prove_head(*, number: str, name: str, by: Viewer, now: datetime) -> UUID:
    """Let a person act for a company after the register has confirmed that he heads it, for a limited time.

    Reads one field of the register, which is a look-up in the company's ledger. Raises CannotProveHead.
    """
    found = mandating.company_by_number(number, name) if by.party_id else None
    if found is None or not _is_head(found[0], found[1], by, now):
        raise CannotProveHead(zh=_NOT_HEAD.zh, en=_NOT_HEAD.en)
    last_day = _last_day(found[1], timezone.localdate(now))
    return mandating.act_as_head(company_id=found[0], valid_to=last_day, by=by, now=now)


def _last_day(region_code: str, today: date) -> date:
    region = RegionCode(region_code) if region_code else ZHEJIANG
    return today + timedelta(days=parameter("head_proof", region, today).value)


def _is_head(company_id: int, region_code: str, by: Viewer, now: datetime) -> bool:
    read = registry.fetch(
        party_id=company_id,
        wanted=[HEAD],
        items=[MANDATE_OF_A_COMPANY],
        purpose=Purpose.MANDATE,
        basis=_BASIS,
        case_reference=f"mandate:{company_id}",
        case_is_open=True,
        by=by.label,
        now=now,
        region_code=region_code or str(ZHEJIANG),
    ).content
    return HEAD in read and mandating.is_number_of(by.party_id or 0, read[HEAD])


def offer(*, agent_number: str, agent_name: str, terms: MandateTerms, by: Viewer, now: datetime) -> UUID:
    """Offer a mandate for whom the viewer acts for as its head, or for himself.

    For a company the register is asked again: yesterday's head gives nothing away today; if it names somebody else, his
    own right to act ends at once. Raises CannotProveHead, CannotGiveMandate, CannotAgreeMandate.
    """
    if by.acting_for_id is not None:
        _still_head(by.acting_for_id, by, now)
    with transaction.atomic():
        return mandating.offer_mandate(
            holder_id=by.subject_id or 0,
            agent_number=agent_number,
            agent_name=agent_name,
            terms=terms,
            by=by,
            now=now,
        )


def _still_head(company_id: int, by: Viewer, now: datetime) -> None:
    region_code = mandating.region_of(company_id)
    if _is_head(company_id, region_code, by, now):
        return
    # Kept although the offer is refused: the register has spoken.
    mandating.end_head(company_id=company_id, by=by, now=now)
    raise CannotProveHead(zh=_NOT_HEAD.zh, en=_NOT_HEAD.en)
