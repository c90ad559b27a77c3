"""Where a case stands, in the words of the person and in the codes of the exchange."""

from enum import StrEnum

from yici.rules.words import Words


class ClockMode(StrEnum):
    """What the decision clock of a case does while it stands in a state."""

    NOT_STARTED = "not_started"
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"


class CaseState(StrEnum):
    """The states of one case (办件); the order is the usual course."""

    WAITING = "waiting"  # for the written notice that the authority before it is done (规定 art. 5)
    SUBMITTED = "submitted"
    RECEIVED = "received"
    CORRECTING = "correcting"
    ACCEPTED = "accepted"
    IN_REVIEW = "in_review"
    SUSPENDED = "suspended"
    GRANTED = "granted"
    REFUSED = "refused"
    ISSUED = "issued"
    DELIVERED = "delivered"
    UNDER_CHECK = "under_check"  # granted on a commitment that is checked afterwards (规定 art. 14)
    RECTIFYING = "rectifying"
    COMPLETED = "completed"
    CLOSED_REFUSED = "closed_refused"
    NOT_ACCEPTED = "not_accepted"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"
    DEEMED_WITHDRAWN = "deemed_withdrawn"
    ACCEPTANCE_REVOKED = "acceptance_revoked"
    LICENCE_REVOKED = "licence_revoked"

    @property
    def words(self) -> Words:
        """Return the state as the person and the desk read it."""
        return _WORDS[self]

    @property
    def code(self) -> str:
        """Return the nearest code of the exchange.

        01 申报, 02 收件, 05 受理, 06 补齐补正, 07 不予受理, 10 办结, 11 挂起, 12 在办, 13 退件.
        """
        return _CODES[self]

    @property
    def result_code(self) -> str | None:
        """Return how a case ended: 0 issued, 1 returned or not accepted, 2 void, 3 refused, 4 withdrawn.

        None while it is open. The values come from practice, not from a standard at hand.
        """
        return _RESULT_CODES.get(self)

    @property
    def is_final(self) -> bool:
        """Whether nothing can be done to the case any more."""
        return self in _RESULT_CODES

    @property
    def is_decided(self) -> bool:
        """Whether the authority has granted or refused; a withdrawal comes too late from here on."""
        return self in _DECIDED

    @property
    def clock(self) -> ClockMode:
        """Return what the decision clock does in this state."""
        return ClockMode.STOPPED if self.is_final or self.is_decided else _OPEN_CLOCKS[self]


_WORDS = {
    CaseState.WAITING: Words("等待前一环节办结", "Waiting for the previous result"),
    CaseState.SUBMITTED: Words("已申报", "Submitted"),
    CaseState.RECEIVED: Words("已收件", "Received"),
    CaseState.CORRECTING: Words("待补正", "Waiting for your correction"),
    CaseState.ACCEPTED: Words("已受理", "Accepted"),
    CaseState.IN_REVIEW: Words("在办", "In review"),
    CaseState.SUSPENDED: Words("挂起（特别程序）", "Suspended for a special procedure"),
    CaseState.GRANTED: Words("准予，待制证", "Granted, result being made"),
    CaseState.REFUSED: Words("不予许可", "Refused"),
    CaseState.ISSUED: Words("已出证", "Issued"),
    CaseState.DELIVERED: Words("已送达", "Delivered"),
    CaseState.UNDER_CHECK: Words("告知承诺，事后核查中", "Granted on commitment, check to follow"),
    CaseState.RECTIFYING: Words("限期整改", "To be rectified"),
    CaseState.COMPLETED: Words("办结", "Completed"),
    CaseState.CLOSED_REFUSED: Words("办结（不予许可）", "Closed, refused"),
    CaseState.NOT_ACCEPTED: Words("不予受理", "Not accepted"),
    CaseState.RETURNED: Words("退件", "Returned"),
    CaseState.WITHDRAWN: Words("申请人撤回", "Withdrawn by the applicant"),
    CaseState.DEEMED_WITHDRAWN: Words("视为撤回申请", "Deemed withdrawn"),
    CaseState.ACCEPTANCE_REVOKED: Words("撤销受理", "Acceptance revoked"),
    CaseState.LICENCE_REVOKED: Words("撤销许可", "Licence revoked"),
}
_CODES = {
    CaseState.WAITING: "01",
    CaseState.SUBMITTED: "01",
    CaseState.RECEIVED: "02",
    CaseState.CORRECTING: "06",
    CaseState.ACCEPTED: "05",
    CaseState.IN_REVIEW: "12",
    CaseState.SUSPENDED: "11",
    CaseState.GRANTED: "12",
    CaseState.REFUSED: "10",
    CaseState.ISSUED: "10",
    CaseState.DELIVERED: "10",
    CaseState.UNDER_CHECK: "10",
    CaseState.RECTIFYING: "10",
    CaseState.COMPLETED: "10",
    CaseState.CLOSED_REFUSED: "10",
    CaseState.NOT_ACCEPTED: "07",
    CaseState.RETURNED: "13",
    CaseState.WITHDRAWN: "13",
    CaseState.DEEMED_WITHDRAWN: "13",
    CaseState.ACCEPTANCE_REVOKED: "13",
    CaseState.LICENCE_REVOKED: "10",
}
_RESULT_CODES = {
    CaseState.COMPLETED: "0",
    CaseState.CLOSED_REFUSED: "3",
    CaseState.NOT_ACCEPTED: "1",
    CaseState.RETURNED: "1",
    CaseState.WITHDRAWN: "4",
    CaseState.DEEMED_WITHDRAWN: "4",
    CaseState.ACCEPTANCE_REVOKED: "1",
    CaseState.LICENCE_REVOKED: "2",
}
_DECIDED = frozenset(
    {
        CaseState.GRANTED,
        CaseState.REFUSED,
        CaseState.ISSUED,
        CaseState.DELIVERED,
        CaseState.UNDER_CHECK,
        CaseState.RECTIFYING,
        CaseState.COMPLETED,
        CaseState.CLOSED_REFUSED,
        CaseState.LICENCE_REVOKED,
    }
)
_OPEN_CLOCKS = {
    CaseState.WAITING: ClockMode.NOT_STARTED,
    CaseState.SUBMITTED: ClockMode.NOT_STARTED,
    CaseState.RECEIVED: ClockMode.NOT_STARTED,
    CaseState.CORRECTING: ClockMode.NOT_STARTED,
    CaseState.ACCEPTED: ClockMode.RUNNING,
    CaseState.IN_REVIEW: ClockMode.RUNNING,
    CaseState.SUSPENDED: ClockMode.PAUSED,
}
