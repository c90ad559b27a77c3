"""Measures a look-up through the guard against the bare query of the same record, on the same connection."""

import statistics
import time
from collections.abc import Callable

from django.utils import timezone

from yici.apps.registry import sampling
from yici.apps.registry.sampling import SampleLookUp

PAIRS, WARM_UP = 1_500, 100
MOST_TIMES_DIRECT = 1.5
LEAST_A_SECOND = 1_000


def look_up_rows() -> list[dict[str, object]]:
    """Measure look-ups of an invented party whose record, grant and journal lines are rolled back afterwards."""
    with sampling.sample_look_up(now=timezone.now()) as sample:
        direct, guarded = _medians_us(sample)
        rate = _a_second_of_one_core(sample)
    scale = f"{PAIRS} pairs in turns, one dataset of 3 fields, one transaction"
    ratio = guarded / direct
    return [
        {
            "name": "look-up with grant check and journal",
            "scale": scale,
            "figure": round(ratio, 2),
            "unit": "times",
            "reference": f"direct query of the same record, {direct:.0f} µs; look-up {guarded:.0f} µs",
            "bound": MOST_TIMES_DIRECT,
            "verdict": "met" if ratio <= MOST_TIMES_DIRECT else "missed",
        },
        {
            "name": "look-ups a second on one core",
            "scale": f"{PAIRS} look-ups, one dataset of 3 fields, one transaction",
            "figure": round(rate),
            "unit": "1/s",
            "reference": "processor time of the program and of its database process together",
            "bound": LEAST_A_SECOND,
            "verdict": "met" if rate >= LEAST_A_SECOND else "missed",
        },
    ]


def _medians_us(sample: SampleLookUp) -> tuple[float, float]:
    """Return the medians of single calls, measured in turns: what else the machine does meets both alike."""
    direct, guarded = [], []
    for _ in range(WARM_UP + PAIRS):
        direct.append(_microseconds(sample.direct))
        guarded.append(_microseconds(sample.guarded))
    return statistics.median(direct[WARM_UP:]), statistics.median(guarded[WARM_UP:])


def _a_second_of_one_core(sample: SampleLookUp) -> float:
    """Return how many look-ups a second of processor time pays for; other people's load is not our work."""
    program, server = time.process_time(), sampling.server_seconds()
    for _ in range(PAIRS):
        sample.guarded()
    return PAIRS / (time.process_time() - program + sampling.server_seconds() - server)


def _microseconds(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return (time.perf_counter() - begun) * 1_000_000
