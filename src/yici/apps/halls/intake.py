"""Everything a person needs, taken once at one window for all departments (规定 art. 5, 7, 11)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from yici.apps.cases import actions as cases
from yici.apps.cases.applicant_acts import own_applications
from yici.apps.cases.models import Application
from yici.apps.halls import handing_out, receipts
from yici.apps.halls.delegations import delegated_items
from yici.apps.halls.models import ExtraDemand, TakenPaper
from yici.apps.halls.papers import CannotTakeAtWindow, settle_paper, wanted_of_plan
from yici.apps.halls.visits import CannotServe, open_visit, serving, touch, turn_screen
from yici.apps.journal import actions as journal
from yici.apps.people.viewers import Viewer
from yici.apps.places import queries as places
from yici.apps.planning import actions as planning
from yici.apps.planning import nudging
from yici.apps.planning import queries as plans
from yici.rules.clock_courses import local_day


@dataclass(frozen=True, slots=True)
class Taken:
    """What one intake came to."""

    application_id: UUID
    accepted: tuple[str, ...]
    receipt_id: UUID


@transaction.atomic
def start(*, event_key: str, by: Viewer, now: datetime) -> UUID:
    """Begin the person's draft at the hall's place; it is his own and he finds it in his account too.

    Raises CannotServe when the mandate does not cover this need.
    """
    visit, person = open_visit(by), serving(by, now=now)
    if not person.may_act_in(event_key):
        raise CannotServe(
            zh="委托书不包含这件事。请选择“为本人办理”，或请对方补办授权。",
            en="The mandate does not cover this need. Choose 'for myself', or ask for a wider mandate.",
        )
    draft = planning.start_draft(
        by=person, browser="", event_key=event_key, region_code=visit.hall.region.code, now=now, reads=False
    )
    turn_screen(draft_id=draft, purpose=event_key, by=by)
    return draft


@transaction.atomic
def ask_beyond_plan(
    *, draft_id: UUID, item_key: str, what: str, why: str, asked_by: str, by: Viewer, now: datetime
) -> None:
    """Record something asked of the person that his plan does not name; it counts against the item.

    Raises CannotTakeAtWindow without what, why and who asks.
    """
    visit, person = open_visit(by), serving(by, now=now)
    view = plans.draft(person, draft_id, browser="")
    items = {row.item for row in plans.plan_of(person, view).items}
    if not what.strip() or not why.strip() or asked_by not in {"department", "clerk"} or item_key not in items:
        raise CannotTakeAtWindow(
            zh="请写明哪个事项、要求什么、为什么、由谁提出。办事人会在受理凭证上看到，并计入该事项的改革信号。",
            en="Say for which service, what is asked, why, and who asks. The person reads it on the receipt, and it "
            "counts against the service.",
        )
    ExtraDemand.objects.create(
        visit=visit,
        draft_id=draft_id,
        item_key=item_key,
        region=places.region_row(view.region_code),
        what=what.strip()[:200],
        why=why.strip()[:300],
        asked_by=asked_by,
        asked_at=now,
    )
    facts = {"item": item_key, "asked_by": asked_by, "visit": str(visit.public_id)}
    journal.record("hall.demand_added", subject=str(visit.party), by=person.label, now=now, facts=facts)


@transaction.atomic
def submit(
    *,
    draft_id: UUID,
    seen_visits: int | None,
    signed: bool,
    paper_results: str,
    address: str,
    by: Viewer,
    now: datetime,
) -> Taken:
    """Submit at the window, give the papers to every case, accept what is delegated, make the one receipt.

    ``paper_results``: "" none, "collect" or "post" (the person may ask for paper beside the electronic result,
    规定 art. 15). Raises CannotTakeAtWindow, CannotSubmit, CannotReadForm; then nothing was kept.
    """
    visit, person = open_visit(by), serving(by, now=now)
    _check_ready(person, draft_id, signed=signed)
    application_id = cases.submit(
        by=person,
        browser="",
        draft_id=draft_id,
        seen_visits=seen_visits,
        idempotency_key=f"draft:{draft_id}",
        channel="window",
        now=now,
    )
    application = own_applications(person).get(public_id=application_id)
    made = receipts.receipt_of(application, visit)
    if made is not None:  # sent twice
        return Taken(application_id, (), made)
    _give_papers(application, draft_id, person, now)
    ExtraDemand.objects.filter(draft_id=draft_id).update(application=application)
    accepted = accept_delegated(application, by=person, now=now)
    touch(visit, application.pk, "apply", now=now)
    handing_out.want(application, way=paper_results, address=address, by=person, now=now)
    nudging.chose_way(
        event_key=application.event_key,
        posted=paper_results == handing_out.POST,
        collected=paper_results == handing_out.COLLECT,
        by=person,
        now=now,
    )
    receipt = receipts.make(application, visit, by=person, now=now)
    return Taken(application_id, accepted, receipt)


def _check_ready(person: Viewer, draft_id: UUID, *, signed: bool) -> None:
    if not signed:
        raise CannotTakeAtWindow(
            zh="请办事人确认内容属实并签名，再提交。", en="Ask the person to confirm and sign the declaration first."
        )
    view = plans.draft(person, draft_id, browser="")
    looked_at = set(TakenPaper.objects.filter(draft_id=draft_id).values_list("proves", flat=True))
    left = [row for row in wanted_of_plan(plans.plan_of(person, view)) if row.proves not in looked_at]
    if left and view.application_id is None:
        names = "、".join(row.name.zh for row in left), ", ".join(row.name.en for row in left)
        raise CannotTakeAtWindow(
            zh=f"还没有核对：{names[0]}。没有带来的，请选“不符合”并写明，一次性告知。",
            en=f"Not looked at yet: {names[1]}. If it was not brought, choose 'does not fit' and say so, once.",
        )


def _give_papers(application: Application, draft_id: UUID, person: Viewer, now: datetime) -> None:
    for paper in TakenPaper.objects.filter(draft_id=draft_id):
        paper.application = application
        paper.save(update_fields=["application"])
        settle_paper(application, paper.proves, paper.finding, paper.reason, paper.attachment_id, by=person, now=now)


def accept_delegated(application: Application, *, by: Viewer, now: datetime) -> tuple[str, ...]:
    """Accept for their departments what they have entrusted to the window and what is complete."""
    items = delegated_items(application.cases.select_related("organisation", "revision"), local_day(now))
    return cases.accept_at_window(application_id=application.public_id, items=items, by=by, now=now)


@transaction.atomic
def settle_application(*, application_id: UUID, by: Viewer, now: datetime) -> Taken:
    """Finish the papers of an application made elsewhere: accept what is complete, make its receipt."""
    visit, person = open_visit(by), serving(by, now=now)
    application = own_applications(person).get(public_id=application_id)
    accepted = accept_delegated(application, by=person, now=now)
    touch(visit, application.pk, "original", now=now)
    return Taken(application_id, accepted, receipts.make(application, visit, by=person, now=now))


@transaction.atomic
def answer_correction(
    *, case_id: UUID, reply: str, papers: Mapping[str, tuple[str, bytes]], by: Viewer, now: datetime
) -> None:
    """Answer a correction notice at the window with what the person brought. Raises CannotAct, CannotTakePaper."""
    visit, person = open_visit(by), serving(by, now=now)
    cases.answer_correction(case_id=case_id, reply=reply, papers=papers, by=person, now=now)
    touch(visit, own_applications(person).get(cases__public_id=case_id).pk, "correct", now=now)


@transaction.atomic
def record_presence(*, application_id: UUID, what: str, by: Viewer, now: datetime) -> None:
    """Note that the person was there for an act that needs him (an interview, a signature, a photograph)."""
    visit, person = open_visit(by), serving(by, now=now)
    application = own_applications(person).get(public_id=application_id)
    touch(visit, application.pk, "presence", now=now, detail=what)
    facts = {"visit": str(visit.public_id), "what": what[:80]}
    journal.record("hall.present", subject=application.reference, by=person.label, now=now, facts=facts)
