"""Where each measure comes from: one query a measure, whose rows are the things that are counted.

Each gives ``organisation``, ``item`` ("" for none), ``at`` (of which month), ``ref`` (what a contest names), ``good``
and ``of``.
``%(since)s`` and ``%(until)s`` bound the moment; every bound stands on an index.
"""

_WITHIN = "{at} >= %(since)s AND {at} < %(until)s"
_CASES = "cases_case c JOIN cases_application a ON a.id = c.application_id"
# A visit made by choice, to apply where no visit was needed, is not held against the promise (rules.visit_promises).
_KEPT = """
(SELECT count(DISTINCT t.visit_id) FROM halls_visittouch t WHERE t.application_id = a.id)
  <= CASE WHEN a.channel = 'window' THEN greatest(a.promised_visits, 1) ELSE a.promised_visits END
"""


def _of_cases(at: str, good: str, *, also: str = "true") -> str:
    return f"""
SELECT c.organisation_id AS organisation, c.item_key AS item, {at} AS at, c.code AS ref, ({good})::int AS good, 1 AS of
FROM {_CASES} WHERE {_WITHIN.format(at=at)} AND {also}
"""


def _of_tickets(at: str, good: str, *, also: str = "true") -> str:
    return f"""
SELECT t.organisation_id AS organisation, t.item_key AS item, {at} AS at, t.reference AS ref, ({good})::int AS good,
  1 AS of
FROM tickets_ticket t WHERE {_WITHIN.format(at=at)} AND t.organisation_id IS NOT NULL AND {also}
"""


def _of_follow_ups(column: str) -> str:
    """Count the last valid follow-up of each ticket: reached, and the person took a stand."""
    return f"""
SELECT t.organisation_id AS organisation, t.item_key AS item, f.made_at AS at, t.reference AS ref,
  f.{column}::int AS good, 1 AS of
FROM tickets_followup f JOIN tickets_ticket t ON t.id = f.ticket_id
WHERE {_WITHIN.format(at="f.made_at")} AND t.organisation_id IS NOT NULL AND f.reached AND f.{column} IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM tickets_followup l WHERE l.ticket_id = f.ticket_id AND l.id > f.id AND l.reached
                  AND l.{column} IS NOT NULL)
"""


