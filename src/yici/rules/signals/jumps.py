"""Whether a share jumped: more now than the months before explain."""

from scipy.stats import hypergeom

from yici.rules.signals.triggers import FEWEST_EVENTS

_CHANCE = 0.001  # thousands of items and counties are looked at


def has_jumped(events: int, of: int, events_before: int, of_before: int) -> bool:
    """Whether so many events now are more than chance after those before (R. Fisher's exact test, one-sided).

    Without a past there is no jump, and fewer than five events are none.

    >>> has_jumped(20, 100, 10, 600), has_jumped(3, 100, 10, 600), has_jumped(20, 100, 0, 0)
    (True, False, False)
    """
    if events < FEWEST_EVENTS or not of_before:
        return False
    happened = events + events_before
    return float(hypergeom.sf(events - 1, of + of_before, happened, of)) < _CHANCE
