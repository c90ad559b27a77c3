"""The parts of a copy of a person's data: what each holds, and why it is kept."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from yici.apps.cases.models import Application, Case
from yici.apps.journal import queries as journal
from yici.apps.licences.models import Licence
from yici.apps.people.models import Account, Mandate, Party, Relation
from yici.apps.planning.models import Draft, Nudge, NudgeRefusal
from yici.apps.privacy import subjects
from yici.apps.privacy.models import EmergencyLook, PersonalClaim
from yici.apps.registry.models import CorrectionSignal, HeldLicence, Record
from yici.apps.reviews.models import Review
from yici.rules.retention import RETENTION
from yici.rules.words import Words

Row = dict[str, Any]
MOST_LINES = 10_000


@dataclass(frozen=True, slots=True)
class Part:
    """One part: ``rows`` returns it as plain values."""

    key: str
    words: Words
    why: Words
    rows: Callable[[Party], list[Row]]


def plain(value: Any) -> Any:
    """Return a value as JSON holds it."""
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def _row(row: Any, *names: str) -> Row:
    return {name: plain(getattr(row, name)) for name in names}


def _person(party: Party) -> list[Row]:
    named = _row(party, "public_id", "name", "id_kind", "id_number", "verified", "phone", "born_on", "sex")
    return [{**named, "region": party.region.name if party.region else None}]


def _accounts(party: Party) -> list[Row]:
    rows = Account.objects.filter(party=party).order_by("pk")
    return [_row(one, "login", "assurance", "is_active", "last_login") for one in rows]


def _relations(party: Party) -> list[Row]:
    rows = (Relation.objects.filter(of=party) | Relation.objects.filter(to=party)).select_related("of", "to")
    return [{"kind": one.kind, "of": one.of.name, "to": one.to.name} for one in rows]


def _mandates(party: Party) -> list[Row]:
    rows = Mandate.objects.filter(holder=party) | Mandate.objects.filter(agent=party)
    return [
        {
            "holder": one.holder.name,
            "agent": one.agent.name,
            **_row(one, "scope", "valid_from", "valid_to", "ended_at"),
        }
        for one in rows.select_related("holder", "agent")
    ]


def _drafts(party: Party) -> list[Row]:
    rows = Draft.objects.filter(party=party).order_by("pk")
    texts = ("answers_text", "fields_text", "disputes_text")
    return [
        {**_row(one, "event_key", "saved_at"), **{name: json.loads(getattr(one, name)) for name in texts}}
        for one in rows
    ]


def _suggestions(party: Party) -> list[Row]:
    rows = Nudge.objects.filter(party=party).order_by("pk")
    refused = NudgeRefusal.objects.filter(party=party)
    return [
        *(_row(one, "kind", "moment", "event_key", "shown_at", "answer", "answered_at") for one in rows),
        *(_row(one, "refused_at") for one in refused),
    ]


def _applications(party: Party) -> list[Row]:
    return [_application(one) for one in subjects.applications_of(party).order_by("pk").iterator(chunk_size=20)]


def _application(row: Application) -> Row:
    messages = row.messages.order_by("pk")
    return {
        **_row(row, "reference", "event_name", "submitted_at", "channel", "promised_visits", "closed_at"),
        "facts": json.loads(row.facts_text),
        "messages": [_row(one, "author_name", "text", "written_at") for one in messages],
        "cases": [_case(one) for one in row.cases.order_by("position")],
    }


def _case(row: Case) -> Row:
    return {
        **_row(row, "code", "name", "state", "accepted_at", "due_on", "decided_at", "outcome", "decision_reason"),
        "evidence": [
            _row(one, "requirement", "name", "way", "source", "status", "value_text", "own_value_text", "note")
            for one in row.evidence.order_by("pk")
        ],
        "acts": [
            _row(one, "kind", "state", "by_name", "acted_at", "reason", "basis") for one in row.acts.order_by("pk")
        ],
        "corrections": [
            _row(one, "asked", "issued_at", "due_on", "reply", "result")
            for one in row.correction_notices.order_by("pk")
        ],
    }


def _papers(party: Party) -> list[Row]:
    rows = subjects.papers_of(party).defer("content").order_by("pk")
    return [_row(one, "public_id", "filename", "kind", "size", "sha256", "uploaded_at") for one in rows]


def _hall(party: Party) -> list[Row]:
    rows = subjects.hall_requests_of(party).order_by("pk")
    return [_row(one, "reference", "need", "contact_phone", "made_at", "answer", "answered_at") for one in rows]


def _reviews(party: Party) -> list[Row]:
    rows = Review.objects.filter(party=party).order_by("pk")
    named = ("public_id", "kind", "grade", "tags", "text", "contact_name", "contact_phone", "given_at", "state")
    return [_row(one, *named) for one in rows]


def _licences(party: Party) -> list[Row]:
    rows = Licence.objects.filter(holder=party).select_related("type").order_by("pk")
    named = ("public_id", "number", "identifier", "holder_name", "issued_at", "valid_until", "status", "status_reason")
    return [{"type": one.type.name, **_row(one, *named), "rows": json.loads(one.facts_text)} for one in rows]


def _records(party: Party) -> list[Row]:
    rows = Record.objects.filter(party=party).order_by("dataset_id")
    held = HeldLicence.objects.filter(party=party).order_by("type_key")
    return [
        *({"dataset": one.dataset_id, **_row(one, "values", "status", "source", "updated_at")} for one in rows),
        *({"licence": one.type_key, **_row(one, "number", "updated_at")} for one in held),
    ]


def _disputes(party: Party) -> list[Row]:
    rows = CorrectionSignal.objects.filter(party=party).order_by("pk")
    return [{"dataset": one.dataset_id, **_row(one, "field", "claimed", "reported_at", "outcome")} for one in rows]


def _requests(party: Party) -> list[Row]:
    rows = PersonalClaim.objects.filter(party=party).order_by("pk")
    return [_row(one, "right", "wish", "made_at", "due_on", "outcome", "answer", "answered_at", "gone") for one in rows]


def _looks(party: Party) -> list[Row]:
    rows = EmergencyLook.objects.filter(party=party, opened_at__isnull=False).select_related("staff__organisation")
    return [
        {
            "organisation": one.staff.organisation.name,
            **_row(one, "reason", "opened_at", "expires_at", "pages_seen", "finding", "review_note"),
        }
        for one in rows.order_by("pk")
    ]


def _journal(party: Party) -> list[Row]:
    lines = journal.entries_for(str(party), limit=MOST_LINES)
    return [
        {"moment": one.recorded_at.isoformat(), "what": one.sentence.zh, "by": one.by, "facts": dict(one.facts)}
        for one in lines
    ]


PARTS: tuple[Part, ...] = (
    Part("person", Words("身份", "Identity"), RETENTION["party"], _person),
    Part("accounts", Words("账号", "Accounts"), RETENTION["account"], _accounts),
    Part("relations", Words("亲属关系", "Family relations"), RETENTION["party"], _relations),
    Part("mandates", Words("授权", "Mandates"), RETENTION["mandate+10y"], _mandates),
    Part("drafts", Words("草稿", "Drafts"), RETENTION["draft+6m"], _drafts),
    Part("suggestions", Words("更方便办法的建议", "Suggestions of an easier way"), RETENTION["log+6m"], _suggestions),
    Part("applications", Words("申请与办件", "Applications and cases"), RETENTION["case+10y"], _applications),
    Part("papers", Words("上传的材料", "Uploaded papers"), RETENTION["case+10y"], _papers),
    Part("hall", Words("交给窗口的需求", "Needs given to the window"), RETENTION["case+10y"], _hall),
    Part("reviews", Words("实名评价", "Reviews under my name"), RETENTION["case+10y"], _reviews),
    Part("licences", Words("证照", "Licences"), RETENTION["permanent"], _licences),
    Part("records", Words("政府共享数据", "Shared government data"), RETENTION["source"], _records),
    Part("disputes", Words("数据异议", "Disputed data"), RETENTION["case+10y"], _disputes),
    Part("requests", Words("个人信息请求", "Requests about my data"), RETENTION["request+3y"], _requests),
    Part("looks", Words("紧急查看", "Looks in an emergency"), RETENTION["request+3y"], _looks),
    Part("journal", Words("日志：谁在何时做了什么", "Journal: who did what, when"), RETENTION["permanent"], _journal),
)
