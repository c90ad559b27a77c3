"""`yici open-data`: publish the files of a month, list what was published."""

import argparse
import json
from pathlib import Path

from django.utils import timezone

from yici.apps.accountability.open_publishing import Edition, editions, publish
from yici.apps.places.months import month_named


def parser(prog: str) -> argparse.ArgumentParser:
    """Return what `yici open-data` understands."""
    made = argparse.ArgumentParser(prog, description="Open data of a month: publish, list.")
    acts = made.add_subparsers(dest="act", required=True)
    publishing = acts.add_parser("publish", help="write the files of a month anew")
    publishing.add_argument("--month", required=True, metavar="YYYY-MM", help="which month")
    publishing.add_argument(
        "--out", type=Path, metavar="FOLDER", help="into this folder, not where the site gives them"
    )
    listing = acts.add_parser("list", help="list the months that are published")
    for act in (publishing, listing):
        act.add_argument("--json", action="store_true", help="print one JSON document")
    return made


def run(arguments: argparse.Namespace) -> int:
    """Do one act and print what it did."""
    if arguments.act == "publish":
        found = [publish(month_named(arguments.month), now=timezone.now(), folder=arguments.out)]
    else:
        found = editions()
    if arguments.json:
        print(json.dumps([_document(one) for one in found], ensure_ascii=False))
    else:
        print("\n".join(map(_lines, found)) or "还没有公布过。 Nothing has been published yet.")
    return 0


def _lines(one: Edition) -> str:
    files = (f"  {file.sha256[:16]}  {file.rows:>7}  {file.name}" for file in one.files)
    return "\n".join([f"{one.month:%Y-%m}  {one.published_at:%Y-%m-%d %H:%M}", *files])


def _document(one: Edition) -> dict[str, object]:
    files = [{"name": file.name, "rows": file.rows, "size": file.size, "sha256": file.sha256} for file in one.files]
    return {"month": f"{one.month:%Y-%m}", "published_at": one.published_at.isoformat(), "files": files}
