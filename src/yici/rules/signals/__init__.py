"""Finds, among thousands of counts, those that are more than chance: evidence for a proposal, and not noise.

``triggers`` takes one cell for each item and region with what was counted and what was to be expected, and returns the
cells that stand out, while of all it ever returns no more than the declared share is false. ``expected_counts`` gives
what to expect from volume and season; ``shrunk`` gives rates of small counties that may be shown. ``judged`` does all
of it for a month of every kind of signal at once.
"""

from yici.rules.signals.discovery import discoveries
from yici.rules.signals.funnel import FunnelLimits, careful_dispersion, dispersion_of, funnel_limits, upper_chances
from yici.rules.signals.judging import Count, Found, cells_of, judged
from yici.rules.signals.kinds import SignalKind
from yici.rules.signals.seasons import expected_counts, seasonal_factors
from yici.rules.signals.shrinkage import ShrunkRate, shrunk
from yici.rules.signals.triggers import CannotJudge, Cell, Trigger, triggers

__all__ = [
    "CannotJudge",
    "Cell",
    "Count",
    "Found",
    "FunnelLimits",
    "ShrunkRate",
    "SignalKind",
    "Trigger",
    "careful_dispersion",
    "cells_of",
    "discoveries",
    "dispersion_of",
    "expected_counts",
    "funnel_limits",
    "judged",
    "seasonal_factors",
    "shrunk",
    "triggers",
    "upper_chances",
]
