"""`yici catalogue prove`: who may have to come twice, item by item and event by event."""

import argparse
import json
from time import perf_counter
from typing import Any

from yici.apps.catalogue import queries
from yici.apps.places import queries as places
from yici.rules.items import Catalogue, LifeEvent, as_event
from yici.rules.proof import Verdict, VerdictKind, prove, prove_all, verdicts_document

GOOD, FOUND_WRONG = 0, 1


def add_to(acts: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add what `yici catalogue prove` understands."""
    proves = acts.add_parser("prove", help="prove at most one visit, or show who must come twice")
    proves.add_argument(
        "need", nargs="?", metavar="ITEM|EVENT", help="its key or 12-digit code; without it, everything"
    )
    proves.add_argument("--region", default="", help="the catalogue as it is in this region")
    proves.add_argument("--json", action="store_true", help="print one JSON document")


def run(arguments: argparse.Namespace) -> int:
    """Print the verdicts; 1 when somebody may have to come twice. Raises CannotFindInCatalogue."""
    region = places.region(arguments.region).code if arguments.region else ""
    catalogue = queries.catalogue_for(region)
    started = perf_counter()
    verdicts = _verdicts(arguments.need, region, catalogue)
    document = verdicts_document(verdicts, perf_counter() - started)
    print(json.dumps(document, ensure_ascii=False) if arguments.json else _text(document))
    breached = any(one.verdict is VerdictKind.BREACH for one in verdicts.values())
    return FOUND_WRONG if breached else GOOD


def _verdicts(need: str | None, region: str, catalogue: Catalogue) -> dict[str, Verdict]:
    if need is None:
        return prove_all(catalogue)
    verdicts = [prove(event, catalogue) for event in _meant(need, region, catalogue)]
    return {verdict.code: verdict for verdict in verdicts}


def _meant(need: str, region: str, catalogue: Catalogue) -> list[LifeEvent]:
    items = [as_event(item) for item in catalogue.items.values() if need in (item.key, item.code)]
    # An item and a life event may have the same key: both are meant.
    events = [event for key, event in catalogue.events.items() if key == need]
    return [*items, *events] or [queries.event(need, region)]


def _text(document: dict[str, Any]) -> str:
    lines = [line for code, verdict in document["verdicts"].items() for line in _lines(code, verdict)]
    return "\n".join([*lines, f"{len(document['verdicts'])} verdicts, {document['seconds']} s"])


def _lines(code: str, verdict: dict[str, Any]) -> list[str]:
    lines = [f"{code} {verdict['name']['zh']} {verdict['name']['en']}: {verdict['verdict']}"]
    found = verdict["counterexample"]
    if found:
        lines += [f"  {found['visits']} × {json.dumps(found['answers'], ensure_ascii=False)}", *_both(found["why"])]
    if verdict["reason"]:
        lines += _both(verdict["reason"])
    for finding in verdict["findings"]:
        lines += [f"  [{finding['rule']}] {finding['where']}", *_both(finding["sentence"])]
    return lines


def _both(words: dict[str, str]) -> list[str]:
    return [f"    {words['zh']}", f"    {words['en']}"]
