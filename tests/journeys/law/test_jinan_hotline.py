"""济南市12345市民服务热线条例, article by article, as far as it binds software: time, return, supervision, secrecy.

The city is no part of the province; its limits are rows of the law's table like any other, and hold for its regions.
"""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from tests.apps.factories import AccountFactory, OrganisationFactory, PartyFactory, StaffFactory
from tests.apps.ticket_examples import (
    Hotline,
    again,
    answered,
    dispatched,
    filed,
    open_hotline,
    replied,
    staff_of,
    voice,
)
from yici.apps.journal.models import Entry
from yici.apps.people.viewers import ANONYMOUS, viewer_of
from yici.apps.tickets import actions, queries, sealing
from yici.apps.tickets.actions import Outcome
from yici.apps.tickets.models import Act, Card, Reminder, SealOpening, Supervision, Ticket
from yici.rules.people import Role
from yici.rules.supervision import Reason
from yici.rules.tickets import CannotHandleTicket, Ending, ExtensionGround, TicketKind, TicketState

# In force since 2018-09-01. A Monday without holidays near, ten in the morning.
MONDAY = datetime(2018, 11, 12, 2, 0, tzinfo=UTC)
CITY, TOWN = "370102", "370102001"


@pytest.fixture
def province() -> None:
    """These articles need no demonstration: a hotline of their own is enough."""


@pytest.fixture
def hotline(db: None) -> Hotline:
    return open_hotline(CITY, TOWN)


def later(**of: float) -> datetime:
    return MONDAY + timedelta(**of)


def here(hotline: Hotline, **words: object) -> Ticket:
    return filed(hotline.operator, MONDAY, CITY, **words)


def with_ecology(hotline: Hotline, **words: object) -> Ticket:
    return dispatched(hotline, hotline.ecology, MONDAY, code=CITY, **words)


class TestArticle15And16:
    def test_the_person_follows_progress_and_result(self, hotline: Hotline) -> None:
        made = actions.file(voice=voice(CITY), by=ANONYMOUS, now=MONDAY)
        ticket = Ticket.objects.get(reference=made.reference)
        actions.dispatch(
            ticket_id=ticket.public_id, organisation_id=hotline.ecology.public_id, by=hotline.operator, now=MONDAY
        )

        seen = queries.followed(ANONYMOUS, made.reference, follow_code=made.follow_code)

        assert (seen.state, seen.unit.zh) == (TicketState.DISPATCHED, hotline.ecology.name)
        assert seen.due_at == ticket.due_at

    def test_whoever_wants_his_contact_kept_secret_is_not_named_to_the_unit(self, hotline: Hotline) -> None:
        ticket = with_ecology(hotline, keep_secret=True)

        view = queries.desk_view(hotline.at_ecology, ticket.public_id, now=MONDAY)

        assert (view.contact_name, view.contact_phone) == ("", "")
        with pytest.raises(CannotHandleTicket, match=r"art\. 16"):
            actions.look_at_contact(ticket_id=ticket.public_id, by=hotline.at_ecology, now=MONDAY)

    def test_whoever_objects_to_the_result_is_heard(self, hotline: Hotline) -> None:
        ticket = answered(hotline, hotline.ecology, hotline.at_ecology, MONDAY, code=CITY)
        actions.record_follow_up(
            ticket_id=ticket.public_id, outcome=Outcome(satisfied=True), by=hotline.operator, now=later(days=1)
        )

        person = viewer_of(AccountFactory(party=PartyFactory()))
        Ticket.objects.filter(pk=ticket.pk).update(party_id=person.party_id)
        actions.reopen(reference=ticket.reference, reason="又开始了", by=person, now=later(days=10))

        assert again(ticket).state == TicketState.HANDLING


class TestArticle22:
    def test_the_ticket_holds_the_whole_way_for_the_assessment(self, hotline: Hotline) -> None:
        ticket = answered(hotline, hotline.ecology, hotline.at_ecology, MONDAY, code=CITY)

        view = queries.desk_view(hotline.operator, ticket.public_id, now=MONDAY)

        assert [one.kind for one in view.history] == ["file", "dispatch", "sign", "contact", "reply", "approve"]
        assert all(one.acted_at == MONDAY for one in view.history)


class TestArticle23:
    def test_what_can_be_answered_at_once_is(self, hotline: Hotline) -> None:
        ticket = here(hotline, kind=TicketKind.CONSULT)

        actions.answer_at_once(ticket_id=ticket.public_id, text="携带身份证即可。", by=hotline.operator, now=MONDAY)

        assert again(ticket).ending == Ending.ANSWERED_AT_ONCE

    def test_what_is_before_a_court_is_shown_its_route_on_record(self, hotline: Hotline) -> None:
        ticket = here(hotline)
        end = {"ticket_id": ticket.public_id, "ending": Ending.LEGAL_ROUTE, "by": hotline.operator, "now": MONDAY}
        with pytest.raises(CannotHandleTicket, match="route"):
            actions.end(told="已在诉讼中，请向法院查询", **end)  # type: ignore[arg-type]

        actions.end(told="已在诉讼中，请向法院查询", record="历下区人民法院", **end)  # type: ignore[arg-type]

        assert "历下区人民法院" in Act.objects.get(ticket=ticket, kind="end").reason


