"""The published figures: counted from the rows, equal to a slow count by hand, and silent below the minimum."""

from collections import Counter
from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.apps.factories import OrganisationFactory
from tests.apps.hall_examples import at_window, clerk_of, minute, open_hall
from tests.apps.review_examples import ASKED, a_visit, answered_ticket, pressed, served, set_minimum
from tests.apps.ticket_examples import Hotline, open_hotline, staff_of
from yici.apps.halls.models import QueueTicket
from yici.apps.people.viewers import Viewer
from yici.apps.places.models import Hall
from yici.apps.reviews import actions, published
from yici.apps.reviews.models import Review
from yici.apps.reviews.publishing import Period, Scope, figures_of, tallies
from yici.apps.reviews.subjects import of_visit
from yici.apps.tickets import limits
from yici.rules.people import Role
from yici.rules.queues import TicketState
from yici.rules.review_acts import Handling, ReviewState
from yici.rules.review_figures import Tally
from yici.rules.reviews import Grade, ReviewChannel

NOW = minute(60 * 24 * 40)
PERIOD = Period(date(2018, 3, 1), NOW)
ROWS = st.lists(
    st.tuples(
        st.sampled_from([*Grade, None]),  # None: served and not reviewed
        st.sampled_from(["", "fixed", "explained"]),
        st.sampled_from(["", "", "mistaken"]),
        st.sampled_from([None, -1, 1]),  # contacted before or after its limit, or never
        st.integers(-60, 60),  # days between the visit and the end of the period
    ),
    max_size=12,
)


@pytest.fixture(autouse=True)
def law_read_anew() -> None:
    """A process asks once a second whether the law has changed; another test's rows are gone sooner."""
    limits._KNOWN.clear()


def slow_tally(hall: Hall) -> Tally:
    """Count one row after the other, as a clerk with a pencil would."""
    finished, grades, counts = 0, Counter[Grade](), Counter[str]()
    for ticket in QueueTicket.objects.filter(hall=hall):
        at = ticket.finished_at
        finished += (
            ticket.state == TicketState.DONE
            and at is not None
            and datetime(2018, 2, 28, 16) <= at.replace(tzinfo=None) <= NOW.replace(tzinfo=None)
        )
    for one in Review.objects.filter(hall=hall):
        if not datetime(2018, 2, 28, 16) <= one.finished_at.replace(tzinfo=None) <= NOW.replace(tzinfo=None):
            continue
        if one.upheld:
            counts["excluded"] += 1
            continue
        grades[Grade(one.grade)] += 1
        if one.grade <= 2:
            counts["answered"] += one.handling != ""
            counts["fixed"] += one.handling == "fixed"
            due = one.contact_due_at
            if due is not None and (one.contacted_at is not None or due <= NOW):
                counts["named"] += 1
                counts["in_time"] += one.contacted_at is not None and one.contacted_at < due
    return Tally(
        finished=finished,
        by_grade={grade: grades[grade] for grade in Grade},
        excluded=counts["excluded"],
        bad_answered=counts["answered"],
        bad_fixed=counts["fixed"],
        named_bad=counts["named"],
        contacted_in_time=counts["in_time"],
    )


def a_row(clerk: Viewer, hall: Hall, number: int, row: tuple[Grade | None, str, str, int | None, int]) -> None:
    grade, handling, upheld, contact, days = row
    at = NOW + timedelta(days=days)
    ticket = QueueTicket.objects.create(
        hall=hall,
        queue=hall.queues.get(letter="A"),  # type: ignore[attr-defined]
        day=date(2018, 3, 5),
        label=f"T{number:03}",
        joined_at=at,
        channel="machine",
        state=TicketState.DONE,
        finished_at=at,
        clerk_id=clerk.staff_id,
    )
    if grade is None:
        return
    subject = of_visit(QueueTicket.objects.select_related("hall__region", "clerk__organisation").get(pk=ticket.pk))
    due = at + timedelta(days=1)
    Review.objects.create(
        kind="queue",
        queue_ticket=ticket,
        finished_at=at,
        region=subject.region,
        desk_code=subject.region.code,
        organisation_id=subject.organisation_id,
        staff_id=subject.staff_id,
        hall=hall,
        channel=ReviewChannel.TABLET,
        grade=grade,
        given_at=at,
        state=ReviewState.CLOSED,
        handling=handling if grade.is_bad else "",
        upheld=upheld,
        contact_due_at=due if grade.is_bad and contact is not None else None,
        contacted_at=due + timedelta(hours=contact) if grade.is_bad and contact else None,
    )


