"""Lives of invented people through the real actions: they plan, apply, come to the window, are decided upon."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from io import BytesIO
from random import Random
from uuid import UUID

from django.db import transaction
from PIL import Image

from yici.apps.cases import actions as cases
from yici.apps.cases.models import Application, Case
from yici.apps.catalogue import queries as catalogue
from yici.apps.halls import intake, papers, visits
from yici.apps.halls.identifying import Shown
from yici.apps.halls.simulated_people import as_viewer, invented, put_on_record, said
from yici.apps.people.models import Account, Party
from yici.apps.people.viewers import Viewer, viewer_of
from yici.apps.places import queries as places
from yici.apps.planning import actions as planning
from yici.apps.planning import queries as plans
from yici.rules.clock_courses import SHANGHAI
from yici.rules.plans import EvidenceStatus, Mode, Plan
from yici.rules.refusals import Refusal

# What people of a county come for most; each weighs alike. Places are those of the demonstration with a staff.
NEEDS = ("newborn", "water_transfer", "birth_registration", "school_enrolment", "veteran_registration", "gas_transfer")
COUNTIES = ("330122000000", "330502000000", "330106000000")
AT_THE_WINDOW, COMES_AGAIN, DECIDED = 0.4, 0.08, 0.9
DAYS = 60
MOST_QUESTIONS, MOST_STEPS = 40, 12


@cache
def _scan() -> bytes:
    out = BytesIO()
    Image.new("RGB", (60, 80), "white").save(out, "PNG")
    return out.getvalue()


class _Unfinished(Refusal):
    """This need has no certain plan for this person; the next one is tried."""


class CannotSimulate(Refusal):
    """There is no such need, or nobody in the county whom lives could meet."""


@dataclass(frozen=True, slots=True)
class Lives:
    """What invented people come for, in which counties, and within how many days from the first."""

    needs: tuple[str, ...] = NEEDS
    counties: tuple[str, ...] = COUNTIES
    days: int = DAYS


USUAL = Lives()


def arrivals(cases_wanted: int, chance: Random, since: date, days: int = DAYS) -> Iterator[datetime]:
    """Yield moments of office hours in order: mornings busier than afternoons, no rest days.

    Like the halls' own: two thirds come before noon.
    """
    calendar = places.calendar()
    open_days = [day for day in (since + timedelta(days=n) for n in range(days)) if calendar.is_workday(day)]
    moments = []
    for _ in range(cases_wanted):
        minute = int(chance.triangular(0, 180, 75)) if chance.random() < 0.66 else 300 + chance.randint(0, 180)
        start = datetime.combine(chance.choice(open_days), datetime.min.time(), tzinfo=SHANGHAI) + timedelta(hours=8.5)
        moments.append(start + timedelta(minutes=minute, seconds=chance.randint(0, 59)))
    yield from sorted(moments)


def simulate(*, cases_wanted: int, seed: int, since: date, lives: Lives = USUAL) -> dict[str, object]:
    """Make applications of invented people, and return what was made. The same seed makes the same lives.

    Raises CannotSimulate when no county has a clerk, or none of the needs.
    """
    chance = Random(seed)
    there = _needs_of_counties(lives)
    made: list[Application] = []
    tried = 0
    for moment in arrivals(cases_wanted * 2, chance, since, lives.days):
        if len(made) == cases_wanted:
            break
        tried += 1
        try:
            with transaction.atomic():
                county = chance.choice([*there])
                made.append(_one_life(chance, county, chance.choice(there[county]), moment))
        except Refusal:  # nothing of this life stays; the next person comes
            continue
    windows = sum(one.channel == "window" for one in made)
    return {
        "seed": seed,
        "since": since.isoformat(),
        "applications": len(made),
        "tried": tried,
        "at_the_window": windows,
    }


def _needs_of_counties(lives: Lives) -> dict[str, list[str]]:
    """Return the counties with a clerk, each with those of the needs that it offers."""
    staffed = [code for code in lives.counties if _clerk(code)]
    found = {code: [key for key in lives.needs if catalogue.find_event(key, code)] for code in staffed}
    there = {code: needs for code, needs in found.items() if needs}
    if not there:
        raise CannotSimulate(
            zh="这些县没有综合窗口人员，或没有这些事项。请先载入演示数据，或另选县和事项。",
            en="None of these counties has a clerk and one of these needs. Load the demonstration, or choose others.",
        )
    return there


def _clerk(region_code: str) -> Viewer | None:
    account = Account.objects.filter(
        staff__organisation__kind="government_service_hall",
        staff__region__code=region_code,
        staff__roles__contains=["window"],
        staff__hall__isnull=False,
    ).first()
    return viewer_of(account) if account else None


def _one_life(chance: Random, region_code: str, need: str, now: datetime) -> Application:
    held = catalogue.catalogue_for(region_code)
    event = catalogue.event(need, region_code)
    party = invented(chance, region_code, now)
    put_on_record(party, plans.items_of(event, held), chance, now)
    clerk = _clerk(region_code)
    assert clerk is not None  # counties without one are left out
    if chance.random() < AT_THE_WINDOW:
        application = _at_the_window(party, need, clerk, chance, now)
    else:
        application = _from_the_phone(party, need, clerk, chance, now)
    if chance.random() < COMES_AGAIN:
        _comes_again(party, application, clerk, now + timedelta(days=1))
    if chance.random() < DECIDED:
        _decided(application, now + timedelta(days=1, hours=1))
    application.refresh_from_db()
    return application


def filled(person: Viewer, draft: UUID, chance: Random, now: datetime) -> Plan:
    """Answer the questions of a draft and fill in its form; return its plan. Raises a Refusal when there is none."""
    for _ in range(MOST_QUESTIONS):
        view = plans.draft(person, draft, browser="")
        plan = plans.plan_of(person, view)
        question = plans.element(view, plan.questions[0]) if plan.questions else None
        if question is None:
            break
        answer = said(question, chance, now.date())
        planning.answer(by=person, browser="", public_id=view.public_id, key=question.key, typed=answer, now=now)
    if plan.questions or plan.mode is Mode.ONE_WINDOW or plan.visits > 1:
        raise _Unfinished(zh="没有确定的方案。", en="No certain plan.")
    known = planning.known_facts(by=person, view=view, plan=plan, now=now)
    fields = {one.key: said(one, chance, now.date()) for one in plans.form_elements(view, plan) if one.key not in known}
    own = {key: said(fact.element, chance, now.date()) for key, fact in known.items()}  # the invented record is no form
    planning.save_fields(
        by=person,
        browser="",
        public_id=view.public_id,
        version=view.version,
        fields=fields,
        disputes=own,
        now=now,
    )
    return plan


def _at_the_window(party: Party, need: str, clerk: Viewer, chance: Random, now: datetime) -> Application:
    visits.begin(shown=Shown(read=party.id_number), by=clerk, now=now)
    draft = intake.start(event_key=need, by=clerk, now=now)
    plan = filled(visits.serving(clerk, now=now), draft, chance, now)
    look = papers.Look("fits", original_seen=True, filename="scan.png", content=_scan())
    for row in papers.wanted_of_plan(plan):
        papers.check_for_draft(draft_id=draft, proves=row.proves, look=look, by=clerk, now=now)
    later = now + timedelta(minutes=chance.randint(6, 25))
    taken = intake.submit(
        draft_id=draft, seen_visits=plan.visits, signed=True, paper_results="", address="", by=clerk, now=later
    )
    visits.end(by=clerk, now=later)
    return Application.objects.get(public_id=taken.application_id)


def _from_the_phone(party: Party, need: str, clerk: Viewer, chance: Random, now: datetime) -> Application:
    person, place = as_viewer(party), clerk.region_code or ""
    draft = planning.start_draft(by=person, browser="", event_key=need, region_code=place, now=now)
    plan = filled(person, draft, chance, now)
    add_papers(person, draft, plan, now)
    application_id = cases.submit(
        by=person,
        browser="",
        draft_id=draft,
        seen_visits=plan.visits,
        idempotency_key=f"draft:{draft}",
        channel="web",
        now=now,
    )
    application = Application.objects.get(public_id=application_id)
    if plan.visits:
        _shows_originals(party, application, clerk, now + timedelta(hours=2))
    return application


def add_papers(person: Viewer, draft: UUID, plan: Plan, now: datetime) -> None:
    """Upload what a plan wants uploaded, each paper once."""
    for row in plan.evidence:
        if row.status is EvidenceStatus.UPLOAD and row.same_as is None:
            cases.add_paper(
                by=person, draft_id=draft, proves=row.proves, filename="photo.png", content=_scan(), now=now
            )


def _shows_originals(party: Party, application: Application, clerk: Viewer, now: datetime) -> None:
    visits.begin(shown=Shown(read=party.id_number), by=clerk, now=now)
    look = papers.Look("fits", original_seen=True, filename="scan.png", content=_scan())
    person = visits.serving(clerk, now=now)
    for line in papers.lines_of_application(person, application.public_id):
        papers.check_for_application(
            application_id=application.public_id, proves=line.proves, look=look, by=clerk, now=now
        )
    intake.settle_application(application_id=application.public_id, by=clerk, now=now)
    visits.end(by=clerk, now=now + timedelta(minutes=9))


def _comes_again(party: Party, application: Application, clerk: Viewer, now: datetime) -> None:
    """A promise that is broken: the person had to come once more."""
    visits.begin(shown=Shown(read=party.id_number), by=clerk, now=now)
    intake.record_presence(application_id=application.public_id, what="补充签字", by=clerk, now=now)
    visits.end(by=clerk, now=now + timedelta(minutes=5))


def _decided(application: Application, now: datetime) -> None:
    """Let the departments work through what they can; what nobody is there for stays open."""
    for key in application.cases.order_by("position").values_list("pk", flat=True):
        for _ in range(MOST_STEPS):
            if not _step_done(Case.objects.get(pk=key), now):
                break


def _step_done(case: Case, now: datetime) -> bool:
    step = case.steps.filter(state="ready").order_by("position").first()
    by = _desk_of(step.organisation_id, step.post) if step else None
    if step is None or by is None or case.closed_at:
        return False
    cases.take_step(step_id=step.public_id, by=by, now=now)
    if Case.objects.get(pk=case.pk).accepted_at is None:
        if case.evidence.filter(status__in=["due", "missing"]).exclude(necessity="optional").exists():
            return False
        cases.accept(step_id=step.public_id, by=by, now=now)
    step.refresh_from_db()
    if step.decides:
        cases.decide(step_id=step.public_id, grant=True, reason="符合条件", basis="", by=by, now=now)
    elif step.state != "done":
        cases.finish_step(step_id=step.public_id, opinion="", by=by, now=now)
    return True


def _desk_of(organisation_id: int, post: str) -> Viewer | None:
    rows = Account.objects.filter(staff__organisation_id=organisation_id).order_by("login")
    return next((one for one in map(viewer_of, rows) if post in one.posts), None)
