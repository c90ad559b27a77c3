"""`yici congress`: write the yearly report to the standing committee; follow through what is in force."""

import argparse
import json
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from yici.apps.accountability.congress_pdf import draw
from yici.apps.accountability.congress_report import report_of
from yici.apps.places.queries import region_row
from yici.apps.referrals.following import follow_all, mail_all


def parser(prog: str) -> argparse.ArgumentParser:
    """Return what `yici congress` understands."""
    made = argparse.ArgumentParser(prog, description="Referrals and the yearly report to the standing committee.")
    acts = made.add_subparsers(dest="act", required=True)
    report = acts.add_parser("report", help="write the report of a year and a region as PDF")
    report.add_argument("--year", type=int, required=True, metavar="YYYY")
    report.add_argument("--region", default="330000", metavar="CODE", help="province, city or county (330000)")
    report.add_argument("--out", type=Path, required=True, metavar="FILE")
    follow = acts.add_parser("follow", help="follow through what has come into force, and tell everybody")
    for one in (report, follow):
        one.add_argument("--json", action="store_true", help="print one JSON document")
    return made


def run(arguments: argparse.Namespace) -> int:
    """Do one act and print what it did."""
    return {"report": _report, "follow": _follow}[arguments.act](arguments)


def _report(arguments: argparse.Namespace) -> int:
    found = report_of(region_row(arguments.region), arguments.year, now=timezone.now())
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    arguments.out.write_bytes(draw(found, demo=settings.DEMO))
    return _print(arguments, {"file": str(arguments.out), "region": found.region.zh, "year": found.year})


def _follow(arguments: argparse.Namespace) -> int:
    now = timezone.now()
    return _print(arguments, {"told": follow_all(now=now), "mailed": mail_all(now=now)})


def _print(arguments: argparse.Namespace, document: dict[str, object]) -> int:
    plain = "  ".join(f"{key}: {value}" for key, value in document.items())
    print(json.dumps(document, ensure_ascii=False) if arguments.json else plain)
    return 0
