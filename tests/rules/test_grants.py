"""Grants: nothing is read that somebody did not approve, and the guard agrees with a slow and plain one."""

from datetime import date
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules import planner_examples
from yici.rules import data_uses, grants
from yici.rules.datasets import Sharing
from yici.rules.grants import Grant, GrantState, Ground, Permit, Refused, permission, sort_fields
from yici.rules.items import Element, ElementKind, LegalBasis, Requirement, Way, WayKind
from yici.rules.levels import Level
from yici.rules.words import Words

ITEMS = st.sampled_from(["newborn", "marriage", "restaurant"])
DATASETS = st.sampled_from(["marriages", "taxes"])
FIELDS = st.sampled_from(["certificate", "spouse", "credit"])
REGIONS = st.sampled_from(["330000", "330100", "330122", "330500"])
DAYS = st.dates(date(2018, 3, 1), date(2018, 3, 6))
PATHS = st.sampled_from([("330122", "330100", "330000"), ("330500", "330000"), ("330000",), ()])


class Asked(NamedTuple):
    """What a look-up asks for."""

    items: list[str]
    path: tuple[str, ...]
    dataset: str
    fields: frozenset[str]
    on: date

    @property
    def item(self) -> str:
        return self.items[0]

    def of(self, held: list[Grant], *, case_is_open: bool = True) -> Permit | Refused:
        """Return what the guard says to its first item."""
        return permission(held, self.item, self.path, self.dataset, self.fields, case_is_open=case_is_open, on=self.on)


ASKED = st.builds(
    Asked, st.lists(ITEMS, unique=True, min_size=1), PATHS, DATASETS, st.frozensets(FIELDS, min_size=1), DAYS
)


@st.composite
def some_grants(draw: st.DrawFn) -> list[Grant]:
    """Grants in any state, with the days their state has."""
    made = []
    for number in range(draw(st.integers(0, 6))):
        state = draw(st.sampled_from(GrantState))
        since = draw(DAYS) if state in {GrantState.APPROVED, GrantState.REVOKED} else None
        until = draw(DAYS) if state is GrantState.REVOKED else None
        fields = draw(st.frozensets(FIELDS, min_size=1))
        made.append(Grant(f"g{number}", draw(ITEMS), draw(DATASETS), fields, draw(REGIONS), state, since, until))
    return made


def slow(held: list[Grant], item: str, asked: Asked, field: str) -> bool:
    """Whether any grant lets the field be read, said as plainly as the law says it."""
    for grant in held:
        is_ours = grant.item == item and grant.dataset == asked.dataset and field in grant.fields
        is_here = any(code == grant.region for code in asked.path)
        is_approved = grant.state == "approved" and grant.since is not None and grant.since <= asked.on
        if is_ours and is_here and is_approved:
            return True
    return False


