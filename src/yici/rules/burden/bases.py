"""How high the law must stand on which somebody is made worse off."""

from yici.rules.burden.components import Component
from yici.rules.levels import Level

# 规定 art. 43(2): ways to apply are limited by laws and regulations (法律、法规) only; art. 27 says the same of reports
# that applicants must bring; art. 12 lets rules (规章) set time limits.
_BY_RULE = frozenset(
    {
        Component.PROMISED_DAYS,
        Component.STATUTORY_DAYS,
        Component.SPECIAL_DAYS,
        Component.PROMISED_PERIOD,
        Component.STATUTORY_PERIOD,
    }
)


def least_level(component: Component) -> Level:
    """Return the lowest level of law that may make this component worse.

    >>> least_level(Component.PAPERS), least_level(Component.PROMISED_DAYS)
    (<Level.LOCAL_REGULATION: 'local_regulation'>, <Level.RULE: 'rule'>)
    """
    return Level.RULE if component in _BY_RULE else Level.LOCAL_REGULATION


def may_rest_on(component: Component, level: Level) -> bool:
    """Whether a law of this level is enough.

    >>> may_rest_on(Component.PAPERS, Level.NORMATIVE_DOCUMENT)
    False
    """
    return level.height >= least_level(component).height
