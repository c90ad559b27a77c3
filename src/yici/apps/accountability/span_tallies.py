"""What an organisation and its peers did over a span of months, added up from the tallies of the months."""

from collections.abc import Mapping
from datetime import date

from django.db.models import Q, QuerySet, Sum

from yici.apps.accountability.models import MonthTally
from yici.apps.places.months import earlier
from yici.rules.disclosure import FEWEST, kept_of
from yici.rules.scores import NOTHING, Tally, together

Figures = dict[str, Tally]
ByOrganisation = dict[tuple[int, str], Figures]  # an organisation's row and its kind


def span_tallies(month: date, span: int, *, kind: str = "") -> ByOrganisation:
    """Return each organisation's tallies over the months that end with one; ``kind`` narrows to one kind."""
    rows: QuerySet[MonthTally] = MonthTally.objects.filter(months_within(month, span))
    if kind:
        rows = rows.filter(organisation__kind=kind)
    grouped = rows.values_list("organisation_id", "organisation__kind", "measure", "month").order_by()
    by_month: dict[tuple[int, str], dict[str, dict[date, Tally]]] = {}
    for organisation, its_kind, measure, each, good, of in grouped.annotate(Sum("good"), Sum("of")):
        mine = by_month.setdefault((organisation, its_kind), {})
        mine.setdefault(measure, {})[each] = Tally(good, of)
    return {whose: over_months(mine) for whose, mine in by_month.items()}


def months_within(month: date, span: int) -> Q:
    """Return the condition on a month that it is one of so many that end with this one."""
    return Q(month__gte=earlier(month, span - 1), month__lte=month)


def over_months(figures: Mapping[str, Mapping[date, Tally]]) -> Figures:
    """Return each measure's months together."""
    return {measure: _over(by_month) for measure, by_month in figures.items()}


def _over(by_month: Mapping[date, Tally]) -> Tally:
    """Return the months together; a month of too few things alone is not in it, or it is what the others leave over."""
    if len(by_month) == 1:
        return sum(by_month.values(), NOTHING)
    kept = kept_of({month: tally.of for month, tally in by_month.items()})
    return sum((by_month[month] for month in kept), NOTHING)


def peers_of(tallies: ByOrganisation) -> dict[str, Figures]:
    """Return of each kind what all its organisations did together."""
    kinds: dict[str, list[Figures]] = {}
    for (_, kind), mine in tallies.items():
        # Too few things are published nowhere, so they are in no mean either: a stranger must be able to rebuild it.
        kinds.setdefault(kind, []).append({key: one for key, one in mine.items() if one.of >= FEWEST})
    return {kind: together(all_of_them) for kind, all_of_them in kinds.items()}
