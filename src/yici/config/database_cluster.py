"""The files of the platform's own database: where they lie, how they are made once, and how their server is started."""

import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from yici.config.database_folder import SOCKET_NAME, Folder
from yici.config.database_programs import (
    ENVIRONMENT,
    CannotStart,
    major,
    program,
    reachable_programs,
    server_account,
)
from yici.config.processes import Account, start_child

OWNER, APP, DATABASE = "yici_owner", "yici_app", "yici"
LONGEST_SOCKET_PATH_BYTES = 107  # sun_path of Linux, without its closing zero
FAST_SHUTDOWN = 2  # SIGINT: PostgreSQL ends its sessions, writes a checkpoint and leaves

# Written once into postgresql.conf, so that whoever looks after the machine may change them there.
SETTINGS = {
    "max_connections": "100",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "random_page_cost": "1.1",
    "max_parallel_workers_per_gather": "1",
    "jit": "off",  # compiles for longer than our short statements run
    "fsync": "on",
    "synchronous_commit": "on",
    "wal_compression": "on",
    "min_wal_size": "80MB",
    "max_wal_size": "1GB",
    "checkpoint_timeout": "15min",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    "logging_collector": "on",
    "log_directory": "log",
    "log_filename": "postgresql-%a.log",
    "log_truncate_on_rotation": "on",
    "log_rotation_age": "1d",
    "log_rotation_size": "0",
    "log_min_duration_statement": "1s",
    "log_parameter_max_length": "0",  # a slow statement is named without the values it was given
}
# In template1, so that databases made for tests have the extensions too.
CONTENTS = f"""\
CREATE EXTENSION pg_trgm;
CREATE EXTENSION btree_gin;
CREATE ROLE {APP} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE;
CREATE DATABASE {DATABASE} OWNER {OWNER};
"""


