"""The follow codes that one browser has been given or has shown: whoever has no account opens a ticket by them."""

from yici.channels.look.middleware import ViewerRequest

CODES = "voice_codes"  # in the session: the follow codes this browser has been given or has shown
MOST_CODES = 20


def remember_code(request: ViewerRequest, reference: str, code: str) -> None:
    """Keep a code in this browser's session; the oldest goes when there are too many."""
    known = dict(request.session.get(CODES, {}))
    known.pop(reference, None)
    request.session[CODES] = dict([*known.items(), (reference, code)][-MOST_CODES:])


def known_code(request: ViewerRequest, reference: str) -> str:
    """Return the code this browser has for a ticket, "" for none."""
    return str(request.session.get(CODES, {}).get(reference, ""))
