"""Lays what live sources say over what the records hold: the owner's word first, what waits for it second."""

from collections.abc import Mapping
from datetime import datetime

from yici.apps.registry import live_sources, sources
from yici.apps.registry.sources import SourceAnswer
from yici.rules.plans import Availability

# The link is closed: nobody is asked, since even the question would tell something.
_CLOSED = frozenset({Availability.NOT_SHARED, Availability.NEEDS_GRANT})


def over(
    stored: Mapping[str, Availability],
    live: frozenset[str],
    party_id: int | None,
    path: tuple[str, ...],
    now: datetime,
) -> dict[str, Availability]:
    """Return the states with those of live sources in them; ``live``: the datasets that have a source somewhere."""
    wanted: dict[str, set[str]] = {}
    for key, state in stored.items():
        dataset, _, name = key.partition(".")
        if dataset in live and state not in _CLOSED:
            wanted.setdefault(dataset, set()).add(name)
    party = live_sources.party_key(party_id) if wanted else None
    if party is None:
        return dict(stored)
    asked = {key: frozenset(names) for key, names in wanted.items()}
    seen = sources.seen(party=party, region_path=path, wanted=asked, now=now)
    said = {f"{dataset}.{name}": state for dataset, states in seen.items() for name, state in states.items()}
    return {**stored, **{key: _settled(stored[key], state) for key, state in said.items()}}


def _settled(stored: Availability, live: Availability) -> Availability:
    """A write-back that waits for its owner stays usable unless the owner has the field himself (规定 art. 7)."""
    if stored is Availability.PENDING and live is not Availability.AVAILABLE:
        return stored
    return live


def answers(
    wanted: Mapping[str, frozenset[str]], path: tuple[str, ...], party_id: int, now: datetime
) -> dict[str, SourceAnswer]:
    """Return what live sources say of the fields somebody may read; whoever calls has checked link and grant."""
    party = live_sources.party_key(party_id) if wanted else None
    return sources.read_all(party=party, region_path=path, wanted=wanted, now=now) if party else {}


def content_over(stored: Mapping[str, object], answer: SourceAnswer | None, is_pending: bool) -> dict[str, object]:
    """Return the content of a dataset as it counts, by field."""
    if answer is None or not answer.source:
        return dict(stored)
    kept = {name: value for name, value in stored.items() if is_pending or name not in answer.fields}
    return {**kept, **answer.content}


def facts_of(answer: SourceAnswer | None) -> dict[str, object]:
    """Return what the journal notes of the source: which one, and that it did not answer."""
    if answer is None or not answer.source:
        return {}
    return {"source": answer.source, **({"answered": False} if answer.failure else {})}
