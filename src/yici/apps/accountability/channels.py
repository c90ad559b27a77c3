"""By which channels people came to a place in a month, of all services or of one, and what suggestions led to."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max, Q, QuerySet, Sum

from yici.apps.accountability.curves import months_up_to, region_of
from yici.apps.accountability.funnels import counted_at
from yici.apps.accountability.models import ChannelTally
from yici.apps.catalogue import queries as catalogue
from yici.apps.people.viewers import Viewer
from yici.apps.places.models import Region
from yici.apps.planning.models import NudgeTally
from yici.rules.channel_use import FROM_HOME, ChannelAct, ChannelShare, shares
from yici.rules.nudges import Moment, NudgeKind
from yici.rules.words import Words

MOST_ITEMS = 60
_TREND = 12


@dataclass(frozen=True, slots=True)
class PartUse:
    """A county, or a service: how many applications, by channel, and the share handed in from home."""

    key: str
    name: Words
    total: int
    counts: dict[str, int]
    from_home: float | None


@dataclass(frozen=True, slots=True)
class NudgeUse:
    """What suggestions of one kind, made at one moment, led to."""

    kind: NudgeKind
    moment: Moment
    shown: int
    followed: int
    declined: int
    refused: int


@dataclass(frozen=True, slots=True)
class ChannelUse:
    """A place in a month. ``trend``: of twelve months those with applications, the oldest first, by channel."""

    place: Words
    month: date
    applied: tuple[ChannelShare, ...]
    asked: tuple[ChannelShare, ...]
    trend: tuple[tuple[date, PartUse], ...]
    counties: tuple[PartUse, ...]
    items: tuple[PartUse, ...]
    nudges: tuple[NudgeUse, ...]
    as_of: datetime | None


def use_of(viewer: Viewer, code: str, month: date, *, item: str = "") -> ChannelUse:
    """Return the use of the channels in a place of the viewer's jurisdiction. Raises NoSuchCounty.

    ``item``: of one service; "" of all. Some queries on tallies, however many applications.
    """
    row = region_of(viewer, code)
    here = ChannelTally.objects.filter(region__path__startswith=row.path)
    of_item = here.filter(item_key=item, month=month)
    counted = {act: _counts(of_item.filter(act=act)) for act in ChannelAct}
    return ChannelUse(
        place=Words(row.name, row.name_en),
        month=month,
        applied=shares(ChannelAct.APPLIED, counted[ChannelAct.APPLIED]),
        asked=shares(ChannelAct.ASKED, counted[ChannelAct.ASKED]),
        trend=_trend(here.filter(item_key=item, act=ChannelAct.APPLIED), month),
        counties=_counties(of_item.filter(act=ChannelAct.APPLIED)),
        items=_items(here.filter(month=month, act=ChannelAct.APPLIED)) if not item else (),
        nudges=_nudges(row, month) if not item else (),
        as_of=here.filter(month=month).aggregate(at=Max("counted_at"))["at"] or counted_at(month),
    )


def _counts(rows: QuerySet[ChannelTally]) -> dict[str, int]:
    return dict(rows.values_list("channel").annotate(number=Sum("count")).order_by())


def _part(key: str, name: Words, counts: dict[str, int]) -> PartUse:
    total = sum(counts.values())
    home = sum(count for channel, count in counts.items() if channel in FROM_HOME)
    return PartUse(key, name, total, counts, home / total if total else None)


def _trend(rows: QuerySet[ChannelTally], month: date) -> tuple[tuple[date, PartUse], ...]:
    months = months_up_to(month)[-_TREND:]
    found: dict[date, Counter[str]] = defaultdict(Counter)
    named = rows.filter(month__in=months).values_list("month", "channel").annotate(number=Sum("count")).order_by()
    for of, channel, number in named:
        found[of][channel] += number
    used = [one for one in months if one in found or one == month]
    return tuple((one, _part(f"{one:%Y-%m}", Words("", ""), dict(found[one]))) for one in used)


def _counties(rows: QuerySet[ChannelTally]) -> tuple[PartUse, ...]:
    columns = ("region__code", "region__name", "region__name_en", "channel")
    named = rows.values_list(*columns).annotate(number=Sum("count")).order_by("region__code")
    return tuple(_parts((code, Words(zh, en), channel, number) for code, zh, en, channel, number in named))


def _items(rows: QuerySet[ChannelTally]) -> tuple[PartUse, ...]:
    """Return the services with the most applications, those first."""
    known = catalogue.catalogue_for("").items
    named = rows.exclude(item_key="").values_list("item_key", "channel").annotate(number=Sum("count")).order_by()
    parts = _parts(
        (key, known[key].name if key in known else Words(key, key), channel, number) for key, channel, number in named
    )
    return tuple(sorted(parts, key=lambda one: (-one.total, one.key))[:MOST_ITEMS])


def _parts(rows: Iterable[tuple[str, Words, str, int]]) -> list[PartUse]:
    names: dict[str, Words] = {}
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for key, name, channel, number in rows:
        names[key] = name
        counts[key][channel] += number
    return [_part(key, names[key], dict(counts[key])) for key in counts]


def _nudges(row: Region, month: date) -> tuple[NudgeUse, ...]:
    below = Region.objects.filter(path__startswith=row.path, level__lte=Region.COUNTY).values("code")
    rows = NudgeTally.objects.filter(Q(region_code__in=below), month=month).values_list("kind", "moment")
    sums = rows.annotate(a=Sum("shown"), b=Sum("followed"), c=Sum("declined"), d=Sum("refused")).order_by()
    return tuple(NudgeUse(NudgeKind(kind), Moment(moment), *numbers) for kind, moment, *numbers in sorted(sums))


def items_used(viewer: Viewer, code: str, month: date) -> dict[str, Words]:
    """Return the services applied for or asked about in a month at a place, by key. Raises NoSuchCounty."""
    row = region_of(viewer, code)
    rows = ChannelTally.objects.filter(region__path__startswith=row.path, month=month).exclude(item_key="")
    known = catalogue.catalogue_for("").items
    keys = sorted(set(rows.values_list("item_key", flat=True)))
    return {key: known[key].name if key in known else Words(key, key) for key in keys}


def lines_of(viewer: Viewer, code: str, month: date) -> list[tuple[str, str, str, str, str, str, int]]:
    """Return the tallies of a month at a place as rows: code, names, act, item, channel, count. Raises NoSuchCounty."""
    row = region_of(viewer, code)
    rows = ChannelTally.objects.filter(region__path__startswith=row.path, month=month)
    columns = ("region__code", "region__name", "region__name_en", "act", "item_key", "channel", "count")
    return list(rows.order_by("region__code", "act", "item_key", "channel").values_list(*columns))
