"""Topics as everybody reads them: counted, in nobody's own words, with what came of them; also as a feed."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yici.apps.topics import queries
from yici.channels.look.jinja import day_words
from yici.channels.look.languages import language, say
from yici.channels.public.linked_words import PUBLISHER_WORDS


@require_GET
def topics(request: HttpRequest) -> HttpResponse:
    """Show what many people spoke of, and what came of it."""
    now = timezone.now()
    context = {"rows": queries.public_topics(now=now), "fewest": queries.fewest_published(now), "now": now}
    return render(request, "public/topics.html", context)


@require_GET
def feed(request: HttpRequest) -> HttpResponse:
    """Give the same as an Atom feed."""
    page = request.build_absolute_uri(reverse("public:topics"))
    made = Atom1Feed(
        title=_("What many people speak of"),
        link=page,
        feed_url=request.build_absolute_uri(),
        description=_("What many people spoke of, and what came of it."),
        author_name=say(PUBLISHER_WORDS),
        language=language(),
    )
    for one in queries.public_topics(now=timezone.now()):
        made.add_item(
            title=f"{say(one.name)} · {say(one.region)}",
            link=f"{page}#t{one.public_id}",
            unique_id=f"urn:uuid:{one.public_id}",
            description="\n".join(_lines(one)),
            pubdate=one.first,
            updateddate=one.changed_at,
        )
    return HttpResponse(made.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


def _lines(one: queries.PublicTopic) -> list[str]:
    span = {"n": one.voices, "first": day_words(one.first), "last": day_words(one.last)}
    lines = [_("%(n)s people, %(first)s to %(last)s.") % span]
    if one.outcome:
        lines.append(_("What came of it") + ": " + one.outcome)
    return lines
