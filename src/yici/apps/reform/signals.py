"""Counts what hurts, item by item and county by county, and opens proposals where it is more than chance."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from yici.apps.catalogue import queries as catalogue
from yici.apps.journal import actions as journal
from yici.apps.places.months import bounds, earlier, last_day
from yici.apps.reform.models import Proposal, SignalTally
from yici.apps.reform.signal_sources import SOURCES
from yici.rules.items import Item
from yici.rules.signals import Cell, Count, Found, SignalKind, cells_of, dispersion_of, funnel_limits, judged, shrunk
from yici.rules.signals.triggers import FALSE_SHARE

HISTORY_MONTHS = 36  # three times each season
BY = "system:signals"
_COUNT = """
INSERT INTO reform_signaltally (kind, item_key, region_code, month, events, of, counted_at)
SELECT %(kind)s, s.item, left(s.region, 6) || '000000', %(first)s, sum(s.events), greatest(sum(s.of), sum(s.events)),
  %(now)s
FROM ({source}) s GROUP BY 2, 3
"""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a month showed: how many cells were looked at, what stands out, and the proposals that it opened."""

    month: date
    cells: int
    found: tuple[Found, ...]
    opened: tuple[Proposal, ...]


@transaction.atomic
def count_signals(month: date, *, now: datetime) -> int:
    """Count every signal of a month anew; return how many tallies there are. Counting twice is harmless."""
    SignalTally.objects.filter(month=month).delete()
    since, until = bounds(month)
    terms = {"since": since, "until": until, "first": month, "last": last_day(month), "now": now}
    terms["today"] = timezone.localdate(now)
    with connection.cursor() as cursor:
        total = 0
        for kind, source in SOURCES.items():
            cursor.execute(_COUNT.format(source=source), {**terms, "kind": kind.value})
            total += cursor.rowcount
    return total


def counts_until(month: date) -> list[Count]:
    """Return the tallies that a month is judged by: its own, and those of the years before."""
    rows = SignalTally.objects.filter(month__lte=month, month__gt=earlier(month, HISTORY_MONTHS))
    columns = rows.values_list("kind", "item_key", "region_code", "month", "events", "of")
    return [Count(SignalKind(row[0]), *row[1:]) for row in columns.iterator()]


@transaction.atomic
def judge_month(month: date, *, now: datetime, false_share: float = FALSE_SHARE) -> Judgement:
    """Judge a month that was counted, and open a proposal for each item and signal that stands out.

    An open proposal of the item and signal takes the newer figures; one that was closed for this month or a later one
    stays closed. Raises CannotJudge.
    """
    counts = counts_until(month)
    found = judged(counts, month, false_share=false_share)
    opened = []
    for key, kind in dict.fromkeys((one.trigger.cell.item, one.kind) for one in found):
        regions = sorted(one.trigger.cell.region for one in found if _is_of(one, key, kind))
        figures = figures_of([one for one in counts if one.kind is kind], month, key)
        terms = {"month": month, "regions": regions, "figures": figures, "seen_at": now}
        proposal = _opened(key, kind, terms, now)
        opened += [proposal] if proposal else []
    cells = sum(one.month == month and one.of > 0 for one in counts)
    return Judgement(month, cells, tuple(found), tuple(opened))


def _is_of(found: Found, key: str, kind: SignalKind) -> bool:
    return (found.trigger.cell.item, found.kind) == (key, kind)


def figures_of(counts: Iterable[Count], month: date, item_key: str) -> list[dict[str, object]]:
    """Return an item's counties beside expectation; rates relative to it (1 is as expected) are shrunk."""
    known = list(counts)
    cells = cells_of(known, month)
    dispersion = dispersion_of([cell.count for cell in cells], [cell.expected for cell in cells])
    own = [cell for cell in cells if cell.item == item_key and cell.expected > 0]
    chances = {(one.item, one.region): one.of for one in known if one.month == month}
    rates = shrunk([cell.count for cell in own], [cell.expected for cell in own])
    rows = [
        _figure(cell, chances[cell.item, cell.region], dispersion)
        | {"rate": round(rate.rate, 3), "lower": round(rate.lower, 3), "upper": round(rate.upper, 3)}
        for cell, rate in zip(own, rates, strict=True)
    ]
    return sorted(rows, key=lambda row: (-float(str(row["rate"])), str(row["region"])))


def _figure(cell: Cell, of: int, dispersion: float) -> dict[str, object]:
    limit = funnel_limits(cell.expected, dispersion).upper * cell.expected
    return {
        "region": cell.region,
        "events": cell.count,
        "of": of,
        "expected": round(cell.expected, 2),
        "limit": round(limit, 2),
    }


def _opened(key: str, kind: SignalKind, terms: dict[str, Any], now: datetime) -> Proposal | None:
    month = terms["month"]
    item = _item(key)
    rows = Proposal.objects.select_for_update().filter(item_key=key, kind=kind)
    if item is None or rows.filter(closed_at__isnull=False, month__gte=month).exists():
        return None
    if rows.filter(closed_at=None).exists():
        rows.filter(closed_at=None, month__lte=month).update(**terms)
        return None
    names = {"name": item.name.zh, "name_en": item.name.en, "organisation_kind": item.organisation}
    made = Proposal.objects.create(item_key=key, kind=kind, opened_at=now, **names, **terms)
    journal.record(
        "reform.proposal_opened",
        subject=str(made),
        by=BY,
        now=now,
        facts={"item": key, "signal": kind.value, "month": f"{month:%Y-%m}", "regions": terms["regions"]},
    )
    return made


def _item(key: str) -> Item | None:
    """Return an item of the province; None when it is in the catalogue no longer, and so nobody can redesign it."""
    return catalogue.catalogue_for("").items.get(key)
