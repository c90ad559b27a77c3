"""Programs that this program starts: they end with it, are asked before they are forced, and come back if they die."""

import ctypes
import fcntl
import os
import signal
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, NamedTuple

PR_SET_PDEATHSIG = 1
LONGEST_PAUSE_SECONDS = 10.0
STEADY_AFTER_SECONDS = 60.0


class Account(NamedTuple):
    """The user of the operating system that a child runs as."""

    uid: int
    gid: int


def die_with_parent(last_signal: int) -> Callable[[], None]:
    """Return what a child must do before its program starts, so that it gets this signal when we are gone."""
    # The kernel sends the signal when the *thread* that forked ends; only the main thread lives as long as we do.
    if threading.current_thread() is not threading.main_thread():
        raise RuntimeError("a child that dies with its parent must be started from the main thread")
    parent = os.getpid()
    prctl = ctypes.CDLL(None).prctl

    def in_child() -> None:
        prctl(PR_SET_PDEATHSIG, last_signal, 0, 0, 0)
        # We may have been killed between fork and prctl; then nobody will ever send that signal.
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)

    return in_child


def start_child(
    argv: Sequence[str],
    *,
    last_signal: int = signal.SIGTERM,
    account: Account | None = None,
    env: Mapping[str, str] | None = None,
    keep_open: Sequence[int] = (),
    cwd: Path | None = None,
    output: IO[bytes] | int | None = None,
) -> subprocess.Popen[bytes]:
    """Start a program in its own session (Ctrl-C reaches us first, and we end it in order)."""
    return subprocess.Popen(
        list(argv),
        preexec_fn=die_with_parent(last_signal),  # noqa: PLW1509 (two system calls, no lock, libc loaded before)
        start_new_session=True,
        pass_fds=tuple(keep_open),
        env=env,
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
    )


def stop_child(child: subprocess.Popen[bytes], *, first: int = signal.SIGTERM, patience_seconds: float = 10) -> int:
    """Ask a child to end, force it when patience is over, and return its exit status."""
    if child.poll() is None:
        child.send_signal(first)
    try:
        return child.wait(patience_seconds)
    except subprocess.TimeoutExpired:
        child.kill()
        return child.wait()


def next_pause(previous_seconds: float, lived_seconds: float) -> float:
    """Return how many seconds to wait before a program that died is started again.

    >>> next_pause(0, lived_seconds=5), next_pause(0.5, lived_seconds=0.1), next_pause(8, lived_seconds=2)
    (0.5, 1.0, 10.0)
    >>> next_pause(8, lived_seconds=3600)
    0.0
    """
    if lived_seconds >= STEADY_AFTER_SECONDS:
        return 0.0
    return min(max(0.5, previous_seconds * 2), LONGEST_PAUSE_SECONDS)


def try_lock(path: Path, *, shared: bool = False) -> int | None:
    """Take the lock of a file and return its descriptor, or None when somebody else holds it.

    The kernel gives the lock back when the last process that inherited the descriptor is gone, however it ended.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def is_locked(path: Path) -> bool:
    """Tell whether a living process holds the lock of this file for itself alone."""
    descriptor = try_lock(path, shared=True)
    if descriptor is None:
        return True
    os.close(descriptor)
    return False
