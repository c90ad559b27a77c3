"""Sign in, sign out, open an account, act for a company; and the demonstration's one-tap sign-in."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yici.apps.people import actions as people
from yici.apps.people import queries
from yici.channels.look.languages import language
from yici.channels.look.middleware import ViewerRequest
from yici.rules.forms import CannotReadForm
from yici.rules.refusals import Refusal

P = ParamSpec("P")
View = Callable[Concatenate[ViewerRequest, P], HttpResponse]


def signed_in(view: View[P]) -> View[P]:
    """Let only a person with an account of his own see a page; others sign in and come back."""

    @wraps(view)
    def guarded(request: ViewerRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.viewer.party_id is None:
            return redirect(f"{settings.LOGIN_ADDRESS}?next={request.get_full_path()}")
        return view(request, *args, **kwargs)

    return cast("View[P]", guarded)


def _target(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    return wanted if url_has_allowed_host_and_scheme(wanted, {request.get_host()}) else ""


def _go_on(request: HttpRequest, staff: bool) -> HttpResponse:
    return redirect(_target(request) or ("/desk/" if staff else "/"))


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in with account and password."""
    context = {"next": _target(request), "login": request.POST.get("login", ""), "message": ""}
    if request.method == "GET":
        return render(request, "portal/sign_in.html", context)
    account = authenticate(request, username=context["login"].strip(), password=request.POST.get("password", ""))
    if account is None:
        context["message"] = _(
            "The account or the password is not right. After eight tries the account rests 15 minutes."
        )
        return render(request, "portal/sign_in.html", context, status=422)
    browser = request.session.get("browser")
    login(request, account)
    if browser:
        request.session["browser"] = browser
    return _go_on(request, account.staff_id is not None)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out and forget the session."""
    logout(request)
    return redirect("/")


@sensitive_post_parameters("password", "id_number")
@require_http_methods(["GET", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """Open an account: registered, not yet real-name."""
    values = {key: request.POST.get(key, "").strip() for key in ("login", "name", "id_number", "phone")}
    context: dict[str, Any] = {"next": _target(request), "values": values, "errors": []}
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
    login(request, account, backend="django.contrib.auth.backends.ModelBackend")
    return _go_on(request, staff=False)


@require_GET
def account(request: ViewerRequest) -> HttpResponse:
    """Show who is signed in and for whom he may act."""
    if request.viewer.account_id is None:
        return redirect(f"{settings.LOGIN_ADDRESS}?next={request.path}")
    mandates = queries.mandates_of(request.viewer, today=timezone.localdate()) if request.viewer.party_id else []
    return render(request, "portal/account.html", {"mandates": mandates})


@require_POST
@signed_in
def act_for(request: ViewerRequest) -> HttpResponse:
    """Choose for whom the person acts; the mandate is checked here and again on every page."""
    chosen = request.POST.get("party", "")
    allowed = {str(one.public_id) for one in queries.mandates_of(request.viewer, today=timezone.localdate())}
    if chosen and chosen not in allowed:
        raise Http404
    request.session["acting_for"] = chosen or None
    return redirect("portal:account")


@require_http_methods(["GET", "POST"])
def demo(request: HttpRequest) -> HttpResponse:
    """Offer the invented accounts of the demonstration; without the demonstration there is no such page."""
    if not settings.DEMO:
        raise Http404
    if request.method == "POST":
        chosen = queries.demo_account(request.POST.get("login", ""))
        if chosen is None:
            raise Http404
        login(request, chosen, backend="django.contrib.auth.backends.ModelBackend")
        return _go_on(request, chosen.staff_id is not None)
    groups = [(_("People"), queries.demo_people()), (_("Offices"), queries.demo_staff())]
    return render(request, "portal/demo.html", {"groups": groups, "next": _target(request)})
