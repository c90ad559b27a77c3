"""Measures the replay of ten million invented cases of the demonstration's life events, and the memory it takes."""

import resource
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import duckdb

from yici.apps.cases import replays, situations
from yici.apps.catalogue import queries as catalogue
from yici.apps.catalogue.held import Held, held
from yici.apps.places import queries as places
from yici.apps.planning.compiled import compiled_event
from yici.rules.conditions import Fact
from yici.rules.items import Item, WayKind
from yici.rules.planner import CompiledEvent
from yici.rules.plans import Availability

CASES, FEWER = 10_000_000, 1_000_000
DISTINCT = 3_000
EVENTS = ("newborn", "restaurant", "school_enrolment")
LONGEST_SECONDS, MOST_GROWTH = 60.0, 1.25
SEED = 20_180_305
# Few situations are common and many are rare: the cube of chance gives half of the cases to an eighth of them.
_SPREAD = """
COPY (
    SELECT known.situation, known.event, regions.region, known.answers, known.holdings
    FROM (SELECT floor(pow(random(), 3) * {known})::BIGINT AS pick, floor(random() * {regions})::BIGINT AS place
          FROM range({cases})) AS drawn
    JOIN known ON known.number = drawn.pick JOIN regions ON regions.number = drawn.place
) TO '{path}' (FORMAT parquet)
"""


def replay_rows() -> list[dict[str, object]]:
    """Measure one replay of a million cases and one of ten; the second may hardly need more memory."""
    proposed = _without_shared_data(held(None))
    with TemporaryDirectory() as folder:
        paths = [_written(Path(folder) / f"{cases}.parquet", cases) for cases in (FEWER, CASES)]
        _, less = _measured(paths[0], proposed)
        document, more = _measured(paths[1], proposed)
    scale = f"{CASES:,} cases, {document['distinct_situations']:,} distinct situations, {len(EVENTS)} life events"
    seconds, growth = float(str(document["seconds"])), more / less
    return [
        _row("replay of ten million cases", scale, round(seconds, 1), "s", LONGEST_SECONDS, seconds <= LONGEST_SECONDS),
        _row(
            "replay: memory for ten times the cases",
            f"peak {less:.0f} MB at {FEWER:,}, {more:.0f} MB at {CASES:,}",
            round(growth, 2),
            "times",
            MOST_GROWTH,
            growth <= MOST_GROWTH,
        ),
    ]


def _row(name: str, scale: str, figure: float, unit: str, bound: float, is_met: bool) -> dict[str, object]:  # noqa: PLR0917
    return {
        "name": name,
        "scale": scale,
        "figure": figure,
        "unit": unit,
        "reference": "none",
        "bound": bound,
        "verdict": "met" if is_met else "missed",
    }


def _measured(path: Path, proposed: Held) -> tuple[dict[str, object], float]:
    _forget_peak()
    document = replays.replay(path, proposed)
    return document, _peak_megabytes()


def _forget_peak() -> None:
    """Begin the count of peak memory anew, where the system can (Linux)."""
    try:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    except OSError:
        return


def _peak_megabytes() -> float:
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _without_shared_data(now: Held) -> Held:
    """Return the catalogue in which the first requirement of every item of the events wants the original again."""
    members = {member.item for key in EVENTS for member in now.events[key].members}
    return replace(now, items={key: _harder(one) if key in members else one for key, one in now.items.items()}, made={})


def _harder(item: Item) -> Item:
    if not item.requirements:
        return item
    first, *rest = item.requirements
    ways = tuple(way for way in first.ways if way.kind not in {WayKind.DATA, WayKind.LICENCE}) or first.ways
    return replace(item, requirements=(replace(first, ways=ways), *rest))


def _written(path: Path, cases: int) -> Path:
    known = list(_distinct(Random(SEED)))
    counties = [county.code for _, inside in places.cities_with_counties() for county in inside]
    with duckdb.connect() as connection:
        connection.execute("SET memory_limit = '1GB'")
        connection.execute(f"SET temp_directory = '{path.parent}'")
        connection.execute("SELECT setseed(0.5)")
        connection.execute(f"CREATE TABLE situations ({situations.COLUMNS})")
        situations.put(connection, known)
        connection.execute("CREATE TABLE known AS SELECT *, row_number() OVER () - 1 AS number FROM situations")
        connection.execute(
            "CREATE TABLE regions AS SELECT unnest(?) AS number, unnest(?) AS region",
            [
                list(range(len(counties))),
                counties,
            ],
        )
        connection.execute(_SPREAD.format(known=len(known), regions=len(counties), cases=cases, path=path))
    return path


def _distinct(chance: Random) -> Iterator[situations.Row]:
    events = [compiled_event(catalogue.catalogue_for(""), key, {}) for key in EVENTS]
    for number in range(DISTINCT):
        event = events[number % len(events)]
        yield situations.row(event.event.key, "", _answers(event, chance), _holdings(event, chance))


def _answers(event: CompiledEvent, chance: Random) -> dict[str, object]:
    return {key: _answer(fact, chance) for key, fact in event.facts.items() if chance.random() < 0.98}


def _answer(fact: Fact, chance: Random) -> object:
    if fact.kind == "bool":
        return chance.random() < 0.5
    if fact.kind == "enum":
        return chance.choice(fact.values)
    if fact.kind == "date":
        return f"{chance.randint(1960, 2018)}-0{chance.randint(1, 9)}-15"
    least, greatest = fact.range()
    return chance.randint(least, max(least, min(greatest, 100)))


def _holdings(event: CompiledEvent, chance: Random) -> dict[str, str]:
    states = [Availability.AVAILABLE] * 8 + [Availability.MISSING, Availability.NOT_SHARED]
    return {key: chance.choice(states).value for key in event.wanted if chance.random() < 0.95}
