"""What may be done with the catalogue: import files and exchange tables, give items to their organisations."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from yici.apps.catalogue import exchange
from yici.apps.catalogue.bundles import LISTS, Bundle
from yici.apps.catalogue.exchange import ExchangeReport
from yici.apps.catalogue.implementing import Assignment, implement
from yici.apps.catalogue.importing import read_catalogue
from yici.apps.catalogue.indexing import index_catalogue
from yici.apps.catalogue.models import (
    BasicItem,
    CatalogueStamp,
    ItemRevision,
    LifeEvent,
    LifeEventRevision,
    ListRevision,
    Revision,
)
from yici.apps.catalogue.stored import (
    Canonical,
    canonical_event,
    canonical_item,
    canonical_list,
    canonical_local,
    changed,
    newest_events,
    newest_items,
    newest_lists,
    stored_bundle,
)
from yici.apps.journal import actions as journal
from yici.apps.journal.ids import new_public_id
from yici.apps.places.models import Region

# Two imports at once would give the same number twice; the second waits. Any constant nobody else locks.
_IMPORT_LOCK = 4_201_733_001


@dataclass(slots=True)
class ImportReport:
    """What an import did: keys of new and changed documents ("key@region" for a local variant)."""

    files: int = 0
    items: int = 0
    events: int = 0
    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: int = 0
    implementations: int = 0
    stored: bool = True


def import_catalogue(*, path: Path, by: str, now: datetime, dry_run: bool = False) -> ImportReport:
    """Read YAML files, check them against each other and what is stored, and keep what differs as new revisions.

    Everything or nothing: raises CannotImport with all faults and stores nothing. ``dry_run`` checks and counts only.
    It does not ask who loses: files of operators come in through ``apps/reform/importing``, proposals by the gate.
    """
    with transaction.atomic():
        lock_imports()
        incoming, whole = read_catalogue(path, stored_bundle(), regions=Region.objects.values_list("code", flat=True))
        report = ImportReport(items=len(incoming.items), events=len(incoming.events), stored=not dry_run)
        report.files = len({entry.source.file for kind in _KINDS for entry in incoming.of(kind).values()})
        writing = _Writing(whole, now, report)
        writing.write()
        if report.new or report.changed:
            _renew(whole)
            report.implementations = _implement(whole)
            counts = {"new": len(report.new), "changed": len(report.changed), "unchanged": report.unchanged}
            journal.record("catalogue.imported", subject="catalogue", by=by, now=now, facts=counts)
        if dry_run:
            transaction.set_rollback(True)
    return report


_KINDS = (*LISTS, "items", "events", "local")


def implement_items(*, by: str, now: datetime) -> int:
    """Give every item to its organisations, as after new organisations were founded. Return how many are new."""
    with transaction.atomic():
        lock_imports()
        count = _implement(stored_bundle())
        CatalogueStamp.objects.update_or_create(id=1, defaults={"value": new_public_id()})
        journal.record("catalogue.implemented", subject="catalogue", by=by, now=now, facts={"new": count})
    return count


def import_exchange(*, path: Path, by: str, now: datetime, dry_run: bool = False) -> ExchangeReport:
    """Read a national exchange table (CSV) and keep the names and codes of its sound rows.

    Rows that cannot be used are refused one by one, with line and column, and listed in the report; raises
    CannotImport when the file is no such table at all.
    """
    with transaction.atomic():
        report = exchange.store(path, now)
        if report.stored:
            bundle = stored_bundle()
            index_catalogue(_documents(bundle, "items"), _documents(bundle, "events"))
            facts = {"stored": report.stored, "linked": report.linked, "refused": len(report.faults)}
            journal.record("catalogue.exchange_imported", subject="catalogue", by=by, now=now, facts=facts)
        if dry_run:
            transaction.set_rollback(True)
    return report


def lock_imports() -> None:
    """Let nobody else import until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_IMPORT_LOCK])


def _renew(whole: Bundle) -> None:
    index_catalogue(_documents(whole, "items"), _documents(whole, "events"))
    CatalogueStamp.objects.update_or_create(id=1, defaults={"value": new_public_id()})


