"""Writes a plan as the JSON document that others script against."""

from collections.abc import Sequence
from typing import Any

from yici.rules.planner.sentences import citation
from yici.rules.plans import Cause, Effort, Evidence, Option, Plan, PlannedItem, PlannedStep, Visit
from yici.rules.words import Words

Document = dict[str, Any]


def plan_document(plan: Plan, language: str | None = None) -> Document:
    """Return the plan as plain JSON values, the same for the same plan.

    Sentences and names are pairs ``{"zh": …, "en": …}``, or texts when a ``language`` is given.
    """
    return _Writer(language).plan(plan)


class _Writer:
    def __init__(self, language: str | None) -> None:
        self.language = language

    def plan(self, plan: Plan) -> Document:
        return {
            "event": plan.event,
            "region": plan.region,
            "mode": plan.mode.value,
            "visits": plan.visits,
            "visits_at_most": plan.visits_at_most,
            "reasons": [self.say(reason) for reason in plan.reasons],
            "visits_detail": [self.visit(visit) for visit in plan.visits_detail],
            "remote": [self.visit(visit) for visit in plan.remote],
            "bring": [self.paper(row) for row in plan.bring],
            "evidence": [self.evidence(row) for row in plan.evidence],
            "items": [self.item(item) for item in plan.items],
            "steps": [self.step(step) for step in plan.steps],
            "days": plan.days,
            "special_days": plan.special_days,
            "path": [self.step(step) for step in plan.path],
            "questions": list(plan.questions),
            "before": _effort(plan.before),
            "after": _effort(plan.after),
            "saving": _effort(plan.saving),
            "options": [self.option(option) for option in plan.options],
        }

    def say(self, words: Words) -> Any:
        return {"zh": words.zh, "en": words.en} if self.language is None else words.text(self.language)

    def visit(self, visit: Visit) -> Document:
        causes = [self.cause(cause) for cause in visit.causes]
        return {"place": visit.place, "earliest_day": visit.earliest_day, "causes": causes}

    def cause(self, cause: Cause) -> Document:
        return {
            "item": cause.item,
            "key": cause.key,
            "what": self.say(cause.what),
            "why": self.say(cause.why),
            "legal_basis": self.say(citation(cause.basis)),
            "legal_level": cause.basis.level.value,
            "verified": cause.basis.verified,
            "removed_by": [self.say(idea) for idea in cause.removed_by],
        }

    def paper(self, row: Evidence) -> Document:
        return {"item": row.item, "requirement": row.requirement, "proves": row.proves, "name": self.say(row.name)}

    def evidence(self, row: Evidence) -> Document:
        return {
            **self.paper(row),
            "way": row.way.kind.value if row.way else None,
            "target": row.way.target if row.way else None,
            "source": self.say(row.source),
            "status": row.status.value,
            "same_as": row.same_as,
            "tried": [{"way": way.kind.value, "target": way.target, "status": state.value} for way, state in row.tried],
        }

    def item(self, item: PlannedItem) -> Document:
        return {
            "item": item.item,
            "name": self.say(item.name),
            "organisation": item.organisation,
            "start": item.start,
            "finish": item.finish,
            "standardised": item.standardised,
            "waits_for": list(item.waits_for),
            "licence": item.licence,
        }

    def step(self, step: PlannedStep) -> Document:
        return {
            "item": step.item,
            "step": step.step,
            "name": self.say(step.name),
            "organisation": step.organisation,
            "start": step.start,
            "finish": step.finish,
            "critical": step.critical,
            "special": [{"kind": one.kind, "name": self.say(one.name), "days": one.days} for one in step.special],
        }

    def option(self, option: Option) -> Document:
        return {
            "requirement": option.requirement,
            "proves": option.proves,
            "way": option.way.kind.value,
            "target": option.way.target,
            "assurance": option.assurance.value if option.assurance else None,
            "visits": option.visits,
            "sentence": self.say(option.sentence),
        }


def _effort(effort: Effort) -> Document:
    names: Sequence[str] = ("visits", "papers", "days", "organisations", "applications", "fee_fen")
    return {name: getattr(effort, name) for name in names}
