"""What becomes of a bad review: contact, rectify, call back, close; and the contest that a second person decides.

国办发〔2019〕51号: 谁办理、谁负责; a real-name bad review is contacted, put right and called back in every case;
mistaken and malicious ones leave the figure after a check. A unit contests once, and never decides for itself.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from yici.rules.reviews import CannotReview, Grade
from yici.rules.words import Words


class ReviewState(StrEnum):
    """Where a review stands; the order is the usual course of a bad one."""

    SETTLED = "settled"  # good or fair: nobody has to act
    TO_CONTACT = "to_contact"
    RECTIFYING = "rectifying"
    CALL_BACK = "call_back"
    CONTESTED = "contested"
    CLOSED = "closed"

    @property
    def words(self) -> Words:
        """Return the state as lists show it."""
        return _STATE_WORDS[self]

    @property
    def is_open(self) -> bool:
        """Whether somebody has to act, under a clock."""
        return self in STEP_LIMITS


_STATE_WORDS = {
    ReviewState.SETTLED: Words("已收到", "Received"),
    ReviewState.TO_CONTACT: Words("待联系", "To be contacted"),
    ReviewState.RECTIFYING: Words("整改中", "Being put right"),
    ReviewState.CALL_BACK: Words("待回访", "To be called back"),
    ReviewState.CONTESTED: Words("申诉核查中", "Contest being checked"),
    ReviewState.CLOSED: Words("已办结", "Closed"),
}
# The law parameter of each state's clock.
STEP_LIMITS: dict[ReviewState, str] = {
    ReviewState.TO_CONTACT: "review_contact",
    ReviewState.RECTIFYING: "review_rectify",
    ReviewState.CALL_BACK: "review_call_back",
    ReviewState.CONTESTED: "review_contest_decision",
}


class Handling(StrEnum):
    """What the unit did about it: put right what was justified, or explained why there is no ground."""

    FIXED = "fixed"
    EXPLAINED = "explained"

    @property
    def words(self) -> Words:
        """Return the handling as lists show it."""
        return Words("已整改", "Put right") if self is Handling.FIXED else Words("已解释说明", "Explained")


class Ground(StrEnum):
    """Why a unit contests a review."""

    MISTAKEN = "mistaken"
    MALICIOUS = "malicious"

    @property
    def words(self) -> Words:
        """Return the ground as lists show it."""
        return Words("误评", "Mistaken") if self is Ground.MISTAKEN else Words("恶意差评", "Malicious")


class ReviewAct(StrEnum):
    """What is done to a review."""

    GIVE = "give"
    DETAIL = "detail"
    CONTACT = "contact"
    RECTIFY = "rectify"
    MORE_TIME = "more_time"
    CALL_BACK = "call_back"
    CONTEST = "contest"
    UPHOLD = "uphold"
    DISMISS = "dismiss"
    SUPERVISE = "supervise"
    EXCERPT = "excerpt"
    TICKET = "ticket"

    @property
    def words(self) -> Words:
        """Return the act as the history shows it."""
        return _ACT_WORDS[self]


_ACT_WORDS = {
    ReviewAct.GIVE: Words("评价", "Reviewed"),
    ReviewAct.DETAIL: Words("补充评价", "Said more"),
    ReviewAct.CONTACT: Words("联系评价人", "Contacted the person"),
    ReviewAct.RECTIFY: Words("整改反馈", "Rectified"),
    ReviewAct.MORE_TIME: Words("延长整改", "More time to rectify"),
    ReviewAct.CALL_BACK: Words("回访", "Called back"),
    ReviewAct.CONTEST: Words("单位申诉", "The unit contests it"),
    ReviewAct.UPHOLD: Words("申诉成立，不计入", "Contest upheld, not counted"),
    ReviewAct.DISMISS: Words("申诉不成立", "Contest dismissed"),
    ReviewAct.SUPERVISE: Words("督办", "Supervised"),
    ReviewAct.EXCERPT: Words("公开摘录", "Excerpt published"),
    ReviewAct.TICKET: Words("转为诉求工单", "A ticket was opened"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where one review stands: all that decides what may be done next.

    ``before`` is the state a contest interrupted; ``reworks`` how often the person said after a call that it is still
    not right; ``upheld`` the ground on which it no longer counts.
    """

    state: ReviewState = ReviewState.SETTLED
    named: bool = False
    attempts: int = 0
    extended: bool = False
    handling: Handling | None = None
    reworks: int = 0
    before: ReviewState | None = None
    contested: bool = False
    upheld: Ground | None = None


def begin(grade: Grade, *, named: bool) -> Standing:
    """Return how a review begins: bad with a name is contacted first, bad without one is put right without a call.

    >>> begin(Grade.BAD, named=True).state.value, begin(Grade.BAD, named=False).state.value
    ('to_contact', 'rectifying')
    """
    if not grade.is_bad:
        return Standing(named=named)
    return Standing(state=ReviewState.TO_CONTACT if named else ReviewState.RECTIFYING, named=named)


def contact(standing: Standing, *, reached: bool, most_attempts: int) -> Standing:
    """Return the standing after a call: reached, or tried so often that the work begins without it."""
    _check(standing, ReviewState.TO_CONTACT)
    tried = standing.attempts + (0 if reached else 1)
    if reached or tried >= most_attempts:
        return replace(standing, state=ReviewState.RECTIFYING, attempts=0)
    return replace(standing, attempts=tried)


def rectify(standing: Standing, handling: Handling, text: str) -> Standing:
    """Return the standing after the unit has said what it did; only a name can be called back."""
    _check(standing, ReviewState.RECTIFYING)
    _need(text, "请写明怎样整改的，或为什么没有依据。", "Say what was put right, or why there is no ground.")
    after = ReviewState.CALL_BACK if standing.named else ReviewState.CLOSED
    return replace(standing, state=after, handling=handling, attempts=0)


def more_time(standing: Standing, reason: str) -> Standing:
    """Return the standing with more time: once, for what is complex, with its reason."""
    _check(standing, ReviewState.RECTIFYING)
    if standing.extended:
        raise CannotReview(
            zh="已经延长过一次，不能再延长。", en="It had more time once already; there is no second time."
        )
    _need(reason, "请写明为什么需要更多时间。", "Say why more time is needed.")
    return replace(standing, extended=True)


def call_back(standing: Standing, *, reached: bool, satisfied: bool | None, most_attempts: int) -> Standing:
    """Return the standing after a call back: content closes it, not content opens it again."""
    _check(standing, ReviewState.CALL_BACK)
    if not reached:
        tried = standing.attempts + 1
        closed = tried >= most_attempts
        return replace(standing, attempts=tried, state=ReviewState.CLOSED if closed else ReviewState.CALL_BACK)
    if satisfied is None:
        raise CannotReview(zh="请选择是否满意。", en="Choose whether the person is satisfied.")
    if satisfied:
        return replace(standing, state=ReviewState.CLOSED)
    return replace(
        standing, state=ReviewState.RECTIFYING, reworks=standing.reworks + 1, handling=None, attempts=0, extended=False
    )


def contest(standing: Standing, reason: str, *, in_time: bool) -> Standing:
    """Return the standing of a contested review: once, in time, before the unit has admitted it by rectifying."""
    if standing.state not in {ReviewState.TO_CONTACT, ReviewState.RECTIFYING} or standing.reworks:
        raise _wrong_state(standing)
    if standing.contested or not in_time:
        raise CannotReview(
            zh="已经申诉过，或申诉期已过。请按差评整改。",
            en="It was contested before, or the time is over: rectify it.",
        )
    _need(reason, "请写明申诉理由和证据。", "Give the reason of the contest and its evidence.")
    return replace(standing, state=ReviewState.CONTESTED, before=standing.state, contested=True)


def uphold(standing: Standing, ground: Ground, reason: str) -> Standing:
    """Return the standing after a contest was upheld: closed, and not in the figure any more."""
    _check(standing, ReviewState.CONTESTED)
    _need(reason, "请写明核查结论。", "Say what the check found.")
    return replace(standing, state=ReviewState.CLOSED, before=None, upheld=ground)


def dismiss(standing: Standing, reason: str) -> Standing:
    """Return the standing after a contest was dismissed: the work goes on where it stopped."""
    _check(standing, ReviewState.CONTESTED)
    _need(reason, "请写明核查结论。", "Say what the check found.")
    assert standing.before is not None  # what was contested was interrupted
    return replace(standing, state=standing.before, before=None)


def check_second_person(*, of_the_unit: bool, same_hand: bool) -> None:
    """Raise CannotReview unless somebody decides who is neither of the reviewed unit nor the one who contested."""
    if of_the_unit or same_hand:
        raise CannotReview(
            zh="申诉须由被评价单位以外的人核查。请由热线或改革办的人员处理。",
            en="A contest is decided by somebody outside the reviewed unit: the hotline or the reform office.",
        )


def _check(standing: Standing, *states: ReviewState) -> None:
    if standing.state not in states:
        raise _wrong_state(standing)


def _wrong_state(standing: Standing) -> CannotReview:
    words = standing.state.words
    return CannotReview(
        zh=f"这条评价现在是“{words.zh}”，不能这样处理。请刷新后再看。",
        en=f"This review is '{words.en}' now, so this cannot be done. Look at it again.",
    )


def _need(text: str, zh: str, en: str) -> None:
    if not text.strip():
        raise CannotReview(zh=zh, en=en)
