"""`yici topics`: read what is new, and find what concerns more people than chance explains."""

import argparse
import json
from typing import Any

from django.utils import timezone

from yici.apps.topics.finding import Sweep, find_topics
from yici.rules.topics import FALSE_SHARE


def parser(prog: str) -> argparse.ArgumentParser:
    """Return what `yici topics` understands."""
    made = argparse.ArgumentParser(prog, description="Topics: more voices of one meaning than chance explains.")
    acts = made.add_subparsers(dest="act", required=True)
    find = acts.add_parser("find", help="read what is new and judge the last whole week (the worker does it daily)")
    find.add_argument(
        "--false-share",
        type=float,
        default=FALSE_SHARE,
        metavar="SHARE",
        help=f"of all topics found at most this share is false ({FALSE_SHARE})",
    )
    find.add_argument("--json", action="store_true", help="print one JSON document")
    return made


def run(arguments: argparse.Namespace) -> int:
    """Find, print; 0 whether or not something stands out."""
    document = _document(find_topics(now=timezone.now(), false_share=arguments.false_share), arguments.false_share)
    print(json.dumps(document, ensure_ascii=False) if arguments.json else _lines(document))
    return 0


def _document(swept: Sweep, false_share: float) -> dict[str, Any]:
    opened = {f"{one.family}@{one.region.code}": one for one in swept.opened}
    return {
        "week": swept.week.isoformat(),
        "read": swept.read,
        "groups": swept.groups,
        "false_share": false_share,
        "topics": [
            {
                "group": one.key,
                "kind": one.kind.value,
                "voices": one.voices,
                "week_before": one.before,
                "expected": round(one.expected.weekly, 3),
                "chance_explains_up_to": one.expected.upper,
                "chance": one.chance,
                "surprise": round(one.surprise, 3),
                "why": one.words._asdict(),
                "opened": str(opened[one.key].public_id) if one.key in opened else None,
            }
            for one in swept.found
        ],
    }


def _lines(document: dict[str, Any]) -> str:
    head = f"{document['week']}: 新读声音 voices read {document['read']}, 组 groups {document['groups']}"
    rows = [
        f"  {one['kind']:10} {one['group']:50} {one['voices']} / {one['expected']}  10^-{one['surprise']:.1f}"
        for one in document["topics"]
    ]
    opened = sum(one["opened"] is not None for one in document["topics"])
    return "\n".join([head, *rows, f"新热点 new topics: {opened}"])
