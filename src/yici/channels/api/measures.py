"""What a program may ask about the measures: what each means, and the published figures of a place in a month."""

from datetime import date
from typing import Any

from django.http import HttpResponse

from yici.apps.accountability import queries
from yici.apps.accountability.open_queries import PlaceFigure, place_figures
from yici.apps.places.months import month_named
from yici.channels.api.needs import PROVINCE, words
from yici.channels.api.problems import Problem, answer, endpoint
from yici.channels.look.middleware import ViewerRequest
from yici.rules.disclosure import FEWEST
from yici.rules.measures import MEASURES, Measure


@endpoint("GET")
def measures(request: ViewerRequest) -> HttpResponse:
    """List the measures with what each means, and the months that have been counted."""
    return answer(
        {
            "measures": [_measure(one) for one in MEASURES.values()],
            "months": [f"{month:%Y-%m}" for month in queries.months()],
            "minimum": FEWEST,
        }
    )


def _measure(one: Measure) -> dict[str, Any]:
    return {
        "key": one.key,
        "name": words(one.words),
        "meaning": words(one.meaning),
        "unit": one.unit.value,
        "higher_is_better": one.higher_is_better,
    }


@endpoint("GET")
def measure(request: ViewerRequest, key: str) -> HttpResponse:
    """Return the figures of a measure: the place, and each county below it; small numbers are protected."""
    if key not in MEASURES:
        raise Problem(404, "not-found", f"There is no measure called '{key[:60]}'.")
    found = place_figures(key, request.GET.get("region", "") or PROVINCE, _month(request))
    return answer(
        {
            "measure": _measure(found.measure),
            "month": f"{found.month:%Y-%m}",
            "as_of": found.as_of,
            "place": _place(found.whole),
            "counties": [_place(one) for one in found.counties],
        }
    )


def _month(request: ViewerRequest) -> date:
    """Return the month that is asked for, or the newest that is more than begun. Raises Problem, CannotReadMonth."""
    known, text = queries.months(), request.GET.get("month", "")
    month = month_named(text) if text else queries.month_to_show(known)
    if month is None or month not in known:
        raise Problem(404, "not-found", "Nothing has been counted for this month; /api/v1/measures lists the months.")
    return month


def _place(one: PlaceFigure) -> dict[str, Any]:
    is_shown = one.figure.value is not None
    return {
        "region": one.code,
        "name": words(one.name),
        "status": "hidden" if one.is_hidden else "shown" if is_shown else "nothing",
        "good": one.figure.tally.good if is_shown else None,
        "of": one.figure.tally.of if is_shown else None,
        "value": one.figure.value,
        "low": one.figure.low,
        "high": one.figure.high,
        "left_out": one.left_out,
    }
