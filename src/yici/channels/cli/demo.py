"""`yici demo`: loads the invented province and says with which accounts to look around."""

import argparse
import json
import sys
from pathlib import Path

from django.utils import timezone

from yici.apps.accountability import demo as accountability
from yici.apps.accountability.way_counting import count_missing
from yici.apps.halls import demo as halls
from yici.apps.halls import kiosk_demo as kiosks
from yici.apps.knowledge import demo as knowledge
from yici.apps.people import demo as people
from yici.apps.people import queries
from yici.apps.places import demo as places
from yici.apps.places.queries import is_loaded
from yici.apps.privacy import demo as privacy
from yici.apps.referrals import demo as referrals
from yici.apps.reform.importing import import_catalogue
from yici.apps.registry import demo as registry
from yici.apps.reviews import demo as reviews
from yici.apps.tickets import demo as tickets
from yici.apps.topics import demo as topics

PACKAGE = Path(__file__).resolve().parents[2]
# In a checkout the demonstration lies beside the sources; an installed package carries it inside.
FOLDERS = (PACKAGE / "demo", PACKAGE.parents[1] / "demo")
BY = "system:demo"


def parser(prog: str) -> argparse.ArgumentParser:
    """Return what `yici demo` understands."""
    made = argparse.ArgumentParser(prog, description="Load the demonstration, or list its accounts.")
    acts = made.add_subparsers(dest="act", required=True)
    load = acts.add_parser("load", help="load regions, catalogue, people and records")
    load.add_argument("--once", action="store_true", help="do nothing when regions are there already")
    accounts = acts.add_parser("accounts", help="list the demonstration accounts")
    accounts.add_argument("--json", action="store_true", help="print one JSON document")
    return made


def run(arguments: argparse.Namespace) -> int:
    """Load, or list."""
    return _load(once=arguments.once) if arguments.act == "load" else _accounts(as_json=arguments.json)


def folder() -> Path:
    """Return where the demonstration's files lie."""
    return next(path for path in FOLDERS if (path / "catalogue").is_dir())


def load_all() -> None:
    """Load everything in its order; loading again changes nothing."""
    now, here = timezone.now(), folder()
    places.load(now, here)
    import_catalogue(path=here / "catalogue", by=BY, now=now)
    people.load(now, here)
    registry.load(now, here)
    halls.load(now)
    kiosks.load(now, here)
    knowledge.load(now, here)
    tickets.load(now, here)
    privacy.load(now, here)
    reviews.load(now)
    topics.load(now)
    referrals.load(now)
    accountability.load(now)
    count_missing(now)


def _load(*, once: bool) -> int:
    if once and is_loaded():
        return 0
    print("正在载入演示数据… Loading the demonstration…", file=sys.stderr)
    load_all()
    return 0


def _accounts(*, as_json: bool) -> int:
    rows = [*queries.demo_people(), *queries.demo_staff()]
    if as_json:
        accounts = [{"login": row.login, "name": row.name, "note": row.note._asdict()} for row in rows]
        print(json.dumps({"password": people.DEMO_PASSWORD, "accounts": accounts}, ensure_ascii=False))
        return 0
    for row in rows:
        print(f"{row.login:16} {row.name} {row.note.zh} · {row.note.en}")
    return 0
