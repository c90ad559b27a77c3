"""Starts the real thing for browser journeys: `yici run` with the demonstration on a free port, and Chromium."""

import fcntl
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
STARTS_WITHIN_SECONDS = 600  # with the whole demonstration, on a machine that does other work beside
PAGES_WITHIN_MS = 60_000  # the same machine
LANGUAGES = {"zh": "zh-hans", "en": "en"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running_site(folder: Path, *, port: int = 0, more: Mapping[str, str] | None = None) -> Iterator[str]:
    """Run the platform in a data folder of its own and give its address; ``more`` are variables it reads."""
    _copy_prepared(folder)
    with _running(folder, port or free_port(), more or {}) as address:
        yield address


def _copy_prepared(folder: Path) -> None:
    """Give ``folder`` a site with the demonstration; the first of a run of tests makes it, the others copy it."""
    kept = Path(os.environ["YICI_TEST_FOLDER"]) / "site"
    with kept.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            made = kept.with_name("site-in-the-making") / "data"
            shutil.rmtree(made.parent, ignore_errors=True)  # of a first start that was given up
            made.parent.mkdir()
            with _running(made, free_port(), {}):
                pass
            made.rename(kept)
    # Owners matter: the server does not run as root, and takes no folder of somebody else.
    subprocess.run(["cp", "-a", kept, folder], check=True)


@contextmanager
def _running(folder: Path, port: int, more: Mapping[str, str]) -> Iterator[str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("YICI_", "DATABASE_", "DJANGO_"))}
    env = {**kept, **more}
    words = [sys.executable, "-m", "yici.config.main", "run", "--data", str(folder), "--port", str(port)]
    log = (folder.parent / "run.log").open("wb")
    process = subprocess.Popen(words, env=env, stdout=log, stderr=subprocess.STDOUT)
    try:
        _wait(f"http://localhost:{port}/readyz", process)
        yield f"http://localhost:{port}"
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)
        log.close()


def _wait(address: str, process: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + STARTS_WITHIN_SECONDS
    while time.monotonic() < end:
        assert process.poll() is None, "yici run ended before it answered"
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"{address} did not answer in {STARTS_WITHIN_SECONDS} s")


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


def visitor(browser: Browser, site: str, *, width: int = 1280, language: str = "zh", elder: bool = False) -> Page:
    """Open a fresh browser of somebody with a screen of this width, in a language."""
    context = browser.new_context(viewport={"width": width, "height": 900})
    cookies = [{"name": "yici_language", "value": LANGUAGES[language], "url": site}]
    if elder:
        cookies.append({"name": "yici_elder", "value": "1", "url": site})
    context.add_cookies(cookies)
    context.set_default_timeout(PAGES_WITHIN_MS)
    return context.new_page()


def sign_in(page: Page, site: str, login: str, then: str = "/") -> None:
    page.goto(f"{site}/demo?next={then}")
    page.locator(f"button[name=login][value='{login}']").click()


def at(page: Page, site: str, region: str) -> None:
    """Choose the place."""
    page.context.add_cookies([{"name": "yici_place", "value": region, "url": site}])


def answer_all(page: Page, wanted: dict[str, str]) -> None:
    """Answer one question after the other until the plan is there; what is not in ``wanted`` is answered no."""
    for _ in range(40):
        page.wait_for_load_state()  # the address is the new one before the page is there
        if "/plan" in page.url:
            return
        key = page.locator("input[name=question]").get_attribute("value") or ""
        radios = page.locator("input[name=answer][type=radio]")
        if radios.count():
            value = wanted.get(key, "false")
            chosen = page.locator(f"input[name=answer][value='{value}']")
            (chosen if chosen.count() else radios.last).check()
        else:
            page.locator("#answer").fill(wanted.get(key, "1"))
        page.locator("main form button.go").first.click()
    raise AssertionError("the questions do not end")


def start(page: Page, site: str, need: str, wanted: dict[str, str]) -> None:
    page.goto(f"{site}/needs/{need}")
    page.locator("main form button.go").first.click()
    answer_all(page, wanted)


def visits(page: Page) -> str:
    """Return the large number."""
    return (page.locator(".visit .n").first.text_content() or "").strip()


def fill_form(page: Page, values: dict[str, str]) -> None:
    """Fill in what the form asks for; every other text gets a plain word, every choice its first answer."""
    for box in page.locator("form#form input:not([type=hidden]):not([type=checkbox]):not([type=radio])").all():
        name = box.get_attribute("name") or ""
        if box.is_visible() and not name.startswith("own.") and not box.input_value():
            box.fill(values.get(name, "示例"))
    for group in {one.get_attribute("name") for one in page.locator("form#form input[type=radio]").all()}:
        if group and not group.startswith("own."):
            page.locator(f"form#form input[name='{group}']").first.check()


def no_sideways_scroll(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


# A column squeezed narrower than a word breaks it. Measured on what is seen; addresses and digests may break anywhere.
_BROKEN = """() => {
  const found = []
  const walk = document.createTreeWalker(document.querySelector('main') || document.body, NodeFilter.SHOW_TEXT)
  for (let text; (text = walk.nextNode());)
    for (const word of text.data.matchAll(/(?<![\\w./@:-])[A-Za-z]{2,24}(?![\\w/@:-])/g)) {
      const range = document.createRange()
      range.setStart(text, word.index)
      range.setEnd(text, word.index + word[0].length)
      if (new Set([...range.getClientRects()].map(one => Math.round(one.top))).size > 1) found.push(word[0])
    }
  return found
}"""


def broken_words(page: Page) -> list[str]:
    """Return the words of the page that stand on two lines each."""
    found: list[str] = page.evaluate(_BROKEN)
    return found


def last_part(address: str) -> str:
    return re.split(r"[/?#]", address.rstrip("/"))[-1]
