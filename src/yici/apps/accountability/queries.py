"""Scorecards as everybody reads them, and their inputs as everybody may download them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection
from django.db.models import Count, Max, Q, QuerySet, Sum

from yici.apps.accountability.counting import rows_of
from yici.apps.accountability.models import Contest, MonthTally
from yici.apps.people.encryption import search_hash
from yici.apps.places.models import Organisation, Region
from yici.rules.disclosure import FEWEST, kept_of
from yici.rules.measures import MEASURES
from yici.rules.scores import FORMULA, NOTHING, Formula, Score, Tally, score, together
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


def cards(
    *, month: date, region_code: str = "", kind: str = "", span: int = 1, formula: Formula = FORMULA
) -> list[Card]:
    """Return the cards of every organisation of a region and below, the best first; hidden totals last, by name.

    ``kind`` narrows to one kind of organisation. Raises Region.DoesNotExist.
    """
    tallies = _tallies(month, span, kind=kind)
    peers = _peers(tallies)
    rows = Organisation.objects.filter(pk__in=[key for key, _ in tallies]).select_related("region")
    if region_code:
        rows = rows.filter(region__path__startswith=_path(region_code))
    as_of = MonthTally.objects.filter(month=month).aggregate(newest=Max("counted_at"))["newest"]
    by_key = {key: found for (key, _), found in tallies.items()}
    made = [_card(row, score(by_key[row.pk], peers[row.kind], formula), as_of) for row in rows]
    return sorted(made, key=lambda one: (one.score.total is None, -(one.score.total or 0), one.name.zh))


def card(organisation_id: UUID, *, month: date, span: int = 1, formula: Formula = FORMULA) -> Card:
    """Return one card. Raises Organisation.DoesNotExist."""
    row = Organisation.objects.select_related("region").get(public_id=organisation_id)
    tallies = _tallies(month, span, kind=row.kind)
    mine = tallies.get((row.pk, row.kind), {})
    as_of = MonthTally.objects.filter(month=month).aggregate(newest=Max("counted_at"))["newest"]
    return _card(row, score(mine, _peers(tallies).get(row.kind, {}), formula), as_of)


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


def _within(month: date, span: int) -> Q:
    begun = month
    for _ in range(span - 1):
        begun = (begun.replace(day=1) - date.resolution).replace(day=1)
    return Q(month__gte=begun, month__lte=month)


def _tallies(month: date, span: int, *, kind: str = "") -> dict[tuple[int, str], dict[str, Tally]]:
    rows: QuerySet[MonthTally] = MonthTally.objects.filter(_within(month, span))
    if kind:
        rows = rows.filter(organisation__kind=kind)
    found: dict[tuple[int, str], dict[str, Tally]] = {}
    grouped = rows.values_list("organisation_id", "organisation__kind", "measure", "month").order_by()
    months_of: dict[tuple[int, str, str], dict[date, Tally]] = {}
    for organisation, its_kind, measure, each, good, of in grouped.annotate(Sum("good"), Sum("of")):
        months_of.setdefault((organisation, its_kind, measure), {})[each] = Tally(good, of)
    for (organisation, its_kind, measure), by_month in months_of.items():
        found.setdefault((organisation, its_kind), {})[measure] = _over(by_month)
    return found


def _over(by_month: Mapping[date, Tally]) -> Tally:
    """Return the months together; a month of too few things alone is not in it, or it is what the others leave over."""
    if len(by_month) == 1:
        return sum(by_month.values(), NOTHING)
    kept = kept_of({month: tally.of for month, tally in by_month.items()})
    return sum((by_month[month] for month in kept), NOTHING)


def _peers(tallies: dict[tuple[int, str], dict[str, Tally]]) -> dict[str, dict[str, Tally]]:
    kinds: dict[str, list[dict[str, Tally]]] = {}
    for (_, kind), mine in tallies.items():
        # Too few things are published nowhere, so they are in no mean either: a stranger must be able to rebuild it.
        kinds.setdefault(kind, []).append({key: one for key, one in mine.items() if one.of >= FEWEST})
    return {kind: together(all_of_them) for kind, all_of_them in kinds.items()}


def contests_of(organisation_id: UUID) -> list[ContestLine]:
    """Return an organisation's contests, newest first; decided ones stay."""
    rows = Contest.objects.filter(organisation__public_id=organisation_id).order_by("-pk")
    return [
        ContestLine(row.measure, row.month, row.contested_at, row.due_on, row.upheld, row.decided_at) for row in rows
    ]


def organisations_with_figures(month: date) -> list[int]:
    """Return the rows of the organisations that have a figure in a month."""
    return list(MonthTally.objects.filter(month=month).values_list("organisation_id", flat=True).distinct())


def kinds_with_figures(month: date) -> list[str]:
    """Return the kinds of organisations that have a figure in a month."""
    rows = Organisation.objects.filter(pk__in=organisations_with_figures(month)).order_by("kind")
    return list(rows.values_list("kind", flat=True).distinct())


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
