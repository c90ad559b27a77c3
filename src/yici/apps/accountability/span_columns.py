"""How the database counts lengths of time, and which places a counted thing adds to."""

from collections.abc import Iterator, Mapping

from yici.rules.spans import STEPS

_CODE = 13  # digits of a region in a path, with the slash
LEVELS = 3  # province, city, county: the places of the cockpit; a town counts to its county
COUNTY = LEVELS * _CODE


def minutes_of(span: str) -> str:
    """Return the SQL of an interval in minutes, as ``kept_minutes`` of the rules has it."""
    minutes = f"(greatest(extract(epoch FROM {span}), 0) / 60)"
    cases = " ".join(
        f"WHEN {f'{minutes} < {below}' if below else 'true'} THEN round({minutes} / {step}) * {step}"
        for below, step in STEPS
    )
    # GREATEST reads past NULL: what has no span would have taken no time.
    return f"(CASE WHEN {span} IS NULL THEN NULL {cases} END)::int"


def county_of(path: str) -> str:
    """Return the SQL of the path of the county in which a path lies; what stands above keeps its own."""
    return f"left({path}, {COUNTY})"


def places_above(path: str) -> Iterator[str]:
    """Yield the paths of the province, city and county that a path lies in.

    >>> [len(one) for one in places_above("330000000000/330100000000/")]
    [13, 26]
    """
    for end in range(_CODE, min(len(path), COUNTY) + 1, _CODE):
        yield path[:end]


def stored(spans: Mapping[int, int]) -> dict[str, int]:
    """Return spans as JSON keeps them, the shortest first."""
    return {str(minutes): spans[minutes] for minutes in sorted(spans)}


def read(kept: Mapping[str, int]) -> dict[int, int]:
    """Return spans as they were stored."""
    return {int(minutes): count for minutes, count in kept.items()}
