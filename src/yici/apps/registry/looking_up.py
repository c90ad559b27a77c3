"""The guard of shared data: no look-up without purpose, basis, open case and grant, none without its journal line."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from yici.apps.journal import actions as journal
from yici.apps.people.models import Party
from yici.apps.places.queries import region_path
from yici.apps.registry import live_states, overlays, reading
from yici.apps.registry.reading import Seen
from yici.rules.clock_courses import local_day
from yici.rules.grants import Grant, Ground, Sorting, sort_fields
from yici.rules.plans import Availability
from yici.rules.refusals import Refusal
from yici.rules.sharing import RecordStatus
from yici.rules.write_backs import Seen as Written


class CannotFetch(Refusal):
    """Shared data are not read like this: purpose, legal basis, items and case belong to every look-up."""


class LeftOut(NamedTuple):
    """A part of a look-up that was refused."""

    dataset: str
    field: str
    ground: Ground


@dataclass(frozen=True, slots=True)
class LookUpAnswer:
    """What a look-up gave: ``content`` by "dataset.field", and what was refused. What is in neither was not there."""

    content: Mapping[str, object]
    left_out: tuple[LeftOut, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _LookUp:
    """Everything a look-up says of itself."""

    party_id: int
    items: tuple[str, ...]
    purpose: str
    basis: str
    case_reference: str
    case_is_open: bool
    region_code: str
    by: str
    now: datetime

    @property
    def is_explained(self) -> bool:
        return bool(self.items and self.purpose.strip() and self.basis.strip() and self.case_reference.strip())

    def facts(self, dataset: str, fields: Iterable[str], **more: object) -> dict[str, object]:
        told: dict[str, object] = {
            "dataset": dataset,
            "fields": sorted(fields),
            "purpose": self.purpose,
            "basis": self.basis,
            "case": self.case_reference,
            "items": sorted(self.items),
            "region": self.region_code,
        }
        return told | more


class _Line(NamedTuple):
    """A journal line about a look-up."""

    kind: str
    facts: dict[str, object]


def fetch(
    *,
    party_id: int,
    wanted: Iterable[str],
    items: Iterable[str],
    purpose: str,
    basis: str,
    case_reference: str,
    case_is_open: bool,
    by: str,
    now: datetime,
    region_code: str,
) -> LookUpAnswer:
    """Return the content of the wanted "dataset.field" keys that the items may read for this case and that are there.

    One journal line a dataset, about the party whose data are read, also when nothing was found: it was looked for.
    What is refused is left out, named in the answer, and journalled with its ground: no grant, other fields or another
    region than granted, refused, revoked, still waiting, not shared, closed case or submitted draft.
    Raises CannotFetch, after journalling it, without purpose, basis, items or case. Put ``keeping_refusals`` around a
    transaction that may be rolled back.
    """
    look_up = _LookUp(
        party_id=party_id,
        items=tuple(dict.fromkeys(items)),
        purpose=purpose,
        basis=basis,
        case_reference=case_reference,
        case_is_open=case_is_open,
        region_code=region_code,
        by=by,
        now=now,
    )
    fields = _fields_by_dataset(wanted)
    if not look_up.is_explained:
        _write(look_up, [_refused_line(look_up, dataset, names, Ground.NO_TERMS) for dataset, names in fields.items()])
        raise CannotFetch(
            zh="查询共享数据须说明用途、依据、事项和办件。请补全后再查询。",
            en="A look-up of shared data names its purpose, its legal basis, the item and the case. Give all four.",
        )
    rows = reading.opened(party_id, fields, look_up.items)
    answer, lines = _sorted_out(look_up, fields, rows)
    # If the lines cannot be written, nobody gets the content.
    _write(look_up, lines, next((f"party:{row.party}" for row in rows.values()), ""))
    return answer


def _fields_by_dataset(wanted: Iterable[str]) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = defaultdict(list)
    for key in sorted(set(wanted)):
        dataset, _, field = key.partition(".")
        fields[dataset].append(field)
    return fields


def _sorted_out(
    look_up: _LookUp, fields: Mapping[str, list[str]], rows: Mapping[str, Seen]
) -> tuple[LookUpAnswer, list[_Line]]:
    path = region_path(look_up.region_code)
    granted = {dataset: _granted(look_up, rows.get(dataset), dataset, names, path) for dataset, names in fields.items()}
    register = _Register(look_up, rows, granted, path)
    content: dict[str, object] = {}
    left_out: list[LeftOut] = []
    lines: list[_Line] = []
    for dataset, names in fields.items():
        sorting = register.sorting(dataset, names)
        values = register.values(dataset, sorting)
        content |= {f"{dataset}.{name}": value for name, value in values.items()}
        left_out += [LeftOut(dataset, name, ground) for name, ground in sorting.refused.items()]
        row = rows.get(dataset)
        lines += _lines(look_up, dataset, sorting, _Read(values, row.grants if row else [], register.said(dataset)))
    return LookUpAnswer(content, tuple(left_out)), lines


def _granted(look_up: _LookUp, row: Seen | None, dataset: str, names: list[str], path: tuple[str, ...]) -> Sorting:
    return sort_fields(
        row.grants if row else (),
        look_up.items,
        path,
        dataset,
        names,
        case_is_open=look_up.case_is_open,
        on=local_day(look_up.now),
    )


class _Register:
    """What there is to read for one look-up: the owners' live registers, their stored records, what was written back.

    Where both answer, the owner's own word comes before what a window wrote back. A link that is shut leaves only what
    was written back, and that only where it is not shut by law.
    """

    def __init__(
        self, look_up: _LookUp, rows: Mapping[str, Seen], granted: Mapping[str, Sorting], path: tuple[str, ...]
    ) -> None:
        self._rows, self._granted, self._path = rows, granted, path
        asked = {
            dataset: frozenset(granted[dataset].permitted)
            for dataset, row in rows.items()
            if row.is_live and not row.link.is_shut(path) and granted[dataset].permitted
        }
        self._live = live_states.answers(asked, path, look_up.party_id, look_up.now)
        self._laid = self._written_back(look_up.party_id)

    def _written_back(self, party_id: int) -> dict[str, dict[str, Written]]:
        own = {
            f"{dataset}.{name}": self._state(dataset, row, name)
            for dataset, row in self._rows.items()
            if row.is_laid
            for name in self._granted[dataset].permitted
        }
        found: dict[str, dict[str, Written]] = defaultdict(dict)
        for key, view in (overlays.answered(party_id, own) if own else {}).items():
            dataset, _, name = key.partition(".")
            found[dataset][name] = view
        return found

    def _state(self, dataset: str, row: Seen, name: str) -> Availability:
        answer = self._live.get(dataset)
        if answer is not None and answer.source and name in answer.fields:
            return Availability.AVAILABLE if name in answer.content else Availability.MISSING
        return reading.state(row, name, self._path, is_granted=True)

    def sorting(self, dataset: str, names: list[str]) -> Sorting:
        """Return what may be read of a dataset and what may not, a shut link included."""
        row, sorting = self._rows.get(dataset), self._granted[dataset]
        if row is None or not row.link.is_shut(self._path):
            return sorting
        laid = self._laid.get(dataset, {})
        return Sorting(
            {name: key for name, key in sorting.permitted.items() if name in laid},
            {name: Ground.NOT_SHARED for name in names if name not in laid},
        )

    def values(self, dataset: str, sorting: Sorting) -> dict[str, object]:
        """Return the permitted values by field."""
        row, laid = self._rows.get(dataset), self._laid.get(dataset, {})
        if row is None:
            return {}
        stored = reading.content(row, [name for name in sorting.permitted if name not in laid], self._path)
        own = live_states.content_over(stored, self._live.get(dataset), row.record_status is RecordStatus.PENDING)
        return own | overlays.content({name: view for name, view in laid.items() if name in sorting.permitted})

    def said(self, dataset: str) -> dict[str, object]:
        """Return what the journal notes of a live source."""
        return live_states.facts_of(self._live.get(dataset))


class _Read(NamedTuple):
    """What was read of a dataset, the grants the items hold to it, and what a live source said of itself."""

    values: Mapping[str, object]
    grants: list[Grant]
    said: Mapping[str, object]


def _lines(look_up: _LookUp, dataset: str, sorting: Sorting, read: _Read) -> list[_Line]:
    lines = []
    if sorting.permitted:
        used = set(sorting.permitted.values())
        # Of all who ask together, the line names those under whose grants something was read.
        items = sorted({one.item for one in read.grants if one.key in used})
        facts = look_up.facts(
            dataset, sorting.permitted, found=sorted(read.values), grants=sorted(used), items=items
        ) | dict(read.said)
        lines.append(_Line("registry.looked_up", facts))
    for ground in dict.fromkeys(sorting.refused.values()):
        names = [name for name, why in sorting.refused.items() if why is ground]
        lines.append(_refused_line(look_up, dataset, names, ground))
    return lines


def _refused_line(look_up: _LookUp, dataset: str, names: Iterable[str], ground: Ground) -> _Line:
    return _Line("registry.look_up_refused", look_up.facts(dataset, names, reason=ground.value))


# Refused look-ups since the nearest ``keeping_refusals``, to be written again if their transaction is rolled back.
_noted: ContextVar[list[tuple[_LookUp, _Line]] | None] = ContextVar("noted", default=None)


def _write(look_up: _LookUp, lines: list[_Line], party: str = "") -> None:
    if not lines:
        return
    subject = party or str(Party.objects.only("public_id").get(pk=look_up.party_id))
    journal.record_all([(line.kind, subject, line.facts) for line in lines], by=look_up.by, now=look_up.now)
    noted = _noted.get()
    if noted is not None:
        noted += [(look_up, line) for line in lines if line.kind == "registry.look_up_refused"]


@contextmanager
def keeping_refusals() -> Iterator[None]:
    """Keep the lines about refused look-ups although what they happened in fails and is rolled back.

    Stands outside the outermost transaction: ``with keeping_refusals(), transaction.atomic():``.
    """
    if _noted.get() is not None:
        yield
        return
    noted: list[tuple[_LookUp, _Line]] = []
    token = _noted.set(noted)
    try:
        yield
    except BaseException:
        _noted.reset(token)
        _write_again(noted)
        raise
    _noted.reset(token)


def _write_again(noted: list[tuple[_LookUp, _Line]]) -> None:
    with transaction.atomic():
        for look_up, line in noted:
            _write(look_up, [line])
