"""Codes that people and systems type: read them, build them, say what is wrong with them."""

from yici.rules.codes.case_numbers import CaseNumber, make_case_number, parse_case_number
from yici.rules.codes.credit_codes import CreditCode, make_credit_code, parse_credit_code
from yici.rules.codes.items import (
    APPLIED_FOR,
    ITEM_KINDS,
    BasicCode,
    HandleItemCode,
    ImplementationCode,
    make_basic_code,
    make_handle_item_code,
    make_implementation_code,
    parse_basic_code,
    parse_handle_item_code,
    parse_implementation_code,
)
from yici.rules.codes.licence_ids import LicenceId, make_licence_id, parse_licence_id
from yici.rules.codes.refusals import (
    CannotReadCaseNumber,
    CannotReadCode,
    CannotReadCreditCode,
    CannotReadItemCode,
    CannotReadLicenceId,
    CannotReadRegionCode,
    CannotReadResidentId,
)
from yici.rules.codes.regions import COUNTRY, ZHEJIANG, RegionCode, RegionLevel, parse_region_code
from yici.rules.codes.resident_ids import ResidentId, Sex, make_resident_id, parse_resident_id

__all__ = [
    "APPLIED_FOR",
    "COUNTRY",
    "ITEM_KINDS",
    "ZHEJIANG",
    "BasicCode",
    "CannotReadCaseNumber",
    "CannotReadCode",
    "CannotReadCreditCode",
    "CannotReadItemCode",
    "CannotReadLicenceId",
    "CannotReadRegionCode",
    "CannotReadResidentId",
    "CaseNumber",
    "CreditCode",
    "HandleItemCode",
    "ImplementationCode",
    "LicenceId",
    "RegionCode",
    "RegionLevel",
    "ResidentId",
    "Sex",
    "make_basic_code",
    "make_case_number",
    "make_credit_code",
    "make_handle_item_code",
    "make_implementation_code",
    "make_licence_id",
    "make_resident_id",
    "parse_basic_code",
    "parse_case_number",
    "parse_credit_code",
    "parse_handle_item_code",
    "parse_implementation_code",
    "parse_licence_id",
    "parse_region_code",
    "parse_resident_id",
]
