"""Declares, starts, counts and ends pilots, and does what follows: adopt, extend or roll back, one act each."""

from datetime import date, datetime
from hashlib import sha256
from secrets import token_hex
from typing import Any
from uuid import UUID

from django.db import transaction

from yici.apps.catalogue import queries as catalogue
from yici.apps.catalogue import trials
from yici.apps.journal import actions as journal
from yici.apps.people.viewers import Viewer
from yici.apps.planning import sheets
from yici.apps.reform import actions, pilot_results
from yici.apps.reform.models import Amendment, LedgerEntry, Pilot
from yici.apps.reform.rights import check_office, is_office, may_see_bench
from yici.rules.amendments import PROVINCE, Stage
from yici.rules.clock_courses import local_day
from yici.rules.page_measures import OF_A_PAGE
from yici.rules.pilot_plans import PilotPlan, PilotState, check_plan
from yici.rules.pilots import FEWEST, CannotPilot, pilot_counties

NoSuchPilot = (Pilot.DoesNotExist, Amendment.DoesNotExist)


@transaction.atomic
def declare(*, amendment_id: UUID, plan: PilotPlan, by: Viewer, now: datetime) -> Pilot:
    """Declare a pilot of an amendment: its measure and its rule, for good. Raises CannotPilot, CannotAmend."""
    amendment = Amendment.objects.get(public_id=amendment_id)
    check_office(by, amendment.region_code)
    if amendment.region_code or amendment.item_key not in catalogue.catalogue_for("").items:
        raise CannotPilot(
            zh="试点针对全省统一的一个事项；一件事和只在本地不同的内容请直接修订。",
            en="A pilot tries the province-wide document of one item, not a life event or what one region does "
            "differently.",
        )
    check_plan(plan, local_day(now))
    _check_only_words(amendment, plan.measure)
    return _declared(amendment, plan, None, by, now)


def _check_only_words(amendment: Amendment, measure: str) -> None:
    """Refuse a measure of a page for what changes more than words: the gate's comparison by meaning decides.

    What people did would be the doing of what is demanded; and browsers are drawn, whose persons have yet to sign in.
    """
    if measure not in OF_A_PAGE:
        return
    changed = amendment.effects.first()
    if changed is not None or amendment.is_undecided or amendment.is_breach:
        zh, en = (f"：{changed.sentence}", f" {changed.sentence_en}") if changed else ("。", "")
        raise CannotPilot(
            zh=f"页面指标只用于措辞和顺序的改动，这份修订还改变了对人的要求{zh}请改用办件指标，或另提一份只改文字的修订。",
            en="A measure of a page is for words and their order; this amendment changes what is asked of people, too."
            f"{en} Choose a measure of cases, or propose the words alone.",
        )


def _declared(amendment: Amendment, plan: PilotPlan, follows: Pilot | None, by: Viewer, now: datetime) -> Pilot:
    made = Pilot(
        amendment=amendment,
        follows=follows,
        measure=plan.measure,
        share=plan.share,
        county_count=plan.county_count,
        before_months=plan.before_months if plan.share is None else 0,
        planned=plan.planned,
        looks=list(plan.looks),
        last_day=plan.last_day,
        declared_at=now,
        declared_by=by.label,
        state=PilotState.DECLARED,
    )
    if follows is None:
        made.save()
        facts = {"measure": plan.measure, "planned": plan.planned, "looks": list(plan.looks)}
        journal.record("reform.pilot_declared", subject=str(made), by=by.label, now=now, facts=facts)
    return made


@transaction.atomic
def start(*, pilot_id: UUID, by: Viewer, now: datetime) -> Pilot:
    """Draw who is in it and let the revision hold for them. The journal keeps the seed's sha256, before its use.

    Raises CannotPilot unless the public reads the text and nobody loses by it: who is drawn has not agreed.
    """
    pilot = _locked(pilot_id, by, PilotState.DECLARED)
    _check_harmless(pilot.amendment)
    _check_only_words(pilot.amendment, pilot.measure)
    if local_day(now) > pilot.last_day:
        raise CannotPilot(zh="申报的最后一天已过，请重新申报。", en="The declared last day is over. Declare it anew.")
    _begin(pilot, token_hex(16), now)
    facts: dict[str, object] = {"seed_sha256": pilot.seed_sha256, "counties": pilot.counties}
    journal.record("reform.pilot_started", subject=str(pilot), by=by.label, now=now, facts=facts)
    return pilot


