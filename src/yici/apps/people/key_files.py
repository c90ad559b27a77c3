"""Changes the file of keys: a new key goes first, a key that locks nothing any more goes away."""

import fcntl
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from yici.apps.people.encryption import KEY_VARIABLE, key_file, keyring, new_key_text, parsed_keys
from yici.rules.refusals import Refusal


class CannotChangeKeys(Refusal):
    """The keys cannot be changed like this; they are as they were."""


def keys_come_from() -> str:
    """Return the name of the variable, or the path of the file, that holds the keys."""
    return KEY_VARIABLE if os.environ.get(KEY_VARIABLE) else str(key_file())


def add_key() -> str:
    """Make a new key the current one and return its id; the old ones stay, to read what they locked."""

    def with_new(text: str) -> str:
        numbers = [int(key_id[1:]) for key_id in parsed_keys(text) if key_id[1:].isdecimal()]
        return new_key_text(f"k{max(numbers, default=0) + 1}") + text

    keyring()  # made if this is the first command on the machine
    return next(iter(parsed_keys(_rewritten(with_new))))


def drop_key(key_id: str) -> None:
    """Take a key out of the file. The caller has made sure that no row needs it."""

    def without(text: str) -> str:
        kept = [part for part in text.replace(",", " ").split() if part.partition(":")[0] != key_id]
        return "".join(f"{part}\n" for part in kept)

    check_droppable(key_id)
    _rewritten(without)


def check_droppable(key_id: str) -> None:
    """Refuse a key that is not there, and the one in use."""
    if key_id not in keyring().ids:
        raise CannotChangeKeys(
            zh=f"没有编号为“{key_id}”的密钥。用 yici keys list 查看现有密钥。",
            en=f"There is no key '{key_id}'. See yici keys list.",
        )
    if key_id == keyring().current:
        raise CannotChangeKeys(
            zh=f"密钥“{key_id}”正在使用，不能停用。请先 yici keys add，再 yici keys rotate。",
            en=f"The key '{key_id}' is the current one and cannot be dropped. Run yici keys add and rotate first.",
        )


def _rewritten(change: Callable[[str], str]) -> str:
    """Replace the file in one stroke, so that nobody ever reads half of it, and return what it holds now."""
    if os.environ.get(KEY_VARIABLE):
        raise CannotChangeKeys(
            zh=f"密钥来自环境变量 {KEY_VARIABLE}，本命令不能修改。请把新密钥写在最前面（编号:Base64），重启全部进程。",
            en=f"The keys come from {KEY_VARIABLE}, which this command cannot change. Put the new key first there "
            "(id:base64) and restart every process.",
        )
    path = key_file()
    with _alone(path):
        text = change(path.read_text(encoding="ascii"))
        parsed_keys(text)
        draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        _sync(path.parent)
    return text


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Let only one command change the keys at a time."""
    descriptor = os.open(path.with_name(f"{path.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    os.fsync(descriptor)
    os.close(descriptor)
