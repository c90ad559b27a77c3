"""How high a legal basis stands, and who could change it."""

from enum import StrEnum


class Level(StrEnum):
    """Level of a legal basis, highest first."""

    NATIONAL_LAW = "national_law"
    ADMINISTRATIVE_REGULATION = "administrative_regulation"
    LOCAL_REGULATION = "local_regulation"
    RULE = "rule"
    NORMATIVE_DOCUMENT = "normative_document"
    NONE = "none"
