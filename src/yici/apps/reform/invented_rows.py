"""The statements of an invented past: what happened to each case, then one for each table it would have left rows in.

``invented_past`` holds the cases of a part: ids, moments, and whether each kind of thing went wrong. Every number is
drawn in the order of the rows, so that the seed alone decides; ``OFFSET 0`` keeps the draws where they stand.
"""

from yici.rules.simulated_years import KINDS

_DRAWS = ", ".join("random()" for _ in KINDS)
_FLAGS = ",\n  ".join(
    f"chance[{place}] < CASE WHEN late THEN later[{place}] ELSE usual[{place}] END AS {kind.value}"
    for place, kind in enumerate(KINDS, start=1)
)
_PAST = f"""
CREATE TEMP TABLE invented_past AS
SELECT h.*, at + took + CASE WHEN overdue THEN interval '7 days' ELSE interval '0' END AS done,
  CASE WHEN online THEN forced::int WHEN visits THEN 2 ELSE 1 END AS came,
  (%(parties)s::bigint[])[person] AS party,
  nextval(pg_get_serial_sequence('cases_application', 'id')) AS application,
  nextval(pg_get_serial_sequence('cases_case', 'id')) AS kase,
  nextval(pg_get_serial_sequence('halls_servedvisit', 'id')) AS visit,
  nextval(pg_get_serial_sequence('halls_servedvisit', 'id')) AS second,
  i.organisation_id, i.region_id, i.revision_id, left(b.name, 120) AS name, left(b.name_en, 160) AS name_en, b.key,
  left(r.code, 6) || '000000' AS county
FROM (
  SELECT n, p.implementation, online, reviewed, took, person, {_FLAGS},
    (day - CASE extract(isodow FROM day) WHEN 6 THEN 1 WHEN 7 THEN 2 ELSE 0 END + hour)
      AT TIME ZONE 'Asia/Shanghai' AS at
  FROM (
    SELECT d.*, day >= %(planted_from)s::date AS late FROM (
      SELECT n, floor(random() * 100000)::int AS place, random() < 0.7 AS online, random() < 0.3 AS reviewed,
        interval '1 day' * (1 + floor(random() * 3)) AS took, 1 + floor(random() * %(people)s)::int AS person,
        %(first)s::date + floor((%(begin)s + n - 1)::float8 / %(cases)s * %(days)s)::int AS day,
        interval '8.5 hours' + interval '8 hours' * random() AS hour, ARRAY[{_DRAWS}] AS chance
      FROM generate_series(1, %(count)s::bigint) AS n OFFSET 0
    ) d OFFSET 0
  ) d JOIN invented_place p ON p.place = d.place
) h JOIN catalogue_implementation i ON i.id = h.implementation JOIN catalogue_basicitem b ON b.id = i.basic_id
  JOIN places_region r ON r.id = i.region_id
"""
# One amendment of each item, open for comments all the time and withdrawn in the end: it changes nothing.
_AMENDMENT = """
SELECT DISTINCT ON (b.key) gen_random_uuid() AS public_id, b.key AS item_key, b.name, b.name_en, i.organisation_id,
  '' AS base_text, '' AS text, '（模拟）' AS reason, %(now)s::timestamptz AS proposed_at,
  'system:simulation' AS proposed_by, 'draft' AS stage
FROM invented_place p JOIN catalogue_implementation i ON i.id = p.implementation
  JOIN catalogue_basicitem b ON b.id = i.basic_id ORDER BY b.key, i.id
"""
INVENTED_AMENDMENTS = """
CREATE TEMP TABLE invented_amendment AS SELECT id AS amendment, item_key AS item FROM reform_amendment
WHERE proposed_by = 'system:simulation' AND stage = 'draft'
"""
OPEN_FOR_COMMENTS = """
UPDATE reform_amendment SET stage = 'withdrawn', notice_from = %(first)s::date,
  notice_until = %(first)s::date + %(days)s::int - 1
WHERE id IN (SELECT amendment FROM invented_amendment)
"""
_APPLICATION = """
SELECT application AS id, gen_random_uuid() AS public_id, 'SIM' || application AS reference, key AS event_key,
  name AS event_name, name_en AS event_name_en, repeat('0', 64) AS event_sha256, region_id, party AS applicant_id,
  CASE WHEN online THEN 'web' ELSE 'window' END AS channel, at AS submitted_at, 'system:simulation' AS submitted_by,
  CASE WHEN online THEN 'zero' ELSE 'once' END AS mode, (NOT online)::int AS promised_visits, 3 AS promised_days,
  '{"evidence": []}'::jsonb AS plan, %(facts)s::text AS facts_text, done AS closed_at
FROM invented_past
"""
_CASE = """
SELECT kase AS id, gen_random_uuid() AS public_id, application AS application_id, 'SIM' || kase AS code, 1 AS position,
  key AS item_key, name, name_en, implementation AS implementation_id, revision_id, organisation_id,
  CASE WHEN returns THEN 'returned' ELSE 'completed' END AS state, at AS received_at, at AS accepted_at,
  corrections::int AS corrections, (at + interval '14 days')::date AS statutory_due_on,
  (at + interval '4 days')::date AS promised_due_on, (at + interval '4 days')::date AS due_on, done AS decided_at,
  'system:simulation' AS decided_by, CASE WHEN returns THEN '' ELSE 'granted' END AS outcome, done AS closed_at,
  at AS applied_at, done AS concluded_at
FROM invented_past
"""
_STEP = """
SELECT gen_random_uuid() AS public_id, kase AS case_id, 'review' AS key, 1 AS position, '审查' AS name,
  'Review' AS name_en, organisation_id, 'reviewer' AS post, true AS decides, 3 AS promised_days, 10 AS statutory_days,
  'done' AS state, at AS ready_at, (at + interval '4 days')::date AS due_on, done AS finished_at,
  'system:simulation' AS finished_by, 'done' AS bucket
FROM invented_past
"""
_EVIDENCE = """
SELECT kase AS case_id, 'record' AS requirement, 'record' AS proves, '记录' AS name, 'Record' AS name_en, 'data' AS way,
  %(dataset)s || '.' || %(field)s AS target, '（模拟）' AS source, '(simulated)' AS source_en,
  'necessary' AS necessity, 'present' AS status
FROM invented_past WHERE disputes
"""
_VISIT = """
SELECT CASE turn WHEN 1 THEN visit ELSE second END AS id, gen_random_uuid() AS public_id, party AS party_id,
  %(clerk)s::bigint AS clerk_id, %(hall)s::bigint AS hall_id, 'card' AS way, at AS begun_at,
  at + interval '10 minutes' AS ended_at
FROM invented_past, generate_series(1, came) AS turn
"""
_TOUCH = """
SELECT CASE turn WHEN 1 THEN visit ELSE second END AS visit_id, application AS application_id, 'original' AS kind,
  at AS touched_at
FROM invented_past, generate_series(1, came) AS turn
"""
_DEMAND = """
SELECT visit AS visit_id, application AS application_id, key AS item_key, region_id,
  '（模拟）' AS what, '（模拟）' AS why, 'clerk' AS asked_by, at AS asked_at
FROM invented_past WHERE demands AND came > 0
"""
_DISPUTE = """
SELECT gen_random_uuid() AS public_id, %(dataset)s AS dataset_id, %(field)s AS field, party AS party_id,
  'SIM' || application AS case_reference, at AS reported_at, 'system:simulation' AS reported_by, done AS settled_at,
  'system:simulation' AS settled_by, 'confirmed' AS outcome
FROM invented_past WHERE disputes
"""
_GAP = """
SELECT %(dataset)s AS dataset_id, %(field)s AS field, 'missing' AS cause, party AS party_id, region_id, key AS item,
  'record' AS requirement, 'SIM' || application AS case_reference, at AS recorded_at, done AS closed_at,
  'source' AS closed_by
FROM invented_past WHERE gaps
"""
_TICKET = """
SELECT gen_random_uuid() AS public_id, 'SIM' || mark || kase AS reference, kind, 'ordinary' AS urgency,
  'phone' AS channel, 'k1:' || md5(mark || kase) AS phone_hash,
  %(subject)s::text AS subject, %(detail)s::text AS detail, region_id,
  county AS desk_code, key AS item_key, 'closed' AS state, organisation_id, 'settled' AS ending,
  at AS received_at, at AS dispatched_at, done AS answered_at, done AS closed_at, at + interval '12 days' AS due_at,
  at + interval '10 days' AS amber_at, 'system:simulation' AS filed_by
FROM invented_past, (VALUES ('', 'complaint'), ('S', 'suggestion')) AS said (mark, kind)
WHERE CASE kind WHEN 'complaint' THEN complaints ELSE suggestions END
"""
# Another person each time: what is counted is people.
_COMMENT = """
SELECT gen_random_uuid() AS public_id, a.amendment AS amendment_id, '（模拟）' AS text, at AS made_at,
  county AS counted_in, '（模拟）' AS answer, done AS answered_at, 'system:simulation' AS answered_by
FROM invented_past JOIN invented_amendment a ON a.item = key WHERE comments
"""
_REVIEW = """
SELECT gen_random_uuid() AS public_id, 'case' AS kind, kase AS case_id, done AS finished_at, region_id,
  county AS desk_code, organisation_id, key AS item_key, 'portal' AS channel,
  CASE WHEN reviews THEN 1 ELSE 5 END AS grade, done AS given_at,
  CASE WHEN reviews THEN 'closed' ELSE 'settled' END AS state
FROM invented_past WHERE reviewed
"""
# Who left has no case: beside the cases that began online, each of which went on.
_QUESTION = """
SELECT date_trunc('month', at AT TIME ZONE 'Asia/Shanghai')::date AS month, key AS event_key, key AS item_key,
  'simulated' AS question_key, county AS region_code, (count(*) + count(*) FILTER (WHERE abandoned))::int AS asked,
  count(*)::int AS passed
FROM invented_past WHERE online GROUP BY 1, 2, 5
"""
ROWS = {
    "past": _PAST,
    "Amendment": _AMENDMENT,
    "Application": _APPLICATION,
    "Case": _CASE,
    "Step": _STEP,
    "Evidence": _EVIDENCE,
    "ServedVisit": _VISIT,
    "VisitTouch": _TOUCH,
    "ExtraDemand": _DEMAND,
    "CorrectionSignal": _DISPUTE,
    "Gap": _GAP,
    "Ticket": _TICKET,
    "Comment": _COMMENT,
    "Review": _REVIEW,
    "QuestionTally": _QUESTION,
}
