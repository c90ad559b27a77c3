"""Names every misconfiguration of this machine."""

import argparse
import json
import os
import sys

import psycopg
from django.conf import settings
from django.db import ProgrammingError
from django.utils import timezone

from yici.apps.licences.keys import FILES, seal_folder
from yici.apps.people.provider import provider, provider_faults
from yici.apps.registry import source_acts
from yici.config.database_check import check_server
from yici.rules.refusals import Refusal
from yici.rules.words import Words


def parser(prog: str) -> argparse.ArgumentParser:
    """Return what `yici check` understands."""
    made = argparse.ArgumentParser(prog, description="Name every misconfiguration.")
    made.add_argument("--json", action="store_true", help="print one JSON document")
    return made


def run(arguments: argparse.Namespace) -> int:
    """Look at database, secrets, addresses, seal, sign-in and live sources; 0 when nothing is wrong."""
    problems = [*_database(), *_addresses(), *_seal(), *sign_in_problems(), *_sources()]
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


def sign_in_problems() -> list[Words]:
    """Return what is wrong with the second factor of staff and with the identity provider."""
    return [*_second_factor(), *_provider()]


def _second_factor() -> list[Words]:
    if settings.STAFF_SECOND_FACTOR not in {"required", "offered"}:
        return [
            Words(
                "YICI_STAFF_SECOND_FACTOR 只能是 required 或 offered。",
                "YICI_STAFF_SECOND_FACTOR is either required or offered.",
            )
        ]
    if settings.STAFF_SECOND_FACTOR == "offered" and not settings.DEMO:
        return [
            Words(
                "正式站点没有要求工作人员使用第二重验证（YICI_STAFF_SECOND_FACTOR=offered）。",
                "Staff need no second factor on a real site (YICI_STAFF_SECOND_FACTOR=offered).",
            )
        ]
    return []


def _provider() -> list[Words]:
    given = [settings.OIDC_ISSUER, settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET]
    if not any(given):
        return []
    if not all(given):
        return [
            Words(
                "身份认证配置不全：YICI_OIDC_ISSUER、YICI_OIDC_CLIENT_ID、YICI_OIDC_CLIENT_SECRET 须同时设置。",
                "The identity provider is half configured: set YICI_OIDC_ISSUER, YICI_OIDC_CLIENT_ID and "
                "YICI_OIDC_CLIENT_SECRET, all three.",
            )
        ]
    try:
        one = provider()
        return provider_faults(one) if one else []
    except Refusal as refusal:
        return [refusal.words]


def _sources() -> list[Words]:
    """Try every live source; before the first migration there are none."""
    try:
        found = source_acts.probe_all(now=timezone.now())
    except ProgrammingError:
        return []
    return [
        Words(f"数据来源 {one.name}（{one.title.zh}）：{one.sentence.zh}", f"Source {one.name}: {one.sentence.en}")
        for one in found
        if not one.ok
    ]
