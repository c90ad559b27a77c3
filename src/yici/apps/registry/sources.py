"""Asks live registers about one person: what is there, and what it says; ``live_sources`` chooses the register."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Self

from yici.apps.registry import resilience
from yici.apps.registry.connectors.protocol import Connector, Question
from yici.apps.registry.live_sources import Live, PartyKey, chosen
from yici.apps.registry.resilience import Pending
from yici.rules import field_mapping
from yici.rules.field_mapping import columns_of
from yici.rules.plans import Availability
from yici.rules.source_failures import CannotAsk, not_answering
from yici.rules.words import Words


@dataclass(frozen=True, slots=True)
class SourceAnswer:
    """What one dataset's source said. ``failure`` is the sentence for the page when it gave no usable answer.

    ``source`` is "" when no source serves the place: the dataset's records are the answer then. ``fields``: the
    wanted fields that this source has columns for; the others were not asked for.
    """

    content: Mapping[str, str] = field(default_factory=dict, repr=False)
    source: str = ""
    fields: frozenset[str] = frozenset()
    failure: Words | None = None

    @property
    def is_found(self) -> bool:
        """Whether there was anything."""
        return bool(self.content)


def seen(
    *, party: PartyKey, region_path: tuple[str, ...], wanted: Mapping[str, frozenset[str]], now: datetime
) -> dict[str, dict[str, Availability]]:
    """Return for each dataset with a source, and each wanted field it has, whether there is a value. No content.

    All sources are asked at the same time and within one page's budget; what does not answer is *source down*, never
    an exception. What was said within the source's freshness is not asked again.
    """
    with resilience.one_asking() as ends_at:
        lives = chosen(wanted, region_path, party)
        asked = {key: _Presence.begin(live, party, wanted[key], now, ends_at) for key, live in lives.items()}
        return {key: one.states() for key, one in asked.items()}


def read(
    *, party: PartyKey, region_path: tuple[str, ...], dataset: str, fields: frozenset[str], now: datetime
) -> SourceAnswer:
    """Return the content of some fields of one dataset; see ``read_all``."""
    answers = read_all(party=party, region_path=region_path, wanted={dataset: fields}, now=now)
    return answers.get(dataset, SourceAnswer())


def read_all(
    *, party: PartyKey, region_path: tuple[str, ...], wanted: Mapping[str, frozenset[str]], now: datetime
) -> dict[str, SourceAnswer]:
    """Return the answer of each dataset that has a source here. Never raises and never outlasts the page's budget.

    Who calls has checked that these fields may be read, and writes the look-up into the journal, failed ones too.
    """
    with resilience.one_asking() as ends_at:
        lives = chosen(wanted, region_path, party)
        asked = {key: _Content.begin(live, party, wanted[key], now, ends_at) for key, live in lives.items()}
        return {key: one.answer() for key, one in asked.items()}


@dataclass(slots=True)
class _Asked:
    """One question to one source, from the moment it is sent until its answer is used."""

    live: Live
    party: PartyKey
    fields: frozenset[str]
    now: datetime
    refusal: CannotAsk | None = None

    @classmethod
    def begin(cls, live: Live, party: PartyKey, fields: frozenset[str], now: datetime, ends_at: float) -> Self:
        """Ask for those of the fields that the source has columns for; a refusal is kept for the answer."""
        one = cls(live, party, frozenset(name for name in fields if name in live.mapping), now)
        try:
            one._send(ends_at)
        except CannotAsk as refusal:
            one._noted(refusal)
        return one

    def _send(self, ends_at: float) -> None:
        raise NotImplementedError

    @property
    def _at(self) -> float:
        return self.now.timestamp()

    def _noted(self, refusal: CannotAsk) -> None:
        self.refusal = refusal


@dataclass(slots=True)
class _Presence(_Asked):
    known: dict[str, bool] = field(default_factory=dict)
    pending: Pending[frozenset[str]] | None = None

    def _send(self, ends_at: float) -> None:
        watch, row = self.live.watch, self.live.row
        for name in self.fields:
            remembered = watch.presence.get(self.party.hashed, name, self._at, row.fresh_seconds)
            if remembered is not None:
                self.known[name] = remembered[0]
        missing = self.fields - set(self.known)
        if missing:
            columns, mapping, number = columns_of(self.live.mapping, missing), self.live.mapping, self.party.id_number

            def call(connector: Connector, question: Question) -> frozenset[str]:
                present = connector.seen(question, [number], columns).get(number, frozenset())
                return field_mapping.held(present, mapping, missing)

            self.pending = watch.begin(call, now=self.now, ends_at=ends_at)

    def states(self) -> dict[str, Availability]:
        """Return what is known, waiting for the answer if there is one to come."""
        if self.pending is not None:
            watch = self.live.watch
            try:
                held = watch.result(self.pending)
            except CannotAsk as refusal:
                self._noted(refusal)
            else:
                for name in self.fields - set(self.known):
                    self.known[name] = name in held
                    watch.presence.put(self.party.hashed, name, name in held, self._at)
        return {name: self._state(name) for name in self.fields}

    def _state(self, name: str) -> Availability:
        if name not in self.known:
            return Availability.SOURCE_DOWN
        return Availability.AVAILABLE if self.known[name] else Availability.MISSING


@dataclass(slots=True)
class _Content(_Asked):
    known: dict[str, str] = field(default_factory=dict, repr=False)
    pending: Pending[dict[str, str]] | None = None

    def _send(self, ends_at: float) -> None:
        watch, row = self.live.watch, self.live.row
        # Kept for seconds, so that the form and the page that checks it show the same; in memory only, because a copy
        # on disk would be a second register that nobody corrects.
        seconds = min(row.fresh_seconds, resilience.CONTENT_SECONDS)
        for name in self.fields:
            remembered = watch.content.get(self.party.hashed, name, self._at, seconds)
            if remembered is not None:
                self.known[name] = remembered[0]
        missing = self.fields - set(self.known)
        if missing:
            columns, mapping, number = columns_of(self.live.mapping, missing), self.live.mapping, self.party.id_number

            def call(connector: Connector, question: Question) -> dict[str, str]:
                row = connector.read(question, [number], columns).get(number)
                return field_mapping.mapped(row, mapping, missing) if row is not None else {}

            self.pending = watch.begin(call, now=self.now, ends_at=ends_at)

    def answer(self) -> SourceAnswer:
        """Return what is known, waiting for the answer if there is one to come."""
        if self.pending is not None:
            watch = self.live.watch
            try:
                found = watch.result(self.pending)
            except CannotAsk as refusal:
                self._noted(refusal)
            else:
                for name in self.fields - set(self.known):
                    self.known[name] = found.get(name, "")
                    watch.content.put(self.party.hashed, name, self.known[name], self._at)
                    watch.presence.put(self.party.hashed, name, bool(self.known[name]), self._at)
        content = {name: value for name, value in self.known.items() if value}
        return SourceAnswer(content, self.live.row.name, self.fields, self._sentence())

    def _sentence(self) -> Words | None:
        return not_answering(self.live.title, self.refusal.failure.words) if self.refusal else None
