"""Reads what the government can see of a person: whether each datum is there, never what it says."""

from collections.abc import Mapping, Sequence

from yici.rules.items import Assurance
from yici.rules.planner.refusals import CannotPlan
from yici.rules.plans import Availability

# "dataset.field" and "licence:type" to an Availability, "*" for all the rest, "assurance" to an Assurance.
Holdings = Mapping[str, str]

USABLE = frozenset({Availability.AVAILABLE, Availability.PENDING})
_AVAILABILITIES = {str(one): one for one in Availability}
_ASSURANCES = {str(one): one for one in Assurance}


def read_holdings(holdings: Holdings, wanted: Sequence[str]) -> tuple[tuple[Availability, ...], Assurance]:
    """Return the availability of each wanted datum, and the account's level. Raises CannotPlan for unknown words.

    >>> read_holdings({"*": "available", "births.number": "stale"}, ["births.number", "licence:passport"])[0]
    (<Availability.STALE: 'stale'>, <Availability.AVAILABLE: 'available'>)
    """
    rest = holdings.get("*", "missing")
    try:
        found = tuple([_AVAILABILITIES[holdings.get(key, rest)] for key in wanted])
        return found, _ASSURANCES[holdings.get("assurance", "none")]
    except (KeyError, TypeError) as error:
        raise _refusal(holdings) from error


def _refusal(holdings: Holdings) -> CannotPlan:
    for key, value in holdings.items():
        known = _ASSURANCES if key == "assurance" else _AVAILABILITIES
        if not isinstance(value, str) or value not in known:
            words = "、".join(known)
            return CannotPlan(
                zh=f"“{key}”的数据状态“{value}”不可用。请写其中之一：{words}。",
                en=f"“{value}” cannot be the availability of “{key}”. Write one of {', '.join(known)}.",
            )
    return CannotPlan(zh="数据状态不可用。", en="The holdings cannot be read.")
