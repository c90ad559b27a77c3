"""Fills the map: regions, calendar, an organisation of every kind in every region, halls and windows."""

from datetime import datetime
from pathlib import Path

import yaml

from yici.apps.places import actions
from yici.apps.places.actions import OrganisationKind
from yici.rules.words import Words

BY = "system:demo"


def load(now: datetime, folder: Path) -> None:
    """Load places; ``folder`` holds ``catalogue/organisations.yaml``. Again is harmless."""
    actions.load_divisions(by=BY, now=now)
    actions.load_calendar(by=BY, now=now)
    actions.found_organisations(kinds=read_kinds(folder / "catalogue" / "organisations.yaml"), by=BY, now=now)
    actions.open_halls(by=BY, now=now)


def read_kinds(file: Path) -> list[OrganisationKind]:
    """Read the kinds of organisations of the catalogue."""
    kinds = yaml.safe_load(file.read_text(encoding="utf-8"))["organisations"]
    return [
        OrganisationKind(key, Words(**kind["name"]), str(kind["uscc_kind"]), tuple(kind["levels"]))
        for key, kind in kinds.items()
    ]
