"""Visits that took place, counted from what was done at the windows, against the visits promised."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Prefetch, QuerySet

from yici.apps.cases.models import Application, Case
from yici.apps.places import queries as places
from yici.rules.visit_promises import Standing, VisitPromise, kept_share

AT_THE_WINDOW = "window"


@dataclass(frozen=True, slots=True)
class PromiseOf:
    """The promise of one application."""

    reference: str
    event_key: str
    region_code: str
    items: tuple[str, ...]
    promise: VisitPromise


def promises_of(references: Iterable[str]) -> dict[str, VisitPromise]:
    """Return promised and actual visits of applications the caller may see, in one query."""
    rows = _counted(Application.objects.filter(reference__in=list(references)))
    return {row.reference: _promise(row) for row in rows}


def promise_of(application_id: UUID) -> VisitPromise:
    """Return promised and actual visits of one application the caller may see."""
    return _promise(_counted(Application.objects.filter(public_id=application_id)).get())


def _counted(rows: QuerySet[Application]) -> QuerySet[Application]:
    # A visit counts once for an application, whatever was done in it.
    return rows.annotate(actual=Count("visit_touches__visit", distinct=True))


def _promise(row: Application) -> VisitPromise:
    actual: int = row.actual  # type: ignore[attr-defined]  # annotated above
    return VisitPromise(
        promised=row.promised_visits,
        actual=actual,
        closed=row.closed_at is not None,
        by_choice=row.channel == AT_THE_WINDOW,
    )


def account(*, region_code: str | None = None, since: datetime | None = None) -> list[PromiseOf]:
    """Return the promises of every application of a region and below, for a command on the machine."""
    rows = Application.objects.order_by("submitted_at", "id")
    if region_code:
        rows = rows.filter(region__path__startswith=places.region(region_code).path)
    if since:
        rows = rows.filter(submitted_at__gte=since)
    whole = (
        _counted(rows)
        .select_related("region")
        .prefetch_related(
            Prefetch("cases", Case.objects.only("application_id", "item_key", "position").order_by("position"))
        )
    )
    return [
        PromiseOf(
            row.reference,
            row.event_key,
            row.region.code,
            tuple(case.item_key for case in row.cases.all()),
            _promise(row),
        )
        for row in whole.iterator(chunk_size=2000)
    ]


def summary(rows: Iterable[PromiseOf]) -> dict[str, object]:
    """Return what a set of promises adds up to; ``kept_share`` is None while none is settled."""
    listed = [row.promise for row in rows]
    standing = [one.standing for one in listed]
    return {
        "applications": len(listed),
        "promised": sum(one.promised for one in listed),
        "actual": sum(one.actual for one in listed),
        "by_choice": sum(1 for one in listed if one.by_choice and one.promised == 0 and one.actual),
        "kept": standing.count(Standing.KEPT),
        "broken": standing.count(Standing.BROKEN),
        "open": standing.count(Standing.OPEN),
        "kept_share": kept_share(listed),
    }


def document(rows: list[PromiseOf]) -> dict[str, object]:
    """Return promised against actual as one document: all together, each item, each region, and what was broken."""
    return {
        **summary(rows),
        "by_item": _grouped((key, row) for row in rows for key in row.items),
        "by_region": _grouped((row.region_code, row) for row in rows),
        "broken_ones": [
            {
                "application": row.reference,
                "event": row.event_key,
                "region": row.region_code,
                "promised": row.promise.promised,
                "actual": row.promise.actual,
            }
            for row in rows
            if row.promise.standing is Standing.BROKEN
        ],
    }


def _grouped(pairs: Iterable[tuple[str, PromiseOf]]) -> Mapping[str, object]:
    groups: dict[str, list[PromiseOf]] = {}
    for key, row in pairs:
        groups.setdefault(key, []).append(row)
    return {key: summary(groups[key]) for key in sorted(groups)}
