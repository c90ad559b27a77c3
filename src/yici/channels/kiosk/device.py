"""Which device is asking, who is signed in at it, and when the session of a person who went away ends."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from yici.apps.halls import kiosks
from yici.apps.halls.kiosks import KioskView
from yici.apps.people.viewers import CannotActFor, Viewer
from yici.channels.look.languages import language
from yici.channels.look.middleware import ViewerRequest
from yici.rules.kiosks import Patience

DEVICE_COOKIE = "yici_kiosk"
DEVICE_YEARS = 5 * 365 * 24 * 3600
SESSION = "kiosk"
P = ParamSpec("P")


class KioskRequest(ViewerRequest):
    """A request from a paired device."""

    kiosk: KioskView
    patience: Patience


View = Callable[Concatenate[KioskRequest, P], HttpResponse]
Open = Callable[Concatenate[Any, P], HttpResponse]


def at_kiosk(view: View[P]) -> Open[P]:
    """Answer only a paired device; for every other browser the page is not there. Nothing is kept by the browser."""

    @wraps(view)
    def guarded(request: Any, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        kiosk = kiosk_of(request)
        if kiosk is None:
            raise Http404
        request.kiosk = kiosk
        request.patience = kiosks.patience_at(kiosk, elder=request.elder, now=timezone.now())
        return unkept(view(request, *args, **kwargs))

    return cast("Open[P]", guarded)


def in_session(view: View[P]) -> Open[P]:
    """Answer only while a person is signed in at this device; afterwards the page says goodbye instead."""

    @wraps(view)
    def guarded(request: KioskRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        viewer = _viewer(request, timezone.now())
        if viewer is None:
            request.session.flush()
            return redirect("kiosk:goodbye")
        request.viewer = viewer
        # A page that loads itself again, to see how a print goes on, is no sign of life.
        if "wait" not in request.GET:
            _remember(request, seen=timezone.now().isoformat())
        return view(request, *args, **kwargs)

    return at_kiosk(cast("View[P]", guarded))


def kiosk_of(request: HttpRequest) -> KioskView | None:
    """Return the kiosk whose device asks, None for other browsers."""
    return kiosks.kiosk_of(request.COOKIES.get(DEVICE_COOKIE, "")[:100])


def unkept(response: HttpResponse) -> HttpResponse:
    """Forbid the browser to keep a page: the back button of the next person shows nothing."""
    response["Cache-Control"] = "no-store, max-age=0"
    return response


def pair_browser(response: HttpResponse, device: str) -> None:
    """Give the device its secret; it is never sent to other sites and no script reads it."""
    response.set_cookie(
        DEVICE_COOKIE,
        device,
        max_age=DEVICE_YEARS,
        path="/kiosk/",
        httponly=True,
        samesite="Strict",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def begin(request: KioskRequest, party_id: int) -> None:
    """Begin the session of a person, with nothing left of whoever was here before."""
    request.session.flush()
    request.session[SESSION] = {
        "device": str(request.kiosk.public_id),
        "party": party_id,
        "acting_for": None,
        "seen": timezone.now().isoformat(),
    }


def kept(request: HttpRequest) -> dict[str, Any]:
    """Return what the session of the kiosk keeps; nothing when there is none."""
    return dict(request.session.get(SESSION) or {})


def _remember(request: HttpRequest, **changes: object) -> None:
    request.session[SESSION] = {**kept(request), **changes}


def act_for(request: KioskRequest, party: str | None) -> None:
    """Remember for whom the person acts until the session ends."""
    _remember(request, acting_for=party)


def is_signed_in(request: KioskRequest) -> bool:
    """Whether the session of a person is alive at this device."""
    return _viewer(request, timezone.now()) is not None


def _viewer(request: KioskRequest, now: datetime) -> Viewer | None:
    """Return who is signed in at this very device and was heard of lately enough; None otherwise."""
    held = kept(request)
    seen = parse_datetime(str(held.get("seen", "")))
    if held.get("device") != str(request.kiosk.public_id) or seen is None or request.patience.has_run_out(seen, now):
        return None
    on = timezone.localdate()
    try:
        viewer = kiosks.viewer_at(held["party"], acting_for=held["acting_for"], on=on, language=language())
    except CannotActFor:
        _remember(request, acting_for=None)
        viewer = kiosks.viewer_at(held["party"], acting_for=None, on=on, language=language())
    return viewer if viewer.party_id else None
