"""What may be seen of the catalogue: everything, by everybody; it is what government promises."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from django.db.models import Q, QuerySet

from yici.apps.catalogue import search as searching
from yici.apps.catalogue.bundles import Bundle
from yici.apps.catalogue.comparing import DRAFT, Reading, catalogue_in, changes_in, document_in, read_text, text_of
from yici.apps.catalogue.exporter import as_one_file, write_files, written
from yici.apps.catalogue.faults import CannotImport, Fault
from yici.apps.catalogue.held import (
    CannotFindInCatalogue,
    KindOfLicence,
    KindOfOrganisation,
    OnTrial,
    held,
    regions_above,
)
from yici.apps.catalogue.importing import lint_files, read_catalogue
from yici.apps.catalogue.models import BasicItem, Implementation, ItemRevision, LifeEventRevision
from yici.apps.catalogue.proposed import with_files, with_revision
from yici.apps.catalogue.search import SearchHit
from yici.apps.catalogue.stored import stored_bundle
from yici.apps.places.reading import once_an_act
from yici.rules.items import Catalogue, Element, Item, LifeEvent, as_event
from yici.rules.lint import Finding, lint
from yici.rules.words import Words

__all__ = [
    "DRAFT",
    "CannotFindInCatalogue",
    "CannotImport",
    "Fault",
    "Finding",
    "KindOfLicence",
    "KindOfOrganisation",
    "OnTrial",
    "Reading",
    "SearchHit",
    "catalogue_in",
    "changes_in",
    "document_in",
    "read_text",
    "text_of",
    "with_files",
    "with_revision",
    "written",
]
MOST_TOWNSHIPS = 400  # the largest county has a tenth of them


def catalogue_for(region_code: str, on: date | None = None, *, unit: str = "") -> Catalogue:
    """Return the items and life events as they are in a region, local differences included.

    Without a day the newest revisions, and those on trial that hold there or for ``unit``, whom it is for
    (rules.drawn_units); with one, those in force on that day. The same value is returned until the
    catalogue changes, so that it may key a cache. One query of one row a call.
    """
    return held(on).catalogue(region_code, unit)


def trial_revision(item_key: str, region_code: str, unit: str) -> int | None:
    """Return the id of the revision on trial that a case of somebody is made with; None outside of trials."""
    tried = held(None).trials_for(region_code, unit)
    return next((one.revision_id for one in tried if one.item.key == item_key), None)


def trials_of_wording(event: LifeEvent) -> tuple[OnTrial, ...]:
    """Return the running trials that try other words for an item of an event."""
    members = {member.item for member in event.members}
    return tuple(one for one in held(None).trials if one.of_wording and one.item.key in members)


def item(key: str, region_code: str = "", on: date | None = None) -> Item:
    """Return an item as it is in a region. Raises CannotFindInCatalogue."""
    found = catalogue_for(region_code, on).items.get(key)
    if found is None:
        raise _not_found(key)
    return found


def find_event(key: str, region_code: str = "", *, unit: str = "") -> LifeEvent | None:
    """Return a life event, or a single item as an event of its own; None when there is neither."""
    catalogue = catalogue_for(region_code, unit=unit)
    if key in catalogue.events:
        return catalogue.events[key]
    return as_event(catalogue.items[key]) if key in catalogue.items else None


def event(key: str, region_code: str = "", *, unit: str = "") -> LifeEvent:
    """Return a life event, or a single item as an event of its own. Raises CannotFindInCatalogue."""
    found = find_event(key, region_code, unit=unit)
    if found is None:
        raise _not_found(key)
    return found


def every_variant() -> dict[str, list[Item]]:
    """Return every item by key: as it is in the province, and each local variant of it."""
    whole = held(None)
    return {key: [item, *whole.variants_of(key)] for key, item in whole.items.items()}


def items_named(text: str) -> list[str]:
    """Return the keys of the items that have ``text`` in a name they have or had, here or anywhere, in key order."""
    named = Q(document__name__zh__icontains=text) | Q(document__name__en__icontains=text)
    keys = ItemRevision.objects.filter(named).order_by("basic__key").values_list("basic__key", flat=True)
    return list(keys.distinct())


def _not_found(key: str) -> CannotFindInCatalogue:
    return CannotFindInCatalogue(
        zh=f"目录中没有“{key[:60]}”。请从列表或检索中选择。",
        en=f"There is nothing called '{key[:60]}' in the catalogue. Choose from the list or search for it.",
    )


@once_an_act
def implementation(item_key: str, region_code: str) -> Implementation:
    """Return who carries out an item for somebody in a region: there, or in the nearest region above that does.

    Raises CannotFindInCatalogue when nobody does.
    """
    above = regions_above(region_code)
    rows = _implementations_of(item_key).filter(region__code__in=above)
    found = max(rows, key=_depth, default=None)
    if found is None:
        raise CannotFindInCatalogue(
            zh=f"本地没有机构实施事项“{item_key[:60]}”。请到综合窗口咨询。",
            en=f"No organisation here carries out '{item_key[:60]}'. Ask at the integrated window.",
        )
    return found


def implementations_within(item_key: str, region_path: str) -> list[Implementation]:
    """Return who carries out an item in a region and in the regions below it, in the order of their codes."""
    rows = _implementations_of(item_key).filter(region__path__startswith=region_path)
    return list(rows.order_by("region__code")[:MOST_TOWNSHIPS])


def _implementations_of(item_key: str) -> QuerySet[Implementation]:
    # The item first, by its key: right after an import, before the database knows what its tables hold, it would
    # otherwise go through every implementation of the province for each case.
    basic = BasicItem.objects.filter(key=item_key).values_list("pk", flat=True).first()
    rows = Implementation.objects.filter(basic_id=basic, active=True)
    return rows.select_related("basic", "organisation__region", "region", "revision")


def _depth(row: Implementation) -> int:
    return row.region.level


def item_of(revision: ItemRevision) -> Item:
    """Return the item a case was made with, whatever the catalogue says now."""
    return held(None).item_of(revision)


def event_revision(key: str) -> LifeEventRevision | None:
    """Return the newest revision of a life event; None for a single item."""
    return LifeEventRevision.objects.filter(event__key=key).order_by("-number").first()


def elements() -> dict[str, Element]:
    """Return the shared data elements by key."""
    return held(None).elements


def organisation_kinds() -> dict[str, KindOfOrganisation]:
    """Return the kinds of organisation by key, with the levels they exist at."""
    return held(None).organisation_kinds


def licence_kinds() -> dict[str, KindOfLicence]:
    """Return the types of licence by key."""
    return held(None).licence_kinds


def search(text: str, region_code: str, limit: int = 10) -> list[SearchHit]:
    """Return what a person may mean, the best first; slips of a character or two are forgiven."""
    return searching.find(text, region_code, limit)


def suggestions(text: str, region_code: str, limit: int = 8) -> list[SearchHit]:
    """Return hits while somebody is still typing: one query."""
    return searching.suggest(text, region_code, limit)


def names(region_code: str) -> dict[str, Words]:
    """Return the names of all life events and items of a region by key."""
    catalogue = catalogue_for(region_code)
    items = {key: one.name for key, one in catalogue.items.items()}
    return items | {key: one.name for key, one in catalogue.events.items()}


def documents() -> Bundle:
    """Return the stored catalogue as documents, shared data elements by key."""
    return stored_bundle()


def exported() -> Iterator[str]:
    """Yield the stored catalogue as one YAML file, piece by piece."""
    return as_one_file(stored_bundle())


def export_to(folder: Path) -> int:
    """Write the stored catalogue as YAML files below a folder and return how many."""
    return write_files(stored_bundle(), folder)


def findings(region_code: str = "") -> list[Finding]:
    """Return what the consistency rules find in the stored catalogue, as it is in a region."""
    return lint(catalogue_for(region_code))


def findings_in(path: Path) -> list[Finding]:
    """Return what the consistency rules find in files that are not imported yet.

    They are read beside what is stored; raises CannotImport when they do not fit together.
    """
    incoming, whole = read_catalogue(path, stored_bundle())
    return lint_files(incoming, whole)
