"""What is open for the person at the window, what stands on his own page, and what counts against an item."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Exists, OuterRef

from yici.apps.cases.applicant_acts import own_applications
from yici.apps.cases.models import Correction, Evidence
from yici.apps.cases.moves import NOT_THERE
from yici.apps.cases.queries import ApplicationLine, applications_of
from yici.apps.halls import handing_out, receipts
from yici.apps.halls.handing_out import HandoutView
from yici.apps.halls.models import ExtraDemand
from yici.apps.halls.receipts import ReceiptView
from yici.apps.halls.visit_counts import promise_of
from yici.apps.people.viewers import Viewer
from yici.apps.places import queries as places
from yici.apps.planning.queries import DraftView, drafts_of
from yici.rules.visit_promises import VisitPromise

NoSuchReceipt = receipts.NoSuchReceipt


@dataclass(frozen=True, slots=True)
class Matter:
    """An application of the person at the window, with what he may do about it here."""

    line: ApplicationLine
    papers_due: bool
    correction_open: bool


@dataclass(frozen=True, slots=True)
class Matters:
    """Everything open for the person at the window."""

    drafts: tuple[DraftView, ...]
    applications: tuple[Matter, ...]
    to_collect: tuple[HandoutView, ...]


@dataclass(frozen=True, slots=True)
class AtTheWindow:
    """What happened at windows for one application, for its own page."""

    promise: VisitPromise
    receipts: tuple[ReceiptView, ...]
    handouts: tuple[HandoutView, ...]


@dataclass(frozen=True, slots=True)
class DemandView:
    """Something asked beyond a plan."""

    item_key: str
    what: str
    why: str
    asked_by: str
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class DemandCount:
    """How often an item asked for more than its guide, in one region."""

    item_key: str
    region_code: str
    by_department: int
    by_clerk: int


def matters_of(person: Viewer) -> Matters:
    """Return the open matters of the person at the window; ``person`` is the viewer of an open visit."""
    due = Evidence.objects.filter(case__application=OuterRef("pk"), case__closed_at=None, status__in=NOT_THERE)
    asked = Correction.objects.filter(case__application=OuterRef("pk"), case__closed_at=None, answered_at=None)
    marks = {
        row.public_id: (row.papers_due, row.asked)
        for row in own_applications(person).annotate(papers_due=Exists(due), asked=Exists(asked))
    }
    lines = applications_of(person).rows
    return Matters(
        drafts=tuple(drafts_of(person)),
        applications=tuple(Matter(line, *marks[line.public_id]) for line in lines),
        to_collect=tuple(handing_out.for_person(person)),
    )


def at_the_window(viewer: Viewer, application_id: UUID) -> AtTheWindow:
    """Return visits, receipts and handouts of an application of the viewer. Raises Application.DoesNotExist."""
    own_applications(viewer).only("pk").get(public_id=application_id)
    return AtTheWindow(
        promise=promise_of(application_id),
        receipts=tuple(receipts.receipts_of(viewer, application_id)),
        handouts=tuple(handing_out.of_applications([application_id]).get(application_id, [])),
    )


def demands_of_draft(draft_id: UUID) -> list[DemandView]:
    """Return what was asked beyond the plan of a draft the caller may see."""
    rows = ExtraDemand.objects.filter(draft_id=draft_id).order_by("asked_at")
    return [DemandView(one.item_key, one.what, one.why, one.asked_by, one.asked_at) for one in rows]


def demand_counts(*, region_code: str = "330000", since: datetime | None = None) -> list[DemandCount]:
    """Return how often each item asked for more than its guide, the most often first: a signal against the item."""
    rows = ExtraDemand.objects.filter(region__path__startswith=places.region(region_code).path)
    if since:
        rows = rows.filter(asked_at__gte=since)
    counted = rows.values("item_key", "region__code", "asked_by").annotate(n=Count("pk"))
    sums: dict[tuple[str, str], dict[str, int]] = {}
    for one in counted:
        sums.setdefault((one["item_key"], one["region__code"]), {})[one["asked_by"]] = one["n"]
    found = [DemandCount(*key, n.get("department", 0), n.get("clerk", 0)) for key, n in sums.items()]
    return sorted(found, key=lambda one: (-one.by_department - one.by_clerk, one.item_key, one.region_code))
