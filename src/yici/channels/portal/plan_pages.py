"""Arranges a plan for the eye: lanes of departments, papers by where they come from, the saving."""

from dataclasses import dataclass

from yici.apps.planning.queries import DraftView, element
from yici.rules.items import Catalogue
from yici.rules.planner import silent_sources
from yici.rules.plans import Evidence, EvidenceStatus, Plan, PlannedStep
from yici.rules.words import Words

GOVERNMENT_HAS = {EvidenceStatus.FETCHED, EvidenceStatus.FROM_RESULT}
YOU_GIVE = {EvidenceStatus.FORM, EvidenceStatus.DECLARE, EvidenceStatus.COMMIT, EvidenceStatus.UPLOAD}


@dataclass(frozen=True, slots=True)
class Bar:
    """One step on the day axis."""

    label: str
    start: int
    finish: int
    critical: bool


@dataclass(frozen=True, slots=True)
class Lane:
    """One department's row."""

    name: str
    bars: tuple[Bar, ...]


def organisation_name(catalogue: Catalogue, kind: str) -> Words:
    """Return the name of a kind of organisation, or the kind itself where the catalogue does not name it."""
    return catalogue.organisations.get(kind, Words(kind, kind))


def lanes(plan: Plan, catalogue: Catalogue, language: str) -> list[Lane]:
    """Return one lane for each department, in the order they begin; steps without days are left to the table."""
    rows: dict[str, list[PlannedStep]] = {}
    for step in sorted(plan.steps, key=lambda one: (one.start, one.finish)):
        rows.setdefault(step.organisation, []).append(step)
    return [
        Lane(
            _short(organisation_name(catalogue, kind).text(language)),
            tuple(Bar(one.name.text(language), one.start, one.finish, one.critical) for one in _visible(steps)),
        )
        for kind, steps in rows.items()
    ]


def _short(name: str) -> str:
    """Return a name that fits beside its lane: without what stands in brackets, and not too long."""
    bare = name.split("（", maxsplit=1)[0].split(" (", maxsplit=1)[0]
    longest = 20 if bare.isascii() else 10
    return bare if len(bare) <= longest else bare[: longest - 1] + "…"


def _visible(steps: list[PlannedStep]) -> list[PlannedStep]:
    """Leave out moments without days where the same department has real days; alone, one moment stays visible."""
    lasting = [step for step in steps if step.finish > step.start]
    return lasting or steps[:1]


def once_each(evidence: tuple[Evidence, ...], wanted: set[EvidenceStatus]) -> list[Evidence]:
    """Return papers of some kinds, each fact once, whichever items ask for it."""
    return [row for row in evidence if row.status in wanted and row.same_as is None]


def plan_context(view: DraftView, plan: Plan, catalogue: Catalogue) -> dict[str, object]:
    """Return what the plan page shows."""
    answered = [(found, value) for key, value in view.answers.items() if (found := element(view, key))]
    return {
        "draft": view,
        "plan": plan,
        "catalogue": catalogue,
        "answered": answered,
        "government_has": once_each(plan.evidence, GOVERNMENT_HAS),
        "you_give": once_each(plan.evidence, YOU_GIVE),
        "lanes": {tag: lanes(plan, catalogue, tag) for tag in ("zh", "en")},
        "silent": silent_sources(plan, catalogue),
        "departments": len({item.organisation for item in plan.items}),
    }
