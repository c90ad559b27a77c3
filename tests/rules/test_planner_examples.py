"""Plans that a clerk can reckon by hand, with the sentences people read."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from tests.rules.planner_examples import (
    COMMITMENT,
    COMPANY,
    KITCHEN,
    NOT_SHARED,
    ORIGINAL,
    RESTAURANT,
    SIGNED_IN,
    WUXING,
    compiled,
    item,
    lease,
    presence,
    step,
)
from yici.rules.items import Assurance, Item, Member, Necessity, Outcome, Period, Presence, Stage, Way, WayKind
from yici.rules.plans import Effort, EvidenceStatus, Mode, Plan
from yici.rules.words import Words

SMALL = {"cooks": False, "area": 20}
LARGE = {"cooks": True, "area": 120}


def plan(answers: Mapping[str, object], holdings: Mapping[str, str]) -> Plan:
    return RESTAURANT.plan(answers, holdings, "330502", place=WUXING)


def visits(*items: Item, holdings: Mapping[str, str] | None = None) -> int:
    return compiled(*items).plan({}, holdings or {}).visits


class TestRestaurant:
    def test_needs_no_visit_when_the_lease_is_shared(self) -> None:
        found = plan(LARGE, SIGNED_IN)

        assert (found.mode, found.visits, found.bring, found.options) == (Mode.ZERO, 0, (), ())
        assert found.reasons == (
            Words(
                "不用跑，要的材料政府看得到或可以在线提供。",
                "No visit: the government holds what is needed, or you give it online.",
            ),
        )
        assert [row.source.zh for row in found.evidence] == [
            "已由住建局共享",
            "由一起办的“企业设立登记”产生",
            "已由住建局共享",
        ]

    def test_says_which_data_are_missing_and_where(self) -> None:
        found = plan(LARGE, NOT_SHARED)

        assert (found.mode, found.visits) == (Mode.ONCE, 1)
        assert found.reasons[0] == Words(
            "跑一次，因为房屋租赁备案还没有和吴兴区共享。",
            "One visit, because “Lease filings” is not yet shared with Wuxing District.",
        )

    def test_shows_one_paper_once_for_both_items(self) -> None:
        found = plan(LARGE, NOT_SHARED)

        (visit,) = found.visits_detail
        assert (visit.place, visit.earliest_day, [cause.item for cause in visit.causes]) == ("window", 0, ["company"])
        leases = [row for row in found.evidence if row.proves == "premises"]
        assert [(row.item, row.same_as) for row in leases] == [("company", None), ("kitchen", "company")]

    def test_tells_what_would_remove_the_visit_and_who_can(self) -> None:
        (cause,) = plan(LARGE, NOT_SHARED).visits_detail[0].causes

        assert [idea.zh for idea in cause.removed_by] == [
            "住建局把房屋租赁备案共享给吴兴区。",
            "修改《食品经营许可管理办法》第十二条（规章，制定该规章的国务院部门或者省、市政府）。",
        ]

    def test_offers_the_commitment_with_its_visits(self) -> None:
        (option,) = plan(LARGE, NOT_SHARED).options

        assert (option.proves, option.way, option.visits) == ("premises", COMMITMENT, 0)
        assert option.sentence.zh == "“房屋租赁合同”也可以改为签署告知承诺书，不用跑。"

    def test_offers_no_commitment_that_only_one_of_two_items_accepts(self) -> None:
        strict = replace(KITCHEN, requirements=(lease(ways=(ORIGINAL,)),))

        found = compiled(COMPANY, strict).plan(LARGE, NOT_SHARED)

        assert (found.visits, found.options) == (1, ())

    def test_counts_days_one_after_the_other_and_special_ones_apart(self) -> None:
        found = plan(LARGE, SIGNED_IN)

        assert (found.days, found.special_days) == (4, 10)
        assert [(one.item, one.step) for one in found.path] == [
            ("company", "accept"),
            ("company", "register"),
            ("kitchen", "accept"),
            ("kitchen", "check"),
        ]
        assert [(one.start, one.finish) for one in found.items] == [(0, 1), (1, 4)]

    def test_shows_the_inspection_that_comes_to_the_person(self) -> None:
        (inspection,) = plan(LARGE, SIGNED_IN).remote

        assert (inspection.place, inspection.earliest_day) == ("site", 1)
        assert plan(SMALL, SIGNED_IN).remote == ()

    def test_saves_against_item_by_item(self) -> None:
        found = plan(LARGE, NOT_SHARED)

        # Two applications and two results fetched, one inspection; the lease twice and the licence; (5+6) + (5+8) days.
        assert found.before == Effort(visits=5, papers=3, days=24, organisations=1, applications=2)
        assert found.after == Effort(visits=1, papers=1, days=4, organisations=1, applications=1)
        assert found.saving == Effort(visits=4, papers=2, days=20, organisations=0, applications=1)

    def test_asks_only_what_still_matters(self) -> None:
        assert plan({}, NOT_SHARED).questions == ("cooks", "area")
        assert plan({"cooks": True}, NOT_SHARED).questions == ("area",)
        assert plan(LARGE, NOT_SHARED).questions == ()

    def test_promises_the_worst_while_it_is_open_which_items_come_along(self) -> None:
        licence = replace(KITCHEN.requirements[1], ways=(Way(WayKind.RESULT_OF, "company"), ORIGINAL))
        kitchen = replace(KITCHEN, requirements=(licence,), presences=())
        members = (Member("company", when="cooks"), Member("kitchen"))
        both = compiled(replace(COMPANY, requirements=()), kitchen, members=members)

        found = {cooks: both.plan({"cooks": cooks, "area": 9}, {}) for cooks in (None, True, False)}

        assert [(one.visits, one.visits_at_most) for one in found.values()] == [(0, 1), (0, 0), (1, 1)]
        assert found[None].evidence == ()
        assert found[None].reasons[-1].zh == "剩下的问题无论怎么回答，最多跑一次。"

    def test_uses_a_licence_in_hand_and_waits_for_nothing(self) -> None:
        found = plan(SMALL, {**SIGNED_IN, "licence:business_licence": "available"})

        assert (found.days, [one.waits_for for one in found.items]) == (3, [(), ()])

    def test_speaks_of_a_window_entry_waiting_for_its_owner(self) -> None:
        found = plan(SMALL, {**SIGNED_IN, "leases.filing": "pending"})

        assert found.evidence[0].source.zh == "窗口已补录，待住建局确认"

    @pytest.mark.parametrize(
        ("status", "why"),
        [
            ("missing", "房屋租赁备案里还没有您的租赁备案"),
            ("stale", "房屋租赁备案里您的租赁备案已经过期"),
            ("source_down", "住建局的房屋租赁备案暂时没有应答"),
            ("needs_grant", "住建局还没有授权这个事项查询房屋租赁备案"),
        ],
    )
    def test_says_what_is_wrong_with_the_data(self, status: str, why: str) -> None:
        found = plan(SMALL, {**SIGNED_IN, "leases.filing": status})

        assert found.visits_detail[0].causes[0].why.zh == why


class TestVisits:
    def one(self, *presences: Presence, days: int = 2) -> Item:
        steps = (step("check", days), step("grant", 0, ("check",)))
        return item("permit", Words("许可", "Permit"), presences=presences, steps=steps)

    def test_applying_and_collecting_after_days_are_two(self) -> None:
        both = presence("apply", Stage.APPLY), presence("fetch", Stage.COLLECT)

        found = compiled(self.one(*both)).plan({}, {})

        assert (found.mode, found.visits) == (Mode.BREACH, 2)
        assert [visit.earliest_day for visit in found.visits_detail] == [0, 2]
        assert found.reasons[-1].zh == "“fetch到场”要等“apply到场”之后的环节办完，只能另跑一次。"

    def test_applying_and_collecting_on_the_spot_are_one(self) -> None:
        both = presence("apply", Stage.APPLY), presence("fetch", Stage.COLLECT)

        assert visits(self.one(*both, days=0)) == 1

    def test_a_deferrable_paper_can_be_shown_when_collecting(self) -> None:
        late = lease(ways=(ORIGINAL,), necessity=Necessity.DEFERRABLE)
        fetching = self.one(presence("fetch", Stage.COLLECT))

        assert visits(replace(fetching, requirements=(late,))) == 1
        assert visits(replace(fetching, requirements=(replace(late, necessity=Necessity.NECESSARY),))) == 2

    def test_two_places_with_nothing_in_common_are_two(self) -> None:
        apart = presence("check", Stage.APPLY, "hospital"), presence("sign", Stage.APPLY, "window", "kiosk")

        found = compiled(self.one(*apart)).plan({}, {})

        assert found.visits == 2
        assert found.reasons[-1].zh.startswith("没有一个地点能一次办完")

    def test_pairs_of_places_do_not_make_one_place(self) -> None:
        # Each two share a place, the three do not: places have no Helly property.
        three = (
            presence("a", Stage.APPLY, "window", "hospital"),
            presence("b", Stage.APPLY, "hospital", "notary"),
            presence("c", Stage.APPLY, "window", "notary"),
        )

        assert visits(self.one(*three)) == 2

    def test_special_procedures_keep_two_acts_apart(self) -> None:
        both = presence("apply", Stage.APPLY), presence("fetch", Stage.COLLECT)
        slow = step("check", 0, special=KITCHEN.steps[1].special)
        inspected = replace(self.one(*both), steps=(replace(slow, special=(replace(slow.special[0], when="true"),)),))

        found = compiled(inspected).plan({}, {})

        assert (found.visits, found.days, found.special_days) == (2, 0, 10)

    def test_a_licence_only_handed_out_means_a_visit_to_collect(self) -> None:
        handed = replace(self.one(), outcome=Outcome(licence="business_licence", delivery=("window", "kiosk")))

        (visit,) = compiled(handed).plan({}, {}).visits_detail

        assert (visit.place, visit.causes[0].key, visit.causes[0].what.zh) == ("window", "collect", "领取许可")
        assert visits(replace(handed, outcome=replace(handed.outcome, delivery=("window", "post")))) == 0
        assert visits(replace(handed, outcome=replace(handed.outcome, licence=None))) == 0

    def test_signing_in_with_the_real_name_is_offered(self) -> None:
        proving = self.one(presence("identify", Stage.APPLY, waived_by=Assurance.REAL_NAME))

        found = compiled(proving).plan({}, {"assurance": "registered"})

        assert [(option.assurance, option.visits) for option in found.options] == [(Assurance.REAL_NAME, 0)]
        assert found.visits_detail[0].causes[0].removed_by[0].zh == "您实名登录。"
        assert visits(proving, holdings={"assurance": "signed"}) == 0

    def test_a_paper_without_any_way_goes_to_the_window(self) -> None:
        stuck = replace(self.one(), requirements=(lease(ways=(Way(WayKind.DATA, "leases.filing"),)),))

        found = compiled(stuck).plan({}, {})

        assert (found.visits, found.evidence[0].status, found.bring) == (1, EvidenceStatus.UNMET, ())

    def test_optional_papers_cost_nothing(self) -> None:
        free = replace(self.one(), requirements=(lease(ways=(ORIGINAL,), necessity=Necessity.OPTIONAL),))

        found = compiled(free).plan({}, {})

        assert (found.visits, found.evidence[0].status, found.before.papers) == (0, EvidenceStatus.SKIPPED, 0)


class TestMode:
    def test_is_one_window_where_an_item_is_not_standardised(self) -> None:
        found = compiled(replace(COMPANY, standardised=False)).plan({}, SIGNED_IN)

        assert found.mode is Mode.ONE_WINDOW
        assert found.reasons[0].zh == "由综合窗口统一受理，因为“企业设立登记”还没有标准化。"

    def test_says_when_nothing_applies(self) -> None:
        nobody = compiled(COMPANY, KITCHEN, members=(Member("kitchen", when="cooks"),))

        found = nobody.plan({"cooks": False, "area": 10}, {})

        assert (found.items, found.days, found.after.applications) == ((), 0, 0)
        assert found.reasons[0].zh == "按您的回答，没有需要办的事项。"


class TestDays:
    def test_a_step_that_does_not_apply_passes_on_what_it_waited_for(self) -> None:
        steps = (
            step("accept", 2),
            step("inspect", 5, ("accept",), when="cooks"),
            step("grant", 1, ("inspect",)),
        )
        chained = compiled(replace(KITCHEN, steps=steps, requirements=(), presences=()))

        assert [chained.plan({"cooks": cooks, "area": 1}, {}).days for cooks in (True, False)] == [8, 3]

    def test_an_item_that_does_not_apply_makes_nobody_wait(self) -> None:
        members = (Member("company", when="cooks"), Member("kitchen", after=("company",)))
        chained = compiled(COMPANY, replace(KITCHEN, requirements=(), presences=()), members=members)

        assert [chained.plan({"cooks": cooks, "area": 1}, {}).days for cooks in (True, False)] == [4, 3]

    def test_an_item_without_steps_takes_its_promised_days(self) -> None:
        bare = item("bare", Words("备案", "Filing"), promised=Period(3), statutory=Period(1, "M"))

        found = compiled(bare).plan({}, {})

        assert (found.days, found.before.days, [one.step for one in found.path]) == (3, 23, ["handling"])