class TestPermission:
    @given(some_grants(), ASKED)
    def test_agrees_with_the_slow_guard(self, held: list[Grant], asked: Asked) -> None:
        allowed = all(slow(held, asked.item, asked, field) for field in asked.fields)

        assert isinstance(asked.of(held), Permit) == allowed

    @given(some_grants(), ASKED)
    def test_names_the_grant_of_each_field(self, held: list[Grant], asked: Asked) -> None:
        answer = asked.of(held)

        if isinstance(answer, Permit):
            by_key = {one.key: one for one in held}
            assert set(answer.grants) == asked.fields
            assert all(field in by_key[key].fields for field, key in answer.grants.items())

    @given(some_grants(), ASKED)
    def test_gives_nothing_for_a_closed_case(self, held: list[Grant], asked: Asked) -> None:
        assert asked.of(held, case_is_open=False) == Refused(Ground.CASE_CLOSED)

    @given(some_grants(), some_grants(), ASKED)
    def test_more_grants_never_take_a_permission_away(self, held: list[Grant], more: list[Grant], asked: Asked) -> None:
        assert isinstance(asked.of([*more, *held]), Permit) or isinstance(asked.of(held), Refused)

    @pytest.mark.parametrize(
        ("changes", "ground"),
        [
            ({"item": "marriage"}, Ground.NO_GRANT),
            ({"dataset": "taxes"}, Ground.NO_GRANT),
            ({"fields": frozenset({"certificate"})}, Ground.OTHER_FIELDS),
            ({"region": "330500"}, Ground.OTHER_REGION),
            ({"state": GrantState.REQUESTED}, Ground.WAITING),
            ({"state": GrantState.REFUSED}, Ground.REFUSED),
            ({"state": GrantState.REVOKED}, Ground.REVOKED),
            ({"since": date(2018, 3, 7)}, Ground.WAITING),
            ({"until": date(2018, 3, 6)}, Ground.WAITING),
        ],
        ids=str,
    )
    def test_says_why_not(self, changes: dict[str, object], ground: Ground) -> None:
        terms: dict[str, object] = {
            "key": "g",
            "item": "newborn",
            "dataset": "marriages",
            "fields": frozenset({"spouse"}),
            "region": "330100",
            "state": GrantState.APPROVED,
            "since": date(2018, 3, 1),
        }
        held = Grant(**terms | changes)  # type: ignore[arg-type]

        answer = permission(
            [held], "newborn", ["330122", "330100"], "marriages", ["spouse"], case_is_open=True, on=date(2018, 3, 6)
        )

        assert answer == Refused(ground)


class TestSortFields:
    @given(some_grants(), ASKED)
    def test_serves_the_permitted_part_and_names_the_rest(self, held: list[Grant], asked: Asked) -> None:
        sorting = sort_fields(
            held, asked.items, asked.path, asked.dataset, asked.fields, case_is_open=True, on=asked.on
        )

        expected = {f for f in asked.fields if any(slow(held, item, asked, f) for item in asked.items)}
        assert set(sorting.permitted) == expected
        assert set(sorting.refused) == asked.fields - expected


class TestPlanning:
    @given(some_grants(), ASKED, FIELDS)
    def test_never_counts_on_what_would_be_refused_to_an_item_that_asks(
        self, held: list[Grant], asked: Asked, field: str
    ) -> None:
        counted = grants.is_granted_to_all(held, asked.items, asked.path, asked.dataset, field, on=asked.on)

        asking = {
            one.item for one in held if one.item in asked.items and one.dataset == asked.dataset and field in one.fields
        }
        assert counted == (bool(asking) and all(slow(held, item, asked, field) for item in asking))


class TestUses:
    def test_are_data_ways_and_the_sources_of_the_form(self) -> None:
        basis = LegalBasis("示例法", "第二条", Level.NATIONAL_LAW)
        ways = (Way(WayKind.DATA, "marriages.certificate"), Way(WayKind.ORIGINAL, "taxes.paid"))
        item = planner_examples.item(
            "newborn",
            Words("出生", "Birth"),
            requirements=(Requirement("marriage", Words("结婚证", "Certificate"), "marriage", basis, ways),),
            fields=(
                Element("spouse", Words("", ""), Words("", ""), ElementKind.NAME, source="marriages.spouse"),
                Element("credit", Words("", ""), Words("", ""), ElementKind.TEXT, source="credit.record"),
                Element("note", Words("", ""), Words("", ""), ElementKind.TEXT),
            ),
        )

        uses = {use.dataset: use for use in data_uses.uses_of(item)}

        assert {key: use.fields for key, use in uses.items()} == {
            "marriages": {"certificate", "spouse"},
            "credit": {"record"},
        }
        assert uses["marriages"].basis == basis
        assert data_uses.basis_for(Sharing.CONDITIONAL, uses["marriages"]) == basis
        assert data_uses.basis_for(Sharing.UNCONDITIONAL, uses["marriages"]) == data_uses.SHARING_LAW


class TestWords:
    def test_of_every_ground_state_and_purpose_are_there_in_both_languages(self) -> None:
        assert all(one.words.zh and one.words.en for kind in (Ground, GrantState, grants.Purpose) for one in kind)
        assert grants.purpose_words("核查") == Words("核查", "核查")
