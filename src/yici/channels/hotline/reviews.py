"""Bad reviews at the unit and its supervisors: lists with clocks, one review with its acts, what was said by phone."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yici.apps.licences.qr import svg
from yici.apps.people.viewers import Viewer
from yici.apps.reviews import actions, published, queries
from yici.apps.reviews.actions import Detail
from yici.channels.hotline.guards import operators_only, staff_only
from yici.channels.look.languages import language
from yici.channels.look.middleware import ViewerRequest
from yici.rules.people import Role
from yici.rules.refusals import Refusal
from yici.rules.review_acts import Ground, Handling, ReviewState
from yici.rules.reviews import BAD_TAGS, GOOD_TAGS, CannotReview, Grade, ReviewChannel

LOOK = "look"
Do = Callable[[Viewer, UUID, QueryDict, datetime], object]


def supervises(viewer: Viewer) -> bool:
    """Whether the viewer looks at the reviews of a region, and decides contests there."""
    return viewer.has_role(Role.HOTLINE, Role.REFORM)


@require_GET
@staff_only
def reviews(request: ViewerRequest) -> HttpResponse:
    """List bad reviews in one state: those of the own organisation, or of the region for hotline and reform office."""
    viewer, now = request.viewer, timezone.now()
    ours = not supervises(viewer) or request.GET.get("of") == "ours"
    wanted, after = request.GET.get("tab", ""), request.GET.get("after", "")
    first = ReviewState.TO_CONTACT if ours else ReviewState.CONTESTED
    state = ReviewState(wanted) if wanted in set(queries.UNIT_TABS) else first
    read, counts = queries.unit_reviews if ours else queries.region_reviews, queries.counts(viewer, ours=ours)
    context = {
        "page": read(viewer, state, now=now, after=after),
        "tab": state.value,
        "tabs": [(one.value, one.words.text(language()), str(counts[one] or "")) for one in queries.UNIT_TABS],
        "ours": ours,
        "supervises": supervises(viewer),
        "heads": viewer.has_role(Role.DECIDER),
    }
    return render(request, "hotline/reviews.html", context)


@require_GET
@staff_only
def persons(request: ViewerRequest) -> HttpResponse:
    """Show the figures of the persons of one's own organisation, to its head alone."""
    if not request.viewer.has_role(Role.DECIDER):
        raise Http404
    rows = published.figures_of_persons(request.viewer, now=timezone.now())
    return render(request, "hotline/reviews_persons.html", {"rows": rows})


@require_GET
@staff_only
def review(request: ViewerRequest, public_id: UUID) -> HttpResponse:
    """Show one review with its clock, its history and what may be done now."""
    return _page(request, public_id)


def _page(
    request: ViewerRequest, public_id: UUID, *, message: str = "", contact: tuple[str, str] | None = None
) -> HttpResponse:
    found = queries.desk_view(request.viewer, public_id, now=timezone.now())
    context: dict[str, Any] = {
        "review": found,
        "contact": contact,
        "message": message,
        "typed": request.POST,
        "handlings": [(one.value, one.words.text(language())) for one in Handling],
        "grounds": [(one.value, one.words.text(language())) for one in Ground],
    }
    return render(request, "hotline/review.html", context, status=409 if message else 200)


def _chosen(text: str) -> bool:
    if text not in {"0", "1"}:
        raise CannotReview(zh="请选择其中一项。", en="Choose one of the two.")
    return text == "1"


def _contact(by: Viewer, key: UUID, sent: QueryDict, now: datetime) -> None:
    reached = _chosen(sent.get("reached", ""))
    actions.contact(review_id=key, reached=reached, note=sent.get("note", ""), by=by, now=now)


def _rectify(by: Viewer, key: UUID, sent: QueryDict, now: datetime) -> None:
    chosen = sent.get("handling", "")
    if chosen not in set(Handling):
        raise CannotReview(zh="请选择整改或解释说明。", en="Choose whether it was put right or explained.")
    handling = Handling(chosen)
    actions.rectify(review_id=key, handling=handling, text=sent.get("text", ""), by=by, now=now)


def _more_time(by: Viewer, key: UUID, sent: QueryDict, now: datetime) -> None:
    actions.more_time(review_id=key, reason=sent.get("reason", ""), by=by, now=now)


