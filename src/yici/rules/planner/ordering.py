"""Says which acts of the person must wait for which others, in one situation."""

from collections.abc import Sequence

from yici.rules.items import Stage
from yici.rules.planner.calendar import Calendar
from yici.rules.planner.parts import places_in
from yici.rules.planner.tables import PresenceRow
from yici.rules.planner.visits import Waiting

# Every act is done before something (the start of an item, or its end) and after something (nothing, a step, the end
# of an item). One act must be done at an earlier visit than another when the longest chain of steps from what follows
# the first to what the second waits for takes time, special procedures included; when the chain takes no time the
# person can wait for it at the counter, but the second is still not done earlier. Chains run inside an item from its
# start to its end, and from the end of an item to the start of those that wait for it, so whole items are enough.


def order_of(
    rows: Sequence[PresenceRow], calendar: Calendar, before_start: Sequence[int], before_end: Sequence[int]
) -> list[Waiting]:
    """Return what each of the rows, all of them acts that wait, must not precede.

    For each item: the acts that must be done ``before_start`` and ``before_end`` of it.
    """
    order = []
    for _, act, item, stage, review in rows:
        timing, line, itself = calendar.timings[item], calendar.ancestries[item], 1 << item
        if timing is not None:
            collecting = stage is Stage.COLLECT
            not_later = _acts(before_start, line.from_start | itself)
            not_later |= _acts(before_end, line.from_end | itself if collecting else line.from_end)
            if (timing.total if collecting else timing.lags[review]) > 0:
                earlier = _acts(before_start, line.from_start | itself) | _acts(before_end, line.from_end)
            else:
                earlier = _acts(before_start, line.later_than_start) | _acts(before_end, line.later_than_end)
            order.append(Waiting(act, earlier, not_later))
    return order


def _acts(by_item: Sequence[int], items: int) -> int:
    acts = 0
    for place in places_in(items):
        acts |= by_item[place]
    return acts
