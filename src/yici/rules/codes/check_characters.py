"""Check characters: the last character of a code that shows a typing error."""

DIGITS = "0123456789"
LETTERS_AND_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# GB 32100-2015 leaves out I, O, S, V and Z because they are mistaken for digits and for U.
CREDIT_CODE_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"

_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def mod_11_2(digits: str) -> str:
    """Return the check character of the first 17 digits of a resident number (GB 11643, ISO 7064 MOD 11-2).

    >>> mod_11_2("11010519491231002")
    'X'
    """
    total = sum(int(digit) * weight for digit, weight in zip(digits, _ID_WEIGHTS, strict=True))
    return "10X98765432"[total % 11]


def mod_31(body: str) -> str:
    """Return the check character of the first 17 characters of a USCC (GB 32100-2015).

    >>> mod_31("12441500196720244")
    'T'
    """
    total = sum(CREDIT_CODE_ALPHABET.index(character) * pow(3, place, 31) for place, character in enumerate(body))
    return CREDIT_CODE_ALPHABET[-total % 31]


def mod_11(body: str) -> str:
    """Return the check character of an 8-character organisation code (GB 11714).

    >>> mod_11("19672024")
    '4'
    """
    pairs = zip(body, _ORGANISATION_WEIGHTS, strict=True)
    total = sum(LETTERS_AND_DIGITS.index(character) * weight for character, weight in pairs)
    return "0123456789X"[-total % 11]


def mod_37_36(body: str) -> str:
    """Return the check character of an e-licence identifier without its dots (ISO 7064 MOD 37,36).

    >>> mod_37_36("11100000000013338W00911330105002500287C2025052201002")
    '0'
    """
    product = 36
    for character in body:
        product = ((product + LETTERS_AND_DIGITS.index(character)) % 36 or 36) * 2 % 37
    return LETTERS_AND_DIGITS[(37 - product) % 36]
