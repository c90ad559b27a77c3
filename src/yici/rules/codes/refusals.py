"""Why a code could not be read, in a sentence that helps to type it again."""

import unicodedata

from yici.rules.refusals import Refusal


class CannotReadCode(Refusal):
    """A text that is not the code it should be; each kind of code has its own subclass."""


class CannotReadResidentId(CannotReadCode):
    """Not a resident identity number (GB 11643)."""


class CannotReadCreditCode(CannotReadCode):
    """Not a unified social credit code, USCC (GB 32100)."""


class CannotReadItemCode(CannotReadCode):
    """Not a code of a government service item (GB/T 39554.1)."""


class CannotReadCaseNumber(CannotReadCode):
    """Not a 43-character case number of the national exchange."""


class CannotReadLicenceId(CannotReadCode):
    """Not an identifier of an electronic licence (GB/T 36904)."""


class CannotReadRegionCode(CannotReadCode):
    """Not a 12-digit code of an administrative division (GB/T 2260 with town and village)."""


def typed(text: str) -> str:
    """Return what the person meant to type: half-width, upper case, without spaces.

    Chinese keyboards produce full-width digits, and copied numbers carry spaces.

    >>> typed(" １１０１０５ 19491231002x ")
    '11010519491231002X'
    """
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()


def check_length(text: str, length: int, name: tuple[str, str], refusal: type[CannotReadCode]) -> None:
    """Refuse a text of another length and say how many characters there are."""
    if len(text) != length:
        raise refusal(
            zh=f"{name[0]}应为{length}位，现在是{len(text)}位。请核对后重新填写。",
            en=f"{_capital(name[1])} has {length} characters; this one has {len(text)}. Compare it and type it again.",
        )


def check_alphabet(text: str, alphabet: str, name: tuple[str, str], refusal: type[CannotReadCode]) -> None:
    """Refuse the first character that this kind of code never contains, and name its position."""
    for position, character in enumerate(text, start=1):
        if character not in alphabet:
            raise refusal(
                zh=f"{name[0]}第{position}位是“{character}”，这一位不会出现这个字符。请核对第{position}位。",
                en=f"Character {position} of {name[1]} is '{character}', which cannot stand there. Check it.",
            )


def _capital(sentence: str) -> str:
    return sentence[0].upper() + sentence[1:]
