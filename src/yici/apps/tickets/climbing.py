"""A batch of overdue tickets climbs the ladder together: a handful of statements, whatever the backlog."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from yici.apps.journal import actions as journal
from yici.apps.people.encryption import keyring
from yici.apps.tickets import rows
from yici.apps.tickets.limits import limits_for
from yici.apps.tickets.models import Ticket
from yici.rules.supervision import CardColour, Finding, Reason, card_for
from yici.rules.tickets import Level, TicketState

# While the hotline itself has a ticket, nobody else is to blame: then no unit is named.
_SUPERVISE = """
INSERT INTO tickets_supervision (public_id, ticket_id, organisation_id, desk_code, level, reason, note, harm_at,
  opened_at, opened_by, raised_at, closed_by)
SELECT gen_random_uuid(), id, CASE WHEN state IN ('dispatched', 'handling') THEN organisation_id END, desk_code,
  level, %(reason)s, %(note)s, coalesce(harm_at, %(now)s), %(now)s, 'system:clock', %(now)s, ''
FROM tickets_ticket WHERE id = ANY(%(keys)s) ON CONFLICT DO NOTHING
"""
_RAISE = """
WITH raised AS (UPDATE tickets_ticket SET level = %(level)s WHERE id = ANY(%(keys)s))
UPDATE tickets_supervision SET level = %(level)s, raised_at = %(now)s
WHERE ticket_id = ANY(%(keys)s) AND closed_at IS NULL
"""
_ACTS = """
INSERT INTO tickets_act (ticket_id, kind, side, state, organisation_id, by, by_name, acted_at, reason)
SELECT id, 'supervise', 'clock', state, organisation_id, 'system:clock', %(by_name)s, %(now)s, %(words)s
FROM tickets_ticket WHERE id = ANY(%(keys)s)
"""
_CARDS = """
INSERT INTO tickets_card (public_id, supervision_id, organisation_id, colour, state, reason, issued_at, issued_by,
  explain_by, contest_by, explanation, contest, answer, settled_by)
SELECT gen_random_uuid(), id, organisation_id, %(colour)s, 'issued', %(card_reason)s, %(now)s, 'system:clock',
  %(explain_by)s, %(contest_by)s, %(explanation)s, %(contest)s, %(answer)s, ''
FROM tickets_supervision
WHERE ticket_id = ANY(%(keys)s) AND closed_at IS NULL AND organisation_id IS NOT NULL AND desk_code = %(desk)s
ON CONFLICT DO NOTHING RETURNING public_id
"""


def climb(findings: dict[int, Finding], now: datetime) -> int:
    """Raise tickets (by row) to the level their lateness asks for; returns how many, inside a transaction.

    Whoever was faster in raising or closing one is left as he left it.
    """
    groups: dict[tuple[Level, Reason], list[Ticket]] = defaultdict(list)
    for ticket in rows.locked_rows(findings):
        finding = findings[ticket.pk]
        if finding.reason is not None and finding.level > ticket.level and ticket.state != TicketState.CLOSED:
            groups[finding.level, finding.reason].append(ticket)
    for (level, reason), tickets in groups.items():
        _raise(level, reason, tickets, now)
    return sum(map(len, groups.values()))


def _raise(level: Level, reason: Reason, tickets: Sequence[Ticket], now: datetime) -> None:
    keys = [one.pk for one in tickets]
    terms: dict[str, Any] = {
        "keys": keys,
        "level": int(level),
        "reason": reason.value,
        "now": now,
        "note": _locked("", "tickets_supervision.note"),
        "by_name": _locked("系统（时限）", "tickets_act.by_name"),
        "words": _locked(reason.words.zh, "tickets_act.reason"),
    }
    with connection.cursor() as cursor:
        for statement in (_RAISE, _SUPERVISE, _ACTS):
            cursor.execute(statement, terms)
    facts: dict[str, object] = {"level": int(level), "tickets": [one.reference for one in tickets]}
    colour = card_for(level)
    if colour is not None:
        facts["cards"] = _give_cards(colour, reason, tickets, now)
    journal.record("ticket.supervise", subject="supervision:tickets", by="system:clock", now=now, facts=facts)


def _give_cards(colour: CardColour, reason: Reason, tickets: Sequence[Ticket], now: datetime) -> list[str]:
    """Give each unit the card of its level, once for each supervision; returns the cards."""
    given: list[str] = []
    for desk in {one.desk_code for one in tickets}:
        limits = limits_for(desk, now)
        terms: dict[str, Any] = {
            "keys": [one.pk for one in tickets],
            "desk": desk,
            "colour": colour.value,
            "now": now,
            "explain_by": limits.moments("card_explain", now).due_at,
            "contest_by": limits.moments("card_contest", now).due_at,
            "card_reason": _locked(reason.words.zh, "tickets_card.reason"),
            **{name: _locked("", f"tickets_card.{name}") for name in ("explanation", "contest", "answer")},
        }
        with connection.cursor() as cursor:
            cursor.execute(_CARDS, terms)
            given += [str(row[0]) for row in cursor.fetchall()]
    return given


def _locked(text: str, place: str) -> str:
    """Return a text of our own as its column holds it; one for the whole batch, since it is nobody's."""
    return keyring().lock(text, place)
