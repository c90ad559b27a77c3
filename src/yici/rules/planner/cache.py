"""Remembers plans: people in the same situation at the same place share one answer."""

from collections import OrderedDict
from collections.abc import Mapping
from threading import Lock

from yici.rules.planner.compiled import CompiledEvent
from yici.rules.planner.holdings import Holdings
from yici.rules.planner.sentences import HERE
from yici.rules.plans import Plan
from yici.rules.words import Words


class PlanCache:
    """The plans asked for last, at most ``size`` of them; safe to share between threads.

    An event that is compiled anew, because an item was revised, shares nothing with the old one.
    """

    def __init__(self, size: int = 10_000) -> None:
        self.size = size
        self.hits = 0
        self.misses = 0
        self._plans: OrderedDict[tuple[object, ...], Plan] = OrderedDict()
        self._lock = Lock()

    def plan(
        self,
        event: CompiledEvent,
        answers: Mapping[str, object],
        holdings: Holdings,
        region: str = "",
        *,
        place: Words = HERE,
    ) -> Plan:
        """Return what ``event.plan`` returns, computed only for situations not met lately."""
        key = (event, region, place, *event.situation_key(answers, holdings))
        with self._lock:
            known = self._plans.get(key)
            if known is not None:
                self._plans.move_to_end(key)
                self.hits += 1
                return known
        plan = event.plan(answers, holdings, region, place=place)
        with self._lock:
            self.misses += 1
            self._plans[key] = plan
            while len(self._plans) > self.size:
                self._plans.popitem(last=False)
        return plan

    def __len__(self) -> int:
        return len(self._plans)
