"""Who may open a page of the portal, and how sure we must be who it is."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import urlencode

from yici.channels.look.middleware import ViewerRequest
from yici.rules.assurance import is_at_least
from yici.rules.items import Assurance

P = ParamSpec("P")
View = Callable[Concatenate[ViewerRequest, P], HttpResponse]


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """Send the browser to the sign-in page; it comes back afterwards."""
    return redirect(f"{settings.LOGIN_ADDRESS}?next={quote(request.get_full_path())}")


def to_level(request: HttpRequest, wanted: Assurance, back: str = "") -> HttpResponse:
    """Send the browser to the page that raises the level; it comes back afterwards."""
    back = back or (request.get_full_path() if request.method == "GET" else request.path)
    return redirect(f"/account/level?{urlencode({'wanted': wanted.value, 'next': back})}")


def entrance(request: ViewerRequest) -> HttpResponse:
    """Send somebody whom we do not know well enough to where he can say who he is."""
    return to_sign_in(request) if request.viewer.account_id is None else to_level(request, Assurance.REAL_NAME)


def signed_in(view: View[P]) -> View[P]:
    """Let only a person with an account of his own see a page; others sign in and come back.

    Whoever is signed in, but not identified this time, is told how to be.
    """

    @wraps(view)
    def guarded(request: ViewerRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.viewer.party_id is None:
            return entrance(request)
        return view(request, *args, **kwargs)

    return cast("View[P]", guarded)


def with_account(view: View[P]) -> View[P]:
    """Let everybody with an account see a page, staff too."""

    @wraps(view)
    def guarded(request: ViewerRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.viewer.account_id is None:
            return to_sign_in(request)
        return view(request, *args, **kwargs)

    return cast("View[P]", guarded)


def at_level(wanted: Assurance) -> Callable[[View[P]], View[P]]:
    """Let a page open only in a session of this level: the others are sent to raise it, and come back."""

    def guard(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: ViewerRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if not is_at_least(request.viewer.assurance, wanted):
                return to_level(request, wanted)
            return view(request, *args, **kwargs)

        return signed_in(cast("View[P]", guarded))

    return guard
