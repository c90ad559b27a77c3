"""`yici topics`: read what is new, and find what concerns more people than chance explains."""

import argparse
import json
from pathlib import Path
from typing import Any

from django.utils import timezone

from yici.apps.tickets.meaning.messages import read_messages
from yici.apps.topics.finding import Sweep, find_topics
from yici.apps.topics.in_files import MOST, FileTopic, topics_in
from yici.rules.topics import FALSE_SHARE


def parser(prog: str) -> argparse.ArgumentParser:
    """Return what `yici topics` understands."""
    made = argparse.ArgumentParser(prog, description="Topics: more voices of one meaning than chance explains.")
    acts = made.add_subparsers(dest="act", required=True)
    find = acts.add_parser("find", help="read what is new and judge the last whole week (the worker does it daily)")
    read = acts.add_parser("file", help="the most surprising matters of a CSV file; needs no database")
    read.add_argument("file", type=Path, metavar="FILE", help="id,time,subject,detail[,user][,up][,down]")
    read.add_argument("--most", type=int, default=MOST, metavar="N", help=f"how many ({MOST})")
    for act in (find, read):
        act.add_argument(
            "--false-share",
            type=float,
            default=FALSE_SHARE,
            metavar="SHARE",
            help=f"of all topics found at most this share is false ({FALSE_SHARE})",
        )
        act.add_argument("--json", action="store_true", help="print one JSON document")
    return made


def needs(arguments: argparse.Namespace) -> str:
    """Return what must run first: a file is read without a database."""
    return "nothing" if arguments.act == "file" else "tables"


def run(arguments: argparse.Namespace) -> int:
    """Find, print; 0 whether or not something stands out."""
    return _file(arguments) if arguments.act == "file" else _find(arguments)


def _file(arguments: argparse.Namespace) -> int:
    messages = read_messages(arguments.file)
    found = topics_in(messages, most=arguments.most, false_share=arguments.false_share)
    rows = [_row(rank, one) for rank, one in enumerate(found, start=1)]
    document = {"messages": len(messages), "false_share": arguments.false_share, "topics": rows}
    print(json.dumps(document, ensure_ascii=False) if arguments.json else _table(document))
    return 0


def _row(rank: int, one: FileTopic) -> dict[str, Any]:
    matter, loudest = one.matter, one.loudest
    return {
        "rank": rank,
        "label": matter.name,
        "found": one.found,
        "span": {"first": matter.first, "last": matter.last},
        "messages": len(matter.ids),
        "people": matter.voices,
        "votes": matter.reactions,
        "regions": one.regions,
        "place": matter.place,
        "loudest_week": loudest.week.isoformat(),
        "voices": loudest.voices,
        "week_before": loudest.before,
        "expected": round(loudest.expected.weekly, 3),
        "chance_explains_up_to": loudest.expected.upper,
        "chance": loudest.chance,
        "samples": one.samples,
        "ids": matter.ids,
    }


def _table(document: dict[str, Any]) -> str:
    head = f"留言 messages {document['messages']}；* 达到热点标准 is a topic by the rule"
    return "\n".join([head, *(line for one in document["topics"] for line in _shown(one))])


def _shown(one: dict[str, Any]) -> list[str]:
    span = f"{(one['span']['first'] or '')[:10]}–{(one['span']['last'] or '')[:10]}"
    week = f"{one['loudest_week']}: {one['voices']}+{one['week_before']} / {one['expected']:.2f}"
    return [
        f"{one['rank']:3}{'*' if one['found'] else ' '} {one['label']}",
        f"     {span}  {one['messages']} 条 messages, {one['people']} 人 people; {week}; {'、'.join(one['regions'])}",
        *(f"       · {sample}" for sample in one["samples"]),
    ]


def _find(arguments: argparse.Namespace) -> int:
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
