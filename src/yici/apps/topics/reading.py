"""Reads what is new: tickets, bad reviews and correction notices become voices of a meaning, each once.

A voice that names an item belongs to that item, one that asks for a paper to that requirement of it. Texts that name no
item are clustered by what they mean (``tickets.meaning``). Years are never clustered again: a sweep reads the texts of
the last eight weeks that have no meaning yet, at most ``MOST_TEXTS`` of the newest, beside three examples of each
meaning that is known, at most ``MOST_EXAMPLES``; a text that is like an example joins its meaning.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef

from yici.apps.cases.models import Correction
from yici.apps.tickets.meaning.messages import Message
from yici.apps.tickets.meaning.topics import matters_of
from yici.apps.tickets.models import Ticket
from yici.apps.topics.models import Gist, TopicVoice
from yici.apps.topics.weeks import HISTORY_WEEKS, WEEK, week_of
from yici.rules.reviews import Grade
from yici.rules.tickets import Ending, TicketKind

TEXT_WEEKS = 8
MOST_TEXTS = 3_000
MOST_EXAMPLES, EXAMPLES_EACH = 1_500, 3
MOST_ROWS = 50_000  # of tickets, and of reviews, a sweep; what is left comes with the next
MOST_CORRECTIONS = 5_000  # these are decrypted one by one
NO_VOICES = (Ending.ABUSIVE, Ending.DUPLICATE)
ITEM, REQUIREMENT, WORDS = "item", "requirement", "words"
_COLUMNS = "(family, region_code, week, voice, at, mail_due, {source})"
_WEEK = "date_trunc('week', {at} AT TIME ZONE 'Asia/Shanghai')::date"
_VOICE = "left(encode(sha256(convert_to({who}, 'UTF8')), 'hex'), 16)"
_WHO_CALLED = "coalesce('p' || t.party_id, nullif(t.phone_hash, ''), 't' || t.id)"
_TICKETS = f"""
INSERT INTO topics_topicvoice {_COLUMNS.format(source="ticket_id")}
SELECT 'item:' || t.item_key, left(r.code, 6) || '000000', {_WEEK.format(at="t.received_at")},
  {_VOICE.format(who=_WHO_CALLED)}, t.received_at, false, t.id
FROM tickets_ticket t JOIN places_region r ON r.id = t.region_id
WHERE t.received_at >= %(since)s AND t.received_at < %(now)s AND t.item_key <> '' AND NOT t.sealed
  AND t.kind <> %(praise)s AND t.ending <> ALL(%(none)s) AND t.emptied_at IS NULL
  AND NOT EXISTS (SELECT 1 FROM topics_topicvoice v WHERE v.ticket_id = t.id)
ORDER BY t.id LIMIT %(most)s ON CONFLICT DO NOTHING
"""
_REVIEWS = f"""
INSERT INTO topics_topicvoice {_COLUMNS.format(source="review_id")}
SELECT 'item:' || v.item_key, left(r.code, 6) || '000000', {_WEEK.format(at="v.given_at")},
  {_VOICE.format(who="coalesce('p' || v.party_id, 'r' || v.id)")}, v.given_at, false, v.id
FROM reviews_review v JOIN places_region r ON r.id = v.region_id
WHERE v.given_at >= %(since)s AND v.given_at < %(now)s AND v.item_key <> '' AND v.grade <= %(bad)s AND v.upheld = ''
  AND NOT EXISTS (SELECT 1 FROM topics_topicvoice o WHERE o.review_id = v.id)
