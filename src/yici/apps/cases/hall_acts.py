"""What a clerk of the one window does with a need that no machine may promise anything for."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from yici.apps.cases.facts import facts_from_text
from yici.apps.cases.models import HallRequest
from yici.apps.cases.opening import create_application
from yici.apps.cases.submission import Submission
from yici.apps.catalogue import queries as catalogue
from yici.apps.journal import actions as journal
from yici.apps.people.viewers import Viewer
from yici.apps.registry import queries as registry
from yici.rules.cases import CannotAct
from yici.rules.items import LifeEvent, Member
from yici.rules.planner import compile_event
from yici.rules.words import Words


def own_hall_requests(viewer: Viewer) -> QuerySet[HallRequest]:
    """Return the requests of the clerk's place; others are not there."""
    return HallRequest.objects.filter(region__path__startswith=viewer.region_path or "none")


@transaction.atomic
def take_request(*, request_id: UUID, by: Viewer, now: datetime) -> None:
    """Take a request on one's own desk."""
    row = own_hall_requests(by).select_for_update().get(public_id=request_id)
    if row.taken_by_id not in {None, by.staff_id}:
        raise CannotAct(zh="已有同事在办理这件。", en="A colleague is already on it.")
    row.taken_by_id, row.taken_at = by.staff_id, row.taken_at or now
    row.save(update_fields=["taken_by", "taken_at"])
    journal.record("hall.taken", subject=row.reference, by=by.label, now=now)


@transaction.atomic
def answer_request(*, request_id: UUID, answer: str, by: Viewer, now: datetime) -> None:
    """Answer a need that turns out to need no case."""
    row = _taken(by, request_id)
    if not answer.strip():
        raise CannotAct(zh="请填写答复。", en="Write the answer.")
    row.answer, row.answered_at = answer.strip()[:2000], now
    row.save(update_fields=["answer", "answered_at"])
    journal.record("hall.answered", subject=row.reference, by=by.label, now=now)


def _taken(by: Viewer, request_id: UUID) -> HallRequest:
    row: HallRequest = (
        own_hall_requests(by).select_for_update(of=("self",)).select_related("region").get(public_id=request_id)
    )
    if row.taken_by_id != by.staff_id or row.answered_at:
        raise CannotAct(zh="请先领取，且尚未答复的才能办理。", en="Take it first; only open requests can be handled.")
    return row


@transaction.atomic
def open_cases(*, request_id: UUID, items: list[str], answer: str, by: Viewer, now: datetime) -> UUID:
    """Turn a need into cases: the clerk chooses the items, the departments take over, papers come at the window."""
    row = _taken(by, request_id)
    here = catalogue.catalogue_for(row.region.code)
    chosen = [key for key in dict.fromkeys(items) if key in here.items]
    if not chosen:
        raise CannotAct(zh="请至少选择一个事项。", en="Choose at least one item.")
    event = _event(row, chosen, Words(*[_title(row, here.items[chosen[0]].name, tag) for tag in ("zh", "en")]))
    compiled = compile_event(event, here)
    subject = row.represented_id or row.party_id
    holdings = registry.availability(
        party_id=subject, region_code=row.region.code, wanted=compiled.wanted, items=chosen
    )
    answers = {key: value for key, value in facts_from_text(row.answers_text).items() if key in compiled.facts}
    plan = compiled.plan(answers, {"*": "missing", **holdings}, region=row.region.code)
    application = create_application(
        Submission(
            event=event,
            region_code=row.region.code,
            applicant_id=row.party_id,
            represented_id=row.represented_id,
            plan=plan,
            facts=answers,
            channel="window",
            submitted_by=by.label,
            submitted_by_name=by.name,
            idempotency_key=f"hall:{row.public_id}",
            draft_id=None,
            now=now,
        )
    )
    row.application, row.answered_at, row.answer = application, now, answer.strip()[:2000]
    row.save(update_fields=["application", "answered_at", "answer"])
    journal.record(
        "hall.opened", subject=row.reference, by=by.label, now=now, facts={"application": application.reference}
    )
    return application.public_id


def _title(row: HallRequest, name: Words, tag: str) -> str:
    found = catalogue.find_event(row.event_key, row.region.code) if row.event_key else None
    return (found.name if found else name).text(tag)


def _event(row: HallRequest, chosen: list[str], name: Words) -> LifeEvent:
    """Return an event of just the chosen items, with the order the catalogue gives them where it has one."""
    found = catalogue.find_event(row.event_key, row.region.code) if row.event_key else None
    known = {member.item: member for member in found.members} if found else {}
    members = tuple(
        Member(item=key, after=tuple(one for one in known[key].after if one in chosen)) if key in known else Member(key)
        for key in chosen
    )
    lead = found.lead if found else "government_service_hall"
    questions = found.questions if found else ()
    return LifeEvent(row.event_key or chosen[0], name, name, lead, ("natural",), members, questions)
