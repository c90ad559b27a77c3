"""What may be seen of grants: the public list by everybody, what waits by the owner's stewards."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum

from yici.apps.journal import queries as journal
from yici.apps.people.viewers import Viewer
from yici.apps.places import queries as places
from yici.apps.registry.jurisdiction import grants_in_hand, inquiries_in_hand, is_steward
from yici.apps.registry.ledger import InquiryView, basis_words
from yici.apps.registry.models import CorrectionSignal, Dataset, Grant, Inquiry, LookUpDay
from yici.apps.registry.offices import Offices
from yici.rules.clock_courses import local_day
from yici.rules.clocks import Colour
from yici.rules.datasets import Sharing
from yici.rules.grants import GrantState, purpose_words
from yici.rules.levels import Level
from yici.rules.words import Words

PAGE = 40
QUALITY_DAYS = 30

NoSuchGrant = Grant.DoesNotExist
NoSuchInquiry = Inquiry.DoesNotExist


@dataclass(frozen=True, slots=True)
class Quality:
    """How good a dataset was in 30 days: look-ups that found something or nothing, and data said to be wrong."""

    found: int
    not_found: int
    refused: int
    disputes: int

    @property
    def found_percent(self) -> int | None:
        """Return the share of look-ups that found something, None when there was none."""
        asked = self.found + self.not_found
        return round(100 * self.found / asked) if asked else None


@dataclass(frozen=True, slots=True)
class DatasetLine:
    """A dataset of the public list, with its owner in words, its quality and how many items read it."""

    key: str
    name: Words
    owner_kind: str
    owner: Words
    level: str
    sharing: Sharing
    ground: str
    fields: dict[str, Words]
    not_shared_in: tuple[Words, ...]
    rhythm: str
    quality: Quality
    items_reading: int


def public_datasets(*, today: date) -> list[DatasetLine]:
    """Return every dataset with its quality of the last 30 days, in the order of the owners' names and keys."""
    offices, quality = Offices(), _qualities(today)
    reading = Q(grants__state=GrantState.APPROVED)
    rows = Dataset.objects.annotate(items_reading=Count("grants", filter=reading)).order_by("owner", "key")
    return [
        DatasetLine(
            key=row.key,
            name=Words(row.name, row.name_en),
            owner_kind=row.owner,
            owner=offices.kind(row.owner),
            level=row.level,
            sharing=Sharing(row.sharing),
            ground=row.ground,
            fields={key: Words(**names) for key, names in row.fields.items()},
            not_shared_in=tuple(_region(code) for code in row.not_shared_in),
            rhythm=row.rhythm,
            quality=quality.get(row.key, Quality(0, 0, 0, 0)),
            items_reading=row.items_reading,
        )
        for row in rows
    ]


def _region(code: str) -> Words:
    found = places.region(code)
    return Words(found.name, found.name_en)


def _qualities(today: date) -> dict[str, Quality]:
    since = today - timedelta(days=QUALITY_DAYS)
    sums = (Sum("found"), Sum("not_found"), Sum("refused"))
    counted = LookUpDay.objects.filter(day__gt=since).values_list("dataset_key").annotate(*sums)
    disputed = CorrectionSignal.objects.filter(reported_at__date__gt=since).values_list("dataset_id")
    disputes = dict(disputed.annotate(Count("pk")))
    looked = {key: sums for key, *sums in counted}
    return {
        key: Quality(*looked.get(key, (0, 0, 0)), disputes.get(key, 0))  # type: ignore[call-arg]
        for key in {*looked, *disputes}
    }


@dataclass(frozen=True, slots=True)
class GrantLine:
    """A grant as everybody may read it."""

    public_id: UUID
    item_key: str
    item: Words
    item_office: Words
    dataset_key: str
    dataset: Words
    owner: Words
    fields: tuple[Words, ...]
    purpose: Words
    basis: Words
    basis_level: Words
    region: Words
    state: GrantState
    asked_at: datetime
    due_on: date
    colour: Colour
    is_by_law: bool
    decided_at: datetime | None
    reason: str
    revoked_at: datetime | None
    revoked_reason: str
    extension_reason: str
    in_use: bool


@dataclass(frozen=True, slots=True)
class GrantPage:
    """Some grants, the newest first; ``older`` is the mark of the next page."""

    rows: tuple[GrantLine, ...]
    older: int | None
    total: int


def public_grants(
    *, dataset: str = "", item: str = "", state: str = "", before: int | None = None, today: date
) -> GrantPage:
    """Return which item may read what, for what, on which law, since when; refused and revoked ones too."""
    return _page(_chosen(Grant.objects.all(), dataset, item, state), before, today)


def _chosen(rows: QuerySet[Grant], dataset: str, item: str, state: str) -> QuerySet[Grant]:
    wanted = {"dataset_id": dataset, "item_key": item, "state": state if state in set(GrantState) else ""}
    return rows.filter(**{name: value for name, value in wanted.items() if value})


def _page(rows: QuerySet[Grant], before: int | None, today: date) -> GrantPage:
    total = rows.count()
    after = rows.filter(pk__lt=before) if before is not None else rows
    found = list(after.select_related("dataset", "region").order_by("-pk")[: PAGE + 1])
    shown = found[:PAGE]
    return GrantPage(tuple(_lines(shown, today)), shown[-1].pk if len(found) > PAGE else None, total)


