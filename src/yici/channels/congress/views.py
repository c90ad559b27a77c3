"""The register with its filters, one referral with all of its history and forms, and the draft of a new one."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yici.apps.referrals import actions, queries
from yici.apps.referrals.origins import PROPOSAL, burdens_of
from yici.apps.referrals.queries import Wanted
from yici.apps.reform import proposals
from yici.channels.congress.acts import ACTS
from yici.channels.congress.forms import content_of, kind_of, text_of
from yici.channels.congress.guards import congress_only
from yici.channels.look.languages import language
from yici.channels.look.middleware import ViewerRequest
from yici.rules.referral_course import ReferralAct, ReferralState
from yici.rules.referrals import Path, ReferralKind
from yici.rules.refusals import Refusal


@require_GET
@congress_only
def register(request: ViewerRequest) -> HttpResponse:
    """List the referrals, those that owe an answer first; narrowed by state, kind, lateness and docket number."""
    sent, now = request.GET, timezone.now()
    wanted = Wanted(
        state=sent.get("state", ""),
        kind=sent.get("kind", ""),
        docket=text_of(sent, "docket"),
        late=bool(sent.get("late")),
    )
    context = {
        "rows": queries.register(request.viewer, wanted, now=now),
        "late": queries.unanswered(request.viewer, now),
        "wanted": wanted,
        "states": list(ReferralState),
        "kinds": list(ReferralKind),
        "most": queries.MOST_SHOWN,
    }
    return render(request, "congress/register.html", context)


@require_GET
@congress_only
def one(request: ViewerRequest, public_id: UUID) -> HttpResponse:
    """Show one referral: what it says, on which figures, all that was done, and the forms of what may be done now."""
    return _page(request, public_id)


def _page(request: ViewerRequest, public_id: UUID, failed: str = "", message: str = "") -> HttpResponse:
    found = queries.referral(request.viewer, public_id, now=timezone.now())
    may_assign = found.acts & {ReferralAct.ASSIGN}
    may_link = found.acts & {ReferralAct.LINK}
    context: dict[str, Any] = {
        "one": found,
        "line": found.line,
        "units": queries.units_for(request.viewer, public_id) if may_assign else [],
        "amendments": queries.amendments_for(request.viewer, public_id) if may_link else [],
        "grants": queries.grants_for(request.viewer, public_id) if may_link else [],
        "failed": failed,
        "message": message,
        "typed": request.POST,
    }
    return render(request, "congress/referral.html", context, status=409 if message else 200)


@require_POST
@congress_only
def act(request: ViewerRequest, public_id: UUID, name: str) -> HttpResponse:
    """Do one thing; what is refused leaves everything as it was, with the sentence above the form."""
    queries.referral(request.viewer, public_id, now=timezone.now())
    if name not in ACTS:
        raise Http404
    try:
        ACTS[name](public_id, request.POST, request.viewer, timezone.now())
    except Refusal as refusal:
        return _page(request, public_id, name, refusal.text(language()))
    messages.success(request, _("Done."))
    return redirect("congress:referral", public_id)


@require_http_methods(["GET", "POST"])
@congress_only
def refer(request: ViewerRequest, public_id: UUID) -> HttpResponse:
    """Draft a referral of one burden of a reform proposal's item."""
    if not queries.may_refer(request.viewer):
        raise Http404
    found, message = proposals.dossier(request.viewer, public_id), ""
    if request.method == "POST":
        try:
            made = actions.refer_proposal(
                proposal_id=public_id,
                burden=text_of(request.POST, "burden"),
                kind=kind_of(request.POST),
                content=content_of(request.POST),
                by=request.viewer,
                now=timezone.now(),
            )
            return redirect("congress:referral", made.public_id)
        except Refusal as refusal:
            message = refusal.text(language())
    context = {
        "proposal": found,
        "burdens": burdens_of(found.line.row.item_key),
        "kinds": list(ReferralKind),
        "paths": list(Path),
        "known": queries.of_origin(request.viewer, PROPOSAL, str(public_id), now=timezone.now()),
        "message": message,
        "typed": request.POST,
    }
    return render(request, "congress/refer.html", context, status=409 if message else 200)
