"""Supervision (督办): open it, raise it, close it; cards with explanation and contest. See ``sweeping`` too."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from yici.apps.cases.models import Case
from yici.apps.journal import actions as journal
from yici.apps.people.viewers import Viewer
from yici.apps.tickets import moves
from yici.apps.tickets.filing import desk_of
from yici.apps.tickets.limits import limits_for
from yici.apps.tickets.models import Card, Supervision, Ticket
from yici.rules import supervision as rules
from yici.rules.codes import parse_region_code
from yici.rules.people import Role
from yici.rules.supervision import CannotSupervise, CardColour, CardState, Reason
from yici.rules.ticket_acts import Circumstances, Side, TicketAct
from yici.rules.tickets import Level, holder


def open_for_ticket(ticket: Ticket, level: Level, reason: Reason, hand: moves.Hand) -> Supervision:
    """Supervise a locked ticket at a level, or raise what is open; the card of the level goes to its unit."""
    found = Supervision.objects.filter(ticket=ticket, closed_at=None).first()
    row = found or Supervision(
        ticket=ticket,
        desk_code=ticket.desk_code,
        harm_at=_since(ticket, reason) or hand.now,
        opened_at=hand.now,
        opened_by=hand.label,
    )
    # While the hotline itself has it, nobody else is to blame.
    return _raised(row, holder(moves.standing_of(ticket)), level, reason, hand)


def _since(ticket: Ticket, reason: Reason) -> datetime | None:
    return ticket.harm_at if reason in {Reason.OVERDUE, Reason.STEP_OVERDUE} else None


def _raised(row: Supervision, unit: int | None, level: Level, reason: Reason, hand: moves.Hand) -> Supervision:
    row.organisation_id, row.level, row.reason, row.raised_at = unit, max(level, row.level or 0), reason, hand.now
    row.save()
    _give_card(row, Level(row.level), hand)
    return row


def _give_card(row: Supervision, level: Level, hand: moves.Hand) -> None:
    """Give the unit the card that comes with a level, once for each supervision; the hotline itself gets none."""
    colour = rules.card_for(level)
    if colour is not None and row.organisation_id is not None:
        _card(row, colour, Reason(row.reason).words.zh, hand.label, hand.now)


def _card(row: Supervision, colour: CardColour, reason: str, by: str, now: datetime) -> Card | None:
    assert row.organisation_id is not None
    limits = limits_for(row.desk_code, now)
    card, made = Card.objects.get_or_create(
        supervision=row,
        colour=colour,
        defaults={
            "organisation_id": row.organisation_id,
            "state": CardState.ISSUED,
            "reason": reason,
            "issued_at": now,
            "issued_by": by,
            "explain_by": limits.moments("card_explain", now).due_at,
            "contest_by": limits.moments("card_contest", now).due_at,
        },
    )
    if not made:
        return None
    journal.record(
        "supervision.card_given",
        subject=f"card:{card.public_id}",
        by=by,
        now=now,
        facts={"colour": str(colour), "organisation": row.organisation_id, "supervision": str(row.public_id)},
    )
    return card


def close_for_ticket(ticket: Ticket, by: str, now: datetime) -> None:
    """End the supervision of a ticket that is closed."""
    if ticket.level == Level.NONE:
        return
    Supervision.objects.filter(ticket=ticket, closed_at=None).update(closed_at=now, closed_by=by)


@transaction.atomic
def supervise(*, ticket_id: UUID, reason: Reason, note: str, by: Viewer, now: datetime) -> UUID:
    """Supervise a ticket, one level harder each time (济南 art. 28); returns the supervision."""
    ticket = moves.locked_at_centre(by, ticket_id)
    hand = moves.hand_of(by, Side.CENTRE, now)
    after = moves.move(ticket, TicketAct.SUPERVISE, hand, Circumstances(reason=note), facts={"reason": str(reason)})
    row = open_for_ticket(ticket, after.level, reason, hand)
    row.note = note.strip()
    row.save(update_fields=["note"])
    return row.public_id


@transaction.atomic
def supervise_case(*, case_id: UUID, reason: Reason, note: str, by: Viewer, now: datetime) -> UUID:
    """Supervise a case of the region, one level harder each time; returns the supervision."""
    case = Case.objects.select_for_update(of=("self",)).select_related("organisation__region").get(public_id=case_id)
    if not by.has_role(Role.HOTLINE, Role.REFORM) or not by.covers(case.organisation.region.path):
        raise Case.DoesNotExist
    if case.closed_at is not None or not note.strip():
        raise CannotSupervise(zh="办件已办结，或没有写明督办的理由。", en="The case is closed, or no reason was given.")
    open_row = Supervision.objects.filter(case=case, closed_at=None).first()
    level = Level(open_row.level).higher if open_row else Level.DAILY
    row = open_for_case(case, level, reason, moves.hand_of(by, Side.CENTRE, now), harm_at=now)
    row.note = note.strip()
    row.save(update_fields=["note"])
    journal.record(
        "supervision.raised", subject=case.code, by=by.label, now=now, facts={"level": row.level, "reason": str(reason)}
    )
    return row.public_id


def open_for_case(case: Case, level: Level, reason: Reason, hand: moves.Hand, *, harm_at: datetime) -> Supervision:
    """Supervise a case at a level, or raise what is open."""
    found = Supervision.objects.filter(case=case, closed_at=None).first()
    row = found or Supervision(
        case=case,
        desk_code=desk_of(case.organisation.region.code),
        harm_at=harm_at,
        opened_at=hand.now,
        opened_by=hand.label,
    )
    return _raised(row, case.organisation_id, level, reason, hand)


def open_for_review(
    review_id: UUID,
    unit: int | None,
    level: Level,
    reason: Reason,
    hand: moves.Hand,
    *,
    desk_code: str,
    harm_at: datetime,
) -> Supervision:
    """Supervise a bad review (by its public id) at a level, or raise what is open; reviews stand above tickets."""
    found = Supervision.objects.filter(review_id=review_id, closed_at=None).first()
    row = found or Supervision(
        review_id=review_id, desk_code=desk_code, harm_at=harm_at, opened_at=hand.now, opened_by=hand.label
    )
    return _raised(row, unit, level, reason, hand)


def close_for_review(review_id: UUID, by: str, now: datetime) -> None:
    """End the supervision of a review that is closed."""
    Supervision.objects.filter(review_id=review_id, closed_at=None).update(closed_at=now, closed_by=by)


def _at_supervisor(by: Viewer, supervision_id: UUID) -> Supervision:
    """Return an open supervision of the viewer's region, locked. Raises Supervision.DoesNotExist."""
    row = Supervision.objects.select_for_update().get(public_id=supervision_id)
    # Whole levels are compared, never loose prefixes of digits (a peer let 'ke' see 'kenya2').
    mine = by.region_code is not None and parse_region_code(by.region_code).covers(parse_region_code(row.desk_code))
    if not (mine and by.has_role(Role.HOTLINE, Role.REFORM)):
        raise Supervision.DoesNotExist
    return row


