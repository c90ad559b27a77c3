"""Articles 7 and 38: data that lack are charged to their owner, and a disputed datum counts as the person says."""

from datetime import datetime

from tests.journeys.law import steps
from tests.journeys.law.steps import HOSPITAL, viewer
from yici.apps.planning import actions as planning
from yici.apps.planning import queries as plans
from yici.apps.registry.models import CorrectionSignal, Gap


class TestArticle07TheOwnWordCounts:
    def test_in_the_next_application_too_until_the_owner_has_answered(self, now: datetime) -> None:
        by = viewer("shenyu")
        key = steps.draft(by, "newborn", now, answers=HOSPITAL)
        steps.fill(by, key, now, disputes={"spouse_name": "林潇"})
        steps.submit(by, key, now)
        assert CorrectionSignal.objects.get().owner is not None

        again = plans.draft(by, steps.draft(by, "newborn", now, answers=HOSPITAL), browser="")
        known = planning.known_facts(by=by, view=again, plan=plans.plan_of(by, again), now=now)

        assert (known["spouse_name"].value, known["spouse_name"].counting_value) == ("林晓", "林潇")


class TestArticle38Gaps:
    def test_what_the_data_could_not_satisfy_is_charged_to_their_owner(self, now: datetime) -> None:
        case = steps.apply_for_small_restaurant(viewer("shenyu"), now)
        tried = [row for row in case.application.plan["evidence"] if any(one["way"] == "data" for one in row["tried"])]
        brought = {row["requirement"] for row in tried if row["status"] not in {"fetched", "from_result", "skipped"}}

        rows = Gap.objects.filter(case_reference=case.code)
        assert set(rows.values_list("requirement", flat=True)) == brought
