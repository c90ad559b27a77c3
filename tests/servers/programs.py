"""Starts, kills and spoils other departments' registers: web services, MariaDB, PostgreSQL."""

import getpass
import json
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import psycopg
import pymysql

from yici.config.database import Database

MARIADBD = shutil.which("mariadbd", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
INSTALL_DB = shutil.which("mariadb-install-db")
WITHOUT_MARIADB = "MariaDB's server is not installed and could not be (needs root and apt)"
STARTS_WITHIN_SECONDS = 40


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def until(works: Callable[[], object]) -> None:
    end = time.monotonic() + STARTS_WITHIN_SECONDS
    while True:
        try:
            works()
            return
        except Exception:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)


class WebService:
    """A department's web service with some records, as a process."""

    def __init__(self, folder: Path, records: Mapping[str, Mapping[str, str]], **more: Any) -> None:
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self._data = folder / f"department-{self.port}.json"
        self._data.write_text(json.dumps({"records": records, **more}, ensure_ascii=False), encoding="utf-8")
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        script = Path(__file__).with_name("department.py")
        self._process = subprocess.Popen([sys.executable, str(script), str(self.port), str(self._data)])
        until(lambda: self.behave("well"))

    def behave(self, mode: str) -> None:
        self._post("/_mode", mode)

    def withdraw_tokens(self) -> None:
        self._post("/_forget", None)

    @property
    def asked(self) -> list[list[str]]:
        with urllib.request.urlopen(f"{self.address}/_asked", timeout=2) as response:
            found: list[list[str]] = json.load(response)
            return found

    @property
    def is_dead(self) -> bool:
        return self._process is None

    def kill(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
            self._process = None

    def _post(self, path: str, document: Any) -> None:
        request = urllib.request.Request(self.address + path, json.dumps(document).encode(), method="POST")
        with urllib.request.urlopen(request, timeout=2):
            pass


class MariaDBServer:
    """A MariaDB server of its own, with one reader who may read one view."""

    READER, PASSWORD = "reader", "not-a-secret-of-anybody"

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="yici-mariadb-"))
        self.socket = str(self._folder / "s")
        words = [f"--datadir={self._folder / 'data'}", f"--user={getpass.getuser()}"]
        install = ["--auth-root-authentication-method=normal", "--skip-test-db"]
        subprocess.run([INSTALL_DB or "", "--no-defaults", *words, *install], check=True, capture_output=True)
        self._argv = [
            MARIADBD or "",
            "--no-defaults",
            *words,
            f"--socket={self.socket}",
            "--skip-networking",
            "--innodb-buffer-pool-size=16M",
            "--innodb-flush-log-at-trx-commit=0",
            "--performance-schema=OFF",
        ]
        self._process: subprocess.Popen[bytes] | None = None
        self.start()
        self.run("CREATE DATABASE register CHARACTER SET utf8mb4")
        self.run(f"CREATE USER '{self.READER}'@'localhost' IDENTIFIED BY '{self.PASSWORD}'")

    def start(self) -> None:
        # Its socket stays behind a killed server and would be taken for the new one's.
        Path(self.socket).unlink(missing_ok=True)
        self._process = subprocess.Popen(self._argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until(lambda: Path(self.socket).stat())
        until(lambda: self.run("SELECT 1"))

    def run(self, *statements: str) -> None:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
            line.connect(self.socket)
            self._run(line, statements)

    def _run(self, line: socket.socket, statements: tuple[str, ...]) -> None:
        connection = pymysql.Connection(defer_connect=True, user="root", charset="utf8mb4")
        try:
            connection.connect(line)
            for statement in statements:
                with connection.cursor() as cursor:
                    cursor.execute(statement)
            connection.commit()
        finally:
            reader = connection._rfile
            connection._force_close()
            if reader is not None:
                reader.close()

    def signal(self, number: int) -> None:
        if self._process is not None:
            self._process.send_signal(number)

    @property
    def is_dead(self) -> bool:
        return self._process is None

    def kill(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
            self._process = None

    def close(self) -> None:
        self.kill()
        shutil.rmtree(self._folder, ignore_errors=True)


class PostgreSQLServer:
    """A PostgreSQL server of its own, from the embedded programs."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="yici-pg-"))
        self._database = Database(self.folder)
        self.start()

    @property
    def settings(self) -> dict[str, str]:
        found = psycopg.conninfo.conninfo_to_dict(self._database.url("owner"))
        return {"socket": str(found["host"]), "user": str(found["user"]), "database": str(found["dbname"])}

    def start(self) -> None:
        self._database.start()

    def run(self, *statements: str) -> None:
        with psycopg.connect(self._database.url("owner")) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def count(self, statement: str) -> int:
        with psycopg.connect(self._database.url("owner")) as connection:
            row = connection.execute(statement.encode()).fetchone()
            return int(row[0]) if row else 0

    def kill(self) -> None:
        self._database.stop()

    def close(self) -> None:
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)
