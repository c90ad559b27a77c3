"""What may be seen of referrals: the register, one with its history, what is unanswered, what everybody may read."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from yici.apps.catalogue import queries as catalogue
from yici.apps.people.viewers import Viewer
from yici.apps.places.models import Organisation
from yici.apps.referrals.following import outcome_of
from yici.apps.referrals.models import Referral, ReferralVoice
from yici.apps.referrals.moving import standing_of
from yici.apps.referrals.rights import answers_for, keeps_register, may_enter, may_refer, referred, seen_by
from yici.apps.referrals.views import (
    ReferralLine,
    ReferralPage,
    addressee_words,
    figures_of,
    history_of,
    line_of,
    name_of,
    path_of,
)
from yici.apps.reform.models import Amendment
from yici.apps.registry.models import Grant
from yici.apps.tickets.views import PersonTicket
from yici.rules.amendments import Stage
from yici.rules.clock_courses import local_day
from yici.rules.grants import GrantState
from yici.rules.referral_course import WAITING, ReferralAct, ReferralState, is_late, possible_acts
from yici.rules.referral_words import Outcome
from yici.rules.referrals import ReferralKind
from yici.rules.words import Words

__all__ = ["NoSuchReferral", "ReferralLine", "ReferralPage", "may_enter", "may_refer"]
NoSuchReferral = Referral.DoesNotExist
MOST_SHOWN = 200
_OF_REGISTER = frozenset({ReferralAct.REGISTER, ReferralAct.ASSIGN, ReferralAct.MORE_TIME, ReferralAct.ANSWER})
_OF_OWN = frozenset({ReferralAct.SEND, ReferralAct.ACCEPT, ReferralAct.REDO, ReferralAct.CLOSE})


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a register is narrowed to; empty texts narrow nothing. ``docket`` is a part of the number or the title."""

    state: str = ""
    kind: str = ""
    docket: str = ""
    late: bool = False


def register(viewer: Viewer, wanted: Wanted, *, now: datetime) -> list[ReferralLine]:
    """Return the referrals somebody may see: what owes an answer first, soonest due, then the newest."""
    today = local_day(now)
    rows = _narrowed(seen_by(viewer), wanted, today)
    open_first = sorted(
        _counted(rows)[:MOST_SHOWN],
        key=lambda row: (not ReferralState(row.state).awaits_answer, row.due_on or today, -row.pk),
    )
    return [line_of(row, today, row.voice_count) for row in open_first]  # type: ignore[attr-defined]


def _counted(rows: QuerySet[Referral]) -> QuerySet[Referral]:
    return rows.annotate(voice_count=Count("voices"))


def _narrowed(rows: QuerySet[Referral], wanted: Wanted, today: date) -> QuerySet[Referral]:
    if wanted.state in set(ReferralState):
        rows = rows.filter(state=wanted.state)
    if wanted.kind in set(ReferralKind):
        rows = rows.filter(kind=wanted.kind)
    if wanted.docket.strip():
        text = wanted.docket.strip()[:60]
        rows = rows.filter(Q(docket__icontains=text) | Q(title__icontains=text) | Q(title_en__icontains=text))
    return rows.filter(state__in=WAITING, due_on__lt=today) if wanted.late else rows


def unanswered(viewer: Viewer, now: datetime) -> list[ReferralLine]:
    """Return what was not answered within its time, the longest overdue first; it stays until it is answered."""
    today = local_day(now)
    rows = _counted(seen_by(viewer).filter(state__in=WAITING, due_on__lt=today)).order_by("due_on", "pk")
    return [line_of(row, today, row.voice_count) for row in rows[:MOST_SHOWN]]  # type: ignore[attr-defined]


def referral(viewer: Viewer, public_id: UUID, *, now: datetime) -> ReferralPage:
    """Return one with all of its history. Raises NoSuchReferral for what is not the viewer's."""
    rows = seen_by(viewer).select_related("amendment", "grant__dataset")
    row = rows.prefetch_related("history").get(public_id=public_id)
    item = catalogue.catalogue_for("").items.get(row.item_key)
    voices = row.voices.aggregate(all=Count("pk"), told=Count("told_at"))
    return ReferralPage(
        line=line_of(row, local_day(now), voices["all"]),
        origin_kind=row.origin_kind,
        origin_id=row.origin_id,
        item=item.name if item else None,
        item_key=row.item_key,
        article=row.article,
        problem=row.problem,
        wording=row.wording,
        against=row.against,
        path=path_of(row),
        committee=row.committee,
        unit=name_of(row.unit) if row.unit else None,
        hard=row.limit == "referral_answer_hard",
        redone=row.redone,
        evidence=figures_of(row),
        history=history_of(row),
        amendment=row.amendment.public_id if row.amendment else None,
        amendment_name=Words(row.amendment.name, row.amendment.name_en) if row.amendment else None,
        in_force_on=row.amendment.in_force_on if row.amendment else None,
        data=Words(row.grant.dataset.name, row.grant.dataset.name_en) if row.grant else None,
        told=voices["told"],
        acts=_acts_of(viewer, row, local_day(now)),
        is_own=referred(viewer, row),
    )


def _acts_of(viewer: Viewer, row: Referral, today: date) -> frozenset[ReferralAct]:
    may = set[ReferralAct]()
    if keeps_register(viewer, row):
        may |= _OF_REGISTER | {ReferralAct.LINK}
    if answers_for(viewer, row):
        may |= {ReferralAct.ANSWER}
    if referred(viewer, row):
        may |= _OF_OWN | {ReferralAct.LINK}
    if not row.item_key:
        may -= {ReferralAct.LINK}
    if is_late(ReferralState(row.state), row.due_on, today):
        may -= {ReferralAct.MORE_TIME}
    return frozenset(may) & frozenset(possible_acts(standing_of(row)))


