"""Follows through: when what carries an answer out is in force, everybody whose voice began it is told."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction

from yici.apps.catalogue import queries as catalogue
from yici.apps.planning.offers import promise
from yici.apps.planning.queries import typical_holdings
from yici.apps.referrals import moving
from yici.apps.referrals.models import Referral, ReferralVoice
from yici.apps.referrals.moving import Hand
from yici.apps.reform.models import Amendment
from yici.apps.registry.models import Grant
from yici.apps.tickets.mailbox.posting import Mailbox, mailbox_of_settings, send_once
from yici.rules.amendments import PROVINCE, Stage
from yici.rules.clock_courses import local_day
from yici.rules.grants import GrantState
from yici.rules.plans import Availability
from yici.rules.referral_course import ReferralAct, ReferralState
from yici.rules.referral_words import Outcome
from yici.rules.words import Words

BY = "system:referrals"
MAIL_DAYS = 30  # a server that did not answer for so long is asked no more
_ANSWERED = (ReferralState.ANSWERED, ReferralState.ACCEPTED)


@dataclass(frozen=True, slots=True)
class InForce:
    """What carries an answer out: since when, and the visits a person needs before and after it."""

    since: date
    before: int | None
    after: int | None


def follow_all(*, now: datetime) -> int:
    """Follow through whatever has come into force; return how many people were told. Again is harmless."""
    rows = Referral.objects.filter(state__in=_ANSWERED).exclude(amendment=None, grant=None)
    return sum(_follow(key, now) for key in rows.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _follow(key: int, now: datetime) -> int:
    row = moving.relocked(key)
    found = in_force(row, now) if row.state in _ANSWERED else None
    if found is None:
        return 0
    told = row.voices.filter(told_at=None).update(
        told_at=now, in_force_on=found.since, visits_before=found.before, visits_after=found.after
    )
    changed = changed_words(row)
    moving.move(
        row, ReferralAct.FOLLOW, Hand(BY, now), words=f"{changed.zh}；告知{told}人。 {changed.en}; {told} told."
    )
    return told


def in_force(row: Referral, now: datetime) -> InForce | None:
    """Return what carries an answer out, None while it is not in force."""
    if row.amendment is not None:
        return _of_amendment(row.amendment, now)
    if row.grant is not None and row.grant.state == GrantState.APPROVED and row.grant.decided_at is not None:
        return _of_grant(row.grant, row.grant.decided_at)
    return None


def _of_amendment(amendment: Amendment, now: datetime) -> InForce | None:
    day = amendment.in_force_on
    if amendment.stage != Stage.IN_FORCE or day is None or day > local_day(now):
        return None
    texts = (amendment.base_text, amendment.text)
    before, after = (_visits_of_text(amendment.item_key, text, amendment.region_code) for text in texts)
    return InForce(day, before, after)


def _visits_of_text(key: str, text: str, region_code: str) -> int | None:
    try:
        held = catalogue.read_text(text, region_code).catalogue
    except catalogue.CannotImport:  # the lists it named have changed since: then there is nothing to compare
        return None
    return promise(held, key, typical_holdings(held, region_code or PROVINCE))[1]


def _of_grant(grant: Grant, decided_at: datetime) -> InForce:
    region_code = grant.region_id
    held = catalogue.catalogue_for(region_code)
    day = local_day(decided_at)
    if grant.item_key not in held.items:
        return InForce(day, None, None)
    usual = typical_holdings(held, region_code)
    shut = {f"{grant.dataset_id}.{field}": Availability.NEEDS_GRANT for field in grant.fields}
    before, after = (promise(held, grant.item_key, one)[1] for one in ({**usual, **shut}, usual))
    return InForce(day, before, after)


def changed_words(row: Referral) -> Words:
    """Return what changed: the article an answer named, else the article that was referred; or the data opened."""
    if row.grant is not None:
        name = row.grant.dataset
        return Words(f"“{name.name}”已开通共享", f"data were opened: {name.name_en}")
    answers = row.history.filter(act=ReferralAct.ANSWER).exclude(article="").order_by("-pk")
    named = answers.values_list("article", flat=True).first()
    if named:
        return Words(f"{named}已修改", f"{named} was amended")
    return Words(f"{row.law}{row.article}已修改", f"{row.law_en or row.law} {row.article} was amended")


def outcome_of(voice: ReferralVoice) -> Outcome | None:
    """Return what became of a voice; None before its person was told."""
    if voice.in_force_on is None:
        return None
    return Outcome(
        raised_on=local_day(voice.ticket.received_at),
        subject=voice.ticket.subject,
        changed=changed_words(voice.referral),
        in_force_on=voice.in_force_on,
        before=voice.visits_before,
        after=voice.visits_after,
    )


def mail_all(*, now: datetime, mailbox: Mailbox | None = None) -> int:
    """Write to everybody who was told and gave an address, once; return how many. Raises CannotReachMail."""
    box = mailbox or mailbox_of_settings()
    if box is None:
        return 0
    waiting = ReferralVoice.objects.filter(told_at__gte=now - timedelta(days=MAIL_DAYS), mailed_at=None)
    voices = waiting.select_related("ticket", "referral__grant__dataset").order_by("pk")
    return sum(_mail(box, one, now) for one in voices)


def _mail(box: Mailbox, voice: ReferralVoice, now: datetime) -> bool:
    found = outcome_of(voice)
    if found is None:
        return False
    lines = [found.words.zh, "", found.words.en, "", f"{settings.SITE_ADDRESS}/voices"]
    key = f"referral:{voice.referral_id}"
    if not send_once(box, voice.ticket, key, "您反映的规定已修改 Rule changed", lines, now=now):
        return False
    voice.mailed_at = now
    voice.save(update_fields=["mailed_at"])
    return True
