"""The department's desk: who may open it, each page through its address, each act with what it refuses."""

import json
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client

from tests.apps.factories import AccountFactory, OrganisationFactory, StaffFactory
from tests.channels.pages import TONGLU, WUXING, answer_all, filled, sign_in, submitted
from yici.apps.cases.models import Application, Case, Step
from yici.apps.catalogue.models import ItemRevision
from yici.apps.people.models import Account
from yici.apps.planning.models import Draft

ITEM = "small_catering_registration"


def colleague(region: str = TONGLU, kind: str = "market_regulation", **post: bool) -> Account:
    """Somebody at a post of an office."""
    office = OrganisationFactory(code=region, kind=kind)
    return AccountFactory(of_staff=True, staff=StaffFactory(organisation=office, **post))


@pytest.fixture
def case(province: None, db: None) -> Case:
    """Somebody in Tonglu wants to open a small restaurant; nothing is on record."""
    for kind in ("market_regulation", "government_service_hall", "health"):
        OrganisationFactory(kind=kind)
    portal = Client()
    sign_in(portal, AccountFactory())
    portal.cookies["yici_place"] = TONGLU
    portal.post(f"/needs/{ITEM}/start")
    draft = Draft.objects.get()
    answer_all(portal, draft)
    filled(portal, draft)
    return Case.objects.get(application=submitted(portal, ITEM, draft=draft))


@pytest.fixture
def step(case: Case) -> Step:
    found = case.steps.filter(state="ready").first()
    assert found is not None
    return found


def desk(step: Step) -> Client:
    """The desk of somebody whose step this is."""
    client = Client()
    client.cookies["yici_language"] = "en"
    post: dict[str, bool] = {"window": {"at_the_window": True}, "decider": {"decides": True}}.get(step.post, {})
    sign_in(client, colleague(step.case.organisation.region.code, step.organisation.kind, **post))
    return client


def act(client: Client, step: Step, name: str, **sent: object) -> int:
    return int(client.post(f"/desk/steps/{step.public_id}/{name}", sent).status_code)


class TestSearch:
    @pytest.mark.parametrize("part", ["小餐饮", "small", "Small REST", "reference", "reference in small letters"])
    def test_finds_by_reference_and_by_the_name_of_the_item(self, step: Step, part: str) -> None:
        reference = step.case.application.reference
        asked = {"reference": reference, "reference in small letters": reference.lower()}.get(part, part)

        page = desk(step).get("/desk/", {"tab": "take", "q": asked}).content.decode()

        assert f"/desk/steps/{step.public_id}" in page

    @pytest.mark.parametrize("asked", ["没有的名字", "X-1", "Small bakery", "%", "'"])
    def test_finds_nothing_else(self, step: Step, asked: str) -> None:
        page = desk(step).get("/desk/", {"tab": "take", "q": asked}).content.decode()

        assert f"/desk/steps/{step.public_id}" not in page

    def test_finds_an_item_by_the_name_it_had(self, step: Step) -> None:
        revision = step.case.revision
        document = {**revision.document, "name": {"zh": "改了的名字", "en": "Another name"}}
        ItemRevision.objects.create(
            basic=revision.basic,
            number=revision.number + 1,
            document_text=json.dumps(document, ensure_ascii=False),
            sha256=b"x" * 32,
            valid_from=revision.valid_from,
            published_at=revision.published_at,
        )

        for asked in ("小餐饮", "改了的名字"):
            page = desk(step).get("/desk/", {"tab": "take", "q": asked}).content.decode()
            assert f"/desk/steps/{step.public_id}" in page

    def test_others_find_no_step_by_its_reference(self, client: Client, step: Step) -> None:
        sign_in(client, colleague(WUXING))

        page = client.get("/desk/", {"tab": "take", "q": step.case.application.reference}).content.decode()

        assert f"/desk/steps/{step.public_id}" not in page


class TestWhoMayOpenIt:
    def test_strangers_sign_in_first(self, client: Client, db: None) -> None:
        assert client.get("/desk/?tab=due").headers["Location"] == "/sign-in?next=/desk/?tab=due"

    @pytest.mark.parametrize(
        "who",
        [
            AccountFactory,
            lambda: colleague(WUXING),
            lambda: colleague(TONGLU, "health"),
            lambda: colleague(TONGLU, "civil_affairs", at_the_window=True),
        ],
        ids=["a person", "the same office of another county", "another office", "a window of another office"],
    )
    def test_for_others_a_step_is_not_there(self, client: Client, step: Step, who: Callable[[], Account]) -> None:
        sign_in(client, who())

        assert client.get(f"/desk/steps/{step.public_id}").status_code == 404
        assert client.get(f"/desk/steps/{step.public_id}/clock").status_code == 404
        assert client.get(f"/desk/steps/{step.public_id}/papers/{uuid4()}").status_code == 404
        for name in ("take", "accept", "correct", "decide", "pause", "finish", "write", "waive", "show-original"):
            assert act(client, step, name) == 404
        assert client.post("/desk/batch", {"act": "take", "step": [str(step.public_id)]}).status_code == 404
        step.refresh_from_db()
        assert step.taken_by_id is None


