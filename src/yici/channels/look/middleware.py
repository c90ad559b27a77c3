"""Who asks, in which language: known once for every page."""

from collections.abc import Callable, Iterator
from functools import partial

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import translation
from django.utils.functional import SimpleLazyObject
from django.utils.http import urlencode

from yici.apps.people import second_factor
from yici.apps.people.session_store import UNHURRIED
from yici.apps.people.signing import AWAITS, FACTOR, LEVEL
from yici.apps.people.viewers import ANONYMOUS, CannotActFor, Viewer, viewer_of
from yici.apps.places.reading import reading_once
from yici.apps.registry.resilience import page_budget
from yici.rules.items import Assurance

Answer = Callable[[HttpRequest], HttpResponse]
FOR_PROGRAMS = ("/api/", "/r1/", "/open311/")
# What somebody may open who has not given his second factor yet.
BEFORE_THE_CODE = ("/second-factor", "/account/second-factor", "/sign-out", "/sign-in", "/language", "/elder")


class ViewerRequest(HttpRequest):
    """A request that knows its viewer; pages annotate with it."""

    viewer: Viewer
    elder: bool


def _viewer(request: HttpRequest) -> Viewer:
    if not request.user.is_authenticated:
        return ANONYMOUS
    level = request.session.get(LEVEL)
    known = partial(
        viewer_of,
        request.user,
        level=Assurance(level) if level else None,
        awaits_second_factor=_awaits_code(request),
    )
    try:
        return known(acting_for=request.session.get("acting_for"))
    except CannotActFor:
        # The mandate has ended: from now on the person acts for himself, and the bar of every page shows it.
        request.session["acting_for"] = None
        return known()


def _awaits_code(request: HttpRequest) -> bool:
    """Whether a second factor is due: asked for at sign-in, or of a post that needs one and came in another way."""
    if request.session.get(FACTOR):
        return False
    if request.session.get(AWAITS):
        return True
    return second_factor.is_required() and second_factor.is_asked_of(request.user)  # type: ignore[arg-type]


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

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Say it in a sentence when a mandate does not reach as far as the page."""
        if isinstance(exception, CannotActFor):
            return render(request, "look/refused.html", {"refusal": exception}, status=409)
        return None


class SecondFactorMiddleware:
    """Leads whoever owes a second factor to its page; until then the viewer has no post and sees nothing anyway."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the page, or send the browser for the code and back."""
        if not request.user.is_authenticated:
            return self.get_response(request)
        if request.COOKIES.get("yici_elder") == "1" and not request.session.get(UNHURRIED):
            # The elder version knows no time-outs (screens page).
            request.session[UNHURRIED] = True
        owes = request.viewer.awaits_second_factor  # type: ignore[attr-defined]
        if not owes or request.path.startswith((*BEFORE_THE_CODE, "/api/")):
            return self.get_response(request)
        back = request.get_full_path() if request.method == "GET" else ""
        return HttpResponseRedirect(f"/second-factor?{urlencode({'next': back})}")


class CleanTextMiddleware:
    """Refuses text with a null character, which the database cannot hold and no person can type."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, or say that the browser sent something unreadable; programs are told in the form of their room."""
        if not request.path.startswith(FOR_PROGRAMS) and any("\x00" in text for text in _texts(request)):
            raise BadRequest("a null character in the text")
        return self.get_response(request)


def _texts(request: HttpRequest) -> Iterator[str]:
    yield request.path
    for sent in (request.GET, request.POST):
        for key, values in sent.lists():
            yield key
            yield from (value for value in values if isinstance(value, str))


class SharingMiddleware:
    """Gives each page one budget for everything it asks other registers, however often it asks."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer within the budget; what a source has not said by then, the page says."""
        with page_budget():
            return self.get_response(request)


class ReadingMiddleware:
    """A page that only reads looks up places, numbers of the law and the catalogue once, however often it asks."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in {"GET", "HEAD"}:
            return self.get_response(request)
        with reading_once():
            return self.get_response(request)
