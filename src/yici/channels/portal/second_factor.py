"""The second factor: set it up, give it after the password, use a recovery code."""

from typing import Any

import segno
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from yici.apps.people import second_factor as factors
from yici.apps.people import signing
from yici.apps.people.second_factor import CannotGiveCode
from yici.channels.look.languages import language
from yici.channels.look.middleware import ViewerRequest
from yici.channels.portal.entering import target_of
from yici.channels.portal.guards import with_account
from yici.rules.refusals import Refusal


def _passed(request: ViewerRequest) -> None:
    """Note in the session that the code was given, under a new key: what was known before opens nothing more."""
    request.session.cycle_key()
    request.session[signing.FACTOR] = timezone.now().isoformat()
    request.session.pop(signing.AWAITS, None)


@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
@with_account
def give(request: ViewerRequest) -> HttpResponse:
    """Ask for the code after signing in; whoever must have a device and has none is led to set it up."""
    own, target = request.viewer.account_id or 0, target_of(request)
    if not request.viewer.awaits_second_factor:
        return redirect(target or "portal:account")
    if not factors.is_enrolled(own):
        return redirect("portal:second_factor")
    context: dict[str, Any] = {"next": target, "errors": []}
    if request.method == "GET":
        return render(request, "portal/give_code.html", context)
    try:
        factors.give_code(
            account_id=own, code=request.POST.get("code", ""), by=request.viewer.label, now=timezone.now()
        )
    except CannotGiveCode as refusal:
        context["errors"] = [("code", refusal.text(language()))]
        return render(request, "portal/give_code.html", context, status=422)
    _passed(request)
    return redirect(target or "/desk/")


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
@with_account
def enrol(request: ViewerRequest) -> HttpResponse:
    """Set an authenticator up: the code to scan, the first code back, then the recovery codes, once."""
    own = request.viewer.account_id or 0
    if factors.is_enrolled(own):
        if request.viewer.awaits_second_factor:
            return redirect("portal:give_code")
        context = {"left": factors.codes_left(own), "errors": [], "may_remove": not _must_have(request)}
        return render(request, "portal/second_factor.html", context)
    if request.method == "GET":
        return _scan_page(request, [])
    try:
        codes = factors.confirm_enrolment(
            account_id=own, code=request.POST.get("code", ""), by=request.viewer.label, now=timezone.now()
        )
    except CannotGiveCode as refusal:
        return _scan_page(request, [("code", refusal.text(language()))])
    signing.end_sessions(account_id=own, by=request.viewer.label, now=timezone.now(), but=request.session.session_key)
    _passed(request)
    return render(request, "portal/recovery_codes.html", {"codes": codes})


def _scan_page(request: ViewerRequest, errors: list[tuple[str, str]]) -> HttpResponse:
    try:
        enrolment = factors.begin_enrolment(account_id=request.viewer.account_id or 0, now=timezone.now())
    except Refusal as missing:
        raise Http404 from missing
    picture = segno.make(enrolment.address, error="m", micro=False).svg_inline(
        scale=4, border=4, svgclass="qr", lineclass=None, omitsize=True
    )
    context = {
        "picture": picture,
        "key": enrolment.key,
        "errors": errors,
        "is_off": settings.DEMO and not factors.is_required(),
    }
    return render(request, "portal/enrol.html", context, status=422 if errors else 200)


def _must_have(request: ViewerRequest) -> bool:
    return factors.must_have(request.viewer.roles)


@sensitive_post_parameters("code")
@require_POST
@with_account
def remove(request: ViewerRequest) -> HttpResponse:
    """Remove one's own authenticator, with a code of it; posts that need one keep it (a lost one is reset)."""
    own = request.viewer.account_id or 0
    if request.viewer.awaits_second_factor or not factors.is_enrolled(own) or _must_have(request):
        raise Http404
    try:
        factors.give_code(
            account_id=own, code=request.POST.get("code", ""), by=request.viewer.label, now=timezone.now()
        )
    except CannotGiveCode as refusal:
        context = {
            "left": factors.codes_left(own),
            "errors": [("code", refusal.text(language()))],
            "may_remove": True,
        }
        return render(request, "portal/second_factor.html", context, status=422)
    factors.remove_own(account_id=own, by=request.viewer.label, now=timezone.now())
    request.session.pop(signing.FACTOR, None)
    messages.success(request, _("The authenticator is removed."))
    return redirect("portal:account")
