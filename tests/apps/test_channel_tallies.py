"""Channels by month: the tallies equal a count one by one, in every place, and keep quiet beyond the jurisdiction."""

from collections import Counter
from datetime import datetime, timedelta
from random import Random

import pytest
from django.utils import timezone

from tests.apps.factories import region
from tests.apps.test_cockpit import TONGLU, reform
from tests.apps.test_scorecards import MARCH, hotline
from tests.apps.test_way_tallies import FEBRUARY, MONTHS, NOW, OFFICES, PLACES, apply
from tests.apps.ticket_examples import Hotline, filed
from yici.apps.accountability.channel_counting import count_channels
from yici.apps.accountability.channels import ChannelUse, items_used, lines_of, use_of
from yici.apps.accountability.cockpit import NoSuchCounty
from yici.apps.accountability.models import ChannelTally, FunnelTally
from yici.apps.accountability.way_counting import count_missing
from yici.apps.cases.models import Application, Case
from yici.apps.planning.models import NudgeTally
from yici.apps.tickets.models import Ticket
from yici.rules.channel_use import ChannelAct
from yici.rules.tickets import TicketChannel, TicketKind

__all__ = ["hotline"]  # the fixture
BEGUN = datetime(2018, 2, 1, 1, 0, tzinfo=NOW.tzinfo)


@pytest.fixture
def used(hotline: Hotline) -> Random:
    """Forty applications and thirty tickets in any office, month and channel, counted."""
    chance = Random(24)
    for code in OFFICES:
        region(code)
    for _ in range(40):
        at = BEGUN + timedelta(seconds=chance.randrange(58 * 86_400))
        made = apply(chance.choice(OFFICES), "newborn", at, chance)
        Application.objects.filter(pk=made.pk).update(channel=chance.choice(("web", "window", "kiosk")))
    for number in range(30):
        ticket = filed(
            hotline.operator, BEGUN + timedelta(days=2 * number), chance.choice(OFFICES),
            kind=chance.choice((TicketKind.CONSULT, TicketKind.HELP, TicketKind.COMPLAINT)), subject=f"问题{number}",
            channel=chance.choice((TicketChannel.PHONE, TicketChannel.PORTAL)),
        )  # fmt: skip
        Ticket.objects.filter(pk=ticket.pk).update(item_key=chance.choice(("", "item1")))
    for month in MONTHS:
        count_channels(month, now=NOW)
    return chance


def is_in(moment: datetime, month: object, code: str, place: str) -> bool:
    return timezone.localtime(moment).date().replace(day=1) == month and code.startswith(place.rstrip("0"))


def one_by_one(place: str, month: object, item: str) -> tuple[Counter[str], Counter[str]]:
    applied, asked = Counter[str](), Counter[str]()
    for one in Application.objects.select_related("region"):
        if is_in(one.submitted_at, month, one.region.code, place):
            applied[one.channel] += one.cases.filter(item_key=item).count() if item else 1
    for ticket in Ticket.objects.select_related("region"):
        wanted = ticket.kind in {"consult", "help"} and item in {"", ticket.item_key}
        if wanted and is_in(ticket.received_at, month, ticket.region.code, place):
            asked[ticket.channel] += 1
    return +applied, +asked


def told(found: ChannelUse) -> tuple[Counter[str], Counter[str]]:
    shown = [Counter({one.key: one.count for one in rows}) for rows in (found.applied, found.asked)]
    return +shown[0], +shown[1]


def stored() -> list[tuple[object, ...]]:
    return sorted(ChannelTally.objects.values_list("month", "region", "act", "item_key", "channel", "count"))


class TestTallies:
    def test_equal_a_count_one_by_one(self, used: Random) -> None:
        viewer = reform("330000")

        for month in MONTHS:
            for place in PLACES:
                for item in ("", "item1", "item2"):
                    assert told(use_of(viewer, place, month, item=item)) == one_by_one(place, month, item)

    def test_parts_add_up_to_the_place(self, used: Random) -> None:
        found = use_of(reform("330000"), "", MARCH)

        total = sum(one.count for one in found.applied)
        assert total > 0
        assert sum(one.total for one in found.counties) == total
        assert (
            sum(one.total for one in found.items)
            == Case.objects.filter(
                application__submitted_at__gte=datetime(2018, 2, 28, 16, 0, tzinfo=NOW.tzinfo),
                application__submitted_at__lt=datetime(2018, 3, 31, 16, 0, tzinfo=NOW.tzinfo),
            ).count()
        )
        assert found.trend[-1][1].total == total
        assert found.trend[-2][1].total == sum(one.count for one in use_of(reform("330000"), "", FEBRUARY).applied)
        assert found.as_of == NOW

    def test_count_twice_and_count_what_was_never_counted(self, used: Random) -> None:
        before = stored()
        count_channels(MARCH, now=NOW)
        assert (
            sorted(ChannelTally.objects.values_list("month", "region", "act", "item_key", "channel", "count")) == before
        )

        # A site from before channels were counted has its funnels already, and drafts that are gone by now.
        count_missing(NOW)
        funnels = list(FunnelTally.objects.values_list("pk", flat=True))
        ChannelTally.objects.all().delete()
        count_missing(NOW)
        assert (
            sorted(ChannelTally.objects.values_list("month", "region", "act", "item_key", "channel", "count")) == before
        )
        assert list(FunnelTally.objects.values_list("pk", flat=True)) == funnels


class TestWhoSees:
    def test_a_county_sees_its_own(self, used: Random) -> None:
        county = reform("330122")

        assert told(use_of(county, "", MARCH)) == one_by_one(TONGLU, MARCH, "")
        assert {line[0] for line in lines_of(county, "", MARCH)} == {TONGLU}
        for look in (use_of, items_used, lines_of):
            with pytest.raises(NoSuchCounty):
                look(county, "330502000000", MARCH)  # type: ignore[operator]


class TestNudges:
    def test_are_summed_for_the_place(self, used: Random) -> None:
        for code, shown in ((TONGLU, 5), ("330502000000", 3)):
            NudgeTally.objects.create(
                month=MARCH, kind="from_home", moment="booking", region_code=code, shown=shown, followed=2, declined=1
            )

        whole, county = (use_of(reform(code), "", MARCH).nudges for code in ("330000", "330122"))

        assert [(one.shown, one.followed, one.declined) for one in whole] == [(8, 4, 2)]
        assert [(one.kind, one.shown) for one in county] == [("from_home", 5)]
        assert use_of(reform("330000"), "", FEBRUARY).nudges == ()


def test_the_acts_say_what_they_count() -> None:
    assert all(one.words.zh and one.meaning.en for one in ChannelAct)
