"""Unified social credit codes: one number for every organisation, company and institution."""

from dataclasses import dataclass
from functools import lru_cache

from yici.rules.codes.check_characters import CREDIT_CODE_ALPHABET, DIGITS, mod_11, mod_31
from yici.rules.codes.refusals import CannotReadCreditCode, check_alphabet, check_length, typed
from yici.rules.words import Words

_NAME = ("统一社会信用代码", "a unified social credit code")

# GB 32100-2015 table 1 with later additions of the registering authorities.
REGISTERED_BY = {
    "1": Words("机构编制", "Establishment office"),
    "2": Words("外交", "Foreign affairs"),
    "3": Words("司法行政", "Justice administration"),
    "4": Words("文化", "Culture"),
    "5": Words("民政", "Civil affairs"),
    "6": Words("旅游", "Tourism"),
    "7": Words("宗教", "Religious affairs"),
    "8": Words("工会", "Trade unions"),
    "9": Words("市场监督管理", "Market regulation"),
    "A": Words("中央军委改革和编制办公室", "Military establishment office"),
    "N": Words("农业", "Agriculture"),
    "Y": Words("其他", "Other"),
}
_KINDS = {
    "11": Words("机关", "Government body"),
    "12": Words("事业单位", "Public institution"),
    "13": Words("编办直接管理的群众团体", "Mass organisation"),
    "51": Words("社会团体", "Social association"),
    "52": Words("民办非企业单位", "Private non-enterprise unit"),
    "53": Words("基金会", "Foundation"),
    "91": Words("企业", "Enterprise"),
    "92": Words("个体工商户", "Individual business"),
    "93": Words("农民专业合作社", "Farmers' cooperative"),
}


@dataclass(frozen=True, slots=True)
class CreditCode:
    """A valid USCC (GB 32100-2015): 1 authority, 1 kind, 6 region, 9 organisation code, 1 check character.

    >>> code = parse_credit_code("11370800MB28559184")
    >>> code.kind.en, code.region, code.organisation_code
    ('Government body', '370800', 'MB2855918')
    """

    text: str

    @property
    def registered_by(self) -> Words:
        """Return the authority that registers this body."""
        return REGISTERED_BY[self.text[0]]

    @property
    def kind(self) -> Words:
        """Return what sort of body this is; rare kinds are named 'Other'."""
        return _KINDS.get(self.text[:2], Words("其他", "Other"))

    @property
    def region(self) -> str:
        """Six digits of the region of registration."""
        return self.text[2:8]

    @property
    def organisation_code(self) -> str:
        """Nine characters of the older organisation code (GB 11714)."""
        return self.text[8:17]

    @property
    def has_sound_organisation_code(self) -> bool:
        """Whether the inner check character holds too; codes converted from old registers may fail it."""
        return mod_11(self.text[8:16]) == self.text[16]

    def __str__(self) -> str:
        return self.text


@lru_cache(maxsize=4096)
def parse_credit_code(text: str) -> CreditCode:
    """Read an 18-character USCC. Raises CannotReadCreditCode with the position of the error where it is known."""
    code = typed(text)
    check_length(code, 18, _NAME, CannotReadCreditCode)
    check_alphabet(code, CREDIT_CODE_ALPHABET, _NAME, CannotReadCreditCode)
    if code[0] not in REGISTERED_BY:
        raise CannotReadCreditCode(
            zh=f"统一社会信用代码第1位“{code[0]}”不是登记管理部门代码。请核对第1位。",
            en=f"'{code[0]}' is no registering authority: check character 1 of the credit code.",
        )
    if not code[2:8].isdigit():
        raise CannotReadCreditCode(
            zh="统一社会信用代码第3至8位应为行政区划的6位数字。请核对这6位。",
            en="Characters 3 to 8 of the credit code are the six digits of a region. Check these six.",
        )
    if code[17] != mod_31(code[:17]):
        raise CannotReadCreditCode(
            zh="统一社会信用代码的校验位（第18位）与前17位不符，可能有一位输错或相邻两位颠倒。请对照营业执照重新填写。",
            en="The check character (18) does not fit the first 17: one may be wrong or two may have changed places. "
            "Type the code again from the business licence.",
        )
    return CreditCode(code)


def make_credit_code(kind: str, region: str, organisation: str) -> CreditCode:
    """Build a USCC from kind (2 characters), region (6 digits) and the first 8 characters of the organisation code.

    >>> str(make_credit_code("12", "441500", "19672024"))
    '12441500196720244T'
    """
    name = ("统一社会信用代码的一段", "a part of a credit code")
    for part, length, alphabet in ((kind, 2, CREDIT_CODE_ALPHABET), (region, 6, DIGITS)):
        check_length(part, length, name, CannotReadCreditCode)
        check_alphabet(part, alphabet, name, CannotReadCreditCode)
    check_length(organisation, 8, name, CannotReadCreditCode)
    check_alphabet(organisation, CREDIT_CODE_ALPHABET, name, CannotReadCreditCode)
    body = kind + region + organisation + mod_11(organisation)
    return parse_credit_code(body + mod_31(body))
