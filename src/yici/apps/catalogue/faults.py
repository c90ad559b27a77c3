"""What is wrong in the files of a catalogue: file, line, column and a sentence in both languages."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from yici.rules.refusals import Refusal
from yici.rules.words import Words

_SHOWN = 20  # A refusal that fills the screen helps nobody; ``faults`` holds all of them.


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One mistake; lines and columns count from 1, and 0 means that the mistake is the file itself.

    ``path``: the keys and places that lead to it in its document, empty for the whole.

    >>> str(Fault("items/birth.yaml", 3, 7, Words("缺少名称。", "The name is missing.")))
    'items/birth.yaml:3:7: The name is missing.'
    """

    file: str
    line: int
    column: int
    words: Words
    path: tuple[str | int, ...] = field(default=(), compare=False)

    def text(self, language: str) -> str:
        """Return place and sentence in the person's language."""
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        return f"{place}: {self.words.text(language)}"

    def __str__(self) -> str:
        return self.text("en")


class CannotImport(Refusal):
    """Files that do not make a catalogue. Nothing of them is stored."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(set(faults)))
        count = len(self.faults)
        more = f"\n… +{count - _SHOWN}" if count > _SHOWN else ""
        listed = {lang: "\n".join(fault.text(lang) for fault in self.faults[:_SHOWN]) for lang in ("zh", "en")}
        noun = "error" if count == 1 else "errors"
        super().__init__(
            zh=f"没有导入任何内容：发现 {count} 处错误，请改正后重新导入。\n{listed['zh']}{more}",
            en=f"Nothing was imported: {count} {noun} found. Correct them and import again.\n{listed['en']}{more}",
        )
