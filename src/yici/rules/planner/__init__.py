"""Computes, before anybody applies, how often a person has to come, what to bring, how long it takes, and why.

``compile_event`` checks a life event once; ``CompiledEvent.plan`` answers for one person with every reason,
``CompiledEvent.decide`` answers bare and fast for millions; ``PlanCache`` lets equal situations share a plan;
``plan_document`` writes the plan as JSON.

Rules of the calendar: a step that does not apply takes no day and passes on what it waited for; an item that does not
apply makes nobody wait. Promised days do not count special procedures (听证、检验、检测、鉴定、专家评审…; 行政许可法
art.45): the plan gives them apart as ``special_days``. A person who waits for a step has to wait for its special
procedures too, so they count when two acts are said to need two visits. Originals are shown at the integrated window.
"""

from yici.rules.planner.cache import PlanCache
from yici.rules.planner.compiled import CompiledEvent, SituationKey, compile_event
from yici.rules.planner.documents import plan_document
from yici.rules.planner.holdings import Holdings
from yici.rules.planner.layout import ORIGINAL_PLACES, presences_of
from yici.rules.planner.refusals import CannotCompile, CannotPlan
from yici.rules.planner.silent import silent_sources
from yici.rules.planner.timing import steps_of

__all__ = [
    "ORIGINAL_PLACES",
    "CannotCompile",
    "CannotPlan",
    "CompiledEvent",
    "Holdings",
    "PlanCache",
    "SituationKey",
    "compile_event",
    "plan_document",
    "presences_of",
    "silent_sources",
    "steps_of",
]
