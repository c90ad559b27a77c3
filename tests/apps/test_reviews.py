"""Reviews are given once by whatever way: at a window, for a ticket or a case, by a link, with or without a name."""

from datetime import timedelta

import pytest

from tests.apps.factories import OrganisationFactory, PartyFactory, StaffFactory
from tests.apps.hall_examples import clerk_of, open_hall, take
from tests.apps.review_examples import ASKED, a_visit, answered_ticket, bad, closed_case, pressed, reviewed
from tests.apps.ticket_examples import MONDAY, Hotline, filed, open_hotline, replied, staff_of
from yici.apps.cases.models import Case
from yici.apps.journal.models import Entry
from yici.apps.people.models import Party
from yici.apps.reviews import actions, queries
from yici.apps.reviews.actions import Detail
from yici.apps.reviews.models import Invitation, Review
from yici.apps.tickets.models import Ticket
from yici.rules.people import Role
from yici.rules.review_acts import ReviewState
from yici.rules.reviews import CannotReview, Grade, ReviewChannel
from yici.rules.tickets import TicketKind


@pytest.fixture
def hotline(db: None) -> Hotline:
    return open_hotline()


@pytest.mark.django_db
class TestAtTheWindow:
    def test_is_kept_once_and_shown_as_counts(self) -> None:
        ticket = a_visit()
        pressed(ticket)
        with pytest.raises(CannotReview, match="already"):
            pressed(ticket, 1)

        review = Review.objects.get()
        assert (review.kind, review.grade, review.tags, review.named) == ("queue", Grade.GOOD, ["kind"], False)
        assert (review.hall, review.staff, review.organisation) == (
            ticket.hall,
            ticket.clerk,
            ticket.clerk.organisation if ticket.clerk else None,
        )
        found = queries.counts_of_hall(clerk_of(ticket.hall), first=ticket.day, last=ticket.day)
        assert (dict(found.faces), dict(found.tags), found.total) == ({3: 1}, {"kind": 1}, 1)

    @pytest.mark.parametrize(("face", "at"), [(4, 9), (3, 24 * 60)], ids=["no such face", "another day"])
    def test_is_refused(self, face: int, at: float) -> None:
        with pytest.raises(CannotReview):
            pressed(a_visit(), face, at)

    def test_comes_after_being_served(self) -> None:
        with pytest.raises(CannotReview, match="was served"):
            pressed(take(open_hall()))

    def test_outlives_the_queue_ticket(self) -> None:
        ticket = a_visit()
        pressed(ticket)

        ticket.delete()

        assert Review.objects.get().queue_ticket is None


class TestWhoGives:
    def test_one_review_for_each_answered_ticket(self, hotline: Hotline) -> None:
        ticket = answered_ticket(hotline)
        reviewed(hotline, ticket)

        with pytest.raises(CannotReview, match="already"):
            reviewed(hotline, ticket, 3)

    def test_nobody_reviews_what_is_not_answered_or_not_his(self, hotline: Hotline) -> None:
        party = hotline.person.party_public_id
        waiting = replied(hotline, hotline.ecology, hotline.at_ecology, party_id=party)
        with pytest.raises(CannotReview, match="no answer yet"):
            reviewed(hotline, waiting)
        with pytest.raises(Ticket.DoesNotExist):
            actions.give_for_ticket(
                reference=answered_ticket(hotline).reference,
                follow_code="ABCDEFGH",
                face=1,
                unnamed=False,
                channel=ReviewChannel.PORTAL,
                by=hotline.at_ecology,
                now=ASKED,
            )

    def test_too_late_is_too_late(self, hotline: Hotline) -> None:
        with pytest.raises(CannotReview, match="time to review is over"):
            reviewed(hotline, answered_ticket(hotline), now=MONDAY + timedelta(days=91))

    def test_a_report_is_reviewed_without_a_name(self, hotline: Hotline) -> None:
        ticket = answered_ticket(hotline, kind=TicketKind.REPORT)
        given = reviewed(hotline, ticket)
        detail = Detail(grade=1, named=True, name="示例甲", phone="13900000001")
        actions.add_detail(key=given.key, detail=detail, by=hotline.person, now=ASKED)

        review = Review.objects.get()
        assert (review.named, review.party, review.contact_name, review.may_name) == (False, None, "", False)

    def test_without_a_name_nothing_leads_to_the_person(self, hotline: Hotline) -> None:
        review = bad(hotline, unnamed=True)

        assert (review.party, review.named, review.state) == (None, False, ReviewState.RECTIFYING)
        assert not Entry.objects.filter(kind="review.given", by=hotline.person.label).exists()
        with pytest.raises(Review.DoesNotExist):
            queries.own_view(hotline.person, review.public_id)

    def test_without_a_name_no_number_leads_the_unit_to_the_person(self, hotline: Hotline) -> None:
        review = bad(hotline, unnamed=True)
        shown = queries.desk_view(hotline.at_ecology, review.public_id, now=ASKED)
        (line,) = queries.unit_reviews(hotline.at_ecology, ReviewState.RECTIFYING, now=ASKED).rows

        assert review.ticket is not None
        assert (shown.ticket_id, shown.ticket_reference, shown.contact_phone) == (None, "", "")
        assert review.ticket.reference not in line.title.zh


