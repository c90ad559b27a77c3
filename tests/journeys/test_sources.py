"""A restaurant in Huzhou whose facts come live from four departments, and what the plan says when they fail.

Every department is a real program of its own; each is killed, slowed to a minute, made to answer rubbish and made to
return ten million rows.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from tests.apps.factories import AccountFactory, MandateFactory, PartyFactory
from tests.channels.conftest import province
from tests.flush import emptied_although_append_only
from tests.servers.huzhou import DEADLINE_MS, Department, departments
from yici.apps.catalogue import queries as catalogue
from yici.apps.people.models import Account
from yici.apps.people.viewers import Viewer, viewer_of
from yici.apps.planning import actions as planning
from yici.apps.planning import queries as plans
from yici.apps.registry import actions, queries, resilience
from yici.apps.registry.granting import approve_row
from yici.apps.registry.models import Dataset, Grant
from yici.apps.registry.source_acts import load_sources, probe_all
from yici.rules.grants import GrantState
from yici.rules.planner import silent_sources
from yici.rules.plans import EvidenceStatus, Plan
from yici.rules.words import Words

__all__ = ["emptied_although_append_only", "province"]

WUXING = "330502000000"
USCC = "91330502MA2EXAMP0X"
ANSWERS = {
    "business_form": "company",
    "licence_held": "true",
    "premises_kind": "rented",
    "premises_area": "400",
    "serves_raw_food": "false",
    "makes_cakes": "false",
    "cooking_fumes": "false",
    "cooking_fuel": "electric",
    "own_drain": "false",
    "puts_up_sign": "false",
    "outdoor_seating": "false",
    "special_equipment": "false",
    "sells_tobacco": "false",
}
# Requirement → the department that holds it, the sentence about its silence, and how the plan goes on without it.
HELD = {
    "market": ("business_licence", "法人基础信息", EvidenceStatus.ORIGINAL),
    "fire": ("construction_acceptance", "工程建设项目", EvidenceStatus.UPLOAD),
    "housing": ("premises_right", "经营用房租赁合同备案", EvidenceStatus.ORIGINAL),
    "jiangsu": ("health_certificates", "从业人员健康证明", EvidenceStatus.UPLOAD),
}
# One page's budget, and as much again for everything else a page does on a busy machine.
BOUND_SECONDS = resilience.PAGE_BUDGET_SECONDS + 2


@pytest.fixture(scope="module")
def four(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Department]]:
    with pytest.MonkeyPatch.context() as patch, departments(tmp_path_factory.mktemp("four"), USCC) as running:
        patch.setenv("YICI_SOURCE_HUZHOU_MARKET_PASSWORD", "not-a-secret-of-anybody")
        patch.setenv("YICI_SOURCE_HUZHOU_HOUSING_SECRET", "only-for-tests")
        yield running
        resilience.WATCHES.forget_all()


@pytest.fixture
def connected(four: dict[str, Department], province: None, db: None, tmp_path_factory: Any) -> dict[str, Department]:
    """Connect the four departments; Huzhou's lease filings, closed in the demonstration, are linked by that."""
    listed = catalogue.catalogue_for(WUXING).datasets.values()
    actions.load_datasets(datasets=listed, by="system:test", now=timezone.now())
    Dataset.objects.filter(key="lease_filings").update(not_shared_in=[])
    actions.ask_for_grants(by="system:test", now=timezone.now())
    for waiting in Grant.objects.filter(state=GrantState.REQUESTED):
        approve_row(waiting, by="system:test", now=timezone.now())
    folder = max(tmp_path_factory.getbasetemp().glob("four*"))
    load_sources(path=folder / "sources.yaml", by="system:test", now=timezone.now())
    resilience.WATCHES.forget_all()
    until(lambda: all(one.ok for one in probe_all(now=timezone.now())))
    return four


@pytest.fixture
def owner(connected: dict[str, Department]) -> Viewer:
    """The owner of a restaurant company, acting for it."""
    company = PartyFactory(a_company=True, id_number=USCC, code="330502")
    account = AccountFactory(party__code="330502")
    MandateFactory(holder=company, agent=account.party)
    return viewer_of(account, acting_for=company.public_id)


def need(owner: Viewer) -> UUID:
    return planning.start_draft(
        by=owner, browser="", event_key="restaurant", region_code=WUXING, answers=ANSWERS, now=timezone.now()
    )


def plan_of(owner: Viewer, draft: UUID) -> Plan:
    return plans.plan_of(owner, plans.draft(owner, draft, browser=""))


def statuses(plan: Plan) -> dict[str, EvidenceStatus]:
    wanted = {requirement for requirement, _, _ in HELD.values()}
    found: dict[str, EvidenceStatus] = {}
    for row in plan.evidence:
        if row.requirement in wanted:
            found.setdefault(row.requirement, row.status)
    return found


