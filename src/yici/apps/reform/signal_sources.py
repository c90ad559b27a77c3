"""Where each signal comes from: one query a kind, whose rows are single events and chances for one.

Each gives ``item``, ``region`` (of any level: it is rolled up to the county), ``events`` and ``of``. ``%(since)s`` and
``%(until)s`` bound the moment, ``%(first)s`` and ``%(last)s`` the same month in local days.
"""

from yici.rules.reviews import Grade
from yici.rules.signals import SignalKind
from yici.rules.tickets import TicketKind

# Whom an amendment concerns: everybody, or who lives where it would be in force.
_CONCERNED = "{code} LIKE regexp_replace(m.region_code, '(00)+$', '') || '%%'"
_WITHIN = "{at} >= %(since)s AND {at} < %(until)s"
_CASES = "cases_case c JOIN cases_application a ON a.id = c.application_id JOIN places_region r ON r.id = a.region_id"
_ENDED_BADLY = "('not_accepted', 'refused', 'closed_refused', 'returned')"
_VISITS = "(SELECT count(DISTINCT t.visit_id) FROM halls_visittouch t WHERE t.application_id = a.id)"
# A visit made by choice, to apply where no visit was needed, is not held against the promise (rules.visit_promises).
_PROMISED = "CASE WHEN a.channel = 'window' THEN greatest(a.promised_visits, 1) ELSE a.promised_visits END"


def _of_cases(at: str, event: str, *, also: str = "true") -> str:
    return f"""
SELECT c.item_key AS item, r.code AS region, ({event})::int AS events, 1 AS of
FROM {_CASES} WHERE {_WITHIN.format(at=at)} AND {also}
"""


def _beside_cases(events: str, *, also: str = "true") -> str:
    """Return events of one list beside the cases received, of which they are counted."""
    return f"""
SELECT e.item, e.region, 1 AS events, 0 AS of FROM ({events}) e
UNION ALL
SELECT c.item_key, r.code, 0, 1 FROM {_CASES} WHERE {_WITHIN.format(at="a.submitted_at")} AND {also}
"""


def _voices(*kinds: TicketKind) -> str:
    """Return the tickets of some kinds about an item, beside the cases received.

    A person who complains five times is one voice: it opens no proposal, it gets an answer.
    """
    named = ", ".join(f"'{kind.value}'" for kind in kinds)
    return _beside_cases(f"""
  SELECT DISTINCT t.item_key AS item, r.code AS region,
    coalesce(t.party_id::text, nullif(t.phone_hash, ''), 'n' || t.id)
  FROM tickets_ticket t JOIN places_region r ON r.id = t.region_id
  WHERE {_WITHIN.format(at="t.received_at")} AND t.kind IN ({named}) AND t.item_key <> ''
    AND t.ending NOT IN ('abusive', 'duplicate')""")


SOURCES: dict[SignalKind, str] = {
    SignalKind.CORRECTIONS: _of_cases("c.decided_at", "c.corrections > 0"),
    SignalKind.RETURNS: _of_cases("c.closed_at", f"c.state IN {_ENDED_BADLY} OR c.outcome = 'refused'"),
    SignalKind.OVERDUE: """
SELECT c.item_key AS item, r.code AS region,
  (s.finished_at IS NULL OR (s.finished_at AT TIME ZONE 'Asia/Shanghai')::date > s.due_on)::int AS events, 1 AS of
FROM cases_step s JOIN cases_case c ON c.id = s.case_id JOIN cases_application a ON a.id = c.application_id
  JOIN places_region r ON r.id = a.region_id
WHERE s.due_on >= %(first)s AND s.due_on <= %(last)s AND s.due_on < %(today)s
""",
    SignalKind.VISITS: _of_cases("a.closed_at", f"{_VISITS} > {_PROMISED}"),
    SignalKind.FORCED: _of_cases(
        "a.closed_at", f"{_VISITS} > 0", also="a.promised_visits = 0 AND a.channel <> 'window'"
    ),
    SignalKind.DEMANDS: f"""
SELECT item, region, 1 AS events, 0 AS of FROM (
  SELECT DISTINCT d.item_key AS item, r.code AS region, d.visit_id
  FROM halls_extrademand d JOIN places_region r ON r.id = d.region_id WHERE {_WITHIN.format(at="d.asked_at")}) x
UNION ALL
SELECT item, region, 0, 1 FROM (
  SELECT DISTINCT c.item_key AS item, r.code AS region, t.visit_id
  FROM halls_visittouch t JOIN {_CASES} ON t.application_id = a.id WHERE {_WITHIN.format(at="t.touched_at")}) y
""",
    SignalKind.DISPUTES: _beside_cases(f"""
  SELECT DISTINCT c.item_key AS item, r.code AS region, g.id
  FROM registry_correctionsignal g JOIN cases_application a ON a.reference = g.case_reference
    JOIN cases_case c ON c.application_id = a.id JOIN places_region r ON r.id = a.region_id
    JOIN cases_evidence e ON e.case_id = c.id AND e.target = g.dataset_id || '.' || g.field
  WHERE {_WITHIN.format(at="g.reported_at")}"""),
    SignalKind.GAPS: _beside_cases(f"""
  SELECT DISTINCT g.item, r.code AS region, g.case_reference
  FROM registry_gap g JOIN places_region r ON r.id = g.region_id WHERE {_WITHIN.format(at="g.recorded_at")}"""),
    SignalKind.COMPLAINTS: _voices(TicketKind.COMPLAINT, TicketKind.REPORT),
    SignalKind.SUGGESTIONS: _voices(TicketKind.SUGGESTION),
    # Nobody can comment where nothing is open for it: without that, every amendment would stand out by being one. The
    # amendments of a life event are no item's.
    SignalKind.COMMENTS: _beside_cases(
        f"""
  SELECT m.item_key AS item, o.counted_in AS region
  FROM reform_comment o JOIN reform_amendment m ON m.id = o.amendment_id
    JOIN catalogue_basicitem b ON b.key = m.item_key
  WHERE {_WITHIN.format(at="o.made_at")} AND o.counted_in <> '' AND {_CONCERNED.format(code="o.counted_in")}""",
        also=f"""EXISTS (
  SELECT FROM reform_amendment m WHERE m.item_key = c.item_key AND m.notice_from <= %(last)s
    AND m.notice_until >= %(first)s AND {_CONCERNED.format(code="r.code")})""",
    ),
    SignalKind.REVIEWS: f"""
SELECT v.item_key AS item, r.code AS region, (v.grade <= {int(Grade.BAD)})::int AS events, 1 AS of
FROM reviews_review v JOIN places_region r ON r.id = v.region_id
WHERE {_WITHIN.format(at="v.finished_at")} AND v.item_key <> '' AND v.upheld = ''
""",
    # Who stands at a question and never goes on; by the month of the asking. The event's own is no item's.
    SignalKind.ABANDONED: """
SELECT q.item_key AS item, q.region_code AS region, q.asked - q.passed AS events, q.asked AS of
FROM planning_questiontally q WHERE q.month = %(first)s AND q.item_key <> ''
""",
}
