"""The platform's own database: started for whoever needs it first, shared by all, stopped after the last."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from yici.config.database_cluster import APP, DATABASE, OWNER
from yici.config.database_folder import Folder
from yici.config.database_keeper import is_ready
from yici.config.database_programs import CannotStart
from yici.config.processes import is_locked, try_lock

__all__ = ["CannotStart", "Database", "joined_or_started", "run_alone"]

Role = Literal["app", "owner"]
ROLES: dict[Role, str] = {"app": APP, "owner": OWNER}
LOOK_EVERY_SECONDS = 0.03
MOST_KEEPERS = 3
FIRST_WORD_AFTER_SECONDS = 3.0
WORD_EVERY_SECONDS = 5.0
STOP_PATIENCE_SECONDS = 60.0


class Database:
    """The database of one data folder, as one process uses it.

    The server belongs to a keeper (`database_keeper`), not to us: any number of commands may use it,
    and none of them, however it ends, takes it away from the others.
    """

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir.absolute()
        self._folder = Folder((self.data_dir / "database").resolve())
        self._hold: int | None = None
        self._leaving = threading.Event()
        self._watch: threading.Thread | None = None

    def start(self) -> None:
        """Join the running server, or start it, and return when it takes connections."""
        if self._hold is not None:
            return
        try:
            self._folder.prepare()
            self._hold = self._take_hold()
            self._wait_until_ready()
        except OSError as failure:
            self._let_go()
            raise _unusable(self.data_dir, failure) from failure
        except BaseException:
            self._let_go()
            raise

    def stop(self) -> None:
        """Stop using the server; if nobody else does, return when it has shut down."""
        self._leaving.set()
        if self._watch is not None:
            self._watch.join()
            self._watch = None
        if self._hold is None:
            return
        self._let_go()
        end = time.monotonic() + STOP_PATIENCE_SECONDS
        while is_locked(self._folder.keeper_lock) and not self._others_use_it() and time.monotonic() < end:
            time.sleep(LOOK_EVERY_SECONDS)

    def tend(self) -> bool:
        """Replace a keeper that was killed (it starts the server again by itself); tell whether the server is ready."""
        if (lock := try_lock(self._folder.keeper_lock)) is not None:
            self._call_keeper(lock)
        return is_ready(self._folder)

    def watch(self, every_seconds: float = 0.5) -> None:
        """Tend the server from a thread until `stop`."""

        def look() -> None:
            while not self._leaving.wait(every_seconds):
                self.tend()

        self._leaving.clear()
        self._watch = threading.Thread(target=look, name="database watch", daemon=True)
        self._watch.start()

    def url(self, role: Role = "app", *, database: str = DATABASE) -> str:
        """Return the address for libpq, psycopg and `DATABASE_URL`.

        The owner makes and changes tables; the application owns nothing, so that append-only tables hold against it.
        """
        return (
            f"postgresql://{ROLES[role]}@/{quote(database)}?host={quote(str(self._folder.socket), safe='')}&port=5432"
        )

    def _take_hold(self) -> int:
        # A keeper that found itself alone is shutting down; it lets us in when it is done.
        waited = _Patience()
        while (hold := try_lock(self._folder.users_lock, shared=True)) is None:
            waited.a_moment()
        return hold

    def _let_go(self) -> None:
        if self._hold is not None:
            os.close(self._hold)
            self._hold = None

    def _wait_until_ready(self) -> None:
        waited, keepers = _Patience(), 0
        while not is_ready(self._folder):
            # As long as a keeper lives it is at work, however long a recovery takes.
            if (lock := try_lock(self._folder.keeper_lock)) is not None:
                if keepers:
                    self._give_up_if_it_said_why(lock, last_try=keepers == MOST_KEEPERS)
                self._call_keeper(lock)
                keepers += 1
            waited.a_moment()

    def _give_up_if_it_said_why(self, lock: int, *, last_try: bool) -> None:
        failure = self._folder.failure()
        if failure is None and last_try:
            failure = CannotStart(
                zh=f"数据库进程意外终止（{self._folder.last_lines()}）。详见 {self._folder.log}。",
                en=f"The database's keeper ended unexpectedly ({self._folder.last_lines()}). See {self._folder.log}.",
            )
        if failure is not None:
            os.close(lock)
            raise failure

    def _call_keeper(self, lock: int) -> None:
        # The keeper inherits the lock, so there is no moment in which a second one could come.
        self._folder.note_failure(None)
        argv = [sys.executable, "-P", "-m", "yici.config.database_keeper", str(self._folder.path)]
        try:
            subprocess.run(
                argv,
                pass_fds=(lock,),
                start_new_session=True,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                check=False,
            )
        finally:
            os.close(lock)

    def _others_use_it(self) -> bool:
        shared = try_lock(self._folder.users_lock, shared=True)
        if shared is None:
            return False  # the keeper has it: it is shutting down
        os.close(shared)
        alone = try_lock(self._folder.users_lock)
        if alone is not None:
            os.close(alone)
        return alone is None


class _Patience:
    """Waits in small steps and says so when it takes long."""

    def __init__(self) -> None:
        self._begun = time.monotonic()
        self._next_word = FIRST_WORD_AFTER_SECONDS

    def a_moment(self) -> None:
        time.sleep(LOOK_EVERY_SECONDS)
        waited = time.monotonic() - self._begun
        if waited >= self._next_word:
            self._next_word += WORD_EVERY_SECONDS
            sys.stderr.write(
                f"正在等待数据库（{waited:.0f} 秒；上次若意外中断，正在恢复数据）\n"
                f"Waiting for the database ({waited:.0f} s; after an interruption it is recovering its data)\n"
            )


@contextmanager
def joined_or_started(data_dir: Path) -> Iterator[Database]:
    """Use the database of a data folder for the length of one command, whether or not somebody runs it already."""
    database = Database(data_dir)
    database.start()
    try:
        yield database
    finally:
        database.stop()


@contextmanager
def run_alone(data_dir: Path, *, address: str) -> Iterator[None]:
    """Be the only `yici run` on a data folder; a second one is told where the first is."""
    path = data_dir.absolute() / "run.lock"
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = try_lock(path)
    except OSError as failure:
        raise _unusable(path.parent, failure) from failure
    if lock is None:
        raise _already_running(path)
    try:
        path.write_text(json.dumps({"pid": os.getpid(), "address": address}), encoding="utf-8")
        yield
    finally:
        os.truncate(lock, 0)
        os.close(lock)


def _already_running(path: Path) -> CannotStart:
    try:
        first = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):  # it has only just started, and not yet said who it is
        first = {"pid": "?", "address": "?"}
    pid, address, folder = first["pid"], first["address"], path.parent
    return CannotStart(
        zh=f"数据目录 {folder} 已有 yici run 在运行（进程 {pid}，{address}）。"
        "请使用它，或先停止它，或用 --data 指定别的目录。",
        en=f"The data folder {folder} is in use by another yici run (process {pid}, {address}). "
        "Use that one, stop it first, or name another folder with --data.",
    )


def _unusable(data_dir: Path, failure: OSError) -> CannotStart:
    return CannotStart(
        zh=f"无法使用数据目录 {data_dir}：{failure}。请检查权限，或用 --data 指定别的目录。",
        en=f"The data folder {data_dir} cannot be used: {failure}. "
        "Check its permissions, or name another one with --data.",
    )
