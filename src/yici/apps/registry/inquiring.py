"""A person asks why his data were looked up, and the office that looked answers under a clock."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from yici.apps.journal import actions as journal
from yici.apps.journal import queries as lines
from yici.apps.people.models import Party
from yici.apps.people.viewers import Viewer
from yici.apps.places.models import Region
from yici.apps.registry.granting import due_on
from yici.apps.registry.jurisdiction import inquiries_in_hand
from yici.apps.registry.models import Dataset, Inquiry
from yici.apps.registry.offices import office_kind
from yici.rules.codes import ZHEJIANG
from yici.rules.refusals import Refusal

LONGEST_TEXT = 1000


class CannotInquire(Refusal):
    """This look-up was asked about, or this question answered, already; or nothing was said."""


class NoSuchLookUp(CannotInquire):
    """There is no such look-up of this person's data."""


@transaction.atomic
def ask_why(*, line: int, text: str, by: Viewer, now: datetime) -> UUID:
    """Ask the office behind a look-up of one's own data, or of whom one acts for, why it looked.

    ``line`` is the look-up's number in the journal; ``text`` may be empty: why is question enough. Returns the public
    id of the question. Raises CannotInquire, and NoSuchLookUp for look-ups of others: they are not there.
    """
    party = Party.objects.filter(pk=by.subject_id or 0).first()
    found = lines.line_of(line)
    if party is None or found is None or found.kind not in lines.LOOK_UPS or found.subject != str(party):
        raise NoSuchLookUp(
            zh="没有找到这条查询记录。请从“谁查询过我的数据”中选择。",
            en="There is no such look-up of your data. Choose one from 'Who looked at my data'.",
        )
    facts = found.facts
    item = next(iter(facts.get("items", ())), "")
    region = facts.get("region") or ZHEJIANG.text
    asked = Inquiry(
        line=line,
        party=party,
        dataset_key=facts["dataset"],
        item_key=item,
        organisation_kind=office_kind(item, region) or _owner(facts["dataset"]),
        region=Region.objects.at(region),
        text=text.strip()[:LONGEST_TEXT],
        asked_at=now,
        asked_by=by.label,
        due_on=due_on("look_up_inquiry", region, now),
    )
    _save_new(asked)
    facts = {"line": line, "inquiry": str(asked.public_id), "office": asked.organisation_kind}
    journal.record("registry.inquiry_asked", subject=str(party), by=by.label, now=now, facts=facts)
    return asked.public_id


def _owner(dataset: str) -> str:
    """Return who keeps the data: he answers for look-ups whose item is not known any more."""
    return Dataset.objects.filter(key=dataset).values_list("owner", flat=True).first() or ""


def _save_new(asked: Inquiry) -> None:
    try:
        with transaction.atomic():
            asked.save(force_insert=True)
    except IntegrityError as twice:
        raise CannotInquire(
            zh="您已经询问过这条记录，答复会显示在这条记录旁。",
            en="You have asked about this look-up already. The answer will stand beside it.",
        ) from twice


@transaction.atomic
def answer_inquiry(*, inquiry_id: UUID, answer: str, by: Viewer, now: datetime) -> None:
    """Answer a person who asked why his data were looked up. Raises CannotInquire."""
    row = inquiries_in_hand(by).select_for_update(of=("self",)).select_related("party").get(public_id=inquiry_id)
    said = answer.strip()[:LONGEST_TEXT]
    if row.answered_at is not None:
        raise CannotInquire(
            zh="这个询问已经答复，不能更改。", en="This question is answered already, and an answer is not changed."
        )
    if not said:
        raise CannotInquire(
            zh="请写明为什么查询、用在哪里。", en="Say why the data were looked up and what they were used for."
        )
    row.answer, row.answered_at, row.answered_by = said, now, by.label
    row.save(update_fields=["answer", "answered_at", "answered_by"])
    facts = {"line": row.line, "inquiry": str(row.public_id)}
    journal.record("registry.inquiry_answered", subject=str(row.party), by=by.label, now=now, facts=facts)
