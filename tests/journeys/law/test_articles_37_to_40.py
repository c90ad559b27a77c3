"""Articles 37 to 40 of the Zhejiang regulation on the reform: shared data, and what they may be used for.

Belongs to later issues and slices: art. 37 the technical standards of the platform (connectors); art. 38 gathering data
into the five basic registers and archiving; art. 40 the one window in townships and villages (counter).
"""

from dataclasses import replace
from datetime import datetime
from uuid import uuid4

import pytest

from tests.journeys.law import steps
from tests.journeys.law.steps import HOSPITAL, TONGLU, viewer
from yici.apps.catalogue.queries import catalogue_for
from yici.apps.journal import queries as journal
from yici.apps.planning import actions as planning
from yici.apps.planning import queries as plans
from yici.apps.registry import actions, queries
from yici.apps.registry.models import Dataset, Grant, Record
from yici.rules.grants import GrantState, Ground
from yici.rules.items import WayKind
from yici.rules.plans import Availability
from yici.rules.refusals import Refusal


def refusals(login: str) -> list[str]:
    """Return the grounds of refused look-ups of a person, newest first."""
    subject = f"party:{viewer(login).party_public_id}"
    return [line.facts["reason"] for line in journal.entries_for(subject, kind="registry.look_up_refused")]


class TestArticle37Standards:
    """One model of data across departments: every field an item reads is a field of the one catalogue of datasets."""

    def test_every_grant_names_fields_of_the_catalogue(self) -> None:
        known = {row.key: set(row.fields) for row in Dataset.objects.all()}
        assert Grant.objects.count() > 300
        for grant in Grant.objects.all():
            assert set(grant.fields) <= known[grant.dataset_id], grant


class TestArticle38Catalogue:
    """The data office keeps the list of all public data: with owner, class and ground, for everybody to read."""

    def test_every_dataset_has_owner_class_and_ground_where_it_is_not_shared(self, now: datetime) -> None:
        listed = queries.public_datasets(today=now.date())
        assert len(listed) == Dataset.objects.count() > 60
        assert all(one.owner.zh and one.fields for one in listed)
        assert all(one.ground for one in listed if one.sharing == "not_shared")


class TestArticle39Sharing:
    """Authorities share with each other unless a law says otherwise, for duties only, and change nothing they got."""

    def test_what_is_shared_without_conditions_is_granted_to_every_item_that_needs_it(self) -> None:
        granted = {
            (one.item_key, one.dataset_id): set(one.fields) for one in Grant.objects.filter(state=GrantState.APPROVED)
        }
        datasets = dict(Dataset.objects.values_list("key", "sharing"))
        for item in catalogue_for(TONGLU).items.values():
            for way in (way for one in item.requirements for way in one.ways if way.kind is WayKind.DATA):
                dataset, _, field = way.target.partition(".")
                if datasets.get(dataset) == "unconditional":
                    assert field in granted[item.key, dataset], (item.key, way.target)

    def test_what_a_law_keeps_closed_stays_closed_whatever_is_granted(self, now: datetime) -> None:
        party = viewer("shenyu").party_id
        closed = Dataset.objects.filter(sharing="not_shared").first()
        assert closed is not None
        field = next(iter(closed.fields))
        Record.objects.create(dataset=closed, party_id=party, values={field: "x"}, held=[field], updated_at=now)
        whole = Grant.objects.filter(state=GrantState.APPROVED).first()
        assert whole is not None
        whole.pk, whole.public_id, whole.dataset, whole.fields = None, uuid4(), closed, [field]
        whole.save(force_insert=True)
        key = f"{closed.key}.{field}"

        seen = queries.availability(party_id=party, region_code=TONGLU, wanted=[key], items=[whole.item_key])

        assert seen[key] is Availability.NOT_SHARED

    def test_data_are_read_for_an_open_matter_only(self, now: datetime) -> None:
        by = viewer("shenyu")
        key = steps.draft(by, "newborn", now, answers=HOSPITAL)
        view = plans.draft(by, key, browser="")
        plan = plans.plan_of(by, view)
        assert planning.known_facts(by=by, view=view, plan=plan, now=now)

        gone = replace(view, application_id=view.public_id)
        assert planning.known_facts(by=by, view=gone, plan=plan, now=now) == {}
        assert set(refusals("shenyu")) == {Ground.CASE_CLOSED}

    def test_an_application_reads_under_grants_and_every_look_up_is_in_the_persons_ledger(self, now: datetime) -> None:
        steps.apply(viewer("shenyu"), "newborn", now, answers=HOSPITAL)

        rows = queries.look_ups_of(viewer("shenyu"), limit=500).rows
        assert len(rows) > 3
        for row in rows:
            assert all((row.office.zh, row.purpose.zh, row.items, row.fields, row.basis, row.case_reference)), row
            assert row.grants, row
            assert row.grant_basis, row
        assert refusals("shenyu") == []

    def test_what_was_revoked_is_planned_for_no_more(self, now: datetime) -> None:
        by = viewer("shenyu")
        key = steps.draft(by, "newborn", now, answers=HOSPITAL)
        steps.fill(by, key, now)
        view = plans.draft(by, key, browser="")
        plan = plans.plan_of(by, view)
        way = next(row.way for row in plan.evidence if row.way and row.way.kind is WayKind.DATA)
        Grant.objects.filter(dataset=way.target.partition(".")[0], state=GrantState.APPROVED).update(
            state=GrantState.REVOKED, revoked_at=now, revoked_by="staff:1", revoked_reason="测试撤销"
        )

        again = plans.plan_of(by, view)

        assert again.visits + len(again.bring) >= plan.visits + len(plan.bring)
        assert all(row.way != way for row in again.evidence)

    def test_nobody_but_the_owner_changes_a_record(self, now: datetime) -> None:
        by = viewer("shenyu")
        before = list(Record.objects.filter(party_id=by.party_id).values_list("pk", "updated_at"))

        steps.apply(by, "newborn", now, answers=HOSPITAL)

        assert list(Record.objects.filter(party_id=by.party_id).values_list("pk", "updated_at")) == before


class TestArticle40OneWindow:
    """What the departments share is there at the window of every county: the guard asks for the place of the need."""

    @pytest.mark.parametrize("region", [TONGLU, "330502000000", "330106000000", "330782000000"])
    def test_a_grant_of_the_province_holds_in_each_county(self, region: str) -> None:
        grant = Grant.objects.filter(dataset="population", fields__contains=["name"], state=GrantState.APPROVED)[0]

        seen = queries.availability(
            party_id=viewer("shenyu").party_id,
            region_code=region,
            wanted=["population.name"],
            items=[grant.item_key],
        )

        assert seen["population.name"] is Availability.AVAILABLE

    def test_the_window_reads_nothing_without_an_item(self, now: datetime) -> None:
        with pytest.raises(Refusal, match="the item and the case"):
            actions.fetch(
                party_id=viewer("shenyu").party_id or 0,
                wanted=["population.name"],
                items=[],
                purpose="看看",
                basis="无",
                case_reference="YC1",
                case_is_open=True,
                by="staff:1",
                now=now,
                region_code=TONGLU,
            )
        assert refusals("shenyu") == [Ground.NO_TERMS]