def _documents(bundle: Bundle, kind: str) -> dict[str, Mapping[str, Any]]:
    return {key: entry.document for key, entry in bundle.of(kind).items()}


class _Writing:
    """Writes new revisions of what differs, in the order in which one stands on the other."""

    def __init__(self, whole: Bundle, now: datetime, report: ImportReport) -> None:
        self.whole = whole
        self.now = now
        self.report = report

    def write(self) -> None:
        """Write lists, items with their variants, then life events."""
        self._lists()
        self._items()
        self._events()

    def _lists(self) -> None:
        known = newest_lists()
        due = [(kind, "", canonical_list(kind, self.whole.of(kind))) for kind in LISTS if self.whole.of(kind)]
        due += [("local", code, canonical_local(entry.document)) for code, entry in self.whole.local.items()]
        rows = [
            ListRevision(kind=kind, region_code=code, **self._fields(new, known.get((kind, code))))
            for kind, code, new in due
            if self._differs(f"{kind}@{code}" if code else kind, new, known.get((kind, code)))
        ]
        ListRevision.objects.bulk_create(rows)

    def _items(self) -> None:
        known = newest_items()
        due = {(key, ""): canonical_item(entry.document, self.whole) for key, entry in self.whole.items.items()}
        for region, key, variant in self.whole.variants():
            due[key, region] = canonical_item(variant.document, self.whole)
        basics = self._basics()
        rows = [
            ItemRevision(basic=basics[key], variant=variant, **self._fields(new, known.get((key, variant))))
            for (key, variant), new in due.items()
            if self._differs(f"{key}@{variant}" if variant else key, new, known.get((key, variant)))
        ]
        ItemRevision.objects.bulk_create(rows, batch_size=200)

    def _basics(self) -> dict[str, BasicItem]:
        rows = [
            BasicItem(key=key, code=document["code"], name=document["name"]["zh"], name_en=document["name"]["en"])
            for key, document in _documents(self.whole, "items").items()
        ]
        fields = ["code", "name", "name_en"]
        BasicItem.objects.bulk_create(rows, update_conflicts=True, unique_fields=["key"], update_fields=fields)
        return {basic.key: basic for basic in BasicItem.objects.all()}

    def _events(self) -> None:
        known = newest_events()
        names = {key: document["name"] for key, document in _documents(self.whole, "events").items()}
        rows = [LifeEvent(key=key, name=name["zh"], name_en=name["en"]) for key, name in names.items()]
        LifeEvent.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["key"], update_fields=["name", "name_en"]
        )
        events = {event.key: event for event in LifeEvent.objects.all()}
        due = {key: canonical_event(entry.document, self.whole) for key, entry in self.whole.events.items()}
        LifeEventRevision.objects.bulk_create(
            LifeEventRevision(event=events[key], **self._fields(new, known.get(key)))
            for key, new in due.items()
            if self._differs(key, new, known.get(key))
        )

    def _differs(self, name: str, new: Canonical, known: Revision | None) -> bool:
        if not changed(known.sha256 if known else None, new):
            self.report.unchanged += 1
            return False
        (self.report.changed if known else self.report.new).append(name)
        return True

    def _fields(self, new: Canonical, known: Revision | None) -> dict[str, Any]:
        return {
            "number": known.number + 1 if known else 1,
            "document_text": new.text,
            "sha256": new.sha256,
            "valid_from": timezone.localdate(self.now),
            "published_at": self.now,
        }


def _implement(whole: Bundle) -> int:
    revisions: dict[str, dict[str, int]] = {}
    in_use = {(key, region) for region, key, _ in whole.variants()}
    newest = newest_items()
    for (key, variant), revision in newest.items():
        if not variant or (key, variant) in in_use:
            revisions.setdefault(key, {})[variant] = revision.pk
    return implement(
        Assignment(
            basic_id=newest[key, ""].basic_id,
            code=entry.document["code"],
            level=entry.document["level"],
            organisation=entry.document["organisation"],
            revisions=revisions[key],
        )
        for key, entry in whole.items.items()
    )


def report_document(report: ImportReport) -> dict[str, Any]:
    """Return a report as plain values."""
    return asdict(report)
