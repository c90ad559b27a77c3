"""Appointments at a hall: see the free times, book, move, cancel, take it into one's calendar."""

from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yici.apps.catalogue import queries as catalogue
from yici.apps.halls import actions as halls
from yici.apps.halls import queries
from yici.apps.halls.calendar_file import calendar_file
from yici.apps.halls.views import AppointmentView, QueueView
from yici.apps.licences.qr import svg
from yici.apps.places import queries as places
from yici.apps.places.queries import HallView
from yici.apps.planning import nudging
from yici.apps.planning.nudging import NudgeView
from yici.channels.look.languages import language
from yici.channels.look.middleware import ViewerRequest
from yici.channels.portal.guards import signed_in
from yici.channels.portal.visitors import place_of
from yici.rules.queues import CannotQueue
from yici.rules.refusals import Refusal

Choice = tuple[HallView, QueueView]


@require_GET
@signed_in
def appointments(request: ViewerRequest) -> HttpResponse:
    """List what is booked, to come first."""
    return render(request, "portal/appointments.html", {"appointments": queries.appointments_of(request.viewer)})


@require_http_methods(["GET", "POST"])
def book(request: ViewerRequest) -> HttpResponse:
    """Show the free times of a hall to everybody; book one for whoever is signed in."""
    if request.method == "GET":
        return _times(request, "")
    if request.viewer.party_id is None:
        return redirect(f"{settings.LOGIN_ADDRESS}?next={request.get_full_path()}")
    try:
        booked = halls.book(
            queue_id=_uuid(request.POST.get("queue", "")) or _missing(),
            starts_at=_moment(request.POST.get("starts_at", "")),
            wishes=_wishes(request),
            by=request.viewer,
            now=timezone.now(),
        )
    except queries.NotThere as missing:
        raise Http404 from missing
    except Refusal as refusal:
        return _times(request, refusal.text(language()), status=409)
    return redirect("portal:appointment", booked)


def _wishes(request: ViewerRequest) -> halls.Wishes:
    sent = request.POST
    return halls.Wishes(
        need=sent.get("need", ""),
        need_key=sent.get("need_key", ""),
        application_id=_uuid(sent.get("application", "")),
        language=sent.get("language", language()),
        is_accessible=bool(sent.get("is_accessible")),
        wish=sent.get("wish", ""),
    )


def _missing() -> UUID:
    raise Http404


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _moment(text: str) -> datetime:
    nothing = CannotQueue(zh="请选择一个时间。", en="Choose a time.")
    try:
        found = datetime.fromisoformat(text)
    except ValueError as unreadable:
        raise nothing from unreadable
    if found.tzinfo is None:
        raise nothing
    return found


def _choices(region_code: str, now: datetime) -> list[Choice]:
    """Return the queues one can book, of the place's own hall and of the city's."""
    return [
        (hall, queue)
        for hall in queries.halls_with_queues(region_code)
        for queue in queries.queues_of_hall(hall.public_id, now=now)
        if queue.takes_appointments
    ]


def _times(request: ViewerRequest, message: str, status: int = 200) -> HttpResponse:
    now = timezone.now()
    asked = {**request.GET.dict(), **request.POST.dict()}
    region = str(asked.get("region", ""))
    region = region if places.is_service_place(region) else place_of(request)
    choices = _choices(region, now)
    chosen = _chosen(choices, str(asked.get("queue", "")))
    need_key = str(asked.get("need_key") or asked.get("need") or "")
    event = catalogue.find_event(need_key, region) if need_key else None
    context = {
        "choices": choices,
        "hall": chosen[0] if chosen else None,
        "queue": chosen[1] if chosen else None,
        "region": region,
        "place": places.region(region),
        "need_key": need_key if event else "",
        "need": request.POST.get("need", event.name.text(language()) if event else ""),
        "application": asked.get("application", ""),
        "sent": asked,
        "message": message,
        "moving": None,
        "nudge": _nudge(request, need_key if event else "", region) if not asked.get("application") else None,
        **_days(chosen[1].public_id if chosen else None, str(asked.get("day", "")), now),
    }
    return render(request, "portal/book.html", context, status=status)


def _nudge(request: ViewerRequest, need_key: str, region: str) -> NudgeView | None:
    """Return what to suggest to whoever looks for a time for a need that takes no visit."""
    if not need_key or request.method != "GET":
        return None
    now = timezone.now()
    return nudging.instead_of_booking(need_key, region, elder=request.elder, by=request.viewer, now=now)


def _chosen(choices: list[Choice], queue: str) -> Choice | None:
    return next((one for one in choices if str(one[1].public_id) == queue), choices[0] if choices else None)


def _days(queue_id: UUID | None, asked: str, now: datetime) -> dict[str, object]:
    """Return the days with free times and the one that is open: the asked one, else the first with a place left."""
    days = queries.days_to_book(queue_id, now=now) if queue_id else []
    with_places = [one for one in days if one.free]
    chosen = next((one for one in days if one.day == _day(asked)), with_places[0] if with_places else None)
    return {"days": days, "chosen": chosen}


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _own(request: ViewerRequest, public_id: UUID) -> AppointmentView:
    """Return one appointment of the person; anybody else's is not there."""
    try:
        return queries.appointment(request.viewer, public_id)
    except queries.NotThere as missing:
        raise Http404 from missing


@require_GET
@signed_in
def appointment(request: ViewerRequest, public_id: UUID) -> HttpResponse:
    """Show one appointment with the code to check in."""
    return _page(request, _own(request, public_id), "")


def _page(request: ViewerRequest, view: AppointmentView, message: str, status: int = 200) -> HttpResponse:
    machine = settings.SITE_ADDRESS + reverse("public:hall_ticket", args=[view.hall.public_id])
    context = {"appointment": view, "code": svg(f"{machine}?code={view.reference}"), "message": message}
    return render(request, "portal/appointment.html", context, status=status)


@require_GET
@signed_in
def appointment_file(request: ViewerRequest, public_id: UUID) -> HttpResponse:
    """Give the appointment as a calendar file."""
    view = _own(request, public_id)
    address = settings.SITE_ADDRESS + reverse("portal:appointment", args=[public_id])
    text = calendar_file(view, language=language(), address=address, now=timezone.now())
    named = {"Content-Disposition": f'attachment; filename="yici-{view.reference}.ics"'}
    return HttpResponse(text, content_type="text/calendar; charset=utf-8", headers=named)


@require_http_methods(["GET", "POST"])
@signed_in
def move(request: ViewerRequest, public_id: UUID) -> HttpResponse:
    """Choose another time for an appointment."""
    view, now = _own(request, public_id), timezone.now()
    message = ""
    if request.method == "POST":
        try:
            starts_at = _moment(request.POST.get("starts_at", ""))
            halls.move(appointment_id=public_id, starts_at=starts_at, by=request.viewer, now=now)
            return redirect("portal:appointment", public_id)
        except Refusal as refusal:
            message = refusal.text(language())
    days: dict[str, object] = _days(view.queue_id, request.POST.get("day") or request.GET.get("day", ""), now)
    context = {"moving": view, "hall": view.hall, "message": message, "sent": request.POST, "nudge": None, **days}
    return render(request, "portal/book.html", context, status=409 if message else 200)


@require_POST
@signed_in
def cancel(request: ViewerRequest, public_id: UUID) -> HttpResponse:
    """Cancel an appointment; its place is free at once."""
    view = _own(request, public_id)
    try:
        halls.cancel(appointment_id=public_id, by=request.viewer, now=timezone.now())
    except Refusal as refusal:
        return _page(request, view, refusal.text(language()), status=409)
    return redirect("portal:appointments")
