"""Replays the situations of a Parquet file under a changed catalogue: folded by DuckDB, planned once each."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import NamedTuple

import duckdb

from yici.apps.catalogue import queries as catalogue_queries
from yici.apps.catalogue.held import Held, held
from yici.apps.planning.compiled import compiled_event
from yici.apps.planning.queries import typical_holdings, usual_holdings
from yici.rules.items import Catalogue, as_event
from yici.rules.planner import CompiledEvent, Holdings
from yici.rules.refusals import Refusal
from yici.rules.replay import (
    Compared,
    Situation,
    Tally,
    burden_of,
    change_words,
    choices_of,
)

# Plain SQL that DuckDB and Spark both understand word for word: where one machine ends, the same text runs there.
COUNTS = "SELECT situation, region, count(*) AS cases FROM situations GROUP BY situation, region"
TEXTS = """
SELECT situation, any_value(event) AS event, any_value(answers) AS answers, any_value(holdings) AS holdings
FROM situations GROUP BY situation
"""
MEMORY = "1GB"
BATCH = 20_000
Group = tuple[str, str, str, str, int]


class CannotReplay(Refusal):
    """The file of situations cannot be read as one."""


def folded(path: Path, *, memory: str = MEMORY) -> Iterator[Group]:
    """Yield each distinct situation of a region with its number of cases. Memory stays flat: DuckDB spills to disk.

    Raises CannotReplay for a file that is no Parquet file with these columns.
    """
    with duckdb.connect() as connection, TemporaryDirectory() as folder:
        connection.execute(f"SET memory_limit = '{memory}'")
        connection.execute(f"SET temp_directory = '{folder}'")
        connection.execute("SET preserve_insertion_order = false")
        try:
            connection.execute(f"CREATE VIEW situations AS SELECT * FROM read_parquet({_quoted(path)})")
            texts = {number: rest for number, *rest in connection.execute(TEXTS).fetchall()}
            found = connection.execute(COUNTS)
        except (duckdb.IOException, duckdb.InvalidInputException, duckdb.BinderException) as error:
            raise CannotReplay(
                zh=f"“{path.name}”不是可用的情形文件（Parquet，列为 situation、event、region、answers、holdings）。"
                "请用 yici replay --export 生成。",
                en=f"'{path.name}' is no file of situations (Parquet with the columns situation, event, region, "
                "answers, holdings). Make one with yici replay --export.",
            ) from error
        while rows := found.fetchmany(BATCH):
            yield from grouped(rows, texts)


def grouped(counts: Iterable[tuple[int, str, int]], texts: Mapping[int, Sequence[str]]) -> Iterator[Group]:
    """Yield the groups that both queries of the fold make together."""
    for number, region, cases in counts:
        event, answers, holdings = texts[number]
        yield event, region, answers, holdings, cases


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


class _Changed(NamedTuple):
    """An event as it is in a region and as it would be, what is usual there, and whether anything differs."""

    old: CompiledEvent
    new: CompiledEvent
    usual: Holdings


@dataclass(slots=True)
class Replayer:
    """Compares situations, each distinct one once. ``without_event``: cases whose event is in neither catalogue."""

    proposed: Held
    stored: Held = field(default_factory=lambda: held(None))
    tally: Tally = field(default_factory=Tally)
    without_event: int = 0
    _events: dict[tuple[str, str], _Changed | None] = field(default_factory=dict)
    _compiled: dict[tuple[object, ...], CompiledEvent] = field(default_factory=dict)
    _texts: dict[str, dict[str, object]] = field(default_factory=dict)
    _planned: dict[tuple[object, ...], tuple[Situation, Compared]] = field(default_factory=dict)

    @property
    def distinct(self) -> int:
        """How many situations were planned."""
        return len(self._planned)

    def add(self, group: Group) -> None:
        """Compare one group of identical cases, and add it up."""
        event, region, answers, holdings, cases = group
        changed = self.changed_event(event, region)
        if changed is None:
            self.without_event += cases
            return
        situation, compared = self._compared(changed, answers, holdings)
        self.tally.add(situation, region, compared, cases)

    def changed_event(self, event: str, region: str) -> _Changed | None:
        """Return the event before and after in a region; None when it is not in both."""
        place = (event, region)
        if place not in self._events:
            now, then = self.stored.catalogue(region), self.proposed.catalogue(region)
            both = _has(now, event) and _has(then, event)
            self._events[place] = self._compile(now, then, event, region) if both else None
        return self._events[place]

    def _compile(self, now: Catalogue, then: Catalogue, event: str, region: str) -> _Changed:
        old, new = self._shared(now, event), self._shared(then, event)
        if _parts(old) == _parts(new):
            new = old
        # A link that the change opens is taken as granted to it; without that every opened link would do nothing.
        opened = {key: state for key, state in typical_holdings(then, region).items() if key not in old.wanted}
        return _Changed(old, new, {**usual_holdings(now, old, region), **opened})

    def _shared(self, catalogue: Catalogue, event: str) -> CompiledEvent:
        """Return the compiled event; places that differ only in items of other events share one, and so their plans."""
        found = catalogue.events.get(event) or as_event(catalogue.items[event])
        members = dict.fromkeys(member.item for member in found.members)
        place = (found, *(id(catalogue.items[key]) for key in members if key in catalogue.items))
        if place not in self._compiled:
            self._compiled[place] = compiled_event(catalogue, event, {})
        return self._compiled[place]

    def _compared(self, changed: _Changed, answers: str, holdings: str) -> tuple[Situation, Compared]:
        seen = self._read(holdings)
        unseen = [key for key in (*changed.old.wanted, *changed.new.wanted) if key not in seen]
        rest = changed.usual["*"]
        # Regions share a plan unless something unknown is usually there in one and not in the other.
        taken = tuple([changed.usual.get(key, rest) for key in unseen])
        place = (changed.old, changed.new, taken, answers, holdings)
        found = self._planned.get(place)
        if found is None:
            facts = self._read(answers)
            choices = choices_of(facts, {**changed.old.facts, **changed.new.facts})
            situation = Situation(changed.old.event.key, answers, holdings, choices)
            found = self._planned[place] = situation, _compare(changed, facts, seen)
        return found

    def _read(self, text: str) -> dict[str, object]:
        known = self._texts.get(text)
        if known is None:
            known = self._texts[text] = _object(text)
        return known

    def document(self, seconds: float) -> dict[str, object]:
        """Return the answer of the command."""
        tally = self.tally
        return {
            **tally.total().document(),
            "distinct_situations": self.distinct,
            "without_event": self.without_event,
            "by_region": tally.regions(),
            "by_group": tally.groups(),
            "losers": [_named(*one, worse=True) for one in tally.named(worse=True)],
            "winners": [_named(*one, worse=False) for one in tally.named(worse=False)],
            "seconds": round(seconds, 3),
        }


def _has(catalogue: Catalogue, event: str) -> bool:
    return event in catalogue.events or event in catalogue.items


def _parts(event: CompiledEvent) -> tuple[object, ...]:
    return event.event, tuple(entry.item for entry in event.tables.entries)


def _compare(changed: _Changed, answers: Mapping[str, object], seen: Mapping[str, object]) -> Compared:
    known = {key: str(value) for key, value in seen.items()}
    before = burden_of(changed.old, answers, known, changed.usual)
    if changed.new is changed.old:
        return Compared(before, before)
    return Compared(before, burden_of(changed.new, answers, known, changed.usual))


def _object(text: str) -> dict[str, object]:
    try:
        value = json.loads(text)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise CannotReplay(
            zh=f"情形中的“{text[:60]}”不是 JSON 对象。请重新导出情形。",
            en=f"'{text[:60]}' in the situations is no JSON object. Export the situations again.",
        )
    return value


def _named(situation: Situation, compared: Compared, cases: int, *, worse: bool) -> dict[str, object]:
    names = compared.worse() if worse else compared.better()
    return {
        "event": situation.event,
        "answers": json.loads(situation.answers),
        "holdings": json.loads(situation.holdings),
        "cases": cases,
        "change": change_words(compared, names),
        "is_certain": compared.before.is_certain and compared.after.is_certain,
    }


def replay(path: Path, proposed: Held) -> dict[str, object]:
    """Return what the proposed catalogue would have meant for every situation of a Parquet file.

    Raises CannotReplay.
    """
    begun = perf_counter()
    replayer = Replayer(proposed)
    for group in folded(path):
        replayer.add(group)
    return replayer.document(perf_counter() - begun)


def deciding_facts(proposed: Held) -> "_Deciding":
    """Return which facts may decide an event in a region, before or after: what an export takes along."""
    return _Deciding(Replayer(proposed))


class _Deciding:
    def __init__(self, replayer: Replayer) -> None:
        self.replayer = replayer

    def __call__(self, event: str, region: str) -> frozenset[str]:
        changed = self.replayer.changed_event(event, region)
        return frozenset({*changed.old.facts, *changed.new.facts}) if changed else frozenset()


def catalogue_with(file_or_revision: str) -> Held:
    """Return the catalogue with a YAML file's documents, or with a stored revision, in force. Raises Refusal."""
    path = Path(file_or_revision)
    if path.exists():
        return catalogue_queries.with_files(path)
    return catalogue_queries.with_revision(file_or_revision)
