"""Keeps document and telephone numbers out of the log, whoever writes the line."""

import logging
import re

# 18 characters of a resident id or a credit code, 15 digits of an old id, 11 of a mobile telephone: never part of a
# longer number, so that ids and moments stay readable.
_NUMBERS = re.compile(
    r"(?<![0-9A-Za-z-])(?:\d{17}[\dXx]|\d{15}|1[3-9]\d{9}|[159Y][1239]\d{6}[0-9A-HJ-NPQRTUWXY]{10})(?![0-9A-Za-z-])"
)
HIDDEN = "***"


def without_numbers(text: str) -> str:
    """Return a line with every number of a person or company hidden.

    >>> without_numbers("login 11010519491231002X from 13857112345 at 2018")
    'login *** from *** at 2018'
    """
    return _NUMBERS.sub(HIDDEN, text)


class QuietFormatter(logging.Formatter):
    """Formats a line, its traceback too, without such numbers."""

    def format(self, record: logging.LogRecord) -> str:
        return without_numbers(super().format(record))
