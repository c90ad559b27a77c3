"""What everybody may know of a county's services in a month: shares, volume and usual days, of enough cases only."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.db.models import Max, Sum

from yici.apps.accountability.counting import bounds
from yici.apps.accountability.models import MonthTally
from yici.apps.places.models import Region
from yici.rules.county_figures import Figure, figure
from yici.rules.measures import MEASURES
from yici.rules.scores import FORMULA, NOTHING, Tally
from yici.rules.words import Words

PUBLISHED = ("zero_visit", "visits_kept", "promised_time", "statutory_time", "tickets_answered", "tickets_satisfied")
# Days from receipt to decision, lawful pauses included: what the person waited.
_DAYS = """
SELECT count(*), percentile_cont(ARRAY[0.25, 0.5, 0.9]) WITHIN GROUP (
    ORDER BY extract(epoch FROM c.decided_at - c.received_at) / 86400)
FROM cases_case c WHERE c.decided_at >= %(since)s AND c.decided_at < %(until)s AND c.received_at IS NOT NULL
AND c.organisation_id IN (
    SELECT o.id FROM places_organisation o JOIN places_region r ON r.id = o.region_id WHERE r.path LIKE %(below)s)
"""


class NoSuchPlace(LookupError):
    """There is no such county."""


@dataclass(frozen=True, slots=True)
class CountyStatistics:
    """A county's published figures; ``cases`` and ``days`` (a quarter, half, nine of ten) are None of too few cases."""

    code: str
    name: Words
    month: date
    figures: tuple[tuple[str, Figure], ...]
    cases: int | None
    days: tuple[float, float, float] | None
    minimum: int
    as_of: datetime | None


def county_statistics(code: str, month: date) -> CountyStatistics:
    """Return the published figures of a county. Raises NoSuchPlace."""
    row = Region.objects.filter(code=code, level=Region.COUNTY).first()
    if row is None:
        raise NoSuchPlace
    rows = MonthTally.objects.filter(month=month, organisation__region__path__startswith=row.path).order_by()
    grouped = rows.values_list("measure").annotate(Sum("good"), Sum("of"), Max("counted_at"))
    found = {measure: (Tally(good, of), newest) for measure, good, of, newest in grouped}
    tallies = {measure: tally for measure, (tally, _) in found.items()}
    cases = tallies.get("complaints", NOTHING).of
    return CountyStatistics(
        code=row.code,
        name=Words(row.name, row.name_en),
        month=month,
        figures=tuple((key, figure(MEASURES[key], tallies.get(key, NOTHING))) for key in PUBLISHED),
        cases=cases if cases >= FORMULA.fewest else None,
        days=_days(row.path, month),
        minimum=FORMULA.fewest,
        as_of=max((newest for _, newest in found.values()), default=None),
    )


def _days(path: str, month: date) -> tuple[float, float, float] | None:
    since, until = bounds(month)
    with connection.cursor() as cursor:
        cursor.execute(_DAYS, {"since": since, "until": until, "below": f"{path}%"})
        count, days = cursor.fetchone()
    if count < FORMULA.fewest:
        return None
    quarter, half, most = (round(float(one), 1) for one in days)
    return quarter, half, most
