"""Answers at once: articles of the knowledge base, found before and while somebody writes to the hotline."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from yici.apps.knowledge import actions, offering, queries
from yici.apps.places import queries as places
from yici.channels.look.middleware import ViewerRequest
from yici.channels.portal.visitors import place_of
from yici.rules.knowledge import UseWay

LONGEST_SEARCH = 100
JUDGED = "judged_answers"  # in the session: articles this browser has judged, so that each counts once
MOST_JUDGED = 50


@require_GET
def answers(request: ViewerRequest) -> HttpResponse:
    """Search the knowledge base in one's own words."""
    text = request.GET.get("q", "").strip()[:LONGEST_SEARCH]
    here = place_of(request)
    now = timezone.now()
    found = offering.offers(text, here, now=now, limit=10) if text else offering.most_asked(here, now=now)
    context = {"text": text, "found": found, "place": places.region(here)}
    return render(request, "portal/answers.html", context)


@require_POST
def offered(request: ViewerRequest) -> HttpResponse:
    """Show what may answer what is being typed on the page to raise a ticket; nothing is kept."""
    text = f"{request.POST.get('subject', '')}。{request.POST.get('detail', '')}"[:1000]
    found = offering.offers(text, place_of(request), now=timezone.now(), limit=3)
    return render(request, "portal/answers_offered.html", {"found": found})


@require_GET
def answer(request: ViewerRequest, public_id: UUID) -> HttpResponse:
    """Show one article, and ask whether it helped."""
    context = {**_offer(public_id), "judged": str(public_id) in request.session.get(JUDGED, [])}
    return render(request, "portal/answer.html", context)


def _offer(public_id: UUID) -> dict[str, Any]:
    try:
        return {"offer": offering.offer(public_id, now=timezone.now())}
    except queries.NoSuchArticle as missing:
        raise Http404 from missing


@require_POST
def judge(request: ViewerRequest) -> HttpResponse:
    """Count that an article helped, or did not; of the person nothing is kept, and nothing is filed."""
    try:
        article = UUID(request.POST.get("article", ""))
    except ValueError:
        raise Http404 from None
    helped = request.POST.get("helped", "1") == "1"
    _offer(article)
    known = request.session.get(JUDGED, [])
    if str(article) not in known:
        actions.count_use(
            article_id=article,
            way=UseWay.PORTAL,
            helped=helped,
            region_code=place_of(request),
            by="person",
            now=timezone.now(),
        )
        request.session[JUDGED] = [*known, str(article)][-MOST_JUDGED:]
    return redirect("portal:answer", article)