class TestArticle24:
    @pytest.mark.parametrize("kind", TicketKind)
    def test_five_working_days_for_every_kind(self, hotline: Hotline, kind: TicketKind) -> None:
        # Monday is the day of the event: the fifth working day after it is the next Monday.
        assert here(hotline, kind=kind).due_at == datetime(2018, 11, 19, 16, 0, tzinfo=UTC)

    def test_the_return_of_a_ticket_does_not_begin_the_time_anew(self, hotline: Hotline) -> None:
        ticket = with_ecology(hotline)
        actions.send_back(ticket_id=ticket.public_id, reason="不属职责", by=hotline.at_ecology, now=later(hours=20))
        actions.dispatch(
            ticket_id=ticket.public_id,
            organisation_id=hotline.city_management.public_id,
            by=hotline.operator,
            now=later(days=1),
        )

        assert again(ticket).due_at == ticket.due_at

    def test_a_longer_time_of_a_law_names_it_and_is_told(self, hotline: Hotline) -> None:
        ticket = with_ecology(hotline)
        actions.sign(ticket_id=ticket.public_id, by=hotline.at_ecology, now=MONDAY)
        ask = {
            "ticket_id": ticket.public_id,
            "ground": ExtensionGround.LAW,
            "reason": "法定检测期限三十日",
            "by": hotline.at_ecology,
            "now": MONDAY,
            "until": date(2018, 12, 14),
        }
        with pytest.raises(CannotHandleTicket, match="Name the law"):
            actions.ask_more_time(**ask)  # type: ignore[arg-type]
        actions.ask_more_time(basis="示例法第一条", **ask)  # type: ignore[arg-type]
        actions.settle_more_time(ticket_id=ticket.public_id, grant=True, answer="同意", by=hotline.operator, now=MONDAY)

        assert again(ticket).due_at == datetime(2018, 12, 14, 16, 0, tzinfo=UTC)

    def test_what_cannot_be_solved_now_names_an_explicit_day(self, hotline: Hotline) -> None:
        ticket = with_ecology(hotline)
        actions.sign(ticket_id=ticket.public_id, by=hotline.at_ecology, now=MONDAY)

        with pytest.raises(CannotHandleTicket, match="explicit day"):
            actions.ask_more_time(
                ticket_id=ticket.public_id,
                ground=ExtensionGround.OBJECTIVE,
                reason="待管网改造",
                by=hotline.at_ecology,
                now=MONDAY,
            )

    def test_whoever_wants_no_answer_needs_no_contact(self, hotline: Hotline) -> None:
        ticket = with_ecology(hotline, wants_answer=False)
        actions.sign(ticket_id=ticket.public_id, by=hotline.at_ecology, now=MONDAY)

        actions.reply(ticket_id=ticket.public_id, text="已办结", by=hotline.at_ecology, now=MONDAY)

        assert again(ticket).state == TicketState.REPLIED


class TestArticle25:
    def test_the_same_facts_end_with_a_word_about_the_earlier_ticket(self, hotline: Hotline) -> None:
        earlier = answered(hotline, hotline.ecology, hotline.at_ecology, MONDAY, code=CITY)
        ticket = filed(hotline.operator, later(days=3), CITY)
        end = {"ticket_id": ticket.public_id, "ending": Ending.DUPLICATE, "by": hotline.operator, "now": later(days=3)}
        for wrong in ("SQ20180101AAAAAAAA", ticket.reference):
            with pytest.raises(CannotHandleTicket, match="no earlier ticket"):
                actions.end(told="已办理", earlier=wrong, **end)  # type: ignore[arg-type]

        actions.end(told="已于周一答复，无新情况", earlier=earlier.reference, **end)  # type: ignore[arg-type]

        assert again(ticket).ending == Ending.DUPLICATE

    def test_a_second_refusal_needs_the_units_statement_in_writing(self, hotline: Hotline) -> None:
        ticket = with_ecology(hotline)

        with pytest.raises(CannotHandleTicket, match="statement in writing"):
            actions.end(
                ticket_id=ticket.public_id, ending=Ending.EXPLAINED, told="已说明", by=hotline.operator, now=MONDAY
            )


class TestArticle27:
    def test_every_reply_is_reviewed_before_the_person_reads_it(self, hotline: Hotline) -> None:
        ticket = replied(hotline, hotline.ecology, hotline.at_ecology, MONDAY, code=CITY)
        actions.review_reply(
            ticket_id=ticket.public_id, approve=False, note="未说明处理结果", by=hotline.operator, now=later(hours=1)
        )

        assert again(ticket).state == TicketState.HANDLING
        assert again(ticket).step_due_at == ticket.handle_due_at  # a bad reply wins no time

    def test_an_approved_reply_waits_for_the_persons_word(self, hotline: Hotline) -> None:
        ticket = answered(hotline, hotline.ecology, hotline.at_ecology, MONDAY, code=CITY)

        assert ticket.state == TicketState.FOLLOW_UP
        assert ticket.step_due_at is not None

    def test_who_is_not_satisfied_is_handled_again(self, hotline: Hotline) -> None:
        ticket = answered(hotline, hotline.ecology, hotline.at_ecology, MONDAY, code=CITY)

        actions.record_follow_up(
            ticket_id=ticket.public_id,
            outcome=Outcome(satisfied=False, words="夜里还在施工"),
            by=hotline.operator,
            now=later(days=1),
        )

        assert (again(ticket).state, again(ticket).organisation_id) == (TicketState.HANDLING, hotline.ecology.pk)


class TestArticle28:
    def test_what_is_over_its_time_is_supervised_by_levels(self, hotline: Hotline) -> None:
        ticket = with_ecology(hotline)
        actions.sign(ticket_id=ticket.public_id, by=hotline.at_ecology, now=MONDAY)
        for day, level in ((8, 1), (11, 2), (22, 3)):
            actions.sweep(now=later(days=day))
            assert again(ticket).level == level

        assert Supervision.objects.get(ticket=ticket).organisation == hotline.ecology
        assert sorted(Card.objects.values_list("colour", flat=True)) == ["red", "yellow"]

    def test_what_is_raised_many_times_is_supervised_by_hand(self, hotline: Hotline) -> None:
        ticket = with_ecology(hotline)
        with pytest.raises(CannotHandleTicket):
            actions.supervise(
                ticket_id=ticket.public_id, reason=Reason.REPEATED, note=" ", by=hotline.operator, now=MONDAY
            )

        actions.supervise(
            ticket_id=ticket.public_id, reason=Reason.REPEATED, note="三个月七次", by=hotline.operator, now=MONDAY
        )

        assert again(ticket).level == 1


class TestArticle29:
    def test_one_leads_and_the_others_help(self, hotline: Hotline) -> None:
        ticket = here(hotline)

        actions.dispatch(
            ticket_id=ticket.public_id,
            organisation_id=hotline.ecology.public_id,
            co_handlers=[hotline.township.public_id],
            note="夜间巡查",
            by=hotline.operator,
            now=MONDAY,
        )

        assert again(ticket).organisation == hotline.ecology
        assert [one.reference for one in queries.part_inbox(hotline.at_township)] == [ticket.reference]
        with pytest.raises(Ticket.DoesNotExist):
            actions.sign(ticket_id=ticket.public_id, by=hotline.at_township, now=MONDAY)


class TestArticle32:
    def test_a_report_never_reaches_the_organisation_it_accuses_nor_one_below(self, hotline: Hotline) -> None:
        below = OrganisationFactory(kind="ecology", code=TOWN, superior=hotline.ecology)
        report = here(hotline, kind=TicketKind.REPORT, accused_id=hotline.ecology.public_id)

        for forbidden in (hotline.ecology, below):
            with pytest.raises(CannotHandleTicket, match=r"art\. 32"):
                actions.dispatch(
                    ticket_id=report.public_id, organisation_id=forbidden.public_id, by=hotline.operator, now=MONDAY
                )
        actions.dispatch(
            ticket_id=report.public_id,
            organisation_id=hotline.city_management.public_id,
            by=hotline.operator,
            now=MONDAY,
        )
        with pytest.raises(CannotHandleTicket, match=r"art\. 32"):
            actions.ask_co_handler(
                ticket_id=_signed(report, hotline),
                organisation_id=below.public_id,
                asked="协助",
                by=hotline.at_city_management,
                now=MONDAY,
            )
        for reader in (hotline.at_ecology, staff_of(below)):
            with pytest.raises(Ticket.DoesNotExist):
                queries.desk_view(reader, report.public_id, now=MONDAY)

    def test_not_even_the_hotlines_own_staff_reads_a_report_about_it(self, hotline: Hotline) -> None:
        own = hotline.operator.organisation_id
        centre = type(hotline.ecology).objects.get(pk=own)
        report = filed(hotline.person, MONDAY, CITY, kind=TicketKind.REPORT, accused_id=centre.public_id)

        assert queries.find(hotline.operator, report.reference, now=MONDAY) == []
        with pytest.raises(Ticket.DoesNotExist):
            actions.dispatch(
                ticket_id=report.public_id, organisation_id=hotline.ecology.public_id, by=hotline.operator, now=MONDAY
            )

    def test_no_merging_carries_a_report_to_the_accused(self, hotline: Hotline) -> None:
        open_one = with_ecology(hotline)
        report = here(hotline, kind=TicketKind.REPORT, accused_id=hotline.ecology.public_id)

        with pytest.raises(CannotHandleTicket, match=r"art\. 32"):
            actions.merge(
                leader_id=open_one.public_id,
                follower_ids=[report.public_id],
                title="",
                by=hotline.operator,
                now=MONDAY,
            )

    def test_a_reporter_under_seal_is_read_by_the_keeper_alone_and_each_reading_is_seen(self, hotline: Hotline) -> None:
        report = here(hotline, kind=TicketKind.REPORT, sealed=True)
        keeper = StaffFactory(organisation=hotline.city_management, roles=[Role.HOTLINE])
        admin = staff_of(OrganisationFactory(kind="big_data", code=CITY), Role.ADMIN)
        auditor = staff_of(OrganisationFactory(kind="reform_office", code=CITY), Role.AUDITOR)
        actions.appoint_keeper(staff_id=keeper.public_id, by=admin, now=MONDAY)
        as_keeper = viewer_of(AccountFactory(of_staff=True, staff=keeper))

        for other in (hotline.operator, hotline.at_ecology, admin, auditor, hotline.person):
            with pytest.raises(CannotHandleTicket):
                actions.open_identity(ticket_id=report.public_id, reason="核实", by=other, now=MONDAY)
        with pytest.raises(CannotHandleTicket, match="auditor"):
            actions.open_identity(ticket_id=report.public_id, reason=" ", by=as_keeper, now=MONDAY)
        found = actions.open_identity(ticket_id=report.public_id, reason="核实线索", by=as_keeper, now=MONDAY)

        assert (found.name, found.phone) == ("示例甲", "13900000001")
        assert (report.contact_name, report.contact_phone, report.party_id) == ("", "", None)
        assert SealOpening.objects.count() == Entry.objects.filter(kind="ticket.identity_opened").count() == 1
        assert [one.reason for one in sealing.openings(auditor)] == ["核实线索"]
        assert sealing.openings(hotline.operator) == []

    def test_a_sealed_report_leaves_no_trace_of_its_reporter_in_the_journal(self, hotline: Hotline) -> None:
        report = filed(hotline.person, MONDAY, CITY, kind=TicketKind.REPORT, sealed=True)

        assert set(Entry.objects.filter(subject=report.reference).values_list("by", flat=True)) == {"person"}
        assert set(Act.objects.filter(ticket=report).values_list("by", flat=True)) == {"person"}
        assert queries.followed(hotline.person, report.reference).reference == report.reference

    def test_who_has_an_interest_keeps_out(self, hotline: Hotline) -> None:
        ticket = with_ecology(hotline)
        assert hotline.at_ecology.staff_id is not None

        actions.recuse(
            ticket_id=ticket.public_id,
            staff_id=hotline.at_ecology.staff_id,
            reason="来电人的邻居",
            asked_by_person=True,
            by=hotline.operator,
            now=MONDAY,
        )

        with pytest.raises(Ticket.DoesNotExist):
            actions.sign(ticket_id=ticket.public_id, by=hotline.at_ecology, now=MONDAY)
        colleague = staff_of(hotline.ecology)
        actions.sign(ticket_id=ticket.public_id, by=colleague, now=MONDAY)


class TestArticle40:
    def test_what_nobody_takes_reaches_the_head(self, hotline: Hotline) -> None:
        ticket = with_ecology(hotline)

        actions.sweep(now=later(days=2))

        sent = Reminder.objects.filter(ticket=ticket, clock="step", colour="red")
        assert sent.get().to_head is True
        assert queries.reminders_of(hotline.at_ecology) == []
        assert len(queries.reminders_of(staff_of(hotline.ecology, Role.DECIDER))) == 1


class TestArticle42And43:
    def test_abuse_is_warned_before_it_ends_a_ticket(self, hotline: Hotline) -> None:
        ticket = here(hotline)
        end = {"ticket_id": ticket.public_id, "ending": Ending.ABUSIVE, "by": hotline.operator, "now": MONDAY}

        with pytest.raises(CannotHandleTicket, match="warned"):
            actions.end(told="请文明用语", **end)  # type: ignore[arg-type]
        actions.end(told="请文明用语", record="10:05、10:12两次劝阻无效", **end)  # type: ignore[arg-type]

        assert again(ticket).ending == Ending.ABUSIVE


def _signed(ticket: Ticket, hotline: Hotline) -> UUID:
    actions.sign(ticket_id=ticket.public_id, by=hotline.at_city_management, now=MONDAY)
    return ticket.public_id
