"""Sign in, sign out, open an account; and the demonstration's one-tap sign-in."""

from typing import Any

from django.conf import settings
from django.contrib.auth import authenticate, logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yici.apps.people import actions as people
from yici.apps.people import provider as providers
from yici.apps.people import queries
from yici.channels.look.languages import language
from yici.channels.portal.entering import enter, go_on, target_of
from yici.rules.forms import CannotReadForm
from yici.rules.items import Assurance
from yici.rules.refusals import Refusal


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in with account and password, or choose the identity provider."""
    typed = request.POST.get("login", "").strip()
    context = {"next": target_of(request), "login": typed, "message": "", "provider": providers.provider()}
    if request.method == "GET":
        return render(request, "portal/sign_in.html", context)
    # By the name of the column: under another name the lock-out counts nobody's failures.
    account = authenticate(request, login=typed, password=request.POST.get("password", ""))
    if account is None:
        context["message"] = _(
            "The account or the password is not right. After eight tries the account rests 15 minutes."
        )
        return render(request, "portal/sign_in.html", context, status=422)
    enter(request, account, way="password", level=Assurance(account.assurance))
    return go_on(request, account)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out here, and at the provider if the session came from there."""
    id_token, one = request.session.get("id_token"), providers.provider()
    logout(request)
    if id_token and one:
        away = providers.way_to_sign_out(one, id_token, f"{settings.SITE_ADDRESS}/signed-out")
        if away:
            return redirect(away)
    return redirect("portal:signed_out")


@require_GET
def signed_out(request: HttpRequest) -> HttpResponse:
    """Say that nobody is signed in here any more."""
    return render(request, "portal/signed_out.html")


@sensitive_post_parameters("password", "id_number", "name", "phone")
@require_http_methods(["GET", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """Open an account: registered, not yet real-name."""
    values = {key: request.POST.get(key, "").strip() for key in ("login", "name", "id_number", "phone")}
    context: dict[str, Any] = {"next": target_of(request), "values": values, "errors": []}
    if request.method == "GET":
        return render(request, "portal/register.html", context)
    try:
        account = people.register(**values, password=request.POST.get("password", ""), now=timezone.now())
    except CannotReadForm as refusal:
        context["errors"] = [(key, words.text(language())) for key, words in refusal.faults.items()]
        return render(request, "portal/register.html", context, status=422)
    except Refusal as refusal:
        context["errors"] = [("login", refusal.text(language()))]
        return render(request, "portal/register.html", context, status=422)
    enter(request, account, way="password", level=Assurance.REGISTERED)
    return go_on(request, account)


@require_http_methods(["GET", "POST"])
def demo(request: HttpRequest) -> HttpResponse:
    """Offer the invented accounts of the demonstration; without the demonstration there is no such page."""
    if not settings.DEMO:
        raise Http404
    if request.method == "POST":
        chosen = queries.demo_account(request.POST.get("login", ""))
        if chosen is None:
            raise Http404
        enter(request, chosen, way="demo", level=Assurance(chosen.assurance))
        return go_on(request, chosen)
    groups = [(_("People"), queries.demo_people()), (_("Offices"), queries.demo_staff())]
    return render(request, "portal/demo.html", {"groups": groups, "next": target_of(request)})
