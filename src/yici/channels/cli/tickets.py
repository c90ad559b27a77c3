"""`yici tickets`: voices from other platforms; the text model; matters, hot topics and near duplicates in a file."""

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any
from uuid import UUID

from django.utils import timezone

from yici.apps.tickets import importing, platforms
from yici.apps.tickets.meaning.duplicate_bench import measure
from yici.apps.tickets.meaning.evaluation import evaluate, evaluate_in_parts, hidden_categories
from yici.apps.tickets.meaning.messages import read_messages
from yici.apps.tickets.meaning.model import PRECISION, train
from yici.apps.tickets.meaning.topics import topics_of
from yici.apps.tickets.meaning.versions import Version, Versions, versions_in

GOOD, BAD_USAGE = 0, 2


def parser(prog: str) -> argparse.ArgumentParser:
    """Return what `yici tickets` understands."""
    made = argparse.ArgumentParser(
        prog, description="What messages say. Files are CSV: id,time,subject,detail[,label]."
    )
    acts = made.add_subparsers(dest="act", required=True)
    learn = acts.add_parser("train", help="train a new version of the model and make it current")
    learn.add_argument("file", type=Path, metavar="FILE", help="CSV with labels")
    _precision(learn)
    judge = acts.add_parser("evaluate", help="measure on messages kept apart; nothing is kept")
    judge.add_argument("--train", type=Path, required=True, metavar="FILE")
    kept_apart = judge.add_mutually_exclusive_group(required=True)
    kept_apart.add_argument("--test", type=Path, metavar="FILE")
    kept_apart.add_argument("--parts", type=_parts, metavar="N", help="keep each N-th of the training file apart once")
    judge.add_argument("--seed", type=int, default=0, help="how the file is cut into parts (0)")
    judge.add_argument("--quick", action="store_true", help="do not hide each category once to measure abstention")
    _precision(judge)
    acts.add_parser("versions", help="list the versions of the model with their evaluation")
    back = acts.add_parser("roll-back", help="use an earlier version of the model again")
    back.add_argument("--to", type=int, metavar="NUMBER", help="its number; else the one before the current")
    group = acts.add_parser("topics", help="matters and hot topics of the messages in a file")
    group.add_argument("file", type=Path, nargs="?", metavar="FILE")
    group.add_argument("--bench", type=int, metavar="N", help="measure the near-duplicate search on N made texts")
    taken = acts.add_parser("import", help="file the messages of another platform; all rows of the file or none")
    taken.add_argument("file", type=Path, metavar="FILE", help="id,time,subject,detail[,name,phone,address,region]")
    taken.add_argument("--region", required=True, metavar="CODE", help="where they belong, unless a row says so")
    taken.add_argument("--source", required=True, metavar="NAME", help="whose they are: the same id counts once")
    let_in = acts.add_parser("open-platform", help="let another platform file by Open311; its key is shown once")
    let_in.add_argument("name", metavar="NAME")
    let_in.add_argument("--region", required=True, metavar="CODE", help="for which region it may file")
    close = acts.add_parser("close-platform", help="take a platform's key away")
    close.add_argument("id", type=UUID, metavar="ID")
    acts.add_parser("platforms", help="list the platforms that may file")
    for act in acts.choices.values():
        act.add_argument("--json", action="store_true", help="print one JSON document")
    return made


def _precision(act: argparse.ArgumentParser) -> None:
    act.add_argument(
        "--precision", type=_share, default=PRECISION, help=f"declared precision of confident proposals ({PRECISION})"
    )


def _share(written: str) -> float:
    share = float(written)
    if not 0.5 <= share <= 1:
        raise argparse.ArgumentTypeError("must be from 0.5 to 1")
    return share


def _parts(written: str) -> int:
    parts = int(written)
    if not 2 <= parts <= 100:
        raise argparse.ArgumentTypeError("must be from 2 to 100")
    return parts


def needs(arguments: argparse.Namespace) -> str:
    """Return what must run first: texts are read without a database, tickets are not."""
    return "tables" if arguments.act in WITH_TABLES else "nothing"


def run(arguments: argparse.Namespace) -> int:
    """Do one act and print its answer; 0, or 2 when nothing was asked for."""
    return ACTS[arguments.act](arguments)


def _train(arguments: argparse.Namespace) -> int:
    rows = read_messages(arguments.file, labelled=True)
    _progress(f"training on {len(rows)} messages")
    version = _versions().retrain(rows, now=timezone.now(), precision=arguments.precision)
    return _print(_of_version(version, current=True), as_json=arguments.json)


