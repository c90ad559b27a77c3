"""Works the scorecards of a month out when it is counted: a page of them reads its sixty rows, not every tally.

A card over a quarter or a year ends with its last month, so a month that is counted again changes the cards of those
after it as well.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from django.db import transaction

from yici.apps.accountability.counting import alone
from yici.apps.accountability.models import CardTally, PeerTally, PlaceTally
from yici.apps.accountability.span_tallies import (
    ByOrganisation,
    Figures,
    months_within,
    over_months,
    peers_of,
    span_tallies,
)
from yici.apps.places.months import earlier
from yici.rules.scores import FORMULA, Tally, score

SPANS = (1, 3, 12)  # months that a card may be counted over
_ROWS = 1000  # inserted at a time


def ending_with(months: Iterable[date]) -> list[date]:
    """Return these months and the counted ones whose cards have one of them in it, the oldest first."""
    changed = set(months)
    counted = PlaceTally.objects.order_by().values_list("month", flat=True).distinct()
    after = {one for one in counted if any(earlier(one, back) in changed for back in range(1, max(SPANS)))}
    return sorted(changed | after)


def without_cards() -> list[date]:
    """Return the months that were counted before cards were kept, or by another formula; the oldest first."""
    counted = PlaceTally.objects.order_by().values_list("month", flat=True).distinct()
    known = set(CardTally.objects.filter(formula=FORMULA.version).order_by().values_list("month", flat=True).distinct())
    return sorted(set(counted) - known)


def count_cards(months: Iterable[date], *, now: datetime, kind: str = "") -> None:
    """Work out the cards that have one of these months in them, in place of what stood there.

    ``kind`` narrows to one kind of organisation: others are drawn towards other peers and do not change.
    """
    changed = [*months]
    for month in changed:
        with transaction.atomic():
            alone()
            _keep(span_tallies(month, 1, kind=kind), month, 1, now=now, kind=kind)
    for month in ending_with(changed):
        for span in SPANS[1:]:
            with transaction.atomic():
                alone()
                _keep(_together(month, span, kind), month, span, now=now, kind=kind)


def _together(month: date, span: int, kind: str) -> ByOrganisation:
    """Add the kept cards of single months up: a tenth of the rows that offices and items have."""
    rows = CardTally.objects.filter(months_within(month, span), span=1).order_by()
    if kind:
        rows = rows.filter(organisation__kind=kind)
    by_month: dict[tuple[int, str], dict[str, dict[date, Tally]]] = {}
    for organisation, its_kind, each, figures in rows.values_list(
        "organisation_id", "organisation__kind", "month", "figures"
    ).iterator():
        mine = by_month.setdefault((organisation, its_kind), {})
        for measure, (good, of) in figures.items():
            mine.setdefault(measure, {})[each] = Tally(good, of)
    return {whose: over_months(mine) for whose, mine in by_month.items()}


def _keep(tallies: ByOrganisation, month: date, span: int, *, now: datetime, kind: str) -> None:
    cards, peers = CardTally.objects.filter(month=month, span=span), PeerTally.objects.filter(month=month, span=span)
    if kind:
        cards, peers = cards.filter(organisation__kind=kind), peers.filter(kind=kind)
    cards.delete()
    peers.delete()
    around = peers_of(tallies)
    CardTally.objects.bulk_create(_cards(tallies, around, month, span, now), batch_size=_ROWS)
    PeerTally.objects.bulk_create(
        PeerTally(month=month, span=span, kind=one, figures=written(figures), counted_at=now)
        for one, figures in around.items()
    )


def _cards(
    tallies: ByOrganisation, around: dict[str, Figures], month: date, span: int, now: datetime
) -> Iterator[CardTally]:
    for (organisation, kind), mine in tallies.items():
        yield CardTally(
            month=month,
            span=span,
            organisation_id=organisation,
            figures=written(mine),
            total=score(mine, around[kind]).total,
            formula=FORMULA.version,
            counted_at=now,
        )


def written(figures: Figures) -> dict[str, list[int]]:
    """Return figures as they are kept.

    >>> written({"zero_visit": Tally(3, 4)})
    {'zero_visit': [3, 4]}
    """
    return {measure: [tally.good, tally.of] for measure, tally in figures.items()}


def read(figures: dict[str, list[int]]) -> Figures:
    """Return figures as they were before they were written.

    >>> read({"zero_visit": [3, 4]})
    {'zero_visit': Tally(good=3, of=4)}
    """
    return {measure: Tally(good, of) for measure, (good, of) in figures.items()}
