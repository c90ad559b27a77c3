"""The draft of a referral that begins with a topic of the hotline."""

from collections.abc import Mapping
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yici.apps.referrals import actions, queries
from yici.apps.referrals.origins import TOPIC
from yici.apps.referrals.ways import Way, way_of_topic
from yici.apps.topics.queries import TopicRow, topic_of
from yici.channels.congress.forms import content_of, kind_of
from yici.channels.congress.guards import congress_only
from yici.channels.look.languages import language
from yici.channels.look.middleware import ViewerRequest
from yici.rules.referrals import Path, ReferralKind
from yici.rules.refusals import Refusal


@require_http_methods(["GET", "POST"])
@congress_only
def refer(request: ViewerRequest, public_id: UUID) -> HttpResponse:
    """Draft a referral of a topic to who can change its law; where nobody need be asked, say who can drop it."""
    if not queries.may_refer(request.viewer):
        raise Http404
    way, topic, message = way_of_topic(request.viewer, public_id), topic_of(request.viewer, public_id), ""
    if request.method == "POST":
        try:
            return redirect("congress:referral", _referred(request, public_id))
        except Refusal as refusal:
            message = refusal.text(language())
    context = {
        "topic": topic,
        "way": way,
        "kinds": _kinds(way),
        "paths": list(Path) if way is not None and way.to.body.is_central else [],
        "known": queries.of_origin(request.viewer, TOPIC, str(public_id), now=timezone.now()),
        "message": message,
        "typed": request.POST or _begun(topic),
    }
    return render(request, "congress/refer_topic.html", context, status=409 if message else 200)


def _referred(request: ViewerRequest, topic_id: UUID) -> UUID:
    made = actions.refer_topic(
        topic_id=topic_id,
        kind=kind_of(request.POST),
        content=content_of(request.POST),
        by=request.viewer,
        now=timezone.now(),
    )
    return made.public_id


def _kinds(way: Way | None) -> tuple[ReferralKind, ...]:
    return way.kinds if way is not None else ()


def _begun(topic: TopicRow) -> Mapping[str, str]:
    """Return the problem as the figures tell it, for whoever writes on from there."""
    name = topic.name.en if language() == "en" else topic.name.zh
    words = {"n": topic.voices, "first": f"{topic.first:%Y-%m-%d}", "last": f"{topic.last:%Y-%m-%d}", "name": name}
    return {"problem": _("From %(first)s to %(last)s %(n)s people raised this: %(name)s.") % words}
