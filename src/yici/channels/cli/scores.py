"""`yici scores`: count a month, list its scorecards, write out everything they stand on."""

import argparse
import json
from datetime import date
from pathlib import Path
from typing import Any

from django.utils import timezone

from yici.apps.accountability import queries
from yici.apps.accountability.exporting import export
from yici.apps.accountability.month_counting import count_months
from yici.apps.accountability.queries import Card
from yici.apps.accountability.way_counting import count_ways
from yici.apps.places.months import month_named, month_of


def parser(prog: str) -> argparse.ArgumentParser:
    """Return what `yici scores` understands."""
    made = argparse.ArgumentParser(prog, description="Scorecards of organisations: count, list, export.")
    acts = made.add_subparsers(dest="act", required=True)
    for name, sentence in (
        ("count", "count every measure, the funnel and the flow of the months anew"),
        ("list", "list the cards of a month, the best first"),
        ("export", "write formula and inputs, from which a stranger gets the same numbers"),
    ):
        act = acts.add_parser(name, help=sentence)
        act.add_argument("--month", action="append", metavar="YYYY-MM", help="which month (this one)")
        act.add_argument("--json", action="store_true", help="print one JSON document")
    acts.choices["list"].add_argument("--region", default="", metavar="CODE", help="only there and below")
    acts.choices["list"].add_argument("--span", type=int, default=1, metavar="MONTHS", help="so many months together")
    acts.choices["export"].add_argument("folder", type=Path, metavar="FOLDER")
    return made


def run(arguments: argparse.Namespace) -> int:
    """Do one act and print what it did."""
    months = [month_named(text) for text in arguments.month or []] or [month_of(timezone.now())]
    return {"count": _count, "list": _list, "export": _export}[arguments.act](arguments, months)


def _count(arguments: argparse.Namespace, months: list[date]) -> int:
    made = {f"{month:%Y-%m}": tallies for month, tallies in count_months(months, now=timezone.now()).items()}
    for month in months:
        count_ways(month, now=timezone.now())
    lines = "\n".join(f"{month}  {tallies} 项 tallies" for month, tallies in made.items())
    return _print(arguments, {"tallies": made}, lines)


def _list(arguments: argparse.Namespace, months: list[date]) -> int:
    found = queries.cards(month=months[-1], region_code=arguments.region, span=arguments.span)
    lines = "\n".join(f"{_total(one):>6}  {one.region.zh}{one.name.zh}  {one.name.en}" for one in found)
    document = {"month": f"{months[-1]:%Y-%m}", "cards": [_card(one) for one in found]}
    return _print(arguments, document, lines or "这个月还没有统计。 Nothing has been counted for this month.")


def _total(one: Card) -> str:
    return "-" if one.score.total is None else f"{one.score.total:.1f}"


def _card(one: Card) -> dict[str, Any]:
    return {
        "organisation": str(one.organisation_id),
        "name": one.name.zh,
        "region": one.region_code,
        "total": one.score.total,
        "parts": {part.measure: part.drawn for part in one.score.parts},
    }


def _export(arguments: argparse.Namespace, months: list[date]) -> int:
    paths = [str(path) for month in months for path in export(arguments.folder, month=month)]
    return _print(arguments, {"files": paths}, "\n".join(paths))


def _print(arguments: argparse.Namespace, document: dict[str, Any], lines: str) -> int:
    print(json.dumps(document, ensure_ascii=False) if arguments.json else lines)
    return 0
