"""The attract page, pairing, and signing in at the kiosk: by card or by phone."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yici.apps.halls import kiosk_sign_ins as sign_ins
from yici.apps.halls import kiosks
from yici.apps.halls.kiosk_sign_ins import CannotSignInHere, PhoneState
from yici.apps.licences.qr import svg
from yici.apps.people import queries as people
from yici.channels.kiosk.device import KioskRequest, at_kiosk, begin, is_signed_in, kiosk_of, pair_browser, unkept
from yici.channels.look.languages import language
from yici.channels.look.middleware import ViewerRequest
from yici.channels.portal.guards import signed_in
from yici.rules.items import Assurance
from yici.rules.refusals import Refusal
from yici.rules.words import Words

CODE = "kiosk_code"


@require_GET
def attract(request: HttpRequest) -> HttpResponse:
    """Invite people; a browser that is no kiosk is told how it becomes one."""
    if kiosk_of(request) is None:
        return unkept(render(request, "kiosk/unpaired.html", {}))
    return _attract(request)


@at_kiosk
def _attract(request: KioskRequest) -> HttpResponse:
    # Whoever sees the first page may be the next person already.
    request.session.flush()
    return _card_page(request, "kiosk/attract.html")


def _card_page(request: KioskRequest, template: str, message: str = "", status: int = 200) -> HttpResponse:
    context = {"message": message, "demo_people": _demo_people(request)}
    return render(request, template, context, status=status)


def _demo_people(request: KioskRequest) -> list[people.DemoAccount]:
    """Return whose cards lie beside the demonstration's reader: identified people of the kiosk's city."""
    if not request.kiosk.demo:
        return []
    city = request.kiosk.region_code[:4]
    known = {Assurance.REAL_NAME, Assurance.SIGNED}
    return [one for one in people.demo_people() if one.assurance in known and (one.region_code or "")[:4] == city]


@require_http_methods(["GET", "POST"])
def pair(request: HttpRequest, secret: str) -> HttpResponse:
    """Pair this browser as a kiosk, after a press: opening the address alone does nothing."""
    now = timezone.now()
    try:
        view = kiosks.kiosk_to_pair(secret, now=now)
        if request.method == "GET":
            return unkept(render(request, "kiosk/pair.html", {"kiosk": view, "refusal": None}))
        device = kiosks.pair(secret=secret, now=now)
    except Refusal as refusal:
        return unkept(render(request, "kiosk/pair.html", {"kiosk": None, "refusal": refusal}, status=404))
    request.session.flush()
    response = redirect("kiosk:attract")
    pair_browser(response, device)
    return response


@require_POST
def demo(request: HttpRequest) -> HttpResponse:
    """Turn this browser into the demonstration's kiosk; without the demonstration there is none."""
    device = kiosks.open_demo_kiosk()
    if device is None:
        raise Http404
    response = redirect("kiosk:attract")
    pair_browser(response, device)
    return response


@require_GET
@at_kiosk
def sign_in(request: KioskRequest) -> HttpResponse:
    """Offer both ways to sign in; the code for the phone is fresh unless the page only waits for it."""
    return _sign_in_page(request)


def _sign_in_page(request: KioskRequest, message: str = "", status: int = 200) -> HttpResponse:
    now = timezone.now()
    code = str(request.session.get(CODE, ""))
    if "wait" not in request.GET or _state(request, code) is PhoneState.OVER:
        code = request.session[CODE] = sign_ins.offer_code(kiosk=request.kiosk, now=now)
    address = request.build_absolute_uri(reverse("kiosk:phone", args=[code]))
    context = {
        "message": message,
        "code": svg(address),
        "demo_people": _demo_people(request),
        "demo_address": address if request.kiosk.demo else "",
    }
    return render(request, "kiosk/sign_in.html", context, status=status)


def _state(request: KioskRequest, code: str) -> PhoneState:
    return sign_ins.state_of_code(kiosk=request.kiosk, code=code, now=timezone.now())


@sensitive_post_parameters("card")
@require_POST
@at_kiosk
def card(request: KioskRequest) -> HttpResponse:
    """Sign in whoever laid a card on the reader: it types prefix, number and Enter."""
    return _by_card(request, request.POST.get("card", "")[:80])


def _by_card(request: KioskRequest, read: str) -> HttpResponse:
    try:
        party = sign_ins.sign_in_by_card(kiosk=request.kiosk, read=read, now=timezone.now())
    except CannotSignInHere as refusal:
        return _sign_in_page(request, refusal.text(language()), status=422)
    begin(request, party)
    return redirect("kiosk:mine")


@require_POST
@at_kiosk
def demo_card(request: KioskRequest) -> HttpResponse:
    """Lay an invented person's card on the reader of the demonstration's kiosk."""
    allowed = {one.login for one in _demo_people(request)}
    chosen = people.demo_account(request.POST.get("login", ""))
    if chosen is None or chosen.login not in allowed or chosen.party is None:
        raise Http404
    return _by_card(request, chosen.party.id_number)


@require_GET
@at_kiosk
def phone_state(request: KioskRequest) -> HttpResponse:
    """Say whether the phone has confirmed; the page asks every two seconds."""
    return JsonResponse({"state": _state(request, str(request.session.get(CODE, "")))})


@require_GET
@at_kiosk
def enter(request: KioskRequest) -> HttpResponse:
    """Sign in whoever confirmed by phone; until then show the same code again.

    Somebody whose card was read while the page looked for the phone is signed in already.
    """
    if is_signed_in(request):
        return redirect("kiosk:mine")
    code = str(request.session.get(CODE, ""))
    if _state(request, code) is not PhoneState.CONFIRMED:
        return HttpResponseRedirect(reverse("kiosk:sign_in") + "?wait=1")
    try:
        party = sign_ins.sign_in_by_phone(kiosk=request.kiosk, code=code, now=timezone.now())
    except CannotSignInHere as refusal:
        return _sign_in_page(request, refusal.text(language()), status=409)
    begin(request, party)
    return redirect("kiosk:mine")


@require_http_methods(["GET", "POST"])
@signed_in
def phone(request: ViewerRequest, code: str) -> HttpResponse:
    """On the person's own phone: confirm that the kiosk before him may serve him."""
    try:
        hall, hall_en, kiosk, kiosk_en = sign_ins.kiosk_of_code(code, now=timezone.now())
        if request.method == "POST":
            sign_ins.confirm_code(code=code, by=request.viewer, now=timezone.now())
    except CannotSignInHere as refusal:
        return unkept(render(request, "kiosk/phone.html", {"refusal": refusal, "done": False}, status=409))
    context = {
        "refusal": None,
        "done": request.method == "POST",
        "hall": Words(hall, hall_en),
        "kiosk": Words(kiosk, kiosk_en),
    }
    return unkept(render(request, "kiosk/phone.html", context))
