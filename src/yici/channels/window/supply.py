"""The hall's windows, planned: what the queue was like, how many windows keep the promise, what the next one gains."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from yici.apps.halls import queries
from yici.apps.halls.demand import CannotFindHall, PastDemand, own_demand
from yici.channels.look.languages import language
from yici.channels.look.middleware import ViewerRequest
from yici.channels.window.supply_curve import day_curve
from yici.channels.window.views import clerk_only
from yici.rules.refusals import Refusal
from yici.rules.supply import (
    HourSupply,
    NextWindow,
    Supply,
    WaitingPromise,
    moved_online,
    needed,
    next_windows,
    one_fewer,
    with_windows,
)

DAYS, MOST_DAYS = 30, 366
MINUTES, SHARE, ONLINE, MOST_ONLINE = 15, 90, 20, 90


@dataclass(frozen=True, slots=True)
class HourLine:
    """One hour of the plan. ``opened``, ``kept``: what the queue says of the days that were; ``model``: of the model.

    ``fewer_lost``: people no longer called in time with one window less, None where there is but one.
    """

    hour: int
    arrivals: float
    service: float
    opened: float
    kept: float
    model: float
    planned: HourSupply
    more: NextWindow
    fewer_lost: float | None
    online: int


@require_GET
@clerk_only
def plan(request: ViewerRequest) -> HttpResponse:
    """Show the typical day of the hall and the windows it needs, also if some people no longer came."""
    try:
        here = queries.hall_of(request.viewer)
    except queries.NotThere as missing:
        raise Http404 from missing
    asked = _asked(request.GET, timezone.localdate())
    context: dict[str, Any] = {
        "hall": here,
        "asked": asked,
        "message": "",
        "empty": "",
        "past": None,
        "most_online": MOST_ONLINE,
    }
    try:
        context |= _planned(request, asked)
    except CannotFindHall as empty:
        context["empty"] = empty.text(language())
    except Refusal as refusal:
        context["message"] = refusal.text(language())
    return render(request, "window/supply.html", context, status=409 if context["message"] else 200)


def _asked(sent: QueryDict, today: date) -> dict[str, Any]:
    last = _day(sent.get("last", ""), today, today)
    first = _day(sent.get("first", ""), last - timedelta(days=DAYS), last)
    return {
        "first": max(first, last - timedelta(days=MOST_DAYS)),
        "last": last,
        "minutes": _number(sent.get("minutes", ""), MINUTES, (1, 240)),
        "share": _number(sent.get("share", ""), SHARE, (1, 99)),
        "online": _number(sent.get("online", ""), ONLINE, (0, MOST_ONLINE)),
    }


def _day(text: str, otherwise: date, latest: date) -> date:
    try:
        return min(date.fromisoformat(text), latest)
    except ValueError:
        return otherwise


def _number(text: str, otherwise: int, bounds: tuple[int, int]) -> int:
    return max(bounds[0], min(int(text), bounds[1])) if text.isdecimal() and len(text) < 6 else otherwise


def _planned(request: ViewerRequest, asked: dict[str, Any]) -> dict[str, Any]:
    days = {"first": asked["first"], "last": asked["last"]}
    past = own_demand(request.viewer, **days, minutes=asked["minutes"])
    promise = WaitingPromise(asked["minutes"], asked["share"] / 100)
    supply = needed(past.demand, promise)
    online = needed(moved_online(past.demand, asked["online"] / 100), promise)
    return {
        "past": past,
        "supply": supply,
        "online": online,
        "lines": _lines(past, promise, supply, online),
        "curve": day_curve(queries.quarters(request.viewer, **days), past.hours, supply.hours, promise.minutes),
    }


def _lines(past: PastDemand, promise: WaitingPromise, supply: Supply, online: Supply) -> list[HourLine]:
    opened = [max(round(row.windows), 1) for row in past.hours]
    model = with_windows(past.demand, opened, promise).hours
    more = next_windows(past.demand, supply, promise)
    fewer = {one.hour: -one.people_in_time for one in one_fewer(past.demand, supply, promise)}
    return [
        HourLine(
            hour=row.demand.hour,
            arrivals=row.demand.arrivals,
            service=row.demand.service_minutes,
            opened=row.windows,
            kept=row.kept,
            model=model[place].kept,
            planned=supply.hours[place],
            more=more[place],
            fewer_lost=fewer.get(row.demand.hour),
            online=online.windows[place],
        )
        for place, row in enumerate(past.hours)
    ]
