"""Reads which measure and month an address of the cockpit means, and says what comes after on the wall."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.http import Http404

from yici.apps.accountability import queries
from yici.channels.look.figures import chosen_month
from yici.channels.look.middleware import ViewerRequest
from yici.rules.measures import MEASURES

FIRST = "zero_visit"
MOST_MONTHS = 24  # on the slider; older ones have their address still


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a page shows: a measure in a month; None while nothing was counted."""

    measure: str
    month: date | None
    months: tuple[date, ...]  # the oldest first

    def address(self, **other: str) -> str:
        """Return the words of an address for this choice, some of them changed."""
        month = {"month": f"{self.month:%Y-%m}"} if self.month else {}
        return urlencode({"measure": self.measure, **month, **other})

    @property
    def position(self) -> int:
        """Return where the month stands on the slider."""
        return self.months.index(self.month) if self.month in self.months else 0

    @property
    def earlier(self) -> date | None:
        """Return the month before, of those that were counted."""
        return self.months[self.position - 1] if self.position > 0 else None

    @property
    def later(self) -> date | None:
        """Return the month after."""
        return self.months[self.position + 1] if self.position + 1 < len(self.months) else None

    @property
    def next_measure(self) -> str:
        """Return the measure that the wall shows after this one; after the last the first."""
        keys = [*MEASURES]
        return keys[(keys.index(self.measure) + 1) % len(keys)]


def chosen(request: ViewerRequest) -> Chosen:
    """Read measure and month; ``at`` is a place on the slider. Raises Http404 for what does not exist."""
    sent, known = request.GET, queries.months()
    measure = sent.get("measure", "") or FIRST
    if measure not in MEASURES:
        raise Http404
    months = tuple(reversed(known[:MOST_MONTHS]))
    at = sent.get("at", "")
    if at.isascii() and at.isdecimal() and len(at) < 4 and int(at) < len(months):
        return Chosen(measure, months[int(at)], months)
    month = chosen_month(sent.get("month", ""), known)
    return Chosen(measure, month, months if month is None or month in months else (month, *months))
