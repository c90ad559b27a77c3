"""Keeps a source that hangs, lies or is gone from ever holding up a page: deadline, breaker, bulkhead, freshness.

Everything here belongs to one process and is gone with it: a source that works again is found again without a restart.
"""

import logging
import threading
import time
from collections import Counter, OrderedDict, deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TookTooLong
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

from yici.apps.registry.connectors.protocol import Connector, Question
from yici.rules.breakers import Breaker, BreakerState
from yici.rules.source_failures import NOT_ITS_FAULT, WORTH_ANOTHER_TRY, CannotAsk, Failure
from yici.rules.words import Words

PAGE_BUDGET_SECONDS = 2.0  # everything shared that one page needs, however many sources (4-quality: pages stay quick)
CONTENT_SECONDS = 30.0  # from a form to its check page; a longer copy would be a second register
MOST_REMEMBERED = 20_000  # fields of a source in memory
TIMES_KEPT = 200

T = TypeVar("T")
_log = logging.getLogger("yici.sources")
_purse: ContextVar["_Purse | None"] = ContextVar("sharing_purse", default=None)


@dataclass(slots=True)
class _Purse:
    """Seconds that are left for asking; only the time spent on asking counts, not the time between."""

    seconds: float


@contextmanager
def page_budget(seconds: float = PAGE_BUDGET_SECONDS) -> Iterator[None]:
    """Let everything that is asked inside, one after the other, share the seconds."""
    token = _purse.set(_Purse(seconds))
    try:
        yield
    finally:
        _purse.reset(token)


@contextmanager
def one_asking() -> Iterator[float]:
    """Yield the moment by which this asking must end: what the page has left, or a page's budget where none runs."""
    purse, begun = _purse.get() or _Purse(PAGE_BUDGET_SECONDS), time.monotonic()
    try:
        yield begun + purse.seconds
    finally:
        purse.seconds = max(0.0, purse.seconds - (time.monotonic() - begun))


class Fresh(Generic[T]):
    """What a source said of somebody's field, for a while. Keys hold hashes, not numbers of people."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, str], tuple[float, T]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, who: str, name: str, now: float, seconds: float) -> tuple[T] | None:
        """Return the value in a tuple while it is fresh; a value from the future (another clock) is not."""
        found = self._kept.get((who, name))
        return (found[1],) if found is not None and 0 <= now - found[0] < seconds else None

    def put(self, who: str, name: str, value: T, now: float) -> None:
        """Remember a value; the oldest give way."""
        with self._lock:
            self._kept[who, name] = (now, value)
            self._kept.move_to_end((who, name))
            while len(self._kept) > MOST_REMEMBERED:
                self._kept.popitem(last=False)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._kept.clear()


@dataclass(frozen=True, slots=True)
class Terms:
    """What was agreed with a source about asking it."""

    name: str
    deadline_seconds: float
    rest_seconds: float
    at_once: int


@dataclass(frozen=True, slots=True)
class Health:
    """How a source did in this process, for the administrator's page. Milliseconds of answered questions."""

    breaker: BreakerState
    last_success_at: datetime | None
    last_failure: Failure | None
    last_failure_words: Words | None
    last_failure_at: datetime | None
    answered: int
    failures: dict[Failure, int]
    p50_ms: int | None
    p95_ms: int | None


@dataclass(slots=True)
class Pending(Generic[T]):
    """A question on its way to a source."""

    question: Question
    future: "Future[T]"
    now: datetime
    begun: float