# What was turned away adds nothing to what went well: it is counted in tickets_heard, where it costs.
_HEARD = "t.ending NOT IN ('abusive', 'out_of_scope', 'legal_route', 'petition', 'duplicate')"
_DECIDED_LOCAL = "(c.decided_at AT TIME ZONE 'Asia/Shanghai')::date"
SOURCES: dict[str, str] = {
    "visits_kept": _of_cases("c.concluded_at", _KEPT),
    "zero_visit": _of_cases("c.applied_at", "a.promised_visits = 0"),
    "online_kept": _of_cases("c.applied_at", "a.channel <> 'window'", also="a.promised_visits = 0"),
    # A look-up that found nothing left the person with a paper: it is there, and was not fetched.
    "requirements_fetched": f"""
SELECT c.organisation_id AS organisation, c.item_key AS item, c.applied_at AS at,
  c.code || '/' || e.requirement AS ref,
  (e.way IN ('data', 'licence') AND e.status = 'present' AND e.attachment_id IS NULL)::int AS good, 1 AS of
FROM {_CASES} JOIN cases_evidence e ON e.case_id = c.id WHERE {_WITHIN.format(at="c.applied_at")}
""",
    "statutory_time": _of_cases(
        "c.decided_at", f"{_DECIDED_LOCAL} <= c.statutory_due_on", also="c.statutory_due_on IS NOT NULL"
    ),
    "promised_time": _of_cases(
        "c.decided_at", f"{_DECIDED_LOCAL} <= c.promised_due_on", also="c.promised_due_on IS NOT NULL"
    ),
    "no_correction": _of_cases("c.decided_at", "c.corrections = 0"),
    "step_time": f"""
SELECT s.organisation_id AS organisation, c.item_key AS item, s.finished_at AS at, c.code || '/' || s.key AS ref,
  ((s.finished_at AT TIME ZONE 'Asia/Shanghai')::date <= s.due_on)::int AS good, 1 AS of
FROM cases_step s JOIN cases_case c ON c.id = s.case_id
WHERE {_WITHIN.format(at="s.finished_at")} AND s.due_on IS NOT NULL
""",
    "write_backs_in_time": f"""
SELECT w.owner_id AS organisation, w.item AS item, w.due_at AS at, w.public_id::text AS ref,
  coalesce(w.settled_at < w.due_at, false)::int AS good, 1 AS of
FROM registry_writeback w WHERE {_WITHIN.format(at="w.due_at")}
""",
    "tickets_answered": _of_tickets("t.due_at", "coalesce(t.answered_at < t.due_at, false)", also=_HEARD),
    "tickets_solved": _of_follow_ups("solved"),
    "tickets_satisfied": _of_follow_ups("satisfied"),
    "tickets_followed_up": _of_tickets(
        "t.closed_at",
        "EXISTS (SELECT 1 FROM tickets_followup f WHERE f.ticket_id = t.id AND f.reached AND f.satisfied IS NOT NULL)",
        also="t.wants_answer AND t.ending NOT IN ('answered_at_once', 'withdrawn')",
    ),
    "tickets_heard": _of_tickets("t.closed_at", _HEARD),
    "tickets_unreturned": f"""
SELECT d.organisation_id AS organisation, t.item_key AS item, d.acted_at AS at, t.reference || '/' || d.id AS ref,
  (NOT EXISTS (SELECT 1 FROM tickets_return r WHERE r.ticket_id = t.id AND r.organisation_id = d.organisation_id
               AND r.returned_at >= d.acted_at))::int AS good, 1 AS of
FROM tickets_act d JOIN tickets_ticket t ON t.id = d.ticket_id
WHERE d.kind = 'dispatch' AND {_WITHIN.format(at="d.acted_at")} AND d.organisation_id IS NOT NULL AND {_HEARD}
""",
    "unsupervised": f"""
SELECT d.organisation_id AS organisation, t.item_key AS item, d.acted_at AS at, t.reference || '/' || d.id AS ref,
  (NOT EXISTS (SELECT 1 FROM tickets_supervision s WHERE s.ticket_id = t.id
               AND s.organisation_id = d.organisation_id))::int AS good, 1 AS of
FROM tickets_act d JOIN tickets_ticket t ON t.id = d.ticket_id
WHERE d.kind = 'dispatch' AND {_WITHIN.format(at="d.acted_at")} AND d.organisation_id IS NOT NULL AND {_HEARD}
""",
    "reviews_good": f"""
SELECT r.organisation_id AS organisation, r.item_key AS item, r.given_at AS at, r.public_id::text AS ref,
  (r.grade >= 3)::int AS good, 1 AS of
FROM reviews_review r WHERE {_WITHIN.format(at="r.given_at")} AND r.upheld = ''
""",
    "reviews_contacted": f"""
SELECT r.organisation_id AS organisation, r.item_key AS item, r.contact_due_at AS at, r.public_id::text AS ref,
  coalesce(r.contacted_at < r.contact_due_at, false)::int AS good, 1 AS of
FROM reviews_review r WHERE {_WITHIN.format(at="r.contact_due_at")} AND r.named AND r.upheld = ''
""",
    # Events of the one list, cases of the other: a complaint counts when it is registered, whatever becomes of it.
    "complaints": f"""
SELECT coalesce(t.accused_id, c.organisation_id, t.organisation_id) AS organisation, t.item_key AS item,
  t.received_at AS at, t.reference AS ref, 1 AS good, 0 AS of
FROM tickets_ticket t LEFT JOIN cases_case c ON c.id = t.case_id
WHERE t.kind IN ('complaint', 'report') AND {_WITHIN.format(at="t.received_at")}
  AND coalesce(t.accused_id, c.organisation_id, t.organisation_id) IS NOT NULL
UNION ALL
SELECT c.organisation_id, c.item_key, c.received_at, c.code, 0, 1 FROM cases_case c
WHERE {_WITHIN.format(at="c.received_at")}
""",
}
