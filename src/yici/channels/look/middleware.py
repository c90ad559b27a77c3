"""Who asks, in which language: known once for every page."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.functional import SimpleLazyObject

from yici.apps.people.viewers import ANONYMOUS, CannotActFor, Viewer, viewer_of

Answer = Callable[[HttpRequest], HttpResponse]


class ViewerRequest(HttpRequest):
    """A request that knows its viewer; pages annotate with it."""

    viewer: Viewer
    elder: bool


def _viewer(request: HttpRequest) -> Viewer:
    if not request.user.is_authenticated:
        return ANONYMOUS
    try:
        return viewer_of(request.user, acting_for=request.session.get("acting_for"))
    except CannotActFor:
        # The mandate has ended: from now on the person acts for himself, and the account page shows it.
        request.session["acting_for"] = None
        return viewer_of(request.user)


class LanguageMiddleware:
    """Chinese unless the person chose otherwise: the browser's own preference does not decide (screens page)."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in the chosen language."""
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        tag = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(tag):
            request.LANGUAGE_CODE = tag
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", tag)
        return response


class ViewerMiddleware:
    """Puts the viewer on the request; pages pass it to every query."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with ``request.viewer`` and ``request.elder`` known."""
        request.viewer = SimpleLazyObject(lambda: _viewer(request))  # type: ignore[attr-defined]
        request.elder = request.COOKIES.get("yici_elder") == "1"  # type: ignore[attr-defined]
        return self.get_response(request)
