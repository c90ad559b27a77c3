"""What became of the data a person said are wrong."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from yici.apps.registry import disputes
from yici.channels.look.middleware import ViewerRequest
from yici.channels.portal.guards import signed_in


@require_GET
@signed_in
def mine(request: ViewerRequest) -> HttpResponse:
    """List the person's disputes with their state, the owner that checks, and its answer."""
    return render(request, "portal/disputes.html", {"rows": disputes.disputes_of(request.viewer, now=timezone.now())})
