"""What past cases lacked: the distinct sets of missing data, each with the visits it caused."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from yici.apps.cases.models import Application
from yici.apps.places import queries as places
from yici.rules.links import Lack
from yici.rules.missing_data import missing_in

BATCH = 2_000


@dataclass(frozen=True, slots=True)
class PastLacks:
    """``lacks``: distinct lack → promised visits of the cases with it; ``out_of_reach``: visits no datum can spare."""

    lacks: Mapping[Lack, int]
    applications: int
    visits: int
    out_of_reach: int


def past_lacks(*, region_code: str | None = None, since: datetime | None = None, by_field: bool = False) -> PastLacks:
    """Return what the applications of a region and below lacked, for a command on the machine. Plans alone are read."""
    rows = Application.objects.filter(promised_visits__gt=0).order_by("pk")
    if region_code:
        rows = rows.filter(region__path__startswith=places.region(region_code).path)
    if since:
        rows = rows.filter(submitted_at__gte=since)
    lacks, applications, visits, out_of_reach = Counter[Lack](), 0, 0, 0
    columns = rows.values_list("promised_visits", "plan__evidence", "plan__visits_detail")
    for promised, evidence, detail in columns.iterator(chunk_size=BATCH):
        lack = missing_in({"evidence": evidence or [], "visits_detail": detail or []}, by_field=by_field)
        applications, visits = applications + 1, visits + promised
        if lack is None:
            out_of_reach += promised
        else:
            lacks[lack] += promised
    return PastLacks(lacks, applications, visits, out_of_reach)
