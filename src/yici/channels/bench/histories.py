"""Histories of other systems: taken in from a file, and laid beside ours."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yici.apps.reform import histories
from yici.channels.bench.guards import bench_only
from yici.channels.bench.history_figures import flow_of, spread_of
from yici.channels.look.languages import language
from yici.channels.look.middleware import ViewerRequest
from yici.rules.process_logs import ProcessReport
from yici.rules.process_tables import NEEDED, USUAL
from yici.rules.refusals import Refusal


@require_http_methods(["GET", "POST"])
@bench_only
def listed(request: ViewerRequest) -> HttpResponse:
    """List the histories, and take in another one; what is wrong with a file stands above the form."""
    faults: tuple[str, ...] = ()
    if request.method == "POST":
        try:
            made = histories.keep(
                name=request.POST.get("name", "").replace("\x00", ""),
                content=_sent(request),
                asked={key: request.POST.get(key, "") for key in USUAL},
                by=request.viewer,
                now=timezone.now(),
            )
        except Refusal as refusal:
            faults = _said(refusal)
        else:
            messages.success(request, _("Read and kept."))
            return redirect("bench:history", made.public_id)
    context = {"rows": histories.histories(request.viewer), "faults": faults, "sent": request.POST}
    return render(request, "bench/histories.html", context | _columns({}, ()), status=409 if faults else 200)


@require_POST
@bench_only
def columns(request: ViewerRequest) -> HttpResponse:
    """Show the columns of the file that was just chosen, with a guess which holds what. Nothing is kept."""
    try:
        found = histories.columns_in(_sent(request))
    except Refusal as refusal:
        context = _columns({}, ()) | {"fault": refusal.text(language())}
    else:
        context = _columns(found.guessed, found.names)
    return render(request, "bench/history_columns.html", context)


def _columns(guessed: Any, names: tuple[str, ...]) -> dict[str, Any]:
    words = {
        "case": _("Number of the case"),
        "activity": _("Step that was done"),
        "time": _("When it was done"),
        "resource": _("Who did it"),
        "deadline": _("By when the case was due"),
    }
    fields = [(key, words[key], guessed.get(key, ""), key in NEEDED, "、".join(USUAL[key])) for key in USUAL]
    return {"fields": fields, "names": names, "fault": ""}


def _sent(request: ViewerRequest) -> bytes:
    sent = request.FILES.get("file")
    return sent.read(histories.MOST_BYTES + 1) if sent else b""


def _said(refusal: Refusal) -> tuple[str, ...]:
    several = getattr(refusal, "faults", ())
    return tuple(one.text(language()) for one in several) or (refusal.text(language()),)


@require_GET
@bench_only
def one(request: ViewerRequest, public_id: UUID) -> HttpResponse:
    """Show what a history says, beside ours of the item that was chosen."""
    try:
        row, theirs = histories.history(request.viewer, public_id)
    except histories.NoSuchHistory as missing:
        raise Http404 from missing
    items = histories.our_items(request.viewer)
    chosen = request.GET.get("item", "") or (items[0][0] if items else "")
    ours = histories.ours(request.viewer, chosen, language=language(), now=timezone.now()) if chosen else None
    context = {
        "row": row,
        "theirs": theirs,
        "ours": ours,
        "items": items,
        "chosen": chosen,
        "chosen_name": next((name for key, name, _count in items if key == chosen), None),
        "span": span,
        "measures": _measures(theirs, ours),
        "spread": spread_of(theirs, ours),
        "flow": flow_of(theirs.main),
        "our_flow": flow_of(ours.main) if ours else None,
        "is_own": row.organisation_id == request.viewer.organisation_id,
    }
    return render(request, "bench/history.html", context)


def _measures(theirs: ProcessReport, ours: ProcessReport | None) -> list[tuple[str, str, str]]:
    rows = zip(_figures(theirs), _figures(ours) if ours else [], strict=False) if ours else ()
    named = [(name, value, other) for (name, value), (_name, other) in rows]
    return named or [(name, value, "–") for name, value in _figures(theirs)]


def _figures(found: ProcessReport) -> list[tuple[str, str]]:
    return [
        (_("Cases"), f"{found.cases:,}"),
        (_("Steps done"), f"{found.events:,}"),
        (_("Half of the cases took up to"), span(found.hours)),
        (_("Time between two people, of all time"), _share(found.waiting_hours, found.total_hours)),
        (_("Cases with a deadline"), f"{found.with_deadline:,}"),
        (_("Late, of those with a deadline"), _share(found.late, found.with_deadline)),
        (_("Half of the late ones were late by up to"), span(found.hours_late) if found.late else "–"),
        (_("Cases in which a step was done again"), _share(found.cases_with_loops, found.cases)),
        (_("Steps done again"), f"{found.repeats:,}"),
    ]


def span(hours: float) -> str:
    """Return a time as people say it: minutes, hours or days, whichever is the largest that is not nought."""
    if hours >= 24:
        return _("%(n).1f days") % {"n": hours / 24}
    return _("%(n).1f hours") % {"n": hours} if hours >= 1 else _("%(n)d minutes") % {"n": round(hours * 60)}


def _share(part: float, whole: float) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "–"


@require_POST
@bench_only
def remove(request: ViewerRequest, public_id: UUID) -> HttpResponse:
    """Delete a history of one's own organisation."""
    try:
        histories.remove(history_id=public_id, by=request.viewer, now=timezone.now())
    except histories.NoSuchHistory as missing:
        raise Http404 from missing
    messages.success(request, _("Deleted."))
    return redirect("bench:histories")
