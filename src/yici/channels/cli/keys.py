"""`yici keys`: the keys that lock personal values — list, add, rotate, drop. No key is ever printed."""

import argparse
import json
import sys

from django.utils import timezone

from yici.apps.people.encryption import keyring
from yici.apps.people.key_files import add_key, keys_come_from
from yici.apps.privacy import rotation

BY = "system:keys"


def parser(prog: str) -> argparse.ArgumentParser:
    """Return what `yici keys` understands."""
    made = argparse.ArgumentParser(prog, description="Change the keys that lock personal values.")
    acts = made.add_subparsers(dest="act", required=True)
    listed = acts.add_parser("list", help="name the keys and count what each locks")
    added = acts.add_parser("add", help="make a new key the current one; nothing stored changes")
    rotated = acts.add_parser("rotate", help="lock everything with the current key; may be interrupted and run again")
    rotated.add_argument("--dry-run", action="store_true", help="only count what is left to do")
    rotated.add_argument("--batch", type=int, default=rotation.BATCH, help=f"rows at a time ({rotation.BATCH})")
    dropped = acts.add_parser("drop", help="take away an old key that locks nothing any more")
    dropped.add_argument("key", help="its id, as in the list")
    for act in (listed, added, rotated, dropped):
        act.add_argument("--json", action="store_true", help="print one JSON document")
    return made


def run(arguments: argparse.Namespace) -> int:
    """Do one act; 1 when a rotation leaves something behind."""
    return {"list": _list, "add": _add, "rotate": _rotate, "drop": _drop}[arguments.act](arguments)


def _say(arguments: argparse.Namespace, document: dict[str, object], zh: str, en: str) -> None:
    print(json.dumps(document, ensure_ascii=False) if arguments.json else f"{zh}\n{en}")


def _list(arguments: argparse.Namespace) -> int:
    ring, counts = keyring(), rotation.values_by_key()
    ids = [*ring.ids, *sorted({key for by_key in counts.values() for key in by_key} - set(ring.ids))]
    keys = [
        {
            "id": key,
            "current": key == ring.current,
            "here": key in ring.ids,
            "values": sum(by_key.get(key, 0) for by_key in counts.values()),
        }
        for key in ids
    ]
    lines = [
        f"{row['id']:8} {row['values']:>10}  {'current' if row['current'] else '' if row['here'] else 'MISSING'}"
        for row in keys
    ]
    source = keys_come_from()
    _say(arguments, {"source": source, "current": ring.current, "keys": keys}, source, "\n".join(lines))
    return 0 if all(row["here"] for row in keys) else 1


def _add(arguments: argparse.Namespace) -> int:
    key = add_key()
    _say(
        arguments,
        {"added": key, "current": keyring().current},
        f"新密钥 {key} 已启用，旧密钥仍可读取旧数据。请立即备份密钥文件，然后运行 yici keys rotate。",
        f"The new key {key} is in use; old keys still read what they locked. Save the key file now, then run "
        "yici keys rotate.",
    )
    return 0


def _rotate(arguments: argparse.Namespace) -> int:
    if arguments.dry_run:
        left = rotation.left_under_other_keys()
        total = sum(sum(counts.values()) for counts in left.values())
        document = {"dry_run": True, "current": keyring().current, "left": left, "total": total}
        _say(arguments, document, f"还有 {total} 个值待更换。", f"{total} values are still under another key.")
        return 0
    done = rotation.rotate(by=BY, now=timezone.now(), batch=arguments.batch, tell=_progress)
    document = {
        "current": done.current,
        "relocked": done.relocked,
        "unreadable": done.unreadable,
        "left": done.left,
        "complete": done.is_complete,
    }
    en = f"{done.relocked} rows locked with {done.current}; " + (
        "nothing is left under an old key." if done.is_complete else f"left: {done.left}"
    )
    zh = f"{done.relocked} 行已换用 {done.current}；" + (
        "旧密钥下已没有数据。" if done.is_complete else f"未完成：{done.left}"
    )
    _say(arguments, document, zh, en)
    return 0 if done.is_complete else 1


def _progress(table: str, rows: int) -> None:
    print(f"\r{table}: {rows} ", end="", file=sys.stderr, flush=True)


def _drop(arguments: argparse.Namespace) -> int:
    rotation.drop(key_id=arguments.key, by=BY, now=timezone.now())
    _say(
        arguments,
        {"dropped": arguments.key, "current": keyring().current},
        f"密钥 {arguments.key} 已停用。更早的备份仍需要它，请另行封存。",
        f"The key {arguments.key} is gone from this machine. Backups made before still need it: keep it elsewhere.",
    )
    return 0
