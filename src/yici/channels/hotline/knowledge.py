"""Upkeep of the knowledge base: an organisation's articles and questions; the hotline sees all of its region."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yici.apps.knowledge import actions, offering, queries
from yici.apps.knowledge.queries import Shelf
from yici.apps.people.viewers import Viewer
from yici.channels.hotline.guards import is_operator, staff_only
from yici.channels.look.languages import language
from yici.channels.look.middleware import ViewerRequest
from yici.rules.knowledge import Draft, UseWay
from yici.rules.refusals import Refusal
from yici.rules.words import Words

QUESTIONS = "questions"
Do = Callable[[Viewer, UUID, QueryDict, datetime], None]


@require_GET
@staff_only
def shelf(request: ViewerRequest) -> HttpResponse:
    """Show a part of the articles, or the questions that wait for one."""
    now, wanted = timezone.now(), request.GET.get("tab", "")
    tab = wanted if wanted in {*Shelf, QUESTIONS} else QUESTIONS
    asked = queries.questions(request.viewer, now=now)
    counts = queries.shelf_counts(request.viewer, now=now)
    names = _shelf_names()
    context = {
        "tab": tab,
        "tabs": [
            (QUESTIONS, _("Questions to answer"), str(len(asked))),
            *((one.value, names[one], str(counts[one])) for one in Shelf),
        ],
        "questions": asked,
        "rows": [] if tab == QUESTIONS else queries.shelf(request.viewer, Shelf(tab), now=now),
        "operator": is_operator(request.viewer),
        "answered": queries.answered_at_once(request.viewer, now=now),
    }
    return render(request, "hotline/knowledge.html", context)


def _shelf_names() -> dict[Shelf, str]:
    return {
        Shelf.ALL: _("All articles"),
        Shelf.WAITING: _("To approve"),
        Shelf.OVERDUE: _("Review overdue"),
        Shelf.UNUSED: _("Never used"),
        Shelf.UNHELPFUL: _("Mostly not helpful"),
    }


@require_http_methods(["GET", "POST"])
@staff_only
def new(request: ViewerRequest) -> HttpResponse:
    """Write a new article, perhaps for a question, or as this place's own version of another place's."""
    sent = request.POST if request.method == "POST" else request.GET
    asked = _id(sent.get("question", ""))
    waiting = queries.question(request.viewer, asked, now=timezone.now()) if asked else None
    if request.method == "GET":
        return _form(request, _start(request, waiting), question=waiting)
    try:
        made = actions.write(
            draft=_draft(sent),
            key=sent.get("key", ""),
            region_code=request.viewer.region_code or "",
            question_id=asked,
            by=request.viewer,
            now=timezone.now(),
        )
    except Refusal as refusal:
        return _form(request, sent.dict(), sent.getlist("items"), refusal.text(language()), question=waiting)
    messages.success(request, _("Written. It is offered once somebody else approves it."))
    return redirect("hotline:article", made)


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _start(request: ViewerRequest, waiting: queries.QuestionLine | None) -> dict[str, Any]:
    """Return what a new article's form begins with: the question's words, or the article of another place."""
    model = _id(request.GET.get("of", ""))
    if model is not None:
        offer = offering.offer(model, now=timezone.now())
        found = {"title": offer.title.zh, "title_en": offer.title.en, "body": offer.body.zh, "body_en": offer.body.en}
        return {"key": offer.key, **found}
    return {"title": waiting.text[:120], "phrasings": waiting.text[:120]} if waiting else {}


def _draft(sent: QueryDict) -> Draft:
    return Draft(
        title=Words(sent.get("title", ""), sent.get("title_en", "")),
        body=Words(sent.get("body", ""), sent.get("body_en", "")),
        phrasings=tuple(line for line in sent.get("phrasings", "").splitlines() if line.strip()),
        items=tuple(key for key in sent.getlist("items") if key)[:10],
        change=sent.get("change", ""),
    )


def _form(
    request: ViewerRequest,
    typed: dict[str, Any],
    items: list[str] | None = None,
    message: str = "",
    *,
    question: queries.QuestionLine | None = None,
    article: queries.OpenedArticle | None = None,
) -> HttpResponse:
    context = {
        "typed": typed,
        "items": items or [],
        "choices": queries.item_choices(request.viewer),
        "message": message,
        "question": question,
        "article": article,
    }
    return render(request, "hotline/article_form.html", context, status=409 if message else 200)


@require_GET
@staff_only
def article(request: ViewerRequest, public_id: UUID) -> HttpResponse:
    """Show one article with its history and what may be done."""
    return _article(request, public_id, "")


def _article(request: ViewerRequest, public_id: UUID, message: str) -> HttpResponse:
    found = queries.opened(request.viewer, public_id, now=timezone.now())
    names = dict(queries.item_choices(request.viewer))
    ways = {one.value: one.words for one in UseWay}
    context = {"article": found, "message": message, "item_names": names, "way_words": ways}
    return render(request, "hotline/article.html", context, status=409 if message else 200)


@require_http_methods(["GET", "POST"])
@staff_only
def edit(request: ViewerRequest, public_id: UUID) -> HttpResponse:
    """Write the next edition of an article."""
    found = queries.opened(request.viewer, public_id, now=timezone.now())
    if not found.may_write:
        raise Http404
    if request.method == "GET":
        return _form(request, *_of_edition(found), article=found)
    sent = request.POST
    try:
        actions.write(draft=_draft(sent), article_id=public_id, by=request.viewer, now=timezone.now())
    except Refusal as refusal:
        return _form(request, sent.dict(), sent.getlist("items"), refusal.text(language()), article=found)
    messages.success(request, _("Written. It is offered once somebody else approves it."))
    return redirect("hotline:article", public_id)


def _of_edition(found: queries.OpenedArticle) -> tuple[dict[str, Any], list[str]]:
    one = found.waiting or found.current or found.history[0]
    words = {"title": one.title.zh, "title_en": one.title.en, "body": one.body.zh, "body_en": one.body.en}
    return {**words, "phrasings": "\n".join(one.phrasings)}, list(one.items)


def _approve(by: Viewer, article: UUID, sent: QueryDict, now: datetime) -> None:
    actions.approve(article_id=article, by=by, now=now)


def _refuse(by: Viewer, article: UUID, sent: QueryDict, now: datetime) -> None:
    actions.refuse(article_id=article, reason=sent.get("reason", ""), by=by, now=now)


def _confirm(by: Viewer, article: UUID, sent: QueryDict, now: datetime) -> None:
    actions.confirm(article_id=article, by=by, now=now)


def _withdraw(by: Viewer, article: UUID, sent: QueryDict, now: datetime) -> None:
    actions.withdraw(article_id=article, reason=sent.get("reason", ""), by=by, now=now)


ACTS: dict[str, Do] = {"approve": _approve, "refuse": _refuse, "confirm": _confirm, "withdraw": _withdraw}


@require_POST
@staff_only
def act(request: ViewerRequest, public_id: UUID, name: str) -> HttpResponse:
    """Do one thing to an article; what is refused leaves the page as it was, with the sentence."""
    if name not in ACTS:
        raise Http404
    try:
        ACTS[name](request.viewer, public_id, request.POST, timezone.now())
    except Refusal as refusal:
        return _article(request, public_id, refusal.text(language()))
    messages.success(request, _("Done."))
    return redirect("hotline:article", public_id)


@require_GET
@staff_only
def question(request: ViewerRequest, public_id: UUID) -> HttpResponse:
    """Show a question that waits for an article, and the articles that may answer it already."""
    return _question(request, public_id, "")


def _question(request: ViewerRequest, public_id: UUID, message: str) -> HttpResponse:
    now = timezone.now()
    found = queries.question(request.viewer, public_id, now=now)
    context = {
        "question": found,
        "near": offering.offers(found.text, found.region_code, now=now) if not found.settled_at else [],
        "message": message,
        "operator": is_operator(request.viewer),
    }
    return render(request, "hotline/question.html", context, status=409 if message else 200)


def _settle_with(by: Viewer, question: UUID, sent: QueryDict, now: datetime) -> None:
    chosen = _id(sent.get("article", ""))
    if chosen is None:
        raise Http404
    actions.settle_with(question_id=question, article_id=chosen, by=by, now=now)


def _refuse_question(by: Viewer, question: UUID, sent: QueryDict, now: datetime) -> None:
    actions.refuse_question(question_id=question, reason=sent.get("reason", ""), by=by, now=now)


SETTLES: dict[str, Do] = {"with": _settle_with, "refuse": _refuse_question}


@require_POST
@staff_only
def settle(request: ViewerRequest, public_id: UUID, name: str) -> HttpResponse:
    """End a question with an article that is in force, or with the reason why there is to be none."""
    if name not in SETTLES:
        raise Http404
    try:
        SETTLES[name](request.viewer, public_id, request.POST, timezone.now())
    except Refusal as refusal:
        return _question(request, public_id, refusal.text(language()))
    messages.success(request, _("Done."))
    return redirect("hotline:knowledge")
