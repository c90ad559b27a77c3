"""One's own account: how sure we are who it is and how to raise that, ways to sign in, password, devices."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yici.apps.people import identities, second_factor, signing
from yici.apps.people import provider as providers
from yici.apps.people import queries as people
from yici.apps.planning import nudging
from yici.channels.look.languages import language
from yici.channels.look.middleware import ViewerRequest
from yici.channels.portal.entering import target_of
from yici.channels.portal.guards import signed_in, with_account
from yici.rules.assurance import acr_values, is_at_least
from yici.rules.items import Assurance
from yici.rules.refusals import Refusal


@require_GET
@with_account
def account(request: ViewerRequest) -> HttpResponse:
    """Show who is signed in, how surely, and in which ways."""
    own = request.viewer.account_id or 0
    context = {
        "has_password": identities.has_password(own),
        "ways": identities.ways_of(own),
        "provider": providers.provider(),
        "is_enrolled": second_factor.is_enrolled(own),
        "is_required": second_factor.is_required(),
        "no_suggestions_since": nudging.refused_since(request.viewer),
        "can_raise": request.viewer.party_id is not None and not _is_top(request),
    }
    return render(request, "portal/account.html", context)


def _is_top(request: ViewerRequest) -> bool:
    return is_at_least(request.viewer.assurance, Assurance.SIGNED)


@require_GET
@with_account
def level(request: ViewerRequest) -> HttpResponse:
    """Explain which level a page needs and the ways to reach it, then go back there."""
    asked = request.GET.get("wanted", "")
    wanted = Assurance(asked) if asked in set(Assurance) else Assurance.SIGNED
    target = target_of(request)
    if target and request.viewer.party_id and is_at_least(request.viewer.assurance, wanted):
        return redirect(target)
    one = providers.provider()
    context = {
        "wanted": wanted,
        "next": target,
        # Offered only where the provider has a word for the level: no button that leads nowhere.
        "provider": one if one and acr_values(wanted, one.levels) else None,
    }
    return render(request, "portal/level.html", context)


@sensitive_post_parameters("old", "new", "again")
@require_http_methods(["GET", "POST"])
@with_account
def password(request: ViewerRequest) -> HttpResponse:
    """Change the password; every other device is signed out."""
    own = request.viewer.account_id or 0
    context = {"has_password": identities.has_password(own), "errors": []}
    if request.method == "GET":
        return render(request, "portal/password.html", context)
    if request.POST.get("new", "") != request.POST.get("again", ""):
        context["errors"] = [("again", _("The two new passwords differ. Type the same twice."))]
        return render(request, "portal/password.html", context, status=422)
    try:
        changed = signing.change_password(
            old=request.POST.get("old", ""),
            new=request.POST.get("new", ""),
            by=request.viewer,
            this=request.session.session_key,
            now=timezone.now(),
        )
    except Refusal as refusal:
        context["errors"] = [("old" if context["has_password"] else "new", refusal.text(language()))]
        return render(request, "portal/password.html", context, status=422)
    update_session_auth_hash(request, changed)
    messages.success(request, _("The password is changed, and every other device was signed out."))
    return redirect("portal:account")


@require_GET
@with_account
def devices(request: ViewerRequest) -> HttpResponse:
    """List where this account is signed in."""
    rows = signing.sessions_of(request.viewer, this=request.session.session_key, now=timezone.now())
    return render(request, "portal/devices.html", {"rows": rows})


@require_POST
@with_account
def end_device(request: ViewerRequest, public_id: UUID) -> HttpResponse:
    """Sign one device out; another account's is not there."""
    if not signing.end_session(public_id=public_id, by=request.viewer, now=timezone.now()):
        raise Http404
    return redirect("portal:devices")


@require_POST
@with_account
def end_devices(request: ViewerRequest) -> HttpResponse:
    """Sign out everywhere, this device too."""
    signing.end_sessions(account_id=request.viewer.account_id or 0, by=request.viewer.label, now=timezone.now())
    # The row is gone; without this, the end of this very request would want to save it again.
    logout(request)
    return redirect("portal:signed_out")


@require_http_methods(["GET", "POST"])
@signed_in
def act_for(request: ViewerRequest) -> HttpResponse:
    """Choose for whom the person acts; the mandate is checked here and again on every page."""
    rows = people.mandates_of(request.viewer, today=timezone.localdate())
    if request.method == "GET":
        return render(request, "portal/act_for.html", {"rows": rows, "next": target_of(request)})
    chosen = request.POST.get("party", "")
    if chosen and chosen not in {str(one.public_id) for one in rows}:
        raise Http404
    request.session["acting_for"] = chosen or None
    return redirect(target_of(request) or "portal:act_for")
