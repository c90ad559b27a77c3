"""The part of a data folder that belongs to the database: its files, its locks and the reason of a failure."""

import json
import os
from dataclasses import dataclass
from pathlib import Path

from yici.config.database_programs import CannotStart

SOCKET_NAME = ".s.PGSQL.5432"


@dataclass(frozen=True)
class Folder:
    """The part of a data folder that belongs to the database."""

    path: Path

    def prepare(self) -> None:
        """Make the folder and its locks if they are not there."""
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        for lock in (self.users_lock, self.keeper_lock, self.server_lock):
            if not lock.exists():
                lock.touch(mode=0o600)
                if os.geteuid() == 0:  # root passing by must not shut out the folder's owner
                    os.chown(lock, self.path.stat().st_uid, self.path.stat().st_gid)

    @property
    def cluster(self) -> Path:
        return self.path / "cluster"

    @property
    def users_lock(self) -> Path:
        """Held, shared, by every command that uses the database."""
        return self.path / "users.lock"

    @property
    def keeper_lock(self) -> Path:
        """Held by the one keeper, from before it starts until after it ends."""
        return self.path / "keeper.lock"

    @property
    def server_lock(self) -> Path:
        """Inherited by the server and its backends: free means that not one of them lives."""
        return self.path / "server.lock"

    @property
    def log(self) -> Path:
        return self.path / "start.log"

    @property
    def socket(self) -> Path:
        """The folder of the socket, short enough for an address."""
        place = self.path / "socket"
        return place.readlink() if place.is_symlink() else place

    @property
    def _failure(self) -> Path:
        return self.path / "failure.json"

    def note_failure(self, refusal: CannotStart | None) -> None:
        """Leave the reason for whoever waits for the database, or wipe out an old one."""
        self._failure.unlink(missing_ok=True)
        if refusal:
            self._failure.write_text(json.dumps(refusal.words._asdict(), ensure_ascii=False), encoding="utf-8")

    def failure(self) -> CannotStart | None:
        """Return why the keeper gave up, if it said so."""
        if not self._failure.exists():
            return None
        return CannotStart(**json.loads(self._failure.read_text(encoding="utf-8")))

    def last_lines(self, count: int = 3) -> str:
        """Return the end of the log of the start."""
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines() if self.log.exists() else []
        return " | ".join(line.strip() for line in lines[-count:])
