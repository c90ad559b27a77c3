"""Says which acts of the person must wait for which others, in one situation."""

from collections.abc import Sequence

from yici.rules.items import Stage
from yici.rules.planner.parts import places_in
from yici.rules.planner.tables import PresenceRow
from yici.rules.planner.timing import Timing
from yici.rules.planner.visits import Waiting

# Every act is done before something (the start of an item, or its end) and after something (nothing, a step, the end
# of an item). One act must be done at an earlier visit than another when the longest chain of steps from what follows
# the first to what the second waits for takes time, special procedures included; when the chain takes no time the
# person can wait for it at the counter, but the second is still not done earlier. Chains run inside an item from its
# start to its end, and from the end of an item to the start of those that wait for it, so whole items are enough.


class Ancestry:
    """For one item: the items from whose start or end a chain leads to its start, and those where it takes time."""

    __slots__ = ("from_end", "from_start", "later_than_end", "later_than_start")

    def __init__(self) -> None:
        self.from_start = self.from_end = self.later_than_start = self.later_than_end = 0


def order_of(
    rows: Sequence[PresenceRow],
    timings: Sequence[Timing | None],
    waits: Sequence[int],
    before_start: Sequence[int],
    before_end: Sequence[int],
) -> list[Waiting]:
    """Return what each of the rows, all of them acts that wait, must not precede.

    For each item: ``timings`` (None when it does not apply), ``waits`` for other items, and the acts that must be done
    ``before_start`` and ``before_end`` of it.
    """
    ancestries = _ancestries(timings, waits)
    order = []
    for _, act, item, stage, review in rows:
        timing = timings[item]
        if timing is not None:
            itself = 1 << item
            collecting = stage is Stage.COLLECT
            lasts = (timing.total if collecting else timing.lags[review]) > 0
            line = ancestries[item]
            not_later = _acts(before_start, line.from_start | itself)
            not_later |= _acts(before_end, line.from_end | itself if collecting else line.from_end)
            if lasts:
                earlier = _acts(before_start, line.from_start | itself) | _acts(before_end, line.from_end)
            else:
                earlier = _acts(before_start, line.later_than_start) | _acts(before_end, line.later_than_end)
            order.append(Waiting(act, earlier, not_later))
    return order


def _ancestries(timings: Sequence[Timing | None], waits: Sequence[int]) -> list[Ancestry]:
    ancestries: list[Ancestry] = []
    for item, timing in enumerate(timings):
        line = Ancestry()
        for place in places_in(waits[item]) if timing is not None else ():
            lowest = 1 << place
            other, waited_for = ancestries[place], timings[place]
            line.from_start |= other.from_start | lowest
            line.from_end |= other.from_end | lowest
            if waited_for is not None and waited_for.total:
                line.later_than_start |= other.from_start | lowest
                line.later_than_end |= other.from_end
            else:
                line.later_than_start |= other.later_than_start
                line.later_than_end |= other.later_than_end
        ancestries.append(line)
    return ancestries


def _acts(by_item: Sequence[int], items: int) -> int:
    acts = 0
    for place in places_in(items):
        acts |= by_item[place]
    return acts


def starts_of(days: Sequence[int], waits: Sequence[int]) -> list[int]:
    """Return the day on which each item can start, when each takes its ``days`` and waits for others.

    >>> starts_of([3, 2, 1], [0, 1, 3])
    [0, 3, 5]
    """
    starts = [0] * len(days)
    for place, waited_for in enumerate(waits):
        if waited_for:
            starts[place] = max([starts[other] + days[other] for other in places_in(waited_for)])
    return starts
