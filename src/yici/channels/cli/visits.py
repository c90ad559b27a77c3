"""`yici visits`: visits promised before applying against visits that took place."""

import argparse
import json

from yici.apps.halls import serving_queries as queries
from yici.apps.halls import visit_counts


def parser(prog: str) -> argparse.ArgumentParser:
    """Return what `yici visits` understands."""
    made = argparse.ArgumentParser(prog, description="Promised visits against those that took place.")
    made.add_argument("--region", help="region code: only applications there and below")
    made.add_argument("--json", action="store_true", help="print one JSON document")
    return made


def run(arguments: argparse.Namespace) -> int:
    """Print the account; 0 when every promise held so far, 1 when one was broken."""
    document = visit_counts.document(visit_counts.account(region_code=arguments.region))
    demands = queries.demand_counts(region_code=arguments.region or "330000")
    document["asked_beyond_the_plan"] = [
        {"item": one.item_key, "region": one.region_code, "department": one.by_department, "clerk": one.by_clerk}
        for one in demands
    ]
    if arguments.json:
        print(json.dumps(document, ensure_ascii=False))
    else:
        _say(document)
    return 1 if document["broken"] else 0


def _say(document: dict[str, object]) -> None:
    share = document["kept_share"]
    kept = f"{share:.1%}" if isinstance(share, float) else "-"
    print(f"{document['applications']} applications: {document['promised']} visits promised, {document['actual']} made")
    print(f"kept {document['kept']}, broken {document['broken']}, open {document['open']}; kept share {kept}")
