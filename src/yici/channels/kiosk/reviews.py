"""Say at the kiosk how something done was: three faces, and perhaps a reason, in one press."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from yici.apps.reviews import actions, queries
from yici.channels.kiosk.device import KioskRequest, in_session
from yici.channels.look.languages import language
from yici.rules.refusals import Refusal
from yici.rules.reviews import BAD_TAGS, GOOD_TAGS, ReviewChannel


@require_http_methods(["GET", "POST"])
@in_session
def review(request: KioskRequest, public_id: UUID) -> HttpResponse:
    """Show the faces for one's own closed case; afterwards the kiosk shows what else there is."""
    message, sent = "", request.POST
    try:
        title = queries.own_case_title(request.viewer, public_id)
        if request.method == "POST":
            face = sent.get("face", "")
            actions.give_for_case(
                case_id=public_id,
                face=int(face) if face in {"1", "2", "3"} else 0,
                unnamed=sent.get("unnamed") == "1",
                tags=sent.getlist("reason"),
                channel=ReviewChannel.KIOSK,
                by=request.viewer,
                now=timezone.now(),
            )
            return redirect("kiosk:mine")
    except queries.NotThere as missing:
        raise Http404 from missing
    except Refusal as refusal:
        message = refusal.text(language())
    context = {"title": title, "message": message, "reasons": (*GOOD_TAGS, *BAD_TAGS)}
    return render(request, "kiosk/review.html", context, status=409 if message else 200)
