"""The two servers: fetches what is unread over IMAP, sends over SMTP. Addresses are URLs with user and password."""

import imaplib
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

from yici.rules.refusals import Refusal

PATIENCE = 20  # seconds
MOST_AT_ONCE = 100
LARGEST = 25 << 20  # bytes, what mail servers commonly let through


class CannotReachMail(Refusal):
    """A mail server that does not answer, or an address that names none; it is tried again."""


@dataclass(frozen=True, slots=True)
class Server:
    """Where a server is, and how to sign in."""

    scheme: str
    host: str
    port: int
    user: str
    password: str
    folder: str

    def __repr__(self) -> str:
        return f"Server({self.scheme}://{self.host}:{self.port})"  # never the password


_PORTS = {"imap": 143, "imaps": 993, "smtp": 25, "smtps": 465}


def server_of(url: str) -> Server:
    """Read ``imaps://user:password@host:993/INBOX`` or ``smtp://host:25``. Raises CannotReachMail.

    >>> server_of("imaps://desk:a%40b@mail.example/INBOX").port
    993
    """
    parts = urlsplit(url)
    try:
        port = parts.port or _PORTS[parts.scheme]
    except (KeyError, ValueError) as error:
        raise CannotReachMail(
            zh="邮件服务器地址不对，应为 imaps://用户:密码@主机/INBOX 或 smtp://主机:25。",
            en="The mail server's address should read imaps://user:password@host/INBOX or smtp://host:25.",
        ) from error
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return Server(parts.scheme, parts.hostname or "localhost", port, user, password, parts.path.strip("/") or "INBOX")


class Inbox:
    """An open mailbox: unread letters, marked as read one by one."""

    def __init__(self, box: imaplib.IMAP4) -> None:
        self.box = box

    def unread(self) -> Iterator[tuple[str, bytes]]:
        """Yield number and content of each unread letter, oldest first; reading alone marks nothing."""
        _, found = self.box.uid("search", "UNSEEN")
        for uid in (found[0] or b"").split()[:MOST_AT_ONCE]:
            _, data = self.box.uid("fetch", uid.decode(), "(BODY.PEEK[])")
            content = next((part[1] for part in data if isinstance(part, tuple)), b"")
            yield uid.decode(), content[:LARGEST]

    def mark_read(self, uid: str) -> None:
        """Say that a letter has been dealt with."""
        self.box.uid("store", uid, "+FLAGS", "(\\Seen)")


@contextmanager
def opened(server: Server) -> Iterator[Inbox]:
    """Open a mailbox and close it. Raises CannotReachMail."""
    try:
        box = _connected(server)
    except (OSError, imaplib.IMAP4.error) as error:
        raise _unreachable(server) from error
    try:
        yield Inbox(box)
    except (OSError, imaplib.IMAP4.error) as error:
        raise _unreachable(server) from error
    finally:
        with suppress(OSError, imaplib.IMAP4.error):
            box.logout()


def _connected(server: Server) -> imaplib.IMAP4:
    if server.scheme == "imaps":
        box: imaplib.IMAP4 = imaplib.IMAP4_SSL(
            server.host, server.port, ssl_context=ssl.create_default_context(), timeout=PATIENCE
        )
    else:
        box = imaplib.IMAP4(server.host, server.port, timeout=PATIENCE)
    box.login(server.user, server.password)
    status, _ = box.select(server.folder)
    if status != "OK":
        raise imaplib.IMAP4.error(server.folder)
    return box


def send(server: Server, mail: EmailMessage) -> None:
    """Send one e-mail. Raises CannotReachMail."""
    kind = smtplib.SMTP_SSL if server.scheme == "smtps" else smtplib.SMTP
    try:
        with kind(server.host, server.port, timeout=PATIENCE) as line:
            if server.user:
                line.login(server.user, server.password)
            line.send_message(mail)
    except (OSError, smtplib.SMTPException) as error:
        raise _unreachable(server) from error


def _unreachable(server: Server) -> CannotReachMail:
    where = f"{server.host}:{server.port}"
    return CannotReachMail(
        zh=f"邮件服务器 {where} 没有应答，稍后再试。", en=f"The mail server {where} does not answer; tried again later."
    )