class TestCases:
    def give(self, hotline: Hotline, case: Case, face: int = 1) -> actions.Given:
        return actions.give_for_case(
            case_id=case.public_id,
            face=face,
            unnamed=False,
            channel=ReviewChannel.KIOSK,
            by=hotline.person,
            now=ASKED,
        )

    def test_are_reviewed_once_by_their_own_person(self, hotline: Hotline) -> None:
        party, clerk = Party.objects.get(pk=hotline.person.party_id), StaffFactory(organisation=hotline.ecology)
        case = closed_case(party, hotline.ecology, by=clerk)
        assert queries.of_cases(hotline.person, case.application.public_id)[case.public_id].given is False
        given = self.give(hotline, case)
        with pytest.raises(CannotReview, match="already"):
            self.give(hotline, case, 3)

        review = Review.objects.get()
        assert (review.kind, review.item_key, review.staff, review.organisation) == (
            "case",
            "sample",
            clerk,
            hotline.ecology,
        )
        seen = queries.of_cases(hotline.person, case.application.public_id)[case.public_id]
        assert (seen.grade, seen.public_id) == (Grade.BAD, given.public_id)

    def test_of_others_and_open_ones_are_not_there(self, hotline: Hotline) -> None:
        other = closed_case(PartyFactory(), hotline.ecology)
        with pytest.raises(Case.DoesNotExist):
            self.give(hotline, other)
        mine = closed_case(Party.objects.get(pk=hotline.person.party_id), hotline.ecology)
        Case.objects.filter(pk=mine.pk).update(closed_at=None)
        with pytest.raises(CannotReview, match="not closed yet"):
            self.give(hotline, mine)


