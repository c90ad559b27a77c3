"""Who may open the pages of a visit: the clerk whose visit is open, and nobody else."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from yici.apps.cases.queries import NoSuchApplication
from yici.apps.halls import serving_queries as halls
from yici.apps.halls import visits
from yici.apps.people.viewers import CannotActFor, Viewer
from yici.apps.planning.queries import NoSuchDraft
from yici.channels.look.middleware import ViewerRequest
from yici.channels.window.views import clerk_only

P = ParamSpec("P")
ServedView = Callable[Concatenate[ViewerRequest, Viewer, P], HttpResponse]
NOT_THERE = (NoSuchDraft, visits.NoSuchVisit, halls.NoSuchReceipt, *NoSuchApplication)


def while_serving(view: ServedView[P]) -> Callable[Concatenate[ViewerRequest, P], HttpResponse]:
    """Give a page the viewer of the open visit; without one the clerk identifies somebody first.

    What does not belong to the person being served is not there. A mandate that ended meanwhile is put down.
    """

    @wraps(view)
    def guarded(request: ViewerRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            person = visits.serving(request.viewer, now=timezone.now())
        except visits.NoSuchVisit:
            if args or kwargs:  # an address that names something of a person: closed with the visit
                raise Http404 from None
            return redirect("window:serve")
        except CannotActFor:
            visits.represent(acting_for=None, by=request.viewer, now=timezone.now())
            return redirect("window:visit")
        try:
            return view(request, person, *args, **kwargs)
        except NOT_THERE as missing:
            raise Http404 from missing

    return clerk_only(guarded)
