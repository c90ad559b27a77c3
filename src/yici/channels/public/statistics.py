"""What everybody may know of a county's services: shares, volume, usual days, each month."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from yici.apps.accountability import queries
from yici.apps.accountability.statistics import NoSuchPlace, county_statistics
from yici.apps.places import queries as places
from yici.channels.look.figures import chosen_month
from yici.channels.look.middleware import ViewerRequest
from yici.rules.measures import MEASURES


@require_GET
def counties(request: ViewerRequest) -> HttpResponse:
    """List the counties by city."""
    return render(request, "public/statistics.html", {"cities": places.cities_with_counties()})


@require_GET
def county(request: ViewerRequest, region: str) -> HttpResponse:
    """Show a county's figures of a month, those of enough cases."""
    known = queries.months()
    month = chosen_month(request.GET.get("month", ""), known)
    try:
        found = county_statistics(region, month) if month else None
    except NoSuchPlace as missing:
        raise Http404 from missing
    if found is None and not places.is_service_place(region):
        raise Http404
    context = {"found": found, "months": known, "measures": MEASURES, "region": region}
    return render(request, "public/statistics_county.html", context)
