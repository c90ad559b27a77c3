"""Which of several sources of one dataset answers for a place: the nearest that serves it."""

from collections.abc import Iterable, Mapping

NATIONWIDE = ""  # the region code of a source that serves the whole country


def serving(sources: Mapping[str, str], *paths: Iterable[str]) -> str | None:
    """Return the name of the source that answers, or None; ``sources`` maps names to the region each serves.

    A source serves its region and everything in it. ``paths``: the codes from a region upwards, the place of applying
    first and the person's own place after it; in the first path that anybody serves, the nearest source answers.
    Nationwide sources come last. Two sources of one region: the first by name, so that every process chooses alike.

    >>> serving({"city": "330500", "province": "330000"}, ["330502", "330500", "330000"])
    'city'
    >>> serving({"city": "330500", "nation": NATIONWIDE}, ["330122", "330100", "330000"])
    'nation'
    """
    by_region: dict[str, str] = {}
    for name in sorted(sources, reverse=True):
        by_region[_short(sources[name])] = name
    codes = [_short(code) for path in paths for code in path]
    return next((by_region[code] for code in [*codes, NATIONWIDE] if code in by_region), None)


def _short(code: str) -> str:
    return code[:6] if code.endswith("000000") else code
