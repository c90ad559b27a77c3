"""Plans the open windows of a hall hour by hour, so that a waiting promise is kept, and prices the next window.

People come at an hourly rate, are served by as many windows as are open, and some give up: the queue M(t)/M/c(t)+M,
which its inventor C. Palm (1946) and A. Mandelbaum and S. Zeltyn (Service Engineering, 2007) call Erlang-A. Rates
change by the hour and a line is carried over into the next one, so no steady state is assumed: the chances of every
length of the line are followed through the day by uniformisation (A. Jensen 1953; W. Grassmann 1977).

A promise is kept for a person who is called within the promised minutes. Whoever gives up before is not: a hall does
not keep its promise by letting people leave. Times of service and patience count as exponential.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.stats import poisson

from yici.rules.refusals import Refusal

Chances = NDArray[np.float64]
HOUR = 60.0
PARTS = 12  # an hour is looked at every five minutes
LONGEST_LINE = 250
NEVER = 1e9  # minutes of patience of somebody who never leaves
_ALMOST_ALL = 1 - 1e-9


class CannotSupply(Refusal):
    """These figures describe no queue, or no number of windows keeps the promise."""


@dataclass(frozen=True, slots=True)
class Demand:
    """One hour of a typical day. ``service_minutes`` and ``patience_minutes`` are means; ``arrivals`` people."""

    hour: int
    arrivals: float
    service_minutes: float
    patience_minutes: float = NEVER


@dataclass(frozen=True, slots=True)
class WaitingPromise:
    """At least this share of those who come in an hour is called within so many minutes."""

    minutes: float = 15.0
    share: float = 0.9


@dataclass(frozen=True, slots=True)
class HourSupply:
    """What so many windows do in an hour. ``kept``: share called in time; ``waiting``: mean people in the line.

    ``leaving``: people who give up; ``mean_wait``: minutes in the line for each who comes (Little 1961).
    """

    hour: int
    arrivals: float
    windows: int
    kept: float
    waiting: float
    leaving: float
    mean_wait: float


@dataclass(frozen=True, slots=True)
class NextWindow:
    """One window more in one hour: people called in time and minutes of waiting that it gains over the whole day.

    Negative figures in ``one_fewer`` say what closing one window would cost.
    """

    hour: int
    people_in_time: float
    minutes_saved: float


@dataclass(frozen=True, slots=True)
class Supply:
    """The windows of a day. ``window_hours``: their sum."""

    hours: tuple[HourSupply, ...]

    @property
    def window_hours(self) -> int:
        """How many windows are open, summed over the hours."""
        return sum(hour.windows for hour in self.hours)

    @property
    def windows(self) -> tuple[int, ...]:
        """The windows of each hour."""
        return tuple(hour.windows for hour in self.hours)

    @property
    def people_in_time(self) -> float:
        """How many people are called within the promise."""
        return sum(hour.kept * hour.arrivals for hour in self.hours)

    @property
    def minutes_waited(self) -> float:
        """Minutes spent in the line by everybody together."""
        return sum(hour.waiting * HOUR for hour in self.hours)


def needed(demand: Sequence[Demand], promise: WaitingPromise, *, most_windows: int = 60) -> Supply:
    """Return the fewest windows, hour after hour, with which every hour keeps the promise.

    An hour takes over the line that the one before leaves. Raises CannotSupply when ``most_windows`` are not enough.
    """
    _check(demand, promise)
    line, hours = _empty(), list[HourSupply]()
    for hour in demand:
        for windows in range(1, most_windows + 1):
            after, result = _hour(line, hour, windows, promise)
            if result.kept >= promise.share or hour.arrivals == 0:
                break
        else:
            raise CannotSupply(
                zh=f"{hour.hour} 时开 {most_windows} 个窗口也达不到承诺。请放宽承诺或分流。",
                en=f"At {hour.hour}:00 not even {most_windows} windows keep the promise. Relax it or move demand away.",
            )
        line = after
        hours.append(result)
    return Supply(tuple(hours))


def with_windows(demand: Sequence[Demand], windows: Sequence[int], promise: WaitingPromise) -> Supply:
    """Return what given windows do, hour after hour: to check the model against a day that was."""
    _check(demand, promise)
    line, hours = _empty(), list[HourSupply]()
    for hour, opened in zip(demand, windows, strict=True):
        line, result = _hour(line, hour, opened, promise)
        hours.append(result)
    return Supply(tuple(hours))


def next_windows(demand: Sequence[Demand], supply: Supply, promise: WaitingPromise) -> tuple[NextWindow, ...]:
    """Return what one window more would gain in each hour, what it carries over into later hours included."""
    return tuple(_with_one(demand, supply, promise, place, 1) for place in range(len(demand)))


def one_fewer(demand: Sequence[Demand], supply: Supply, promise: WaitingPromise) -> tuple[NextWindow, ...]:
    """Return what one window less would change in each hour that has more than one."""
    places = [place for place, hour in enumerate(supply.hours) if hour.windows > 1]
    return tuple(_with_one(demand, supply, promise, place, -1) for place in places)


def _with_one(demand: Sequence[Demand], supply: Supply, promise: WaitingPromise, place: int, change: int) -> NextWindow:
    windows = list(supply.windows)
    windows[place] += change
    other = with_windows(demand, windows, promise)
    return NextWindow(
        demand[place].hour,
        other.people_in_time - supply.people_in_time,
        supply.minutes_waited - other.minutes_waited,
    )


def moved_online(demand: Sequence[Demand], share: float) -> tuple[Demand, ...]:
    """Return the demand that is left when this share of the people no longer comes. Raises CannotSupply.

    >>> moved_online([Demand(9, 40, 10)], 0.25)[0].arrivals
    30.0
    """
    if not 0 <= share < 1:
        raise CannotSupply(zh="网上办理的比例应在 0 到 1 之间。", en="The share moved online lies between 0 and 1.")
    return tuple(replace(hour, arrivals=hour.arrivals * (1 - share)) for hour in demand)


def _check(demand: Sequence[Demand], promise: WaitingPromise) -> None:
    good = all(
        0 <= hour.arrivals < 100_000 and 0 < hour.service_minutes < 10_000 and hour.patience_minutes > 0
        for hour in demand
    )
    if not demand or not good or promise.minutes <= 0 or not 0 < promise.share < 1:
        raise CannotSupply(
            zh="到达人数、办理时间和承诺都应为正数，承诺比例在 0 到 1 之间。",
            en="Arrivals, service times and the promise are positive numbers; the promised share lies between 0 and 1.",
        )


def _empty() -> Chances:
    line = np.zeros(LONGEST_LINE + 1)
    line[0] = 1.0
    return line


def _hour(line: Chances, hour: Demand, windows: int, promise: WaitingPromise) -> tuple[Chances, HourSupply]:
    """Follow the line through an hour; people come evenly, so each sees the average over its parts (Wolff 1982)."""
    if windows < 1:
        raise CannotSupply(zh="至少要开一个窗口。", en="At least one window is open.")
    step = _Step(hour, windows, HOUR / PARTS)
    in_time = _called_in_time(windows, hour.service_minutes, hour.patience_minutes, promise.minutes)
    lengths = np.arange(LONGEST_LINE + 1)
    in_line = np.maximum(lengths - windows, 0)
    kept = waiting = 0.0
    for _ in range(PARTS):
        after = step.follow(line)
        seen = (line + after) / 2
        kept += float(seen @ in_time) / PARTS
        waiting += float(seen @ in_line) / PARTS
        line = after
    leaving = waiting * HOUR / hour.patience_minutes
    mean_wait = waiting * HOUR / hour.arrivals if hour.arrivals else 0.0
    return line, HourSupply(hour.hour, hour.arrivals, windows, kept, waiting, leaving, mean_wait)


class _Step:
    """Moves the chances of every length forward by some minutes, by uniformisation."""

    def __init__(self, hour: Demand, windows: int, minutes: float) -> None:
        lengths = np.arange(LONGEST_LINE + 1)
        comes = np.full(LONGEST_LINE + 1, hour.arrivals / HOUR)
        comes[-1] = 0.0
        served = np.minimum(lengths, windows) / hour.service_minutes
        goes = served + np.maximum(lengths - windows, 0) / hour.patience_minutes
        rate = float((comes + goes).max())
        self.up, self.down = comes / rate, goes / rate
        self.stay = 1 - self.up - self.down
        most = int(poisson.ppf(_ALMOST_ALL, rate * minutes)) + 1
        self.weights = poisson.pmf(np.arange(most + 1), rate * minutes)

    def follow(self, line: Chances) -> Chances:
        total = self.weights[0] * line
        for weight in self.weights[1:]:
            moved = self.stay * line
            moved[1:] += self.up[:-1] * line[:-1]
            moved[:-1] += self.down[1:] * line[1:]
            line = moved
            total = total + weight * line
        return np.asarray(total / total.sum())


@lru_cache(maxsize=2_000)
def _called_in_time(windows: int, service: float, patience: float, minutes: float) -> Chances:
    """Return, for each number of people already there, the chance to be called within so many minutes.

    Somebody with ``j`` people before him in the line moves up when a window becomes free or one of them leaves, and is
    gone when he gives up himself: an absorbing chain, followed backwards by the same uniformisation.
    """
    before = np.arange(LONGEST_LINE + 1 - windows)
    up = windows / service + before / patience
    rate = float(up.max() + 1 / patience)
    up, gone = up / rate, 1 / patience / rate
    most = int(poisson.ppf(_ALMOST_ALL, rate * minutes)) + 1
    weights = poisson.pmf(np.arange(most + 1), rate * minutes)
    called = np.zeros(len(before))
    total = np.zeros(len(before))
    for weight in weights[1:]:
        ahead = np.concatenate([[1.0], called[:-1]])
        called = up * ahead + (1 - up - gone) * called
        total += weight * called
    return np.concatenate([np.ones(windows), total])
