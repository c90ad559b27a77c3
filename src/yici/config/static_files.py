"""Collects the style sheets, scripts and pictures of all rooms into the data folder, each name with its fingerprint."""

import shutil
from pathlib import Path

from django.conf import settings
from django.core.management import call_command


def collect_static() -> None:
    """Collect anew when a source is younger than what was collected."""
    stamp = settings.STATIC_ROOT / f".collected-{settings.VERSION}"
    newest = max((path.stat().st_mtime for folder in _sources() for path in folder.rglob("*")), default=0.0)
    if stamp.exists() and stamp.stat().st_mtime >= newest:
        return
    shutil.rmtree(settings.STATIC_ROOT, ignore_errors=True)
    call_command("collectstatic", verbosity=0, interactive=False)
    stamp.touch()


def _sources() -> list[Path]:
    return [*settings.STATICFILES_DIRS, settings.PACKAGE / "channels" / "look" / "static"]
