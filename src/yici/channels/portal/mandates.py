"""Mandates: whom one lets act for oneself or one's company, for whom one acts oneself, and what has been."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yici.apps.catalogue import queries as catalogue
from yici.apps.people import mandating
from yici.apps.registry import heads
from yici.channels.look.languages import language
from yici.channels.look.middleware import ViewerRequest
from yici.channels.portal.guards import at_level, signed_in
from yici.channels.portal.visitors import place_of
from yici.rules.items import Assurance
from yici.rules.people import EVERYTHING, MandateTerms
from yici.rules.refusals import Refusal
from yici.rules.words import Words

FIELDS = ("agent_number", "agent_name", "scope", "valid_from", "valid_to")


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody typed into the form of a mandate, with what is wrong with it."""

    values: Mapping[str, str]
    terms: MandateTerms | None
    errors: list[tuple[str, str]] = field(default_factory=list)


def _names(request: ViewerRequest) -> dict[str, Words]:
    """Return what a narrow mandate may be for at this place: life events first, then single items."""
    held = catalogue.catalogue_for(place_of(request))
    events = {key: event.name for key, event in held.events.items()}
    return {**events, **{key: item.name for key, item in held.items.items() if key not in events}}


@require_GET
@signed_in
def mandates(request: ViewerRequest) -> HttpResponse:
    """List what was given and what is held, what is in force, waits or has ended."""
    rows = mandating.mandates(request.viewer, today=timezone.localdate())
    context = {
        "given": [row for row in rows if row.is_given],
        "held": [row for row in rows if not row.is_given],
        "names": _names(request),
    }
    return render(request, "portal/mandates.html", context)


@sensitive_post_parameters("agent_number", "agent_name")
@require_http_methods(["GET", "POST"])
@at_level(Assurance.SIGNED)
def offer(request: ViewerRequest) -> HttpResponse:
    """Offer a mandate: for oneself, or for the company one heads and acts for. It is signed: hence the level."""
    names = _names(request)
    if request.method == "GET":
        first = {"scope": EVERYTHING, "valid_from": timezone.localdate().isoformat()}
        typed = Typed({**dict.fromkeys(FIELDS, ""), **first}, None)
        return _offer_page(request, names, typed, 200)
    typed = _read(request.POST, names)
    if typed.terms is None:
        return _offer_page(request, names, typed, 422)
    try:
        heads.offer(
            agent_number=typed.values["agent_number"],
            agent_name=typed.values["agent_name"],
            terms=typed.terms,
            by=request.viewer,
            now=timezone.now(),
        )
    except Refusal as refusal:
        refused = Typed(typed.values, None, [("agent_number", refusal.text(language()))])
        return _offer_page(request, names, refused, 409)
    messages.success(request, _("The mandate is offered. It counts once the other side has accepted it."))
    return redirect("portal:mandates")


def _offer_page(request: ViewerRequest, names: Mapping[str, Words], typed: Typed, status: int) -> HttpResponse:
    return render(request, "portal/offer_mandate.html", {"names": names, "typed": typed}, status=status)


def _read(sent: QueryDict, names: Mapping[str, Words]) -> Typed:
    values = {key: sent.get(key, "").replace("\x00", "").strip()[:80] for key in FIELDS}
    errors = [(key, _("Fill this in.")) for key in ("agent_number", "agent_name") if not values[key]]
    first, last = _day(values["valid_from"]), _day(values["valid_to"])
    if first is None:
        errors.append(("valid_from", _("Give the first day as year-month-day, such as 2026-11-25.")))
    if values["valid_to"] and last is None:
        errors.append(("valid_to", _("Give the last day as year-month-day, or leave it empty.")))
    if values["scope"] not in {EVERYTHING, *names}:
        errors.append(("scope", _("Choose what the mandate is for.")))
    terms = MandateTerms(values["scope"], first, last, is_accepted=False) if first and not errors else None
    return Typed(values, terms, errors)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@require_POST
@signed_in
def accept(request: ViewerRequest, public_id: UUID) -> HttpResponse:
    """Accept an offer made to oneself."""
    try:
        mandating.accept_mandate(public_id=public_id, by=request.viewer, now=timezone.now())
    except ObjectDoesNotExist as missing:
        raise Http404 from missing
    except Refusal as refusal:
        messages.error(request, refusal.text(language()))
        return redirect("portal:mandates")
    messages.success(request, _("Accepted. Choose under 'Act for' for whom you act."))
    return redirect("portal:mandates")


@require_POST
@signed_in
def end(request: ViewerRequest, public_id: UUID) -> HttpResponse:
    """End a mandate, take an offer back, or decline it."""
    try:
        mandating.end_by_either(public_id=public_id, by=request.viewer, now=timezone.now())
    except ObjectDoesNotExist as missing:
        raise Http404 from missing
    except Refusal as refusal:
        messages.error(request, refusal.text(language()))
        return redirect("portal:mandates")
    messages.success(request, _("Ended from now on. What was done before stays."))
    return redirect("portal:mandates")


@sensitive_post_parameters("number", "name")
@require_http_methods(["GET", "POST"])
@signed_in
def company(request: ViewerRequest) -> HttpResponse:
    """Prove by the company register that one heads a company, and act for it."""
    values = {key: request.POST.get(key, "").strip()[:80] for key in ("number", "name")}
    context: dict[str, Any] = {"values": values, "errors": []}
    if request.method == "GET":
        return render(request, "portal/company.html", context)
    try:
        heads.prove_head(number=values["number"], name=values["name"], by=request.viewer, now=timezone.now())
    except Refusal as refusal:
        context["errors"] = [("number", refusal.text(language()))]
        return render(request, "portal/company.html", context, status=422)
    messages.success(request, _("The register names you. Choose the company here to act for it."))
    return redirect("portal:act_for")
