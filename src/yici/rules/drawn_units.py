"""Whom a trial's draw takes: a person, or, where only words are tried, the browser in which a need was begun.

Most people read the questions of a need before they sign in. What is demanded of them must not change when they do, so
a trial of that draws persons. A wording or an order does no harm: there the browser is drawn, by a hash of its token,
and what it began keeps its side after the sign-in.
"""

from hashlib import sha256

_BETWEEN = "@"


def browser_unit(token: str) -> str:
    """Return the opaque name of a browser by which it is drawn; "" for none. It does not lead back to the token.

    >>> browser_unit("abc") == browser_unit("abc") != browser_unit("abd")
    True
    """
    return f"b{sha256(f'drawn{token}'.encode()).hexdigest()[:31]}" if token else ""


def unit_of(person: str, browser: str) -> str:
    """Return both names of who began a need as one: ``person`` is "" before the sign-in, ``browser`` after one.

    >>> unit_of("17", ""), unit_of("17", "b0f"), unit_of("", "b0f")
    ('17', '17@b0f', '@b0f')
    """
    return f"{person}{_BETWEEN}{browser}" if browser else person


def drawn_by(unit: str, *, of_wording: bool) -> str:
    """Return by what name a trial draws; "" where it draws nobody yet.

    >>> drawn_by("17@b0f", of_wording=True), drawn_by("17@b0f", of_wording=False), drawn_by("@b0f", of_wording=False)
    ('b0f', '17', '')
    """
    person, _, browser = unit.partition(_BETWEEN)
    return (browser or person) if of_wording else person
