"""Reads an e-mail as it lies in the mailbox: any charset, text before HTML, files aside."""

import hashlib
from email import message_from_bytes
from email.message import EmailMessage, MIMEPart
from email.policy import default
from email.utils import getaddresses, parseaddr
from html.parser import HTMLParser

from yici.rules.letters import Letter, Paper, is_from_machine


def read_letter(raw: bytes) -> Letter:
    """Return what an e-mail says; whatever is broken in it is left out, the rest is read."""
    mail = message_from_bytes(raw, policy=default)
    name, sender = parseaddr(_header(mail, "from"))
    headers = {key.lower(): _header(mail, key) for key in ("Auto-Submitted", "Precedence", "List-Id") if key in mail}
    return Letter(
        key=hashlib.sha256((_header(mail, "message-id") or raw.decode("latin-1")).encode()).hexdigest()[:40],
        sender=sender,
        name=_clean(name)[:80],
        recipients=tuple(
            address for field in ("to", "cc", "delivered-to") for _, address in getaddresses([_header(mail, field)])
        ),
        subject=_clean(_header(mail, "subject")),
        text=_clean(_text(mail)),
        papers=tuple(_papers(mail)),
        machine=is_from_machine(headers, sender),
    )


def _header(mail: EmailMessage, name: str) -> str:
    try:
        return str(mail.get(name, "") or "")
    except (ValueError, LookupError, IndexError):  # headers that the parser of the standard library stumbles over
        return ""


def _clean(text: str) -> str:
    """Return text that the database can hold."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8").strip()


def _text(mail: EmailMessage) -> str:
    part = mail.get_body(("plain", "html"))
    if part is None:
        return ""
    said = _decoded(part)
    if part.get_content_subtype() != "html" or not said.strip():
        return said
    reader = _Shown()
    reader.feed(said)
    return "\n".join(reader.lines)


class _Shown(HTMLParser):
    """What a page shows: its text, a line for each piece, without scripts and styles."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        """Begin to hide what nobody sees."""
        self._hidden += tag in _UNSEEN

    def handle_endtag(self, tag: str) -> None:
        """Show again."""
        self._hidden -= tag in _UNSEEN and self._hidden > 0

    def handle_data(self, data: str) -> None:
        """Keep a piece of text."""
        if not self._hidden and data.strip():
            self.lines.append(data.strip())


_UNSEEN = frozenset({"script", "style", "head", "title"})


def _decoded(part: MIMEPart) -> str:
    content = part.get_payload(decode=True)
    raw = content if isinstance(content, bytes) else b""
    for charset in (part.get_content_charset() or "utf-8", "utf-8", "gb18030"):
        try:
            return raw.decode(charset)
        except (LookupError, UnicodeDecodeError):
            continue
    return raw.decode("utf-8", "replace")


def _papers(mail: EmailMessage) -> list[Paper]:
    found = []
    for part in mail.iter_attachments():
        content = part.get_payload(decode=True)
        if isinstance(content, bytes) and content:
            found.append(Paper(_clean(part.get_filename() or "attachment")[:200], content))
    return found
