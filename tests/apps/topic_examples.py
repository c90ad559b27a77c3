"""Voices of a county planted as rows: so many a week of an item or of one meaning, each of another person."""

from datetime import UTC, date, datetime, timedelta
from random import Random

from tests.apps.factories import AccountFactory, OrganisationFactory, StaffFactory, region
from tests.apps.ticket_examples import voice
from yici.apps.people.viewers import Viewer, viewer_of
from yici.apps.tickets import actions
from yici.apps.tickets.models import Ticket
from yici.rules.people import Role

# Monday morning in Hangzhou; the sweep of this day judges the week before.
MONDAY = datetime(2018, 6, 4, 2, 0, tzinfo=UTC)
COUNTIES = ("330122", "330106", "330502", "330110", "330102")
USUAL = (
    ("路灯坏了不亮", "小区门口的路灯坏了好几天，晚上一片漆黑，请派人修理路灯。"),
    ("公交车班次太少", "早上上班等公交车要四十分钟，请增加公交班次，方便出行。"),
    ("垃圾没有及时清运", "楼下垃圾桶已经堆满，几天没有清运垃圾，味道很大。"),
    ("自来水水压太低", "高层住户自来水水压太低，洗澡热水器打不着火，请加压。"),
)
NOISE = ("搅拌站夜间噪声扰民", "城东搅拌站夜里两点还在作业，噪声很大，整夜无法入睡。")
PHONE = 13_900_000_000


class Voices:
    """Files voices; ``said`` counts how many."""

    def __init__(self) -> None:
        self.said, self.chance = 0, Random("topics")

    def file(self, code: str, at: datetime, subject: str, detail: str, **words: object) -> Ticket:
        self.said += 1
        region(code)
        words = {"contact_phone": str(PHONE + self.said)} | words
        made = actions.file(
            voice=voice(code, subject=subject, detail=detail, **words),
            by=Viewer(label="person"),
            now=at,
        )
        return Ticket.objects.get(public_id=made.public_id)

    def usual(self, weeks: int, until: datetime = MONDAY) -> None:
        """File what is always said: of each matter one in a county and week, more or less."""
        for week in range(1, weeks + 1):
            for code in COUNTIES[:3]:
                for number, (subject, detail) in enumerate(USUAL):
                    for _ in range(self.chance.choice((0, 1, 1, 2))):
                        self.file(code, until - timedelta(days=7 * week - number - 1), subject, detail)

    def loud(self, code: str, start: datetime, days: int, each_day: int, words: tuple[str, str] = NOISE) -> None:
        """File so many a day of one matter from a day on."""
        for day in range(days):
            for _ in range(each_day):
                self.file(code, start + timedelta(days=day, hours=1), *words)


def office(code: str, kind: str, *roles: Role) -> Viewer:
    place = OrganisationFactory(code=code, kind=kind)
    return viewer_of(AccountFactory(of_staff=True, staff=StaffFactory(roles=list(roles), organisation=place)))


def monday(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 2, 0, tzinfo=UTC)
