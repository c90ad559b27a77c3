"""The call: who is calling, what he wants, and all that helps while the operator types; it ends with one key."""

from datetime import datetime
from secrets import token_hex
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from yici.apps.cases.papers import LARGEST_PAPER
from yici.apps.people.viewers import Viewer
from yici.apps.tickets import actions, desk_lists, queries
from yici.apps.tickets.actions import EndOfCall, Links, Taken
from yici.apps.tickets.assisting import Said, help_in_call
from yici.apps.tickets.calls import Scan
from yici.apps.tickets.views import TicketLine
from yici.channels.hotline.guards import operators_only
from yici.channels.look.languages import language
from yici.channels.look.middleware import ViewerRequest
from yici.rules.refusals import Refusal
from yici.rules.ticket_categories import CATEGORIES, LEAVES
from yici.rules.tickets import TicketChannel, TicketKind, Urgency
from yici.rules.voices import CannotFile, Voice

# By which way came in what is typed here; every other channel files by itself.
WAYS_IN = (TicketChannel.PHONE, TicketChannel.LETTER, TicketChannel.HALL, TicketChannel.EMAIL)
BEGAN, LONGEST_CALL = "hotline.call", 12 * 3600
FEWEST_DIGITS = 7  # fewer would be no telephone number


@require_http_methods(["GET", "POST"])
@operators_only
def call(request: ViewerRequest) -> HttpResponse:
    """Take a call: find the caller's earlier tickets by his number, file the new one, perhaps end it at once."""
    if request.method == "GET":
        return _page(request, request.GET, "")
    sent = request.POST
    try:
        taken = _take(request.viewer, sent, _scan(request))
    except Refusal as refusal:
        return _page(request, sent, refusal.text(language()), status=409)
    _tell(request, taken)
    return redirect("hotline:ticket", taken.filed.public_id)


@require_POST
@operators_only
def call_help(request: ViewerRequest) -> HttpResponse:
    """Show what helps with what has been typed so far; nothing is kept."""
    return render(request, "hotline/call_help.html", _help(request.viewer, request.POST))


def _page(request: ViewerRequest, sent: QueryDict, message: str, status: int = 200) -> HttpResponse:
    viewer, phone = request.viewer, sent.get("contact_phone", "").strip()[:20]
    areas = desk_lists.areas_of(viewer)
    region = sent.get("region", "")
    context: dict[str, Any] = {
        "phone": phone,
        "earlier": _earlier(viewer, phone),
        "message": message,
        "typed": sent,
        "areas": areas,
        "region": region if region in {one.code for one in areas} else viewer.region_code,
        "units": desk_lists.units_of_place(viewer.region_code or ""),
        "kinds": [(one.value, one.words.text(language())) for one in TicketKind],
        "urgencies": [(one.value, one.words.text(language())) for one in Urgency],
        "ways": _ways(),
        "channels": [(one.value, one.words.text(language())) for one in WAYS_IN],
        "key": sent.get("key") or token_hex(16),
        "began": sent.get("began", "") if _began(sent) else signing.dumps(timezone.now().isoformat(), salt=BEGAN),
        **_help(viewer, sent),
    }
    return render(request, "hotline/call.html", context, status=status)


def _help(viewer: Viewer, sent: QueryDict) -> dict[str, Any]:
    """Return what the page shows beside the form; before anything is said, only whether there is a model."""
    kind, urgency = sent.get("kind", ""), sent.get("urgency", "")
    region, known = sent.get("region", ""), {one.code for one in desk_lists.areas_of(viewer)}
    said = Said(
        text=f"{sent.get('subject', '').strip()}。{sent.get('detail', '').strip()}".strip("。"),
        region_code=region if region in known else viewer.region_code or "",
        kind=TicketKind(kind) if kind in set(TicketKind) else TicketKind.CONSULT,
        urgency=Urgency(urgency) if urgency in set(Urgency) else Urgency.ORDINARY,
        address=sent.get("address", "")[:300],
        phone=sent.get("contact_phone", ""),
        category=_category(sent),
        accused_id=_id(sent.get("accused", "")),
    )
    found = help_in_call(viewer, said, now=timezone.now()) if said.text else None
    leaves = [(one.key, CATEGORIES[one.parent].words, one.words) for one in LEAVES]
    return {"help": found, "chosen": _category(sent), "categories": leaves, "said": said}


def _category(sent: QueryDict) -> str:
    """Return the chosen category; one from the whole list comes before one of the three."""
    key = sent.get("other_category") or sent.get("category", "")
    return key if key in {one.key for one in LEAVES} else ""