def _check_harmless(amendment: Amendment) -> None:
    if amendment.stage not in {Stage.COMMENT, Stage.GATE}:
        raise CannotPilot(
            zh="试点前须先公开征求意见：公众读到的文本不再改动。",
            en="Open the amendment for comments first: what the public reads is not changed any more.",
        )
    hurts = amendment.effects.filter(is_loss=True).exists()
    if hurts or amendment.is_undecided or amendment.is_breach:
        raise CannotPilot(
            zh="有人会因此吃亏，或没能证明没有人吃亏，不能拿来试点。",
            en="Somebody loses by it, or it is not proved that nobody does: it is not tried out on people.",
        )


def _begin(pilot: Pilot, seed: str, now: datetime) -> None:
    draw = f"{pilot.amendment.public_id}:{seed}"
    if pilot.county_count is not None:
        known = pilot_results.known_counties(pilot, now)
        if len(known) < pilot.county_count + FEWEST:
            raise CannotPilot(
                zh=f"试点前各月都有数据的县只有 {len(known)} 个，不够比较。",
                en=f"Only {len(known)} counties have figures in each month before: too few to compare.",
            )
        pilot.counties = list(pilot_counties(draw, known, pilot.county_count))
        pilot.compared = [one for one in known if one not in pilot.counties]
    pilot.trial = trials.begin_trial(
        item_key=pilot.amendment.item_key,
        text=pilot.amendment.text,
        draw=draw,
        counties=pilot.counties,
        share=pilot.share,
        now=now,
        of_wording=pilot.measure in OF_A_PAGE,
    )
    pilot.seed_sha256, pilot.started_at, pilot.state = sha256(seed.encode()).hexdigest(), now, PilotState.RUNNING
    pilot.save()


@transaction.atomic
def end(*, pilot_id: UUID, by: Viewer, now: datetime) -> Pilot:
    """End a pilot with its effect. Before its planned end only a declared look whose bound is passed ends it.

    Raises CannotPilot otherwise. The revision goes on holding for those in it until the pilot is settled.
    """
    pilot = _locked(pilot_id, by, PilotState.RUNNING)
    is_over = pilot_results.is_over(pilot, now)
    result = _result(pilot, now) if is_over or pilot.share is not None else {}
    if not is_over and not result.get("stops"):
        raise CannotPilot(
            zh="还没到申报的结束条件，效果也没有超过申报的界限，不能提前结束。",
            en="The declared end is not reached, and no declared look shows an effect beyond its bound: it goes on.",
        )
    # Written down before the sheets go and the seed is known: from then on nobody can be told from them.
    pilot.result = {**result, **pilot_results.arms_of(pilot, now)}
    pilot.ended_at, pilot.state = now, PilotState.ENDED
    pilot.save()
    sheets.end_sheets(pilot.trial_id or 0)
    estimate = result["effect"]["estimate"] if "effect" in result else None
    facts = {"estimate": estimate, "seed": _seed(pilot)}
    journal.record("reform.pilot_ended", subject=str(pilot), by=by.label, now=now, facts=facts)
    return pilot


def _result(pilot: Pilot, now: datetime) -> dict[str, Any]:
    """Return the result; when the last day has passed with too little to compare, that is the result."""
    try:
        return pilot_results.result_of(pilot, now)
    except CannotPilot as too_little:
        if local_day(now) <= pilot.last_day:
            raise
        return {"nothing": too_little.words._asdict()}


def _seed(pilot: Pilot) -> str:
    assert pilot.trial is not None  # asked of pilots that have begun
    return pilot.trial.draw.rpartition(":")[2]


@transaction.atomic
def adopt(*, pilot_id: UUID, in_force_on: date, by: Viewer, now: datetime) -> LedgerEntry:
    """Publish the revision for everybody, through the gate. Raises CannotAmend with all that stands in the way.

    Those in the pilot keep it until it is in force for all.
    """
    pilot = _locked(pilot_id, by, PilotState.ENDED)
    entry = actions.publish(amendment_id=pilot.amendment.public_id, in_force_on=in_force_on, by=by, now=now)
    _settle(pilot, PilotState.ADOPTED, by, now)
    journal.record("reform.pilot_adopted", subject=str(pilot), by=by.label, now=now)
    return entry


