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
        environment = {key: value for key, value in os.environ.items() if not key.startswith(("YICI_", "DATABASE_"))}
        environment |= {
            "DATABASE_URL": Database(self.data).url("app"),
            "YICI_DATA": str(self.data),
            "YICI_POOL": "0",
            "YICI_SECRET_KEY": "x",
            "DJANGO_SETTINGS_MODULE": "yici.config.settings",
            "PYTHONPATH": str(Path(__file__).parents[2]),
        }
        done = subprocess.run(
            [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout
