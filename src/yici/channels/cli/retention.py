"""`yici retention`: says what has been kept long enough, and ends it."""

import argparse
import json
import sys

from django.utils import timezone

from yici.apps.privacy import retention

BY = "system:retention"


def parser(prog: str) -> argparse.ArgumentParser:
    """Return what `yici retention` understands."""
    made = argparse.ArgumentParser(prog, description="End what has been kept long enough.")
    acts = made.add_subparsers(dest="act", required=True)
    report = acts.add_parser("report", help="count what is due and what is kept on which ground; changes nothing")
    ending = acts.add_parser("run", help="delete or empty what is due; may be interrupted and run again")
    ending.add_argument("--batch", type=int, default=retention.BATCH, help=f"rows at a time ({retention.BATCH})")
    for act in (report, ending):
        act.add_argument("--json", action="store_true", help="print one JSON document")
    return made


def run(arguments: argparse.Namespace) -> int:
    """Report, or end."""
    return _report(as_json=arguments.json) if arguments.act == "report" else _run(arguments)


def _report(*, as_json: bool) -> int:
    now = timezone.now()
    rows = [_document(one) for one in retention.report(now=now)]
    document = {"on": timezone.localdate(now).isoformat(), "models": rows, "uncovered": retention.uncovered()}
    if as_json:
        print(json.dumps(document, ensure_ascii=False))
        return 0
    for one in rows:
        print(f"{one['model']:26} {one['ending']:7} due {one['due']:>7} of {one['rows']:>8}  {one['period']}")
    return 0


def _document(one: retention.Due) -> dict[str, object]:
    return {
        "model": one.model,
        "keeping": one.sentence._asdict(),
        "period": one.period.period.words.en,
        "source": one.period.source._asdict(),
        "verified": one.period.verified,
        "ending": str(one.ending),
        "rows": one.rows,
        "due": one.due,
        "oldest": one.oldest.isoformat() if one.oldest else None,
        "kept": [{"ground": str(key), "why": key.words._asdict(), "count": n} for key, n in one.kept.items()],
    }


def _run(arguments: argparse.Namespace) -> int:
    done = retention.run(by=BY, now=timezone.now(), batch=arguments.batch, tell=_progress)
    ended = [{"model": one.model, "ending": str(one.ending), "count": one.count} for one in done]
    if arguments.json:
        print(json.dumps({"ended": ended, "total": sum(one.count for one in done)}, ensure_ascii=False))
    else:
        print("\n".join(f"{one.model}: {one.count} {one.ending.words.en}" for one in done) or "Nothing was due.")
    return 0


def _progress(model: str, count: int) -> None:
    print(f"\r{model}: {count} ", end="", file=sys.stderr, flush=True)
