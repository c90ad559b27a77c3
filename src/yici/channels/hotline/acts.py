"""Reads what a form of the ticket page sent and makes the one call it stands for."""

from collections.abc import Callable
from datetime import date, datetime
from uuid import UUID

from django.http import QueryDict

from yici.apps.people.viewers import Viewer
from yici.apps.tickets import actions, queries
from yici.apps.tickets.actions import Outcome
from yici.apps.tickets.recusing import keep_out
from yici.rules.supervision import Reason
from yici.rules.tickets import CannotHandleTicket, Ending, ExtensionGround, TicketKind, Urgency

Do = Callable[[Viewer, UUID, QueryDict, datetime], object]


def _id(text: str) -> UUID:
    """Return a chosen organisation or ticket. Raises CannotHandleTicket for none."""
    try:
        return UUID(text)
    except ValueError:
        raise CannotHandleTicket(
            zh="请先从列表中选择单位。", en="Choose an organisation from the list first."
        ) from None


def _ids(sent: QueryDict, name: str) -> list[UUID]:
    return [_id(text) for text in sent.getlist(name) if text]


def _day(text: str) -> date | None:
    """Return the day that was typed, None for an empty field."""
    try:
        return date.fromisoformat(text) if text.strip() else None
    except ValueError:
        raise CannotHandleTicket(zh="日期请写成2018-04-30的样子。", en="Write the day as 2018-04-30.") from None


def _yes_or_no(text: str) -> bool | None:
    return {"1": True, "0": False}.get(text)


def _chosen(text: str) -> bool:
    """Return the decision of a form with two buttons; a form sent without either decides nothing."""
    found = _yes_or_no(text)
    if found is None:
        raise CannotHandleTicket(zh="请选择同意或不同意。", en="Choose one of the two decisions.")
    return found


def _triage(by: Viewer, ticket: UUID, sent: QueryDict, now: datetime) -> None:
    kind, urgency = sent.get("kind", ""), sent.get("urgency", "")
    actions.classify(
        ticket_id=ticket,
        category_key=sent.get("category", ""),
        kind=TicketKind(kind) if kind in set(TicketKind) else None,
        urgency=Urgency(urgency) if urgency in set(Urgency) else None,
        by=by,
        now=now,
    )


def _answer(by: Viewer, ticket: UUID, sent: QueryDict, now: datetime) -> None:
    actions.answer_at_once(ticket_id=ticket, text=sent.get("text", ""), by=by, now=now)


def _dispatch(by: Viewer, ticket: UUID, sent: QueryDict, now: datetime) -> None:
    # A unit from the whole list comes before the proposed one: whoever opened the list meant it.
    actions.dispatch(
        ticket_id=ticket,
        organisation_id=_id(sent.get("other") or sent.get("organisation", "")),
        co_handlers=_ids(sent, "co_handler"),
        note=sent.get("reason", ""),
        by=by,
        now=now,
    )


def _refuse_return(by: Viewer, ticket: UUID, sent: QueryDict, now: datetime) -> None:
    actions.refuse_return(ticket_id=ticket, reason=sent.get("reason", ""), by=by, now=now)


def _arbitrate(by: Viewer, ticket: UUID, sent: QueryDict, now: datetime) -> None:
    actions.arbitrate(
        ticket_id=ticket,
        organisation_id=_id(sent.get("other") or sent.get("organisation", "")),
        co_handlers=_ids(sent, "co_handler"),
        reason=sent.get("reason", ""),
        basis=sent.get("basis", ""),
        present=sent.get("present", ""),
        by=by,
        now=now,
    )


def _more_time(by: Viewer, ticket: UUID, sent: QueryDict, now: datetime) -> None:
    answer = sent.get("answer", "")
    actions.settle_more_time(ticket_id=ticket, grant=_chosen(sent.get("grant", "")), answer=answer, by=by, now=now)


def _review(by: Viewer, ticket: UUID, sent: QueryDict, now: datetime) -> None:
    note = sent.get("note", "")
    actions.review_reply(ticket_id=ticket, approve=_chosen(sent.get("approve", "")), note=note, by=by, now=now)


def _try(by: Viewer, ticket: UUID, sent: QueryDict, now: datetime) -> None:
    actions.record_attempt(ticket_id=ticket, way="phone", note=sent.get("note", ""), by=by, now=now)


def _unreached(by: Viewer, ticket: UUID, sent: QueryDict, now: datetime) -> None:
    actions.close_unreached(ticket_id=ticket, by=by, now=now)


def _follow_up(by: Viewer, ticket: UUID, sent: QueryDict, now: datetime) -> None:
    outcome = Outcome(
        satisfied=_chosen(sent.get("satisfied", "")),
        solved=_yes_or_no(sent.get("solved", "")),
        words=sent.get("words", ""),
    )
    actions.record_follow_up(ticket_id=ticket, outcome=outcome, by=by, now=now)


def _supervise(by: Viewer, ticket: UUID, sent: QueryDict, now: datetime) -> None:
    reason = sent.get("why", "")
    chosen = Reason(reason) if reason in set(Reason) else Reason.OTHER
    actions.supervise(ticket_id=ticket, reason=chosen, note=sent.get("reason", ""), by=by, now=now)


