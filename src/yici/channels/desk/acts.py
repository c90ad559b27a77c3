"""Reads what a desk's form sent and makes the one call it stands for."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.http import QueryDict

from yici.apps.cases import actions as cases
from yici.apps.people.viewers import Viewer

Do = Callable[[Viewer, UUID, QueryDict, datetime], None]


def _whole(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 5 else 0


def _take(by: Viewer, step: UUID, sent: QueryDict, now: datetime) -> None:
    cases.take_step(step_id=step, by=by, now=now)


def _put_back(by: Viewer, step: UUID, sent: QueryDict, now: datetime) -> None:
    cases.put_back_step(step_id=step, by=by, now=now)


def _accept(by: Viewer, step: UUID, sent: QueryDict, now: datetime) -> None:
    cases.accept(step_id=step, deficient=sent.get("deficient") == "1", by=by, now=now)


def _correct(by: Viewer, step: UUID, sent: QueryDict, now: datetime) -> None:
    asks = [
        cases.Ask(name.removeprefix("what."), what.strip())
        for name, what in sent.items()
        if name.startswith("what.") and isinstance(what, str) and what.strip()
    ]
    cases.send_correction(step_id=step, asks=asks, by=by, now=now)


def _refuse_acceptance(by: Viewer, step: UUID, sent: QueryDict, now: datetime) -> None:
    cases.refuse_acceptance(
        step_id=step,
        ground=sent.get("ground", ""),
        reason=sent.get("reason", ""),
        basis=sent.get("basis", ""),
        by=by,
        now=now,
    )


def _show_original(by: Viewer, step: UUID, sent: QueryDict, now: datetime) -> None:
    cases.show_original(step_id=step, requirement=sent.get("requirement", ""), by=by, now=now)


def _waive(by: Viewer, step: UUID, sent: QueryDict, now: datetime) -> None:
    cases.waive_paper(
        step_id=step, requirement=sent.get("requirement", ""), reason=sent.get("reason", ""), by=by, now=now
    )


def _pause(by: Viewer, step: UUID, sent: QueryDict, now: datetime) -> None:
    cases.pause(
        step_id=step,
        kind=sent.get("kind", ""),
        reason=sent.get("reason", ""),
        announced_days=_whole(sent.get("announced_days", "")),
        required_by_law=sent.get("required_by_law") == "1",
        by=by,
        now=now,
    )


def _resume(by: Viewer, step: UUID, sent: QueryDict, now: datetime) -> None:
    cases.resume(step_id=step, by=by, now=now)


def _extend(by: Viewer, step: UUID, sent: QueryDict, now: datetime) -> None:
    cases.extend(
        step_id=step,
        working_days=_whole(sent.get("working_days", "")),
        approved_by=sent.get("approved_by", ""),
        reason=sent.get("reason", ""),
        by=by,
        now=now,
    )


def _finish(by: Viewer, step: UUID, sent: QueryDict, now: datetime) -> None:
    cases.finish_step(step_id=step, opinion=sent.get("reason", ""), by=by, now=now)


def _decide(by: Viewer, step: UUID, sent: QueryDict, now: datetime) -> None:
    cases.decide(
        step_id=step,
        grant=sent.get("grant") == "1",
        reason=sent.get("reason", ""),
        basis=sent.get("basis", ""),
        by=by,
        now=now,
    )


def _grant(by: Viewer, step: UUID, sent: QueryDict, now: datetime) -> None:
    cases.decide(step_id=step, grant=True, reason=sent.get("reason", ""), basis="", by=by, now=now)


def _revoke_acceptance(by: Viewer, step: UUID, sent: QueryDict, now: datetime) -> None:
    cases.revoke_acceptance(step_id=step, reason=sent.get("reason", ""), basis=sent.get("basis", ""), by=by, now=now)


def _write(by: Viewer, step: UUID, sent: QueryDict, now: datetime) -> None:
    cases.write_to_applicant(step_id=step, text=sent.get("text", ""), by=by, now=now)


def _check(by: Viewer, step: UUID, sent: QueryDict, now: datetime) -> None:
    cases.close_check(
        step_id=step,
        passed=sent.get("passed") == "1",
        reason=sent.get("reason", ""),
        basis=sent.get("basis", ""),
        by=by,
        now=now,
    )


ACTS: dict[str, Do] = {
    "take": _take,
    "put-back": _put_back,
    "accept": _accept,
    "correct": _correct,
    "refuse-acceptance": _refuse_acceptance,
    "show-original": _show_original,
    "waive": _waive,
    "pause": _pause,
    "resume": _resume,
    "extend": _extend,
    "finish": _finish,
    "decide": _decide,
    "grant": _grant,
    "revoke-acceptance": _revoke_acceptance,
    "write": _write,
    "check": _check,
}
