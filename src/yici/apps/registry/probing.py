"""Tries whether a live register works now, without any person's number."""

import time
from dataclasses import dataclass
from datetime import datetime

from yici.apps.registry.connectors.protocol import Connector, Question
from yici.apps.registry.live_sources import Live
from yici.apps.registry.models import Source
from yici.apps.registry.resilience import Pending
from yici.rules.source_failures import CannotAsk, Failure
from yici.rules.words import Words


@dataclass(frozen=True, slots=True)
class Probe:
    """Whether a source works now, asked without any person's number."""

    name: str
    title: Words
    ok: bool
    sentence: Words
    milliseconds: int


def probe(row: Source, *, now: datetime) -> Probe:
    """Try one source now, whatever its breaker says; its answer opens or closes the breaker like any other."""
    live, begun = Live(row), time.monotonic()
    works = Words("正常。", "It works.")
    try:
        watch = live.watch
        with watch.lock:
            watch.breaker = watch.breaker.asked(now.timestamp())
        # An administrator who waits for the answer can wait longer than a page.
        question_ends = begun + 4 * watch.terms.deadline_seconds
        patient = Question(question_ends)
        pending = Pending(patient, watch.pool.submit(_probed, watch.connector, patient), now, begun)
        watch.result(pending)
    except CannotAsk as refusal:
        return Probe(row.name, live.title, False, refusal.words, round((time.monotonic() - begun) * 1000))
    return Probe(row.name, live.title, True, works, round((time.monotonic() - begun) * 1000))


def _probed(connector: Connector, question: Question) -> None:
    try:
        connector.probe(question)
    except CannotAsk:
        raise
    except Exception:
        raise CannotAsk(Failure.BROKEN) from None
