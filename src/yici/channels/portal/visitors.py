"""What a page knows of its visitor besides the viewer: the browser's token and the chosen place."""

from secrets import token_urlsafe

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from yici.apps.places import queries as places

PLACE_COOKIE = "yici_place"
# Where a visitor is assumed to be until he says so; the page shows it beside the name, one tap to change.
DEFAULT_PLACE = "330122000000"
YEAR = 365 * 24 * 3600


def browser_of(request: HttpRequest) -> str:
    """Return the token that ties an unclaimed draft to this browser; made on first need, kept in the session."""
    token = request.session.get("browser")
    if not isinstance(token, str):
        token = request.session["browser"] = token_urlsafe(24)
    return token


def place_of(request: HttpRequest) -> str:
    """Return the region code of the visitor's place; an unknown code in the cookie is ignored."""
    chosen = request.COOKIES.get(PLACE_COOKIE, "")
    return chosen if places.is_service_place(chosen) else DEFAULT_PLACE


def remember_place(response: HttpResponse, region_code: str) -> None:
    """Keep the chosen place for a year."""
    secure = settings.SESSION_COOKIE_SECURE
    response.set_cookie(PLACE_COOKIE, region_code, max_age=YEAR, samesite="Lax", httponly=True, secure=secure)
