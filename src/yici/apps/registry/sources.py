"""Asks live registers about one person: what is there, and what it says; chooses the register by the place."""

import hashlib
import secrets
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from django.db.models import Q

from yici.apps.people.models import Party
from yici.apps.registry import resilience
from yici.apps.registry.connectors.making import connector_for
from yici.apps.registry.connectors.protocol import Connector, Question
from yici.apps.registry.connectors.settings import read_mapping, read_settings
from yici.apps.registry.models import Source
from yici.apps.registry.resilience import Pending, Terms, Watch
from yici.rules import field_mapping
from yici.rules.field_mapping import Mappings, columns_of
from yici.rules.people import PartyKind
from yici.rules.plans import Availability
from yici.rules.refusals import Refusal
from yici.rules.serving import NATIONWIDE, serving
from yici.rules.source_failures import CannotAsk, Failure, not_answering
from yici.rules.words import Words

# Numbers of people are remembered by this hash only, and it is another one after each start.
_HASH_KEY = secrets.token_bytes(32)


@dataclass(frozen=True, slots=True)
class PartyKey:
    """Whom a source is asked about; the number never stands in a log. ``region_path``: the party's own place."""

    party_id: int
    id_number: str = field(repr=False)
    kind: PartyKind
    region_path: tuple[str, ...] = ()

    @property
    def hashed(self) -> str:
        """Return what stands for the number in memory."""
        return hashlib.blake2b(self.id_number.encode(), key=_HASH_KEY, digest_size=16).hexdigest()


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


@dataclass(frozen=True)
class Live:
    """A source as it stands in the database, ready to be asked."""

    row: Source

    @cached_property
    def mapping(self) -> Mappings:
        """Which column holds which field."""
        return read_mapping(self.row.mapping)

    @property
    def title(self) -> Words:
        """The name of the source."""
        return Words(self.row.title, self.row.title_en)

    @property
    def watch(self) -> Watch:
        """The source's deadline, breaker and memory in this process. Raises CannotAsk for unusable settings."""
        row = self.row
        terms = Terms(row.name, row.deadline_ms / 1000, row.rest_seconds, row.at_once)
        made_of = (terms, row.kind, row.settings, row.mapping, row.most_rows)
        try:
            return resilience.WATCHES.over(terms, made_of, self._connector)
        except Refusal as refusal:
            raise CannotAsk(Failure.MISCONFIGURED, refusal.words) from refusal

    def _connector(self) -> Connector:
        return connector_for(
            name=self.row.name,
            kind=self.row.kind,
            settings=read_settings(self.row.kind, self.row.settings),
            columns=columns_of(self.mapping, self.mapping),
            most_each=self.row.most_rows,
        )

    def knows(self, kind: PartyKind) -> bool:
        """Whether it has anything about natural or legal persons: about others it is not asked."""
        return self.row.party_kind in {"", kind}


def party_key(party_id: int | None) -> PartyKey | None:
    """Return whom to ask about, or None for nobody.

    A party that is not verified is nobody: somebody typed that number, perhaps another person's.
    """
    party = Party.objects.select_related("region").filter(pk=party_id or 0, verified=True).first()
    if party is None:
        return None
    path = tuple(reversed(party.region.path.strip("/").split("/"))) if party.region else ()
    return PartyKey(party.pk, party.id_number, PartyKind(party.kind), path)


def chosen(datasets: Iterable[str], region_path: tuple[str, ...], party: PartyKey) -> dict[str, Live]:
    """Return the source of each dataset that has one for this place and this person: one query."""
    codes = [code for code in (*region_path, *party.region_path) if len(code) == 12]
    here = Q(region=None) | Q(region__code__in=codes)
    rows = Source.objects.filter(here, dataset__key__in=list(datasets), enabled=True).select_related("region")
    by_dataset: dict[str, dict[str, Live]] = {}
    for live in map(Live, rows):
        if live.knows(party.kind):
            by_dataset.setdefault(live.row.dataset_id, {})[live.row.name] = live
    found = {}
    for dataset, lives in by_dataset.items():
        serves = {name: one.row.region.code if one.row.region else NATIONWIDE for name, one in lives.items()}
        name = serving(serves, region_path, party.region_path)
        if name is not None:
            found[dataset] = lives[name]
    return found


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

    @property
    def _at(self) -> float:
        return self.now.timestamp()

    def _noted(self, refusal: CannotAsk) -> None:
        self.refusal = refusal


@dataclass(slots=True)
class _Presence(_Asked):
    known: dict[str, bool] = field(default_factory=dict)
    pending: Pending[frozenset[str]] | None = None

    @classmethod
    def begin(cls, live: Live, party: PartyKey, fields: frozenset[str], now: datetime, ends_at: float) -> "_Presence":
        one = cls(live, party, frozenset(name for name in fields if name in live.mapping), now)
        try:
            one._send(ends_at)
        except CannotAsk as refusal:
            one._noted(refusal)
        return one

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

    @classmethod
    def begin(cls, live: Live, party: PartyKey, fields: frozenset[str], now: datetime, ends_at: float) -> "_Content":
        one = cls(live, party, frozenset(name for name in fields if name in live.mapping), now)
        try:
            one._send(ends_at)
        except CannotAsk as refusal:
            one._noted(refusal)
        return one

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
