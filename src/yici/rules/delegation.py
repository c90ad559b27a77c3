"""Which items the one window accepts for their departments (规定 art. 5: acceptance may be entrusted)."""

from yici.rules.items import Item

# 行使层级 A.2: what the county carries out is accepted in the county's hall; higher levels decide for themselves.
COUNTY_LEVEL = "4"
AT_THE_WINDOW, AT_THE_DEPARTMENT = "one_window", "department"


def is_delegated(item: Item, said_by_organisation: bool | None = None) -> bool:
    """Whether the clerk of the one window accepts this item for its department.

    The catalogue's own word (``acceptance``) counts first, then what the organisation has entrusted or kept; where
    neither says anything, county items are accepted at the window and all others are only received there.
    """
    if item.acceptance:
        return item.acceptance == AT_THE_WINDOW
    if said_by_organisation is not None:
        return said_by_organisation
    return item.level == COUNTY_LEVEL
