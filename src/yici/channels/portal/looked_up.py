"""Who looked at my data: every look-up with its office, purpose and law, and the question why."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yici.apps.cases import queries as cases
from yici.apps.planning import queries as plans
from yici.apps.registry import actions, queries
from yici.channels.look.languages import language
from yici.channels.look.middleware import ViewerRequest
from yici.channels.portal.guards import signed_in
from yici.channels.portal.visitors import browser_of

DRAFT = "draft:"


@require_GET
@signed_in
def ledger(request: ViewerRequest) -> HttpResponse:
    """List the look-ups of the person's data, or of whom he acts for, newest first."""
    return _page(request)


def _page(request: ViewerRequest, message: str = "", status: int = 200) -> HttpResponse:
    before = number(request.GET.get("before", ""))
    page = queries.look_ups_of(request.viewer, before=before)
    context = {"page": page, "message": message, "is_first": before is None, "today": timezone.localdate()}
    return render(request, "portal/looked_up.html", context, status=status)


def number(text: str) -> int | None:
    """Return the mark of a page as it was given out, None for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


@require_POST
@signed_in
def ask(request: ViewerRequest) -> HttpResponse:
    """Ask the office behind one look-up why it looked."""
    line = number(request.POST.get("line", ""))
    try:
        actions.ask_why(
            line=line if line is not None else -1,
            text=request.POST.get("text", ""),
            by=request.viewer,
            now=timezone.now(),
        )
    except actions.NoSuchLookUp as missing:
        raise Http404 from missing
    except actions.CannotInquire as refusal:
        return _page(request, refusal.text(language()), status=409)
    # The page of the line itself: the mark is exclusive, so one more.
    return redirect(f"/looked-up?before={(line or 0) + 1}#line-{line}")


@require_GET
@signed_in
def case(request: ViewerRequest) -> HttpResponse:
    """Open the application or draft that a look-up was made for; one that was deleted is said to be gone."""
    address = _address_of(request, request.GET.get("reference", ""))
    if address:
        return redirect(address)
    return _page(request, _("This draft was deleted, or it belongs to somebody you do not act for now."), 404)


def _address_of(request: ViewerRequest, reference: str) -> str:
    """Return the page of the person's own draft or application with this reference, "" when there is none."""
    try:
        if reference.startswith(DRAFT):
            draft = UUID(reference.removeprefix(DRAFT))
            return f"/drafts/{plans.draft(request.viewer, draft, browser=browser_of(request)).public_id}/plan"
        return f"/applications/{cases.application_by_reference(request.viewer, reference)}"
    except (plans.NoSuchDraft, ValueError):
        return ""
    except cases.NoSuchApplication:
        return ""
