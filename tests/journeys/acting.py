"""A running site, and a way to act in its database as its jobs and its past do."""

import os
import subprocess
import sys
from pathlib import Path

from yici.config.database import Database


class Site:
    """The running site, and a way to look into its database."""

    def __init__(self, address: str, data: Path) -> None:
        self.address = address
        self.data = data

    def python(self, code: str) -> str:
        """Run lines in its database, as its jobs would."""
        more = {
            "DATABASE_URL": Database(self.data).url("app"),
            "YICI_DATA": str(self.data),
            "YICI_POOL": "0",
            "YICI_SECRET_KEY": "x",
            "DJANGO_SETTINGS_MODULE": "yici.config.settings",
            "PYTHONPATH": str(Path(__file__).parents[2]),
        }
        return self._run(["-c", code], more)

    def yici(self, *words: str) -> str:
        """Run a command beside the running site, as its administrator does."""
        return self._run(["-m", "yici.config.main", *words, "--data", str(self.data)], {})

    def _run(self, words: list[str], more: dict[str, str]) -> str:
        own = {key: value for key, value in os.environ.items() if not key.startswith(("YICI_", "DATABASE_", "DJANGO_"))}
        done = subprocess.run([sys.executable, *words], env=own | more, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout
