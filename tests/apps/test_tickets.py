"""Tickets against the database: the whole way, who sees what, matters, and what is kept."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.apps.factories import AccountFactory, OrganisationFactory, StaffFactory
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
    replied,
    staff_of,
    voice,
)
from yici.apps.journal.models import Entry
from yici.apps.people.viewers import ANONYMOUS, viewer_of
from yici.apps.tickets import actions, queries, routing
from yici.apps.tickets.actions import Outcome
from yici.apps.tickets.models import Act, Classification, FollowUp, Precedent, Reply, Supervision, Ticket
from yici.rules.people import Role
from yici.rules.ticket_routing import Ground
from yici.rules.tickets import CannotHandleTicket, Ending, ExtensionGround, TicketKind, TicketState, Urgency
from yici.rules.voices import CannotFile


@pytest.fixture
def hotline(db: None) -> Hotline:
    return open_hotline()


class TestFiling:
    def test_gives_a_reference_and_a_due_moment_at_once(self, hotline: Hotline) -> None:
        made = actions.file(voice=voice(), by=hotline.operator, now=MONDAY)

        ticket = Ticket.objects.get(reference=made.reference)
        assert made.reference.startswith("SQ20180312")
        # Monday is the day of the event: five working days end with the next Monday.
        assert ticket.due_at == datetime(2018, 3, 19, 16, 0, tzinfo=UTC)
        assert ticket.step_due_at == hours(4)
        assert Entry.objects.filter(subject=made.reference).count() == Act.objects.filter(ticket=ticket).count() == 1

    def test_the_same_key_files_once_and_a_stranger_may_not_use_it(self, hotline: Hotline) -> None:
        first = actions.file(voice=voice(), by=hotline.operator, now=MONDAY, idempotency_key="k1")
        second = actions.file(voice=voice(), by=hotline.operator, now=MONDAY, idempotency_key="k1")

        assert first.reference == second.reference
        assert Ticket.objects.count() == Act.objects.count() == 1
        with pytest.raises(CannotFile):
            actions.file(voice=voice(), by=hotline.colleague, now=MONDAY, idempotency_key="k1")

    def test_an_unnamed_caller_follows_by_code_and_leaves_nothing_of_himself(self, hotline: Hotline) -> None:
        made = actions.file(voice=voice(anonymous=True), by=ANONYMOUS, now=MONDAY)

        seen = queries.followed(ANONYMOUS, made.reference, follow_code=made.follow_code)
        ticket = Ticket.objects.get(reference=made.reference)
        assert seen.subject == "搅拌站夜间噪声"
        assert (ticket.contact_name, ticket.contact_phone, ticket.phone_hash, ticket.party_id) == ("", "", "", None)
        with pytest.raises(Ticket.DoesNotExist):
            queries.followed(ANONYMOUS, made.reference, follow_code="WRONGONE")

    def test_refuses_half_a_place_and_no_words(self, hotline: Hotline) -> None:
        for bad in ({"latitude": 30.0}, {"latitude": 95.0, "longitude": 120.0}, {"detail": "  "}):
            with pytest.raises(CannotFile):
                actions.file(voice=voice(**bad), by=hotline.operator, now=MONDAY)

        assert not Ticket.objects.exists()

    def test_words_and_contact_are_unreadable_in_the_table(self, hotline: Hotline) -> None:
        ticket = filed(hotline.operator)

        with connection.cursor() as cursor:
            cursor.execute("SELECT row_to_json(t)::text FROM tickets_ticket t WHERE id = %s", [ticket.pk])
            row = cursor.fetchone()[0]
        assert "搅拌站" not in row
        assert "13900000001" not in row


class TestTheWholeWay:
    def test_from_the_call_to_the_follow_up(self, hotline: Hotline) -> None:
        ticket = answered(hotline, hotline.ecology, hotline.at_ecology)

        actions.record_follow_up(
            ticket_id=ticket.public_id, outcome=Outcome(satisfied=True, solved=True), by=hotline.operator, now=days(1)
        )

        assert again(ticket).ending == Ending.SETTLED
        acts = list(Act.objects.filter(ticket=ticket).order_by("id").values_list("kind", flat=True))
        assert acts == ["file", "dispatch", "sign", "contact", "reply", "approve", "satisfied"]
        assert Entry.objects.filter(subject=ticket.reference).count() == len(acts)

    def test_a_consult_is_answered_on_the_spot_and_a_report_never(self, hotline: Hotline) -> None:
        consult = filed(hotline.operator, kind=TicketKind.CONSULT)
        report = filed(hotline.operator, kind=TicketKind.REPORT)

        actions.answer_at_once(ticket_id=consult.public_id, text="带户口本即可。", by=hotline.operator, now=MONDAY)

        assert again(consult).ending == Ending.ANSWERED_AT_ONCE
        assert Reply.objects.get(ticket=consult).approved is True
        with pytest.raises(CannotHandleTicket):
            actions.answer_at_once(ticket_id=report.public_id, text="知道了", by=hotline.operator, now=MONDAY)

    def test_an_act_takes_few_statements(self, hotline: Hotline) -> None:
        ticket = dispatched(hotline, hotline.ecology)

        with CaptureQueriesContext(
            connection,
        ) as seen:
            actions.sign(ticket_id=ticket.public_id, by=hotline.at_ecology, now=MONDAY)

        statements = [one for one in seen.captured_queries if "SAVEPOINT" not in one["sql"]]
        assert len(statements) <= 4

    def test_a_reply_waits_for_the_contact_and_for_the_co_handlers(self, hotline: Hotline) -> None:
        ticket = dispatched(hotline, hotline.ecology)
        actions.sign(ticket_id=ticket.public_id, by=hotline.at_ecology, now=MONDAY)
        with pytest.raises(CannotHandleTicket, match="Contact the person"):
            actions.reply(ticket_id=ticket.public_id, text="办结", by=hotline.at_ecology, now=MONDAY)
        part = actions.ask_co_handler(
            ticket_id=ticket.public_id,
            organisation_id=hotline.township.public_id,
            asked="夜间巡查",
            by=hotline.at_ecology,
            now=MONDAY,
        )
        actions.record_contact(ticket_id=ticket.public_id, note="", by=hotline.at_ecology, now=MONDAY)
        with pytest.raises(CannotHandleTicket, match="co-handlers"):
            actions.reply(ticket_id=ticket.public_id, text="办结", by=hotline.at_ecology, now=MONDAY)
        assert [one.public_id for one in queries.part_inbox(hotline.at_township)] == [part]

        actions.report_part(part_id=part, report="已巡查", finished=True, by=hotline.at_township, now=MONDAY)
        actions.reply(ticket_id=ticket.public_id, text="办结", by=hotline.at_ecology, now=MONDAY)

        assert again(ticket).state == TicketState.REPLIED

    def test_another_kind_is_counted_anew_from_the_receipt(self, hotline: Hotline) -> None:
        ticket = filed(hotline.operator)

        actions.triage(
            ticket_id=ticket.public_id,
            category_key="environment.noise",
            urgency=Urgency.CRITICAL,
            proposal=actions.Proposal(category="city.litter", probability=0.4, model_version="m1"),
            by=hotline.operator,
            now=hours(1),
        )

        assert again(ticket).due_at == hours(2)
        kept = Classification.objects.get(ticket=ticket)
        assert (kept.category, kept.proposed, kept.probability) == ("environment.noise", "city.litter", 0.4)

    def test_more_time_is_asked_once_approved_by_the_hotline_and_moves_both_clocks(self, hotline: Hotline) -> None:
        ticket = dispatched(hotline, hotline.ecology)
        actions.sign(ticket_id=ticket.public_id, by=hotline.at_ecology, now=MONDAY)
        ask = {"ticket_id": ticket.public_id, "reason": "需检测", "by": hotline.at_ecology, "now": days(2)}
        actions.ask_more_time(ground=ExtensionGround.ORDINARY, **ask)  # type: ignore[arg-type]
        actions.settle_more_time(
            ticket_id=ticket.public_id, grant=True, answer="同意", by=hotline.operator, now=days(2)
        )

        assert again(ticket).due_at == again(ticket).step_due_at == datetime(2018, 3, 26, 16, 0, tzinfo=UTC)
        with pytest.raises(CannotHandleTicket):
            actions.ask_more_time(ground=ExtensionGround.ORDINARY, **ask)  # type: ignore[arg-type]


class TestWhoSeesWhat:
    def test_only_the_responsible_unit_and_the_hotline_of_the_region(self, hotline: Hotline) -> None:
        ticket = dispatched(hotline, hotline.ecology)
        elsewhere = staff_of(OrganisationFactory(kind="government_service_hall", code="330502"), Role.HOTLINE)
        other_county = staff_of(OrganisationFactory(kind="ecology", code="330106"))

        for stranger in (hotline.at_city_management, elsewhere, other_county, hotline.person, ANONYMOUS):
            with pytest.raises(Ticket.DoesNotExist):
                queries.desk_view(stranger, ticket.public_id, now=MONDAY)
            with pytest.raises(Ticket.DoesNotExist):
                actions.sign(ticket_id=ticket.public_id, by=stranger, now=MONDAY)
            assert queries.find(stranger, ticket.reference, now=MONDAY) == []
        assert queries.desk_view(hotline.at_ecology, ticket.public_id, now=MONDAY).line.reference == ticket.reference

    def test_the_province_sees_all_and_a_county_no_neighbour_whose_code_begins_alike(self, hotline: Hotline) -> None:
        mine = filed(hotline.operator)
        province = staff_of(OrganisationFactory(kind="big_data", code="330000"), Role.HOTLINE)
        neighbour = filed(province, code="330106")

        seen = queries.centre_queue(hotline.operator, TicketState.RECEIVED, now=MONDAY)
        all_seen = queries.centre_queue(province, TicketState.RECEIVED, now=MONDAY)

        assert [one.reference for one in seen.rows] == [mine.reference]
        assert {one.reference for one in all_seen.rows} == {mine.reference, neighbour.reference}

    def test_a_unit_sees_the_contact_masked_and_each_full_look_is_on_record(self, hotline: Hotline) -> None:
        ticket = dispatched(hotline, hotline.ecology)

        view = queries.desk_view(hotline.at_ecology, ticket.public_id, now=MONDAY)
        look = actions.look_at_contact(ticket_id=ticket.public_id, by=hotline.at_ecology, now=MONDAY)

        assert (view.contact_name, view.contact_phone) == ("示**", "13*******01")
        assert look[1] == "13900000001"
        assert Entry.objects.filter(kind="ticket.contact_seen", subject=ticket.reference).count() == 1

    def test_a_returned_ticket_is_no_longer_the_units(self, hotline: Hotline) -> None:
        ticket = dispatched(hotline, hotline.ecology)
        actions.send_back(ticket_id=ticket.public_id, reason="不属职责", by=hotline.at_ecology, now=hours(1))

        with pytest.raises(Ticket.DoesNotExist):
            queries.desk_view(hotline.at_ecology, ticket.public_id, now=MONDAY)

    def test_the_person_reads_answers_and_no_inner_words(self, hotline: Hotline) -> None:
        ticket = filed(hotline.person)
        actions.dispatch(
            ticket_id=ticket.public_id,
            organisation_id=hotline.ecology.public_id,
            by=hotline.operator,
            now=MONDAY,
            note="内部批示",
        )
        actions.write_message(ticket_id=ticket.public_id, text="内部留言", inner=True, by=hotline.operator, now=MONDAY)
        handled(ticket, hotline.at_ecology, MONDAY)

        before = queries.followed(hotline.person, ticket.reference)
        actions.review_reply(ticket_id=ticket.public_id, approve=True, note="", by=hotline.operator, now=MONDAY)
        after = queries.followed(hotline.person, ticket.reference)

        assert before.answers == ()
        assert [one.text for one in after.answers] == ["已责令停止夜间作业。"]
        assert "内部" not in repr(after)

    def test_callers_are_found_by_number_and_tickets_by_reference(self, hotline: Hotline) -> None:
        ticket = filed(hotline.operator)

        assert [one.reference for one in queries.find(hotline.operator, "139-0000-0001", now=MONDAY)] == [
            ticket.reference
        ]
        assert len(queries.find(hotline.operator, ticket.reference.lower(), now=MONDAY)) == 1
        assert queries.find(hotline.operator, "13900000002", now=MONDAY) == []

    def test_an_export_names_nobody(self, hotline: Hotline) -> None:
        filed(hotline.operator)

        text = repr(list(queries.exported(hotline.operator)))
        assert "示例甲" not in text
        assert "13900000001" not in text
        assert "搅拌站" not in text


class TestReturns:
    def test_the_second_return_is_arbitrated_binds_and_proposes_the_next(self, hotline: Hotline) -> None:
        ticket = dispatched(hotline, hotline.ecology)
        actions.triage(ticket_id=ticket.public_id, category_key="environment.noise", by=hotline.operator, now=MONDAY)
        actions.send_back(ticket_id=ticket.public_id, reason="不属职责", by=hotline.at_ecology, now=hours(1))
        actions.dispatch(
            ticket_id=ticket.public_id,
            organisation_id=hotline.city_management.public_id,
            by=hotline.operator,
            now=hours(2),
        )
        actions.send_back(ticket_id=ticket.public_id, reason="也不属", by=hotline.at_city_management, now=hours(3))
        assert again(ticket).state == TicketState.ARBITRATION

        actions.arbitrate(
            ticket_id=ticket.public_id,
            organisation_id=hotline.city_management.public_id,
            reason="夜间施工归其管",
            by=hotline.operator,
            now=hours(5),
        )

        with pytest.raises(CannotHandleTicket, match="arbitration"):
            actions.send_back(ticket_id=ticket.public_id, reason="仍不属", by=hotline.at_city_management, now=hours(6))
        following = filed(hotline.operator, hours(7))
        actions.triage(
            ticket_id=following.public_id, category_key="environment.noise", by=hotline.operator, now=hours(7)
        )
        first = routing.proposed_units(hotline.operator, following.public_id, now=hours(7))[0]
        assert (first.organisation_id, first.ground) == (hotline.city_management.public_id, Ground.ARBITRATION)
        assert Precedent.objects.get().refused == [hotline.ecology.pk]

    def test_region_against_department_is_arbitrated_at_once(self, hotline: Hotline) -> None:
        ticket = dispatched(hotline, hotline.township)

        actions.send_back(
            ticket_id=ticket.public_id,
            reason="属部门职责",
            named_id=hotline.ecology.public_id,
            by=hotline.at_township,
            now=hours(1),
        )

        assert again(ticket).state == TicketState.ARBITRATION

    def test_a_return_after_the_limit_is_refused_and_a_refused_one_gives_no_time(self, hotline: Hotline) -> None:
        late = dispatched(hotline, hotline.ecology)
        with pytest.raises(CannotHandleTicket, match="time to return"):
            actions.send_back(ticket_id=late.public_id, reason="不属", by=hotline.at_ecology, now=hours(24.1))
        ticket = dispatched(hotline, hotline.ecology)
        due = ticket.handle_due_at

        actions.send_back(ticket_id=ticket.public_id, reason="不属", by=hotline.at_ecology, now=hours(20))
        actions.refuse_return(ticket_id=ticket.public_id, reason="属你局", by=hotline.operator, now=hours(30))

        assert again(ticket).step_due_at == due


class TestMatters:
    def test_forty_voices_one_handling_forty_answers(self, hotline: Hotline) -> None:
        leader, *others = [filed(hotline.operator, contact_phone=f"1390000{n:04}") for n in range(8)]
        actions.merge(
            leader_id=leader.public_id,
            follower_ids=[one.public_id for one in others],
            title="搅拌站噪声",
            by=hotline.operator,
            now=hours(1),
        )
        actions.dispatch(
            ticket_id=leader.public_id, organisation_id=hotline.ecology.public_id, by=hotline.operator, now=hours(1)
        )
        handled(leader, hotline.at_ecology, hours(2))
        actions.review_reply(ticket_id=leader.public_id, approve=True, note="", by=hotline.operator, now=hours(3))

        assert set(Ticket.objects.values_list("state", flat=True)) == {TicketState.FOLLOW_UP}
        assert Reply.objects.filter(approved=True).count() == 8
        actions.record_follow_up(
            ticket_id=others[0].public_id,
            outcome=Outcome(satisfied=False, words="还在响"),
            by=hotline.operator,
            now=days(1),
        )
        assert again(others[0]).state == TicketState.HANDLING
        assert again(leader).state == TicketState.FOLLOW_UP

    def test_parting_restores_unit_and_handling_time(self, hotline: Hotline) -> None:
        one, leader = dispatched(hotline, hotline.ecology), dispatched(hotline, hotline.city_management)
        actions.merge(
            leader_id=leader.public_id, follower_ids=[one.public_id], title="", by=hotline.operator, now=hours(1)
        )
        assert again(one).step_due_at is None
        with pytest.raises(Ticket.DoesNotExist):
            actions.sign(ticket_id=one.public_id, by=hotline.at_ecology, now=hours(1))

        actions.unmerge(ticket_id=one.public_id, reason="不是一回事", by=hotline.operator, now=hours(2))

        restored = again(one)
        for name in ("state", "organisation_id", "dispatched_at", "handle_due_at", "due_at", "received_at"):
            assert getattr(restored, name) == getattr(one, name)
        actions.sign(ticket_id=one.public_id, by=hotline.at_ecology, now=hours(3))

    def test_a_leader_does_not_end_while_others_follow(self, hotline: Hotline) -> None:
        leader, one = filed(hotline.operator), filed(hotline.operator)
        actions.merge(
            leader_id=leader.public_id, follower_ids=[one.public_id], title="", by=hotline.operator, now=MONDAY
        )

        with pytest.raises(CannotHandleTicket, match="handled with this one"):
            actions.end(
                ticket_id=leader.public_id,
                ending=Ending.OUT_OF_SCOPE,
                told="请找物业",
                record="物业",
                by=hotline.operator,
                now=MONDAY,
            )


class TestFollowUp:
    def test_dissatisfied_once_more_then_supervised(self, hotline: Hotline) -> None:
        ticket = answered(hotline, hotline.ecology, hotline.at_ecology)
        unhappy = Outcome(satisfied=False, solved=False, words="没解决")
        actions.record_follow_up(ticket_id=ticket.public_id, outcome=unhappy, by=hotline.operator, now=days(1))
        assert (again(ticket).rehandlings, again(ticket).level) == (1, 0)
        # Tuesday's objection: three working days end with Friday.
        assert again(ticket).due_at == again(ticket).step_due_at == datetime(2018, 3, 16, 16, 0, tzinfo=UTC)

        handled(ticket, hotline.at_ecology, days(2))
        actions.review_reply(ticket_id=ticket.public_id, approve=True, note="", by=hotline.operator, now=days(2))
        actions.record_follow_up(ticket_id=ticket.public_id, outcome=unhappy, by=hotline.operator, now=days(3))

        assert (again(ticket).state, again(ticket).level) == (TicketState.HANDLING, 1)
        assert Supervision.objects.get(ticket=ticket, closed_at=None).organisation == hotline.ecology

    def test_closes_unreached_only_after_enough_attempts(self, hotline: Hotline) -> None:
        ticket = answered(hotline, hotline.ecology, hotline.at_ecology)
        for attempt in range(3):
            with pytest.raises(CannotHandleTicket):
                actions.close_unreached(ticket_id=ticket.public_id, by=hotline.operator, now=days(1))
            actions.record_attempt(
                ticket_id=ticket.public_id, way="phone", note="无人接听", by=hotline.operator, now=days(1 + attempt)
            )

        actions.close_unreached(ticket_id=ticket.public_id, by=hotline.operator, now=days(4))

        assert again(ticket).ending == Ending.UNREACHED
        assert FollowUp.objects.filter(ticket=ticket, reached=False).count() == 3

    def test_the_person_answers_on_the_page_with_the_code(self, hotline: Hotline) -> None:
        made = actions.file(voice=voice(anonymous=True), by=ANONYMOUS, now=MONDAY)
        ticket = Ticket.objects.get(reference=made.reference)
        actions.dispatch(
            ticket_id=ticket.public_id, organisation_id=hotline.ecology.public_id, by=hotline.operator, now=MONDAY
        )
        handled(ticket, hotline.at_ecology, MONDAY)
        actions.review_reply(ticket_id=ticket.public_id, approve=True, note="", by=hotline.operator, now=MONDAY)

        with pytest.raises(Ticket.DoesNotExist):
            actions.answer_follow_up(
                reference=made.reference, outcome=Outcome(satisfied=True), by=hotline.person, now=MONDAY
            )
        actions.answer_follow_up(
            reference=made.reference,
            follow_code=made.follow_code,
            outcome=Outcome(satisfied=True, way="web"),
            by=ANONYMOUS,
            now=MONDAY,
        )

        assert again(ticket).state == TicketState.CLOSED

    def test_nobody_reviews_his_own_reply(self, hotline: Hotline) -> None:
        both = viewer_of(
            AccountFactory(
                of_staff=True,
                staff=StaffFactory(organisation=hotline.ecology, roles=[Role.HOTLINE, Role.REVIEWER]),
            )
        )
        ticket = replied(hotline, hotline.ecology, both)

        with pytest.raises(CannotHandleTicket, match="own reply"):
            actions.review_reply(ticket_id=ticket.public_id, approve=True, note="", by=both, now=MONDAY)
