"""Scorecards as everybody reads them, and their inputs as everybody may download them."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection
from django.db.models import Count, F, Max, Sum
from django.db.models.functions import Collate

from yici.apps.accountability.card_counting import read
from yici.apps.accountability.counting import rows_of
from yici.apps.accountability.models import CardTally, Contest, MonthTally, PeerTally
from yici.apps.accountability.span_tallies import Figures, peers_of, span_tallies
from yici.apps.people.encryption import search_hash
from yici.apps.places.models import Organisation, Region
from yici.rules.disclosure import FEWEST
from yici.rules.measures import MEASURES
from yici.rules.scores import Score, score
from yici.rules.words import Words

INPUT_PLACE = "accountability.input"
NoSuchCard = (Organisation.DoesNotExist, Region.DoesNotExist)


@dataclass(frozen=True, slots=True)
class Card:
    """The scorecard of an organisation in a month, or a rolling span of months, as of a moment."""

    organisation_id: UUID
    name: Words
    region: Words
    region_code: str
    kind: str
    score: Score
    as_of: datetime | None


@dataclass(frozen=True, slots=True)
class ContestLine:
    """A contest as everybody reads it: what was contested and how it was decided, nobody's words of anybody."""

    measure: str
    month: date
    contested_at: datetime
    due_on: date
    upheld: bool | None
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class Input:
    """One counted thing as everybody may download it: a code that stands for it, the month, what it added."""

    measure: str
    organisation: str
    kind: str
    month: date
    code: str
    good: int
    of: int


# Steps from month to month in the index: a look at every month that was counted, not at every tally.
_MONTHS = """
WITH RECURSIVE known (month) AS (
    (SELECT month FROM accountability_monthtally ORDER BY month DESC LIMIT 1)
    UNION ALL
    SELECT (SELECT max(t.month) FROM accountability_monthtally t WHERE t.month < known.month) FROM known
    WHERE known.month IS NOT NULL
)
SELECT month FROM known WHERE month IS NOT NULL
"""
_COMPARED = 3  # months, to say whether the newest has been counted whole


def months() -> list[date]:
    """Return the months that have been counted, newest first."""
    with connection.cursor() as cursor:
        cursor.execute(_MONTHS)
        return [row[0] for row in cursor.fetchall()]


def month_to_show(known: Sequence[date]) -> date | None:
    """Return the newest month that is more than begun: it has half as many organisations as the fullest of the last."""
    rows = MonthTally.objects.filter(month__in=known[:_COMPARED], measure="complaints").order_by()
    found = dict(rows.values_list("month").annotate(Count("organisation", distinct=True)))
    fullest = max(found.values(), default=0)
    return next((month for month in known if 2 * found.get(month, 0) >= fullest), None)


def cards(*, month: date, region_code: str = "", kind: str = "", span: int = 1) -> list[Card]:
    """Return the cards of every organisation of a region and below, the best first; hidden totals last, by name.

    All are worked out of the tallies, of any span of months. ``kind`` narrows to one kind of
    organisation. Raises Region.DoesNotExist.
    """
    tallies = span_tallies(month, span, kind=kind)
    peers = peers_of(tallies)
    rows = Organisation.objects.filter(pk__in=[key for key, _ in tallies]).select_related("region").order_by("pk")
    if region_code:
        rows = rows.filter(region__path__startswith=_path(region_code))
    as_of = MonthTally.objects.filter(month=month).aggregate(newest=Max("counted_at"))["newest"]
    by_key = {key: found for (key, _), found in tallies.items()}
    made = [_card(row, score(by_key[row.pk], peers[row.kind]), as_of) for row in rows]
    return sorted(made, key=lambda one: (one.score.total is None, -(one.score.total or 0), one.name.zh))


