"""`yici catalogue diff`: who loses and who gains between two states of the catalogue, by meaning."""

import argparse
import json
from typing import Any

from yici.apps.catalogue import queries
from yici.rules.burden.documents import comparison_document
from yici.rules.burden.needs import compare_catalogues

NOBODY_LOSES, SOMEBODY_LOSES = 0, 1


def add_to(acts: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add what `yici catalogue diff` understands."""
    diff = acts.add_parser("diff", help="name the persons who lose or gain, or prove that nobody loses")
    meant = "a file or folder of YAML laid over the stored catalogue, ITEM@NUMBER, or 'stored'"
    diff.add_argument("old", metavar="OLD", help=meant)
    diff.add_argument("new", metavar="NEW", help="the same")
    diff.add_argument("--json", action="store_true", help="print one JSON document")


def run(arguments: argparse.Namespace) -> int:
    """Print the persons; 1 when somebody loses. Raises CannotImport and CannotFindInCatalogue."""
    old, new = queries.catalogue_in(arguments.old), queries.catalogue_in(arguments.new)
    document = comparison_document(compare_catalogues(old, new))
    print(json.dumps(document, ensure_ascii=False) if arguments.json else _text(document))
    return NOBODY_LOSES if document["nobody_loses"] else SOMEBODY_LOSES


def _text(document: dict[str, Any]) -> str:
    lines = [line for sign, side in (("-", "losses"), ("+", "gains")) for line in _lines(sign, document[side])]
    lines += [f"? {one}: 未能证明 not proved" for one in document["undecided"]]
    if document["nobody_loses"]:
        lines.append("已证明没有人吃亏。 Proved: nobody loses.")
    return "\n".join(lines)


def _lines(sign: str, changes: list[dict[str, Any]]) -> list[str]:
    return [
        f"{sign} {one['need']} {one['component']}\n  {one['sentence']['zh']}\n  {one['sentence']['en']}"
        for one in changes
    ]
