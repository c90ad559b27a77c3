"""Reads the invented people of the demo from their files, and makes their numbers."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from yici.apps.places.actions import illustrative_credit_code
from yici.rules.codes import make_resident_id
from yici.rules.people import IdKind

# Serials 996 to 999 were kept for people over a hundred: no living younger person has such a number.
_SERIALS = {"male": 997, "female": 996}


@dataclass(frozen=True, slots=True)
class DemoParty:
    """One invented person or company: ``entry`` is what its file says, ``number`` its resident number or USCC."""

    key: str
    name: str
    id_kind: IdKind
    number: str
    region_code: str
    entry: dict[str, Any]

    @property
    def is_verified(self) -> bool:
        """Whether somebody has identified this party."""
        return bool(self.entry.get("verified", True))

    @property
    def born_on(self) -> date | None:
        """The birthday; companies have none."""
        born = self.entry.get("born")
        return born if isinstance(born, date) else None


def read(folder: Path, name: str) -> dict[str, Any]:
    """Return the content of one file of ``people``."""
    content: dict[str, Any] = yaml.safe_load((folder / "people" / f"{name}.yaml").read_text(encoding="utf-8"))
    return content


def read_persons(folder: Path) -> dict[str, DemoParty]:
    """Return the natural persons by their keys."""
    return {key: _person(key, entry) for key, entry in read(folder, "persons")["persons"].items()}


def _person(key: str, entry: dict[str, Any]) -> DemoParty:
    if entry.get("id_kind") == "passport":
        return DemoParty(key, entry["name"], IdKind.PASSPORT, entry["number"], entry["region"], entry)
    number = make_resident_id(entry["region"], entry["born"], _SERIALS[entry["sex"]])
    home = entry.get("home", entry["region"])
    return DemoParty(key, entry["name"], IdKind.RESIDENT_ID, number.text, home, entry)


def read_companies(folder: Path) -> dict[str, DemoParty]:
    """Return the legal persons by their keys."""
    return {key: _company(key, entry) for key, entry in read(folder, "companies")["companies"].items()}


def _company(key: str, entry: dict[str, Any]) -> DemoParty:
    number = illustrative_credit_code(entry["kind"], key, entry["region"])
    return DemoParty(key, entry["name"], IdKind.BUSINESS_LICENCE, number, entry["region"], entry)
