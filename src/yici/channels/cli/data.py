"""`yici data`: gaps in shared data, and how much of what people brought is fetched by now."""

import argparse
import json
from datetime import date, datetime
from typing import Any

from yici.apps.cases.data_shares import fetched_share
from yici.apps.registry.data_figures import all_gap_groups
from yici.rules.clock_courses import midnight_of


def parser(prog: str) -> argparse.ArgumentParser:
    """Return what `yici data` understands."""
    made = argparse.ArgumentParser(prog, description="Figures about shared data; no person is in them.")
    acts = made.add_subparsers(dest="act", required=True)
    gaps = acts.add_parser("gaps", help="what data could not satisfy, by field and cause")
    gaps.add_argument("--region", help="region code, e.g. 330122")
    gaps.add_argument("--json", action="store_true", help="print one JSON document")
    share = acts.add_parser("share", help="share of requirements fetched, and turned from brought to fetched")
    share.add_argument("--since", type=date.fromisoformat, help="first day, e.g. 2026-11-01")
    share.add_argument("--json", action="store_true", help="print one JSON document")
    return made


def run(arguments: argparse.Namespace) -> int:
    """Print the figures; 0, or 1 when there are open gaps."""
    return _gaps(arguments) if arguments.act == "gaps" else _share(arguments)


def _gaps(arguments: argparse.Namespace) -> int:
    groups = all_gap_groups(region_code=arguments.region)
    rows: list[dict[str, Any]] = [
        {
            "dataset": one.dataset_key,
            "field": one.field_key,
            "cause": one.cause.value,
            "gaps": one.count,
            "open": one.open_count,
        }
        for one in groups
    ]
    opened = sum(one.open_count for one in groups)
    _print({"gaps": rows, "open": opened}, rows, as_json=arguments.json)
    return 1 if opened else 0


def _share(arguments: argparse.Namespace) -> int:
    since: datetime | None = midnight_of(arguments.since) if arguments.since else None
    rows: list[dict[str, Any]] = [
        {
            "month": one.month,
            "dataset": one.dataset,
            "region": one.region,
            "fetched": one.fetched,
            "brought": one.brought,
            "turned": one.turned,
            "fetched_share": one.fetched_share,
            "turned_share": one.turned_share,
        }
        for one in fetched_share(since=since)
    ]
    _print({"rows": rows}, rows, as_json=arguments.json)
    return 0


def _print(document: dict[str, Any], rows: list[dict[str, Any]], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(document, ensure_ascii=False))
        return
    for row in rows:
        print("  ".join(f"{key}={value}" for key, value in row.items()))
    if not rows:
        print("没有数据。 Nothing recorded.")
