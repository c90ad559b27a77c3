"""Raise a ticket, follow it with reference and code or signed in, add words, judge the reply, withdraw."""

from collections.abc import Callable
from datetime import datetime
from secrets import token_hex
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.http import QueryDict as Sent
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yici.apps.cases import queries as cases
from yici.apps.cases.papers import LARGEST_PAPER
from yici.apps.people.viewers import ANONYMOUS, Viewer
from yici.apps.places import queries as places
from yici.apps.referrals import queries as referrals
from yici.apps.reviews import queries as reviews
from yici.apps.tickets import actions, queries
from yici.apps.tickets.actions import Filed, Links, Outcome
from yici.apps.tickets.desk_lists import units_of_place
from yici.apps.tickets.views import PersonTicket
from yici.channels.look.languages import language
from yici.channels.look.middleware import ViewerRequest
from yici.channels.look.papers import paper_response
from yici.channels.portal.follow_codes import known_code, remember_code
from yici.channels.portal.visitors import place_of
from yici.rules.refusals import Refusal
from yici.rules.ticket_acts import Side, TicketAct
from yici.rules.ticket_moves import possible_acts
from yici.rules.tickets import ANSWERED, TicketChannel, TicketKind, TicketState
from yici.rules.voices import CannotFile, Voice

ATTACH = "attach"


def speaker(request: ViewerRequest) -> Viewer:
    """Return who speaks here: staff speak for themselves on the portal, so their post says nothing."""
    return ANONYMOUS if request.viewer.is_staff else request.viewer


@require_http_methods(["GET", "POST"])
def new(request: ViewerRequest) -> HttpResponse:
    """Raise a ticket; whoever has no account gets a code to follow it by."""
    sent = request.POST if request.method == "POST" else request.GET
    subject = _subject(request, sent)
    if request.method == "GET":
        return _form(request, sent, subject, "")
    try:
        filed = _file(request, sent, subject)
    except Refusal as refusal:
        return _form(request, sent, subject, refusal.text(language()), status=409)
    if filed.follow_code:
        remember_code(request, filed.reference, filed.follow_code)
    response = redirect("portal:voice", filed.reference)
    response["Location"] += "?filed=1"
    return response


def _subject(request: ViewerRequest, sent: Sent) -> dict[str, Any]:
    """Return the application and case a voice hangs on; somebody else's is not there."""
    application = _id(sent.get("application", ""))
    if application is None:
        return {}
    try:
        found = cases.application(request.viewer, application, now=timezone.now())
    except cases.NoSuchApplication as missing:
        raise Http404 from missing
    case = next((one for one in found.cases if str(one.public_id) == sent.get("case", "")), None)
    if case is None:
        raise Http404
    return {"application": found, "case": case}


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _form(request: ViewerRequest, sent: Sent, subject: dict[str, Any], message: str, status: int = 200) -> HttpResponse:
    place = _place(request, subject)
    context = {
        "place": places.region(place),
        "subject": subject,
        "message": message,
        "typed": sent,
        "kinds": [(one.value, one.words.text(language())) for one in TicketKind],
        "ways": _ways(request),
        "units": units_of_place(place),
        "key": sent.get("key") or token_hex(16),
    }
    return render(request, "portal/voice_new.html", context, status=status)


def _place(request: ViewerRequest, subject: dict[str, Any]) -> str:
    return str(subject["application"].region_code) if subject else place_of(request)


def _ways(request: ViewerRequest) -> list[tuple[str, str]]:
    """Return how much of oneself one may show: a name is never needed (济南 art. 16)."""
    return [
        ("open", _("The office in charge may contact me")),
        ("secret", _("Keep my contact secret: only the hotline may contact me")),
        ("sealed", _("Seal my identity (reports and complaints): nobody who handles it learns who I am")),
        ("unnamed", _("Without my name: I follow it with a code")),
    ]


def _file(request: ViewerRequest, sent: Sent, subject: dict[str, Any]) -> Filed:
    voice = _voice(sent, _place(request, subject))
    links = Links(case_id=subject["case"].public_id if subject else None, accused_id=_id(sent.get("accused", "")))
    key = f"portal:{sent.get('key', '')[:40]}" if sent.get("key") else ""
    return actions.file(voice=voice, by=speaker(request), now=timezone.now(), links=links, idempotency_key=key)


def _voice(sent: Sent, region_code: str) -> Voice:
    """Read the form; a report never shows its reporter to a unit, whatever was chosen (济南 art. 32)."""
    kind = kind_of(sent.get("kind", ""))
    way = sent.get("way", "open")
    return Voice(
        kind=kind,
        channel=TicketChannel.PORTAL,
        region_code=region_code,
        subject=sent.get("subject", ""),
        detail=sent.get("detail", ""),
        contact_name=sent.get("contact_name", ""),
        contact_phone=sent.get("contact_phone", ""),
        anonymous=way == "unnamed",
        sealed=way == "sealed",
        keep_secret=way == "secret" or kind is TicketKind.REPORT,
        address=sent.get("address", ""),
        language=language(),
    )


def kind_of(text: str) -> TicketKind:
    """Return the kind that was chosen. Raises CannotFile for none."""
    if text not in set(TicketKind):
        raise CannotFile(
            zh="请选择诉求类型：咨询、求助、投诉、举报、建议或表扬。",
            en="Choose what it is: a question, a request for help, a complaint, a report, a suggestion or praise.",
        )
    return TicketKind(text)


def _ticket(request: ViewerRequest, reference: str) -> PersonTicket:
    try:
        return queries.followed(speaker(request), reference, follow_code=known_code(request, reference))
    except queries.NoSuchTicket as missing:
        raise Http404 from missing


