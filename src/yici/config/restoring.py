"""Brings a backup into an empty data folder, and proves by the journal that it is what was backed up."""

import argparse
import hashlib
import json
import os
import shutil
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection
from django.utils import timezone

from yici.apps.journal import queries as journal
from yici.apps.licences.keys import ensure_seal, seal_folder
from yici.apps.people.encryption import KEY_VARIABLE, key_file, keyring
from yici.apps.privacy.rotation import values_by_key
from yici.config.backing_up import DUMP, MANIFEST, MODEL, call
from yici.config.database_programs import program
from yici.config.migrating import make_ready
from yici.rules.refusals import Refusal


class CannotRestore(Refusal):
    """The backup was not restored; the database is as it was."""


def parser(prog: str) -> argparse.ArgumentParser:
    """Return what `yici restore` understands."""
    made = argparse.ArgumentParser(prog, description="Restore a backup into an empty data folder.")
    made.add_argument("folder", type=Path, help="the folder `yici backup` made")
    made.add_argument("--json", action="store_true", help="print one JSON document")
    return made


def run(arguments: argparse.Namespace) -> int:
    """Check the backup and the keys, restore, verify; 1 when the journal or a value does not fit."""
    folder = arguments.folder.absolute()
    manifest = _manifest(folder)
    _check_files(folder, manifest)
    _check_keys(manifest)
    _check_empty()
    # One transaction: a restore that fails or is killed leaves an empty database, to be tried again.
    words = [program("pg_restore"), "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"]
    call([*words, str(folder / DUMP)], os.environ["DATABASE_OWNER_URL"], CannotRestore)
    _grant()
    _put_model(folder)
    ensure_seal(seal_folder(settings.DATA_DIR), now=timezone.now())
    return _verified(arguments, manifest)


def _grant() -> None:
    """Let the application in, and bring an older backup up to date, as after every migration."""
    connection.close()
    make_ready(empty=True, always=True)


def _put_model(folder: Path) -> None:
    """Put the versions of the text model back; a data folder that has its own keeps it."""
    here = Path(settings.DATA_DIR) / MODEL
    if (folder / MODEL).is_dir() and not here.exists():
        shutil.copytree(folder / MODEL, here)
        here.chmod(0o700)


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CannotRestore(
            zh=f"{folder} 不是完整的备份：没有可读的 {MANIFEST}。",
            en=f"{folder} is no complete backup: there is no readable {MANIFEST} in it.",
        ) from error
    return found


def _check_files(folder: Path, manifest: dict[str, Any]) -> None:
    for name, wanted in manifest["files"].items():
        try:
            with (folder / name).open("rb") as file:
                good = hashlib.file_digest(file, "sha256").hexdigest() == wanted
        except OSError:
            good = False
        if not good:
            raise CannotRestore(
                zh=f"备份文件 {name} 缺失或损坏。请使用另一份备份。",
                en=f"The file {name} of the backup is missing or damaged. Use another backup.",
            )


def _check_keys(manifest: dict[str, Any]) -> None:
    # Looked at before `keyring` is asked: it would make a new key, which reads nothing of the backup.
    here = set(keyring().ids) if os.environ.get(KEY_VARIABLE) or key_file().exists() else set()
    missing = [key for key in manifest["keys_needed"] if key not in here]
    if missing:
        names = ", ".join(missing)
        raise CannotRestore(
            zh=f"缺少密钥 {names}。备份不含密钥：请先把密钥文件放到 {key_file()}（权限 600）。",
            en=f"The key {names} is not here. Backups hold no keys: first put the key file at {key_file()} (mode 600).",
        )


def _check_empty() -> None:
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"]) as owner:
        found = owner.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    if found and found[0]:
        raise CannotRestore(
            zh="数据库不是空的，不会覆盖。请用 --data 指定一个新的数据目录。",
            en="The database is not empty and is not overwritten. Name a new data folder with --data.",
        )


def _verified(arguments: argparse.Namespace, manifest: dict[str, Any]) -> int:
    found = journal.verify(known_root=manifest["journal_root"])
    here = set(keyring().ids)
    foreign = sorted({key for counts in values_by_key().values() for key in counts} - here)
    ok = found.ok and not foreign
    sentence = found.sentence
    if arguments.json:
        document = {"ok": ok, "entries": found.entries, "first_bad": found.first_bad, "keys_missing": foreign}
        print(json.dumps({**document, "sentence": sentence._asdict()}, ensure_ascii=False))
    else:
        print(f"已恢复。{sentence.zh}\nRestored. {sentence.en}")
    return 0 if ok else 1