class TestSecondStep:
    def test_says_more_once(self, hotline: Hotline) -> None:
        given = reviewed(hotline, answered_ticket(hotline))
        detail = Detail(grade=1, tags=["slow", "nonsense"], text=" 等了两个小时 ", named=True)
        actions.add_detail(key=given.key, detail=detail, by=hotline.person, now=ASKED)
        with pytest.raises(CannotReview, match="said already"):
            actions.add_detail(key=given.key, detail=detail, by=hotline.person, now=ASKED)

        review = Review.objects.get()
        assert (review.grade, review.tags, review.text) == (Grade.VERY_BAD, ["slow"], "等了两个小时")
        assert review.party is not None

    def test_a_face_pressed_by_mistake_is_put_right(self, hotline: Hotline) -> None:
        given = reviewed(hotline, answered_ticket(hotline))
        actions.add_detail(key=given.key, detail=Detail(grade=5, named=True), by=hotline.person, now=ASKED)

        review = Review.objects.get()
        assert (review.state, review.step_due_at, review.contact_due_at) == (ReviewState.SETTLED, None, None)

    @pytest.mark.parametrize(
        ("detail", "sentence"),
        [
            (Detail(grade=6), "five grades"),
            (Detail(grade=1, text="长" * 501), "At most 500"),
        ],
    )
    def test_refuses_with_a_sentence(self, hotline: Hotline, detail: Detail, sentence: str) -> None:
        given = reviewed(hotline, answered_ticket(hotline))

        with pytest.raises(CannotReview, match=sentence):
            actions.add_detail(key=given.key, detail=detail, by=hotline.person, now=ASKED)

    def test_a_name_needs_a_number_to_call(self, hotline: Hotline) -> None:
        Party.objects.filter(pk=hotline.person.party_id).update(phone=None)
        given = reviewed(hotline, answered_ticket(hotline))
        assert Review.objects.get().named is False

        with pytest.raises(CannotReview, match="leave a phone number"):
            actions.add_detail(key=given.key, detail=Detail(grade=1, named=True), by=hotline.person, now=ASKED)

    def test_a_forged_key_opens_nothing(self, hotline: Hotline) -> None:
        with pytest.raises(Review.DoesNotExist):
            actions.add_detail(key="forged", detail=Detail(grade=1), now=ASKED)

    def test_is_over_once_the_unit_has_called(self, hotline: Hotline) -> None:
        given = reviewed(hotline, answered_ticket(hotline))
        actions.contact(review_id=given.public_id, reached=True, note="", by=hotline.at_ecology, now=ASKED)

        with pytest.raises(CannotReview):
            actions.add_detail(key=given.key, detail=Detail(grade=5), by=hotline.person, now=ASKED)

    def test_becomes_a_ticket_once_if_the_person_wants(self, hotline: Hotline) -> None:
        given = reviewed(hotline, answered_ticket(hotline))
        filed_one = actions.open_ticket(key=given.key, detail="请重新处理", by=hotline.person, now=ASKED)

        opened = Ticket.objects.get(reference=filed_one.reference)
        assert (opened.channel, opened.kind, opened.party_id) == ("review", "complaint", hotline.person.party_id)
        with pytest.raises(CannotReview, match="and once"):
            actions.open_ticket(key=given.key, detail="再来", by=hotline.person, now=ASKED)


class TestLinks:
    def link(self, hotline: Hotline, number: str = "") -> str:
        number = number or answered_ticket(hotline).reference
        return actions.invite(number=number, channel=ReviewChannel.SMS, by=hotline.operator, now=ASKED)

    def test_work_once_without_signing_in(self, hotline: Hotline) -> None:
        secret = self.link(hotline)
        given = actions.give_by_link(secret=secret, face=1, now=ASKED)
        detail = Detail(grade=1, text="没人接电话", named=True, name="示例甲", phone="139 0000 0001")
        actions.add_detail(key=given.key, detail=detail, now=ASKED)

        review = Review.objects.get()
        assert (review.channel, review.contact_phone, review.state) == ("sms", "13900000001", ReviewState.TO_CONTACT)
        assert secret not in str(Invitation.objects.values())
        with pytest.raises(Invitation.DoesNotExist):
            actions.give_by_link(secret=secret, face=3, now=ASKED)

    def test_hold_for_their_time_and_cannot_be_guessed(self, hotline: Hotline) -> None:
        secret = self.link(hotline)

        with pytest.raises(Invitation.DoesNotExist):
            actions.give_by_link(secret=secret, face=3, now=ASKED + timedelta(days=30))
        with pytest.raises(Invitation.DoesNotExist):
            actions.give_by_link(secret="x" * 24, face=3, now=ASKED)
        assert len(secret) >= 24

    def test_are_for_operators_and_their_region(self, hotline: Hotline) -> None:
        number = answered_ticket(hotline).reference
        elsewhere = staff_of(OrganisationFactory(kind="government_service_hall", code="330502"), Role.HOTLINE)
        for other in (hotline.at_ecology, elsewhere):
            with pytest.raises(CannotReview, match="No case or ticket"):
                actions.invite(number=number, channel=ReviewChannel.QR, by=other, now=ASKED)
        with pytest.raises(CannotReview, match="no answer yet"):
            self.link(hotline, filed(hotline.operator).reference)

    def test_an_operator_writes_down_what_is_said_on_the_phone(self, hotline: Hotline) -> None:
        number = answered_ticket(hotline).reference
        detail = Detail(grade=2, tags=["slow"], text="太慢", named=True, name="示例甲", phone="13900000001")
        actions.enter(number=number, detail=detail, by=hotline.operator, now=ASKED)

        review = Review.objects.get()
        assert (review.channel, review.entered_by, review.named) == ("phone", hotline.operator.label, True)
        assert review.party is None
