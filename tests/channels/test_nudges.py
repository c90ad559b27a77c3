"""Suggestions of an easier way on the pages: booking, the window, the account; and never twice."""

from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.apps import window_steps as steps
from tests.channels.test_window_serve import served, signed_in
from tests.journeys.law.conftest import in_the_province, province
from yici.apps.halls import intake
from yici.apps.planning import queries as plans
from yici.apps.planning.models import Draft, Nudge, NudgeRefusal, NudgeTally
from yici.rules.nudges import NudgeKind

__all__ = ["in_the_province", "province"]
# Somebody far from old, and a need without questions whose licence may be posted.
PERSON, STRANGER, NEED, TONGLU = "guchen", "shendamin", "household_marital_change", "330122000000"
BOOK = f"/appointments/new?need={NEED}&region={TONGLU}"


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def person(db: None) -> Client:
    """Somebody whose need takes no visit, with a draft of it."""
    client = signed_in(PERSON)
    client.post(f"/needs/{NEED}/start", {"region": TONGLU})
    who = steps.viewer(PERSON)
    draft = Draft.objects.get(party_id=who.party_id, event_key=NEED, submitted_at=None)
    assert plans.plan_of(who, plans.draft(who, draft.public_id, browser="")).mode == "zero"
    return client


def shown(client: Client, path: str = BOOK, **sent: Any) -> str:
    answer = client.get(path, **sent)
    assert answer.status_code == 200, answer
    return str(answer.content.decode())


def counts() -> dict[str, tuple[int, int, int, int]]:
    return {one.kind: (one.shown, one.followed, one.declined, one.refused) for one in NudgeTally.objects.all()}


class TestBooking:
    def test_says_once_that_no_visit_is_needed_and_follows(self, person: Client) -> None:
        assert "This can be done from home, without an appointment: 0 visits" in shown(person)
        assert "This can be done from home" in shown(person)  # another day of the same page
        made = Nudge.objects.get()

        went = person.post(f"/nudges/{made.public_id}/followed")

        assert went.headers["Location"] == f"/drafts/{Draft.objects.get(event_key=NEED).public_id}/ask"
        assert "This can be done from home" not in shown(person)
        assert counts() == {"from_home": (1, 1, 0, 0)}

    def test_leaves_the_choice(self, person: Client) -> None:
        shown(person)
        made = Nudge.objects.get()

        back = person.post(f"/nudges/{made.public_id}/declined", {"next": BOOK})

        assert back.headers["Location"] == BOOK
        assert counts() == {"from_home": (1, 0, 1, 0)}
        assert person.post(f"/nudges/{made.public_id}/followed").status_code == 409

    def test_one_press_ends_them_and_the_account_allows_them_again(self, person: Client) -> None:
        shown(person)
        made = Nudge.objects.get()

        person.post(f"/nudges/{made.public_id}/never", {"next": BOOK})

        assert "We suggest nothing any more" in shown(person)
        assert "Allow suggestions again" in shown(person, "/account")
        person.post("/account/suggestions", {"allow": "1"})
        assert not NudgeRefusal.objects.exists()
        assert "we say so once" in shown(person, "/account")

    def test_not_in_the_elder_version_nor_to_strangers_nor_for_another_address(self, person: Client) -> None:
        person.cookies["yici_elder"] = "1"
        assert "This can be done from home" not in shown(person)
        assert "This can be done from home" not in shown(Client(HTTP_ACCEPT_LANGUAGE="en"))
        assert not Nudge.objects.exists()
        del person.cookies["yici_elder"]
        shown(person)
        made = Nudge.objects.get()
        assert signed_in(STRANGER).post(f"/nudges/{made.public_id}/never").status_code == 404
        assert person.post(f"/nudges/{made.public_id}/somehow").status_code == 404
        assert (
            person.post(f"/nudges/{made.public_id}/declined", {"next": "https://elsewhere.example/"}).headers[
                "Location"
            ]
            == "/account"
        )


class TestAtTheWindow:
    def test_the_receipt_says_that_nobody_need_come_the_next_time(self, db: None, now: datetime) -> None:
        window = signed_in(steps.TONGLU_CLERK)
        served(window, PERSON)
        draft, plan = steps.plan_together(NEED, steps.clerk(), now)
        assert plan.mode == "zero"
        taken = intake.submit(
            draft_id=draft, seen_visits=0, signed=True, paper_results="", address="", by=steps.clerk(), now=now
        )

        page = shown(window, f"/window/visit/receipts/{taken.receipt_id}")

        assert "The next time this can be done from home: 0 visits" in page
        went = window.post("/window/visit/no-suggestions", {"next": f"/window/visit/receipts/{taken.receipt_id}"})
        assert went.headers["Location"] == f"/window/visit/receipts/{taken.receipt_id}"
        assert NudgeRefusal.objects.get().party_id == steps.viewer(PERSON).party_id
        assert "The next time" not in shown(window, f"/window/visit/receipts/{taken.receipt_id}")

    def test_collecting_what_can_be_posted_is_asked_about_before_and_counted(self, db: None, now: datetime) -> None:
        window = signed_in(steps.TONGLU_CLERK)
        served(window, PERSON)
        draft, _ = steps.plan_together(NEED, steps.clerk(), now)

        assert "Results on paper can be posted" in shown(window, f"/window/visit/drafts/{draft}/check")
        intake.submit(
            draft_id=draft, seen_visits=0, signed=True, paper_results="post", address="桐庐县迎春南路1号",
            by=steps.clerk(), now=now,
        )  # fmt: skip

        assert counts() == {NudgeKind.BY_POST: (1, 1, 0, 0)}
