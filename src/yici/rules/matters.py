"""Matters: several tickets about one thing are handled once, and each person still gets an answer.

One ticket of a matter leads: it has the unit and the step clock. The others follow it and keep their own whole time.
"""

from dataclasses import dataclass, replace

from yici.rules.tickets import CannotHandleTicket, Standing, TicketState

_MAY_LEAD = frozenset(
    {TicketState.RECEIVED, TicketState.DISPATCHED, TicketState.HANDLING, TicketState.RETURNED, TicketState.ARBITRATION}
)
# Once a reply waits for its review, or the person has it, there is nothing left to handle together.
_MAY_FOLLOW = _MAY_LEAD - {TicketState.ARBITRATION}


@dataclass(frozen=True, slots=True, kw_only=True)
class Secrecy:
    """Who must not learn of a ticket: whether its reporter is sealed, and the organisations it may never reach."""

    sealed: bool = False
    forbidden: frozenset[int] = frozenset()


def merge(
    leader: Standing, follower: Standing, *, leader_id: int, followers: int, of_leader: Secrecy, of_follower: Secrecy
) -> Standing:
    """Return how the follower stands once the leader is handled for it too. Raises CannotHandleTicket.

    ``followers``: how many follow the follower itself; a leader never follows another.
    """
    if leader.state not in _MAY_LEAD or follower.state not in _MAY_FOLLOW:
        raise CannotHandleTicket(
            zh=f"“{leader.state.words.zh}”与“{follower.state.words.zh}”的工单不能并案。只有尚未答复的工单可以并案。",
            en=f"Tickets that are '{leader.state.words.en}' and '{follower.state.words.en}' cannot be merged: "
            "only those without a reply can.",
        )
    if followers:
        raise CannotHandleTicket(
            zh="这件工单已是另一事件的主单，不能再并入别的工单。请先拆分。",
            en="This ticket leads a matter of its own. Part its followers first.",
        )
    if of_leader.sealed != of_follower.sealed:
        raise CannotHandleTicket(
            zh="密封举报不能与其他工单并案，以免泄露举报人。",
            en="A sealed report is never merged with open tickets: it could give its reporter away.",
        )
    if leader.unit is not None and leader.unit in of_follower.forbidden:
        raise CannotHandleTicket(
            zh="主单的承办单位是被控告、举报的单位或其下级，不能并案（济南市12345市民服务热线条例第三十二条）。",
            en="The leading ticket lies with the organisation that this one accuses, or below it: no merging here "
            "(Jinan Hotline Regulation art. 32).",
        )
    return replace(follower, state=TicketState.MERGED, leader=leader_id, before=follower, unit=None, asked=None)


def unmerge(follower: Standing) -> Standing:
    """Return a ticket to where it stood before it was merged. Raises CannotHandleTicket once it was answered.

    Supervision that came meanwhile stays: parting is no way out of it.
    """
    if follower.state is not TicketState.MERGED or follower.before is None:
        raise CannotHandleTicket(
            zh="这件工单没有并案，或已随事件答复，不能拆分。对答复不满意的，可在回访时提出，单独重办。",
            en="This ticket is not merged, or was answered with its matter. Whoever is not satisfied says so at the "
            "follow-up; it is then handled again on its own.",
        )
    return replace(follower.before, level=max(follower.level, follower.before.level))


def answered_with(leader: Standing, follower: Standing) -> Standing:
    """Return how a follower stands when the leader's reply is approved: it has an answer and its own follow-up."""
    assert follower.state is TicketState.MERGED
    return replace(follower, state=TicketState.FOLLOW_UP, unit=leader.unit, leader=None, before=None)
