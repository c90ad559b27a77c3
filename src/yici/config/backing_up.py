"""Writes what the platform remembers into a folder: the database at one moment, and the text model. No keys."""

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import ProgrammingError
from django.utils import timezone

from yici.apps.journal import queries as journal
from yici.apps.people.encryption import keyring
from yici.apps.people.key_files import keys_come_from
from yici.config.database_programs import major, program
from yici.rules.refusals import Refusal

MANIFEST, DUMP = "manifest.json", "database"
MODEL = "ticket-model"  # the text model's versions: hashes and weights, and what each was worth
KEYS_APART = (
    "备份不含密钥：请另行保管 {keys}、签章目录 seal/ 和 secrets/，没有密钥就无法读取个人信息。",
    "The keys are not in the backup: keep {keys}, the folder seal/ and secrets/ apart from it. "
    "Without the keys nobody can read a personal value.",
)


class CannotBackUp(Refusal):
    """No backup was made; nothing was changed."""


def parser(prog: str) -> argparse.ArgumentParser:
    """Return what `yici backup` understands."""
    made = argparse.ArgumentParser(prog, description="Back up the database and the text model into a new folder.")
    made.add_argument("folder", type=Path, help="a folder that is not there yet, or is empty")
    made.add_argument("--json", action="store_true", help="print one JSON document")
    return made


def run(arguments: argparse.Namespace) -> int:
    """Dump the database, say what is in the folder, and what is not."""
    folder = arguments.folder.absolute()
    _refuse_used(folder)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Noted before the dump: the restored journal must contain this root, and may have gone on after it.
    root, ring = _last_root(), keyring()
    _dump(folder)
    _copy_model(folder)
    manifest = {
        "yici": settings.VERSION,
        "postgresql": major(),
        "made_at": timezone.now().isoformat(timespec="seconds"),
        "journal_root": root,
        "keys_needed": list(ring.ids),
        "files": {path.relative_to(folder).as_posix(): _sha256(path) for path in _files(folder)},
    }
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")
    _sync(folder)
    return _tell(arguments, folder, manifest)


def _last_root() -> str:
    try:
        return journal.last_root()
    except ProgrammingError as error:
        raise CannotBackUp(
            zh="数据库还没有建立，没有可备份的内容。", en="The database is not made yet: there is nothing to back up."
        ) from error


def _tell(arguments: argparse.Namespace, folder: Path, manifest: dict[str, object]) -> int:
    size = sum(path.stat().st_size for path in _files(folder))
    said = [sentence.format(keys=keys_come_from()) for sentence in KEYS_APART]
    if arguments.json:
        wanted = {key: manifest[key] for key in ("made_at", "journal_root", "keys_needed")}
        print(json.dumps({"folder": str(folder), "bytes": size, **wanted, "apart": said}, ensure_ascii=False))
    else:
        print(f"已备份到 {folder}（{size} 字节）\nBacked up into {folder} ({size} bytes)\n{said[0]}\n{said[1]}")
    return 0


def _refuse_used(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CannotBackUp(
            zh=f"{folder} 不是空目录。请另选一个，旧备份不会被覆盖。",
            en=f"{folder} is not an empty folder. Choose another one: an old backup is never overwritten.",
        )


def _dump(folder: Path) -> None:
    words = [program("pg_dump"), "--format=directory", f"--file={folder / DUMP}", "--no-owner", "--no-privileges"]
    call(words, os.environ["DATABASE_OWNER_URL"], CannotBackUp)


def _copy_model(folder: Path) -> None:
    """Copy the versions of the text model; one that is being trained at this moment is left out."""
    kept = Path(settings.DATA_DIR) / MODEL
    if kept.is_dir():
        shutil.copytree(kept, folder / MODEL, ignore=shutil.ignore_patterns("new-*", "current-*"))


def call(words: list[str], address: str, refusal: type[Refusal]) -> None:
    """Run one of PostgreSQL's programs on a database. Raises the refusal with its last words when it fails."""
    argv = [*words, f"--dbname={address}"]
    done = subprocess.run(argv, capture_output=True, text=True, check=False, env={**os.environ, "LC_ALL": "C.UTF-8"})
    if done.returncode:
        last = " | ".join(done.stderr.strip().splitlines()[-3:])
        print(done.stderr, file=sys.stderr)
        raise refusal(zh=f"{Path(words[0]).name} 失败：{last}", en=f"{Path(words[0]).name} failed: {last}")


def _files(folder: Path) -> Iterator[Path]:
    return (path for part in (DUMP, MODEL) for path in sorted((folder / part).rglob("*")) if path.is_file())


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(folder: Path) -> None:
    for path in (*_files(folder), folder / MANIFEST):
        with path.open("rb") as file:
            os.fsync(file.fileno())
