"""Sends one PDF to a real printer: a queue of the printing system (CUPS), or a folder."""

import os
import re
import shutil
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from django.conf import settings

from yici.rules.kiosks import Printer
from yici.rules.refusals import Refusal

HAND_OVER_SECONDS = 30
PAPER_SECONDS = 60
LOOK_EVERY_SECONDS = 1.0
_REQUEST = re.compile(r"request id is (\S+)")


class PrinterFault(Refusal):
    """The printer did not print; ``detail`` is what it said itself, for staff."""

    def __init__(self, *, zh: str, en: str, detail: str = "") -> None:
        super().__init__(zh=zh, en=en)
        self.detail = detail[:300]


def send(printer: Printer, name: str, document: bytes) -> None:
    """Print a document and return when it is out. ``name`` is unique for the copy and says nothing personal.

    Raises PrinterFault. After a fault nothing more comes out: what a queue still holds is cancelled, since nobody may
    stand before the printer when it gets its paper.
    """
    if printer.kind == "folder":
        _into_folder(_folder(printer), name, document)
    else:
        _into_queue(printer.target, name, document)


def is_in_folder(printer: Printer, name: str) -> bool:
    """Whether a folder printer has this copy already: then it was printed, whatever happened afterwards."""
    return printer.kind == "folder" and (_folder(printer) / f"{name}.pdf").exists()


def tidy_folder(printer: Printer, name: str) -> None:
    """Remove what an interrupted print left half written."""
    if printer.kind == "folder":
        with suppress(OSError):
            _draft(_folder(printer), name).unlink()


def _folder(printer: Printer) -> Path:
    """Return the folder; a name without / lies in the data folder, so that it moves along with it."""
    return Path(settings.DATA_DIR) / printer.target


def _draft(folder: Path, name: str) -> Path:
    return folder / f".{name}.part"


def _into_folder(folder: Path, name: str, document: bytes) -> None:
    """Write beside, then rename in one stroke: whoever empties the folder never sees half a page."""
    draft = _draft(folder, name)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(document)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(folder / f"{name}.pdf")
    except OSError as error:
        with suppress(OSError):
            draft.unlink()
        raise PrinterFault(
            zh="打印机没有接收文件（存储不可用或已满）。",
            en="The printer did not take the file (its folder is full or not there).",
            detail=f"{folder}: {error.strerror or error}",
        ) from error


def _into_queue(queue: str, name: str, document: bytes) -> None:
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:  # readable by us only, gone afterwards
        file.write(document)
        file.flush()
        told = _run(["lp", "-d", queue, "-t", name, "--", file.name])
    if told.returncode != 0:
        raise PrinterFault(
            zh="打印机报告故障。可能出了半张纸，请看出纸口。",
            en="The printer reports a fault. Half a page may have come out; look into the tray.",
            detail=told.stderr.strip() or f"lp: {told.returncode}",
        )
    found = _REQUEST.search(told.stdout)
    if found and shutil.which("lpstat"):
        _wait_until_out(queue, found[1])


def _run(words: list[str]) -> "subprocess.CompletedProcess[str]":
    try:
        return subprocess.run(
            words, capture_output=True, text=True, errors="replace", timeout=HAND_OVER_SECONDS, check=False
        )
    except FileNotFoundError as error:
        raise PrinterFault(
            zh="这台机器没有安装打印系统。", en="This machine has no printing system.", detail=f"{words[0]}: not found"
        ) from error
    except subprocess.TimeoutExpired as error:
        raise PrinterFault(
            zh="打印机没有应答。", en="The printer does not answer.", detail=f"{words[0]}: {error.timeout:.0f} s"
        ) from error


def _wait_until_out(queue: str, request: str) -> None:
    """Wait for the queue to finish; a printer without paper keeps the job, which is then cancelled."""
    end = time.monotonic() + PAPER_SECONDS
    while request in _run(["lpstat", "-W", "not-completed", "-o", queue]).stdout.split():
        if time.monotonic() > end:
            told = _run(["cancel", request])
            raise PrinterFault(
                zh="打印机一直没有出纸（可能缺纸）。已取消，之后不会再出纸。",
                en="No paper came out (perhaps there is none left). The job is cancelled; nothing comes out later.",
                detail=f"{request} not completed in {PAPER_SECONDS} s; cancel: {told.returncode}",
            )
        time.sleep(LOOK_EVERY_SECONDS)