@pytest.mark.django_db
class TestCounting:
    @settings(
        max_examples=25,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    @given(rows=ROWS)
    def test_agrees_with_a_count_by_hand(self, rows: list[tuple[Grade | None, str, str, int | None, int]]) -> None:
        hall = open_hall()
        clerk = clerk_of(hall)
        Review.objects.all().delete()
        QueueTicket.objects.all().delete()
        for number, row in enumerate(rows):
            a_row(clerk, hall, number, row)

        found = tallies(Scope.HALL, [hall.pk], PERIOD)[hall.pk]

        assert found == slow_tally(hall)
        assert tallies(Scope.PERSON, [clerk.staff_id], PERIOD)[clerk.staff_id] == found
        assert tallies(Scope.ORGANISATION, [clerk.organisation_id], PERIOD)[clerk.organisation_id] == found

    def test_takes_the_same_queries_for_many_as_for_one(self) -> None:
        bodies = [OrganisationFactory(kind=f"kind{number}").pk for number in range(6)]
        with CaptureQueriesContext(connection) as one:
            tallies(Scope.ORGANISATION, bodies[:1], PERIOD)
        with CaptureQueriesContext(connection) as many:
            tallies(Scope.ORGANISATION, bodies, PERIOD)

        assert len(one) == len(many)


@pytest.mark.django_db
class TestShowing:
    def test_says_nothing_below_the_minimum(self) -> None:
        ticket = a_visit()
        pressed(ticket)

        figures = figures_of(Scope.HALL, [ticket.hall_id], now=minute(10))[ticket.hall_id]
        assert (figures.tally, figures.satisfied, figures.minimum) == (None, None, 10)

        set_minimum(1)
        shown = published.published_hall(ticket.hall.public_id, now=minute(10)).figures
        assert shown.tally is not None
        assert (shown.satisfied, shown.coverage, shown.as_of) == (100.0, 100.0, ticket.day)

    def test_a_bad_review_put_right_changes_the_figure(self) -> None:
        hall = open_hall()
        clerk = at_window(hall)
        given_one = pressed(served(clerk, hall), 1)
        set_minimum(1)
        before = published.published_hall(hall.public_id, now=minute(10)).figures
        actions.rectify(review_id=given_one.public_id, handling=Handling.FIXED, text="已整改", by=clerk, now=minute(11))
        after = published.published_hall(hall.public_id, now=minute(12)).figures

        assert (before.satisfied, before.rectified, after.satisfied, after.rectified) == (0.0, 0.0, 0.0, 100.0)

    def test_persons_are_for_the_head_of_their_own_organisation(self) -> None:
        ticket = a_visit()
        pressed(ticket)
        set_minimum(1)
        assert ticket.clerk is not None
        head = staff_of(ticket.clerk.organisation, Role.DECIDER)
        other = staff_of(OrganisationFactory(kind="ecology"), Role.DECIDER)

        assert [one.name.zh for _, one in published.figures_of_persons(head, now=minute(10))] == [ticket.clerk.name]
        assert published.figures_of_persons(other, now=minute(10)) == []
        assert published.figures_of_persons(staff_of(ticket.clerk.organisation), now=minute(10)) == []


class TestHotlinesOwn:
    @pytest.fixture
    def hotline(self, db: None) -> Hotline:
        return open_hotline()

    def test_tickets_count_for_the_unit_that_answered(self, hotline: Hotline) -> None:
        ticket = answered_ticket(hotline)
        set_minimum(0)

        found = figures_of(Scope.ORGANISATION, [hotline.ecology.pk], now=ASKED)[hotline.ecology.pk]

        assert ticket.answered_at is not None
        assert found.tally is not None
        assert (found.tally.finished, found.coverage, found.satisfied) == (1, 0.0, None)
