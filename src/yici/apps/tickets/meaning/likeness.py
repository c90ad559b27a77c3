"""How alike two short texts are: pairs of characters, the rare ones among these very texts weighing most.

For some hundreds of texts at a time, while somebody types; a file of thousands is ``topics.py``'s.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from math import log, sqrt

from yici.apps.tickets.meaning.grams import plain

BACKGROUND = 1_000  # texts about other things that are thought beside these: forty voices make no word common


class Alike:
    """Texts read once, then asked how alike each is to another; ``without`` are names taken out of all of them first,
    so that a shared place alone makes nothing alike."""

    def __init__(self, texts: Sequence[str], *, without: Iterable[str] = ()) -> None:
        self._names = tuple(without)
        self._sets = [_pairs(text, self._names) for text in texts]
        times = Counter(pair for one in self._sets for pair in one)
        whole = len(self._sets) + BACKGROUND
        self._weights = {pair: log(1 + whole / (count + 1)) for pair, count in times.items()}
        self._unknown = log(1 + whole)
        self._lengths = [sqrt(sum(map(self._weights.__getitem__, one))) for one in self._sets]

    def to(self, asked: str) -> list[float]:
        """Return the likeness of each text to this one, 0 to 1: the cosine of weighed pairs.

        >>> [round(one, 1) for one in Alike(["路灯坏了", "停水三天"]).to("路灯坏了")]
        [1.0, 0.0]
        """
        own = _pairs(asked, self._names)
        length = sqrt(sum(self._weights.get(pair, self._unknown) for pair in own))
        return [
            sum(map(self._weights.__getitem__, shared)) / (length * long) if (shared := own & one) else 0.0
            for one, long in zip(self._sets, self._lengths, strict=True)
        ]


def _pairs(text: str, without: tuple[str, ...]) -> set[str]:
    for name in without:
        text = text.replace(name, "")
    clean = "".join(letter for letter in plain(text) if letter.isalnum())
    return {clean[place : place + 2] for place in range(len(clean) - 1)}
