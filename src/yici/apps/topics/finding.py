"""The sweep: reads what is new, judges the last whole week of every meaning and region, opens and updates topics."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Min

from yici.apps.journal import actions as journal
from yici.apps.places.models import Region
from yici.apps.tickets.models import Ticket
from yici.apps.topics.models import ANSWERED, OPEN, PAST, Gist, Topic, TopicVoice
from yici.apps.topics.naming import About, about
from yici.apps.topics.reading import NO_VOICES, WORDS, read_new
from yici.apps.topics.weeks import HISTORY_WEEKS, WEEK, last_whole_week, week_of, weeks_until
from yici.rules.topic_kinds import SILENCE_WEEKS, episode
from yici.rules.topics import FALSE_SHARE, Finding, Group, topics

BY = "system:topics"
PLOT_WEEKS = 60
# A person is one voice in a week. Abuse, duplicates and reviews that were taken back are no voices any more.
_COUNT = """
SELECT v.family, v.region_code, v.week, count(DISTINCT v.voice)
FROM topics_topicvoice v LEFT JOIN tickets_ticket t ON t.id = v.ticket_id
  LEFT JOIN reviews_review r ON r.id = v.review_id
WHERE v.week >= %(first)s AND v.week <= %(last)s
  AND coalesce(t.ending, '') <> ALL(%(none)s) AND coalesce(r.upheld, '') = ''
GROUP BY 1, 2, 3
"""


@dataclass(frozen=True, slots=True)
class Sweep:
    """What a sweep did: the week judged, voices read, groups tested, what stands out, and the topics it opened."""

    week: date
    read: int
    groups: int
    found: tuple[Finding, ...]
    opened: tuple[Topic, ...]


@transaction.atomic
def find_topics(*, now: datetime, false_share: float = FALSE_SHARE) -> Sweep:
    """Read, judge, open and update; again changes nothing. Raises CannotFindTopics.

    A topic is found for a week once: one that was answered or is past opens again only for a later week.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('topics.find'))")
    read, week = read_new(now), last_whole_week(now)
    groups = groups_until(week)
    found = topics(groups, false_share=false_share)
    weeks = {one.key: one for one in groups}
    made = [topic.pk for one in found if (topic := _kept(one, weeks[one.key], week, now)) is not None]
    _gather()
    _let_go(week)
    opened = Topic.objects.filter(pk__in=made).select_related("region")
    return Sweep(week, read, len(groups), tuple(found), tuple(opened))


def groups_until(week: date) -> list[Group]:
    """Return every meaning and region with its weeks up to this one, since the meaning is known."""
    begun = TopicVoice.objects.aggregate(first=Min("week"))["first"]
    if begun is None or begun > week:
        return []
    first = max(begun, week - WEEK * (HISTORY_WEEKS - 1))
    counts: dict[tuple[str, str], dict[date, int]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"first": first, "last": week, "none": [one.value for one in NO_VOICES]})
        for family, region, monday, voices in cursor.fetchall():
            counts[family, region][monday] = voices
    known = {f"{WORDS}:{key}": day for key, day in Gist.objects.values_list("pk", "known_from")}
    return [
        Group(_key(family, region), family, region, _weeks(mine, max(first, known.get(family, first)), week))
        for (family, region), mine in sorted(counts.items())
    ]


def _key(family: str, region: str) -> str:
    return f"{family}@{region}"


def _weeks(mine: dict[date, int], first: date, last: date) -> tuple[int, ...]:
    return tuple(mine.get(monday, 0) for monday in weeks_until(last, min(first, last)))


def _kept(found: Finding, group: Group, week: date, now: datetime) -> Topic | None:
    """Update the open topic of a group, or open one; None when none was opened."""
    terms = _terms(found, group, week)
    rows = Topic.objects.select_for_update().filter(family=group.family, region__code=group.region)
    known = rows.filter(state=OPEN).first()
    if known is not None:
        is_news = known.seen_week < week
        for name, value in (terms | ({"changed_at": now} if is_news else {})).items():
            setattr(known, name, value)
        known.save()
        return None
    if rows.filter(seen_week__gte=week).exists() or _was_answered_in(rows, week):
        return None
    return _opened(group, terms, week, now)


def _was_answered_in(rows: Any, week: date) -> bool:
    """Whether the answer came after this week began: the voices of that week have it already."""
    answered = rows.filter(state=ANSWERED).order_by("-outcome_at").first()
    return answered is not None and week_of(answered.outcome_at) >= week


