"""The step a clerk acts on: of his organisation and post, with its case locked."""

from uuid import UUID

from yici.apps.cases import moves
from yici.apps.cases.models import Step
from yici.apps.people.viewers import Viewer
from yici.rules.cases import CannotAct, StepState


def step_of_desk(by: Viewer, step_id: UUID) -> Step:
    """Return a step of the viewer's organisation and post with its case locked. Raises Step.DoesNotExist."""
    mine = Step.objects.filter(organisation_id=by.organisation_id or 0, post__in=by.posts)
    step = mine.get(public_id=step_id)
    step.case = moves.locked(step.case_id)
    step.refresh_from_db(fields=["state", "taken_by", "bucket"])
    return step


def held_step(by: Viewer, step_id: UUID) -> Step:
    """Return a step that the viewer has taken. Raises CannotAct when it is on somebody else's desk."""
    step = step_of_desk(by, step_id)
    if step.state not in {StepState.TAKEN, StepState.PAUSED} or step.taken_by_id != by.staff_id:
        raise CannotAct(
            zh="这个环节不在您手上。请先领取，或联系已领取的同事。",
            en="This step is not on your desk. Take it first, or ask the colleague who did.",
        )
    return step
