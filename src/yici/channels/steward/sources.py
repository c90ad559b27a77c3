"""How the live registers behind datasets are doing: for administrators."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from yici.apps.registry import source_acts
from yici.channels.desk.views import staff_only
from yici.channels.look.languages import say
from yici.channels.look.middleware import ViewerRequest
from yici.rules.breakers import BreakerState
from yici.rules.people import Role

P = ParamSpec("P")
View = Callable[Concatenate[ViewerRequest, P], HttpResponse]
COLOURS = {BreakerState.CLOSED: "done", BreakerState.HALF_OPEN: "soon", BreakerState.OPEN: "late"}


def administrator_only(view: View[P]) -> View[P]:
    """Let only administrators see a page; for other staff it is not there."""

    @wraps(view)
    def guarded(request: ViewerRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.viewer.is_staff and not request.viewer.has_role(Role.ADMIN):
            raise Http404
        return for_staff(request, *args, **kwargs)

    for_staff = staff_only(view)
    return guarded


@require_GET
@administrator_only
def sources(request: ViewerRequest) -> HttpResponse:
    """List the sources of the administrator's region with how each has answered in this process."""
    rows = source_acts.sources_for(request.viewer, now=timezone.now())
    return render(request, "steward/sources.html", {"rows": rows, "colours": COLOURS})


@require_POST
@administrator_only
def probe(request: ViewerRequest, name: str) -> HttpResponse:
    """Try a source now and say how it went."""
    try:
        found = source_acts.probe_for(request.viewer, name=name, now=timezone.now())
    except source_acts.NoSuchSource as missing:
        raise Http404 from missing
    tell = messages.success if found.ok else messages.error
    tell(request, f"{say(found.title)} · {say(found.sentence)} ({found.milliseconds} ms)")
    return redirect("steward:sources")


source_urls = [
    path("sources", sources, name="sources"),
    path("sources/<slug:name>/probe", probe, name="probe_source"),
]
