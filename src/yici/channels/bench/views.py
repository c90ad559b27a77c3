"""The bench: the proposed revisions, the gate and its acts, the law register."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yici.apps.catalogue import queries as catalogue
from yici.apps.reform import actions, province, queries
from yici.channels.bench.guards import bench_only
from yici.channels.look.languages import language
from yici.channels.look.middleware import ViewerRequest
from yici.rules.levels import Level
from yici.rules.refusals import Refusal

MOST_FOUND = 12


@require_GET
@bench_only
def overview(request: ViewerRequest) -> HttpResponse:
    """List what is on its way, and find an item to change."""
    text = request.GET.get("q", "").replace("\x00", "").strip()[:60]
    hits = catalogue.search(text, request.viewer.region_code or "", MOST_FOUND) if text else []
    context = {"rows": queries.amendments(request.viewer), "text": text, "items": hits}
    return render(request, "bench/overview.html", context)


@require_GET
@bench_only
def gate(request: ViewerRequest, public_id: UUID) -> HttpResponse:
    """Show one revision: who loses, on what law, what the public says, what stands in the way."""
    return _gate(request, public_id)


def _gate(request: ViewerRequest, public_id: UUID, message: str = "") -> HttpResponse:
    one = queries.amendment(request.viewer, public_id, now=timezone.now())
    context = {"one": one, "message": message, "references": queries.references()}
    return render(request, "bench/gate.html", context, status=409 if message else 200)


@require_POST
@bench_only
def act(request: ViewerRequest, public_id: UUID, name: str) -> HttpResponse:
    """Do one act of the gate; a refusal is shown on its page."""
    queries.amendment(request.viewer, public_id, now=timezone.now())  # not there unless it is the viewer's
    done = _ACTS.get(name)
    if done is None:
        raise Http404
    try:
        done({"amendment_id": public_id, "by": request.viewer, "now": timezone.now()}, request)
    except Refusal as refusal:
        return _gate(request, public_id, refusal.text(language()))
    messages.success(request, _("Done."))
    return redirect("bench:gate", public_id)


def _answer(terms: dict[str, Any], request: ViewerRequest) -> None:
    actions.answer(**terms, comment_id=_uuid(request.POST.get("comment", "")), text=request.POST.get("text", ""))


def _ground(terms: dict[str, Any], request: ViewerRequest) -> None:
    for_all = request.POST.get("all", "")  # one law for every loss that has none of its own
    chosen = {
        int(key.removeprefix("effect-")): _uuid(str(value or for_all))
        for key, value in request.POST.items()
        if key.startswith("effect-") and key.removeprefix("effect-").isdecimal() and (value or for_all)
    }
    actions.ground(**terms, references=chosen)


def _publish(terms: dict[str, Any], request: ViewerRequest) -> None:
    try:
        day = date.fromisoformat(request.POST.get("in_force_on", ""))
    except ValueError as error:
        raise Refusal(zh="请填写施行日期。", en="Give the day it comes into force.") from error
    actions.publish(**terms, in_force_on=day)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Http404 from error


_ACTS: dict[str, Callable[[dict[str, Any], ViewerRequest], object]] = {
    "open": lambda terms, request: actions.open_for_comments(**terms),
    "gate": lambda terms, request: actions.send_to_gate(**terms),
    "approve": lambda terms, request: actions.approve(**terms),
    "withdraw": lambda terms, request: actions.withdraw(**terms),
    "answer": _answer,
    "ground": _ground,
    "publish": _publish,
}


@require_http_methods(["GET", "POST"])
@bench_only
def law(request: ViewerRequest) -> HttpResponse:
    """Show the register of law references; the province registers new ones."""
    message = ""
    if request.method == "POST":
        names = ("title", "title_en", "article", "level", "source")
        terms = {name: request.POST.get(name, "")[:300] for name in names}
        try:
            province.register_reference(**terms, by=request.viewer, now=timezone.now())
            return redirect("bench:law")
        except Refusal as refusal:
            message = refusal.text(language())
    levels = [(one.value, one.words) for one in Level if one is not Level.NONE]
    context = {"rows": queries.references(), "levels": levels, "message": message}
    return render(request, "bench/law.html", context, status=409 if message else 200)
