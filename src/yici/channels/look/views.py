"""The two switches on every page: language and elder mode; and the pages for what went wrong."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

YEAR = 365 * 24 * 3600


def _back(request: HttpRequest) -> HttpResponseRedirect:
    target = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()})
    return HttpResponseRedirect(target if safe else "/")


@require_POST
def switch_language(request: HttpRequest) -> HttpResponse:
    """Remember the language for a year."""
    response = _back(request)
    tag = request.POST.get("language", "")
    if tag in dict(settings.LANGUAGES):
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, tag, max_age=YEAR, samesite="Lax")
    return response


@require_POST
def switch_elder(request: HttpRequest) -> HttpResponse:
    """Turn the elder version on or off, for a year."""
    response = _back(request)
    turned_on = "1" if request.POST.get("elder") == "1" else "0"
    response.set_cookie("yici_elder", turned_on, max_age=YEAR, samesite="Lax")
    return response


def _wrong(request: HttpRequest, code: int | str, status: int) -> HttpResponse:
    if not hasattr(request, "elder"):
        # Refused before anybody looked who asks: a wrong host name, an unreadable header.
        request.elder = False  # type: ignore[attr-defined]
    return render(request, "look/wrong.html", {"code": code}, status=status)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that there is nothing here for this person, whether or not it exists."""
    return _wrong(request, 404, 404)


def not_allowed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that the person may not do this."""
    return _wrong(request, 403, 403)


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that the form is too old or came from elsewhere, and that nothing was done."""
    return _wrong(request, "stale", 403)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that the browser sent something unreadable."""
    return _wrong(request, 400, 400)


def locked_out(request: HttpRequest, *_why: object, **_named: object) -> HttpResponse:
    """Say that the account rests after too many wrong passwords."""
    return render(request, "look/wrong.html", {"code": 429}, status=429)


def broken(request: HttpRequest) -> HttpResponse:
    """Say that it is our fault; no trace, no silence."""
    return _wrong(request, 500, 500)
