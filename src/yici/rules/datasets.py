"""Shared data: one owner's dataset, its fields, and whether the law lets others read it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from yici.rules.words import Words


class Sharing(StrEnum):
    """Sharing class of a dataset (共享属性)."""

    UNCONDITIONAL = "unconditional"
    CONDITIONAL = "conditional"
    NOT_SHARED = "not_shared"


@dataclass(frozen=True, slots=True)
class Dataset:
    """Shared data of one owner: its fields with their names, its sharing class and the ground when not shared."""

    key: str
    name: Words
    owner: str  # kind of organisation
    level: str  # nation, province, city, county
    sharing: Sharing
    fields: Mapping[str, Words]
    ground: str = ""
    not_shared_in: tuple[str, ...] = ()  # region codes in whose subtree the link is not open yet
    rhythm: str = "daily"
