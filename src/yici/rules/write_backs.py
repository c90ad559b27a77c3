"""Write-backs: what a window verified and recorded, until the owner of the data confirms or rejects it.

A write-back never touches the owner's record; it stands beside it and is read where the owner has nothing (规定 art. 7,
38, 39). So no order of write-backs, confirmations, rejections and owner's updates can lose or overwrite what the owner
says, and a person is not asked again for what was written back until the owner rejects it with a reason.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from yici.rules.plans import Availability
from yici.rules.refusals import Refusal
from yici.rules.words import Words


class CannotWriteBack(Refusal):
    """This value cannot be written back, or the write-back cannot be settled like that."""


class WriteBackState(StrEnum):
    """Where a write-back stands."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    DEEMED_CONFIRMED = "deemed_confirmed"  # the owner was silent until its time was up
    SUPERSEDED = "superseded"  # a newer one of the same field was confirmed

    @property
    def words(self) -> Words:
        """Return the state as people read it."""
        return _STATE_WORDS[self]

    @property
    def is_usable(self) -> bool:
        """Whether the value may be used: while it waits, and once it is confirmed."""
        return self in _USABLE


_STATE_WORDS = {
    WriteBackState.PENDING: Words("待确认", "Waits for confirmation"),
    WriteBackState.CONFIRMED: Words("已确认", "Confirmed"),
    WriteBackState.REJECTED: Words("已驳回", "Rejected"),
    WriteBackState.DEEMED_CONFIRMED: Words("逾期未答复，视为确认", "Deemed confirmed"),
    WriteBackState.SUPERSEDED: Words("已有更新的回写", "Superseded by a newer one"),
}
_USABLE = frozenset({WriteBackState.PENDING, WriteBackState.CONFIRMED, WriteBackState.DEEMED_CONFIRMED})
USABLE_STATES = tuple(sorted(_USABLE))


class WriteBackAct(StrEnum):
    """What settles a write-back."""

    CONFIRM = "confirm"
    REJECT = "reject"
    DEEM = "deem"
    SUPERSEDE = "supersede"


class Hand(StrEnum):
    """Who settles: a steward of the owner, the clock, or a newer write-back that was confirmed."""

    STEWARD = "steward"
    CLOCK = "clock"
    NEWER = "newer"


class _Move(NamedTuple):
    hand: Hand
    before: frozenset[WriteBackState]
    after: WriteBackState


_SILENT = frozenset({WriteBackState.PENDING, WriteBackState.DEEMED_CONFIRMED})
# Silence takes no right from the owner: what was deemed confirmed may still be confirmed or rejected.
_MOVES = {
    WriteBackAct.CONFIRM: _Move(Hand.STEWARD, _SILENT, WriteBackState.CONFIRMED),
    WriteBackAct.REJECT: _Move(Hand.STEWARD, _SILENT, WriteBackState.REJECTED),
    WriteBackAct.DEEM: _Move(Hand.CLOCK, frozenset({WriteBackState.PENDING}), WriteBackState.DEEMED_CONFIRMED),
    WriteBackAct.SUPERSEDE: _Move(Hand.NEWER, _USABLE, WriteBackState.SUPERSEDED),
}


def settled(
    state: WriteBackState, act: WriteBackAct, by: Hand, *, reason: str = "", is_due: bool = False
) -> WriteBackState:
    """Return the state after an act. ``is_due``: the time for confirmation is up; only then may the clock act.

    Raises CannotWriteBack: the wrong hand, settled already, a rejection without a reason, a clock before its time.

    >>> settled(WriteBackState.PENDING, WriteBackAct.CONFIRM, Hand.STEWARD).value
    'confirmed'
    """
    move = _MOVES[act]
    if by is not move.hand:
        raise CannotWriteBack(
            zh="回写数据只能由数据提供部门的数据管理员确认或驳回。",
            en="Only a data steward of the owner confirms or rejects what was written back.",
        )
    if state not in move.before:
        raise CannotWriteBack(
            zh=f"这条回写的状态是“{state.words.zh}”，不能再这样处理。请刷新页面查看。",
            en=f"This write-back is settled ({state.words.en.lower()}); reload the page to see how.",
        )
    if act is WriteBackAct.REJECT and not reason.strip():
        raise CannotWriteBack(
            zh="驳回须说明理由：本人因此要再次提供材料。请填写理由。",
            en="A rejection needs its reason: because of it the person is asked again. Write the reason.",
        )
    if act is WriteBackAct.DEEM and not is_due:
        raise CannotWriteBack(
            zh="确认期限未到，不能视为确认。", en="The time for confirmation is not up: silence means nothing yet."
        )
    return move.after


@dataclass(frozen=True, slots=True)
class Written:
    """One write-back of a field; a higher ``number`` is newer."""

    number: int
    state: WriteBackState


class Seen(NamedTuple):
    """What is visible of a field: how, and by which write-back; None when the owner's own record answers."""

    availability: Availability
    number: int | None


_OWN_ANSWERS = frozenset({Availability.AVAILABLE, Availability.PENDING})
# A look-up that is not granted, or not shared by law, stays closed whoever wrote the value down.
_CLOSED = frozenset({Availability.NEEDS_GRANT, Availability.NOT_SHARED})


def seen(own: Availability, written: Iterable[Written], *, disputed: bool = False, unlinked: bool = False) -> Seen:
    """Return what is visible for a field, given what the owner's record shows and what was written back.

    The owner's own value answers when it is there, fresh and not disputed by the person; else the newest usable
    write-back; else the owner's record as it is. ``unlinked``: the dataset is open, its link is only not laid in this
    region yet, which is no refusal; other closed datasets stay closed.

    >>> seen(Availability.MISSING, [Written(1, WriteBackState.PENDING)])
    Seen(availability=<Availability.PENDING: 'pending'>, number=1)
    """
    closed = own in _CLOSED and not (unlinked and own is Availability.NOT_SHARED)
    if closed or (own in _OWN_ANSWERS and not disputed):
        return Seen(own, None)
    usable = [one for one in written if one.state.is_usable]
    if not usable:
        return Seen(own, None)
    newest = max(usable, key=lambda one: one.number)
    waits = newest.state is WriteBackState.PENDING
    return Seen(Availability.PENDING if waits else Availability.AVAILABLE, newest.number)


def superseded(confirmed: int, written: Iterable[Written]) -> tuple[int, ...]:
    """Return which older write-backs of the same field give way when one is confirmed.

    Not before: while a newer one waits, an older confirmed one is what remains if the newer is rejected.

    >>> superseded(2, [Written(1, WriteBackState.CONFIRMED), Written(2, WriteBackState.PENDING)])
    (1,)
    """
    return tuple(sorted(one.number for one in written if one.number < confirmed and one.state.is_usable))
