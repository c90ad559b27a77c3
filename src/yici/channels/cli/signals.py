"""`yici signals`: count a month's signals, and open proposals for what is more than chance."""

import argparse
import json
from typing import Any

from django.utils import timezone

from yici.apps.places.months import last_whole_month, month_named
from yici.apps.reform.signals import Judgement, count_signals, judge_month
from yici.apps.reform.suggesting import suggest_for_open_proposals
from yici.rules.signals.triggers import FALSE_SHARE


def parser(prog: str) -> argparse.ArgumentParser:
    """Return what `yici signals` understands."""
    made = argparse.ArgumentParser(
        prog, description="Count signals against items; open proposals where it is no chance."
    )
    made.add_argument("--month", metavar="YYYY-MM", help="which month (the last one that is over)")
    made.add_argument(
        "--false-share",
        type=float,
        default=FALSE_SHARE,
        metavar="SHARE",
        help=f"of all triggers at most this share is false ({FALSE_SHARE})",
    )
    made.add_argument("--json", action="store_true", help="print one JSON document")
    return made


def run(arguments: argparse.Namespace) -> int:
    """Count, judge, print; 0 whether or not something stands out."""
    now = timezone.now()
    month = month_named(arguments.month) if arguments.month else last_whole_month(now)
    tallies = count_signals(month, now=now)
    document = _document(judge_month(month, now=now, false_share=arguments.false_share), tallies, arguments.false_share)
    document["suggestions"] = suggest_for_open_proposals(now=now)
    print(json.dumps(document, ensure_ascii=False) if arguments.json else _lines(document))
    return 0


def _document(judgement: Judgement, tallies: int, false_share: float) -> dict[str, Any]:
    return {
        "month": f"{judgement.month:%Y-%m}",
        "tallies": tallies,
        "cells": judgement.cells,
        "false_share": false_share,
        "triggers": [
            {
                "signal": one.kind.value,
                "item": one.trigger.cell.item,
                "region": one.trigger.cell.region,
                "events": one.trigger.cell.count,
                "expected": round(one.trigger.cell.expected, 3),
                "chance": one.trigger.chance,
            }
            for one in judgement.found
        ],
        "opened": [
            {"proposal": str(one.public_id), "item": one.item_key, "signal": one.kind} for one in judgement.opened
        ],
    }


def _lines(document: dict[str, Any]) -> str:
    head = f"{document['month']}: {document['cells']} 格 cells, 触发 triggers {len(document['triggers'])}"
    rows = [
        f"  {one['signal']:12} {one['item']:40} {one['region']} {one['events']} / {one['expected']}"
        for one in document["triggers"]
    ]
    return "\n".join([head, *rows, f"新提案 new proposals: {len(document['opened'])}"])
