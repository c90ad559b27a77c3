"""Easings taken back by what people do: asked for more, sent to the window, returned more often, never offered."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum

from yici.apps.cases.models import Case
from yici.apps.catalogue.models import Implementation
from yici.apps.people.viewers import Viewer
from yici.apps.places.months import bounds, earlier
from yici.apps.reform.models import SignalTally
from yici.apps.reform.naming import Names
from yici.apps.reform.rights import reach_of
from yici.rules.signals import SignalKind
from yici.rules.signals.jumps import has_jumped
from yici.rules.words import Words

BEFORE_MONTHS = 6
EMPTY_MONTHS = 12
MOST_SHOWN = 200
_COUNTED = (SignalKind.DEMANDS, SignalKind.VISITS, SignalKind.FORCED)


@dataclass(frozen=True, slots=True)
class TakenBack:
    """One item in one county, and what takes an easing back there; ``kind`` is None for an item without any case."""

    item_key: str
    item: Words
    region: Words
    kind: SignalKind | None
    events: int
    of: int
    before: str = ""  # the share in the months before, for what jumped


def taken_back(viewer: Viewer, month: date, item_key: str | None = None) -> list[TakenBack]:
    """Return what acts took back in a month in the viewer's region, the most events first."""
    rows = SignalTally.objects.filter(month=month, events__gt=0, region_code__startswith=reach_of(viewer))
    if item_key:
        rows = rows.filter(item_key=item_key)
    names = Names()
    counted = rows.filter(kind__in=_COUNTED).order_by("-events", "item_key", "region_code")[:MOST_SHOWN]
    found = [_of(row, names) for row in counted]
    return [*found, *_jumps(rows, month, names)]


def _jumps(rows: QuerySet[SignalTally], month: date, names: Names) -> list[TakenBack]:
    first = earlier(month, BEFORE_MONTHS)
    found = []
    for row in rows.filter(kind=SignalKind.RETURNS).order_by("-events")[:MOST_SHOWN]:
        past = SignalTally.objects.filter(
            kind=row.kind, item_key=row.item_key, region_code=row.region_code, month__gte=first, month__lt=month
        ).aggregate(events=Sum("events", default=0), of=Sum("of", default=0))
        if has_jumped(row.events, row.of, past["events"], past["of"]):
            found.append(_of(row, names, f"{past['events']} / {past['of']}"))
    return found


def _of(row: SignalTally, names: Names, before: str = "") -> TakenBack:
    item, region = names.item(row.item_key), names.region(row.region_code)
    return TakenBack(row.item_key, item, region, SignalKind(row.kind), row.events, row.of, before)


def without_cases(viewer: Viewer, month: date) -> list[TakenBack]:
    """Return items that an organisation of the viewer's region offers and nobody got in a year, though others did.

    Where the item has cases elsewhere but none here, people are turned away before there is a case, or sent elsewhere.
    """
    since, until = bounds(earlier(month, EMPTY_MONTHS))[0], bounds(month)[1]
    year = Q(application__submitted_at__gte=since, application__submitted_at__lt=until)
    here = Case.objects.filter(year, implementation=OuterRef("pk"))
    anywhere = Case.objects.filter(year, item_key=OuterRef("basic__key"))
    rows = Implementation.objects.filter(
        active=True, region__code__startswith=reach_of(viewer), region__abolished=False
    )
    empty = rows.filter(Exists(anywhere) & ~Exists(here)).select_related("basic", "region")
    return [
        TakenBack(
            row.basic.key,
            Words(row.basic.name, row.basic.name_en),
            Words(row.region.name, row.region.name_en),
            None,
            0,
            0,
        )
        for row in empty.order_by("basic__key", "region__code")[:MOST_SHOWN]
    ]
