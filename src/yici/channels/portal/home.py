"""The first pages: say what you need, choose the place, read the guide."""

from collections.abc import Iterable

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yici.apps.catalogue import queries as catalogue
from yici.apps.licences.qr import svg as code_svg
from yici.apps.people.viewers import ANONYMOUS
from yici.apps.places import queries as places
from yici.apps.planning import actions as planning
from yici.apps.planning import queries as plans
from yici.apps.planning.offers import offers_at
from yici.channels.look.middleware import ViewerRequest
from yici.channels.portal.visitors import browser_of, place_of, remember_place
from yici.rules.items import LifeEvent
from yici.rules.refusals import Refusal

OWN_FIELDS = {"csrfmiddlewaretoken", "region"}
# From birth to death and from founding to closing, as the province's guide to life events of 2021 orders them.
LIFE = ("birth", "education", "marriage", "home", "relief", "veterans", "retirement", "death")
BUSINESS = ("business_start", "restaurant", "shop", "pharmacy", "guesthouse", "utilities", "hiring")


@require_GET
def home(request: ViewerRequest) -> HttpResponse:
    """Show the search and the life events of the place."""
    place = place_of(request)
    events = catalogue.catalogue_for(place).events.values()
    context = {
        "place": places.region(place),
        "personal": _in_order(LIFE, (one for one in events if "legal" not in one.audience)),
        "business": _in_order(BUSINESS, (one for one in events if "legal" in one.audience)),
        "offers": offers_at(place),
        "drafts": plans.drafts_of(request.viewer)[:3],
    }
    return render(request, "portal/home.html", context)


def _in_order(topics: tuple[str, ...], events: Iterable[LifeEvent]) -> list[LifeEvent]:
    """Return the events by the order of their topics; a topic nobody thought of comes last."""
    rank = {topic: at for at, topic in enumerate(topics)}
    return sorted(events, key=lambda event: (rank.get(event.topic, len(topics)), event.key))


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """Answer a need in the person's own words; the same address suggests while typing."""
    place = place_of(request)
    text = request.GET.get("q", "").strip()[:100]
    typing = request.headers.get("HX-Request") == "true"
    hits = catalogue.search(text, place, limit=6 if typing else 30) if text else []
    context = {"place": places.region(place), "text": text, "hits": hits, "offers": offers_at(place)}
    return render(request, "portal/suggest.html" if typing else "portal/search.html", context)


@require_http_methods(["GET", "POST"])
def choose_place(request: HttpRequest) -> HttpResponse:
    """Let the visitor choose city and county."""
    if request.method == "POST":
        code, target = request.POST.get("region", ""), request.POST.get("next", "/")
        if not places.is_service_place(code):
            return render(request, "portal/place.html", _places(request, wrong=True), status=400)
        response = redirect(target if url_has_allowed_host_and_scheme(target, {request.get_host()}) else "/")
        remember_place(response, code)
        return response
    return render(request, "portal/place.html", _places(request, wrong=False))


def _places(request: HttpRequest, *, wrong: bool) -> dict[str, object]:
    return {
        "place": places.region(place_of(request)),
        "cities": places.cities_with_counties(),
        "next": request.GET.get("next", request.POST.get("next", "/")),
        "wrong": wrong,
    }


@require_GET
def guide(request: ViewerRequest, key: str) -> HttpResponse:
    """Show what an event or item is, for whom, what it takes here, on what law."""
    return _guide(request, key, place_of(request), {})


def _guide(request: ViewerRequest, key: str, place: str, given: dict[str, str]) -> HttpResponse:
    found = catalogue.find_event(key, place)
    if found is None:
        raise Http404
    held = catalogue.catalogue_for(place)
    items = plans.items_of(found, held)
    context = {
        "place": places.region(place),
        "event": found,
        "items": items,
        "longest": max((item.promised.value for item in items if item.promised.unit == "W"), default=0),
        "consult_phone": places.local_phone(items[0].consult_phone, place),
        "complaint_phone": places.local_phone(items[0].complaint_phone, place),
        "catalogue": held,
        "plan": plans.plan_for(request.viewer, key, place, answers={}),
        "given": given,
    }
    return render(request, "portal/guide.html", context)


@require_POST
def start(request: ViewerRequest, key: str) -> HttpResponse:
    """Begin the questions of a need; answers that came with a QR code are kept as if the person had given them."""
    now = timezone.now()
    place = request.POST.get("region") or place_of(request)
    try:
        draft = planning.start_draft(
            by=request.viewer,
            browser=browser_of(request),
            event_key=key,
            region_code=place,
            answers={name: str(typed) for name, typed in request.POST.items() if name not in OWN_FIELDS},
            now=now,
        )
    except Refusal as refusal:
        return render(request, "portal/refused.html", {"refusal": refusal}, status=409)
    return redirect("portal:ask", draft)


@require_GET
def open_here(request: ViewerRequest, region: str, key: str) -> HttpResponse:
    """Open the guide at the place that a QR code on a wall stands for, with the answers it carries."""
    if not places.is_service_place(region) or catalogue.find_event(key, region) is None:
        raise Http404
    response = _guide(request, key, region, {name: str(value) for name, value in request.GET.items()})
    remember_place(response, region)
    return response


@require_GET
def poster(request: ViewerRequest, key: str) -> HttpResponse:
    """Show a poster to print: the need, the number of visits and the code that opens it here."""
    place = place_of(request)
    found = catalogue.find_event(key, place)
    if found is None:
        raise Http404
    address = settings.SITE_ADDRESS + reverse("portal:open_here", args=[place, key])
    plan = plans.plan_for(ANONYMOUS, key, place, answers={})
    context = {
        "event": found,
        "place": places.region(place),
        "plan": plan,
        "address": address,
        "code": code_svg(address),
    }
    return render(request, "portal/poster.html", context)
