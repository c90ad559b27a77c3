"""The keeper of one database: a small process that runs the server for as long as somebody uses it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import IO

from yici.config.database_cluster import FAST_SHUTDOWN, Cluster, open_cluster
from yici.config.database_folder import SOCKET_NAME, Folder
from yici.config.database_programs import ENVIRONMENT, CannotStart, program
from yici.config.processes import next_pause, stop_child, try_lock

LOOK_EVERY_SECONDS = 0.1
# A shutdown writes everything to disk; after this, crash recovery does the same at the next start.
SHUTDOWN_PATIENCE_SECONDS = 300
LEFTOVERS_MAY_END_SECONDS = 1.0
LEFTOVERS_ARE_FORCED_SECONDS = 5.0


class Keeper:
    """Starts the server, starts it again when it dies, and stops it when nobody holds the users' lock."""

    def __init__(self, folder: Folder, output: IO[bytes]) -> None:
        self.folder = folder
        self.output = output
        self._asked = False
        self._alone: int | None = None

    def ask(self, _signal: int, _frame: FrameType | None) -> None:
        """Stop at the next look."""
        self._asked = True

    def is_over(self) -> bool:
        """Tell whether to stop; once nobody uses the database, newcomers wait until we are gone."""
        if self._alone is None:
            self._alone = try_lock(self.folder.users_lock)
        return self._asked or self._alone is not None

    def keep(self) -> None:
        """Run the server until it is over."""
        cluster = open_cluster(self.folder, self.output)
        self._keep_running(cluster)
        if self._alone is not None:
            cluster.leave()

    def _keep_running(self, cluster: Cluster) -> None:
        pause = 0.0
        while (lock := self._lock_after_leftovers(cluster)) is not None:
            born = time.monotonic()
            server = cluster.launch(lock, self.output)
            os.close(lock)  # from here on only the server and its backends hold it
            was_ready = self._attend(server)
            if server.returncode is None:
                stop_child(server, first=FAST_SHUTDOWN, patience_seconds=SHUTDOWN_PATIENCE_SECONDS)
                return
            if not was_ready and server.returncode > 0:
                raise CannotStart(
                    zh=f"数据库服务未能启动（{self.folder.last_lines()}）。"
                    f"详见 {self.folder.log} 和其旁的 cluster/log。",
                    en=f"The database server did not start ({self.folder.last_lines()}). "
                    f"See {self.folder.log} and cluster/log beside it.",
                )
            pause = next_pause(pause, time.monotonic() - born)
            self._rest(pause)

    def _attend(self, server: subprocess.Popen[bytes]) -> bool:
        was_ready = False
        while server.poll() is None and not self.is_over():
            # However long crash recovery takes, a server that lives is not a failure.
            was_ready = was_ready or is_ready(self.folder)
            time.sleep(LOOK_EVERY_SECONDS)
        return was_ready

    def _rest(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end and not self.is_over():
            time.sleep(LOOK_EVERY_SECONDS)

    def _lock_after_leftovers(self, cluster: Cluster) -> int | None:
        begun = time.monotonic()
        while not self.is_over():
            if (lock := try_lock(self.folder.server_lock)) is not None:
                return lock
            end_leftovers(cluster.mark, waited_seconds=time.monotonic() - begun)
            time.sleep(LOOK_EVERY_SECONDS / 2)
        return None


def is_ready(folder: Folder) -> bool:
    """Tell whether the server takes connections; a process number or a socket file alone proves nothing."""
    if not (folder.socket / SOCKET_NAME).exists():
        return False
    question = [program("pg_isready"), "--quiet", "--timeout=1", "--dbname=yici", "--username=yici_app"]
    return subprocess.run([*question, f"--host={folder.socket}"], env=ENVIRONMENT, check=False).returncode == 0


def end_leftovers(mark: str, *, waited_seconds: float) -> None:
    """Hurry up what is left of an earlier server of this very cluster, found by the mark in its title.

    A whole server is asked to shut down. Backends without their server would finish their statement first, which may
    take hours, while their shared memory keeps the next server from starting; what they do can no longer be committed.
    """
    family = dict(_family(mark))
    whole = [pid for pid, title in family.items() if not title.startswith(b"postgres: ")]
    if whole:
        _send(whole, signal.SIGINT)
    elif waited_seconds > LEFTOVERS_ARE_FORCED_SECONDS:
        _send(family, signal.SIGKILL)
    elif waited_seconds > LEFTOVERS_MAY_END_SECONDS:
        _send(family, signal.SIGQUIT)


def _family(mark: str) -> Iterator[tuple[int, bytes]]:
    backend, server = f"postgres: {mark}: ".encode(), f"cluster_name={mark}".encode()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                title = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if title.startswith(backend) or server in title.split(b"\0"):
                yield int(entry.name), title


def _send(pids: list[int] | dict[int, bytes], number: int) -> None:
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            continue


def main(path: str) -> int:
    """Detach from whoever started us, then keep the database of this folder."""
    if os.fork():
        return 0
    folder = Folder(Path(path))
    os.umask(0o077)
    os.chdir("/")
    folder.log.unlink(missing_ok=True)
    with folder.log.open("ab", buffering=0) as output:
        for descriptor in (1, 2):
            os.dup2(output.fileno(), descriptor)
        keeper = Keeper(folder, output)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, keeper.ask)
        return _keep_or_say_why(keeper)


def _keep_or_say_why(keeper: Keeper) -> int:
    try:
        keeper.keep()
    except CannotStart as refusal:
        keeper.folder.note_failure(refusal)
        return 1
    except (OSError, subprocess.SubprocessError) as failure:
        # A full disk, a file that is not ours: the system's own words are the best we have.
        keeper.folder.note_failure(
            CannotStart(zh=f"无法启动数据库：{failure}。", en=f"The database cannot be started: {failure}.")
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
