"""`yici run`: database, web and worker on one machine, watched and ended together."""

import argparse
import hashlib
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

from yici.config.database import Database, run_alone
from yici.config.processes import next_pause, start_child, stop_child

LOOK_EVERY_SECONDS = 0.5
READY_WITHIN_SECONDS = 120


def parser(prog: str) -> argparse.ArgumentParser:
    """Return what `yici run` understands."""
    made = argparse.ArgumentParser(prog, description="Start database, web and worker on this machine.")
    made.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    made.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")), help="port (PORT or 8000)")
    made.add_argument("--empty", action="store_true", help="do not load the demonstration")
    return made


@dataclass
class Child:
    """A process of ours that is started again when it dies."""

    words: list[str]
    process: "subprocess.Popen[bytes]"
    started: float = field(default_factory=time.monotonic)
    pause: float = 0.0


def run(arguments: argparse.Namespace) -> int:
    """Start everything, print the address and the demonstration accounts, and stay until told to stop."""
    data = Path(os.environ["YICI_DATA"])
    address = f"http://{'localhost' if arguments.host in {'127.0.0.1', '0.0.0.0'} else arguments.host}:{arguments.port}"
    os.environ.setdefault("YICI_ADDRESS", address)
    if not arguments.empty:
        os.environ["YICI_DEMO"] = "1"
    with ExitStack() as stack:
        stack.enter_context(run_alone(data, address=address))
        if "DATABASE_URL_GIVEN" not in os.environ:
            database = Database(data)
            database.start()
            stack.callback(database.stop)
            database.watch()
        _prepare(data, arguments.empty)
        return _serve(arguments, address, data)


def _yici(*words: str) -> list[str]:
    return [sys.executable, "-m", "yici.config.main", *words]


def _prepare(data: Path, empty: bool) -> None:
    """Migrate, and load the demonstration once; nothing to do when this very code has done so here before."""
    stamp, mark = data / "prepared", _mark_of_the_code(empty)
    if stamp.exists() and stamp.read_text(encoding="utf-8") == mark:
        return
    subprocess.run(_yici("migrate"), check=True, stdout=subprocess.DEVNULL)
    if not empty:
        subprocess.run(_yici("demo", "load", "--once"), check=True, stdout=sys.stderr)
        told = subprocess.run(_yici("demo", "accounts", "--json"), check=True, capture_output=True)
        (data / "accounts.json").write_bytes(told.stdout)
    stamp.write_text(mark, encoding="utf-8")


def _mark_of_the_code(empty: bool) -> str:
    """Return what changes whenever a migration, a page or a style sheet does."""
    package = Path(__file__).resolve().parents[1]
    files = (*package.glob("apps/*/migrations/*.py"), *package.glob("channels/*/static/*/*"))
    stamps = "".join(f"{path.name}{path.stat().st_mtime_ns}" for path in sorted(files))
    return f"{empty} {hashlib.sha256(stamps.encode()).hexdigest()}"


def _serve(arguments: argparse.Namespace, address: str, data: Path) -> int:
    stopping = Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stopping.set())
    web = _yici("serve", "--host", arguments.host, "--port", str(arguments.port))
    children = [Child(web, start_child(web))]
    try:
        if _answers(address, children[0], stopping):
            _say_where(address, data, empty=arguments.empty)
        if not stopping.is_set():
            # After the pages, so that nobody waits while the worker reads its code on the same cores.
            worker = _yici("worker")
            children.append(Child(worker, start_child(worker)))
        while not stopping.wait(LOOK_EVERY_SECONDS):
            for child in children:
                _start_again(child)
    finally:
        for child in children:
            stop_child(child.process)
    return 0


def _answers(address: str, web: Child, stopping: Event) -> bool:
    end = time.monotonic() + READY_WITHIN_SECONDS
    while time.monotonic() < end and not stopping.is_set():
        if web.process.poll() is not None:
            sys.stderr.write(f"网页服务没有启动（{address}），端口可能被占用；换一个端口：PORT=8080 make run\n")
            sys.stderr.write(f"The web server did not start at {address}; if the port is taken: PORT=8080 make run\n")
            stopping.set()
            return False
        try:
            with urllib.request.urlopen(f"{address}/readyz", timeout=2) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    return False


def _start_again(child: Child) -> None:
    if child.process.poll() is None:
        return
    child.pause = next_pause(child.pause, time.monotonic() - child.started)
    time.sleep(child.pause)
    child.process, child.started = start_child(child.words), time.monotonic()


def _say_where(address: str, data: Path, *, empty: bool) -> None:
    print(f"\n一次 Yici  {address}\n", flush=True)
    if empty:
        return
    document = json.loads((data / "accounts.json").read_text(encoding="utf-8"))
    password = document["password"]
    print(f"演示账号 Demonstration accounts: {address}/demo  密码 password: {password}")
    for one in document["accounts"]:
        print(f"  {one['login']:16} {one['note']['zh']} · {one['note']['en']}")
    print("\n按 Ctrl-C 停止 Press Ctrl-C to stop", flush=True)
