"""Makes suggestions of an easier way, takes the answer, and keeps quiet towards whoever does not want them.

Only the refusal and its end are in the journal: a line for each suggestion would follow a person about.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F

from yici.apps.catalogue import queries as catalogue_queries
from yici.apps.journal import actions as journal
from yici.apps.people.models import Party
from yici.apps.people.viewers import Viewer
from yici.apps.planning import actions, queries
from yici.apps.planning.nudge_models import Nudge, NudgeRefusal, NudgeTally
from yici.rules import nudges
from yici.rules.channel_use import FROM_HOME
from yici.rules.clock_courses import local_day
from yici.rules.nudges import CannotAnswerNudge, Listener, Moment, NudgeAnswer, NudgeKind
from yici.rules.words import Words

NoSuchNudge = Nudge.DoesNotExist
_SHOWN = """
INSERT INTO planning_nudgetally (month, kind, moment, region_code, shown, followed, declined, refused)
VALUES (%(month)s, %(kind)s, %(moment)s, %(region_code)s, 1, 0, 0, 0)
ON CONFLICT (month, kind, moment, region_code) DO UPDATE SET shown = planning_nudgetally.shown + 1
"""
# What an answer adds to the tally.
_ADDED = {
    NudgeAnswer.FOLLOWED: ("followed",),
    NudgeAnswer.DECLINED: ("declined",),
    NudgeAnswer.NEVER: ("declined", "refused"),
}


@dataclass(frozen=True, slots=True)
class NudgeView:
    """A suggestion as it is said."""

    public_id: UUID
    kind: NudgeKind
    sentence: Words


@dataclass(frozen=True, slots=True)
class Occasion:
    """Where something may be suggested: the moment, the need, the place, and whether the elder version is on."""

    moment: Moment
    event_key: str
    region_code: str
    elder: bool = False


@transaction.atomic
def offer(
    occasion: Occasion, kind: NudgeKind, sentence: Words | None, *, person: Viewer, now: datetime
) -> NudgeView | None:
    """Return the suggestion to show, None where there is none or it may not be made; the first showing is counted.

    The same page opened again on that day shows it again, until it is answered; afterwards it is not said any more.
    """
    if sentence is None or person.party_id is None or not _may_hear(person.party_id, occasion, now):
        return None
    row, is_new = Nudge.objects.get_or_create(
        party_id=person.party_id,
        kind=kind,
        event_key=occasion.event_key,
        defaults={
            "moment": occasion.moment,
            "region_code": occasion.region_code,
            "shown_at": now,
        },
    )
    if is_new:
        _count_shown(row)
    is_same = row.moment == occasion.moment and local_day(row.shown_at) == local_day(now)
    return NudgeView(row.public_id, kind, sentence) if is_same and not row.answer else None


def _may_hear(party_id: int, occasion: Occasion, now: datetime) -> bool:
    refused = NudgeRefusal.objects.filter(party_id=party_id).exists()
    born = Party.objects.get(pk=party_id).born_on
    listener = Listener(refused=refused, elder=occasion.elder, age=nudges.age_on(born, local_day(now)))
    return nudges.may_hear(occasion.moment, listener)


def instead_of_booking(event_key: str, region_code: str, *, elder: bool, by: Viewer, now: datetime) -> NudgeView | None:
    """Return what to suggest to somebody who looks for a time at a hall for a need; by his draft if he has one."""
    if by.party_id is None or elder or not by.may_act_in(event_key):
        return None
    known = _drafts(by, event_key, region_code)
    plan = queries.plan_of(by, known[0]) if known else queries.plan_for(by, event_key, region_code, answers={})
    occasion = Occasion(Moment.BOOKING, event_key, region_code, elder)
    return offer(occasion, NudgeKind.FROM_HOME, nudges.from_home(plan), person=by, now=now)


def _drafts(by: Viewer, event_key: str, region_code: str) -> list[queries.DraftView]:
    return [one for one in queries.drafts_of(by) if (one.event.key, one.region_code) == (event_key, region_code)]


def for_collecting(view: queries.DraftView, *, person: Viewer, now: datetime) -> NudgeView | None:
    """Return what to suggest at the window before the person chooses how results on paper reach him."""
    catalogue = catalogue_queries.catalogue_for(view.region_code, unit=view.unit)
    applying = {one.item for one in queries.plan_of(person, view).items}
    outcomes = tuple(one.outcome for one in queries.items_of(view.event, catalogue) if one.key in applying)
    occasion = Occasion(Moment.WINDOW, view.event.key, view.region_code)
    return offer(occasion, NudgeKind.BY_POST, nudges.by_post(outcomes), person=person, now=now)


@transaction.atomic
def answer(*, public_id: UUID, answer: NudgeAnswer, by: Viewer, now: datetime) -> None:
    """Take the person's answer. Raises NoSuchNudge for anybody else's, CannotAnswerNudge for another one later.

    The same answer again changes nothing, and a refusal for good is always heard.
    """
    row = Nudge.objects.select_for_update().get(public_id=public_id, party_id=by.party_id or 0)
    if answer is NudgeAnswer.NEVER:
        refuse(by=by, now=now)
    elif row.answer and row.answer != answer:
        raise CannotAnswerNudge(zh="这条建议您已经答复过。", en="You have answered this suggestion already.")
    if not row.answer:
        _settle(row, answer, now)


@transaction.atomic
def follow(*, public_id: UUID, by: Viewer, browser: str, now: datetime) -> UUID:
    """Follow a suggestion to apply from home: return the person's open draft of the need, or one begun now.

    Raises what ``answer`` and ``start_draft`` raise.
    """
    answer(public_id=public_id, answer=NudgeAnswer.FOLLOWED, by=by, now=now)
    row = Nudge.objects.get(public_id=public_id)
    known = _drafts(by, row.event_key, row.region_code)
    if known:
        return known[0].public_id
    return actions.start_draft(by=by, browser=browser, event_key=row.event_key, region_code=row.region_code, now=now)


def _settle(row: Nudge, answer: NudgeAnswer, now: datetime) -> None:
    row.answer, row.answered_at = answer, now
    row.save(update_fields=["answer", "answered_at"])
    # It stands there: the suggestion was counted when it was made.
    NudgeTally.objects.filter(**_tally_of(row)).update(**{name: F(name) + 1 for name in _ADDED[answer]})


def chose_way(*, event_key: str, posted: bool, collected: bool, by: Viewer, now: datetime) -> None:
    """Take the choice of how results on paper come as the answer to the suggestion to post them."""
    rows = Nudge.objects.select_for_update().filter(
        party_id=by.party_id or 0, kind=NudgeKind.BY_POST, event_key=event_key, answer=""
    )
    for row in rows if posted or collected else ():
        _settle(row, NudgeAnswer.FOLLOWED if posted else NudgeAnswer.DECLINED, now)


def applied(*, party_id: int, channel: str, promised_visits: int, now: datetime) -> None:
    """Count what was suggested for the next time: followed by whoever now applies on the web, for whatever need.

    Declined by whoever came again for what takes no visit; a need that takes one says nothing. Called within the
    transaction of the submission; the day of the suggestion does not answer it.
    """
    if channel not in FROM_HOME and promised_visits:
        return
    rows = Nudge.objects.select_for_update().filter(
        party_id=party_id, kind=NudgeKind.NEXT_TIME, answer="", shown_at__date__lt=local_day(now)
    )
    for row in rows:
        _settle(row, NudgeAnswer.FOLLOWED if channel in FROM_HOME else NudgeAnswer.DECLINED, now)


@transaction.atomic
def refuse(*, by: Viewer, now: datetime) -> None:
    """Suggest nothing to this person any more, at no channel. Twice is harmless."""
    party = Party.objects.get(pk=by.party_id or 0)
    if NudgeRefusal.objects.get_or_create(party=party, defaults={"refused_at": now})[1]:
        journal.record("planning.nudges_refused", subject=str(party), by=by.label, now=now)


@transaction.atomic
def allow(*, by: Viewer, now: datetime) -> None:
    """Let suggestions be made again."""
    party = Party.objects.get(pk=by.party_id or 0)
    if NudgeRefusal.objects.filter(party=party).delete()[0]:
        journal.record("planning.nudges_allowed", subject=str(party), by=by.label, now=now)


def refused_since(viewer: Viewer) -> datetime | None:
    """Return since when the viewer wants no suggestions; None if he does."""
    if viewer.party_id is None:
        return None
    return NudgeRefusal.objects.filter(party_id=viewer.party_id).values_list("refused_at", flat=True).first()


def _count_shown(row: Nudge) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_SHOWN, _tally_of(row))


def _tally_of(row: Nudge) -> dict[str, Any]:
    """Return the tally a suggestion counts in, for good: of the month in which it was made."""
    month, county = local_day(row.shown_at).replace(day=1), f"{row.region_code[:6]}000000"
    return {"month": month, "kind": row.kind, "moment": row.moment, "region_code": county}
