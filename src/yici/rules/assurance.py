"""How sure a sign-in makes us who somebody is: what an identity provider says, in the house's four levels."""

from collections.abc import Mapping

from yici.rules.items import Assurance
from yici.rules.refusals import Refusal

_LEVELS = tuple(Assurance)


class CannotReadLevels(Refusal):
    """The list that maps a provider's levels to ours is malformed."""


def height(level: Assurance) -> int:
    """Return 0 for nobody up to 3 for signed.

    >>> height(Assurance.SIGNED) > height(Assurance.REAL_NAME)
    True
    """
    return _LEVELS.index(level)


def is_at_least(level: Assurance, wanted: Assurance) -> bool:
    """Whether a level is enough for what is wanted."""
    return height(level) >= height(wanted)


def is_identified(level: Assurance) -> bool:
    """Whether somebody has compared the person with a document: only then are records shown (规定 art. 9)."""
    return is_at_least(level, Assurance.REAL_NAME)


def read_levels(text: str) -> dict[str, Assurance]:
    """Read ``acr=level`` pairs separated by spaces or commas, weakest first or not. Raises CannotReadLevels.

    >>> read_levels("urn:example:face=real_name, urn:example:sign=signed")["urn:example:sign"].value
    'signed'
    """
    found = {}
    for part in text.replace(",", " ").split():
        acr, separator, level = part.rpartition("=")
        if not (separator and acr and level in {one.value for one in _LEVELS[1:]}):
            raise CannotReadLevels(
                zh=f"“{part}”不是“认证方式=等级”。等级为 registered、real_name 或 signed。请修改 YICI_OIDC_LEVELS。",
                en=f"'{part}' is not 'acr=level'; levels are registered, real_name and signed. Mend YICI_OIDC_LEVELS.",
            )
        found[acr] = Assurance(level)
    return found


def level_of(acr: object, levels: Mapping[str, Assurance]) -> Assurance:
    """Return our level for the provider's word (its claim ``acr``); what we do not know proves no identity.

    >>> level_of("something new", {}).value
    'registered'
    """
    return levels.get(acr, Assurance.REGISTERED) if isinstance(acr, str) else Assurance.REGISTERED


def acr_values(wanted: Assurance, levels: Mapping[str, Assurance]) -> tuple[str, ...]:
    """Return the provider's words that are enough for a level, weakest first: what to ask it for."""
    enough = [(height(level), acr) for acr, level in levels.items() if is_at_least(level, wanted)]
    return tuple(acr for _height, acr in sorted(enough))
