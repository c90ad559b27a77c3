"""What a signed-in person sees first: what to print, what to begin, for whom; and the end of the session."""

from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from yici.apps.cases import queries as cases
from yici.apps.halls import printing
from yici.apps.halls.kiosk_needs import needs_here, search_here
from yici.apps.licences import queries as licences
from yici.apps.people import queries as people
from yici.apps.reviews import queries as reviews
from yici.channels.kiosk import device
from yici.channels.kiosk.device import KioskRequest, at_kiosk, in_session

LETTERS = ("1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm")
MOST_SHOWN = 6
LONGEST_SEARCH = 40
SPOKEN_COOKIE = "yici_kiosk_spoken"


@require_GET
@in_session
def mine(request: KioskRequest) -> HttpResponse:
    """Show licences and receipts to print and the needs that take no visit."""
    now = timezone.now()
    needs = needs_here(request.viewer, request.kiosk)
    context = {
        "licences": licences.wallet(request.viewer, today=timezone.localdate())[:MOST_SHOWN],
        "applications": cases.applications_of(request.viewer).rows[:MOST_SHOWN],
        "printed": printing.printed_before(request.viewer, now=now),
        "needs": needs[:MOST_SHOWN],
        "more": len(needs) > MOST_SHOWN,
        "to_review": reviews.unreviewed_cases(request.viewer),
        "parties": people.mandates_of(request.viewer, today=timezone.localdate()),
    }
    return render(request, "kiosk/mine.html", context)


@require_POST
@in_session
def act_for(request: KioskRequest) -> HttpResponse:
    """Choose for whom the person acts; the authority is checked here and again on every page."""
    chosen = request.POST.get("party", "")
    allowed = {str(one.public_id) for one in people.mandates_of(request.viewer, today=timezone.localdate())}
    if chosen and chosen not in allowed:
        raise Http404
    device.act_for(request, chosen or None)
    return redirect("kiosk:mine")


@require_GET
@in_session
def needs(request: KioskRequest) -> HttpResponse:
    """Search the needs that take no visit; every key of the screen's keyboard is a button of the form."""
    text = request.GET.get("q", "").replace("\0", "")[:LONGEST_SEARCH]
    pressed = request.GET.get("letter")
    if pressed is not None:
        return HttpResponseRedirect(f"{reverse('kiosk:needs')}?{urlencode({'q': _with_letter(text, pressed)})}")
    context = {
        "text": text,
        "found": search_here(request.viewer, request.kiosk, text.strip()) if text.strip() else None,
        "needs": [] if text.strip() else needs_here(request.viewer, request.kiosk),
        "letters": LETTERS,
    }
    return render(request, "kiosk/needs.html", context)


def _with_letter(text: str, pressed: str) -> str:
    if pressed == "back":
        return text[:-1]
    return "" if pressed == "clear" else (text + pressed[:1])[:LONGEST_SEARCH]


@require_POST
@in_session
def stay(request: KioskRequest) -> HttpResponse:
    """Somebody is still there: the page goes on, or the person is brought back to where he was."""
    if request.headers.get("X-Requested-With") == "fetch":
        return HttpResponse(status=204)
    return HttpResponseRedirect(_back(request, request.POST.get("next", "")))


@require_GET
@at_kiosk
def still_there(request: KioskRequest) -> HttpResponse:
    """Ask whether somebody is still there, without JavaScript; the page ends the session by itself."""
    return render(request, "kiosk/still_there.html", {"next": _back(request, request.GET.get("next", ""))})


def _back(request: HttpRequest, wanted: str) -> str:
    safe = (
        url_has_allowed_host_and_scheme(wanted, {request.get_host()})
        and wanted.startswith("/kiosk/")
        and ".." not in wanted
    )
    return wanted if safe else reverse("kiosk:mine")


@require_POST
@at_kiosk
def end(request: KioskRequest) -> HttpResponse:
    """End the session at once."""
    request.session.flush()
    return redirect("kiosk:goodbye")


@require_GET
@at_kiosk
def goodbye(request: KioskRequest) -> HttpResponse:
    """Say that nothing is left here: the session is gone, language and version are as for everybody."""
    request.session.flush()
    response = render(request, "kiosk/goodbye.html", {})
    for name in (settings.LANGUAGE_COOKIE_NAME, "yici_elder", SPOKEN_COOKIE):
        response.delete_cookie(name)
    return response


@require_POST
@at_kiosk
def spoken(request: KioskRequest) -> HttpResponse:
    """Show or hide what the voice says, until this person leaves."""
    response = HttpResponseRedirect(_back(request, request.POST.get("next", "")))
    turned_on = "1" if request.POST.get("spoken") == "1" else "0"
    response.set_cookie(SPOKEN_COOKIE, turned_on, path="/", samesite="Lax", httponly=True)
    return response
