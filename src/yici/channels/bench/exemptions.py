"""Exemptions from responsibility: the reform office of the level above judges each of the five conditions."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yici.apps.accountability import exemptions
from yici.channels.bench.guards import bench_only
from yici.channels.look.languages import language
from yici.channels.look.middleware import ViewerRequest
from yici.rules.exemptions import CONDITIONS, Finding
from yici.rules.measures import MEASURES
from yici.rules.refusals import Refusal


@require_GET
@bench_only
def waiting(request: ViewerRequest) -> HttpResponse:
    """List the requests that wait for this office, soonest due first."""
    return _page(request)


@require_POST
@bench_only
def decide(request: ViewerRequest, public_id: UUID) -> HttpResponse:
    """Decide one; a refusal is shown above the list."""
    findings = {
        key: Finding(request.POST.get(f"met-{key}") == "1", request.POST.get(f"reason-{key}", "").replace("\x00", ""))
        for key in CONDITIONS
        if request.POST.get(f"met-{key}") in {"1", "0"}
    }
    try:
        granted = exemptions.decide(exemption_id=public_id, findings=findings, by=request.viewer, now=timezone.now())
    except exemptions.NoSuchExemption as missing:
        raise Http404 from missing
    except Refusal as refusal:
        return _page(request, refusal.text(language()), public_id)
    told = _("Exempt: it is counted no more.") if granted else _("Not exempt: not all five conditions hold.")
    messages.success(request, told)
    return redirect("bench:exemptions")


def _page(request: ViewerRequest, message: str = "", public_id: UUID | None = None) -> HttpResponse:
    context = {
        "rows": exemptions.waiting(request.viewer),
        "conditions": CONDITIONS,
        "measures": MEASURES,
        "today": timezone.localdate(),
        "message": message,
        "refused": public_id,
    }
    return render(request, "bench/exemptions.html", context, status=409 if message else 200)
