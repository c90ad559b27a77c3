"""`yici kiosk`: registers, pairs and retires self-service kiosks."""

import argparse
import json
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from yici.apps.halls import kiosks

BY = "system:command"


def parser(prog: str) -> argparse.ArgumentParser:
    """Return what `yici kiosk` understands."""
    made = argparse.ArgumentParser(prog, description="Register, pair and retire self-service kiosks.")
    acts = made.add_subparsers(dest="act", required=True)
    register = acts.add_parser("register", help="register a kiosk and print its one-time pairing address")
    register.add_argument(
        "--hall", required=True, help="name or id of the hall, or the code of its region, e.g. 330502"
    )
    register.add_argument("--name", required=True, help="name of the kiosk, e.g. 一楼1号终端")
    register.add_argument("--name-en", default="", help="its English name (else the same)")
    register.add_argument("--printer", required=True, help="queue:NAME (CUPS) or folder:/absolute/path")
    register.add_argument(
        "--reader-prefix", default="", help="what the card reader is set to put before each number: keeps hands out"
    )
    pair = acts.add_parser("pair", help="print a new pairing address for a kiosk")
    retire = acts.add_parser("retire", help="take a kiosk out of use")
    for one in (pair, retire):
        one.add_argument("kiosk", type=UUID, help="id of the kiosk, see yici kiosk list")
    acts.add_parser("list", help="list the kiosks in use")
    for one in (register, pair, retire, acts.choices["list"]):
        one.add_argument("--json", action="store_true", help="print one JSON document")
    return made


def run(arguments: argparse.Namespace) -> int:
    """Do one act; what cannot be done is refused with a sentence."""
    return {"register": _register, "pair": _pair, "retire": _retire, "list": _list}[arguments.act](arguments)


def _register(arguments: argparse.Namespace) -> int:
    kiosk, secret = kiosks.register(
        hall=arguments.hall,
        name=arguments.name,
        name_en=arguments.name_en,
        printer=arguments.printer,
        reader_prefix=arguments.reader_prefix,
        by=BY,
        now=timezone.now(),
    )
    return _say_address(kiosk, secret, as_json=arguments.json)


def _pair(arguments: argparse.Namespace) -> int:
    secret = kiosks.new_pairing(kiosk_id=arguments.kiosk, by=BY, now=timezone.now())
    return _say_address(arguments.kiosk, secret, as_json=arguments.json)


def _say_address(kiosk: UUID, secret: str, *, as_json: bool) -> int:
    address = f"{settings.SITE_ADDRESS}/kiosk/pair/{secret}"
    if as_json:
        print(json.dumps({"kiosk": str(kiosk), "pair": address}))
        return 0
    print(f"{kiosk}\n{address}")
    print("请在终端的浏览器里打开这个地址，24小时内一次有效。")
    print("Open this address in the browser of the kiosk; it works once, within 24 hours.")
    return 0


def _retire(arguments: argparse.Namespace) -> int:
    kiosks.retire(kiosk_id=arguments.kiosk, by=BY, now=timezone.now())
    print(json.dumps({"kiosk": str(arguments.kiosk), "retired": True}) if arguments.json else "已停用。Retired.")
    return 0


def _list(arguments: argparse.Namespace) -> int:
    rows = [
        {
            "kiosk": str(one.public_id),
            "hall": one.hall_name.zh,
            "name": one.name.zh,
            "printer": str(one.printer),
            "paired": one.is_paired,
        }
        for one in kiosks.all_kiosks()
    ]
    if arguments.json:
        print(json.dumps({"kiosks": rows}, ensure_ascii=False))
        return 0
    for row in rows:
        paired = "已配对 paired" if row["paired"] else "未配对 not paired"
        print(f"{row['kiosk']} {row['hall']} {row['name']} {row['printer']} {paired}")
    return 0
