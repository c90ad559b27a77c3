"""The demonstration's labelled messages: what the text model is first trained on, so that calls get proposals."""

from datetime import datetime
from pathlib import Path

from django.db import transaction

from yici.apps.tickets import learning
from yici.apps.tickets.meaning.messages import read_messages
from yici.apps.tickets.models import Example

FILES = ("messages.csv", "more_messages.csv")
BY, SOURCE = "system:demo", "demo"


def load(now: datetime, folder: Path) -> None:
    """Load ``tickets/*.csv`` and train a first model where there is none; some seconds. Again changes nothing."""
    _examples(now, folder)
    if learning.versions().current_number() is None:
        learning.retrain(by=BY, now=now)


@transaction.atomic
def _examples(now: datetime, folder: Path) -> None:
    rows = [one for name in FILES for one in read_messages(folder / "tickets" / name, label_column="category")]
    made = (
        Example(
            source=SOURCE,
            external_id=one.id,
            subject=one.subject,
            detail=one.detail,
            category=one.label,
            entered_at=now,
        )
        for one in rows
    )
    Example.objects.bulk_create(made, ignore_conflicts=True)
