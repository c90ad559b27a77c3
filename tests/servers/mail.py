"""A pair of mail servers made by others, as the hotline has one: IMAP by pymap, SMTP by aiosmtpd."""

import imaplib
import subprocess
import sys
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

from tests.servers.programs import free_port, until

USER, PASSWORD = "desk", "secret of the desk"


class ImapServer:
    """A mailbox in memory, served by another process."""

    def __init__(self) -> None:
        self.port = free_port()
        program = str(Path(sys.executable).with_name("pymap"))
        words = ["--demo-user", USER, "--demo-password", PASSWORD]
        self._process = subprocess.Popen([program, "--host", "127.0.0.1", "--port", str(self.port), "dict", *words])
        until(self.box().logout)

    @property
    def url(self) -> str:
        return f"imap://{USER}:{PASSWORD.replace(' ', '%20')}@127.0.0.1:{self.port}/INBOX"

    def box(self) -> imaplib.IMAP4:
        def signed_in() -> imaplib.IMAP4:
            box = imaplib.IMAP4("127.0.0.1", self.port, timeout=10)
            box.login(USER, PASSWORD)
            return box

        until(lambda: signed_in().logout())
        return signed_in()

    def deliver(self, mail: EmailMessage | bytes) -> None:
        box = self.box()
        raw = mail if isinstance(mail, bytes) else mail.as_bytes()
        assert box.append("INBOX", "", imaplib.Time2Internaldate(0), raw)[0] == "OK"
        box.logout()

    def unread(self) -> int:
        box = self.box()
        box.select("INBOX", readonly=True)
        _, found = box.uid("search", "UNSEEN")
        box.logout()
        return len((found[0] or b"").split())

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(timeout=10)


class SmtpServer:
    """Takes what is sent and keeps it; can be switched off and on."""

    def __init__(self) -> None:
        self.port, self.taken = free_port(), list[EmailMessage]()
        self._controller: Controller | None = None
        self.start()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        made = BytesParser(policy=default).parsebytes(envelope.content)
        assert isinstance(made, EmailMessage)
        self.taken.append(made)
        return "250 taken"

    def start(self) -> None:
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()

    def stop(self) -> None:
        if self._controller is not None:
            self._controller.stop()
            self._controller = None
