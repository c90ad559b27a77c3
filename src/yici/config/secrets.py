"""The secrets of a machine: made once in the data folder, unless the environment brings them."""

import os
from pathlib import Path
from secrets import token_urlsafe


def secret(name: str, folder: Path) -> str:
    """Return a secret from the environment, else from a file only we may read, made on first need."""
    given = os.environ.get(name)
    if given:
        return given
    path = folder / "secrets" / name.lower()
    try:
        return path.read_text(encoding="ascii")
    except FileNotFoundError:
        return _made(path)


def _made(path: Path) -> str:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(token_urlsafe(48))
    try:
        # The first of two that start together wins; both then read the same secret.
        os.link(fresh, path)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
    return path.read_text(encoding="ascii")
