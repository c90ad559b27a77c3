"""What everybody may know of services: shares, volume, usual and promised days, by county, item and hall."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from yici.apps.accountability import queries
from yici.apps.accountability.statistics import (
    NoSuchPlace,
    county_statistics,
    hall_statistics,
    halls_statistics,
    item_of,
    item_statistics,
)
from yici.apps.catalogue import queries as catalogue
from yici.apps.places import queries as places
from yici.apps.reviews import published
from yici.channels.look.figures import chosen_month
from yici.channels.look.middleware import ViewerRequest
from yici.channels.public.cpsv import length_words
from yici.rules.codes import ZHEJIANG
from yici.rules.measures import MEASURES


@require_GET
def counties(request: ViewerRequest) -> HttpResponse:
    """List the counties by city, and lead to items and halls."""
    return render(request, "public/statistics.html", {"cities": places.cities_with_counties()})


@require_GET
def county(request: ViewerRequest, region: str) -> HttpResponse:
    """Show a county's figures of a month, those of enough cases."""
    known, found = _chosen(request, lambda month: county_statistics(region, month))
    if found is None and not places.is_service_place(region):
        raise Http404
    context = {"found": found, "months": known, "measures": MEASURES, "region": region}
    return render(request, "public/statistics_county.html", context)


def _chosen(request: ViewerRequest, read: Callable[[date], Any]) -> tuple[list[date], Any]:
    """Return the counted months, and what is read of the chosen one; None when nothing was counted."""
    known = queries.months()
    month = chosen_month(request.GET.get("month", ""), known)
    try:
        return known, read(month) if month else None
    except NoSuchPlace as missing:
        raise Http404 from missing


@require_GET
def items(request: ViewerRequest) -> HttpResponse:
    """List the items by organisation, each leading to its figures."""
    known = catalogue.catalogue_for(ZHEJIANG.text)
    kinds = sorted({one.organisation for one in known.items.values()})
    groups = [
        (known.organisations[kind], [one for one in known.items.values() if one.organisation == kind])
        for kind in kinds
        if kind in known.organisations
    ]
    return render(request, "public/statistics_items.html", {"groups": groups})


@require_GET
def item(request: ViewerRequest, key: str) -> HttpResponse:
    """Show an item's figures of a month in the whole province, beside what law and promise say."""
    known, found = _chosen(request, lambda month: item_statistics(key, month))
    try:
        one = item_of(key)
    except NoSuchPlace as missing:
        raise Http404 from missing
    context = {"found": found, "item": one, "months": known, "measures": MEASURES, "length": length_words}
    return render(request, "public/statistics_item.html", context)


@require_GET
def halls(request: ViewerRequest) -> HttpResponse:
    """List the halls with how long people waited there in a month."""
    known = queries.months()
    month = chosen_month(request.GET.get("month", ""), known)
    found = halls_statistics(month) if month else []
    context = {"halls": found, "month": month, "months": known}
    return render(request, "public/statistics_halls.html", context)


@require_GET
def hall(request: ViewerRequest, hall_id: UUID) -> HttpResponse:
    """Show a hall's month: numbers called, waiting, and what its visitors say."""
    known, found = _chosen(request, lambda month: hall_statistics(hall_id, month))
    try:
        place = places.hall(hall_id)
    except published.NotPublished as missing:
        raise Http404 from missing
    context = {"found": found, "place": place, "months": known}
    return render(request, "public/statistics_hall.html", context)
