"""What deputies' stations file, and what liaisons and reform offices make of it."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yici.apps.catalogue import queries as catalogue
from yici.apps.people.viewers import Viewer
from yici.apps.referrals import queries, stations
from yici.apps.referrals.origins import burdens_of
from yici.apps.referrals.queries import Wanted
from yici.apps.referrals.stations import Collected
from yici.channels.congress.forms import basis_of, content_of, day_of, id_of, kind_of, number_of, text_of
from yici.channels.congress.guards import congress_only
from yici.channels.look.languages import language
from yici.channels.look.middleware import ViewerRequest
from yici.rules.levels import Level
from yici.rules.people import Role
from yici.rules.referrals import CannotRefer, Path, ReferralKind
from yici.rules.refusals import Refusal


def _files(viewer: Viewer) -> bool:
    return viewer.has_role(Role.STATION)


@require_http_methods(["GET", "POST"])
@congress_only
def listed(request: ViewerRequest) -> HttpResponse:
    """List what stations filed; a station files here what it collected."""
    if not stations.may_see_stations(request.viewer):
        raise Http404
    message = ""
    if request.method == "POST":
        if not _files(request.viewer):
            raise Http404
        try:
            _file(request)
            messages.success(request, _("Filed. The liaison decides what becomes of it."))
            return redirect("congress:stations")
        except Refusal as refusal:
            message = refusal.text(language())
    context = {
        "rows": stations.listed(request.viewer),
        "files": _files(request.viewer),
        "items": sorted(catalogue.catalogue_for("").items.values(), key=lambda one: one.name.zh),
        "message": message,
        "typed": request.POST,
        "today": timezone.localdate(),
    }
    return render(request, "congress/stations.html", context, status=409 if message else 200)


def _file(request: ViewerRequest) -> None:
    sent = request.POST
    collected = Collected(
        deputy=text_of(sent, "deputy"),
        subject=text_of(sent, "subject"),
        detail=text_of(sent, "detail"),
        voices=number_of(sent, "voices"),
        collected_on=day_of(sent, "collected_on"),
        item_key=text_of(sent, "item"),
    )
    stations.file(collected=collected, by=request.viewer, now=timezone.now())


@require_http_methods(["GET", "POST"])
@congress_only
def one(request: ViewerRequest, public_id: UUID) -> HttpResponse:
    """Show what a station filed; make a referral of it, or attach it to one."""
    found, message = stations.submission(request.viewer, public_id), ""
    if request.method == "POST":
        if not queries.may_refer(request.viewer):
            raise Http404
        try:
            return redirect("congress:referral", _settled(request, public_id))
        except Refusal as refusal:
            message = refusal.text(language())
    context = {
        "one": found,
        "may_refer": queries.may_refer(request.viewer) and found.referral is None,
        "burdens": burdens_of(found.item_key),
        "levels": [level for level in Level if level is not Level.NONE],
        "kinds": list(ReferralKind),
        "paths": list(Path),
        "open": [
            line
            for line in queries.register(request.viewer, Wanted(), now=timezone.now())
            if line.state.value != "closed"
        ],
        "message": message,
        "typed": request.POST,
    }
    return render(request, "congress/submission.html", context, status=409 if message else 200)


def _settled(request: ViewerRequest, public_id: UUID) -> UUID:
    sent, by, now = request.POST, request.viewer, timezone.now()
    if sent.get("act") == "attach":
        referral_id = id_of(sent, "referral")
        if referral_id is None:
            raise CannotRefer(zh="请选择要并入的移送。", en="Choose the referral to attach it to.")
        stations.attach(submission_id=public_id, referral_id=referral_id, by=by, now=now)
        return referral_id
    made = stations.refer_submission(
        submission_id=public_id,
        burden=text_of(sent, "burden"),
        kind=kind_of(sent),
        content=content_of(sent),
        basis=basis_of(sent),
        by=by,
        now=now,
    )
    return made.public_id
