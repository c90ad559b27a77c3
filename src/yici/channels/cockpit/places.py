"""Reads which place and month a page of the cockpit is about, and writes the tables it gives away."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from io import StringIO
from urllib.parse import urlencode

from django.http import HttpResponse

from yici.apps.accountability import queries
from yici.apps.accountability.curves import Place, places_of, region_of
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


def there(request: ViewerRequest, months: Iterable[date] | None = None) -> There:
    """Read place and month. Raises NoSuchCounty beyond the jurisdiction, Http404 for a month that nobody counted."""
    known = queries.months() if months is None else list(months)
    text = request.GET.get("month", "")
    month = chosen_month(text, known) if text or months is None else next(iter(known), None)
    row = region_of(request.viewer, request.GET.get("place", ""))
    return There(row.code, month, tuple(known), tuple(places_of(request.viewer)))


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
