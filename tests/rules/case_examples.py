"""What the tests of cases share: one attempt at an act, and papers that are missing."""

from yici.rules.cases import Actor, CaseAct, CaseFacts, CaseState, Decision, Missing, Move, decide
from yici.rules.words import Words

PHOTO = Missing(Words("照片", "Photograph"), deferrable=True)
LEASE = Missing(Words("租赁合同", "Lease"), deferrable=False)


def attempt(
    state: CaseState, act: CaseAct, by: Actor = Actor.REVIEWER, facts: CaseFacts | None = None, **more
) -> Decision:
    move = Move(act=act, by=by, **({"reason": "because", "legal_basis": "art. 1"} | more))
    return decide(state, move, facts or CaseFacts())
