"""Moves a referral by one act: what the course says is written on the row, in its history and in the journal."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from yici.apps.journal import actions as journal
from yici.apps.people.viewers import Viewer
from yici.apps.places import queries as places
from yici.apps.referrals.models import Referral, ReferralStep
from yici.apps.referrals.rights import seen_by
from yici.rules.clock_courses import local_day
from yici.rules.codes import parse_region_code
from yici.rules.referral_course import Limit, Limits, ReferralAct, ReferralState, Standing, decide, due_on
from yici.rules.referrals import CannotRefer

_KINDS = {
    ReferralAct.SEND: "referrals.sent",
    ReferralAct.REGISTER: "referrals.registered",
    ReferralAct.ASSIGN: "referrals.assigned",
    ReferralAct.MORE_TIME: "referrals.found_hard",
    ReferralAct.ANSWER: "referrals.answered",
    ReferralAct.ACCEPT: "referrals.accepted",
    ReferralAct.REDO: "referrals.redone",
    ReferralAct.LINK: "referrals.linked",
    ReferralAct.FOLLOW: "referrals.followed",
    ReferralAct.CLOSE: "referrals.closed",
}
LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Hand:
    """Who does it, when, for which office."""

    label: str
    now: datetime
    office: str = ""
    office_en: str = ""


def hand_of(by: Viewer, now: datetime) -> Hand:
    """Return the hand of somebody at a post."""
    return Hand(by.label, now, by.organisation_name, by.organisation_name_en)


def limits_of(region_code: str) -> Limits:
    """Return the numbers of the law and the calendar that hold in a place."""
    return Limits(parse_region_code(region_code), places.law_parameters(), places.calendar())


def locked(by: Viewer, referral_id: UUID) -> Referral:
    """Return a referral that somebody may see, locked. Raises Referral.DoesNotExist."""
    return relocked(seen_by(by).get(public_id=referral_id).pk)


def relocked(key: int) -> Referral:
    """Return a referral by its row, locked."""
    rows = Referral.objects.select_for_update(of=("self",))
    return rows.select_related("desk", "seat", "region", "organisation", "unit", "amendment", "grant").get(pk=key)


def standing_of(row: Referral) -> Standing:
    """Return where a row stands."""
    return Standing(
        state=ReferralState(row.state),
        begun_on=row.begun_on,
        limit=Limit(row.limit) if row.limit else None,
        docket=row.docket,
        redone=row.redone,
        linked=row.amendment_id is not None or row.grant_id is not None,
    )


def move(row: Referral, act: ReferralAct, hand: Hand, *, words: str = "", article: str = "", docket: str = "") -> None:
    """Do an act: row, history and one line of the journal, in the caller's transaction. Raises CannotRefer."""
    if len(words) > LONGEST or len(article) > 300:
        raise CannotRefer(zh=f"说明不超过{LONGEST}字。", en=f"Write at most {LONGEST} characters.")
    limits = limits_of(row.desk.code)
    after = decide(standing_of(row), act, on=local_day(hand.now), limits=limits, docket=docket)
    row.state, row.begun_on, row.docket, row.redone = after.state, after.begun_on, after.docket, after.redone
    row.limit, row.due_on = after.limit or "", due_on(after, limits)
    if after.state is ReferralState.CLOSED:
        row.closed_at = hand.now
    if after.state is ReferralState.FOLLOWED:
        row.followed_at = hand.now
    row.save()
    write(row, act, hand, words=words, article=article)
    facts = {"docket": row.docket, "state": str(row.state)}
    journal.record_all([(_KINDS[act], str(row), facts)], by=hand.label, now=hand.now)


def write(row: Referral, act: ReferralAct, hand: Hand, *, words: str = "", article: str = "") -> None:
    """Add a step to the history."""
    ReferralStep.objects.create(
        referral=row,
        act=act,
        done_at=hand.now,
        done_by=hand.label,
        office=hand.office,
        office_en=hand.office_en,
        words=words.strip(),
        article=article.strip(),
    )


def said(text: str, fewest: int = 10) -> str:
    """Return what was written, or raise CannotRefer for too little of it."""
    if len(text.strip()) < fewest:
        raise CannotRefer(zh=f"请写明内容（至少{fewest}个字）。", en=f"Write it in {fewest} characters or more.")
    return text.strip()