class TestInbox:
    @pytest.mark.parametrize("tab", ["take", "mine", "paused", "due", "done", "no-such-tab"])
    def test_shows_every_tab_with_its_count(self, step: Step, tab: str) -> None:
        assert desk(step).get(f"/desk/?tab={tab}").status_code == 200

    def test_lists_what_is_to_take(self, step: Step) -> None:
        assert step.case.application.reference in desk(step).get("/desk/").content.decode()

    def test_finds_a_reference_and_nothing_else(self, step: Step) -> None:
        client, reference = desk(step), step.case.application.reference

        assert f"/desk/steps/{step.public_id}" in client.get(f"/desk/?q={reference}").content.decode()
        assert f"/desk/steps/{step.public_id}" not in client.get("/desk/?q=YC00000000").content.decode()

    @pytest.mark.parametrize("mark", ["x", "2018-02-31_1", "2018-03-05_", "_9999999999999999999999", "2018-03-05_x"])
    def test_survives_a_mark_nobody_gave(self, step: Step, mark: str) -> None:
        assert desk(step).get(f"/desk/?after={mark}").status_code == 200

    def test_asks_the_database_a_bounded_number_of_times(
        self, step: Step, django_assert_max_num_queries: Callable[..., object]
    ) -> None:
        client = desk(step)

        with django_assert_max_num_queries(12):  # type: ignore[attr-defined]
            client.get("/desk/")

    def test_takes_many_at_once_and_names_what_fails(self, step: Step) -> None:
        client = desk(step)
        sent = {"act": "take", "step": [str(step.public_id), "not-an-id"]}

        page = client.post("/desk/batch", sent, follow=True).content.decode()

        assert "1 done." in page
        assert "unknown step" in page

    def test_knows_no_other_batch(self, step: Step) -> None:
        assert desk(step).post("/desk/batch", {"act": "delete"}).status_code == 404


class TestStep:
    def test_page_shows_the_papers_and_what_can_be_done(self, step: Step) -> None:
        client = desk(step)
        assert act(client, step, "take") == 302

        page = client.get(f"/desk/steps/{step.public_id}").content.decode()

        assert page.count('data-key="a"') == 1
        assert step.case.application.reference in page

    def test_acts_need_taking_first(self, step: Step) -> None:
        assert act(desk(step), step, "accept") == 409

    def test_one_complete_correction_names_what_is_missing(self, step: Step) -> None:
        client = desk(step)
        act(client, step, "take")
        missing = step.case.evidence.exclude(status="present").first()
        assert missing is not None

        assert act(client, step, "correct") == 409
        assert act(client, step, "correct", **{f"what.{missing.requirement}": "照片不清楚"}) == 302
        assert act(client, step, "correct", **{f"what.{missing.requirement}": "还缺一份"}) == 409

    def test_goes_from_acceptance_to_decision_and_on_to_the_next(self, step: Step) -> None:
        case = step.case
        for _ in range(case.steps.count()):
            ready = case.steps.filter(state="ready").select_related("organisation").first()
            if ready is None:
                break
            client = desk(ready)
            act(client, ready, "take")
            case.refresh_from_db()
            if case.accepted_at is None:
                for row in case.evidence.exclude(status="present"):
                    if row.status == "due":
                        assert act(client, ready, "show-original", requirement=row.requirement) == 302
                    else:
                        assert act(client, ready, "waive", requirement=row.requirement, reason="系统核对") == 302
                assert act(client, ready, "accept") == 302
                assert client.get(f"/desk/steps/{ready.public_id}/clock").status_code == 200
            ready.refresh_from_db()
            if ready.decides:
                assert act(client, ready, "decide", grant="1", reason="符合条件", next="nonsense") == 302
            elif ready.state != "done":
                assert act(client, ready, "finish") == 302

        case.refresh_from_db()
        assert case.outcome == "granted"
        application = Application.objects.get()
        assert application.closed_at is not None
        # An office's figures are found among its own cases: they keep what their application's times are.
        assert (case.applied_at, case.concluded_at) == (application.submitted_at, application.closed_at)

    def test_refuses_a_decision_without_reason(self, step: Step) -> None:
        client = desk(step)
        act(client, step, "take")

        assert act(client, step, "decide", grant="0") == 409

    def test_knows_no_other_act(self, step: Step) -> None:
        assert act(desk(step), step, "delete") == 404
