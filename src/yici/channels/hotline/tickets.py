"""One ticket as hotline and unit see it, with every act its state allows."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yici.apps.knowledge import queries as knowledge
from yici.apps.people.viewers import Viewer
from yici.apps.tickets import actions, assisting, desk_lists, learning, queries, recusing, routing
from yici.apps.tickets.keepers import is_keeper
from yici.apps.tickets.views import DeskTicket
from yici.channels.hotline.acts import ACTS
from yici.channels.hotline.guards import is_operator, staff_only
from yici.channels.look.languages import language
from yici.channels.look.middleware import ViewerRequest
from yici.channels.look.papers import paper_response
from yici.rules.refusals import Refusal
from yici.rules.supervision import Reason
from yici.rules.ticket_acts import Side, TicketAct
from yici.rules.ticket_categories import CATEGORIES, LEAVES
from yici.rules.ticket_endings import ENDINGS
from yici.rules.ticket_moves import possible_acts
from yici.rules.tickets import CannotHandleTicket, Ending, ExtensionGround, TicketChannel, TicketKind, Urgency

LOOK = "look"  # see the full contact: nothing changes but the record of the look
CHOOSES_UNIT = {TicketAct.DISPATCH, TicketAct.ARBITRATE}
Contact = tuple[str, str, str]


@require_GET
@staff_only
def ticket(request: ViewerRequest, public_id: UUID) -> HttpResponse:
    """Show one ticket, masked, with what may be done now."""
    return _page(request, public_id)


def _page(
    request: ViewerRequest,
    public_id: UUID,
    *,
    failed: str = "",
    message: str = "",
    contact: Contact | None = None,
    status: int = 200,
) -> HttpResponse:
    viewer = request.viewer
    found = queries.desk_view(viewer, public_id, now=timezone.now())
    acts = _possible(viewer, found)
    context: dict[str, Any] = {
        "ticket": found,
        "acts": {one.value for one in acts},
        "operator": is_operator(viewer),
        "channel_words": TicketChannel(found.channel).words,
        "shows_contact": _shows_contact(found),
        "contact": contact,
        "failed": failed,
        "typed": request.POST,
        "message": message,
        "units": desk_lists.units_for(viewer, public_id),
        "parts": desk_lists.co_handlers_of(viewer, public_id),
        "article": knowledge.answered_with(found.line.reference),
        "followers": queries.followers_of(viewer, public_id, now=timezone.now()) if found.matter_id else [],
        "members": recusing.recusable(viewer, public_id) if is_operator(viewer) or _leads(viewer, found) else [],
        "keeps": found.sealed and is_keeper(viewer),
        "same": (),
        "guess": None,
        **_choices(),
    }
    if is_operator(viewer):
        asked = CHOOSES_UNIT & acts
        context["same"] = assisting.same_as(viewer, public_id, now=timezone.now())
        context["guess"] = learning.guess(f"{found.line.subject}。{found.detail}") if TicketAct.TRIAGE in acts else None
        context["proposals"] = routing.proposed_units(viewer, public_id, now=timezone.now()) if asked else []
    return render(request, "hotline/ticket.html", context, status=status)


def _possible(viewer: Viewer, found: DeskTicket) -> set[TicketAct]:
    """Return what the viewer may try: the hotline its part, the lead its own, a co-handler nothing here."""
    if is_operator(viewer):
        acts = set(possible_acts(found.line.state, Side.CENTRE)) - {TicketAct.SUB_DISPATCH}
        return acts if found.asked else acts - {TicketAct.EXTEND, TicketAct.REFUSE_EXTENSION}
    acts = set(possible_acts(found.line.state, Side.UNIT)) if _leads(viewer, found) else set()
    return acts - {TicketAct.SEND_BACK} if found.bound or found.rehandlings else acts


def _leads(viewer: Viewer, found: DeskTicket) -> bool:
    return desk_lists.leads(viewer, found.line.public_id)


def _shows_contact(found: DeskTicket) -> bool:
    """Whether the masked contact is shown: of a report never (济南 art. 32)."""
    return found.line.kind is not TicketKind.REPORT


def _choices() -> dict[str, Any]:
    return {
        "categories": [(one.key, CATEGORIES[one.parent].words, one.words) for one in LEAVES],
        "kinds": [(one.value, one.words) for one in TicketKind],
        "urgencies": [(one.value, one.words) for one in Urgency],
        "endings": [(key.value, key.words, rule.basis) for key, rule in ENDINGS.items() if key is not Ending.WITHDRAWN],
        "reasons": [(one.value, one.words.text(language())) for one in Reason],
        "grounds": [(one.value, one.words.text(language())) for one in ExtensionGround],
    }


@require_POST
@staff_only
def act(request: ViewerRequest, public_id: UUID, name: str) -> HttpResponse:
    """Do one act to a ticket; what is refused leaves the page as it was, with the sentence."""
    if name not in {*ACTS, LOOK}:
        raise Http404
    found = queries.desk_view(request.viewer, public_id, now=timezone.now())
    try:
        if name == LOOK:
            return _page(request, public_id, contact=_contact(request.viewer, found))
        ACTS[name](request.viewer, public_id, request.POST, timezone.now())
    except Refusal as refusal:
        return _page(request, public_id, failed=name, message=refusal.text(language()), status=409)
    messages.success(request, _("Done."))
    return _after(request.viewer, found)


def _contact(viewer: Viewer, found: DeskTicket) -> Contact:
    """Return the whole contact; that it was seen is on record. Of a report the unit never sees it (济南 art. 32)."""
    if not (_shows_contact(found) or is_operator(viewer)):
        raise CannotHandleTicket(
            zh="举报人的联系方式不向承办单位提供（济南市12345市民服务热线条例第三十二条）。请通过热线转达。",
            en="No unit sees the contact of a reporter (Jinan Hotline Regulation art. 32). Ask the hotline to call.",
        )
    return actions.look_at_contact(ticket_id=found.line.public_id, by=viewer, now=timezone.now())


def _after(viewer: Viewer, found: DeskTicket) -> HttpResponse:
    """Stay with the ticket; who sees it no more, having returned it or kept out, goes back to his list."""
    try:
        queries.desk_view(viewer, found.line.public_id, now=timezone.now())
    except queries.NoSuchTicket:
        return redirect("hotline:queue" if is_operator(viewer) else "hotline:unit")
    return redirect("hotline:ticket", found.line.public_id)


@require_GET
@staff_only
def paper(request: ViewerRequest, public_id: UUID, attachment_id: UUID) -> HttpResponse:
    """Show a paper of a ticket, never as anything a browser would run."""
    return paper_response(*queries.attachment(request.viewer, public_id, attachment_id))
