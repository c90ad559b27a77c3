"""Who looked at whose data, as the person and the owner of the data read it (规定 art. 39)."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from yici.apps.journal import queries as journal
from yici.apps.people.models import Party, Staff
from yici.apps.people.viewers import Viewer
from yici.apps.places import queries as places
from yici.apps.registry.jurisdiction import own_datasets
from yici.apps.registry.models import Dataset, Grant, Inquiry
from yici.apps.registry.offices import Offices
from yici.rules.codes import ZHEJIANG
from yici.rules.grants import Ground, purpose_words
from yici.rules.items import NO_WORDS
from yici.rules.law_parameters import CannotFindParameter, parameter
from yici.rules.words import Words

PAGE = 30
_STAFF = re.compile("staff:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Answered:
    """A person's question about one look-up, with the answer once there is one."""

    asked_at: datetime
    due_on: date
    text: str
    answer: str
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class LookUp:
    """One look-up in words: what was read, for what, on which law, by which office; never what was found.

    ``grant_basis`` is the article the grant rests on, ``case_reference`` the application's number or "draft:<id>".
    """

    number: int
    looked_up_at: datetime
    dataset_key: str
    dataset: Words
    owner: Words
    fields: tuple[Words, ...]
    purpose: Words
    items: tuple[Words, ...]
    office: Words
    basis: str
    grant_basis: Words | None
    grants: tuple[str, ...]
    case_reference: str
    by: str
    by_name: str
    is_by_oneself: bool
    was_found: bool
    refused: Words | None
    question: Answered | None = None
    was_answered: bool = True  # False when a live source did not answer


@dataclass(frozen=True, slots=True)
class LedgerPage:
    """Some look-ups, newest first; ``older`` is the mark of the next page."""

    rows: tuple[LookUp, ...]
    older: int | None
    answer_within: Words = NO_WORDS  # how long the office that looked may take to say why


def look_ups_of(viewer: Viewer, *, before: int | None = None, limit: int = PAGE) -> LedgerPage:
    """Return who looked at the data of the viewer, or of whom he acts for, newest first, refused look-ups included."""
    subject = Party.objects.filter(pk=viewer.subject_id or 0).first()
    if subject is None:
        return LedgerPage((), None)
    lines = journal.entries_for(str(subject), kind=journal.LOOK_UPS, before=before, limit=limit + 1)
    asked = Inquiry.objects.filter(party=subject, line__in=[line.number for line in lines])
    page = _page(lines, limit, str(subject), {one.line: _answered(one) for one in asked})
    return replace(page, answer_within=_answer_within())


def _answer_within() -> Words:
    """Return the period in words; a platform whose numbers of the law are older still shows its ledger."""
    try:
        row = parameter("look_up_inquiry", ZHEJIANG, timezone.localdate(), places.law_parameters())
    except CannotFindParameter:
        return NO_WORDS
    return row.period.words


def look_ups_of_our_data(viewer: Viewer, *, before: int | None = None, limit: int = PAGE) -> LedgerPage:
    """Return who looked at the data of the viewer's organisation in his jurisdiction, newest first; stewards only."""
    datasets = own_datasets(viewer)
    if not datasets:
        return LedgerPage((), None)
    prefix = (viewer.region_code or "none").rstrip("0")
    lines = journal.look_ups_of_datasets(datasets, region_prefix=prefix, before=before, limit=limit + 1)
    return _page(lines, limit, "", {})


def _answered(row: Inquiry) -> Answered:
    return Answered(row.asked_at, row.due_on, row.text, row.answer, row.answered_at)


def _page(lines: list[journal.Line], limit: int, subject: str, questions: Mapping[int, Answered]) -> LedgerPage:
    shown = lines[:limit]
    words = _Words(shown)
    rows = tuple(words.look_up(line, subject, questions.get(line.number)) for line in shown)
    return LedgerPage(rows, shown[-1].number if len(lines) > limit else None)


class _Words:
    """The names that lines of a page need, read once for all of them."""

    def __init__(self, lines: Iterable[journal.Line]) -> None:
        facts = [line.facts for line in lines]
        keys = {one["dataset"] for one in facts}
        granted = {key for one in facts for key in one.get("grants", ())}
        staff = {line.by.removeprefix("staff:") for line in lines if _STAFF.fullmatch(line.by)}
        self.datasets = {row.key: row for row in Dataset.objects.filter(key__in=keys)}
        self.grants = (
            {str(row.public_id): row for row in Grant.objects.filter(public_id__in=granted)} if granted else {}
        )
        named = Staff.objects.filter(public_id__in=staff) if staff else ()
        self.staff = {f"staff:{one.public_id}": one.name for one in named}
        self.offices = Offices()

    def look_up(self, line: journal.Line, subject: str, question: Answered | None) -> LookUp:
        """Return one line in words."""
        facts = line.facts
        dataset = self.datasets.get(facts["dataset"])
        region, items = facts.get("region") or ZHEJIANG.text, facts.get("items", ())
        grants = tuple(facts.get("grants", ()))
        return LookUp(
            number=line.number,
            looked_up_at=line.recorded_at,
            dataset_key=facts["dataset"],
            dataset=Words(dataset.name, dataset.name_en) if dataset else Words(facts["dataset"], facts["dataset"]),
            owner=self.offices.kind(dataset.owner) if dataset else Words("", ""),
            fields=_fields(dataset, facts["fields"]),
            purpose=purpose_words(facts["purpose"]),
            items=tuple(self.offices.item(key, region) for key in items),
            office=self.offices.of_item(items[0], region) if items else Words("", ""),
            basis=facts["basis"],
            grant_basis=self._basis(grants),
            grants=grants,
            case_reference=facts["case"],
            by=line.by,
            by_name=self.staff.get(line.by, ""),
            is_by_oneself=line.by == line.subject if not subject else line.by.startswith("party:"),
            was_found=bool(facts.get("found")),
            was_answered=facts.get("answered", True),
            refused=Ground(facts["reason"]).words if "reason" in facts else None,
            question=question,
        )

    def _basis(self, grants: tuple[str, ...]) -> Words | None:
        row = next((self.grants[key] for key in grants if key in self.grants), None)
        return basis_words(row) if row else None


def basis_words(row: Grant) -> Words:
    """Return the legal basis of a grant with its article."""
    title_en = row.basis_title_en or f"《{row.basis_title}》"
    return Words(f"《{row.basis_title}》{row.basis_article}", f"{title_en} {row.basis_article}")


def _fields(dataset: Dataset | None, keys: Iterable[str]) -> tuple[Words, ...]:
    known: Mapping[str, Any] = dataset.fields if dataset else {}
    return tuple(Words(**known[key]) if key in known else Words(key, key) for key in keys)


@dataclass(frozen=True, slots=True)
class InquiryView:
    """A person's question as the office that looked reads it."""

    public_id: UUID
    person: str
    dataset: Words
    item: Words
    text: str
    asked_at: datetime
    due_on: date
    answer: str
    answered_at: datetime | None
    looked_up_at: datetime
    purpose: Words
    case_reference: str