def _call_back(by: Viewer, key: UUID, sent: QueryDict, now: datetime) -> None:
    outcome = sent.get("outcome", "")
    if outcome not in {"content", "not_content", "not_reached"}:
        raise CannotReview(zh="请选择回访结果。", en="Choose how the call went.")
    reached = outcome != "not_reached"
    satisfied = outcome == "content" if reached else None
    actions.call_back(review_id=key, reached=reached, satisfied=satisfied, note=sent.get("note", ""), by=by, now=now)


def _contest(by: Viewer, key: UUID, sent: QueryDict, now: datetime) -> None:
    ground, reason = _ground(sent.get("ground", "")), sent.get("reason", "")
    if ground is None:
        raise CannotReview(zh="请选择申诉理由。", en="Choose the ground of the contest.")
    actions.contest(review_id=key, ground=ground, reason=reason, by=by, now=now)


def _ground(text: str) -> Ground | None:
    return Ground(text) if text in set(Ground) else None


def _decide(by: Viewer, key: UUID, sent: QueryDict, now: datetime) -> None:
    chosen = sent.get("ground", "")
    if chosen not in {*Ground, "dismiss"}:
        raise CannotReview(zh="请选择申诉是否成立。", en="Choose whether the contest is upheld.")
    actions.decide_contest(review_id=key, ground=_ground(chosen), reason=sent.get("reason", ""), by=by, now=now)


def _excerpt(by: Viewer, key: UUID, sent: QueryDict, now: datetime) -> None:
    actions.publish_excerpt(review_id=key, excerpt=sent.get("excerpt", ""), by=by, now=now)


ACTS: dict[str, Do] = {
    "contact": _contact,
    "rectify": _rectify,
    "more-time": _more_time,
    "call-back": _call_back,
    "contest": _contest,
    "decide": _decide,
    "excerpt": _excerpt,
}


@require_POST
@staff_only
def act(request: ViewerRequest, public_id: UUID, name: str) -> HttpResponse:
    """Do one act to a review; what is refused leaves the page as it was, with the sentence."""
    if name not in {*ACTS, LOOK}:
        raise Http404
    queries.desk_view(request.viewer, public_id, now=timezone.now())
    try:
        if name == LOOK:
            contact = actions.look_at_contact(review_id=public_id, by=request.viewer, now=timezone.now())
            return _page(request, public_id, contact=contact)
        ACTS[name](request.viewer, public_id, request.POST, timezone.now())
    except Refusal as refusal:
        return _page(request, public_id, message=refusal.text(language()))
    messages.success(request, _("Done."))
    return redirect("hotline:review", public_id)


@require_http_methods(["GET", "POST"])
@operators_only
def enter(request: ViewerRequest) -> HttpResponse:
    """Give somebody a link to review, or write down what he says on the phone."""
    if request.method == "GET":
        return _enter_page(request)
    try:
        if request.POST.get("do") == "link":
            return _link(request)
        _written(request)
    except Refusal as refusal:
        return _enter_page(request, message=refusal.text(language()))
    messages.success(request, _("The review is kept. Thank the caller."))
    return redirect("hotline:review_enter")


def _enter_page(request: ViewerRequest, *, message: str = "", address: str = "") -> HttpResponse:
    sent = request.POST
    context = {
        "message": message,
        "typed": sent if message or address else QueryDict(),
        "chosen": set(sent.getlist("tag")) if message else set(),
        "grades": [(one.value, one.words.text(language())) for one in reversed(Grade)],
        "tags": [(tag.value, tag.words) for tag in (*GOOD_TAGS, *BAD_TAGS)],
        "address": address,
        "code": svg(address) if address else "",
    }
    return render(request, "hotline/review_enter.html", context, status=409 if message else 200)


def _link(request: ViewerRequest) -> HttpResponse:
    number, now = request.POST.get("number", ""), timezone.now()
    channel = ReviewChannel.SMS if request.POST.get("way") == "sms" else ReviewChannel.QR
    secret = actions.invite(number=number, channel=channel, by=request.viewer, now=now)
    return _enter_page(request, address=settings.SITE_ADDRESS + reverse("portal:review_link", args=[secret]))


def _written(request: ViewerRequest) -> None:
    sent, grade = request.POST, request.POST.get("grade", "")
    detail = Detail(
        grade=int(grade) if grade.isdecimal() and len(grade) == 1 else 0,
        tags=sent.getlist("tag"),
        text=sent.get("text", ""),
        named=sent.get("named") == "1",
        name=sent.get("name", ""),
        phone=sent.get("phone", ""),
    )
    actions.enter(number=sent.get("number", ""), detail=detail, by=request.viewer, now=timezone.now())
