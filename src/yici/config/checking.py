"""Names every misconfiguration of this machine."""

import argparse
import json
import os
import sys

import psycopg
from django.conf import settings

from yici.apps.licences.keys import FILES, seal_folder
from yici.config.database_check import check_server
from yici.rules.words import Words


def parser(prog: str) -> argparse.ArgumentParser:
    """Return what `yici check` understands."""
    made = argparse.ArgumentParser(prog, description="Name every misconfiguration.")
    made.add_argument("--json", action="store_true", help="print one JSON document")
    return made


def run(arguments: argparse.Namespace) -> int:
    """Look at database, secrets, addresses and seal; 0 when nothing is wrong."""
    problems = [*_database(), *_addresses(), *_seal()]
    if arguments.json:
        print(json.dumps({"ok": not problems, "problems": [one.en for one in problems]}, ensure_ascii=False))
    for one in problems:
        print(f"{one.zh}\n{one.en}", file=sys.stderr)
    if not problems and not arguments.json:
        print("Nothing is wrong.")
    return 1 if problems else 0


def _database() -> list[Words]:
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        return check_server(connection)


def _addresses() -> list[Words]:
    problems = []
    if settings.SITE_ADDRESS.startswith("http://") and "localhost" not in settings.SITE_ADDRESS:
        problems.append(
            Words(
                "YICI_ADDRESS 不是 https 地址，登录信息会以明文传输。",
                "YICI_ADDRESS is not an https address: sign-ins would travel in the open.",
            )
        )
    if settings.DEMO and "localhost" not in settings.SITE_ADDRESS:
        problems.append(
            Words(
                "正式地址上开着演示登录（YICI_DEMO=1）。",
                "The demonstration sign-in is on at a real address (YICI_DEMO=1).",
            )
        )
    return problems


def _seal() -> list[Words]:
    folder = seal_folder(settings.DATA_DIR)
    missing = [name for name in FILES if not (folder / name).exists()]
    if not missing:
        return []
    names = ", ".join(missing)
    return [Words(f"电子印章缺少文件：{names}。请运行 yici migrate。", f"The seal lacks {names}: run yici migrate.")]
