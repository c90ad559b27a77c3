"""Lets only those who refer, keep a register, answer or sit at a station see the congress room."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from yici.apps.referrals import queries, stations
from yici.apps.reform.proposals import NoSuchProposal
from yici.apps.topics.queries import CannotSeeTopic
from yici.channels.look.middleware import ViewerRequest

P = ParamSpec("P")
View = Callable[Concatenate[ViewerRequest, P], HttpResponse]


def congress_only(view: View[P]) -> View[P]:
    """Let whoever has a part in referrals see a page; for everybody else it is not there."""

    @wraps(view)
    def guarded(request: ViewerRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.viewer.account_id is None:
            return redirect(f"{settings.LOGIN_ADDRESS}?next={request.get_full_path()}")
        if not queries.may_enter(request.viewer):
            raise Http404
        try:
            return view(request, *args, **kwargs)
        except (queries.NoSuchReferral, stations.NoSuchSubmission, CannotSeeTopic, *NoSuchProposal) as missing:
            raise Http404 from missing

    return cast("View[P]", guarded)
