"""Consistency of items and life events: the reviewers' thirteen rules and what the law demands of a guide.

>>> from yici.rules.items import Catalogue
>>> lint(Catalogue(items={}, events={}))
[]
"""

from yici.rules.items import Catalogue, Item
from yici.rules.lint import checker, law
from yici.rules.lint.events import lint_event
from yici.rules.lint.findings import Finding, findings_of
from yici.rules.lint.visits import needs_visit, visit_causes

__all__ = ["RULES", "Finding", "lint", "lint_event", "lint_item", "needs_visit", "visit_causes"]

RULES = (*checker.RULES, *law.RULES)


def lint_item(item: Item, catalogue: Catalogue) -> list[Finding]:
    """Return everything the rules find in one item, as one place implements it."""
    return list(findings_of(item, catalogue, RULES))


def lint(catalogue: Catalogue) -> list[Finding]:
    """Return the findings of every item and life event, by key."""
    items = [finding for _, item in sorted(catalogue.items.items()) for finding in lint_item(item, catalogue)]
    events = [finding for _, event in sorted(catalogue.events.items()) for finding in lint_event(event, catalogue)]
    return items + events
