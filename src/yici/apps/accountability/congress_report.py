"""The year as it is told to the standing committee: figures of a region, each with its source and its moment.

Who reports on the hotline to the congress (after the Jinan Hotline Regulation art. 9) takes every figure from what the
scorecards and the register stand on; a figure of too few things is hidden.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max, Sum

from yici.apps.accountability.models import MonthTally
from yici.apps.people.viewers import Viewer
from yici.apps.places.models import Region
from yici.apps.places.months import bounds
from yici.apps.referrals.queries import YearOfReferrals, year_of
from yici.apps.reform.models import LedgerEntry
from yici.apps.tickets.models import Ticket
from yici.apps.topics.queries import heard_between
from yici.rules.clock_courses import local_day
from yici.rules.county_figures import Figure, figure
from yici.rules.measures import MEASURES
from yici.rules.people import Role
from yici.rules.refusals import Refusal
from yici.rules.scores import FORMULA, NOTHING, Tally
from yici.rules.words import Words

HOTLINE = ("tickets_answered", "tickets_satisfied", "tickets_solved", "tickets_followed_up", "tickets_unreturned")
VISITS = ("visits_kept", "zero_visit", "online_kept", "promised_time", "statutory_time")
FIRST_YEAR = 2016


class CannotReport(Refusal):
    """A year or a place that cannot be reported."""


@dataclass(frozen=True, slots=True)
class YearLine:
    """One measure over the year and by month; ``figure.value`` is None of too few things."""

    words: Words
    meaning: Words
    measure: str
    figure: Figure
    months: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class TopicLine:
    """A topic of the hotline as the report names it."""

    name: Words
    voices: int


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A revision that came into force: in how many respects somebody gains and loses by it."""

    name: Words
    in_force_on: date
    gains: int
    losses: int


@dataclass(frozen=True, slots=True)
class CongressReport:
    """All figures of the year. ``tickets`` is None where there are some, but too few to say."""

    year: int
    region: Words
    first: date
    last: date
    hotline: tuple[YearLine, ...]
    visits: tuple[YearLine, ...]
    tickets: int | None
    changes: tuple[ChangeLine, ...]
    referrals: YearOfReferrals
    topics: tuple[TopicLine, ...]
    fewest: int
    counted_at: datetime | None
    made_at: datetime


def may_report(viewer: Viewer) -> bool:
    """Whether somebody prepares the report: reform offices, hotlines and congress liaisons, at a desk."""
    at_post = viewer.is_staff and not viewer.awaits_second_factor and viewer.region_path is not None
    return at_post and viewer.has_role(Role.REFORM, Role.HOTLINE, Role.LIAISON)


def congress_report(viewer: Viewer, year: int, region_code: str, *, now: datetime) -> CongressReport:
    """Return the report of a region of the viewer's. Raises CannotReport, also for a year that has not begun."""
    region = Region.objects.filter(code=region_code.strip().ljust(12, "0"), level__lte=Region.COUNTY).first()
    if region is None or not may_report(viewer) or not viewer.covers(region.path):
        raise CannotReport(
            zh="报告以省、市、县为单位，且须在您的辖区内。",
            en="A report is of the province, a city or a county within your jurisdiction.",
        )
    return report_of(region, year, now=now)


def report_of(region: Region, year: int, *, now: datetime) -> CongressReport:
    """Return the report of a region, for whoever may run the command. Raises CannotReport."""
    today = local_day(now)
    if not FIRST_YEAR <= year <= today.year:
        raise CannotReport(
            zh=f"年份应在{FIRST_YEAR}至{today.year}之间。", en=f"The year is between {FIRST_YEAR} and {today.year}."
        )
    months = [date(year, number, 1) for number in range(1, 13)]
    tallies, counted_at = _tallies(region, months)
    first, last = months[0], min(date(year, 12, 31), today)
    return CongressReport(
        year=year,
        region=Words(region.name, region.name_en),
        first=first,
        last=last,
        hotline=tuple(_line(key, tallies, months) for key in HOTLINE),
        visits=tuple(_line(key, tallies, months) for key in VISITS),
        tickets=_enough(_tickets(region, months)),
        changes=_changes(region, first, last),
        referrals=year_of(region.path, first, last, today=today),
        topics=_topics(region, first, last),
        fewest=FORMULA.fewest,
        counted_at=counted_at,
        made_at=now,
    )


def _changes(region: Region, first: date, last: date) -> tuple[ChangeLine, ...]:
    rows = LedgerEntry.objects.filter(in_force_on__gte=first, in_force_on__lte=last).select_related("amendment")
    rows = rows.filter(amendment__organisation__region__path__startswith=region.path).order_by("in_force_on", "pk")
    return tuple(
        ChangeLine(Words(row.amendment.name, row.amendment.name_en), row.in_force_on, len(row.gains), len(row.losses))
        for row in rows
    )


def _topics(region: Region, first: date, last: date) -> tuple[TopicLine, ...]:
    heard = heard_between(region.path, first, last)
    return tuple(TopicLine(name, voices) for name, voices in heard if voices >= FORMULA.fewest)


Tallies = dict[tuple[str, date], Tally]


def _tallies(region: Region, months: Sequence[date]) -> tuple[Tallies, datetime | None]:
    wanted = [*HOTLINE, *VISITS]
    rows = MonthTally.objects.filter(measure__in=wanted, month__in=months).order_by()
    rows = rows.filter(organisation__region__path__startswith=region.path)
    grouped = rows.values_list("measure", "month").annotate(Sum("good"), Sum("of"), Max("counted_at"))
    found: Tallies = {}
    newest: datetime | None = None
    for measure, month, good, of, counted_at in grouped:
        found[measure, month] = Tally(good, of)
        newest = counted_at if newest is None else max(newest, counted_at)
    return found, newest


def _line(key: str, tallies: Tallies, months: Sequence[date]) -> YearLine:
    measure = MEASURES[key]
    by_month = [tallies.get((key, month), NOTHING) for month in months]
    whole = Tally(sum(one.good for one in by_month), sum(one.of for one in by_month))
    figures = tuple(figure(measure, one) for one in by_month)
    return YearLine(measure.words, measure.meaning, key, figure(measure, whole), figures)


def _tickets(region: Region, months: Sequence[date]) -> int:
    since, until = bounds(months[0])[0], bounds(months[-1])[1]
    rows = Ticket.objects.filter(received_at__gte=since, received_at__lt=until)
    return rows.filter(region__path__startswith=region.path).count()


def _enough(count: int) -> int | None:
    return count if count >= FORMULA.fewest or not count else None
