"""Lets only those who watch over a county or more see the cockpit."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from yici.apps.accountability.cockpit import NoSuchCounty, may_see_cockpit
from yici.apps.accountability.counting import CannotCount
from yici.apps.places.months import CannotReadMonth
from yici.channels.look.middleware import ViewerRequest

P = ParamSpec("P")
View = Callable[Concatenate[ViewerRequest, P], HttpResponse]


def cockpit_only(view: View[P]) -> View[P]:
    """Let hotline, reform office and administration see a page; for everybody else it is not there."""

    @wraps(view)
    def guarded(request: ViewerRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.viewer.account_id is None:
            return redirect(f"{settings.LOGIN_ADDRESS}?next={request.get_full_path()}")
        if not may_see_cockpit(request.viewer):
            raise Http404
        try:
            return view(request, *args, **kwargs)
        except (NoSuchCounty, CannotCount, CannotReadMonth) as missing:
            raise Http404 from missing

    return cast("View[P]", guarded)
