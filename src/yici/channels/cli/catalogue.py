"""`yici catalogue`: imports, exports and checks items and life events."""

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from django.utils import timezone

from yici.apps.catalogue import actions, queries
from yici.apps.catalogue.queries import CannotImport, Fault
from yici.apps.places import queries as places
from yici.apps.reform import importing
from yici.apps.registry import actions as registry
from yici.channels.cli import diffing, proving
from yici.rules.burden.documents import comparison_document
from yici.rules.lint import Finding
from yici.rules.refusals import Refusal

BY = "system:cli"
GOOD, FOUND_WRONG, BAD_USAGE = 0, 1, 2


def parser(prog: str) -> argparse.ArgumentParser:
    """Return what `yici catalogue` understands."""
    made = argparse.ArgumentParser(prog, description="Import, export and check items and life events.")
    acts = made.add_subparsers(dest="act", required=True)
    imports = acts.add_parser("import", help="read YAML files, or a national exchange table (.csv)")
    imports.add_argument("path", type=Path, help="a folder, a .yaml file, or a .csv table")
    imports.add_argument("--dry-run", action="store_true", help="check and count, store nothing")
    imports.add_argument("--json", action="store_true", help="print one JSON document")
    exports = acts.add_parser("export", help="write the catalogue as YAML that imports again")
    exports.add_argument("--format", choices=["yici"], default="yici")
    exports.add_argument("--to", type=Path, metavar="FOLDER", help="one file each below this folder, not one stream")
    lints = acts.add_parser("lint", help="apply the consistency rules to files, or to what is stored")
    lints.add_argument("path", type=Path, nargs="?", help="files not imported yet; without it the stored catalogue")
    lints.add_argument("--region", default="", help="the stored catalogue as it is in this region")
    lints.add_argument("--json", action="store_true", help="print one JSON document")
    proving.add_to(acts)
    diffing.add_to(acts)
    return made


def run(arguments: argparse.Namespace) -> int:
    """Do one act; 0 good, 1 something is wrong with the catalogue, 2 bad usage."""
    try:
        return _ACTS[arguments.act](arguments)
    except CannotImport as refusal:
        return _refused(refusal, as_json=arguments.json)
    except importing.CannotTakeBack as refusal:
        return _taken_back(refusal, as_json=arguments.json)
    except Refusal as refusal:
        print(f"{refusal.text('zh')}\n{refusal.text('en')}", file=sys.stderr)
    except OSError as error:
        print(f"无法写入：{error.strerror}。 Cannot be written: {error.strerror}.", file=sys.stderr)
    return BAD_USAGE


def _import(arguments: argparse.Namespace) -> int:
    if arguments.path.suffix.lower() == ".csv":
        return _import_table(arguments)
    report = importing.import_catalogue(path=arguments.path, by=BY, now=timezone.now(), dry_run=arguments.dry_run)
    if not arguments.dry_run:
        registry.follow_catalogue(by=BY, now=timezone.now())
    _say(
        actions.report_document(report) | {"faults": []},
        f"{report.files} 个文件：新增 {len(report.new)}，变更 {len(report.changed)}，不变 {report.unchanged}，"
        f"新增实施清单 {report.implementations}。\n"
        f"{report.files} files: {len(report.new)} new, {len(report.changed)} changed, {report.unchanged} unchanged, "
        f"{report.implementations} new implementations.",
        as_json=arguments.json,
    )
    return GOOD


def _import_table(arguments: argparse.Namespace) -> int:
    report = actions.import_exchange(path=arguments.path, by=BY, now=timezone.now(), dry_run=arguments.dry_run)
    document = {
        "stored": not arguments.dry_run,
        "rows": report.stored,
        "linked": report.linked,
        "faults": _fault_documents(report.faults),
    }
    _complain(report.faults, as_json=arguments.json)
    _say(
        document,
        f"导入 {report.stored} 行，其中 {report.linked} 行对应已有事项；拒绝 {len(report.faults)} 行。\n"
        f"{report.stored} rows kept, {report.linked} of them items of ours; {len(report.faults)} rows refused.",
        as_json=arguments.json,
    )
    return FOUND_WRONG if report.faults else GOOD


def _export(arguments: argparse.Namespace) -> int:
    if arguments.to is None:
        for piece in queries.exported():
            sys.stdout.write(piece)
        return GOOD
    count = queries.export_to(arguments.to)
    print(f"已写入 {count} 个文件。 {count} files written.", file=sys.stderr)
    return GOOD


def _lint(arguments: argparse.Namespace) -> int:
    found = queries.findings_in(arguments.path) if arguments.path else queries.findings(_region(arguments.region))
    document = {"findings": [finding.document() for finding in found], "faults": []}
    _say(document, _sentences(found), as_json=arguments.json)
    return FOUND_WRONG if found else GOOD


def _region(code: str) -> str:
    return places.region(code).code if code else ""


def _sentences(found: Iterable[Finding]) -> str:
    lines = [f"{one.where} [{one.rule}]\n  {one.sentence.zh}\n  {one.sentence.en}" for one in found]
    return "\n".join(lines) or "没有发现问题。 Nothing found."


def _refused(refusal: CannotImport, *, as_json: bool) -> int:
    _complain(refusal.faults, as_json=as_json)
    document = {"stored": False, "findings": [], "faults": _fault_documents(refusal.faults)}
    if as_json:
        print(json.dumps(document, ensure_ascii=False))
    else:
        print("没有保存任何内容，请改正后重试。 Nothing was stored. Correct these and try again.", file=sys.stderr)
    return FOUND_WRONG


def _taken_back(refusal: importing.CannotTakeBack, *, as_json: bool) -> int:
    print(f"{refusal.text('zh')}\n{refusal.text('en')}", file=sys.stderr)
    if as_json:
        document = {"stored": False, "faults": []} | comparison_document(refusal.comparison)
        print(json.dumps(document, ensure_ascii=False))
    return FOUND_WRONG


def _complain(faults: Iterable[Fault], *, as_json: bool) -> None:
    if not as_json:
        for fault in faults:
            print(f"{fault.text('zh')}\n  {fault.words.en}", file=sys.stderr)


def _fault_documents(faults: Iterable[Fault]) -> list[dict[str, object]]:
    return [
        {"file": fault.file, "line": fault.line, "column": fault.column, "sentence": fault.words._asdict()}
        for fault in faults
    ]


def _say(document: Mapping[str, object], text: str, *, as_json: bool) -> None:
    print(json.dumps(document, ensure_ascii=False) if as_json else text)


_ACTS: dict[str, Callable[[argparse.Namespace], int]] = {
    "import": _import,
    "export": _export,
    "lint": _lint,
    "prove": proving.run,
    "diff": diffing.run,
}
