"""Reads what the shared data hold about one party: whether there is something, or what it is; nothing is decided here.

The two seams for live sources: ``presence`` answers planning without content, ``content`` gives the permitted fields.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from yici.apps.registry.models import Record
from yici.rules import sharing
from yici.rules.datasets import Sharing
from yici.rules.grants import Grant, GrantState
from yici.rules.plans import Availability
from yici.rules.sharing import Link, RecordStatus
from yici.rules.write_backs import USABLE_STATES

LICENCE = "licence:"  # keys of licences in hand, beside the keys "dataset.field"

_GRANTS = """
  (SELECT json_agg(json_build_array(public_id, item_key, fields, region_id, state,
      (decided_at AT TIME ZONE 'Asia/Shanghai')::date, (revoked_at AT TIME ZONE 'Asia/Shanghai')::date))
   FROM registry_grant asked
   WHERE asked.dataset_id = dataset.key AND asked.item_key = ANY(%(items)s) {only}) AS grants
"""
# Whether a window wrote something back about the party, so that the overlay is looked at for those alone.
_LAID = """
  EXISTS (SELECT FROM registry_writeback written
   WHERE written.party_id = %(party)s AND written.dataset_id = dataset.key AND written.state = ANY(%(usable)s)) AS laid
"""
_LIVE = "dataset.key IN (SELECT dataset_id FROM registry_source WHERE enabled)"
# Planning asks this for every page of every person: one statement, and no column with content in it.
_SEEN = f"""
SELECT dataset.key, dataset.sharing, dataset.not_shared_in, {_GRANTS.format(only="AND asked.in_use")},
  record.held, record.status, {_LAID}, {_LIVE}
FROM registry_dataset dataset LEFT JOIN registry_record record
  ON record.dataset_id = dataset.key AND record.party_id = %(party)s
WHERE dataset.key = ANY(%(datasets)s)
UNION ALL
SELECT %(prefix)s || type_key, NULL, NULL, NULL, NULL, NULL, false, false FROM registry_heldlicence
WHERE party_id = %(party)s AND type_key = ANY(%(types)s)
"""
# A look-up: who it is about, under which grants, and the record still locked, in one round trip.
_OPENED = f"""
SELECT dataset.key, dataset.sharing, dataset.not_shared_in, {_GRANTS.format(only="")},
  record.held, record.status, {_LAID}, {_LIVE}, record.values, (SELECT public_id FROM people_party WHERE id = %(party)s)
FROM registry_dataset dataset LEFT JOIN registry_record record
  ON record.dataset_id = dataset.key AND record.party_id = %(party)s
WHERE dataset.key {{}}
"""
# For a list of unknown length the server plans each look-up anew, 0.4 ms; for a single key it keeps its plan.
_OPENED_MANY, _OPENED_ONE = _OPENED.format("= ANY(%(datasets)s)"), _OPENED.format("= %(dataset)s")
_VALUES = Record._meta.get_field("values")


class Seen(NamedTuple):
    """A dataset with its grants and what it holds about a party; ``locked`` is the content, encrypted."""

    key: str
    sharing: str | None
    not_shared_in: list[str] | None
    granted: list[list[Any]] | None
    held: list[str] | None
    status: str | None
    is_laid: bool
    is_live: bool
    locked: str | None = None
    party: UUID | None = None

    @property
    def link(self) -> Link:
        """How the dataset is open."""
        return Link(Sharing(self.sharing or ""), frozenset(self.not_shared_in or ()))

    @property
    def grants(self) -> list[Grant]:
        """The grants of the items that were asked for."""
        return [_grant(self.key, one) for one in self.granted or ()]

    @property
    def record_status(self) -> RecordStatus:
        """How far the record can be relied on."""
        return RecordStatus(self.status or RecordStatus.AVAILABLE)


def _grant(dataset: str, row: list[Any]) -> Grant:
    key, item, fields, region, state, since, until = row
    return Grant(key, item, dataset, frozenset(fields), region, GrantState(state), _day(since), _day(until))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def presence(party_id: int, keys: frozenset[str], items: Iterable[str]) -> dict[str, Seen]:
    """Return for each dataset and licence among the keys what is known of it without content; one statement."""
    types = [key.removeprefix(LICENCE) for key in keys if key.startswith(LICENCE)]
    datasets = list({key.partition(".")[0] for key in keys if not key.startswith(LICENCE)})
    terms = {"party": party_id, "datasets": datasets, "types": types, "prefix": LICENCE, "items": list(items)}
    return {row.key: row for row in _rows(_SEEN, terms)}


def opened(party_id: int, datasets: Iterable[str], items: Iterable[str]) -> dict[str, Seen]:
    """Return each dataset with its grants and the record, still locked; one statement."""
    wanted = list(datasets)
    terms: dict[str, Any] = {"party": party_id, "items": list(items)}
    if len(wanted) == 1:
        rows = _rows(_OPENED_ONE, {**terms, "dataset": wanted[0]})
    else:
        rows = _rows(_OPENED_MANY, {**terms, "datasets": wanted})
    return {row.key: row for row in rows}


def _rows(statement: str, terms: dict[str, Any]) -> list[Seen]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {**terms, "usable": list(USABLE_STATES)})
        return [Seen(*row) for row in cursor.fetchall()]


def content(row: Seen, permitted: Iterable[str], path: tuple[str, ...]) -> dict[str, object]:
    """Return the values of the permitted fields that are there and may be relied on; unlocks nothing without need."""
    readable = [name for name in permitted if sharing.is_readable(state(row, name, path, is_granted=True))]
    if not readable:
        return {}
    values = _VALUES.from_db_value(row.locked, None, connection)
    return {name: values[name] for name in readable}


def state(row: Seen | None, field: str, path: tuple[str, ...], *, is_granted: bool) -> Availability:
    """Return whether one field of a dataset can be seen."""
    if row is None:
        return Availability.MISSING
    return sharing.availability(row.link, path, row.held or (), field, row.record_status, is_granted=is_granted)
