"""Serves the web pages: worker processes that hold nothing, static files beside them."""

import argparse
import os
from pathlib import Path

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels


def parser(prog: str) -> argparse.ArgumentParser:
    """Return what `yici serve` understands."""
    made = argparse.ArgumentParser(prog, description="Serve the web pages.")
    made.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    made.add_argument("--port", type=int, default=8000, help="port to listen on (8000)")
    made.add_argument("--workers", type=int, default=os.cpu_count() or 2, help="web processes (one for each core)")
    return made


def run(arguments: argparse.Namespace) -> int:
    """Serve until told to stop; `yici migrate` has collected the static files."""
    Granian(
        "yici.config.wsgi:application",
        address=arguments.host,
        port=arguments.port,
        interface=Interfaces.WSGI,
        workers=arguments.workers,
        blocking_threads=4,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        static_path_route=["/static"],
        static_path_mount=[Path(os.environ["YICI_DATA"]) / "static"],
        static_path_expires=30 * 86400,
    ).serve()
    return 0
