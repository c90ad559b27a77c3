"""Says in words who looked: the office that carries out an item in a place."""

from collections.abc import Mapping

from yici.apps.catalogue import queries as catalogue
from yici.apps.places import queries as places
from yici.apps.places.models import CannotFindPlace
from yici.rules.codes import ZHEJIANG
from yici.rules.data_uses import PLATFORM_ITEMS
from yici.rules.items import Item
from yici.rules.words import Words


def office_kind(item: str, region_code: str) -> str:
    """Return the kind of organisation in charge of an item in a place, "" when the item is not known any more."""
    found = catalogue.catalogue_for(region_code).items.get(item)
    return found.organisation if found else ""


class Offices:
    """Names of items and offices, each asked for once; made anew for each page."""

    def __init__(self) -> None:
        self._offices: dict[tuple[str, str], Words] = {}
        self._catalogues: dict[str, Mapping[str, Item]] = {}
        self.kinds = catalogue.organisation_kinds()

    def item(self, key: str, region_code: str = ZHEJIANG.text) -> Words:
        """Return the name of an item, its key when it is gone."""
        found = self._items(region_code).get(key)
        return found.name if found else PLATFORM_ITEMS.get(key, Words(key, key))

    def _items(self, region_code: str) -> Mapping[str, Item]:
        if region_code not in self._catalogues:
            self._catalogues[region_code] = catalogue.catalogue_for(region_code).items
        return self._catalogues[region_code]

    def kind(self, key: str) -> Words:
        """Return the name of a kind of organisation."""
        found = self.kinds.get(key)
        return found.name if found else Words(key, key)

    def kind_of_item(self, item: str) -> Words:
        """Return the kind of organisation that carries out an item, in words."""
        found = self._items(ZHEJIANG.text).get(item)
        return self.kind(found.organisation) if found else Words("", "")

    def of_item(self, item: str, region_code: str) -> Words:
        """Return the office that carries out an item in a place."""
        found = self._items(region_code).get(item)
        return self.office(found.organisation, region_code) if found else Words("", "")

    def office(self, kind: str, region_code: str) -> Words:
        """Return the office of a kind for a place, the kind's name where none is registered."""
        key = (kind, region_code)
        if key not in self._offices:
            self._offices[key] = self._found(kind, region_code)
        return self._offices[key]

    def _found(self, kind: str, region_code: str) -> Words:
        try:
            row = places.organisation_for(kind, region_code)
        except CannotFindPlace:
            return self.kind(kind)
        return Words(row.name, row.name_en)