def _earlier(viewer: Viewer, phone: str) -> list[TicketLine]:
    """Return what the caller raised before. Reports stay out: a number never leads to what somebody reported."""
    if sum(char.isdecimal() for char in phone) < FEWEST_DIGITS or any(char.isalpha() for char in phone):
        return []
    found = queries.find(viewer, phone, now=timezone.now())
    return [one for one in found if one.kind is not TicketKind.REPORT]


def _ways() -> list[tuple[str, str]]:
    return [
        ("open", _("The unit may call back")),
        ("secret", _("Contact secret from the unit")),
        ("sealed", _("Identity sealed (reports and complaints)")),
        ("unnamed", _("Without a name")),
    ]


def _scan(request: ViewerRequest) -> Scan | None:
    """Return what was attached, unchecked; no more of it is read than a paper may be long."""
    sent = request.FILES.get("scan")
    return (sent.name or "", sent.read(LARGEST_PAPER + 1)) if isinstance(sent, UploadedFile) else None


def _began(sent: QueryDict) -> datetime | None:
    """Return when this call's page was first opened, as the page itself was told; None where that is not so."""
    try:
        return datetime.fromisoformat(signing.loads(sent.get("began", ""), salt=BEGAN, max_age=LONGEST_CALL))
    except signing.BadSignature:
        return None


def _take(by: Viewer, sent: QueryDict, scan: Scan | None) -> Taken:
    key = f"call:{sent.get('key', '')[:40]}" if sent.get("key") else ""
    ending = EndOfCall(
        category=_category(sent),
        answer=sent.get("answer", ""),
        article_id=_id(sent.get("article", "")),
        joins=_id(sent.get("join", "")),
    )
    links = Links(accused_id=_id(sent.get("accused", "")))
    now = timezone.now()
    return actions.take_call(
        voice=_voice(by, sent),
        ending=ending,
        by=by,
        now=now,
        links=links,
        idempotency_key=key,
        scan=scan,
        began_at=_began(sent),
    )


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _voice(by: Viewer, sent: QueryDict) -> Voice:
    """Read the call; a report never shows its reporter to a unit, whatever was chosen (济南 art. 32)."""
    kind, urgency, way = sent.get("kind", ""), sent.get("urgency", Urgency.ORDINARY.value), sent.get("way", "open")
    if kind not in set(TicketKind) or urgency not in set(Urgency):
        raise CannotFile(zh="请选择诉求类型和紧急程度。", en="Choose the kind and the urgency.")
    if sent.get("region", "") not in {one.code for one in desk_lists.areas_of(by)}:
        raise CannotFile(zh="请选择本热线辖区内的地点。", en="Choose a place in the area of this hotline.")
    return Voice(
        kind=TicketKind(kind),
        urgency=Urgency(urgency),
        channel=_channel(sent),
        region_code=sent.get("region", ""),
        subject=sent.get("subject", ""),
        detail=sent.get("detail", "").strip() or _told_in_short(sent),
        contact_name=sent.get("contact_name", ""),
        contact_phone=sent.get("contact_phone", ""),
        anonymous=way == "unnamed",
        sealed=way == "sealed",
        keep_secret=way == "secret" or kind == TicketKind.REPORT,
        wants_answer=sent.get("quiet") != "1",
        address=sent.get("address", ""),
    )


def _channel(sent: QueryDict) -> TicketChannel:
    chosen = sent.get("channel", TicketChannel.PHONE.value)
    if chosen not in set(WAYS_IN):
        raise CannotFile(zh="请选择来源：电话、信件、大厅或电子邮件。", en="Choose how it came in.")
    return TicketChannel(chosen)


def _told_in_short(sent: QueryDict) -> str:
    """Return the few words as the whole story where the call ends at once: the caller need not wait for more."""
    return sent.get("subject", "") if sent.get("article") or sent.get("join") else ""


def _tell(request: ViewerRequest, taken: Taken) -> None:
    filed = taken.filed
    said = _("Filed. Reference %(reference)s.") % {"reference": filed.reference}
    if filed.follow_code:
        said += " " + _("Follow code %(code)s, shown only now: read both to the caller.") % {"code": filed.follow_code}
    messages.success(request, said)
    if taken.joined:
        messages.success(request, _("Joined to the matter of %(reference)s.") % {"reference": taken.joined})
    if taken.refused is not None:
        messages.error(request, taken.refused.text(language()))
