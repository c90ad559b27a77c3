"""Says which registers did not answer when a plan was made, so that nobody takes a paper for the last word."""

from yici.rules.items import Catalogue
from yici.rules.planner.sentences import Speaker
from yici.rules.plans import Availability, Plan
from yici.rules.words import Words


def silent_sources(plan: Plan, catalogue: Catalogue) -> tuple[Words, ...]:
    """Return one sentence for each dataset that was asked for this plan and is not answering now, each once.

    The plan has already taken the next way of each requirement: a form, a declaration, an upload, an original.
    """
    speaker = Speaker(catalogue)
    tried = (pair for row in plan.evidence for pair in row.tried)
    ways = {way.target.partition(".")[0]: way for way, state in tried if state is Availability.SOURCE_DOWN}
    return tuple(speaker.is_silent(ways[key]) for key in sorted(ways))
