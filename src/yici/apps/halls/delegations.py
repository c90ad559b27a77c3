"""What the one window accepts for which department (规定 art. 5)."""

from collections.abc import Iterable
from datetime import date

from yici.apps.cases.models import Case
from yici.apps.cases.moves import item_of
from yici.apps.halls.models import Delegation
from yici.rules.delegation import is_delegated


def delegated_items(cases: Iterable[Case], on: date) -> frozenset[str]:
    """Return the item keys among these cases that the one window accepts on a local day."""
    listed = list(cases)
    said = _said({case.organisation_id for case in listed}, on)
    return frozenset(
        case.item_key
        for case in listed
        if is_delegated(
            item_of(case), said.get((case.organisation_id, case.item_key), said.get((case.organisation_id, "")))
        )
    )


def _said(organisations: set[int], on: date) -> dict[tuple[int, str], bool]:
    rows = Delegation.objects.filter(organisation_id__in=organisations, valid_from__lte=on).order_by("valid_from")
    return {(row.organisation_id, row.item_key): row.entrusted for row in rows}  # the newest counts
