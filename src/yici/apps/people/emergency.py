"""The one capability that opens what a post does not: named person or application, until a moment, for reading only."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class EmergencyAccess:
    """What a viewer may see in an emergency; ``application_id`` narrows it to one application of the party.

    Nobody but ``apps.privacy.emergency.looking`` makes one, and nobody but ``opens`` reads its end.
    """

    look_id: UUID
    party_id: int
    application_id: int | None
    until: datetime

    def opens(self, party_id: int, application_id: int | None, now: datetime) -> bool:
        """Whether it opens this application (None: the person himself) of this party at this moment."""
        inside = self.application_id is None or application_id in {None, self.application_id}
        return now < self.until and party_id == self.party_id and inside
