"""The points of an organisation that may be contested, and the contests that wait for a reform office."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Max, QuerySet

from yici.apps.accountability.counting import Counted, rows_of
from yici.apps.accountability.models import Contest, MonthTally
from yici.apps.people.viewers import Viewer
from yici.rules.measures import MEASURES
from yici.rules.people import Role
from yici.rules.scores import Tally, together
from yici.rules.words import Words

MOST_POINTS = 200
MOST_DECIDED = 50


@dataclass(frozen=True, slots=True)
class OwnContest:
    """A contest as the organisation and the reform office read it, with both sides' words."""

    public_id: UUID
    office: Words
    region: Words
    measure: str
    month: date
    ref: str
    reason: str
    contested_at: datetime
    due_on: date
    upheld: bool | None
    answer: str
    decided_at: datetime | None


def may_contest(viewer: Viewer) -> bool:
    """Whether somebody speaks for his organisation: its reviewers and deciders."""
    return viewer.organisation_id is not None and viewer.has_role(Role.DECIDER, Role.REVIEWER)


def own_tallies(viewer: Viewer, month: date) -> dict[str, Tally]:
    """Return what was counted of the viewer's organisation in a month, by measure."""
    rows = MonthTally.objects.filter(organisation_id=viewer.organisation_id or 0, month=month)
    return together([{key: Tally(good, of)} for key, good, of in rows.values_list("measure", "good", "of")])


def own_as_of(viewer: Viewer, month: date) -> datetime | None:
    """Return when the viewer's organisation was last counted for a month."""
    rows = MonthTally.objects.filter(organisation_id=viewer.organisation_id or 0, month=month)
    newest: datetime | None = rows.aggregate(newest=Max("counted_at"))["newest"]
    return newest


def own_months(viewer: Viewer) -> list[date]:
    """Return the months for which the viewer's organisation has figures, newest first."""
    rows = MonthTally.objects.filter(organisation_id=viewer.organisation_id or 0).order_by("-month")
    return list(rows.values_list("month", flat=True).distinct())


def own_points(viewer: Viewer, month: date, measure: str) -> list[Counted]:
    """Return what spoils a measure of the viewer's organisation in a month. Raises CannotCount."""
    if viewer.organisation_id is None:
        return []
    return list(rows_of([viewer.organisation_id], month, measure, only_bad=True, limit=MOST_POINTS))


def own_contests(viewer: Viewer, month: date) -> list[OwnContest]:
    """Return the contests of the viewer's organisation for a month, newest first; decided ones stay."""
    rows = Contest.objects.filter(organisation_id=viewer.organisation_id or 0, month=month).order_by("-pk")
    return [_line(row) for row in rows.select_related("organisation__region")]


def may_decide(viewer: Viewer) -> bool:
    """Whether somebody decides contests at all: the reform offices."""
    return viewer.has_role(Role.REFORM) and viewer.region_path is not None


def _within(viewer: Viewer) -> QuerySet[Contest]:
    """Return the contests of the viewer's region; those of his own organisation others decide."""
    rows = Contest.objects.select_related("organisation__region")
    if not may_decide(viewer):
        return rows.none()
    rows = rows.filter(organisation__region__path__startswith=viewer.region_path or "-")
    return rows.exclude(organisation_id=viewer.organisation_id or 0)


def waiting(viewer: Viewer) -> list[OwnContest]:
    """Return the contests that this reform office has to decide, soonest due first."""
    return [_line(row) for row in _within(viewer).filter(decided_at=None).order_by("due_on", "pk")]


def decided(viewer: Viewer) -> list[OwnContest]:
    """Return the contests of the region that were decided last."""
    rows = _within(viewer).filter(decided_at__isnull=False).order_by("-decided_at")
    return [_line(row) for row in rows[:MOST_DECIDED]]


def one(viewer: Viewer, contest_id: UUID) -> OwnContest:
    """Return a contest that this reform office may decide. Raises Contest.DoesNotExist."""
    return _line(_within(viewer).get(public_id=contest_id))


NoSuchContest = Contest.DoesNotExist


def _line(row: Contest) -> OwnContest:
    organisation = row.organisation
    return OwnContest(
        public_id=row.public_id,
        office=Words(organisation.name, organisation.name_en),
        region=Words(organisation.region.name, organisation.region.name_en),
        measure=row.measure,
        month=row.month,
        ref=row.ref,
        reason=row.reason,
        contested_at=row.contested_at,
        due_on=row.due_on,
        upheld=row.upheld,
        answer=row.answer,
        decided_at=row.decided_at,
    )


def is_late(line: OwnContest, today: date) -> bool:
    """Whether a contest should have been decided before today."""
    return line.decided_at is None and line.due_on < today


def contested_refs(lines: list[OwnContest], measure: str) -> frozenset[str]:
    """Return what of a measure has been contested already."""
    return frozenset(line.ref for line in lines if line.measure == measure and measure in MEASURES)