@dataclass
class Watch:
    """One source in this process: its connector, who is asking, how it has answered."""

    terms: Terms
    connector: Connector
    breaker: Breaker
    pool: ThreadPoolExecutor
    lock: threading.Lock = field(default_factory=threading.Lock)
    times: deque[float] = field(default_factory=lambda: deque(maxlen=TIMES_KEPT))
    failures: Counter[Failure] = field(default_factory=Counter)
    answered: int = 0
    last_success_at: datetime | None = None
    last_failure: tuple[CannotAsk, datetime] | None = None
    presence: Fresh[bool] = field(default_factory=Fresh)
    content: Fresh[str] = field(default_factory=Fresh)

    @classmethod
    def over(cls, terms: Terms, connector: Connector) -> "Watch":
        """Return a watch over a source that nobody has asked yet."""
        # The pool is the bulkhead: a slow source ties up its own few threads and nobody else's.
        pool = ThreadPoolExecutor(terms.at_once, thread_name_prefix=f"source-{terms.name}")
        return cls(terms, connector, Breaker(terms.rest_seconds), pool)

    def begin(self, call: Callable[[Connector, Question], T], *, now: datetime, ends_at: float) -> Pending[T]:
        """Send a question on its way. Raises CannotAsk at once when the breaker is open."""
        begun = time.monotonic()
        with self.lock:
            if not self.breaker.may_ask(now.timestamp()):
                raise CannotAsk(Failure.RESTING)
            self.breaker = self.breaker.asked(now.timestamp())
        question = Question(min(ends_at, begun + self.terms.deadline_seconds))
        try:
            future = self.pool.submit(_worked, self.connector, question, call)
        except RuntimeError:  # its settings were changed this moment, and this pool is closed
            raise CannotAsk(Failure.BUSY) from None
        return Pending(question, future, now, begun)

    def result(self, pending: Pending[T]) -> T:
        """Return the answer, waiting no longer than its deadline. Raises CannotAsk."""
        try:
            answer = pending.future.result(timeout=pending.question.seconds_left)
        except TookTooLong:
            # Still waiting in the queue, it is taken out; under way, its connection is cut. A page that had hardly
            # any time left to give does not blame the source.
            is_ours = pending.future.cancel() or self._was_short(pending)
            refusal = CannotAsk(Failure.BUSY if is_ours else Failure.TIMEOUT)
            pending.question.hang_up()
        except CannotAsk as found:
            # The line gives up at the same moment as this waiting does: whoever is first, the page was short of time.
            is_ours = found.failure is Failure.TIMEOUT and self._was_short(pending)
            refusal = CannotAsk(Failure.BUSY) if is_ours else found
        else:
            self._note_success(pending)
            return answer
        self._note_failure(pending, refusal)
        raise refusal

    def health(self, now: datetime) -> Health:
        """Return how the source did."""
        with self.lock:
            times = sorted(self.times)
            failure, failed_at = self.last_failure or (None, None)
            return Health(
                breaker=self.breaker.state(now.timestamp()),
                last_success_at=self.last_success_at,
                last_failure=failure.failure if failure else None,
                last_failure_words=failure.words if failure else None,
                last_failure_at=failed_at,
                answered=self.answered,
                failures=dict(self.failures),
                p50_ms=_at(times, 0.5),
                p95_ms=_at(times, 0.95),
            )

    def close(self) -> None:
        """Let go of the source; questions under way end by their own deadline."""
        self.pool.shutdown(wait=False, cancel_futures=True)
        self.connector.close()

    def _was_short(self, pending: Pending[Any]) -> bool:
        given = pending.question.ends_at - pending.begun
        return given < min(self.terms.deadline_seconds, PAGE_BUDGET_SECONDS) / 2

    def _note_success(self, pending: Pending[Any]) -> None:
        with self.lock:
            self.breaker = self.breaker.succeeded()
            self.times.append(time.monotonic() - pending.begun)
            self.answered += 1
            self.last_success_at = pending.now

    def _note_failure(self, pending: Pending[Any], refusal: CannotAsk) -> None:
        spent = time.monotonic() - pending.begun
        with self.lock:
            self.failures[refusal.failure] += 1
            self.last_failure = (refusal, pending.now)
            if refusal.failure not in NOT_ITS_FAULT:
                self.breaker = self.breaker.failed(pending.now.timestamp() + spent)
        # Our own sentence, never the driver's: those quote what they were sent.
        _log.info("source %s: %s", self.terms.name, refusal)


def _worked(connector: Connector, question: Question, call: Callable[[Connector, Question], T]) -> T:
    try:
        return _tried(connector, question, call)
    except CannotAsk:
        raise
    except Exception as error:
        _log.error("connector %s failed with %s", type(connector).__name__, type(error).__name__)
        raise CannotAsk(Failure.TIMEOUT if not question.seconds_left else Failure.BROKEN) from None


def _tried(connector: Connector, question: Question, call: Callable[[Connector, Question], T]) -> T:
    """Ask, and once more where the question perhaps never arrived and half of its time is left."""
    half = question.seconds_left / 2
    try:
        return call(connector, question)
    except CannotAsk as refusal:
        if refusal.failure not in WORTH_ANOTHER_TRY or question.seconds_left < half:
            raise
    return call(connector, question)


def _at(times: list[float], share: float) -> int | None:
    return round(times[min(len(times) - 1, int(len(times) * share))] * 1000) if times else None


class _Watches:
    """Every source this process has asked, made anew when its settings change."""

    def __init__(self) -> None:
        self._by_name: dict[str, tuple[object, Watch]] = {}
        self._lock = threading.Lock()

    def over(self, terms: Terms, made_of: object, make: Callable[[], Connector]) -> Watch:
        """Return the watch over a source; ``made_of`` is what its connector depends on."""
        with self._lock:
            known = self._by_name.get(terms.name)
            if known is not None and known[0] == made_of:
                return known[1]
            watch = Watch.over(terms, make())
            self._by_name[terms.name] = (made_of, watch)
        if known is not None:
            known[1].close()
        return watch

    def forget_all(self) -> None:
        """Let go of every source."""
        with self._lock:
            known, self._by_name = list(self._by_name.values()), {}
        for _, watch in known:
            watch.close()


WATCHES = _Watches()
