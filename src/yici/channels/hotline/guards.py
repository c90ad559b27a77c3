"""Who may open a page of this room: operators all of it, the staff of an organisation their own tickets."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from yici.apps.knowledge.queries import NoSuchArticle
from yici.apps.people.viewers import Viewer
from yici.apps.reviews.queries import NotThere
from yici.apps.tickets.keepers import is_keeper
from yici.apps.tickets.queries import NoSuchTicket
from yici.channels.look.middleware import ViewerRequest
from yici.rules.people import Role

P = ParamSpec("P")
View = Callable[Concatenate[ViewerRequest, P], HttpResponse]


def _only(view: View[P], may: Callable[[Viewer], bool]) -> View[P]:
    @wraps(view)
    def guarded(request: ViewerRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.viewer.account_id is None:
            return redirect(f"{settings.LOGIN_ADDRESS}?next={request.get_full_path()}")
        if not may(request.viewer):
            raise Http404
        try:
            return view(request, *args, **kwargs)
        except (*NoSuchTicket, *NoSuchArticle, *NotThere) as missing:
            raise Http404 from missing

    return cast("View[P]", guarded)


def is_operator(viewer: Viewer) -> bool:
    """Whether the viewer takes calls and dispatches."""
    return viewer.has_role(Role.HOTLINE)


def operators_only(view: View[P]) -> View[P]:
    """Let only operators see a page; for everybody else it is not there."""
    return _only(view, is_operator)


def staff_only(view: View[P]) -> View[P]:
    """Let staff see a page, and only what is their organisation's; for all others it is not there."""
    return _only(view, lambda viewer: viewer.is_staff)


def seal_only(view: View[P]) -> View[P]:
    """Let the keepers of the seal, auditors and administrators see a page; for everybody else it is not there."""
    return _only(view, lambda viewer: viewer.has_role(Role.AUDITOR, Role.ADMIN) or is_keeper(viewer))
