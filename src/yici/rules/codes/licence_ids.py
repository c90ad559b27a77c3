"""Identifiers of electronic licences: kind, issuer, serial, version and a check character."""

from dataclasses import dataclass

from yici.rules.codes.check_characters import DIGITS, LETTERS_AND_DIGITS, mod_37_36
from yici.rules.codes.credit_codes import parse_credit_code
from yici.rules.codes.refusals import CannotReadCode, CannotReadLicenceId, check_alphabet, check_length, typed

# The arc of the national e-licence registry in the tree of object identifiers (GB/T 36904).
ROOT = "1.2.156.3005.2"
_LONGEST_SERIAL = 20


@dataclass(frozen=True, slots=True)
class LicenceId:
    """A dotted identifier. ``verified`` is False when a foreign one was taken over although its checks do not hold.

    >>> licence = parse_licence_id("1.2.156.3005.2.11100000000013338W009.11330105002500287C.2025052201.002.0")
    >>> licence.issuer, licence.serial, licence.version, licence.verified
    ('11330105002500287C', '2025052201', 2, True)
    """

    kind: str
    issuer: str
    serial: str
    version: int
    check: str
    verified: bool = True

    @property
    def body(self) -> str:
        """Return the characters that the check character covers: everything after the root, without dots."""
        return f"{self.kind}{self.issuer}{self.serial}{self.version:03d}"

    def __str__(self) -> str:
        return f"{ROOT}.{self.kind}.{self.issuer}.{self.serial}.{self.version:03d}.{self.check}"


def parse_licence_id(text: str, *, foreign: bool = False) -> LicenceId:
    """Read an identifier. Raises CannotReadCode.

    With ``foreign`` wrong check characters do not refuse it: other issuers have been seen to get them wrong.
    """
    kind, issuer, serial, version, check = _parts(typed(text))
    licence = LicenceId(kind, issuer, serial, int(version), check)
    try:
        _check_bodies(licence)
    except CannotReadCode:
        if not foreign:
            raise
        return LicenceId(kind, issuer, serial, int(version), check, verified=False)
    return licence


def make_licence_id(kind: str, issuer: str, serial: str, version: int = 1) -> LicenceId:
    """Build an identifier: kind is 21 characters (USCC of the authority that defined it and three digits).

    >>> str(make_licence_id("11100000000013338W009", "11330105002500287C", "2025052201", 2))[-6:]
    '.002.0'
    """
    if not 1 <= version <= 999:
        raise CannotReadLicenceId(
            zh=f"电子证照版本号应为001至999，现在是{version}。",
            en=f"The version of a licence runs from 001 to 999; this one is {version}.",
        )
    body = f"{kind}{issuer}{serial}{version:03d}"
    check_alphabet(body, LETTERS_AND_DIGITS, ("电子证照标识", "a licence identifier"), CannotReadLicenceId)
    return parse_licence_id(f"{ROOT}.{kind}.{issuer}.{serial}.{version:03d}.{mod_37_36(body)}")


def _parts(code: str) -> tuple[str, str, str, str, str]:
    fields = code.removeprefix(ROOT + ".").split(".")
    if not code.startswith(ROOT + ".") or len(fields) != 5:
        raise CannotReadLicenceId(
            zh=f"电子证照标识应为“{ROOT}.类型.颁发机构.流水号.版本号.校验位”。请核对圆点和各段。",
            en=f"A licence identifier reads '{ROOT}.kind.issuer.serial.version.check'. Check the dots and the parts.",
        )
    kind, issuer, serial, version, check = fields
    lengths = ((kind, 21, "证照类型代码", "the licence kind"), (issuer, 18, "颁发机构代码", "the issuer"))
    for part, length, zh, en in (*lengths, (version, 3, "版本号", "the version"), (check, 1, "校验位", "the check")):
        check_length(part, length, (zh, en), CannotReadLicenceId)
        check_alphabet(part, LETTERS_AND_DIGITS, (zh, en), CannotReadLicenceId)
    check_alphabet(version, DIGITS, ("版本号", "the version"), CannotReadLicenceId)
    check_alphabet(serial, LETTERS_AND_DIGITS, ("流水号", "the serial"), CannotReadLicenceId)
    if not 1 <= len(serial) <= _LONGEST_SERIAL:
        raise CannotReadLicenceId(
            zh=f"电子证照流水号应为1至{_LONGEST_SERIAL}位。请核对。",
            en=f"The serial of a licence has 1 to {_LONGEST_SERIAL} characters. Check it.",
        )
    return kind, issuer, serial, version, check


def _check_bodies(licence: LicenceId) -> None:
    if licence.check != mod_37_36(licence.body):
        raise CannotReadLicenceId(
            zh="电子证照标识的校验位与前面各段不符，可能有一位输错。请扫描二维码或重新填写。",
            en="The check character of the licence identifier does not fit: one character may be wrong. "
            "Scan the code or type it again.",
        )
    parse_credit_code(licence.kind[:18])
    parse_credit_code(licence.issuer)
