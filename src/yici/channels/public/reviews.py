"""What reviews say: the figures of a place, and of each hall, organisation and item; of persons nothing."""

from collections.abc import Callable
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from yici.apps.places import queries as places
from yici.apps.reviews import published
from yici.apps.reviews.views import Published
from yici.channels.look.middleware import ViewerRequest
from yici.channels.portal.visitors import place_of


@require_GET
def reviews(request: ViewerRequest) -> HttpResponse:
    """Show every figure of a place that may be shown, with the number of reviews it stands on."""
    now, code = timezone.now(), request.GET.get("region", "") or place_of(request)
    try:
        place, found = places.region(code), published.overview(code, now=now)
    except published.NotPublished as missing:
        raise Http404 from missing
    context = {"place": place, "found": found, "cities": places.cities_with_counties(), "now": now}
    return render(request, "public/reviews.html", context)


def _one(request: ViewerRequest, kind: str, read: Callable[[], Published]) -> HttpResponse:
    try:
        found = read()
    except published.NotPublished as missing:
        raise Http404 from missing
    return render(request, "public/reviews_one.html", {"one": found, "kind": kind})


@require_GET
def organisation(request: ViewerRequest, public_id: UUID) -> HttpResponse:
    """Show the figure of an organisation."""
    return _one(request, "organisation", lambda: published.published_organisation(public_id, now=timezone.now()))


@require_GET
def hall(request: ViewerRequest, hall_id: UUID) -> HttpResponse:
    """Show the figure of the visits to a hall's windows."""
    return _one(request, "hall", lambda: published.published_hall(hall_id, now=timezone.now()))


@require_GET
def item(request: ViewerRequest, key: str) -> HttpResponse:
    """Show the figure of an item in the whole province."""
    return _one(request, "item", lambda: published.published_item(key, now=timezone.now()))
