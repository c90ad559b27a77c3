"""Supervision of tickets and cases, and the mistakes of peers that it must not make."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.apps.factories import OrganisationFactory, PartyFactory
from tests.apps.ticket_examples import (
    MONDAY,
    Hotline,
    again,
    answered,
    days,
    dispatched,
    filed,
    handled,
    hours,
    open_hotline,
    staff_of,
)
from yici.apps.cases.models import Application, Case, Step
from yici.apps.catalogue.models import BasicItem, Implementation, ItemRevision
from yici.apps.tickets import actions, queries, sweeping
from yici.apps.tickets.actions import Outcome
from yici.apps.tickets.models import Card, Part, Reminder, Supervision, Ticket
from yici.rules.cases import CaseState, StepState
from yici.rules.people import Role
from yici.rules.supervision import CannotSupervise, CardState, Reason
from yici.rules.tickets import CannotHandleTicket, Ending, Level, TicketState


@pytest.fixture
def hotline(db: None) -> Hotline:
    return open_hotline()


def copies(ticket: Ticket, count: int, prefix: str = "SQ") -> None:
    """Add open tickets like this one, each due a minute earlier than the one before."""
    for number in range(count):
        ticket.pk, ticket.reference = None, f"{prefix}{number:08}"
        ticket.public_id = type(ticket)._meta.get_field("public_id").get_default()  # type: ignore[union-attr]
        for name in ("due_at", "amber_at", "step_due_at", "step_amber_at", "harm_at"):
            setattr(ticket, name, getattr(ticket, name) - timedelta(minutes=1))
        ticket.save(force_insert=True)


def overdue_case(hotline: Hotline, due_on: datetime, *, taken: bool = False) -> Case:
    basic, _ = BasicItem.objects.get_or_create(
        code="000101001000", defaults={"key": "sample", "name": "示例", "name_en": "Sample"}
    )
    revision = ItemRevision.objects.filter(basic=basic).first() or ItemRevision.objects.create(
        basic=basic, number=1, document_text="{}", sha256=b"0" * 32, valid_from=MONDAY.date(), published_at=MONDAY
    )
    region = hotline.ecology.region
    implementation, _ = Implementation.objects.get_or_create(
        basic=basic,
        region=region,
        defaults={"organisation": hotline.ecology, "code31": "1" * 31, "revision": revision},
    )
    number = Case.objects.count()
    application = Application.objects.create(
        reference=f"YC{number}",
        event_key="sample",
        event_name="示例",
        event_name_en="Sample",
        event_sha256="0" * 64,
        region=region,
        applicant=PartyFactory(),
        channel="web",
        submitted_at=MONDAY,
        submitted_by="party:1",
        mode="zero",
        promised_visits=0,
        promised_days=1,
        plan={},
        facts_text="{}",
    )
    case = Case.objects.create(
        application=application,
        applied_at=application.submitted_at,
        concluded_at=application.closed_at,
        code=f"C{number}",
        position=0,
        item_key="sample",
        name="示例",
        name_en="Sample",
        implementation=implementation,
        revision=revision,
        organisation=hotline.ecology,
        state=CaseState.IN_REVIEW,
        due_on=due_on.date(),
    )
    Step.objects.create(
        case=case,
        key="review",
        position=0,
        name="审查",
        name_en="Review",
        organisation=hotline.ecology,
        post="reviewer",
        promised_days=1,
        statutory_days=2,
        state=StepState.TAKEN if taken else StepState.READY,
        due_on=due_on.date(),
        amber_on=due_on.date(),
        bucket="mine" if taken else "take",
    )
    return case


class TestSweep:
    def test_examines_every_overdue_one_oldest_harm_first_in_bounded_batches(
        self, hotline: Hotline, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        ticket = dispatched(hotline, hotline.ecology)
        copies(again(ticket), 60)
        monkeypatch.setattr(sweeping, "BATCH", 7)  # CCRS looked at the newest hundred only
        order = list(Ticket.objects.order_by("harm_at", "pk").values_list("pk", flat=True))

        walked = [line.pk for batch in sweeping._tickets_by_harm(days(30)) for line in batch]
        done = actions.sweep(now=days(30))

        assert walked == order
        assert (done.examined, done.overdue, done.raised) == (61, 61, 61)
        assert set(Ticket.objects.values_list("level", flat=True)) == {Level.INTERVIEW}
        assert Reminder.objects.filter(colour="red", clock="total").count() == 61
        assert Supervision.objects.filter(closed_at=None).count() == 61

    def test_again_examines_all_and_does_nothing_twice(self, hotline: Hotline) -> None:
        copies(again(dispatched(hotline, hotline.ecology)), 20)
        actions.sweep(now=days(30))
        counts = (Reminder.objects.count(), Card.objects.count(), Supervision.objects.count())

        done = actions.sweep(now=days(30))

        assert (done.examined, done.overdue, done.reminders, done.raised) == (21, 21, 0, 0)
        assert (Reminder.objects.count(), Card.objects.count(), Supervision.objects.count()) == counts

    def test_statements_grow_with_batches_not_with_tickets(self, hotline: Hotline) -> None:
        copies(again(dispatched(hotline, hotline.ecology)), 10)
        with CaptureQueriesContext(connection) as few:
            actions.sweep(now=days(30))
        Ticket.objects.all().update(level=0)
        Supervision.objects.update(closed_at=days(30), closed_by="system:test")
        copies(again(dispatched(hotline, hotline.ecology)), 100, "SX")
        with CaptureQueriesContext(connection) as many:
            actions.sweep(now=days(31))

        assert len(many) <= len(few) + 5

    def test_amber_comes_at_four_fifths_and_red_when_it_is_broken(self, hotline: Hotline) -> None:
        ticket = filed(hotline.operator)
        for moment, colours in ((3.1, []), (3.3, ["amber"]), (4.1, ["amber", "red"])):
            actions.sweep(now=hours(moment))
            sent = Reminder.objects.filter(ticket=ticket, clock="step").order_by("id")
            assert list(sent.values_list("colour", flat=True)) == colours

    def test_the_hotlines_own_delay_is_nobody_elses_card(self, hotline: Hotline) -> None:
        ticket = dispatched(hotline, hotline.ecology)
        actions.sign(ticket_id=ticket.public_id, by=hotline.at_ecology, now=MONDAY)
        handled(ticket, hotline.at_ecology, MONDAY)

        actions.sweep(now=days(20))

        assert Supervision.objects.get(ticket=ticket).organisation is None
        assert not Card.objects.exists()

    def test_cases_are_supervised_like_tickets(self, hotline: Hotline) -> None:
        late, fresh = overdue_case(hotline, MONDAY, taken=True), overdue_case(hotline, days(40))
        actions.sweep(now=days(5))

        row = Supervision.objects.get(case=late)
        assert (row.level, row.organisation) == (Level.LISTED, hotline.ecology)
        assert not Supervision.objects.filter(case=fresh).exists()
        assert set(Reminder.objects.values_list("case_id", flat=True)) == {late.pk}
        assert Card.objects.get().colour == "yellow"
        Case.objects.filter(pk=late.pk).update(closed_at=days(6), state=CaseState.COMPLETED)
        Step.objects.filter(case=late).update(bucket="done")
        actions.sweep(now=days(7))
        assert Supervision.objects.get(case=late).closed_at == days(6)


class TestCards:
    def test_explained_contested_and_settled_by_somebody_else(self, hotline: Hotline) -> None:
        ticket = dispatched(hotline, hotline.ecology)
        actions.sign(ticket_id=ticket.public_id, by=hotline.at_ecology, now=MONDAY)
        actions.sweep(now=days(11))
        card = queries.cards_of(hotline.at_ecology)[0]

        actions.explain_card(card_id=card.public_id, text="设备检修", by=hotline.at_ecology, now=days(11))
        actions.contest_card(card_id=card.public_id, text="非我单位原因", by=hotline.at_ecology, now=days(12))
        with pytest.raises(Card.DoesNotExist):
            actions.explain_card(card_id=card.public_id, text="代为说明", by=hotline.at_township, now=days(12))
        actions.settle_contest(card_id=card.public_id, uphold=True, reason="属实", by=hotline.operator, now=days(13))

        kept = queries.cards_of(hotline.at_ecology)[0]
        assert CardState(kept.state) is CardState.LIFTED
        assert not CardState(kept.state).counts

    def test_a_neighbour_does_not_lift_a_supervision(self, hotline: Hotline) -> None:
        ticket = dispatched(hotline, hotline.ecology)
        made = actions.supervise(
            ticket_id=ticket.public_id, reason=Reason.REPEATED, note="多次", by=hotline.operator, now=MONDAY
        )
        # 330122 and 330120 begin alike: a loose prefix would let one into the other (a peer's tenant filter did).
        neighbour = staff_of(OrganisationFactory(kind="government_service_hall", code="330106"), Role.HOTLINE)
        with pytest.raises(Supervision.DoesNotExist):
            actions.lift(supervision_id=made, note="解除", by=neighbour, now=MONDAY)
        with pytest.raises(CannotSupervise):
            actions.lift(supervision_id=made, note=" ", by=hotline.operator, now=MONDAY)

        actions.lift(supervision_id=made, note="已解决", by=hotline.operator, now=MONDAY)

        assert queries.supervised(hotline.operator) == []


class TestPeersMistakes:
    def test_a_citizens_comment_never_postpones_a_deadline(self, hotline: Hotline) -> None:
        ticket = filed(hotline.person)
        before = (ticket.due_at, ticket.step_due_at, ticket.harm_at)

        actions.add_words(reference=ticket.reference, text="补充照片", by=hotline.person, now=hours(3))

        assert (again(ticket).due_at, again(ticket).step_due_at, again(ticket).harm_at) == before

    def test_the_window_to_object_counts_from_the_resolution_not_from_the_last_word(self, hotline: Hotline) -> None:
        ticket = filed(hotline.person)
        actions.dispatch(
            ticket_id=ticket.public_id, organisation_id=hotline.ecology.public_id, by=hotline.operator, now=MONDAY
        )
        handled(ticket, hotline.at_ecology, MONDAY)
        actions.review_reply(ticket_id=ticket.public_id, approve=True, note="", by=hotline.operator, now=MONDAY)
        actions.record_follow_up(
            ticket_id=ticket.public_id, outcome=Outcome(satisfied=True), by=hotline.operator, now=days(1)
        )
        actions.add_words(reference=ticket.reference, text="谢谢", by=hotline.person, now=days(15))

        with pytest.raises(CannotHandleTicket):
            actions.reopen(reference=ticket.reference, reason="又响了", by=hotline.person, now=days(20))
        actions.reopen(reference=ticket.reference, reason="又响了", by=hotline.person, now=days(14))

    def test_what_nobody_signed_for_reaches_the_head_of_the_unit(self, hotline: Hotline) -> None:
        dispatched(hotline, hotline.ecology)
        actions.sweep(now=days(2))

        head = staff_of(hotline.ecology, Role.DECIDER)
        assert {one.to_head for one in queries.reminders_of(head)} == {True}

    def test_step_and_whole_time_are_independent_clocks(self, hotline: Hotline) -> None:
        ticket = filed(hotline.operator)
        actions.sweep(now=hours(5))  # Zammad let one kind of time overrule the other

        sent = Reminder.objects.filter(ticket=ticket)
        assert set(sent.values_list("clock", "colour")) == {("step", "red")}

    def test_an_escalated_ticket_does_not_stop_being_escalated(self, hotline: Hotline) -> None:
        ticket = dispatched(hotline, hotline.ecology)
        actions.sign(ticket_id=ticket.public_id, by=hotline.at_ecology, now=MONDAY)
        for day in range(8, 30):
            actions.sweep(now=days(day))

        assert again(ticket).level == Level.INTERVIEW

    def test_a_closed_ticket_is_supervised_no_more(self, hotline: Hotline) -> None:
        ticket = answered(hotline, hotline.ecology, hotline.at_ecology)
        actions.supervise(ticket_id=ticket.public_id, reason=Reason.OTHER, note="关注", by=hotline.operator, now=MONDAY)
        actions.record_follow_up(
            ticket_id=ticket.public_id, outcome=Outcome(satisfied=True), by=hotline.operator, now=MONDAY
        )

        assert again(ticket).ending == Ending.SETTLED
        assert actions.sweep(now=datetime(2019, 1, 2, tzinfo=UTC)).examined == 0
        assert not Supervision.objects.filter(closed_at=None).exists()

    def test_an_inbox_takes_one_indexed_statement_beside_the_viewers_own(self, hotline: Hotline) -> None:
        ticket = dispatched(hotline, hotline.ecology)
        copies(again(ticket), 40)

        with CaptureQueriesContext(connection) as seen:
            page = queries.unit_inbox(hotline.at_ecology, TicketState.DISPATCHED, now=MONDAY)
        rest = queries.unit_inbox(hotline.at_ecology, TicketState.DISPATCHED, now=MONDAY, after=page.after)

        assert len(seen) <= 2
        references = [one.reference for one in (*page.rows, *rest.rows)]
        assert len(references) == len(set(references)) == 41


class TestCoHandlers:
    def asked(self, hotline: Hotline) -> Part:
        ticket = dispatched(hotline, hotline.ecology)
        actions.sign(ticket_id=ticket.public_id, by=hotline.at_ecology, now=MONDAY)
        for unit in (hotline.city_management, hotline.township):
            actions.ask_co_handler(
                ticket_id=ticket.public_id,
                organisation_id=unit.public_id,
                asked="核实占道",
                by=hotline.at_ecology,
                now=MONDAY,
            )
        return Part.objects.get(organisation=hotline.city_management)

    def test_are_reminded_when_their_part_is_nearly_due_and_when_it_is_late_once_each(self, hotline: Hotline) -> None:
        part = self.asked(hotline)
        length = part.due_at - part.asked_at

        sent = []
        for share in (0.5, 0.85, 0.9, 1.1, 1.2):
            actions.sweep(now=part.asked_at + length * share)
            sent.append(Reminder.objects.filter(part=part).count())

        assert sent == [0, 1, 1, 2, 2]
        rows = Reminder.objects.filter(clock="part")
        assert rows.count() == 4  # the other co-handler of the same ticket gets its own
        mine = [one for one in queries.reminders_of(hotline.at_city_management) if one.clock == "part"]
        assert [one.colour for one in mine] == ["red", "amber"]

    def test_are_left_alone_once_they_reported_or_the_ticket_closed(self, hotline: Hotline) -> None:
        part = self.asked(hotline)
        actions.report_part(
            part_id=part.public_id, report="已核实", finished=True, by=hotline.at_city_management, now=hours(1)
        )
        Ticket.objects.filter(pk=part.ticket_id).update(
            state="closed", ending=Ending.SETTLED, closed_at=MONDAY, step_due_at=None, step_amber_at=None
        )

        actions.sweep(now=days(30))

        assert not Reminder.objects.filter(clock="part").exists()
