"""Data debt: items that only move a fact or only book a visit, with how often people had to use them in a year."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from yici.apps.cases.models import Case
from yici.apps.catalogue import queries as catalogue
from yici.apps.people.viewers import Viewer
from yici.apps.places.months import bounds, earlier, last_whole_month
from yici.apps.reform.rights import reach_of
from yici.rules.data_debt import Debt, data_debts

YEAR = 12


@dataclass(frozen=True, slots=True)
class DebtLine:
    """One item of the debt, and its cases in the twelve months that are over."""

    debt: Debt
    cases: int


def debts(viewer: Viewer, *, now: datetime) -> list[DebtLine]:
    """Return the data debt, the most cases of the viewer's region first; items without a case stand at the end."""
    month = last_whole_month(now)
    since, until = bounds(earlier(month, YEAR - 1))[0], bounds(month)[1]
    found = list(data_debts(catalogue.catalogue_for("")))
    rows = Case.objects.filter(
        item_key__in=[one.item.key for one in found],
        application__submitted_at__gte=since,
        application__submitted_at__lt=until,
        application__region__code__startswith=reach_of(viewer),
    )
    counts = dict(rows.values_list("item_key").annotate(n=Count("pk")))
    lines = [DebtLine(one, counts.get(one.item.key, 0)) for one in found]
    return sorted(lines, key=lambda one: (-one.cases, one.debt.item.key))
