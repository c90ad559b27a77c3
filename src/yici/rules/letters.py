"""What an e-mail says: whose it is, which ticket it goes on with, and what no ticket is made of."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from yici.rules.voices import LONGEST_DETAIL, LONGEST_SUBJECT

REFERENCE = re.compile(r"\bSQ[0-9]{8}[0-9A-Z]{8}\b")
_PLACE = re.compile(r"\+([0-9]{6})@")
# RFC 3834: an answer to an answering machine would never end.
_MACHINES = ("mailer-daemon", "postmaster", "no-reply", "noreply")


@dataclass(frozen=True, slots=True)
class Paper:
    """A file that came with an e-mail."""

    filename: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One e-mail, read. ``key`` names it for ever, so that it is filed once however often it is fetched."""

    key: str
    sender: str
    name: str
    recipients: tuple[str, ...]
    subject: str
    text: str
    papers: tuple[Paper, ...] = ()
    machine: bool = False

    @property
    def reference(self) -> str:
        """Return the ticket that the subject names, "" for a new matter.

        >>> said = Letter(key="1", sender="a@b.cn", name="", recipients=(), subject="回复：SQ20180312ABCD2345", text="")
        >>> said.reference
        'SQ20180312ABCD2345'
        """
        found = REFERENCE.search(self.subject.upper())
        return found.group() if found else ""

    @property
    def place(self) -> str:
        """Return the region that the address names (``12345+330122@…``), "" where it names none."""
        for address in self.recipients:
            found = _PLACE.search(address)
            if found:
                return found.group(1)
        return ""

    @property
    def title(self) -> str:
        """Return the subject as a ticket's: the first line of the text where the subject is empty."""
        lines = [line.strip() for line in (self.subject, *self.text.splitlines()) if line.strip()]
        return (lines[0] if lines else "电子邮件")[:LONGEST_SUBJECT]

    @property
    def words(self) -> str:
        """Return the text as a ticket's; what is too long is cut, and the whole is kept nowhere."""
        return (self.text.strip() or self.title)[:LONGEST_DETAIL]


def is_from_machine(headers: Mapping[str, str], sender: str) -> bool:
    """Whether a programme wrote it (RFC 3834): it gets no ticket and no answer.

    >>> is_from_machine({"auto-submitted": "auto-replied"}, "a@b.cn"), is_from_machine({}, "a@b.cn")
    (True, False)
    """
    marked = headers.get("auto-submitted", "no").strip().lower() != "no"
    bulk = headers.get("precedence", "").strip().lower() in {"bulk", "junk", "list"} or "list-id" in headers
    return marked or bulk or not sender or sender.partition("@")[0].lower().startswith(_MACHINES)
