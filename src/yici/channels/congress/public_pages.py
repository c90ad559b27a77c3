"""What everybody may read of referrals: what was put before whom, until when, answered or not."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from yici.apps.referrals import queries
from yici.channels.congress.forms import text_of
from yici.channels.look.middleware import ViewerRequest

STATES = ("", "waiting", "late", "answered")


@require_GET
def referrals(request: ViewerRequest) -> HttpResponse:
    """List what was referred; narrowed to what waits, is late or is answered, and by number or title."""
    state = request.GET.get("state", "")
    state, text, now = (state if state in STATES else ""), text_of(request.GET, "text")[:60], timezone.now()
    rows = queries.public_referrals(now=now, state=state, text=text)
    context = {"rows": rows, "state": state, "text": text, "now": now, "most": queries.MOST_SHOWN}
    return render(request, "congress/public.html", context)
