"""What is submitted: everything that one application is made of, wherever it comes from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from yici.rules.items import LifeEvent
from yici.rules.plans import Plan
from yici.rules.refusals import Refusal


class CannotSubmit(Refusal):
    """The application cannot be submitted like that; nothing was kept."""


@dataclass(frozen=True, slots=True)
class Submission:
    """Everything an application is made of."""

    event: LifeEvent
    region_code: str
    applicant_id: int
    represented_id: int | None
    plan: Plan
    facts: Mapping[str, object]
    channel: str
    submitted_by: str
    submitted_by_name: str
    idempotency_key: str | None
    draft_id: UUID | None
    now: datetime
    disputed: Mapping[str, str] = field(default_factory=dict)  # "dataset.field" → the person's own value
    unit: str = ""  # whom a trial's draw takes it for; the plan was made for the same

    @property
    def subject_id(self) -> int:
        """Return whose records count: the company acted for, else the person."""
        return self.represented_id or self.applicant_id
