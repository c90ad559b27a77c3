"""Topics in the cockpit: the list, and one with its dossier, where it is watched and answered."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from yici.apps.referrals import queries as referrals
from yici.apps.referrals.origins import TOPIC
from yici.apps.referrals.ways import way_of_topic
from yici.apps.topics import actions, queries
from yici.apps.topics.dossiers import TopicDossier, dossier
from yici.channels.look.languages import language
from yici.channels.look.middleware import ViewerRequest
from yici.rules.refusals import Refusal
from yici.rules.topic_kinds import TopicKind

P = ParamSpec("P")
View = Callable[Concatenate[ViewerRequest, P], HttpResponse]


def topics_only(view: View[P]) -> View[P]:
    """Let hotline, reform office, administration and heads of departments see a page; for others it is not there."""

    @wraps(view)
    def guarded(request: ViewerRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.viewer.account_id is None:
            return redirect(f"{settings.LOGIN_ADDRESS}?next={request.get_full_path()}")
        if not queries.may_see_topics(request.viewer):
            raise Http404
        try:
            return view(request, *args, **kwargs)
        except queries.CannotSeeTopic as missing:
            raise Http404 from missing

    return cast("View[P]", guarded)


@require_GET
@topics_only
def listed(request: ViewerRequest) -> HttpResponse:
    """List the topics, the most surprising first; filters that name nothing known are no filters."""
    sent, regions = request.GET, queries.regions_with_topics(request.viewer)
    kind = sent.get("kind", "") if sent.get("kind", "") in set(TopicKind) else ""
    region = sent.get("region", "") if sent.get("region", "") in dict(regions) else ""
    past = sent.get("past", "") == "1"
    context = {
        "rows": queries.topics(request.viewer, kind=kind, region_code=region, past=past),
        "kinds": list(TopicKind),
        "regions": regions,
        "chosen": {"kind": kind, "region": region, "past": past},
        "watched": queries.watched(request.viewer),
    }
    return render(request, "cockpit/topics.html", context)


@require_http_methods(["GET", "POST"])
@topics_only
def one(request: ViewerRequest, public_id: UUID) -> HttpResponse:
    """Show a topic with its dossier; watch it, or say what came of it."""
    message, now = "", timezone.now()
    if request.method == "POST":
        try:
            return _done(request, public_id)
        except queries.CannotSeeTopic:
            raise
        except Refusal as refusal:
            message = refusal.text(language())
    found = dossier(request.viewer, public_id, now=now)
    actions.look(topic_id=public_id, by=request.viewer, now=now)
    context: dict[str, Any] = {"one": found, "message": message, "text": request.POST.get("text", ""), "now": now}
    context["most"] = _highest(found)
    context |= _asked(request, public_id)
    return render(request, "cockpit/topic.html", context, status=409 if message else 200)


def _asked(request: ViewerRequest, public_id: UUID) -> dict[str, Any]:
    """Return who is asked about a topic, and what was put before them."""
    return {
        "way": way_of_topic(request.viewer, public_id),
        "may_refer": referrals.may_refer(request.viewer),
        "referred": referrals.of_origin(request.viewer, TOPIC, str(public_id), now=timezone.now()),
    }


def _done(request: ViewerRequest, public_id: UUID) -> HttpResponse:
    terms: dict[str, Any] = {"topic_id": public_id, "by": request.viewer, "now": timezone.now()}
    act = request.POST.get("act", "")
    if act == "watch":
        actions.watch(**terms)
        messages.success(request, _("You watch this topic: what is new stands in the cockpit and above this list."))
    elif act == "unwatch":
        actions.unwatch(**terms)
        messages.success(request, _("You watch this topic no more."))
    else:
        told = actions.say_outcome(**terms, text=request.POST.get("text", ""))
        messages.success(request, _told(told))
    return redirect("cockpit:topic", public_id)


def _told(told: actions.Told) -> str:
    words = {"tickets": told.tickets, "applications": told.applications, "letters": told.letters}
    said = _("Written to %(tickets)s tickets and %(applications)s applications; %(letters)s e-mails go out.") % words
    if told.unreached:
        said += " " + _("%(n)s reviews without a name have no page: they find it in public.") % {"n": told.unreached}
    return said


def _highest(found: TopicDossier) -> int:
    """Return how high the plot of weeks must be, in voices."""
    return max([one.voices for one in found.weeks] + [round(found.upper), 1])
