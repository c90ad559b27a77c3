"""Pilots: declared, started, counted and ended by the rule that was declared, and settled by one act."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yici.apps.places import queries as places
from yici.apps.planning import sheets
from yici.apps.reform import pilot_results, pilots
from yici.channels.bench.guards import bench_only
from yici.channels.bench.pilot_figures import ALL_MEASURES, amounts_of, course_of, interval_of
from yici.channels.look.languages import language
from yici.channels.look.middleware import ViewerRequest
from yici.rules.page_measures import OF_A_PAGE
from yici.rules.pilot_plans import OF_A_CASE, PilotPlan, PilotState, place_of_look
from yici.rules.pilots import CannotPilot
from yici.rules.refusals import Refusal
from yici.rules.words import Words


@require_http_methods(["GET", "POST"])
@bench_only
def listed(request: ViewerRequest) -> HttpResponse:
    """List the pilots, and declare another one."""
    message = ""
    if request.method == "POST":
        try:
            made = pilots.declare(
                amendment_id=_uuid(request.POST.get("amendment", "")),
                plan=_plan(request.POST),
                by=request.viewer,
                now=timezone.now(),
            )
            messages.success(request, _("Declared: what stands here is not changed any more."))
            return redirect("bench:pilot", made.public_id)
        except pilots.NoSuchPilot as missing:
            raise Http404 from missing
        except Refusal as refusal:
            message = refusal.text(language())
    context = {
        "rows": pilots.pilots(request.viewer),
        "amendments": pilots.to_try(request.viewer),
        "may_act": pilots.may_act(request.viewer),
        "message": message,
        **_form(request.POST),
    }
    return render(request, "bench/pilots.html", context, status=409 if message else 200)


def _form(sent: QueryDict) -> dict[str, Any]:
    kinds = {"case": [ALL_MEASURES[key] for key in OF_A_CASE], "page": list(OF_A_PAGE.values())}
    return {"sent": sent, "measures": kinds, "all_measures": ALL_MEASURES}


def _plan(sent: QueryDict) -> PilotPlan:
    """Read a declaration. Raises CannotPilot for what is no number or no day."""
    by_people = sent.get("who") != "counties"
    try:
        return PilotPlan(
            measure=sent.get("measure", ""),
            share=int(sent.get("percent", "")) / 100 if by_people else None,
            county_count=None if by_people else _small(sent.get("county_count", "")),
            before_months=0 if by_people else _small(sent.get("before_months", "")),
            planned=_small(sent.get("planned", "")),
            looks=tuple(int(one) / 100 for one in sent.get("looks", "").replace("，", ",").split(",")),
            last_day=date.fromisoformat(sent.get("last_day", "")),
        )
    except ValueError as error:
        raise CannotPilot(
            zh="请填写整数和日期；查看时点写成 50, 100 的形式。",
            en="Give whole numbers and a day; write the looks like 50, 100.",
        ) from error


def _small(text: str) -> int:
    if len(text) > 7:
        raise ValueError(text)
    return int(text)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Http404 from error


@require_GET
@bench_only
def one(request: ViewerRequest, public_id: UUID) -> HttpResponse:
    """Show a pilot: what was declared, how many results there are, and what it did once that may be looked at."""
    return _page(request, public_id)


def _page(request: ViewerRequest, public_id: UUID, message: str = "") -> HttpResponse:
    now = timezone.now()
    try:
        pilot = pilots.pilot(request.viewer, public_id)
    except pilots.NoSuchPilot as missing:
        raise Http404 from missing
    counted = pilot_results.counted(pilot, pilot.ended_at or now)
    over = pilot_results.is_over(pilot, now) if pilot.state == PilotState.RUNNING else False
    reached = place_of_look(pilot.looks, counted.results, pilot.planned, is_over=over)
    shown = _shown(pilot, pilot.result if pilot.result is not None else _running(pilot, now, reached, over))
    context = {
        "pilot": pilot,
        "measure": ALL_MEASURES[pilot.measure],
        "days": sheets.days_counted(pilot.started_at or now) if pilot.measure in OF_A_PAGE else 0,
        "minutes": sheets.left_after(now),
        "counted": counted,
        "is_over": over,
        "reached": reached,
        "counties": [_county(code) for code in pilot.counties],
        "may_act": pilots.may_act(request.viewer),
        "message": message,
        **shown,
        **_form(request.POST),
    }
    return render(request, "bench/pilot.html", context, status=409 if message else 200)


def _running(pilot: Any, now: Any, reached: int | None, over: bool) -> dict[str, Any]:
    """Return what may be looked at while it runs: by people from the first look on, by counties once it is over."""
    if pilot.state != PilotState.RUNNING or reached is None or (pilot.share is None and not over):
        return {}
    try:
        return pilot_results.result_of(pilot, now) | pilot_results.arms_of(pilot, now)
    except CannotPilot as too_little:
        return {"nothing": too_little.words._asdict()}


def _shown(pilot: Any, result: dict[str, Any]) -> dict[str, Any]:
    if "effect" not in result:
        nothing = Words(**result["nothing"]) if "nothing" in result else None
        return {"result": result, "effect": None, "interval": None, "course": None, "nothing": nothing}
    effect = pilot_results.effect_in(result["effect"])
    better = ALL_MEASURES[pilot.measure].higher_is_better == (effect.estimate > 0)
    interval = interval_of(effect)
    course = course_of(result["course"], list(pilot_results.labels_of(pilot))) if "course" in result else None
    return {
        "result": result,
        "effect": effect,
        "better": better,
        "interval": interval,
        "amounts": amounts_of(pilot.measure, effect, interval.reach),
        "course": course,
        "nothing": None,
    }


def _county(code: str) -> Words:
    here = places.region(code)
    return Words(here.name, here.name_en)


@require_POST
@bench_only
def act(request: ViewerRequest, public_id: UUID, name: str) -> HttpResponse:
    """Do one act of a pilot; a refusal is shown on its page."""
    done = _ACTS.get(name)
    if done is None:
        raise Http404
    try:
        target = done({"pilot_id": public_id, "by": request.viewer, "now": timezone.now()}, request.POST)
    except pilots.NoSuchPilot as missing:
        raise Http404 from missing
    except Refusal as refusal:
        return _page(request, public_id, refusal.text(language()))
    messages.success(request, _("Done."))
    return redirect("bench:pilot", target or public_id)


def _adopt(terms: dict[str, Any], sent: QueryDict) -> None:
    try:
        day = date.fromisoformat(sent.get("in_force_on", ""))
    except ValueError as error:
        raise CannotPilot(zh="请填写施行日期。", en="Give the day it comes into force.") from error
    pilots.adopt(**terms, in_force_on=day)


def _start(terms: dict[str, Any], sent: QueryDict) -> None:
    pilots.start(**terms)


def _end(terms: dict[str, Any], sent: QueryDict) -> None:
    pilots.end(**terms)


def _roll_back(terms: dict[str, Any], sent: QueryDict) -> None:
    pilots.roll_back(**terms)


def _extend(terms: dict[str, Any], sent: QueryDict) -> UUID:
    made: UUID = pilots.extend(**terms, plan=_plan(sent)).public_id
    return made


_ACTS: dict[str, Callable[[dict[str, Any], QueryDict], UUID | None]] = {
    "start": _start,
    "end": _end,
    "adopt": _adopt,
    "extend": _extend,
    "roll-back": _roll_back,
}