@transaction.atomic
def extend(*, pilot_id: UUID, plan: PilotPlan, by: Viewer, now: datetime) -> Pilot:
    """Try it on more people or in more counties, by a plan of its own; who was in stays in. Raises CannotPilot."""
    pilot = _locked(pilot_id, by, PilotState.ENDED)
    assert pilot.trial is not None  # it has begun
    check_plan(plan, local_day(now))
    grows = (plan.share or 0) > (pilot.share or 0) or (plan.county_count or 0) > (pilot.county_count or 0)
    if (plan.share is None) != (pilot.share is None) or plan.measure != pilot.measure or not grows:
        raise CannotPilot(
            zh="扩大试点须用同一指标，并增加人的比例或县的数量。",
            en="An extension has the same measure and takes in more people or counties.",
        )
    _check_harmless(pilot.amendment)
    trials.end_trial(trial_id=pilot.trial_id or 0, now=now)
    _settle(pilot, PilotState.EXTENDED, by, now)
    made = _declared(pilot.amendment, plan, pilot, by, now)
    if made.county_count is not None:
        _draw_more(made, pilot)
    _begin_again(made, pilot, now)
    journal.record("reform.pilot_extended", subject=str(pilot), by=by.label, now=now, facts={"next": str(made)})
    return made


def _draw_more(made: Pilot, pilot: Pilot) -> None:
    known = [*pilot.counties, *pilot.compared]
    assert pilot.trial is not None  # it has begun
    made.counties = list(pilot_counties(pilot.trial.draw, known, made.county_count or 0))
    made.compared = [one for one in known if one not in made.counties]


def _begin_again(made: Pilot, pilot: Pilot, now: datetime) -> None:
    assert pilot.trial is not None  # it has begun
    made.trial = trials.begin_trial(
        item_key=pilot.amendment.item_key,
        text=pilot.amendment.text,
        draw=pilot.trial.draw,
        counties=made.counties,
        share=made.share,
        now=now,
        of_wording=made.measure in OF_A_PAGE,
    )
    # Months before are those before anybody was in it at all.
    made.seed_sha256, made.state, made.started_at = pilot.seed_sha256, PilotState.RUNNING, now
    made.save()


@transaction.atomic
def roll_back(*, pilot_id: UUID, by: Viewer, now: datetime) -> None:
    """Let the revision in force hold for everybody again; open cases keep theirs (adr/0010)."""
    pilot = _locked(pilot_id, by, PilotState.ENDED)
    trials.end_trial(trial_id=pilot.trial_id or 0, now=now)
    _settle(pilot, PilotState.ROLLED_BACK, by, now)
    journal.record("reform.pilot_rolled_back", subject=str(pilot), by=by.label, now=now)


def end_adopted_trials(*, now: datetime) -> int:
    """End the trials of adopted pilots whose revision is in force for all now; return how many."""
    due = Pilot.objects.filter(
        state=PilotState.ADOPTED, amendment__stage=Stage.IN_FORCE, trial__ended_at=None
    ).values_list("trial_id", flat=True)
    ended = list(due)
    for trial_id in ended:
        trials.end_trial(trial_id=trial_id or 0, now=now)
    return len(ended)


def _settle(pilot: Pilot, state: PilotState, by: Viewer, now: datetime) -> None:
    pilot.state, pilot.settled_at, pilot.settled_by = state, now, by.label
    pilot.save()


def _locked(pilot_id: UUID, by: Viewer, state: PilotState) -> Pilot:
    pilot = Pilot.objects.select_for_update(of=("self",)).select_related("amendment", "trial").get(public_id=pilot_id)
    check_office(by, pilot.amendment.region_code)
    if pilot.state != state:
        raise CannotPilot(
            zh=f"试点{PilotState(pilot.state).words.zh}，现在不能这样做。",
            en=f"The pilot is {PilotState(pilot.state).words.en}; this is not done now.",
        )
    return pilot


def pilots(viewer: Viewer) -> list[Pilot]:
    """Return the pilots, the newest first: a pilot concerns the whole province, so every bench sees it."""
    return list(Pilot.objects.select_related("amendment")[:100]) if may_see_bench(viewer) else []


def pilot(viewer: Viewer, public_id: UUID) -> Pilot:
    """Return one pilot. Raises Pilot.DoesNotExist."""
    if not may_see_bench(viewer):
        raise Pilot.DoesNotExist
    return Pilot.objects.select_related("amendment", "trial", "follows", "followed_by").get(public_id=public_id)


def may_act(viewer: Viewer) -> bool:
    """Whether somebody may declare and settle pilots: the province's reform office (art. 4)."""
    return is_office(viewer) and (viewer.region_code or "").ljust(12, "0") == PROVINCE


def to_try(viewer: Viewer) -> list[Amendment]:
    """Return the amendments a pilot may be declared of."""
    rows = Amendment.objects.filter(region_code="", stage__in=[Stage.DRAFT, Stage.COMMENT, Stage.GATE])
    items = catalogue.catalogue_for("").items
    return [row for row in rows[:200] if row.item_key in items] if may_act(viewer) else []