def _end(by: Viewer, ticket: UUID, sent: QueryDict, now: datetime) -> None:
    ending = sent.get("ending", "")
    if ending not in set(Ending):
        raise CannotHandleTicket(zh="请选择法定的终止理由。", en="Choose a lawful ground on which it ends.")
    record = {"earlier" if ending == Ending.DUPLICATE else "record": sent.get("record", "").strip()}
    actions.end(ticket_id=ticket, ending=Ending(ending), told=sent.get("told", ""), by=by, now=now, **record)


def _merge(by: Viewer, ticket: UUID, sent: QueryDict, now: datetime) -> None:
    """Let the ticket of another reference follow this one."""
    reference = sent.get("reference", "").strip()
    found = queries.find(by, reference, now=now) if any(char.isalpha() for char in reference) else []
    if not found:
        raise CannotHandleTicket(
            zh="没有找到这个编号的工单。请核对编号。", en="No ticket has this reference. Check the number."
        )
    if found[0].public_id == ticket:
        raise CannotHandleTicket(zh="工单不能与自己并案。", en="A ticket cannot be merged with itself.")
    title = sent.get("title", "")
    actions.merge(leader_id=ticket, follower_ids=[found[0].public_id], title=title, by=by, now=now)


def _merge_chosen(by: Viewer, ticket: UUID, sent: QueryDict, now: datetime) -> None:
    """Let every ticket that was ticked follow this one; each keeps its own person and gets its own answer."""
    chosen = _ids(sent, "same")
    actions.merge(leader_id=ticket, follower_ids=chosen, title=sent.get("title", ""), by=by, now=now)


def _unmerge(by: Viewer, ticket: UUID, sent: QueryDict, now: datetime) -> None:
    actions.unmerge(ticket_id=ticket, reason=sent.get("reason", ""), by=by, now=now)


def _sign(by: Viewer, ticket: UUID, sent: QueryDict, now: datetime) -> None:
    actions.sign(ticket_id=ticket, by=by, now=now)


def _contact(by: Viewer, ticket: UUID, sent: QueryDict, now: datetime) -> None:
    actions.record_contact(ticket_id=ticket, note=sent.get("note", ""), by=by, now=now)


def _send_back(by: Viewer, ticket: UUID, sent: QueryDict, now: datetime) -> None:
    named = _id(sent.get("named", "")) if sent.get("named") else None
    actions.send_back(ticket_id=ticket, reason=sent.get("reason", ""), named_id=named, by=by, now=now)


def _ask_more_time(by: Viewer, ticket: UUID, sent: QueryDict, now: datetime) -> None:
    ground = sent.get("ground", "")
    if ground not in set(ExtensionGround):
        raise CannotHandleTicket(zh="请选择延期的理由。", en="Choose the ground for more time.")
    actions.ask_more_time(
        ticket_id=ticket,
        ground=ExtensionGround(ground),
        reason=sent.get("reason", ""),
        until=_day(sent.get("until", "")),
        basis=sent.get("basis", ""),
        by=by,
        now=now,
    )


def _reply(by: Viewer, ticket: UUID, sent: QueryDict, now: datetime) -> None:
    actions.reply(
        ticket_id=ticket,
        text=sent.get("text", ""),
        inner_note=sent.get("inner_note", ""),
        justified=_yes_or_no(sent.get("justified", "")),
        solved=_yes_or_no(sent.get("solved", "")),
        by=by,
        now=now,
    )


def _ask_co_handler(by: Viewer, ticket: UUID, sent: QueryDict, now: datetime) -> None:
    unit, asked = _id(sent.get("organisation", "")), sent.get("asked", "")
    actions.ask_co_handler(ticket_id=ticket, organisation_id=unit, asked=asked, by=by, now=now)


def _release(by: Viewer, ticket: UUID, sent: QueryDict, now: datetime) -> None:
    actions.release_part(part_id=_id(sent.get("part", "")), reason=sent.get("reason", ""), by=by, now=now)


def _keep_out(by: Viewer, ticket: UUID, sent: QueryDict, now: datetime) -> None:
    try:
        member = UUID(sent.get("member", ""))
    except ValueError:
        raise CannotHandleTicket(zh="请先选择由谁回避。", en="Choose first who keeps out.") from None
    asked, reason = sent.get("asked") == "1", sent.get("reason", "")
    keep_out(ticket_id=ticket, member_id=member, reason=reason, asked_by_person=asked, by=by, now=now)


def _write(by: Viewer, ticket: UUID, sent: QueryDict, now: datetime) -> None:
    inner = sent.get("to") != "person"
    actions.write_message(ticket_id=ticket, text=sent.get("text", ""), inner=inner, by=by, now=now)


ACTS: dict[str, Do] = {
    "triage": _triage,
    "answer": _answer,
    "dispatch": _dispatch,
    "refuse-return": _refuse_return,
    "arbitrate": _arbitrate,
    "more-time": _more_time,
    "review": _review,
    "try": _try,
    "unreached": _unreached,
    "follow-up": _follow_up,
    "supervise": _supervise,
    "end": _end,
    "merge": _merge,
    "merge-chosen": _merge_chosen,
    "unmerge": _unmerge,
    "sign": _sign,
    "contact": _contact,
    "send-back": _send_back,
    "ask-more-time": _ask_more_time,
    "reply": _reply,
    "ask-co-handler": _ask_co_handler,
    "release": _release,
    "keep-out": _keep_out,
    "write": _write,
}