def page_of_cards(
    *, month: date, region_code: str, kind: str, span: int, start: int, size: int
) -> tuple[list[Card], int]:
    """Return ``size`` kept cards from ``start``, and how many there are: of one kind the best first, else by place.

    Raises Region.DoesNotExist.
    """
    rows = CardTally.objects.filter(month=month, span=span, organisation__region__path__startswith=_path(region_code))
    if kind:
        rows = rows.filter(organisation__kind=kind).order_by(
            F("total").desc(nulls_last=True), _by("organisation__name"), "organisation_id"
        )
    else:
        rows = rows.order_by(_by("organisation__region__name"), _by("organisation__name"), "organisation_id")
    shown = list(rows.select_related("organisation__region")[start : start + size])
    peers = _kept_peers(month, span, {row.organisation.kind for row in shown})
    return [_kept_card(row, peers) for row in shown], rows.count()


def _by(field: str) -> Collate:
    """Sort by code point, as everywhere else, whatever the database's own order is."""
    return Collate(F(field), "C")


def card(organisation_id: UUID, *, month: date, span: int = 1) -> Card:
    """Return one kept card. Raises Organisation.DoesNotExist."""
    organisation = Organisation.objects.select_related("region").get(public_id=organisation_id)
    rows = CardTally.objects.filter(month=month, span=span)
    mine, as_of = rows.filter(organisation=organisation).values_list("figures", "counted_at").first() or ({}, None)
    if as_of is None:
        as_of = rows.order_by().values_list("counted_at", flat=True).first()
    peers = _kept_peers(month, span, {organisation.kind}).get(organisation.kind, {})
    return _card(organisation, score(read(mine), peers), as_of)


def _kept_peers(month: date, span: int, kinds: Collection[str]) -> dict[str, Figures]:
    rows = PeerTally.objects.filter(month=month, span=span, kind__in=kinds)
    return {row.kind: read(row.figures) for row in rows}


def _kept_card(row: CardTally, peers: Mapping[str, Figures]) -> Card:
    found = score(read(row.figures), peers.get(row.organisation.kind, {}))
    return _card(row.organisation, found, row.counted_at)


def _card(row: Organisation, found: Score, as_of: datetime | None) -> Card:
    return Card(
        row.public_id,
        Words(row.name, row.name_en),
        Words(row.region.name, row.region.name_en),
        row.region.code,
        row.kind,
        found,
        as_of,
    )


def _path(region_code: str) -> str:
    return Region.objects.get(code=region_code.strip().ljust(12, "0")).path


def contests_of(organisation_id: UUID) -> list[ContestLine]:
    """Return an organisation's contests, newest first; decided ones stay."""
    rows = Contest.objects.filter(organisation__public_id=organisation_id).order_by("-pk")
    return [
        ContestLine(row.measure, row.month, row.contested_at, row.due_on, row.upheld, row.decided_at) for row in rows
    ]


def kinds_with_figures(month: date) -> list[str]:
    """Return the kinds of organisations that have a figure in a month."""
    rows = PeerTally.objects.filter(month=month, span=1).order_by("kind")
    return list(rows.values_list("kind", flat=True))


def inputs(*, month: date, kind: str) -> Iterator[Input]:
    """Yield every input of the cards of one kind of organisation in a month; codes stand for cases and tickets.

    A code is a keyed hash: the same thing has the same code in every file, and nobody finds the thing by it. Of an
    organisation with too few things of a measure there are none: the card hides that part and the peers do without it.
    """
    with_figures = MonthTally.objects.filter(month=month, organisation__kind=kind).order_by()
    keys = dict(with_figures.values_list("organisation_id", "organisation__public_id").distinct())
    for measure in MEASURES:
        for one in rows_of(_with_enough(keys, month, measure), month, measure):
            code = search_hash(f"{measure}/{one.ref}", INPUT_PLACE).partition(":")[2][:16]
            yield Input(measure, str(keys[one.organisation]), kind, month, code, one.good, one.of)


def _with_enough(keys: Mapping[int, object], month: date, measure: str) -> list[int]:
    rows = MonthTally.objects.filter(month=month, measure=measure, organisation__in=list(keys)).order_by()
    counts = rows.values_list("organisation_id").annotate(Sum("of"))
    return [organisation for organisation, of in counts if of >= FEWEST]
