"""Lost devices of colleagues: an administrator asks for a reset, a second person agrees."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from yici.apps.people import factor_resets
from yici.channels.desk.views import staff_only
from yici.channels.look.languages import language
from yici.channels.look.middleware import ViewerRequest
from yici.rules.people import Role
from yici.rules.refusals import Refusal


def _keeper(request: ViewerRequest) -> None:
    if not request.viewer.has_role(Role.ADMIN, Role.AUDITOR):
        raise Http404


@require_http_methods(["GET", "POST"])
@staff_only
def resets(request: ViewerRequest) -> HttpResponse:
    """Show the requests that wait; administrators may ask for one."""
    _keeper(request)
    values = {key: request.POST.get(key, "").replace("\x00", "").strip()[:300] for key in ("login", "reason")}
    errors: list[tuple[str, str]] = []
    if request.method == "POST":
        try:
            factor_resets.ask_reset(**values, by=request.viewer, now=timezone.now())
        except Refusal as refusal:
            errors = [("login", refusal.text(language()))]
        else:
            messages.success(request, _("Asked for. Another administrator or an auditor has to agree."))
            return redirect("desk:resets")
    context = {
        "rows": factor_resets.open_resets(request.viewer),
        "may_ask": request.viewer.has_role(Role.ADMIN),
        "values": values,
        "errors": errors,
    }
    return render(request, "desk/second_factors.html", context, status=422 if errors else 200)


@require_POST
@staff_only
def settle(request: ViewerRequest, public_id: UUID) -> HttpResponse:
    """Agree to a colleague's request, or refuse it."""
    _keeper(request)
    agreed = request.POST.get("agreed") == "1"
    try:
        factor_resets.settle_reset(public_id=public_id, agreed=agreed, by=request.viewer, now=timezone.now())
    except ObjectDoesNotExist as missing:
        raise Http404 from missing
    except Refusal as refusal:
        messages.error(request, refusal.text(language()))
        return redirect("desk:resets")
    messages.success(
        request, _("Agreed: the colleague sets up a new device at the next sign-in.") if agreed else _("Refused.")
    )
    return redirect("desk:resets")
