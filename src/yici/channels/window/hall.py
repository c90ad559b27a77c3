"""The hall's day at the window: arrivals, waits, appointments, feedback, the file for planning, the ticket machine."""

import csv
from datetime import date, datetime, timedelta
from uuid import UUID

from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yici.apps.halls import actions as halls
from yici.apps.halls import queries
from yici.apps.reviews import queries as reviews
from yici.channels.look.languages import language
from yici.channels.look.middleware import ViewerRequest
from yici.channels.public.halls import MACHINE_COOKIE, MACHINE_SALT
from yici.channels.window.curve import curve_of
from yici.channels.window.views import clerk_only
from yici.rules.refusals import Refusal
from yici.rules.reviews import Tag

_MOST_DAYS, _MOST_TIMES = 92, 60
_YEAR_SECONDS = 365 * 24 * 3600


@require_GET
@clerk_only
def hall(request: ViewerRequest) -> HttpResponse:
    """Show the hall's day: arrivals and waits by the hour, appointments, the feedback button's counts."""
    return _hall_page(request, "")


def _hall_page(request: ViewerRequest, message: str, status: int = 200) -> HttpResponse:
    today = timezone.localdate()
    day = _day(request.GET.get("day", ""), today)
    try:
        here = queries.hall_of(request.viewer)
    except queries.NotThere as missing:
        raise Http404 from missing
    rows = queries.hours_of_day(request.viewer, day=day)
    first = today - timedelta(days=30)
    context = {
        "hall": here,
        "day": day,
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1) if day < today else None,
        "rows": rows,
        "curve": curve_of(rows),
        "first": first,
        "today": today,
        "tag_words": {tag.value: tag.words for tag in Tag},
        "feedback": reviews.counts_of_hall(request.viewer, first=first, last=today),
        "appointments": queries.appointments_today(request.viewer, now=timezone.now()),
        "times": _times(here.public_id),
        "sent": request.POST,
        "message": message,
    }
    return render(request, "window/hall.html", context, status=status)


@require_POST
@clerk_only
def book_for_caller(request: ViewerRequest) -> HttpResponse:
    """Book a time for somebody on the phone who has no account."""
    sent = request.POST
    line, _bar, starts_at = sent.get("time", "").partition("|")
    wishes = halls.Wishes(
        name=sent.get("name", ""),
        phone=sent.get("phone", ""),
        need=sent.get("need", ""),
        is_accessible=bool(sent.get("is_accessible")),
    )
    try:
        queue_id, when = UUID(line), datetime.fromisoformat(starts_at)
        halls.book(queue_id=queue_id, starts_at=when, wishes=wishes, by=request.viewer, now=timezone.now())
    except (queries.NotThere, ValueError) as missing:
        raise Http404 from missing
    except Refusal as refusal:
        return _hall_page(request, refusal.text(language()), status=409)
    messages.success(request, _("Booked. Read the time out to the caller once more."))
    return redirect("window:hall")


def _times(hall_id: UUID) -> list[tuple[str, datetime]]:
    """Return the next free times of the hall, each as the form sends it back."""
    now = timezone.now()
    free = [
        (f"{line.public_id}|{slot.starts_at.isoformat()}", slot.starts_at)
        for line in queries.queues_of_hall(hall_id, now=now)
        if line.takes_appointments
        for day in queries.days_to_book(line.public_id, now=now)
        for slot in day.slots
        if slot.free
    ]
    return free[:_MOST_TIMES]


def _day(text: str, otherwise: date) -> date:
    try:
        return min(date.fromisoformat(text), otherwise)
    except ValueError:
        return otherwise


@require_GET
@clerk_only
def hall_rows(request: ViewerRequest) -> HttpResponse:
    """Give the hall's hours as a CSV file: arrivals, waits, service times, who gave up, by day, hour and channel."""
    today = timezone.localdate()
    last = _day(request.GET.get("last", ""), today)
    first = _day(request.GET.get("first", ""), last - timedelta(days=30))
    rows = queries.supply_rows(request.viewer, first=max(first, last - timedelta(days=_MOST_DAYS)), last=last)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="hall-{first}-{last}.csv"'
    response.write("\ufeff")  # spreadsheets take a file without this mark for another encoding
    names = list(queries.HourRow.__dataclass_fields__)
    writer = csv.DictWriter(response, names)
    writer.writeheader()
    writer.writerows(row.as_row() for row in rows)
    return response


@require_POST
@clerk_only
def make_machine(request: ViewerRequest) -> HttpResponse:
    """Make this screen the hall's ticket machine: the clerk is signed out, and numbers are no longer one a browser."""
    try:
        hall_id = queries.hall_of(request.viewer).public_id
    except queries.NotThere as missing:
        raise Http404 from missing
    logout(request)
    response = redirect("public:hall_ticket", hall_id)
    response.set_signed_cookie(
        MACHINE_COOKIE,
        str(hall_id),
        salt=MACHINE_SALT,
        max_age=_YEAR_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure(),
    )
    return response
