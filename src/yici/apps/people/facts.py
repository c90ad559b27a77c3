"""What somebody says of himself when he is recorded or opens an account, and what is wrong with it."""

import re
from dataclasses import dataclass, field
from datetime import date

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from yici.rules.codes import CannotReadCode, parse_resident_id
from yici.rules.forms import CannotReadForm
from yici.rules.people import IdKind, PartyKind
from yici.rules.words import Words

_LOGIN = re.compile(r"[A-Za-z0-9_.@-]{4,40}")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_NAME_AT_MOST = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyFacts:
    """What is known of a party when it is first met. Birthday and sex of resident numbers are read from them."""

    name: str = field(repr=False)
    id_number: str = field(repr=False)
    id_kind: IdKind = IdKind.RESIDENT_ID
    region_code: str | None = None
    phone: str | None = field(default=None, repr=False)
    born_on: date | None = field(default=None, repr=False)
    sex: str | None = None

    @property
    def kind(self) -> PartyKind:
        """Whether this is a natural or a legal person."""
        return PartyKind.LEGAL if self.id_kind is IdKind.BUSINESS_LICENCE else PartyKind.NATURAL


def check_registration(*, login: str, password: str, facts: PartyFacts, today: date) -> None:
    """Raise CannotReadForm with one sentence for each field that cannot stand."""
    found = {
        "login": _login_fault(login),
        "password": password_fault(password),
        "name": _name_fault(facts.name),
        "id_number": _number_fault(facts.id_number, today),
        "phone": _phone_fault(facts.phone or ""),
    }
    faults = {field: fault for field, fault in found.items() if fault is not None}
    if faults:
        raise CannotReadForm(faults)


def password_fault(password: str) -> Words | None:
    """Return what is wrong with a password, or None."""
    try:
        validate_password(password)
    except ValidationError:
        return Words(
            "密码太短或太常见。请用至少10个字符，不要用常见密码。",
            "The password is too short or too common. Use at least 10 characters and no common password.",
        )
    return None


def _login_fault(login: str) -> Words | None:
    if _LOGIN.fullmatch(login):
        return None
    return Words("账号名为4至40位字母、数字，或手机号。请修改。", "A login has 4 to 40 letters or digits. Change it.")


def _name_fault(name: str) -> Words | None:
    if 0 < len(name.strip()) <= _NAME_AT_MOST:
        return None
    return Words("请填写证件上的姓名。", "Write the name as it stands on the identity document.")


def _number_fault(number: str, today: date) -> Words | None:
    try:
        parse_resident_id(number, today=today)
    except CannotReadCode as refusal:
        return refusal.words
    return None


def _phone_fault(phone: str) -> Words | None:
    if not phone or _MOBILE.fullmatch(phone):
        return None
    return Words("手机号为11位数字，以1开头。请核对。", "A mobile number has 11 digits and begins with 1. Check it.")
