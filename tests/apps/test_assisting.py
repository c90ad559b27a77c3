"""Help in the call: what may be the same matter, precedents, unit, time, the model's word and people's corrections."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from tests.apps.factories import OrganisationFactory
from tests.apps.forty_voices import OTHERS, PLACE, forty
from tests.apps.ticket_examples import MONDAY, Hotline, again, answered, days, filed, open_hotline, staff_of
from yici.apps.tickets import actions, demo, learning
from yici.apps.tickets.actions import EndOfCall
from yici.apps.tickets.assisting import Said, help_in_call, same_as
from yici.apps.tickets.models import Classification, Reply, Ticket
from yici.rules.people import Role
from yici.rules.ticket_routing import Ground
from yici.rules.tickets import CannotHandleTicket, Ending, TicketChannel, TicketKind, TicketState, Urgency
from yici.rules.voices import Voice

FOLDER = Path(__file__).parents[2] / "demo"
pytestmark = pytest.mark.django_db


@pytest.fixture
def hotline() -> Hotline:
    return open_hotline()


@pytest.fixture
def data(settings: Any, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path


def said(text: str, **more: Any) -> Said:
    return Said(text=text, region_code="330122000000", **more)


def residents(hotline: Hotline) -> list[Ticket]:
    made = []
    for number, (subject, detail) in enumerate(forty()):
        when = MONDAY + timedelta(hours=7 * number)
        channel = TicketChannel.PHONE if number % 3 else TicketChannel.PORTAL
        words = {"subject": subject, "detail": detail, "channel": channel, "contact_phone": f"1390000{number:04}"}
        made.append(filed(hotline.operator, when, **words, address=PLACE if number % 2 else ""))
    for subject, detail, address in OTHERS:
        filed(hotline.operator, MONDAY, subject=subject, detail=detail, address=address)
    return made


@pytest.mark.usefixtures("data")
class TestTheSameMatter:
    def test_forty_voices_in_different_words_and_no_stranger(self, hotline: Hotline) -> None:
        first, *others = residents(hotline)

        rounds = self.merge_all(hotline, first)

        assert len(rounds) <= 3
        assert set().union(*rounds) == {one.public_id for one in others}

    def merge_all(self, hotline: Hotline, first: Ticket) -> list[set[UUID]]:
        """Merge what is ticked beforehand until nothing new is found: each round knows the words of the one before."""
        rounds = []
        while chosen := [
            one.line.public_id for one in same_as(hotline.operator, first.public_id, now=days(14)) if one.same_place
        ]:
            actions.merge(
                leader_id=first.public_id, follower_ids=chosen, title="搅拌站", by=hotline.operator, now=days(14)
            )
            rounds.append(set(chosen))
        return rounds

    def test_one_handling_and_forty_answers(self, hotline: Hotline) -> None:
        first, *others = residents(hotline)
        self.merge_all(hotline, first)
        actions.dispatch(
            ticket_id=first.public_id, organisation_id=hotline.ecology.public_id, by=hotline.operator, now=days(14)
        )
        actions.sign(ticket_id=first.public_id, by=hotline.at_ecology, now=days(14))
        actions.record_contact(ticket_id=first.public_id, note="已联系", by=hotline.at_ecology, now=days(14))
        actions.reply(ticket_id=first.public_id, text="夜间停产。", by=hotline.at_ecology, now=days(15))
        actions.review_reply(ticket_id=first.public_id, approve=True, note="", by=hotline.operator, now=days(15))

        keys = [one.pk for one in [first, *others]]
        assert Reply.objects.filter(ticket__in=keys, approved=True).count() == 40
        assert Ticket.objects.filter(pk__in=keys, state=TicketState.FOLLOW_UP).count() == 40

    def test_a_new_call_joins_the_matter_with_one_act(self, hotline: Hotline) -> None:
        first = filed(hotline.operator, subject="搅拌站半夜生产", detail="凤川大道搅拌站太吵。")
        second = filed(hotline.operator, subject="凤川大道搅拌站", detail="灰尘大，夜里吵。")
        actions.merge(
            leader_id=first.public_id, follower_ids=[second.public_id], title="搅拌站", by=hotline.operator, now=MONDAY
        )
        help_ = help_in_call(hotline.operator, said("凤川大道的搅拌站吵死了", phone="139 0000 0001"), now=MONDAY)
        [one] = help_.same
        assert (one.line.reference, one.voices, one.same_person, one.same_place) == (first.reference, 2, True, True)

        taken = actions.take_call(
            voice=Voice(
                kind=TicketKind.COMPLAINT,
                channel=TicketChannel.PHONE,
                region_code="330122",
                subject="搅拌站",
                detail="吵",
            ),
            ending=EndOfCall(joins=second.public_id),
            by=hotline.operator,
            now=MONDAY,
        )

        assert taken.joined == first.reference
        assert Ticket.objects.get(public_id=taken.filed.public_id).leader_id == first.pk

    def test_reports_and_sealed_voices_never_stand_beside_a_call(self, hotline: Hotline) -> None:
        filed(hotline.operator, kind=TicketKind.REPORT, subject="搅拌站偷排")
        filed(hotline.operator, sealed=True, subject="搅拌站噪声")

        assert help_in_call(hotline.operator, said("搅拌站噪声"), now=MONDAY).same == ()

    def test_what_is_two_months_old_is_proposed_no_more(self, hotline: Hotline) -> None:
        filed(hotline.operator)
        text = "搅拌站夜间噪声 夜里两点还在作业"
        assert help_in_call(hotline.operator, said(text), now=days(59)).same
        assert not help_in_call(hotline.operator, said(text), now=days(61)).same

    def test_another_desk_sees_nothing(self, hotline: Hotline) -> None:
        filed(hotline.operator)
        elsewhere = staff_of(OrganisationFactory(kind="government_service_hall", code="330502"), Role.HOTLINE)
        there = Said(text="搅拌站夜间噪声", region_code="330502000000")

        assert help_in_call(elsewhere, there, now=MONDAY).same == ()
        assert help_in_call(elsewhere, said("搅拌站夜间噪声"), now=MONDAY).same == ()


@pytest.mark.usefixtures("data")
class TestBesideTheForm:
    def test_precedents_are_closed_tickets_with_their_unit(self, hotline: Hotline) -> None:
        closed = answered(hotline, hotline.ecology, hotline.at_ecology)
        actions.record_follow_up(
            ticket_id=closed.public_id, outcome=actions.Outcome(satisfied=True), by=hotline.operator, now=MONDAY
        )

        [one] = help_in_call(hotline.operator, said("搅拌站夜间噪声"), now=MONDAY).precedents

        assert (one.reference, one.unit.zh) == (closed.reference, hotline.ecology.name)

    def test_unit_time_and_urgency(self, hotline: Hotline) -> None:
        asked = said("小区停水两天了", category="environment.noise", kind=TicketKind.COMPLAINT)
        found = help_in_call(hotline.operator, asked, now=MONDAY)

        assert (found.units[0].ground, found.units[0].organisation_id) == (Ground.CATEGORY, hotline.ecology.public_id)
        assert found.hint == (Urgency.URGENT, "停水")
        assert found.due_at.date().isoformat() == "2018-03-20"

    def test_without_a_model_it_says_so_and_works_by_hand(self, hotline: Hotline) -> None:
        found = help_in_call(hotline.operator, said("搅拌站"), now=MONDAY)

        assert (found.guess, found.has_model, found.category) == (None, False, "")


class TestTheModel:
    @pytest.fixture
    def trained(self, data: Path) -> Path:
        demo.load(MONDAY, FOLDER)
        return data

    def test_proposes_three_and_chooses_none_below_its_threshold(self, trained: Path) -> None:
        found = learning.guess("女儿的疫苗本丢了")

        assert found is not None
        assert found.top3[0].key == "health.vaccination"
        assert len(found.top3) == 3
        assert found.preselected == ("health.vaccination" if found.confident else "")
        unsure = learning.guess("鸡毛蒜皮")
        assert unsure is not None
        assert unsure.preselected == ""

    def test_learns_what_people_corrected_and_goes_back_with_one_act(self, trained: Path, hotline: Hotline) -> None:
        province = staff_of(OrganisationFactory(kind="big_data", code="330000"), Role.HOTLINE)
        for number in range(5):
            ticket = filed(hotline.operator, subject=f"村里的古树快倒了{number}", detail="几百年的古树要人看护。")
            actions.classify(
                ticket_id=ticket.public_id, category_key="other.other", kind=None, urgency=None, by=hotline.operator,
                now=MONDAY,
            )  # fmt: skip
        assert learning.corrections() == 5
        before = learning.guess("古树快倒了")

        made = learning.retrain(by="system:test", now=MONDAY)

        after = learning.guess("古树快倒了")
        assert before is not None
        assert after is not None
        assert before.top3[0].key != after.top3[0].key == "other.other"
        assert (made.number, learning.versions().current_number()) == (2, 2)
        with pytest.raises(CannotHandleTicket):
            actions.roll_back(number=1, by=hotline.operator, now=MONDAY)
        actions.roll_back(number=1, by=province, now=MONDAY)
        assert learning.versions().current_number() == 1

    def test_keeps_beside_a_choice_what_the_model_had_said(self, trained: Path, hotline: Hotline) -> None:
        actions.take_call(
            voice=Voice(
                kind=TicketKind.COMPLAINT,
                channel=TicketChannel.PHONE,
                region_code="330122",
                subject="搅拌站夜间噪声",
                detail="机器声吵得睡不着",
            ),
            ending=EndOfCall(category="environment.air"),
            by=hotline.operator,
            now=MONDAY,
        )

        kept = Classification.objects.get()
        assert (kept.category, kept.proposed, kept.model_version) == ("environment.air", "environment.noise", "1")
        assert kept.probability
        assert kept.precedents

    def test_never_learns_from_a_sealed_report(self, trained: Path, hotline: Hotline) -> None:
        ticket = filed(hotline.operator, kind=TicketKind.REPORT, sealed=True)
        actions.triage(ticket_id=ticket.public_id, category_key="other.other", by=hotline.operator, now=MONDAY)

        assert learning.taught().messages == 320


@pytest.mark.usefixtures("data")
def test_a_call_that_cannot_end_as_wished_stays_filed_with_the_reason(hotline: Hotline) -> None:
    taken = actions.take_call(
        voice=Voice(
            kind=TicketKind.REPORT, channel=TicketChannel.PHONE, region_code="330122", subject="偷排", detail="夜里"
        ),
        ending=EndOfCall(answer="知道了"),
        by=hotline.operator,
        now=MONDAY,
    )

    assert taken.refused is not None
    ticket = Ticket.objects.get(public_id=taken.filed.public_id)
    assert ticket.state == TicketState.RECEIVED
    assert again(ticket).ending != Ending.ANSWERED_AT_ONCE