def opened(request: ViewerRequest, reference: str) -> tuple[Viewer, PersonTicket, str]:
    """Return one's own ticket with the viewer and the follow code that open it; anybody else's is not there."""
    ticket = _ticket(request, reference)
    return speaker(request), ticket, known_code(request, ticket.reference)


@require_http_methods(["GET", "POST"])
def voices(request: ViewerRequest) -> HttpResponse:
    """List one's own tickets, and open any with its reference and code."""
    message, reference = "", request.POST.get("reference", "").strip().upper()[:24]
    if request.method == "POST":
        code = request.POST.get("code", "").strip().upper()[:16]
        if code and _opens(reference, code):
            remember_code(request, reference, code)
            return redirect("portal:voice", reference)
        message = _("No ticket has this reference and code. Check both, or call 12345.")
    rows = queries.own_tickets(speaker(request), now=timezone.now())
    context = {"rows": rows, "message": message, "reference": reference}
    return render(request, "portal/voices.html", context, status=409 if message else 200)


def _opens(reference: str, code: str) -> bool:
    try:
        queries.followed(ANONYMOUS, reference, follow_code=code)
    except queries.NoSuchTicket:
        return False
    return True


@require_GET
def voice(request: ViewerRequest, code: str) -> HttpResponse:
    """Show where one's ticket stands, who has it, until when, and what was answered."""
    return _page(request, code, "")


def _page(request: ViewerRequest, reference: str, message: str, status: int = 200) -> HttpResponse:
    found = _ticket(request, reference)
    may = set(possible_acts(found.state, Side.PERSON))
    context = {
        "ticket": found,
        "standing": _standing(found.state),
        "code": known_code(request, reference) if request.GET.get("filed") else "",
        "filed": bool(request.GET.get("filed")),
        "may_withdraw": TicketAct.END in may,
        "may_object": TicketAct.REOPEN in may and found.ending in ANSWERED,
        "message": message,
        "typed": request.POST,
        "became": referrals.referrals_of_ticket(found, now=timezone.now()),
        "review": reviews.of_ticket(speaker(request), found.reference) if found.answered_at else None,
    }
    return render(request, "portal/voice.html", context, status=status)


def _standing(state: TicketState) -> str:
    """Say where a ticket stands as its person understands it."""
    return {
        TicketState.RECEIVED: _("The hotline has received it and is choosing who handles it."),
        TicketState.DISPATCHED: _("It was given to the office named below, which has yet to sign for it."),
        TicketState.HANDLING: _("The office named below is handling it."),
        TicketState.RETURNED: _("The office says it is not its duty; the hotline is checking."),
        TicketState.ARBITRATION: _("The hotline is deciding which office has to handle it."),
        TicketState.REPLIED: _("The office has replied; the hotline is checking the reply."),
        TicketState.FOLLOW_UP: _("It was answered. Please say whether you are satisfied."),
        TicketState.MERGED: _("It is handled together with others about the same matter; you get your own answer."),
        TicketState.CLOSED: _("It is closed."),
    }[state]


Act = Callable[[Viewer, str, str, Sent, datetime], None]


def _words(by: Viewer, reference: str, code: str, sent: Sent, now: datetime) -> None:
    actions.add_words(reference=reference, text=sent.get("text", ""), by=by, now=now, follow_code=code)


def _judge(by: Viewer, reference: str, code: str, sent: Sent, now: datetime) -> None:
    if sent.get("satisfied") not in {"0", "1"}:
        raise CannotFile(zh="请选择满意或不满意。", en="Choose whether you are satisfied or not.")
    satisfied = sent["satisfied"] == "1"
    outcome = Outcome(satisfied=satisfied, solved=True if satisfied else None, words=sent.get("words", ""), way="web")
    actions.answer_follow_up(reference=reference, outcome=outcome, by=by, now=now, follow_code=code)


def _withdraw(by: Viewer, reference: str, code: str, sent: Sent, now: datetime) -> None:
    actions.withdraw(reference=reference, reason=sent.get("reason", ""), by=by, now=now, follow_code=code)


def _object(by: Viewer, reference: str, code: str, sent: Sent, now: datetime) -> None:
    actions.reopen(reference=reference, reason=sent.get("reason", ""), by=by, now=now, follow_code=code)


ACTS: dict[str, Act] = {"words": _words, "judge": _judge, "withdraw": _withdraw, "object": _object}


def _attach(request: ViewerRequest, reference: str) -> None:
    """Add a picture or paper to one's own ticket, checked before anybody opens it."""
    sent = request.FILES.get("paper")
    name, content = (sent.name or "", sent.read(LARGEST_PAPER + 1)) if isinstance(sent, UploadedFile) else ("", b"")
    actions.attach_for_person(
        reference=reference,
        filename=name,
        content=content,
        by=speaker(request),
        now=timezone.now(),
        follow_code=known_code(request, reference),
    )


@require_GET
def paper(request: ViewerRequest, code: str, public_id: UUID) -> HttpResponse:
    """Hand back what one attached oneself."""
    follow_code = known_code(request, code)
    try:
        return paper_response(*queries.own_paper(speaker(request), code, public_id, follow_code=follow_code))
    except queries.NoSuchTicket as missing:
        raise Http404 from missing


@require_POST
def act(request: ViewerRequest, code: str, name: str) -> HttpResponse:
    """Do one thing to one's own ticket; what is refused leaves the page as it was, with the sentence."""
    if name not in {*ACTS, ATTACH}:
        raise Http404
    reference = _ticket(request, code).reference
    try:
        if name == ATTACH:
            _attach(request, reference)
        else:
            ACTS[name](speaker(request), reference, known_code(request, reference), request.POST, timezone.now())
    except Refusal as refusal:
        return _page(request, reference, refusal.text(language()), status=409)
    return redirect("portal:voice", reference)
