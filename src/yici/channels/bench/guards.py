"""Lets only those who work at the bench see it."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from yici.apps.catalogue.queries import CannotFindInCatalogue
from yici.apps.reform import queries
from yici.channels.look.middleware import ViewerRequest

P = ParamSpec("P")
View = Callable[Concatenate[ViewerRequest, P], HttpResponse]


def bench_only(view: View[P]) -> View[P]:
    """Let reform offices and heads of departments see a page; for everybody else it is not there."""

    @wraps(view)
    def guarded(request: ViewerRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.viewer.account_id is None:
            return redirect(f"{settings.LOGIN_ADDRESS}?next={request.get_full_path()}")
        if not queries.may_see_bench(request.viewer):
            raise Http404
        try:
            return view(request, *args, **kwargs)
        except (queries.NoSuchAmendment, CannotFindInCatalogue) as missing:
            raise Http404 from missing

    return cast("View[P]", guarded)
