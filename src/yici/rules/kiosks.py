"""What a self-service kiosk may do, how long it waits for its person, and how a print job goes on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from yici.rules.codes import RegionCode
from yici.rules.items import Item
from yici.rules.law_parameters import LAW_PARAMETERS, LawParameter, parameter
from yici.rules.plans import EvidenceStatus, Plan
from yici.rules.refusals import Refusal
from yici.rules.words import Words

CHANNEL = "kiosk"
# The page and the server do not look at their clocks in the same instant; the page decides first.
GRACE = timedelta(seconds=10)
_PLACES = ("queue", "folder")
_LONGEST_TARGET = 200


class CannotUsePrinter(Refusal):
    """A printer that no kiosk can be given."""


class CannotPrint(Refusal):
    """This document cannot be printed now."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a kiosk waits without input before it ends the session, and how long it warns before that."""

    idle_seconds: int
    warning_seconds: int

    @property
    def warn_after_seconds(self) -> int:
        """Seconds without input until the question "Still there?" appears.

        >>> Patience(60, 20).warn_after_seconds
        40
        """
        return max(0, self.idle_seconds - self.warning_seconds)

    def has_run_out(self, seen_at: datetime, now: datetime) -> bool:
        """Whether nothing was heard for so long that the session has ended (with a grace of ten seconds)."""
        return now - seen_at > timedelta(seconds=self.idle_seconds) + GRACE


def patience(region: RegionCode, on: date, *, elder: bool, table: Iterable[LawParameter] = LAW_PARAMETERS) -> Patience:
    """Return the patience of the kiosks of a region on a day; longer in the elder version."""
    ending = "_elder" if elder else ""
    rows = list(table)
    return Patience(
        parameter(f"kiosk_idle{ending}", region, on, rows).value,
        parameter(f"kiosk_warning{ending}", region, on, rows).value,
    )


def may_be_begun_here(items: Iterable[Item], plan: Plan) -> bool:
    """Whether a kiosk may offer a need: every item allows the channel, and whatever is answered, nobody visits.

    A paper to photograph needs a phone: the kiosk has no camera.
    """
    channels = all(CHANNEL in item.channels and item.standardised for item in items)
    return channels and plan.visits_at_most == 0 and not needs_a_phone(plan)


def needs_a_phone(plan: Plan) -> bool:
    """Whether the plan wants a paper to be photographed or uploaded."""
    return any(row.status is EvidenceStatus.UPLOAD for row in plan.evidence)


@dataclass(frozen=True, slots=True)
class Printer:
    """Where a kiosk prints: a queue of the printing system, or a folder that something else empties.

    A folder is an absolute path, or the demonstration's name of a folder in the data folder.
    """

    kind: str
    target: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.target}"


def read_printer(text: str) -> Printer:
    """Read ``queue:NAME`` or ``folder:/absolute/path``. Raises CannotUsePrinter.

    >>> read_printer("queue:hall-1").target
    'hall-1'
    """
    kind, _, target = text.strip().partition(":")
    if kind not in _PLACES or not target or len(target) > _LONGEST_TARGET or "\0" in target:
        raise CannotUsePrinter(
            zh=f"打印机“{text[:80]}”写法不对。请写 queue:队列名 或 folder:/绝对路径。",
            en=f"The printer '{text[:80]}' cannot be read. Write queue:NAME or folder:/absolute/path.",
        )
    if kind == "queue" and not _is_queue_name(target):
        raise CannotUsePrinter(
            zh=f"打印队列名“{target[:80]}”只能用字母、数字、点、横线和下划线，不能以横线开头。",
            en=f"A queue name has letters, digits, dots, dashes and underscores only and begins with no dash: "
            f"'{target[:80]}'.",
        )
    if kind == "folder" and not target.startswith("/"):
        raise CannotUsePrinter(
            zh=f"打印文件夹“{target[:80]}”要写绝对路径，以 / 开头。",
            en=f"The folder '{target[:80]}' must be an absolute path that begins with /.",
        )
    return Printer(kind, target)


def _is_queue_name(name: str) -> bool:
    plain = name.isascii() and name.replace("-", "").replace("_", "").replace(".", "").isalnum()
    return plain and not name.startswith("-")


class PrintWhat(StrEnum):
    """What a kiosk prints."""

    LICENCE = "licence"
    RECEIPT = "receipt"

    @property
    def words(self) -> Words:
        """Return the name of the document."""
        return Words("证照", "Licence") if self is PrintWhat.LICENCE else Words("受理回执", "Receipt")


class PrintState(StrEnum):
    """Where a print job stands."""

    QUEUED = "queued"
    PRINTING = "printing"
    PRINTED = "printed"
    FAILED = "failed"

    @property
    def words(self) -> Words:
        """Return the state as the person reads it."""
        return _STATE_WORDS[self]

    @property
    def is_under_way(self) -> bool:
        """Whether the job still has to end."""
        return self in {PrintState.QUEUED, PrintState.PRINTING}


_STATE_WORDS = {
    PrintState.QUEUED: Words("等待打印", "Waiting for the printer"),
    PrintState.PRINTING: Words("正在打印", "Printing"),
    PrintState.PRINTED: Words("已打印", "Printed"),
    PrintState.FAILED: Words("打印失败", "Printing failed"),
}

# A printer that has said nothing for this long will not speak any more: the program was interrupted.
GIVEN_UP_AFTER = timedelta(minutes=3)

INTERRUPTED = Words(
    "打印中断，可能已经出了一张纸。请先看出纸口，再决定是否重新打印。",
    "Printing was interrupted; a page may have come out. Look into the tray before you print again.",
)
