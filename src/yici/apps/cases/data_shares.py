"""The share of requirements that people need not bring any more, by month, dataset and region."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count
from django.db.models.functions import TruncMonth

from yici.apps.cases.models import Evidence
from yici.apps.registry import data_figures
from yici.rules.clock_courses import SHANGHAI
from yici.rules.gaps import share
from yici.rules.items import WayKind

Key = tuple[str, str, str]  # month, dataset, region code


@dataclass(frozen=True, slots=True)
class FetchedShare:
    """Requirements that rest on one dataset, in the applications of one month and region.

    ``fetched``: satisfied by data. ``brought``: by the person, because the datum could not be seen. ``turned``: of
    those, how many the government can fetch by now, by a write-back or because the owner's data came. ``turned_share``
    is the one that measures the flywheel; shares are None of nothing.
    """

    month: str
    dataset: str
    region: str
    fetched: int
    brought: int
    turned: int

    @property
    def fetched_share(self) -> float | None:
        """Return which part was fetched when it was applied for."""
        return share(self.fetched, self.fetched + self.brought)

    @property
    def turned_share(self) -> float | None:
        """Return which part of what was brought is fetched since."""
        return share(self.turned, self.brought)


def fetched_share(*, since: datetime | None = None) -> list[FetchedShare]:
    """Return the shares in the order of months, datasets and regions. Figures only: no person can be told from them."""
    fetched = _fetched(since)
    brought = {(one.month, one.dataset, one.region): one for one in data_figures.brought(since=since)}
    return [
        FetchedShare(
            *key,
            fetched=fetched.get(key, 0),
            brought=brought[key].brought if key in brought else 0,
            turned=brought[key].turned if key in brought else 0,
        )
        for key in sorted({*fetched, *brought})
    ]


def _fetched(since: datetime | None) -> Mapping[Key, int]:
    rows = Evidence.objects.filter(way=WayKind.DATA)
    rows = rows.filter(case__application__submitted_at__gte=since) if since else rows
    found = (
        rows.annotate(month=TruncMonth("case__application__submitted_at", tzinfo=SHANGHAI))
        .values_list("month", "target", "case__application__region__code")
        .annotate(count=Count("pk"))
    )
    sums: dict[Key, int] = {}
    for month, target, region, count in found:
        key = (f"{month:%Y-%m}", target.partition(".")[0], region)
        sums[key] = sums.get(key, 0) + count
    return sums
