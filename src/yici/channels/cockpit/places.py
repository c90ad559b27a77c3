"""Reads which place and month a page of the cockpit is about, and writes the tables it gives away."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from io import StringIO
from urllib.parse import urlencode

from django.http import HttpResponse

from yici.apps.accountability import queries
from yici.apps.accountability.curves import Place, places_of, region_of
from yici.apps.places.months import month_named
from yici.channels.look.figures import chosen_month
from yici.channels.look.middleware import ViewerRequest


@dataclass(frozen=True, slots=True)
class There:
    """A place of the viewer's jurisdiction, a month (None while nothing was counted), and what else he may choose."""

    code: str
    month: date | None
    months: tuple[date, ...]  # the newest first
    places: tuple[Place, ...]

    def address(self, **other: str) -> str:
        """Return the words of an address for this choice, some of them changed."""
        month = {"month": f"{self.month:%Y-%m}"} if self.month else {}
        return urlencode({"place": self.code, **month, **other})


def there(request: ViewerRequest) -> There:
    """Read place and counted month. Raises NoSuchCounty beyond the jurisdiction, Http404 for a month never counted."""
    known = queries.months()
    return _there(request, chosen_month(request.GET.get("month", ""), known), known)


def there_in(request: ViewerRequest, months: Sequence[date], *, first: date) -> There:
    """Read place and month, of these or any other; without one ``first``. Raises NoSuchCounty, CannotReadMonth."""
    text = request.GET.get("month", "")
    month = month_named(text) if text else first
    return _there(request, month, months if month in months else [*months, month])


def _there(request: ViewerRequest, month: date | None, months: Sequence[date]) -> There:
    row = region_of(request.viewer, request.GET.get("place", ""))
    return There(row.code, month, tuple(months), tuple(places_of(request.viewer)))


def csv_file(name: str, rows: Iterable[Iterable[object]]) -> HttpResponse:
    """Give rows as a file of commas; the mark at its beginning makes spreadsheets read it as UTF-8."""
    text = StringIO()
    csv.writer(text).writerows(rows)
    answer = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def as_drawing(answer: HttpResponse, name: str) -> HttpResponse:
    """Give a drawing as a file."""
    answer["Content-Disposition"] = f'attachment; filename="{name}.svg"'
    return answer
