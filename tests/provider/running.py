"""Starts the provider for a file of tests, and goes through its pages as a person's browser would."""

import html
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import httpx
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.journeys.site import free_port
from tests.provider.serve import PASSWORD

ROOT = Path(__file__).parents[2]
LEVELS = "urn:example:low=registered urn:example:face=real_name urn:example:sign=signed"
FACE, SIGN, LOW = "urn:example:face", "urn:example:sign", "urn:example:low"


@dataclass
class RunningProvider:
    """A provider at an address; what it says of its people can be changed between two sign-ins."""

    issuer: str
    folder: Path

    def says(self, who: str, /, *, levels: list[str], faults: dict[str, Any] | None = None, **claims: str) -> None:
        path = self.folder / "people.json"
        people = json.loads(path.read_text(encoding="utf-8"))
        sub = claims.pop("sub", who)
        people[who] = {"levels": levels, "claims": claims, "faults": faults or {}, "sub": sub}
        path.write_text(json.dumps(people), encoding="utf-8")


@contextmanager
def running_provider(folder: Path, people: list[str], sites: list[str]) -> Iterator[RunningProvider]:
    """Run it in a folder of its own; ``sites`` are the addresses of ours it knows."""
    folder.mkdir(parents=True, exist_ok=True)
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "key.pem").write_bytes(pem)
    (folder / "people.json").write_text("{}", encoding="utf-8")
    port = free_port()
    issuer = f"http://127.0.0.1:{port}/o"
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("YICI_", "DJANGO_", "DATABASE_"))}
    env = {**kept, "PROVIDER_FOLDER": str(folder), "PROVIDER_ISSUER": issuer, "PYTHONPATH": str(ROOT)}
    backs = " ".join(f"{site}/sign-in/provider/back" for site in sites)
    words = [sys.executable, "-m", "tests.provider.serve", str(port), ",".join(people), backs]
    process = subprocess.Popen(words, env=env, cwd=ROOT, stdout=subprocess.PIPE, stderr=sys.stderr, text=True)
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield RunningProvider(issuer, folder)
    finally:
        process.terminate()
        process.wait(20)
        if process.stdout is not None:
            process.stdout.close()


def at_the_provider(address: str, name: str, *, allow: bool = True, browser: httpx.Client | None = None) -> str:
    """Sign in at the provider and agree, or not; return where it sends the browser back to."""
    with browser or httpx.Client(trust_env=False) as own:
        page = own.get(address)
        for _ in range(6):
            if page.is_redirect:
                target = urljoin(str(page.url), page.headers["location"])
                if "/sign-in/provider/back" in target or "/signed-out" in target:
                    return target
                page = own.get(target)
                continue
            page = own.post(str(page.url), data=_filled(page.text, name, allow))
        raise AssertionError(f"the provider does not send the browser back: {page.status_code} {page.text[:400]}")


def _filled(page: str, name: str, allow: bool) -> dict[str, str]:
    found = {}
    for tag in re.findall(r"<input[^>]*>", page):
        given = dict(re.findall(r'([a-z]+)="([^"]*)"', tag))
        if given.get("type") == "hidden":
            found[given["name"]] = html.unescape(given.get("value", ""))
    if 'name="username"' in page:
        return {**found, "username": name, "password": PASSWORD}
    return {**found, "allow": "Authorize"} if allow else found