@dataclass(frozen=True)
class Cluster:
    """A database that is made, and whose server may be started."""

    folder: Folder
    account: Account | None
    programs: Path

    @property
    def mark(self) -> str:
        """Name the folder itself, whatever its path: a copy of it is another database, a moved one the same."""
        found = self.folder.cluster.stat()
        return f"yici.{found.st_dev:x}.{found.st_ino:x}"

    def launch(self, server_lock: int, output: IO[bytes]) -> subprocess.Popen[bytes]:
        """Start the server; it inherits the lock. The caller holds the lock, so nothing of an old server lives."""
        _drop_stale_files(self.folder)
        data, socket = _open_folder(self.folder.cluster), _open_folder(self._socket_folder())
        settings = {
            "listen_addresses": "",
            "port": "5432",
            "unix_socket_directories": _by_descriptor(socket),
            "unix_socket_permissions": "0700",
            "cluster_name": self.mark,
        }
        argv = [program("postgres", under=self.programs), "-D", _by_descriptor(data)]
        argv += [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        try:
            return start_child(
                argv,
                last_signal=FAST_SHUTDOWN,
                account=self.account,
                env=ENVIRONMENT,
                keep_open=(data, socket, server_lock),
                cwd=Path("/"),
                output=output,
            )
        finally:
            os.close(data)
            os.close(socket)

    def leave(self) -> None:
        """Take away a socket folder that had to lie outside, once nobody uses its address any more."""
        place = self.folder.path / "socket"
        if place.is_symlink():
            shutil.rmtree(place.readlink(), ignore_errors=True)
            place.unlink()

    def _socket_folder(self) -> Path:
        place = self.folder.path / "socket"
        if _fits_an_address(place):
            if place.is_symlink():
                place.unlink()
            place.mkdir(exist_ok=True)
        elif not (place.is_symlink() and _is_private(place.readlink(), self.account)):
            _remove(place)
            place.symlink_to(tempfile.mkdtemp(prefix="yici-", dir="/tmp"))
        # Whoever may enter here may be any role of the database; that is the server's user and root.
        _hand_over(place.resolve(), self.account)
        return place


def open_cluster(folder: Folder, output: IO[bytes]) -> Cluster:
    """Return the database of this folder, made if it is not there yet."""
    if not Path("/proc/self/fd").is_dir():
        raise CannotStart(
            zh="自带的数据库只能在带有 /proc 的 Linux 上运行。请设置 DATABASE_URL。",
            en="Our own database runs only on Linux with /proc. Set DATABASE_URL.",
        )
    account = server_account(folder.cluster)
    cluster = Cluster(folder, account, reachable_programs(account))
    if folder.cluster.exists():
        _refuse_foreign(folder.cluster)
    else:
        _make(cluster, output)
    if account and folder.cluster.stat().st_uid != account.uid:
        _hand_over_all(folder.cluster, account)
    return cluster


def _refuse_foreign(files: Path) -> None:
    owner = files.stat().st_uid
    if os.geteuid() not in (0, owner):
        raise CannotStart(
            zh=f"数据库文件 {files} 属于另一用户（编号 {owner}）。请用该用户运行，或用 --data 指定别的数据目录。",
            en=f"The database files {files} belong to another user (number {owner}). "
            "Run as that user, or name another data folder with --data.",
        )
    made_by = int((files / "PG_VERSION").read_text().strip())
    if made_by != major():
        raise CannotStart(
            zh=f"{files} 由 PostgreSQL {made_by} 建立，现在安装的是 {major()}，不能直接打开。"
            f"请装回 {made_by} 版运行 yici backup，再用新版 yici restore 到新的数据目录。",
            en=f"{files} was made by PostgreSQL {made_by}, but {major()} is installed and cannot open it. Install "
            f"version {made_by} again, run yici backup, then yici restore into a new data folder with the new one.",
        )


def _make(cluster: Cluster, output: IO[bytes]) -> None:
    # Made aside and then renamed: a database that was interrupted while being made is made anew.
    fresh = cluster.folder.path / "cluster.new"
    _remove(fresh)
    fresh.mkdir()
    _hand_over(fresh, cluster.account)
    data = _open_folder(fresh)
    try:
        settings = [part for name, value in SETTINGS.items() for part in ("--set", f"{name}={value}")]
        locale = ["--encoding=UTF8", "--locale=C.UTF-8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        access = ["--auth-local=trust", "--auth-host=reject", f"--username={OWNER}"]
        _run(cluster, data, ["initdb", *locale, "--data-checksums", *access, *settings], output)
        _run(cluster, data, ["postgres", "--single", "-c", "exit_on_error=on", "template1"], output, typed=CONTENTS)
    finally:
        os.close(data)
    fresh.rename(cluster.folder.cluster)
    _sync(cluster.folder.path)


def _run(cluster: Cluster, data: int, words: list[str], output: IO[bytes], typed: str = "") -> None:
    name, *rest = words
    at = 1 if rest[0] == "--single" else 0
    argv = [program(name, under=cluster.programs), *rest[:at], "-D", _by_descriptor(data), *rest[at:]]
    done = subprocess.run(
        argv,
        input=typed.encode(),
        stdout=output,
        stderr=output,
        pass_fds=(data,),
        env=ENVIRONMENT,
        cwd="/",
        user=cluster.account.uid if cluster.account else None,
        group=cluster.account.gid if cluster.account else None,
        extra_groups=[] if cluster.account else None,
        check=False,
    )
    if done.returncode:
        raise CannotStart(
            zh=f"无法建立数据库：{name} 失败（{cluster.folder.last_lines()}）。详见 {cluster.folder.log}。",
            en=f"The database cannot be made: {name} failed ({cluster.folder.last_lines()}). See {cluster.folder.log}.",
        )


def _drop_stale_files(folder: Folder) -> None:
    # After a crash their process number may belong to anybody by now; PostgreSQL would believe it and refuse to start.
    for path in (folder.cluster / "postmaster.pid", folder.socket / SOCKET_NAME, folder.socket / f"{SOCKET_NAME}.lock"):
        path.unlink(missing_ok=True)


def _by_descriptor(descriptor: int) -> str:
    # The server inherits the open folder: it needs no way through the folders above, which may be closed to it.
    return f"/proc/self/fd/{descriptor}"


def _open_folder(path: Path) -> int:
    return os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)


def _fits_an_address(place: Path) -> bool:
    # libpq reads a comma in a host as the start of a second host.
    return len(os.fsencode(place / SOCKET_NAME)) <= LONGEST_SOCKET_PATH_BYTES and "," not in str(place)


def _is_private(place: Path, account: Account | None) -> bool:
    try:
        found = place.lstat()
    except OSError:
        return False
    return found.st_mode == 0o040700 and found.st_uid == (account.uid if account else os.geteuid())


def _hand_over(path: Path, account: Account | None) -> None:
    if account:
        os.chown(path, account.uid, account.gid)
    path.chmod(0o700)


def _hand_over_all(files: Path, account: Account) -> None:
    # A folder that root copied or restored lost its owner on the way.
    for folder, folders, names in os.walk(files):
        for name in (*folders, *names):
            os.chown(Path(folder, name), account.uid, account.gid, follow_symlinks=False)
    _hand_over(files, account)


def _remove(place: Path) -> None:
    if place.is_symlink():
        place.unlink()
    shutil.rmtree(place, ignore_errors=True)


def _sync(path: Path) -> None:
    descriptor = _open_folder(path)
    os.fsync(descriptor)
    os.close(descriptor)