ORDER BY v.id LIMIT %(most)s ON CONFLICT DO NOTHING
"""

_NEWEST_EACH = """
SELECT id FROM (
  SELECT v.id, v.at, row_number() OVER (PARTITION BY v.gist_id ORDER BY v.at DESC, v.id DESC) AS place
  FROM topics_topicvoice v JOIN tickets_ticket t ON t.id = v.ticket_id
  WHERE v.gist_id IS NOT NULL AND v.at >= %(since)s AND t.emptied_at IS NULL
) newest WHERE place <= %(each)s ORDER BY at DESC, id LIMIT %(most)s
"""


def read_new(now: datetime) -> int:
    """Read what came since the last sweep; return how many voices were added. Reading twice adds nothing."""
    since = now - WEEK * HISTORY_WEEKS
    return _read_rows(since, now) + _read_corrections(since, now) + _read_texts(now)


def _read_rows(since: datetime, now: datetime) -> int:
    terms: dict[str, Any] = {"since": since, "now": now, "most": MOST_ROWS, "bad": int(Grade.BAD)}
    terms |= {"praise": TicketKind.PRAISE.value, "none": [one.value for one in NO_VOICES]}
    with connection.cursor() as cursor:
        cursor.execute(_TICKETS, terms)
        found = cursor.rowcount
        cursor.execute(_REVIEWS, terms)
        return int(found + cursor.rowcount)


def voice_of(who: str) -> str:
    """Return what tells people apart without naming them; the same as the database makes of it."""
    return sha256(who.encode()).hexdigest()[:16]


def county_of(code: str) -> str:
    """Return the county of a region's code, itself for a city or the province.

    >>> county_of("330122001000")
    '330122000000'
    """
    return code[:6] + "000000"


def _read_corrections(since: datetime, now: datetime) -> int:
    known = Exists(TopicVoice.objects.filter(correction_id=OuterRef("pk")))
    rows = Correction.objects.filter(~known, issued_at__gte=since, issued_at__lt=now, deficiency=False)
    rows = rows.select_related("case__application__region").order_by("pk")[:MOST_CORRECTIONS]
    made = [voice for one in rows for voice in _asked(one)]
    TopicVoice.objects.bulk_create(made, ignore_conflicts=True)
    return len(made)


def _asked(one: Correction) -> list[TopicVoice]:
    application = one.case.application
    keys = dict.fromkeys(str(line["requirement"]) for line in one.asked if line.get("requirement"))
    return [
        TopicVoice(
            family=f"{REQUIREMENT}:{one.case.item_key}/{key}"[:180],
            region_code=county_of(application.region.code),
            week=week_of(one.issued_at),
            voice=voice_of(f"p{application.applicant_id}"),
            correction=one,
            at=one.issued_at,
        )
        for key in keys
    ]


def _read_texts(now: datetime) -> int:
    loose = _loose(now)
    examples = _examples(now)
    if len(loose) < 2 and not examples:
        return 0
    by_id = {one.reference: one for one in loose}
    gists = {one.ticket.reference: one.gist for one in examples if one.ticket and one.gist}
    messages = [_message(one) for one in (*loose, *(one.ticket for one in examples if one.ticket))]
    made: list[TopicVoice] = []
    for matter in matters_of(sorted(messages, key=lambda one: one.id)):
        tickets = [by_id[key] for key in matter.ids if key in by_id]
        if tickets:
            made += _joined(tickets, [gists[key] for key in matter.ids if key in gists], now)
    TopicVoice.objects.bulk_create(made, ignore_conflicts=True)
    return len(made)


def _loose(now: datetime) -> list[Ticket]:
    """Return the newest texts without a meaning: no report under seal, no praise, nothing that was no voice."""
    known = Exists(TopicVoice.objects.filter(ticket_id=OuterRef("pk")))
    rows = Ticket.objects.filter(~known, item_key="", sealed=False, emptied_at=None)
    rows = rows.filter(received_at__gte=now - WEEK * TEXT_WEEKS, received_at__lt=now)
    rows = rows.exclude(kind=TicketKind.PRAISE).exclude(ending__in=NO_VOICES)
    return list(rows.select_related("region").order_by("-pk")[:MOST_TEXTS])


def _examples(now: datetime) -> list[TopicVoice]:
    """Return the newest examples of each meaning that was heard within two years."""
    terms: dict[str, Any] = {"since": now - WEEK * HISTORY_WEEKS, "each": EXAMPLES_EACH, "most": MOST_EXAMPLES}
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST_EACH, terms)
        keys = [row[0] for row in cursor.fetchall()]
    return list(TopicVoice.objects.filter(pk__in=keys).select_related("ticket", "gist").order_by("pk"))


def _message(ticket: Ticket) -> Message:
    return Message(ticket.reference, ticket.subject, ticket.detail, ticket.received_at, user=_who(ticket))


def _who(ticket: Ticket) -> str:
    if ticket.party_id is not None:
        return f"p{ticket.party_id}"
    return ticket.phone_hash or f"t{ticket.pk}"


def _joined(tickets: Sequence[Ticket], known: Iterable[Gist], now: datetime) -> list[TopicVoice]:
    """Return the voices of a cluster: of the meaning most of its examples have, else of a new one."""
    counts = Counter(gist.pk for gist in known)
    own = {gist.pk: gist for gist in known}
    best = min(counts, key=lambda key: (-counts[key], key), default=None)
    gist = own[best] if best is not None else Gist.objects.create(known_from=_known_from(now))
    return [
        TopicVoice(
            family=f"{WORDS}:{gist.pk}",
            region_code=county_of(one.region.code),
            week=week_of(one.received_at),
            voice=voice_of(_who(one)),
            gist=gist,
            ticket=one,
            at=one.received_at,
        )
        for one in tickets
    ]


def _known_from(now: datetime) -> date:
    return week_of(now - WEEK * TEXT_WEEKS) + timedelta(days=7)
