"""What a clerk and a person do at the one window, so that a test reads like a visit."""

from datetime import datetime
from io import BytesIO
from uuid import UUID

from PIL import Image

from yici.apps.halls import intake, papers, visits
from yici.apps.halls.identifying import Shown
from yici.apps.people.models import Account
from yici.apps.people.viewers import Viewer, viewer_of
from yici.apps.planning import actions as planning
from yici.apps.planning import queries as plans
from yici.rules.items import Element, ElementKind
from yici.rules.plans import Plan

TONGLU_CLERK, WUXING_CLERK = "government_service_hall.330122.window", "government_service_hall.330502.window"
ORDINARY = {
    ElementKind.BOOL: "false",
    ElementKind.PHONE: "13857112345",
    ElementKind.DATE: "2027-03-01",
    ElementKind.ID_NUMBER: "11010519491231002X",
    ElementKind.USCC: "91350100M000100Y43",
    ElementKind.REGION: "330122000000",
}


def viewer(login: str) -> Viewer:
    """Return the demonstration account as a viewer."""
    return viewer_of(Account.objects.get(login=login))


def clerk(login: str = TONGLU_CLERK) -> Viewer:
    """Return a clerk of an integrated window."""
    return viewer(login)


def card_of(login: str) -> str:
    """Return what the card reader types for the person behind an account."""
    party = Account.objects.get(login=login).party
    assert party is not None
    return str(party.id_number)


def serve(login: str, by: Viewer, now: datetime) -> UUID:
    """Begin a visit by the card of the person behind an account."""
    return visits.begin(shown=Shown(read=card_of(login)), by=by, now=now)


def a_scan() -> bytes:
    """Return a small picture as a scanner makes it."""
    out = BytesIO()
    Image.new("RGB", (60, 80), "white").save(out, "PNG")
    return out.getvalue()


def ordinary(element: Element) -> str:
    """Return an answer that anybody might give."""
    if element.values:
        return element.values[0][0]
    if element.kind in {ElementKind.INT, ElementKind.FEN}:
        return str(element.minimum or 1)
    return ORDINARY.get(element.kind, "沈小满")


def plan_together(need: str, by: Viewer, now: datetime, **answers: str) -> tuple[UUID, Plan]:
    """Begin a need, answer every question, fill in the form; return draft and plan."""
    key = intake.start(event_key=need, by=by, now=now)
    person = visits.serving(by, now=now)
    while (plan := plans.plan_of(person, view := plans.draft(person, key, browser=""))).questions:
        asked = plans.element(view, plan.questions[0])
        assert asked is not None
        said = answers.get(asked.key, ordinary(asked))
        planning.answer(by=person, browser="", public_id=key, key=asked.key, typed=said, now=now)
    known = planning.known_facts(by=person, view=view, plan=plan, now=now)
    fields = {one.key: ordinary(one) for one in plans.form_elements(view, plan) if one.key not in known}
    planning.save_fields(
        by=person, browser="", public_id=key, version=view.version, fields=fields, disputes={}, now=now
    )
    return key, plan


def scan_everything(draft_id: UUID, plan: Plan, by: Viewer, now: datetime) -> None:
    """Look at every paper of the plan, scan it and find it fit."""
    for row in papers.wanted_of_plan(plan):
        look = papers.Look("fits", original_seen=True, filename="scan.png", content=a_scan())
        papers.check_for_draft(draft_id=draft_id, proves=row.proves, look=look, by=by, now=now)


def take_in(draft_id: UUID, plan: Plan, by: Viewer, now: datetime, *, results: str = "") -> intake.Taken:
    """Submit at the window."""
    return intake.submit(
        draft_id=draft_id,
        seen_visits=plan.visits,
        signed=True,
        paper_results=results,
        address="桐庐县示例路1号" if results == "post" else "",
        by=by,
        now=now,
    )
