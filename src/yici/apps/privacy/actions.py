"""What a person may ask about his own data, and what the officer answers."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from yici.apps.cases.models import Application
from yici.apps.journal import actions as journal
from yici.apps.people.models import Account, Party
from yici.apps.people.viewers import Viewer
from yici.apps.places import queries as places
from yici.apps.planning.models import Draft, Nudge
from yici.apps.privacy import subjects
from yici.apps.privacy.endings import end_drafts, loose_papers
from yici.apps.privacy.models import ClosedAccount, Export, PersonalClaim
from yici.apps.privacy.retention import periods
from yici.rules.clock_courses import local_day
from yici.rules.codes import ZHEJIANG
from yici.rules.law_parameters import parameter
from yici.rules.periods import last_day
from yici.rules.personal_rights import CannotAnswer, CannotAsk, Outcome, Right, check_answer, check_wish

MOST_OPEN = 10
SYSTEM = "system:privacy"


@transaction.atomic
def ask(*, right: Right, wish: str, by: Viewer, now: datetime) -> UUID:
    """Ask about one's own data. A wish to delete is carried out at once as far as it may be; the rest gets a clock.

    Raises CannotAsk for a wish that says nothing, and when too many are open.
    """
    party, said = subjects.subject_of(by), check_wish(right, wish)
    if PersonalClaim.objects.filter(party=party, answered_at=None).count() >= MOST_OPEN:
        raise CannotAsk(
            zh=f"您已有 {MOST_OPEN} 项请求在办理，请等待答复。",
            en=f"{MOST_OPEN} requests of yours are being looked at. Wait for their answers.",
        )
    claim = _made(party, right, said, by, now)
    if right is Right.DELETION:
        _settle(claim, Outcome.PARTLY, _delete_what_may_go(party, now), now)
    return claim.public_id


def _made(party: Party, right: Right, said: str, by: Viewer, now: datetime) -> PersonalClaim:
    claim = PersonalClaim.objects.create(
        party=party,
        region=party.region,
        right=right,
        wish=said,
        made_at=now,
        made_by=by.label,
        due_on=answer_due_on(now),
    )
    facts = {"claim": str(claim.public_id), "right": str(right), "due_on": claim.due_on.isoformat()}
    journal.record("privacy.asked", subject=str(party), by=by.label, now=now, facts=facts)
    return claim


def answer_due_on(now: datetime) -> date:
    """Return the last day to answer a claim made now."""
    period = parameter("rights_answer", ZHEJIANG, local_day(now), periods()).period
    return last_day(period, local_day(now), places.calendar())


def _settle(claim: PersonalClaim, outcome: Outcome, gone: list[dict[str, object]], now: datetime) -> None:
    claim.outcome, claim.answered_at, claim.answered_by, claim.gone = outcome, now, SYSTEM, gone
    claim.save(update_fields=["outcome", "answered_at", "answered_by", "gone"])
    _journal_answer(claim, SYSTEM, now)


def _journal_answer(claim: PersonalClaim, by: str, now: datetime) -> None:
    facts = {"claim": str(claim.public_id), "right": claim.right, "outcome": claim.outcome}
    journal.record("privacy.answered", subject=str(claim.party), by=by, now=now, facts=facts)


def _delete_what_may_go(party: Party, now: datetime) -> list[dict[str, object]]:
    """Delete what nothing but the person's own wish keeps: drafts, their papers, suggestions, copies made for him.

    That he wants no suggestions is his wish, too, and stays.
    """
    drafts = Draft.objects.filter(party=party)
    papers = loose_papers().filter(party=party)
    others = {"suggestions": Nudge.objects.filter(party=party), "exports": Export.objects.filter(party=party)}
    gone = {"drafts": drafts.count(), "papers": papers.count()} | {key: rows.count() for key, rows in others.items()}
    end_drafts(list(drafts.values_list("pk", flat=True)), now)
    papers.delete()
    for rows in others.values():
        rows.delete()
    return [{"category": key, "count": count} for key, count in gone.items() if count]


def open_applications(party: Party) -> QuerySet[Application]:
    """Return what is still being worked on for a person."""
    return subjects.applications_of(party).filter(closed_at=None)


@transaction.atomic
def close_account(*, by: Viewer, now: datetime) -> UUID:
    """Close one's own account: nobody signs in with it from now on, and it is deleted after the period.

    Raises CannotAsk while applications are open: their answers would reach nobody.
    """
    if by.party_id is None or by.acting_for_id is not None:
        raise CannotAsk(
            zh="只能注销自己的账号。请先切换为“本人”。",
            en="Only one's own account can be closed. Choose yourself first.",
        )
    party = subjects.subject_of(by)
    if count := open_applications(party).count():
        raise CannotAsk(
            zh=f"您还有 {count} 件申请在办理，答复将无法送达。请等办结，或先撤回。",
            en=f"{count} applications of yours are open and their answers would not reach you. "
            "Wait until they are closed, or withdraw them.",
        )
    account = Account.objects.select_for_update().get(pk=by.account_id or 0)
    account.is_active = False
    account.save(update_fields=["is_active"])
    ClosedAccount.objects.update_or_create(account=account, defaults={"closed_at": now})
    claim = _made(party, Right.CLOSING, "", by, now)
    _settle(claim, Outcome.GRANTED, _delete_what_may_go(party, now), now)
    journal.record("privacy.account_closed", subject=str(account), by=by.label, now=now)
    return claim.public_id


@transaction.atomic
def answer(*, claim_id: UUID, outcome: str, text: str, by: Viewer, now: datetime) -> None:
    """Answer a claim of one's jurisdiction. Raises CannotAnswer, and PersonalClaim.DoesNotExist elsewhere."""
    claim = subjects.claims_in_jurisdiction(by).select_for_update(of=("self",)).get(public_id=claim_id)
    if claim.answered_at is not None:
        raise CannotAnswer(zh="这项请求已经答复。", en="This claim is answered already.")
    claim.outcome = check_answer(outcome, text)
    claim.answer = text.strip()[:2000]
    claim.answered_at, claim.answered_by = now, by.label
    claim.save(update_fields=["outcome", "answer", "answered_at", "answered_by"])
    _journal_answer(claim, by.label, now)
