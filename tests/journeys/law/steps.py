"""What people do on the way from a need to a licence, so that a test of an article reads like the article."""

from collections.abc import Mapping
from datetime import datetime
from io import BytesIO
from uuid import UUID

from PIL import Image

from yici.apps.cases import actions as cases
from yici.apps.cases.models import Application, Case, Step
from yici.apps.people.models import Account
from yici.apps.people.viewers import Viewer, viewer_of
from yici.apps.planning import actions as planning
from yici.apps.planning import queries as plans
from yici.rules.items import Element, ElementKind
from yici.rules.plans import Plan

TONGLU = "330122000000"
HOSPITAL = {"birth_place": "hospital", "parents_married": "true", "other_parent_in_province": "true"}
ORDINARY = {
    ElementKind.BOOL: "false",
    ElementKind.PHONE: "13857112345",
    ElementKind.DATE: "2027-03-01",
    ElementKind.ID_NUMBER: "11010519491231002X",
    ElementKind.USCC: "91350100M000100Y43",
    ElementKind.REGION: TONGLU,
}


def viewer(login: str) -> Viewer:
    """Return the demonstration account as a viewer."""
    return viewer_of(Account.objects.get(login=login))


def ordinary(element: Element) -> str:
    """Return an answer that anybody might give."""
    if element.values:
        return element.values[0][0]
    if element.kind in {ElementKind.INT, ElementKind.FEN}:
        return str(element.minimum or 1)
    return ORDINARY.get(element.kind, "沈小满")


def draft(by: Viewer, need: str, now: datetime, *, answers: Mapping[str, str], region: str = TONGLU) -> UUID:
    """Begin a draft, answer what is asked and fill in the shared form."""
    key = planning.start_draft(by=by, browser="", event_key=need, region_code=region, answers=answers, now=now)
    while plan_of(by, key).questions:
        asked = plans.element(plans.draft(by, key, browser=""), plan_of(by, key).questions[0])
        assert asked is not None
        planning.answer(by=by, browser="", public_id=key, key=asked.key, typed=ordinary(asked), now=now)
    return key


def plan_of(by: Viewer, draft_id: UUID) -> Plan:
    """Return the plan of a draft."""
    return plans.plan_of(by, plans.draft(by, draft_id, browser=""))


def form_of(by: Viewer, draft_id: UUID) -> tuple[Element, ...]:
    """Return the fields of the shared form of a draft."""
    return plans.form_elements(plans.draft(by, draft_id, browser=""), plan_of(by, draft_id))


def fill(
    by: Viewer,
    draft_id: UUID,
    now: datetime,
    *,
    sent: Mapping[str, str] | None = None,
    disputes: Mapping[str, str] | None = None,
) -> None:
    """Fill in the shared form with ordinary words; ``sent`` is what the browser posts beside or instead."""
    view = plans.draft(by, draft_id, browser="")
    known = planning.known_facts(by=by, view=view, plan=plans.plan_of(by, view), now=now)
    fields = {one.key: ordinary(one) for one in form_of(by, draft_id) if one.key not in known}
    planning.save_fields(
        by=by,
        browser="",
        public_id=draft_id,
        version=view.version,
        fields={**fields, **(sent or {})},
        disputes=disputes or {},
        now=now,
    )


def photograph() -> bytes:
    """Return a small picture as a telephone sends it."""
    out = BytesIO()
    Image.new("RGB", (9, 9)).save(out, "PNG")
    return out.getvalue()


def upload_all(by: Viewer, draft_id: UUID, now: datetime, *, but: tuple[str, ...] = ()) -> None:
    """Upload a paper for each requirement of the plan that wants one, except those named."""
    for row in plans.uploads_wanted(plans.draft(by, draft_id, browser=""), plan_of(by, draft_id)):
        if row.requirement not in but:
            cases.add_paper(
                by=by, draft_id=draft_id, proves=row.proves, filename="paper.png", content=photograph(), now=now
            )


def submit(by: Viewer, draft_id: UUID, now: datetime, *, key: str = "") -> Application:
    """Submit a draft and return the application."""
    made = cases.submit(
        by=by,
        browser="",
        draft_id=draft_id,
        seen_visits=None,
        idempotency_key=key or str(draft_id),
        channel="web",
        now=now,
    )
    return Application.objects.get(public_id=made)


def apply(by: Viewer, need: str, now: datetime, *, answers: Mapping[str, str], region: str = TONGLU) -> Application:
    """Walk from the need to a submitted application with nothing unusual on the way."""
    key = draft(by, need, now, answers=answers, region=region)
    fill(by, key, now)
    return submit(by, key, now)


def apply_for_small_restaurant(by: Viewer, now: datetime, *, but: tuple[str, ...] = ()) -> Case:
    """Apply for one item whose licence is shown at the window; ``but`` are papers left for later."""
    key = draft(by, "small_catering_registration", now, answers={})
    fill(by, key, now)
    upload_all(by, key, now, but=but)
    return case_of(submit(by, key, now), "small_catering_registration")


def case_of(application: Application, item: str) -> Case:
    """Return the case of an item as it is now."""
    return Case.objects.get(application=application, item_key=item)


def desk_of(step: Step) -> Viewer:
    """Return somebody whose step this is."""
    rows = Account.objects.filter(staff__organisation_id=step.organisation_id).order_by("login")
    return next(one for one in map(viewer_of, rows) if step.post in one.posts)


def taken(case: Case, now: datetime) -> tuple[UUID, Viewer]:
    """Let the case's ready step be taken; return it and who took it."""
    step = case.steps.filter(state="ready").order_by("position").first()
    assert step is not None
    by = desk_of(step)
    cases.take_step(step_id=step.public_id, by=by, now=now)
    return step.public_id, by


def show_originals(case: Case, step_id: UUID, by: Viewer, now: datetime) -> None:
    """Let the person show every original the case waits for."""
    for key in list(case.evidence.filter(status="due").values_list("requirement", flat=True)):
        cases.show_original(step_id=step_id, requirement=key, by=by, now=now)


def decide(case: Case, now: datetime, *, grant: bool = True) -> Viewer:
    """Carry a case through its steps up to the decision; return who decided."""
    for _ in range(case.steps.count()):
        key, by = taken(case, now)
        case.refresh_from_db()
        if case.accepted_at is None:
            show_originals(case, key, by, now)
            cases.accept(step_id=key, by=by, now=now)
        step = Step.objects.get(public_id=key)
        if step.decides:
            basis = "" if grant else "中华人民共和国户口登记条例 第七条"
            cases.decide(
                step_id=key, grant=grant, reason="符合条件" if grant else "不符合条件", basis=basis, by=by, now=now
            )
            return by
        if step.state != "done":
            cases.finish_step(step_id=key, opinion="", by=by, now=now)
    raise AssertionError("no step decided")
