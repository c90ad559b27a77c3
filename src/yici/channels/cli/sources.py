"""`yici sources`: the live registers behind datasets: take over a file of them, list them, try them."""

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path

from django.utils import timezone

from yici.apps.registry import source_acts, xroad
from yici.apps.registry.connectors.settings import CannotConnect
from yici.apps.registry.source_acts import SourceView

BY = "system:cli"
GOOD, FOUND_WRONG, BAD_USAGE = 0, 1, 2


def parser(prog: str) -> argparse.ArgumentParser:
    """Return what `yici sources` understands."""
    made = argparse.ArgumentParser(prog, description="Live registers behind datasets.")
    acts = made.add_subparsers(dest="act", required=True)
    load = acts.add_parser("load", help="take over a YAML file of sources; secrets come from the environment")
    load.add_argument("file", type=Path)
    admit = acts.add_parser("admit", help="let a member of another platform ask us over X-Road; prints its token once")
    admit.add_argument("file", type=Path)
    admit.add_argument("--json", action="store_true", help="print one JSON document")
    lists = acts.add_parser("list", help="list the sources")
    lists.add_argument("--json", action="store_true", help="print one JSON document")
    probes = acts.add_parser("probe", help="try sources now, without any person's number")
    probes.add_argument("name", nargs="*", help="all when none is named")
    probes.add_argument("--json", action="store_true", help="print one JSON document")
    return made


def run(arguments: argparse.Namespace) -> int:
    """Do one act; 0 good, 1 a source does not work, 2 a file or name that cannot be used."""
    try:
        return _ACTS[arguments.act](arguments)
    except CannotConnect as refusal:
        print(f"{refusal.text('zh')}\n{refusal.text('en')}", file=sys.stderr)
        return BAD_USAGE


def _load(arguments: argparse.Namespace) -> int:
    names = source_acts.load_sources(path=arguments.file, by=BY, now=timezone.now())
    print(f"已登记 {len(names)} 个数据来源。 {len(names)} sources taken over: {', '.join(names)}")
    return GOOD


def _admit(arguments: argparse.Namespace) -> int:
    tokens = xroad.admit_members(path=arguments.file, by=BY, now=timezone.now())
    if arguments.json:
        print(json.dumps({"tokens": tokens}, ensure_ascii=False))
        return GOOD
    print("令牌只显示这一次，请交给对方。 Each token is shown this once; hand it to the member.")
    for client, token in tokens.items():
        print(f"{client} {token}")
    return GOOD


def _list(arguments: argparse.Namespace) -> int:
    views = source_acts.every_source(now=timezone.now())
    if arguments.json:
        print(json.dumps({"sources": [_described(one) for one in views]}, ensure_ascii=False))
        return GOOD
    for one in views:
        print(f"{one.name:24} {one.kind:10} {one.region_code or '-':12} {one.title.zh} · {one.title.en}")
    return GOOD


def _described(one: SourceView) -> dict[str, object]:
    return {
        "name": one.name,
        "title": one.title._asdict(),
        "dataset": one.dataset._asdict(),
        "region": one.region_code or None,
        "kind": one.kind,
        "deadline_ms": one.deadline_ms,
        "fresh_seconds": one.fresh_seconds,
        "enabled": one.enabled,
    }


def _probe(arguments: argparse.Namespace) -> int:
    found = source_acts.probe_all(names=arguments.name, now=timezone.now())
    if arguments.json:
        rows = [
            {"name": one.name, "ok": one.ok, "sentence": one.sentence._asdict(), "milliseconds": one.milliseconds}
            for one in found
        ]
        print(json.dumps({"ok": all(one.ok for one in found), "sources": rows}, ensure_ascii=False))
    else:
        for one in found:
            print(f"{one.name:24} {one.milliseconds:5} ms  {one.sentence.zh} {one.sentence.en}")
    return GOOD if all(one.ok for one in found) else FOUND_WRONG


_ACTS: dict[str, Callable[[argparse.Namespace], int]] = {
    "load": _load,
    "admit": _admit,
    "list": _list,
    "probe": _probe,
}