def page(client: Client, owner: Viewer, draft: UUID, language: str) -> tuple[str, float]:
    """Open the plan in a browser of the owner; return what it says, and after how many seconds."""
    account = Account.objects.get(pk=owner.account_id)
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session["acting_for"] = str(owner.acting_for_public_id)
    session.save()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    begun = time.monotonic()
    response = client.get(f"/drafts/{draft}/plan")
    assert response.status_code == 200
    return response.content.decode(), time.monotonic() - begun


def others_fetched(owner: Viewer, draft: UUID, requirement: str) -> bool:
    found = statuses(plan_of(owner, draft))
    return found.pop(requirement) is not EvidenceStatus.FETCHED and set(found.values()) == {EvidenceStatus.FETCHED}


def silent(plan: Plan) -> tuple[Words, ...]:
    return silent_sources(plan, catalogue.catalogue_for(WUXING))


def until_all_fetched(owner: Viewer, draft: UUID) -> None:
    """Wait, without any restart, until the sources are asked again."""
    until(lambda: set(statuses(plan_of(owner, draft)).values()) == {EvidenceStatus.FETCHED})


def until(happened: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not happened():
        assert time.monotonic() < end, "did not happen in time"
        time.sleep(0.1)


@pytest.fixture(autouse=True)
def plain_addresses_of_static_files(settings: Any) -> None:
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


def test_facts_of_four_departments_are_there_at_once(owner: Viewer, client: Client) -> None:
    draft = need(owner)

    assert statuses(plan_of(owner, draft)) == {key: EvidenceStatus.FETCHED for key, _, _ in HELD.values()}
    said, _ = page(client, owner, draft, "zh-hans")
    assert "没有应答" not in said
    assert all(one.ok for one in probe_all(now=timezone.now()))


@pytest.mark.parametrize("how", ["kill", "slow", "rubbish", "flood"])
@pytest.mark.parametrize("which", sorted(HELD))
def test_a_department_that_fails_holds_nothing_up(
    connected: dict[str, Department], owner: Viewer, client: Client, which: str, how: str
) -> None:
    requirement, dataset, instead = HELD[which]
    draft = need(owner)
    getattr(connected[which], how)()
    try:
        said, seconds = page(client, owner, draft, "zh-hans")
        plan = plan_of(owner, draft)
        until(lambda: others_fetched(owner, draft, requirement))  # they are not drawn into it
    finally:
        connected[which].well()

    assert seconds < BOUND_SECONDS
    assert f"{dataset}暂时没有应答" in said
    assert statuses(plan)[requirement] is instead
    assert any(dataset in one.zh and "is not answering now" in one.en for one in silent(plan))
    assert plans.draft(owner, draft, browser="").answers["premises_area"]  # nothing is lost
    until_all_fetched(owner, draft)


def test_all_four_hanging_cost_one_budget_not_four(
    connected: dict[str, Department], owner: Viewer, client: Client
) -> None:
    draft = need(owner)
    for one in connected.values():
        one.slow()
    try:
        _, seconds = page(client, owner, draft, "zh-hans")
        _, when_known = page(client, owner, draft, "zh-hans")
    finally:
        for one in connected.values():
            one.well()

    assert seconds < BOUND_SECONDS
    assert when_known < BOUND_SECONDS
    until_all_fetched(owner, draft)


def test_every_look_up_is_in_the_ledger_also_when_nobody_answered(
    connected: dict[str, Department], owner: Viewer
) -> None:
    def fetch(now: datetime) -> Mapping[str, object]:
        return actions.fetch(
            party_id=owner.acting_for_id or 0,
            wanted=["companies.licence", "construction_projects.acceptance"],
            items=[one.item for one in catalogue.event("restaurant", WUXING).members],
            case_is_open=True,
            purpose="evidence",
            basis="改革规定第七条",
            case_reference="draft:1",
            by=owner.label,
            now=now,
            region_code=WUXING,
        ).content

    assert fetch(timezone.now()) == {
        "companies.licence": "330502000012345",
        "construction_projects.acceptance": "湖消验字〔2018〕第0007号",
    }
    resilience.WATCHES.forget_all()
    connected["market"].rubbish()
    try:
        assert fetch(timezone.now()) == {"construction_projects.acceptance": "湖消验字〔2018〕第0007号"}
    finally:
        connected["market"].well()

    lines = [(one.dataset.en, one.was_found, one.was_answered) for one in queries.look_ups_of(owner).rows]
    assert sorted(lines) == [
        ("Company register", False, False),
        ("Company register", True, True),
        ("Construction projects", True, True),
        ("Construction projects", True, True),
    ]
    assert DEADLINE_MS < resilience.PAGE_BUDGET_SECONDS * 1000
