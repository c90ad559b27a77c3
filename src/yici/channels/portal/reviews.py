"""Review what was done: three faces first, then a short second step; by account, by follow code, or by a link."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yici.apps.reviews import actions, queries
from yici.apps.reviews.actions import Detail
from yici.channels.look.languages import language
from yici.channels.look.middleware import ViewerRequest
from yici.channels.portal.guards import signed_in
from yici.channels.portal.voices import opened, speaker
from yici.rules.refusals import Refusal
from yici.rules.reviews import LONGEST_TEXT, Grade, ReviewChannel, tags_for
from yici.rules.words import Words


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) == 1 else 0


def _faces(request: ViewerRequest, title: Words, *, by_account: bool, message: str = "") -> HttpResponse:
    context = {"title": title, "by_account": by_account, "message": message}
    return render(request, "portal/review.html", context, status=409 if message else 200)


@require_http_methods(["GET", "POST"])
@signed_in
def of_case(request: ViewerRequest, public_id: UUID) -> HttpResponse:
    """Show the three faces for one's own closed case, and keep the one that was pressed."""
    try:
        title = queries.own_case_title(request.viewer, public_id)
        if request.method == "GET":
            return _faces(request, title, by_account=True)
        given = actions.give_for_case(
            case_id=public_id,
            face=_number(request.POST.get("face", "")),
            unnamed=request.POST.get("unnamed") == "1",
            channel=ReviewChannel.PORTAL,
            by=request.viewer,
            now=timezone.now(),
        )
    except queries.NotThere as missing:
        raise Http404 from missing
    except Refusal as refusal:
        return _faces(request, title, by_account=True, message=refusal.text(language()))
    return redirect("portal:review_more", given.key)


@require_http_methods(["GET", "POST"])
def of_ticket(request: ViewerRequest, code: str) -> HttpResponse:
    """Show the three faces for one's own answered ticket, and keep the one that was pressed."""
    viewer, ticket, follow_code = opened(request, code)
    title, by_account = Words(ticket.subject, ticket.subject), not follow_code
    if request.method == "GET":
        return _faces(request, title, by_account=by_account)
    try:
        given = actions.give_for_ticket(
            reference=ticket.reference,
            follow_code=follow_code,
            face=_number(request.POST.get("face", "")),
            unnamed=request.POST.get("unnamed") == "1",
            channel=ReviewChannel.PORTAL,
            by=viewer,
            now=timezone.now(),
        )
    except Refusal as refusal:
        return _faces(request, title, by_account=by_account, message=refusal.text(language()))
    return redirect("portal:review_more", given.key)


@require_http_methods(["GET", "POST"])
def by_link(request: ViewerRequest, secret: str) -> HttpResponseBase:
    """Show the three faces behind a link or QR code: no sign-in, one review, and it expires."""
    try:
        subject = queries.invited(secret, now=timezone.now())
        if request.method == "GET":
            return _private(_faces(request, subject.title, by_account=False))
        given = actions.give_by_link(secret=secret, face=_number(request.POST.get("face", "")), now=timezone.now())
    except queries.NotThere:
        return _private(render(request, "portal/review_gone.html", {}, status=404))
    except Refusal as refusal:
        return _private(_faces(request, subject.title, by_account=False, message=refusal.text(language())))
    return redirect("portal:review_more", given.key)


def _private(response: HttpResponse) -> HttpResponse:
    """Keep a page behind a secret address out of caches; other sites never see the address (same-origin referrer)."""
    response["Cache-Control"] = "private, no-store"
    return response


def _second_step(request: ViewerRequest, key: str, message: str = "") -> HttpResponse:
    try:
        step = queries.step(speaker(request), key, now=timezone.now())
    except queries.NotThere as missing:
        raise Http404 from missing
    sent = request.POST
    context = {
        "step": step,
        "key": key,
        "typed": sent,
        "grades": [(one.value, one.words.text(language())) for one in reversed(Grade)],
        "grade": _number(sent.get("grade", "")) or step.grade.value,
        "tags": [(tag.value, tag.words) for tag in tags_for(step.grade)],
        "chosen": set(sent.getlist("tag")) or set(step.tags),
        "longest": LONGEST_TEXT,
        "message": message,
    }
    return _private(render(request, "portal/review_more.html", context, status=409 if message else 200))


@require_http_methods(["GET", "POST"])
def more(request: ViewerRequest, key: str) -> HttpResponse:
    """Ask for the exact grade, reasons and words; everything but the grade may stay empty."""
    if request.method == "GET":
        return _second_step(request, key)
    sent = request.POST
    detail = Detail(
        grade=_number(sent.get("grade", "")),
        tags=sent.getlist("tag"),
        text=sent.get("text", ""),
        named=sent.get("named") == "1",
        name=sent.get("name", ""),
        phone=sent.get("phone", ""),
    )
    try:
        actions.add_detail(key=key, detail=detail, by=speaker(request), now=timezone.now())
    except queries.NotThere as missing:
        raise Http404 from missing
    except Refusal as refusal:
        return _second_step(request, key, refusal.text(language()))
    return redirect("portal:review_more", key)


@require_POST
def to_ticket(request: ViewerRequest, key: str) -> HttpResponse:
    """Make one's bad review a ticket too, and tell its reference and follow code."""
    try:
        filed = actions.open_ticket(
            key=key, detail=request.POST.get("detail", ""), by=speaker(request), now=timezone.now()
        )
    except queries.NotThere as missing:
        raise Http404 from missing
    except Refusal as refusal:
        return _second_step(request, key, refusal.text(language()))
    said = _("Your complaint is ticket %(reference)s.") % {"reference": filed.reference}
    if filed.follow_code:
        said += " " + _("Its follow code is %(code)s, shown only now.") % {"code": filed.follow_code}
    messages.success(request, said)
    return redirect("portal:review_more", key)


@require_GET
@signed_in
def own(request: ViewerRequest, public_id: UUID) -> HttpResponse:
    """Show one's own review: where it stands, what the office did, and whether it is right now."""
    return _own_page(request, public_id)


def _own_page(request: ViewerRequest, public_id: UUID, message: str = "") -> HttpResponse:
    try:
        review = queries.own_view(request.viewer, public_id)
    except queries.NotThere as missing:
        raise Http404 from missing
    context = {"review": review, "message": message, "typed": request.POST}
    return render(request, "portal/review_own.html", context, status=409 if message else 200)


@require_POST
@signed_in
def answer(request: ViewerRequest, public_id: UUID) -> HttpResponse:
    """Say oneself whether it is right now, instead of waiting for the call."""
    chosen = request.POST.get("satisfied", "")
    if chosen not in {"0", "1"}:
        return _own_page(request, public_id, _("Choose whether it is right now."))
    try:
        actions.answer_call_back(
            review_id=public_id,
            satisfied=chosen == "1",
            words=request.POST.get("words", ""),
            by=request.viewer,
            now=timezone.now(),
        )
    except queries.NotThere as missing:
        raise Http404 from missing
    except Refusal as refusal:
        return _own_page(request, public_id, refusal.text(language()))
    return redirect("portal:review_own", public_id)
