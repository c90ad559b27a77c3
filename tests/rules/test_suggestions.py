"""Suggested changes follow from a rule, and whatever is shown has been proved to harm nobody."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from yici.rules.burden.needs import compare_catalogues
from yici.rules.data_debt import DebtKind, data_debts
from yici.rules.datasets import Dataset, Sharing
from yici.rules.grounds import grounds_of
from yici.rules.items import (
    Catalogue,
    Fee,
    Item,
    LegalBasis,
    Outcome,
    Period,
    Presence,
    Requirement,
    Stage,
    Step,
    Way,
    WayKind,
    as_event,
)
from yici.rules.levels import Changer, Level
from yici.rules.planner import compile_event
from yici.rules.suggestions import Suggestion, SuggestionKind, suggestions
from yici.rules.words import Words

NOTICE = LegalBasis("通知", "第一条", Level.NORMATIVE_DOCUMENT)
LAW = LegalBasis("法", "第一条", Level.NATIONAL_LAW)


def said(text: str) -> Words:
    return Words(text, text)


def paper(key: str = "home", basis: LegalBasis = NOTICE, *ways: Way) -> Requirement:
    return Requirement(key, said(key), key, basis, ways or (Way(WayKind.ORIGINAL, "homes.address"),))


def presence(key: str, stage: Stage, basis: LegalBasis = NOTICE, after: tuple[str, ...] = ()) -> Presence:
    return Presence(key, said(key), stage, ("window",), basis, after=after)


def step(key: str, post: str, *after: str) -> Step:
    return Step(key, said(key), "", post, 2, 5, after)


def item(key: str = "a", **words: object) -> Item:
    terms: dict[str, object] = {
        "key": key, "code": "330723001000", "name": said(key), "type": "07", "level": "4", "organisation": "health",
        "audience": ("natural",), "immediate": False, "channels": ("web", "window"), "scope": "county",
        "power_source": "1", "bases": (LAW,), "statutory": Period(5), "promised": Period(2), "fee": Fee(0),
        "standardised": True, "questions": (), "requirements": (), "presences": (), "outcome": Outcome("card"),
        "steps": (step("accept", "window"), step("issue", "decider", "accept")),
    }  # fmt: skip
    return Item(**(terms | words))  # type: ignore[arg-type]


def catalogue(*items: Item, sharing: Sharing = Sharing.CONDITIONAL) -> Catalogue:
    homes = Dataset("homes", said("住房"), "housing", "province", sharing, {"address": said("地址")})
    return Catalogue({one.key: one for one in items}, {}, {"homes": homes})


def suggested(one: Item, sharing: Sharing = Sharing.CONDITIONAL) -> dict[SuggestionKind, Suggestion]:
    return {found.kind: found for found in suggestions(one, catalogue(one, sharing=sharing))}


class TestRequirements:
    def test_a_fact_that_a_dataset_holds_is_fetched_and_may_still_be_brought(self) -> None:
        found = suggested(item(requirements=(paper(basis=LAW),)))

        assert list(found) == [SuggestionKind.OPEN_LINK]
        assert found[SuggestionKind.OPEN_LINK].item.requirements[0].ways == (
            Way(WayKind.DATA, "homes.address"),
            Way(WayKind.ORIGINAL, "homes.address"),
        )

    def test_what_may_not_be_shared_is_not_opened(self) -> None:
        assert SuggestionKind.OPEN_LINK not in suggested(item(requirements=(paper(),)), Sharing.NOT_SHARED)

    def test_below_the_law_a_declaration_does_and_with_shared_data_nothing_is_needed(self) -> None:
        one = item(requirements=(paper(),))

        assert set(suggested(one)) == {SuggestionKind.OPEN_LINK, SuggestionKind.DECLARE}
        found = suggested(one, Sharing.UNCONDITIONAL)
        assert set(found) == {SuggestionKind.OPEN_LINK, SuggestionKind.DECLARE, SuggestionKind.DROP}
        assert found[SuggestionKind.DROP].item.requirements == ()

    def test_the_law_is_not_for_a_department_to_change(self) -> None:
        one = item(
            requirements=(paper("x", LAW, Way(WayKind.ORIGINAL)),), presences=(presence("c", Stage.COLLECT, LAW),)
        )

        assert suggested(one) == {}


class TestTheRest:
    def test_a_result_is_sent(self) -> None:
        found = suggested(item(outcome=Outcome("card", delivery=("window",))))

        assert found[SuggestionKind.POST].item.outcome.delivery == ("window", "post")

    def test_two_visits_become_one(self) -> None:
        one = item(presences=(presence("sign", Stage.APPLY), presence("talk", Stage.REVIEW, after=("accept",))))
        merged = suggested(one)[SuggestionKind.MERGE].item

        before, after = (
            compile_event(as_event(x), catalogue(x)).decide({}, {"*": "missing"}).visits for x in (one, merged)
        )
        assert (before, after) == (2, 1)

    def test_steps_of_different_posts_run_side_by_side_and_the_decision_waits_for_both(self) -> None:
        steps = (
            step("accept", "window"),
            step("survey", "surveyor", "accept"),
            step("review", "reviewer", "survey"),
            step("decide", "decider", "review"),
        )
        one = item(steps=steps, promised=Period(6))
        changed = {x.key: x.after for x in suggested(one)[SuggestionKind.PARALLEL].item.steps}

        assert changed == {"accept": (), "survey": ("accept",), "review": ("accept",), "decide": ("review", "survey")}

    def test_acceptance_and_decision_stay_where_they_are(self) -> None:
        assert SuggestionKind.PARALLEL not in suggested(item())
        paid = (*item().steps[:1], step("review", "reviewer", "accept"), step("issue", "decider", "review"))
        assert SuggestionKind.PARALLEL not in suggested(item(steps=(*paid, step("pay", "reviewer", "issue"))))


LEVELS = st.sampled_from(list(Level))
WAYS = st.lists(
    st.sampled_from([Way(WayKind.ORIGINAL, "homes.address"), Way(WayKind.UPLOAD), Way(WayKind.DATA, "homes.address")]),
    min_size=1,
    max_size=2,
    unique=True,
)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(LEVELS, WAYS), max_size=2),
    st.lists(st.tuples(st.sampled_from(list(Stage)), LEVELS), max_size=2),
    st.sampled_from(list(Sharing)),
    st.sampled_from([("window",), ("electronic",), ("window", "post")]),
)
def test_no_suggestion_makes_anybody_worse_off_or_touches_what_a_law_demands(
    papers: list[tuple[Level, list[Way]]],
    presences: list[tuple[Stage, Level]],
    sharing: Sharing,
    delivery: tuple[str, ...],
) -> None:
    one = item(
        requirements=tuple(
            paper(f"p{n}", LegalBasis("x", "y", level), *ways) for n, (level, ways) in enumerate(papers)
        ),
        presences=tuple(
            presence(f"v{n}", stage, LegalBasis("x", "y", level)) for n, (stage, level) in enumerate(presences)
        ),
        outcome=Outcome("card", delivery=delivery),
    )
    before = catalogue(one, sharing=sharing)
    high = {part.key for part in (*one.requirements, *one.presences) if part.basis.level.height >= 3}
    for found in suggestions(one, before):
        after = replace(before, items={one.key: found.item})

        assert compare_catalogues(before, after).losses == ()
        kept = {part.key for part in (*found.item.requirements, *found.item.presences)}
        assert high <= kept


class TestGrounds:
    def test_the_easiest_to_take_away_comes_first_with_who_can(self) -> None:
        one = item(
            requirements=(paper("x", LAW), paper("y"), paper("z", NOTICE, Way(WayKind.DATA, "homes.address"))),
            fee=Fee(100),
        )

        assert [(ground.burden.zh, ground.changer) for ground in grounds_of(one)] == [
            ("收费", Changer.DEPARTMENT),
            ("y", Changer.LOCAL_GOVERNMENT),
            ("x", Changer.CENTRE),
        ]


PLAIN = (step("accept", "window"), step("enter", "reviewer", "accept"))


class TestDataDebt:
    def test_what_somebody_decides_or_pays_is_more_than_moving_a_fact(self) -> None:
        decides = item("decides", organisation="housing", outcome=Outcome(data=("homes.address",)))
        pays = item("pays", type="05", steps=PLAIN, outcome=Outcome(), presences=(presence("v", Stage.APPLY),))

        assert list(data_debts(catalogue(decides, pays, item("asks", requirements=(paper(),))))) == []

    def test_finds_what_only_moves_a_fact_to_another_organisation(self) -> None:
        proof = item("proof", steps=PLAIN, organisation="housing", outcome=Outcome(data=("homes.address",)))
        asks = item("asks", requirements=(paper(),))

        (debt,) = data_debts(catalogue(proof, asks))

        assert (debt.item.key, debt.kind, [one.key for one in debt.askers]) == (
            "proof",
            DebtKind.MOVES_A_FACT,
            ["asks"],
        )

    def test_finds_what_only_books_a_visit(self) -> None:
        books = item("books", steps=PLAIN, outcome=Outcome(), presences=(presence("v", Stage.APPLY),))

        assert [one.kind for one in data_debts(catalogue(books))] == [DebtKind.BOOKS_A_VISIT]

    def test_a_licence_or_a_fact_for_the_own_organisation_is_no_debt(self) -> None:
        own = item("own", steps=PLAIN, outcome=Outcome(data=("homes.address",)))
        asks = item("asks", requirements=(paper(),))

        assert list(data_debts(catalogue(own, asks, item("c")))) == []
