"""Measures the life of tickets: lives a second on a filled table, a fivefold spike, and the sweep of a backlog."""

import multiprocessing
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.queues import SimpleQueue

from django.utils import timezone

from yici.apps.registry.sampling import server_seconds
from yici.apps.tickets import sampling
from yici.apps.tickets.sampling import SampleHotline

LEAST_LIVES = 100
LONGEST_P95_MS = 250
BACK_WITHIN_SECONDS = 10
WORKERS, SECONDS, SPIKE = 2, 8.0, 5
REFERENCE = "CCRS: 37/s up to 100 k and 6.3/s at 1 M on 16 processors; no recovery after spikes"


@dataclass
class Run:
    """What some workers did: milliseconds of each life and each act, when each ended, and what failed."""

    lives: list[tuple[float, float]] = field(default_factory=list)  # ended (monotonic), milliseconds
    acts: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    processor_seconds: float = 0.0  # of the program and of its database processes


def ticket_rows(scales: tuple[int, ...], sweep: int, seconds: float = SECONDS) -> list[dict[str, object]]:
    """Fill the table to each scale in turn and measure; ``sweep``: how many overdue tickets to add and sweep."""
    rows: list[dict[str, object]] = []
    with sampling.sample_hotline(now=timezone.now()) as hotline:
        for scale in sorted(scales):
            _say(f"filling the table to {scale} tickets")
            hotline.fill(scale)
            rows += _at_scale(hotline, scale, seconds)
        if sweep:
            rows += _sweep_rows(hotline, sweep)
    return rows


def _say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


def _at_scale(hotline: SampleHotline, scale: int, seconds: float) -> list[dict[str, object]]:
    _say("calm, then a spike of five times")
    _work(hotline, 1, seconds / 8)  # plans are made and caches filled
    calm = _work(hotline, WORKERS, seconds)
    rate = len(calm.lives) / seconds
    p95 = _p95(calm.acts)
    size = f"{scale} tickets, {WORKERS} at once, 10 acts and look-ups a life"
    spike = _spike(hotline, seconds, statistics.median([ms for _, ms in calm.lives] or [0.0]))
    failed = len(calm.errors) + spike[0]
    # What the machine's other work leaves out: how many lives two cores pay for.
    paid = 2 * len(calm.lives) / calm.processor_seconds if calm.processor_seconds else 0.0
    return [
        _row("ticket lives a second", size, round(rate, 1), "1/s", LEAST_LIVES, met=rate >= LEAST_LIVES),
        _row("lives a second of two cores' time", size, round(paid, 1), "1/s", LEAST_LIVES, met=paid >= LEAST_LIVES),
        _row("ticket act, 95th percentile", size, round(p95, 1), "ms", LONGEST_P95_MS, met=p95 <= LONGEST_P95_MS),
        _row("errors in calm and spike", size, failed, "", 0, met=failed == 0),
        _row(
            "back to normal after a fivefold spike",
            f"{scale} tickets, {WORKERS * SPIKE} at once",
            round(spike[1], 1),
            "s",
            BACK_WITHIN_SECONDS,
            met=spike[1] <= BACK_WITHIN_SECONDS,
        ),
    ]


def _row(name: str, scale: str, figure: float, unit: str, bound: float, *, met: bool) -> dict[str, object]:
    return {
        "name": name,
        "scale": scale,
        "figure": figure,
        "unit": unit,
        "reference": REFERENCE,
        "bound": bound,
        "verdict": "met" if met else "missed",
    }


def _p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[-1] if len(values) > 1 else 0.0


def _work(hotline: SampleHotline, workers: int, seconds: float) -> Run:
    """Let so many processes live one ticket after the other until the time is up."""
    sampling.leave_connections()
    forks = multiprocessing.get_context("fork")
    told: SimpleQueue[Run] = forks.SimpleQueue()
    until = time.monotonic() + seconds
    each = [forks.Process(target=_live_until, args=(hotline, place, until, told)) for place in range(workers)]
    for one in each:
        one.start()
    runs = [told.get() for _ in each]
    for one in each:
        one.join()
    return Run(
        [life for run in runs for life in run.lives],
        [act for run in runs for act in run.acts],
        [error for run in runs for error in run.errors],
        sum(run.processor_seconds for run in runs),
    )


def _live_until(hotline: SampleHotline, place: int, until: float, told: "SimpleQueue[Run]") -> None:
    run, mine = Run(), hotline.of_process(place)
    program, server = time.process_time(), server_seconds()
    while time.monotonic() < until:
        begun = time.perf_counter()
        try:
            mine.live(lambda act: _timed(act, run))
        except Exception as error:
            run.errors.append(repr(error))
        run.lives.append((time.monotonic(), (time.perf_counter() - begun) * 1000))
    run.processor_seconds = time.process_time() - program + server_seconds() - server
    sampling.leave_connections()
    told.put(run)


def _timed(act: Callable[[], object], run: Run) -> object:
    begun = time.perf_counter()
    answer = act()
    run.acts.append((time.perf_counter() - begun) * 1000)
    return answer


def _spike(hotline: SampleHotline, seconds: float, calm_ms: float) -> tuple[int, float]:
    """Return the errors during and after a fivefold load, and the seconds until a life is as short as before.

    Normal again: three lives in a row within twice the calm median.
    """
    during = _work(hotline, WORKERS * SPIKE, seconds)
    ended = time.monotonic()
    after = _work(hotline, WORKERS, min(seconds, BACK_WITHIN_SECONDS))
    short = 0
    for moment, ms in sorted(after.lives):
        short = short + 1 if ms <= 2 * calm_ms else 0
        if short == 3:
            return len(during.errors) + len(after.errors), moment - ended
    return len(during.errors) + len(after.errors), float("inf")


def _sweep_rows(hotline: SampleHotline, count: int) -> list[dict[str, object]]:
    """Sweep a backlog of overdue tickets twice: the first run finds all, the second examines all and does nothing."""
    _say(f"sweeping {count} overdue tickets")
    hotline.fill_overdue(count)
    first = sampling.measured_sweep(now=timezone.now())
    second = sampling.measured_sweep(now=timezone.now())
    missed = hotline.overdue_without_reminder(timezone.now())
    size = f"{count} overdue tickets"
    return [
        _row("overdue tickets the sweep missed", size, missed, "", 0, met=missed == 0 and first.overdue >= count),
        _row("first sweep", size, round(first.seconds, 1), "s", 300, met=first.seconds <= 300),
        _row("sweep with nothing new", size, round(second.seconds, 1), "s", 300, met=second.reminders == 0),
        _row("growth of the process", size, round(first.grown_mb, 1), "MB", 64, met=first.grown_mb <= 64),
    ]