def _evaluate(arguments: argparse.Namespace) -> int:
    training = read_messages(arguments.train, labelled=True)
    if arguments.parts:
        _progress(f"training {arguments.parts} times on {len(training)} messages")
        chosen = {"parts": arguments.parts, "seed": arguments.seed, "precision": arguments.precision}
        return _print(evaluate_in_parts(training, **chosen), as_json=arguments.json)
    asked = read_messages(arguments.test, labelled=True)
    _progress(f"training on {len(training)} messages")
    model = train(training, precision=arguments.precision).model
    report = evaluate(model, asked)
    if not arguments.quick:
        _progress("hiding each category once")
        strangers = hidden_categories(model, training, asked)
        report["hidden_categories"] = [
            {"category": one.category, "texts": one.texts, "abstained": one.abstained} for one in strangers
        ]
    return _print(report, as_json=arguments.json)


def _list(arguments: argparse.Namespace) -> int:
    versions = _versions()
    current = versions.current_number()
    listed = [_of_version(one, current=one.number == current) for one in versions.all()]
    if arguments.json:
        return _print({"versions": listed}, as_json=True)
    for one in listed:
        print(f"{'*' if one['current'] else ' '} {one['version']:4} {one['trained_at']} macro_f1={one['macro_f1']}")
    if not listed:
        print("还没有训练过模型。 No model has been trained yet.")
    return GOOD


def _roll_back(arguments: argparse.Namespace) -> int:
    version = _versions().roll_back(arguments.to)
    return _print(_of_version(version, current=True), as_json=arguments.json)


def _topics(arguments: argparse.Namespace) -> int:
    if (arguments.file is None) == (arguments.bench is None):
        print("请给出 FILE 或 --bench N，二者之一。\nGive FILE or --bench N, one of them.", file=sys.stderr)
        return BAD_USAGE
    if arguments.bench is not None:
        return _print(measure(arguments.bench, say=_progress), as_json=arguments.json)
    found = topics_of(read_messages(arguments.file))
    if arguments.json:
        return _print(found.document(), as_json=True)
    for one in found.matters:
        print(f"{one.heat:6.1f} {len(one.ids):4} {one.first} {one.last} {one.place or '—'} {one.name}")
    return GOOD


def _versions() -> Versions:
    return versions_in(Path(os.environ.get("YICI_DATA", ".yici")))


def _of_version(version: Version, *, current: bool) -> dict[str, Any]:
    return {"version": version.number, "current": current, **version.evaluation}


def _progress(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


def _print(document: dict[str, Any], *, as_json: bool) -> int:
    print(json.dumps(document, ensure_ascii=False, indent=None if as_json else 1))
    return GOOD


def _import(arguments: argparse.Namespace) -> int:
    done = importing.import_file(
        path=arguments.file, region_code=arguments.region, source=arguments.source, by=BY, now=timezone.now()
    )
    sentence = f"登记 {done.filed} 件，已有 {done.known} 件。 Filed {done.filed}, known {done.known}."
    return _say(arguments, {"filed": done.filed, "known": done.known}, sentence)


def _open_platform(arguments: argparse.Namespace) -> int:
    public_id, key = platforms.open_platform(
        name=arguments.name, region_code=arguments.region, by=BY, now=timezone.now()
    )
    sentence = f"{public_id}\n密钥只显示这一次。 The key is shown this once: {key}"
    return _say(arguments, {"id": str(public_id), "api_key": key}, sentence)


def _close_platform(arguments: argparse.Namespace) -> int:
    platforms.close_platform(public_id=arguments.id, by=BY, now=timezone.now())
    return _say(arguments, {"closed": str(arguments.id)}, "已收回密钥。 The key is taken away.")


def _platforms(arguments: argparse.Namespace) -> int:
    found = [{"id": str(key), "name": name, "region": code} for key, name, code in platforms.open_platforms()]
    lines = "\n".join(f"{one['id']}  {one['region']}  {one['name']}" for one in found)
    return _say(arguments, {"platforms": found}, lines or "还没有平台。 There is no platform yet.")


def _say(arguments: argparse.Namespace, document: dict[str, Any], sentence: str) -> int:
    print(json.dumps(document, ensure_ascii=False) if arguments.json else sentence)
    return GOOD


BY = "system:tickets"
WITH_TABLES = frozenset({"import", "open-platform", "close-platform", "platforms"})
ACTS = {
    "import": _import,
    "open-platform": _open_platform,
    "close-platform": _close_platform,
    "platforms": _platforms,
    "train": _train,
    "evaluate": _evaluate,
    "versions": _list,
    "roll-back": _roll_back,
    "topics": _topics,
}
