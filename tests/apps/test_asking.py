"""At which questions people leave: counted once when asked, and when they go on; nobody is in the count."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.apps.catalogue_files import write_catalogue
from tests.apps.factories import region
from yici.apps.catalogue.actions import import_catalogue
from yici.apps.journal.models import Entry
from yici.apps.people.viewers import ANONYMOUS
from yici.apps.places.actions import load_calendar
from yici.apps.planning import actions, queries
from yici.apps.planning.asking import stand_at
from yici.apps.planning.models import Draft, QuestionTally
from yici.apps.reform.models import SignalTally
from yici.apps.reform.signals import count_signals
from yici.rules.signals import SignalKind

AT = datetime(2018, 3, 14, 3, 0, tzinfo=UTC)
LAST_OF_MARCH = datetime(2018, 3, 31, 15, 59, tzinfo=UTC)  # a minute before April, local time
BROWSER = "b" * 40


@pytest.fixture
def begun(db: None, tmp_path: Path) -> UUID:
    region("330500")
    region("330122")
    load_calendar(by="system:test", now=AT)
    import_catalogue(path=write_catalogue(tmp_path), by="system:test", now=AT)
    return start()


def start() -> UUID:
    return actions.start_draft(by=ANONYMOUS, browser=BROWSER, event_key="newborn", region_code="330122000000", now=AT)


def shown(draft: UUID, key: str, at: datetime = AT) -> None:
    view = queries.draft(ANONYMOUS, draft, browser=BROWSER)
    stand_at(by=ANONYMOUS, browser=BROWSER, view=view, key=key, now=at)


def counted() -> dict[tuple[str, str], tuple[int, int]]:
    rows = QuestionTally.objects.values_list("item_key", "question_key", "asked", "passed")
    return {(item, key): (asked, passed) for item, key, asked, passed in rows}


def writes(queries_made: CaptureQueriesContext) -> int:
    return sum(one["sql"].lstrip().startswith(("INSERT", "UPDATE", "DELETE")) for one in queries_made)


class TestCounting:
    def test_asks_once_and_passes_when_the_next_is_shown(self, begun: UUID) -> None:
        for key in ("order", "place", "place", "married"):
            shown(begun, key)

        assert counted() == {
            ("", "order"): (1, 1),  # the life event's own
            ("certificate", "place"): (1, 1),
            ("registration", "married"): (1, 0),
        }
        assert set(QuestionTally.objects.values_list("region_code", "month")) == {
            ("330122000000", AT.date().replace(day=1))
        }

    def test_whoever_comes_to_the_plan_has_left_nowhere(self, begun: UUID) -> None:
        shown(begun, "place")
        shown(begun, "")

        assert counted() == {("certificate", "place"): (1, 1)}
        assert Draft.objects.filter(asked_key="", asked_at=None).count() == 1

    def test_going_back_asks_again_and_nobody_is_left_on_the_way(self, begun: UUID) -> None:
        for key in ("place", "married", "place", "married", ""):
            shown(begun, key)

        assert counted() == {("certificate", "place"): (2, 2), ("registration", "married"): (2, 2)}

    def test_adds_up_over_people(self, begun: UUID) -> None:
        for draft in (begun, start(), start()):
            shown(draft, "place")
        shown(begun, "")

        assert counted() == {("certificate", "place"): (3, 1)}

    def test_belongs_to_the_month_of_the_asking(self, begun: UUID) -> None:
        shown(begun, "place", LAST_OF_MARCH)
        shown(begun, "married", LAST_OF_MARCH + timedelta(minutes=2))

        rows = QuestionTally.objects.order_by("month").values_list("month__month", "question_key", "asked", "passed")
        assert list(rows) == [(3, "place", 1, 1), (4, "married", 1, 0)]

    def test_a_discarded_draft_stays_in_the_count_and_leaves_no_trace_of_itself(self, begun: UUID) -> None:
        shown(begun, "place")
        actions.discard_draft(by=ANONYMOUS, browser=BROWSER, public_id=begun, now=AT)

        assert counted() == {("certificate", "place"): (1, 0)}
        columns = {field.name for field in QuestionTally._meta.get_fields()}
        assert columns == {"id", "event_key", "item_key", "question_key", "region_code", "month", "asked", "passed"}

    def test_costs_little_and_writes_no_journal(self, begun: UUID) -> None:
        view = queries.draft(ANONYMOUS, begun, browser=BROWSER)
        lines = Entry.objects.count()
        terms = {"by": ANONYMOUS, "browser": BROWSER, "view": view, "now": AT}
        stand_at(**terms, key="place")

        with CaptureQueriesContext(connection) as again:
            stand_at(**terms, key="place")
        with CaptureQueriesContext(connection) as onward:
            stand_at(**terms, key="married")

        assert [writes(one) for one in (again, onward)] == [0, 3]
        assert Entry.objects.count() == lines


def test_the_signal_is_who_left_of_what_an_item_asked(begun: UUID) -> None:
    for draft in (begun, start(), start()):
        shown(draft, "order")
        shown(draft, "place")
    shown(begun, "")

    count_signals(AT.date().replace(day=1), now=AT)

    rows = SignalTally.objects.filter(kind=SignalKind.ABANDONED).values_list("item_key", "region_code", "events", "of")
    assert list(rows) == [("certificate", "330122000000", 2, 3)]
