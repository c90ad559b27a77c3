"""Serves the web pages: worker processes that hold nothing, static files beside them."""

import argparse
import os
import shutil
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
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
    """Collect the static files and serve until told to stop."""
    _collect_static()
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
        static_path_mount=[settings.STATIC_ROOT],
        static_path_expires=30 * 86400,
    ).serve()
    return 0


def _collect_static() -> None:
    """Names carry a fingerprint, so old files may stay; only a new version is collected anew."""
    stamp = settings.STATIC_ROOT / f".collected-{settings.VERSION}"
    newest = max((path.stat().st_mtime for folder in _sources() for path in folder.rglob("*")), default=0.0)
    if stamp.exists() and stamp.stat().st_mtime >= newest:
        return
    shutil.rmtree(settings.STATIC_ROOT, ignore_errors=True)
    call_command("collectstatic", verbosity=0, interactive=False)
    stamp.touch()


def _sources() -> list[Path]:
    return [*settings.STATICFILES_DIRS, settings.PACKAGE / "channels" / "look" / "static"]
