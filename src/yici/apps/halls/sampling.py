"""An invented person who hands in one application after the other, to measure submissions on. What is made stays."""

from dataclasses import dataclass
from datetime import datetime
from random import Random
from uuid import UUID

from django.db import transaction

from yici.apps.cases import actions as cases
from yici.apps.catalogue import queries as catalogue
from yici.apps.halls.simulated_people import as_viewer, invented, put_on_record
from yici.apps.halls.simulation import add_papers, filled
from yici.apps.people.viewers import Viewer
from yici.apps.planning import actions as planning
from yici.apps.planning import queries as plans

NEED, COUNTY, SEED = "senior_card", "330122000000", 1  # one case


@dataclass(frozen=True, slots=True)
class SampleApplicant:
    """Somebody with everything on record that his need asks for."""

    person: Viewer
    chance: Random
    now: datetime

    @transaction.atomic
    def ready_draft(self) -> UUID:
        """Return a draft that can be submitted."""
        draft = planning.start_draft(by=self.person, browser="", event_key=NEED, region_code=COUNTY, now=self.now)
        add_papers(self.person, draft, filled(self.person, draft, self.chance, self.now), self.now)
        return draft

    def submit(self, draft_id: UUID) -> None:
        """Submit a draft."""
        cases.submit(
            by=self.person,
            browser="",
            draft_id=draft_id,
            seen_visits=None,
            idempotency_key=f"draft:{draft_id}",
            channel="api",
            now=self.now,
        )


def sample_applicant(*, now: datetime) -> SampleApplicant:
    """Invent the person, with his records."""
    chance = Random(SEED)
    with transaction.atomic():
        party = invented(chance, COUNTY, now)
        items = plans.items_of(catalogue.event(NEED, COUNTY), catalogue.catalogue_for(COUNTY))
        put_on_record(party, items, chance, now)
    return SampleApplicant(as_viewer(party), chance, now)
