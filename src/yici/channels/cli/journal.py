"""`yici journal verify`: finds any change to the journal."""

import argparse
import json

from django.utils import timezone

from yici.apps.journal import jobs, queries


def parser(prog: str) -> argparse.ArgumentParser:
    """Return what `yici journal` understands."""
    made = argparse.ArgumentParser(prog, description="Verify or seal the journal.")
    acts = made.add_subparsers(dest="act", required=True)
    verify = acts.add_parser("verify", help="recompute every hash and every seal")
    verify.add_argument("--json", action="store_true", help="print one JSON document")
    acts.add_parser("seal", help="seal what has come in since the last seal")
    return made


def run(arguments: argparse.Namespace) -> int:
    """Verify (0 intact, 1 changed) or seal."""
    if arguments.act == "seal":
        print(jobs.seal(timezone.now()))
        return 0
    found = queries.verify()
    if arguments.json:
        document = {"ok": found.ok, "entries": found.entries, "first_bad": found.first_bad}
        print(json.dumps({**document, "sentence": found.sentence._asdict()}, ensure_ascii=False))
    else:
        print(f"{found.sentence.zh}\n{found.sentence.en}")
    return 0 if found.ok else 1
