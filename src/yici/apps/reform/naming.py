"""Names of items and counties for pages that list many of them."""

from functools import cached_property

from yici.apps.catalogue import queries as catalogue
from yici.apps.places.models import Region
from yici.rules.items import Catalogue
from yici.rules.words import Words


class Names:
    """Looks names up once for a page; what has none is called by its key or code."""

    @cached_property
    def _catalogue(self) -> Catalogue:
        return catalogue.catalogue_for("")

    @cached_property
    def _regions(self) -> dict[str, Words]:
        rows = Region.objects.filter(level__lte=3).values_list("code", "name", "name_en")
        return {code: Words(name, name_en) for code, name, name_en in rows}

    def item(self, key: str) -> Words:
        """Return the name of an item."""
        found = self._catalogue.items.get(key)
        return found.name if found else Words(key, key)

    def region(self, code: str) -> Words:
        """Return the name of a county, city or province."""
        return self._regions.get(code, Words(code, code))
