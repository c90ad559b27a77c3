"""Deemed outcomes: what the law takes as done when the time is up and nothing was said."""

from dataclasses import dataclass
from datetime import date, datetime

from yici.rules.clock_courses import local_day
from yici.rules.clocks import Clock
from yici.rules.words import Words
from yici.rules.working_days import Calendar


@dataclass(frozen=True, slots=True, kw_only=True)
class DeemedOutcome:
    """What counts as having happened, from which local day, and by which article."""

    key: str
    since: date
    words: Words
    basis: Words


def deemed_acceptance(*, notice: Clock, calendar: Calendar, now: datetime) -> DeemedOutcome | None:
    """Return the acceptance that silence brings, or None while there is still time or the notice went out in time.

    ``notice`` starts when the materials are received and stops when the complete correction notice, the acceptance
    or the refusal goes out. Acceptance then counts from the day of *receipt* (行政许可法 art. 32(1)(4)).
    """
    if not notice.is_overdue(calendar, now):
        return None
    return DeemedOutcome(
        key="accepted",
        since=local_day(notice.started),
        words=Words("逾期未告知补正，自收到材料之日起视为受理", "No notice in time: accepted from the day of receipt"),
        basis=Words("行政许可法第三十二条第一款第四项", "Administrative Licence Law art. 32(1)(4)"),
    )


def deemed_withdrawal(*, answer: Clock, calendar: Calendar, now: datetime) -> DeemedOutcome | None:
    """Return the withdrawal that an unanswered correction brings, or None (规定 art. 11, third paragraph).

    ``answer`` starts with the notice and stops with the applicant's answer.
    """
    if not answer.is_overdue(calendar, now):
        return None
    due = answer.due_on(calendar)
    assert due is not None  # an overdue clock has a due day
    return DeemedOutcome(
        key="withdrawn",
        since=due,
        words=Words(
            "逾期未补正，视为撤回申请", "No answer to the correction in time: the application counts as withdrawn"
        ),
        basis=Words(
            "浙江省保障“最多跑一次”改革规定第十一条第三款",
            "Zhejiang Regulation on the At-Most-Once Reform art. 11, third paragraph",
        ),
    )


def acceptance_to_revoke(*, cure: Clock, calendar: Calendar, now: datetime) -> DeemedOutcome | None:
    """Return the ground to revoke a deficient acceptance, or None (规定 art. 11, second paragraph).

    ``cure`` starts with the acceptance and stops when the deferred materials are there. Revoking is an act with written
    reasons: the clock only says that it is due.
    """
    if not cure.is_overdue(calendar, now):
        return None
    due = cure.due_on(calendar)
    assert due is not None  # an overdue clock has a due day
    return DeemedOutcome(
        key="acceptance_revocable",
        since=due,
        words=Words(
            "容缺材料逾期未补正，应撤销受理并书面说明理由", "Deferred materials late: revoke the acceptance in writing"
        ),
        basis=Words(
            "浙江省保障“最多跑一次”改革规定第十一条第二款",
            "Zhejiang Regulation on the At-Most-Once Reform art. 11, second paragraph",
        ),
    )


def deemed_renewal(
    *, expires_on: date, applied_on: date, apply_before_days: int, decided_on: date | None, today: date
) -> DeemedOutcome | None:
    """Return the renewal that silence brings when a licence runs out (行政许可法 art. 50), or None.

    Only for an application made in time, ``apply_before_days`` natural days before expiry: for a late one the law is
    silent and a person decides. ``expires_on`` is the last day of the old licence; a decision on that day is in time.
    """
    in_time = (expires_on - applied_on).days >= apply_before_days
    undecided = decided_on is None or decided_on > expires_on
    if today <= expires_on or not in_time or not undecided:
        return None
    return DeemedOutcome(
        key="renewed",
        since=expires_on,
        words=Words("有效期届满前未作决定，视为准予延续", "No decision before expiry: the renewal counts as granted"),
        basis=Words("行政许可法第五十条", "Administrative Licence Law art. 50"),
    )
