"""Makes the short codes of appointments and tickets: easy to read out, not to be guessed."""

import re
import secrets

# Without 0, 1, I, L, O and U: they are misread, and no word comes out by chance.
_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH = 10


def new_code() -> str:
    """Return ten letters and figures: 30 to the tenth power, so that trying finds nobody's."""
    return "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))


def read_code(text: str) -> str:
    """Return the code in what somebody typed or a reader read: the code itself, or an address that carries it.

    >>> read_code(" abcde 23456 "), read_code("http://localhost/hall/1/ticket?code=ABCDE23456")
    ('ABCDE23456', 'ABCDE23456')
    """
    found = re.search(r"[?&]code=([0-9A-Za-z]+)", text)
    return re.sub(r"[^0-9A-Z]", "", (found[1] if found else text).upper())[:_LENGTH]
