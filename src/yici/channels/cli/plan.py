"""`yici plan`: one plan, with its reasons."""

import argparse
import json
import sys
from pathlib import Path
from uuid import UUID

from yici.apps.catalogue import queries as catalogue
from yici.apps.people import queries as people
from yici.apps.places import queries as places
from yici.apps.planning.compiled import compiled_event
from yici.apps.planning.proofs import sharpened
from yici.apps.planning.queries import event_items, usual_holdings
from yici.apps.registry import queries as registry
from yici.rules.planner import plan_document
from yici.rules.refusals import Refusal


class CannotReadArgument(Refusal):
    """A file or JSON text on the command line that cannot be used."""


def parser(prog: str) -> argparse.ArgumentParser:
    """Return what `yici plan` understands."""
    made = argparse.ArgumentParser(prog, description="Compute one plan, with reasons.")
    made.add_argument("event", help="life event or item, e.g. newborn")
    made.add_argument("--region", required=True, help="region code, e.g. 330122")
    made.add_argument("--party", help="public id of a person or company: what the government can see of them")
    made.add_argument("--answers", default="{}", help="JSON text or file: question → answer")
    made.add_argument("--holdings", help='JSON text or file: "dataset.field" → available|missing|…, "*" for the rest')
    made.add_argument("--json", action="store_true", help="print one JSON document")
    return made


def run(arguments: argparse.Namespace) -> int:
    """Print the plan; 0 when it takes at most one visit, 1 for a breach, 2 for bad input."""
    try:
        document = _plan(arguments)
    except Refusal as refusal:
        print(f"{refusal.text('zh')}\n{refusal.text('en')}", file=sys.stderr)
        return 2
    if arguments.json:
        print(json.dumps(document, ensure_ascii=False))
    else:
        _say(document)
    return 1 if document["mode"] == "breach" else 0


def _read(text: str) -> dict[str, object]:
    try:
        raw = text if text.lstrip().startswith("{") else Path(text).read_text(encoding="utf-8")
        value = json.loads(raw)
    except (OSError, ValueError) as error:
        raise CannotReadArgument(
            zh=f"无法读取“{text[:80]}”：{error}。请给出 JSON 文本或文件。",
            en=f"Cannot read '{text[:80]}': {error}. Give JSON text or a file.",
        ) from error
    if not isinstance(value, dict):
        raise CannotReadArgument(zh="应为 JSON 对象。", en="A JSON object is wanted.")
    return value


def _plan(arguments: argparse.Namespace) -> dict[str, object]:
    region = places.region(arguments.region).code
    here = catalogue.catalogue_for(region)
    event = catalogue.event(arguments.event, region)
    compiled = compiled_event(here, event.key, {})
    if arguments.holdings:
        holdings = {key: str(value) for key, value in _read(arguments.holdings).items()}
    elif arguments.party:
        party = people.party_by_public_id(_public_id(arguments.party))
        known = registry.availability(
            party_id=party, region_code=region, wanted=compiled.wanted, items=event_items(compiled)
        )
        holdings = {"*": "missing", "assurance": "real_name", **{key: str(value) for key, value in known.items()}}
    else:
        holdings = dict(usual_holdings(here, compiled, region))
    plan = compiled.plan(_read(arguments.answers), holdings, region=region)
    return plan_document(sharpened(plan, here))


def _public_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise CannotReadArgument(
            zh=f"“{text[:80]}”不是服务对象的编号（UUID）。", en=f"'{text[:80]}' is not the id of a party (a UUID)."
        ) from error


def _say(document: dict) -> None:  # type: ignore[type-arg]
    print(f"{document['visits']} visit(s), mode {document['mode']}, {document['days']} working days promised")
    for reason in document.get("reasons", []):
        print(f"  {reason['zh']}\n  {reason['en']}")