def _terms(found: Finding, group: Group, week: date) -> dict[str, Any]:
    return {
        "kind": found.kind,
        "surprise": round(found.surprise, 2),
        "figures": _figures(found, group, week),
        "why": found.words.zh[:500],
        "why_en": found.words.en[:500],
        "seen_week": week,
    }


def _figures(found: Finding, group: Group, week: date) -> dict[str, Any]:
    one, shown = found.expected, group.weeks[-PLOT_WEEKS:]
    return {
        "weeks": [
            [f"{monday:%Y-%m-%d}", voices]
            for monday, voices in zip(weeks_until(week, week - WEEK * (len(shown) - 1)), shown, strict=True)
        ],
        "expected": round(one.weekly, 2),
        "upper": one.upper,
        "own": round(one.own, 2),
        "peers": round(one.peers, 2),
        "volume": round(one.volume, 2),
        "season": None if found.season is None else round(found.season, 2),
        "chance": found.chance,
    }


def _opened(group: Group, terms: dict[str, Any], week: date, now: datetime) -> Topic | None:
    weekly = float(terms["figures"]["expected"])
    first = week - WEEK * (episode(group.weeks, weekly) - 1)
    voices = TopicVoice.objects.filter(family=group.family, region_code=group.region, week__gte=first, topic=None)
    region = Region.objects.filter(code=group.region).first()
    if region is None or not voices.exists():
        return None
    tickets = Ticket.objects.filter(pk__in=voices.values("ticket_id")).select_related("party").order_by("-pk")
    named = _named(about(group.family, list(tickets)))
    # When it began and how many spoke is counted by _gather, for this one as for the others.
    counted = {"first": now, "last": now, "voices": 0, "organisations": 0}
    moments = {"found_at": now, "changed_at": now}
    made = Topic.objects.create(
        family=group.family, region=region, gist_id=_gist_of(group.family), **named, **terms, **counted, **moments
    )
    voices.update(topic=made)
    facts = {"family": group.family, "region": group.region, "week": f"{week}", "kind": made.kind}
    journal.record("topic.found", subject=str(made), by=BY, now=now, facts=facts)
    return made


def _gist_of(family: str) -> int | None:
    what, _, key = family.partition(":")
    return int(key) if what == WORDS else None


def _named(said: About) -> dict[str, Any]:
    """Return the columns that say what a topic is about."""
    basis, why = said.chosen.basis, said.chosen.why
    return {
        "name": said.name,
        "public_name": said.public.zh[:400],
        "public_name_en": said.public.en[:400],
        "item_key": said.item_key,
        "requirement_key": said.chosen.requirement_key,
        "owner_kind": said.owner_kind,
        "basis_title": basis.title if basis else "",
        "basis_title_en": basis.title_en if basis else "",
        "basis_article": basis.article if basis else "",
        "basis_level": basis.level if basis else "",
        "basis_verified": basis.verified if basis else False,
        "basis_why": why.zh[:500],
        "basis_why_en": why.en[:500],
    }


_ATTACH = """
UPDATE topics_topicvoice v SET topic_id = t.id
FROM topics_topic t JOIN places_region r ON r.id = t.region_id
WHERE v.topic_id IS NULL AND t.state = 'open' AND v.family = t.family AND v.region_code = r.code AND v.at >= t.first
"""
_REFRESH = """
UPDATE topics_topic t SET first = f.first, last = f.last, voices = f.voices, organisations = f.organisations
FROM (
  SELECT v.topic_id, min(v.at) AS first, max(v.at) AS last, count(DISTINCT v.voice) AS voices,
    count(DISTINCT coalesce(k.organisation_id, w.organisation_id, c.organisation_id)) AS organisations
  FROM topics_topicvoice v LEFT JOIN tickets_ticket k ON k.id = v.ticket_id
    LEFT JOIN reviews_review w ON w.id = v.review_id
    LEFT JOIN cases_correction n ON n.id = v.correction_id LEFT JOIN cases_case c ON c.id = n.case_id
  WHERE v.topic_id IS NOT NULL GROUP BY 1
) f WHERE f.topic_id = t.id AND t.state = 'open'
"""


def _gather() -> None:
    """Give open topics the voices that came since, and count them anew."""
    with connection.cursor() as cursor:
        cursor.execute(_ATTACH)
        cursor.execute(_REFRESH)


def _let_go(week: date) -> None:
    """Call past what has not stood out for eight weeks; it opens again when it comes back."""
    Topic.objects.filter(state=OPEN, seen_week__lt=week - WEEK * SILENCE_WEEKS).update(state=PAST)