def _lines(rows: Iterable[Grant], today: date) -> list[GrantLine]:
    offices = Offices()
    return [_line(row, offices, today) for row in rows]


def _line(row: Grant, offices: Offices, today: date) -> GrantLine:
    names = row.dataset.fields
    return GrantLine(
        public_id=row.public_id,
        item_key=row.item_key,
        item=offices.item(row.item_key),
        item_office=offices.kind_of_item(row.item_key),
        dataset_key=row.dataset_id,
        dataset=Words(row.dataset.name, row.dataset.name_en),
        owner=offices.kind(row.dataset.owner),
        fields=tuple(Words(**names[key]) if key in names else Words(key, key) for key in row.fields),
        purpose=Words(row.purpose, row.purpose_en),
        basis=basis_words(row),
        basis_level=Level(row.basis_level).words,
        region=Words(row.region.name, row.region.name_en),
        state=GrantState(row.state),
        asked_at=row.asked_at,
        due_on=row.due_on,
        colour=_colour(row, today),
        is_by_law=row.decided_by == "system:law",
        decided_at=row.decided_at,
        reason=row.reason,
        revoked_at=row.revoked_at,
        revoked_reason=row.revoked_reason,
        extension_reason=row.extension_reason,
        in_use=row.in_use,
    )


def _colour(row: Grant, today: date) -> Colour:
    return due_colour(row.asked_at, row.due_on, today) if row.state == GrantState.REQUESTED else Colour.NEUTRAL


def due_colour(begun: datetime, due: date, today: date) -> Colour:
    """Return how a list shows a short clock: red after its last day, amber on it and when four fifths are used."""
    if today > due:
        return Colour.RED
    whole = max((due - local_day(begun)).days, 1)
    used = (today - local_day(begun)).days
    return Colour.AMBER if today == due or used * 5 >= whole * 4 else Colour.NEUTRAL


def grants_of(viewer: Viewer, *, state: str = "", before: int | None = None, today: date) -> GrantPage:
    """Return the grants to the data of the viewer's organisation, newest first; stewards only."""
    return _page(_chosen(grants_in_hand(viewer), "", "", state), before, today)


def waiting_of(viewer: Viewer, *, today: date) -> list[GrantLine]:
    """Return what waits for the viewer's organisation, the soonest due first."""
    waiting = grants_in_hand(viewer).filter(state=GrantState.REQUESTED)
    return _lines(waiting.select_related("dataset", "region").order_by("due_on", "pk")[:200], today)


def grant_of(viewer: Viewer, public_id: UUID, *, today: date) -> GrantLine:
    """Return one grant the viewer looks after. Raises NoSuchGrant."""
    row = grants_in_hand(viewer).select_related("dataset", "region").get(public_id=public_id)
    return _lines([row], today)[0]


@dataclass(frozen=True, slots=True)
class StewardCounts:
    """What waits on a steward's desk."""

    grants: int
    questions: int


def steward_counts(viewer: Viewer) -> StewardCounts:
    """Return how many requests and questions wait for the viewer's organisation."""
    return StewardCounts(
        grants_in_hand(viewer).filter(state=GrantState.REQUESTED).count(),
        inquiries_in_hand(viewer).filter(answered_at=None).count(),
    )


def may_steward(viewer: Viewer) -> bool:
    """Whether the steward's pages are there for this viewer."""
    return is_steward(viewer)


def inquiries_of(viewer: Viewer) -> list[InquiryView]:
    """Return the questions to the viewer's organisation: open ones by their clock, then the last answered."""
    mine = inquiries_in_hand(viewer).select_related("party")
    open_ones = list(mine.filter(answered_at=None).order_by("due_on", "pk")[:100])
    done = list(mine.exclude(answered_at=None).order_by("-answered_at")[:20])
    return _inquiries([*open_ones, *done])


def inquiry_of(viewer: Viewer, public_id: UUID) -> InquiryView:
    """Return one question to the viewer's organisation. Raises NoSuchInquiry."""
    return _inquiries([inquiries_in_hand(viewer).select_related("party").get(public_id=public_id)])[0]


def _inquiries(rows: list[Inquiry]) -> list[InquiryView]:
    offices = Offices()
    names = {
        row.key: Words(row.name, row.name_en) for row in Dataset.objects.filter(key__in={r.dataset_key for r in rows})
    }
    return [_inquiry(row, offices, names) for row in rows]


def _inquiry(row: Inquiry, offices: Offices, names: dict[str, Words]) -> InquiryView:
    line = journal.line_of(row.line)
    assert line is not None  # the journal never loses a line
    return InquiryView(
        public_id=row.public_id,
        person=row.party.name,
        dataset=names.get(row.dataset_key, Words(row.dataset_key, row.dataset_key)),
        item=offices.item(row.item_key, row.region_id),
        text=row.text,
        asked_at=row.asked_at,
        due_on=row.due_on,
        answer=row.answer,
        answered_at=row.answered_at,
        looked_up_at=line.recorded_at,
        purpose=purpose_words(line.facts["purpose"]),
        case_reference=line.facts["case"],
    )