def units_for(viewer: Viewer, public_id: UUID) -> list[tuple[UUID, Words]]:
    """Return the units of the place a referral may be assigned to. Raises NoSuchReferral."""
    row = seen_by(viewer).get(public_id=public_id)
    rows = Organisation.objects.filter(region=row.desk).order_by("kind")
    return [(one.public_id, name_of(one)) for one in rows]


def amendments_for(viewer: Viewer, public_id: UUID) -> list[tuple[UUID, Words, date | None]]:
    """Return the published revisions of its item since it was sent, the newest first. Raises NoSuchReferral."""
    row = seen_by(viewer).get(public_id=public_id)
    rows = Amendment.objects.filter(item_key=row.item_key, stage__in=[Stage.PUBLISHED, Stage.IN_FORCE])
    rows = rows.filter(in_force_on__gte=row.begun_on)
    return [(one.public_id, Words(one.name, one.name_en), one.in_force_on) for one in rows.order_by("-published_at")]


def grants_for(viewer: Viewer, public_id: UUID) -> list[tuple[UUID, Words, datetime | None]]:
    """Return the data opened to its item since it was sent, the newest first. Raises NoSuchReferral."""
    row = seen_by(viewer).get(public_id=public_id)
    rows = Grant.objects.filter(item_key=row.item_key, state=GrantState.APPROVED).select_related("dataset")
    ordered = rows.filter(decided_at__date__gte=row.begun_on).order_by("-decided_at")
    return [(one.public_id, Words(one.dataset.name, one.dataset.name_en), one.decided_at) for one in ordered]


def of_origin(viewer: Viewer, kind: str, public_id: str, *, now: datetime) -> list[ReferralLine]:
    """Return the referrals that began with a proposal, topic or submission, as far as the viewer may see them."""
    rows = _counted(seen_by(viewer).filter(origin_kind=kind, origin_id=public_id))
    return [line_of(row, local_day(now), row.voice_count) for row in rows]  # type: ignore[attr-defined]


def public_referrals(*, now: datetime, state: str = "", text: str = "") -> list[ReferralLine]:
    """Return what was sent to whom, until when, answered or not: what everybody may read, naming no person."""
    today = local_day(now)
    rows = Referral.objects.select_related("region", "seat", "desk", "organisation").exclude(begun_on=None)
    if state == "late":
        rows = rows.filter(state__in=WAITING, due_on__lt=today)
    elif state == "waiting":
        rows = rows.filter(state__in=WAITING)
    elif state == "answered":
        rows = rows.exclude(state__in=WAITING)
    rows = _narrowed(rows, Wanted(docket=text), today)
    return [line_of(row, today, row.voice_count) for row in _counted(rows)[:MOST_SHOWN]]  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class VoiceLine:
    """What became of one's own ticket: the referral it is part of, and the outcome once the rule has changed."""

    to: Words
    kind: Words
    law: Words
    state: Words
    due_on: date | None
    outcome: Outcome | None


def referrals_of_ticket(ticket: PersonTicket, *, now: datetime) -> list[VoiceLine]:
    """Return what became of a ticket; whoever holds the ticket has opened it. Unsent drafts are not told."""
    rows = ReferralVoice.objects.filter(ticket__reference=ticket.reference).exclude(referral__begun_on=None)
    voices = rows.select_related("ticket", "referral__seat", "referral__grant__dataset").order_by("pk")
    return [_voice(one) for one in voices]


def _voice(one: ReferralVoice) -> VoiceLine:
    row = one.referral
    state = ReferralState(row.state)
    return VoiceLine(
        to=addressee_words(row),
        kind=ReferralKind(row.kind).words,
        law=Words(f"{row.law} {row.article}".strip(), f"{row.law_en or row.law} {row.article}".strip()),
        state=state.words,
        due_on=row.due_on if state.awaits_answer else None,
        outcome=outcome_of(one),
    )


@dataclass(frozen=True, slots=True)
class YearOfReferrals:
    """What was sent in a span of days: how many, answered in time, late, still owed, followed through, people told."""

    sent: int
    answered: int
    in_time: int
    late_now: int
    waiting: int
    followed: int
    told: int
    kinds: tuple[tuple[Words, int], ...]
    unanswered: tuple[ReferralLine, ...]


def year_of(region_path: str, first: date, last: date, *, today: date) -> YearOfReferrals:
    """Return what became of the referrals of a region and below that were sent within two days, both included."""
    rows = Referral.objects.filter(region__path__startswith=region_path, begun_on__isnull=False)
    sent = rows.filter(
        history__act=ReferralAct.SEND, history__done_at__date__gte=first, history__done_at__date__lte=last
    )
    found = list(_counted(sent.select_related("region", "seat", "desk", "organisation").distinct()))
    lines = [line_of(row, today, row.voice_count) for row in found]  # type: ignore[attr-defined]
    kinds = ((kind.words, sum(one.kind is kind for one in lines)) for kind in ReferralKind)
    return YearOfReferrals(
        sent=len(lines),
        answered=sum(one.answered_at is not None for one in lines),
        in_time=sum(one.answered_in_time is True for one in lines),
        late_now=sum(one.late for one in lines),
        waiting=sum(one.state.awaits_answer for one in lines),
        followed=sum(row.followed_at is not None for row in found),
        told=ReferralVoice.objects.filter(referral__in=found, told_at__isnull=False).count(),
        kinds=tuple((words, number) for words, number in kinds if number),
        unanswered=tuple(sorted((one for one in lines if one.late), key=lambda one: one.due_on or today)),
    )
