"""Lays what was written back over what the owners' records show, when planning asks and when content is read."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any, NamedTuple

from django.db import connection

from yici.apps.registry.models import WriteBack
from yici.rules.datasets import Sharing
from yici.rules.plans import Availability
from yici.rules.write_backs import USABLE_STATES, Seen, WriteBackState, Written, seen

_LICENCE = "licence:"

# Asked for every page of every person, so one statement without content: what was written back, and what is disputed.
_WRITTEN = """
SELECT written.dataset_id || '.' || written.field, written.id, written.state, dataset.sharing
FROM registry_writeback written JOIN registry_dataset dataset ON dataset.key = written.dataset_id
WHERE written.party_id = %(party)s AND written.dataset_id = ANY(%(datasets)s) AND written.state = ANY(%(usable)s)
UNION ALL
SELECT dataset_id || '.' || field, NULL, NULL, NULL FROM registry_correctionsignal
WHERE party_id = %(party)s AND dataset_id = ANY(%(datasets)s) AND settled_at IS NULL
"""


class _Laid(NamedTuple):
    key: str
    number: int | None
    state: str | None
    sharing: str | None


def overlay(party_id: int | None, own: Mapping[str, Availability]) -> dict[str, Availability]:
    """Return ``own`` ("dataset.field" → what the owner's record shows) with what was written back laid over it."""
    over = answered(party_id, own)
    return {key: over[key].availability if key in over else state for key, state in own.items()}


def answered(party_id: int | None, own: Mapping[str, Availability]) -> dict[str, Seen]:
    """Return the keys that a write-back answers instead of the owner's record, and which one does."""
    datasets = sorted({key.partition(".")[0] for key in own if not key.startswith(_LICENCE)})
    if not party_id or not datasets:
        return {}
    written: dict[str, list[Written]] = defaultdict(list)
    disputed, open_to_all = set(), set()
    for row in _laid(party_id, datasets):
        if row.number is None:
            disputed.add(row.key)
            continue
        written[row.key].append(Written(row.number, WriteBackState(row.state or "")))
        if row.sharing == Sharing.UNCONDITIONAL:
            open_to_all.add(row.key)
    views = {
        key: seen(own[key], rows, disputed=key in disputed, unlinked=key in open_to_all)
        for key, rows in written.items()
        if key in own
    }
    return {key: view for key, view in views.items() if view.number is not None}


def _laid(party_id: int, datasets: list[str]) -> list[_Laid]:
    terms: dict[str, Any] = {"party": party_id, "datasets": datasets, "usable": list(USABLE_STATES)}
    with connection.cursor() as cursor:
        cursor.execute(_WRITTEN, terms)
        return [_Laid(*row) for row in cursor.fetchall()]


def content(over: Mapping[str, Seen]) -> dict[str, object]:
    """Return the values of the write-backs that answer. Whoever calls it has noted the look-up in the journal."""
    numbers = {view.number: key for key, view in over.items()}
    if not numbers:
        return {}  # most look-ups; even an empty question costs Django as much as the look-up's own statement
    rows = WriteBack.objects.filter(pk__in=[number for number in numbers if number is not None])
    return {numbers[row.pk]: row.value for row in rows}