@transaction.atomic
def lift(*, supervision_id: UUID, note: str, by: Viewer, now: datetime) -> None:
    """Lift a supervision, with the reason; its cards stay."""
    row = _at_supervisor(by, supervision_id)
    if row.closed_at is not None or not note.strip():
        raise CannotSupervise(zh="请写明解除督办的理由；已解除的不能再解除。", en="Say why the supervision is lifted.")
    row.closed_at, row.closed_by, row.note = now, by.label, note.strip()
    row.save(update_fields=["closed_at", "closed_by", "note"])
    journal.record("supervision.lifted", subject=f"supervision:{row.public_id}", by=by.label, now=now)


@transaction.atomic
def issue_card(*, supervision_id: UUID, colour: CardColour, reason: str, by: Viewer, now: datetime) -> UUID:
    """Give a unit a card by hand; one of each colour in a supervision."""
    row = _at_supervisor(by, supervision_id)
    if row.organisation_id is None or not reason.strip():
        raise CannotSupervise(zh="请写明理由；只有承办单位可以领牌。", en="Give a reason; only a unit gets a card.")
    card = _card(row, colour, reason.strip(), by.label, now)
    if card is None:
        raise CannotSupervise(zh="本次督办已发过同色的牌。", en="It has given a card of this colour already.")
    return card.public_id


def _own_card(by: Viewer, card_id: UUID) -> Card:
    """Return a card of the viewer's organisation, locked. Raises Card.DoesNotExist."""
    return Card.objects.select_for_update().get(public_id=card_id, organisation_id=by.organisation_id or 0)


@transaction.atomic
def explain_card(*, card_id: UUID, text: str, by: Viewer, now: datetime) -> None:
    """Explain a card for the unit."""
    card = _own_card(by, card_id)
    card.state = rules.explain_card(CardState(card.state), text)
    card.explanation, card.explained_at = text.strip(), now
    card.save(update_fields=["state", "explanation", "explained_at"])
    journal.record("supervision.card_explained", subject=f"card:{card.public_id}", by=by.label, now=now)


@transaction.atomic
def contest_card(*, card_id: UUID, text: str, by: Viewer, now: datetime) -> None:
    """Contest a card for the unit: once, in time."""
    card = _own_card(by, card_id)
    card.state = rules.contest_card(CardState(card.state), text, in_time=now < card.contest_by)
    card.contest, card.contested_at = text.strip(), now
    card.save(update_fields=["state", "contest", "contested_at"])
    journal.record("supervision.card_contested", subject=f"card:{card.public_id}", by=by.label, now=now)


@transaction.atomic
def settle_contest(*, card_id: UUID, uphold: bool, reason: str, by: Viewer, now: datetime) -> None:
    """Settle the contest against a card: upheld it is lifted and stays visible; never by whoever gave it."""
    card = Card.objects.select_for_update().select_related("supervision").get(public_id=card_id)
    _at_supervisor(by, card.supervision.public_id)
    if by.organisation_id == card.organisation_id:
        raise Card.DoesNotExist
    same = card.issued_by == by.label
    card.state = rules.settle_contest(CardState(card.state), uphold=uphold, reason=reason, same_hand=same)
    card.answer, card.settled_at, card.settled_by = reason.strip(), now, by.label
    card.save(update_fields=["state", "answer", "settled_at", "settled_by"])
    journal.record(
        "supervision.contest_settled",
        subject=f"card:{card.public_id}",
        by=by.label,
        now=now,
        facts={"state": str(card.state)},
    )
