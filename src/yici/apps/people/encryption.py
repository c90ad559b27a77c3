"""Keeps personal values unreadable in the database: encrypted with a key outside it, found again by a keyed hash."""

import base64
import hashlib
import hmac
import json
import os
import secrets
import stat
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from yici.rules.refusals import Refusal

KEY_VARIABLE = "YICI_FIELD_KEY"
KEY_FILE_VARIABLE = "YICI_FIELD_KEY_FILE"
KEY_FILE = "field.key"
_KEY_BYTES, _NONCE_BYTES = 32, 12


class CannotUnlock(Refusal):
    """The key for personal values is missing, open to others, malformed, or not the one that locked a value."""


class Keyring:
    """Keys by their id, in order; the first locks new values, all unlock old ones (rotation: put a new one first)."""

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        self.ids = tuple(keys)
        self.current = self.ids[0]
        self._locks = {key_id: AESGCM(_derived(key, b"yici field")) for key_id, key in keys.items()}
        self._searches = {key_id: _derived(key, b"yici search") for key_id, key in keys.items()}

    def lock(self, text: str, place: str) -> str:
        """Return ``key id:base64``; bound to its ``place`` (table.column), so that it cannot be moved to another."""
        return f"{self.current}:{base64.b64encode(self._sealed(text.encode(), place)).decode()}"

    def lock_bytes(self, content: bytes, place: str) -> bytes:
        """Return ``key id:`` and the locked bytes, no longer than the file and forty bytes."""
        return f"{self.current}:".encode() + self._sealed(content, place)

    def unlock(self, locked: str, place: str) -> str:
        """Return the text. Raises CannotUnlock when the key is not here or the value was changed or moved."""
        key_id, _, encoded = locked.partition(":")
        try:
            return self._opened(key_id, base64.b64decode(encoded, validate=True), place).decode()
        except ValueError as error:
            raise _wrong_key(place) from error

    def unlock_bytes(self, locked: bytes, place: str) -> bytes:
        """Return the content of a locked file. Raises CannotUnlock."""
        key_id, _, raw = bytes(locked).partition(b":")
        return self._opened(key_id.decode("ascii", "replace"), raw, place)

    def hashes(self, text: str, place: str) -> list[str]:
        """Return the keyed hashes under which a text may be stored in ``place``, the current key's first."""
        message = f"{place}\0{text}".encode()
        return [
            f"{key_id}:{hmac.new(key, message, hashlib.sha256).hexdigest()}" for key_id, key in self._searches.items()
        ]

    def _sealed(self, content: bytes, place: str) -> bytes:
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._locks[self.current].encrypt(nonce, content, place.encode())

    def _opened(self, key_id: str, raw: bytes, place: str) -> bytes:
        try:
            return self._locks[key_id].decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], place.encode())
        except (KeyError, ValueError, InvalidTag) as error:
            raise _wrong_key(place) from error


def _wrong_key(place: str) -> CannotUnlock:
    return CannotUnlock(
        zh=f"无法解密 {place}：密钥不对，或数据被改动。请核对 {KEY_VARIABLE} 或数据目录中的 {KEY_FILE}。",
        en=f"Cannot read {place}: wrong key, or the value was changed. "
        f"Check {KEY_VARIABLE} or {KEY_FILE} in the data folder.",
    )


def _derived(key: bytes, purpose: bytes) -> bytes:
    return HKDF(SHA256(), _KEY_BYTES, salt=None, info=purpose).derive(key)


def keyring() -> Keyring:
    """Return the keys of this process: from YICI_FIELD_KEY, else from the key file, made on the first start.

    The file is looked at each time (a microsecond): once a key is added, no process locks or reads without it.
    """
    given = os.environ.get(KEY_VARIABLE, "")
    if given:
        return read_keys(given)
    path = key_file()
    try:
        found = path.stat()
    except FileNotFoundError:
        return read_keys(_key_file_text(path))
    return _ring_of_file(path, (found.st_ino, found.st_mtime_ns, found.st_mode))


def key_file() -> Path:
    """Return where the keys lie: YICI_FIELD_KEY_FILE (a mounted secret), else the data folder."""
    return _path_of(os.environ.get(KEY_FILE_VARIABLE, ""), str(settings.DATA_DIR))


@lru_cache(maxsize=4)
def _path_of(given: str, data: str) -> Path:
    return Path(given) if given else Path(data) / KEY_FILE


@lru_cache(maxsize=4)
def _ring_of_file(path: Path, _state: tuple[int, int, int]) -> Keyring:
    return read_keys(_key_file_text(path))


@lru_cache(maxsize=4)
def read_keys(text: str) -> Keyring:
    """Read ``id:base64 of 32 bytes``, several separated by spaces or commas, the current one first."""
    return Keyring(parsed_keys(text))


def parsed_keys(text: str) -> dict[str, bytes]:
    """Return keys by id in their order. Raises CannotUnlock when the text is malformed."""
    keys = {}
    for part in text.replace(",", " ").split():
        key_id, _, encoded = part.partition(":")
        try:
            keys[key_id] = base64.b64decode(encoded, validate=True)
        except ValueError:
            keys[key_id] = b""
    if not keys or not all(key_id.isalnum() and len(key) == _KEY_BYTES for key_id, key in keys.items()):
        raise CannotUnlock(
            zh=f"个人信息密钥格式不对。应为“编号:32字节的Base64”，例如 k1:…。请检查 {KEY_VARIABLE} 或 {KEY_FILE}。",
            en=f"The key for personal values is malformed: it should read 'id:base64 of 32 bytes', such as k1:…. "
            f"Check {KEY_VARIABLE} or {KEY_FILE}.",
        )
    return keys


def new_key_text(key_id: str = "k1") -> str:
    """Return a fresh key as the key file holds it."""
    return f"{key_id}:{base64.b64encode(secrets.token_bytes(_KEY_BYTES)).decode()}\n"


def _key_file_text(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    # Web and worker start together: the second must take the first one's key.
    with suppress(FileExistsError):
        _write_whole(path)
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise CannotUnlock(
            zh=f"密钥文件 {path} 其他用户可读。请执行 chmod 600 后重新启动。",
            en=f"Other users may read the key file {path}. Run chmod 600 on it and start again.",
        )
    return path.read_text()


def _write_whole(path: Path) -> None:
    """Make the key file in one stroke: nobody ever reads half a key."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(new_key_text())
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    finally:
        draft.unlink()


def search_hash(text: str, place: str) -> str:
    """Return the keyed hash stored beside an encrypted value so that exactly this text can be found again."""
    return keyring().hashes(text, place)[0]


def search_hashes(text: str, place: str) -> list[str]:
    """Return every hash to look for (``…_hash__in``): values locked before a change of keys are found as well."""
    return keyring().hashes(text, place)


if TYPE_CHECKING:
    _TextField = models.TextField[Any, Any]
else:
    _TextField = models.TextField  # Django's fields take no parameters at run time


class EncryptedField(_TextField):
    """A text column that holds a locked value; Python sees the plain one. Only ``isnull`` can be asked of it."""

    if TYPE_CHECKING:  # what the checker's Django plugin reads; kinds of values are those of to_text and from_text
        _pyi_private_set_type: Any
        _pyi_private_get_type: Any

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise TypeError(
                f"{self.model.__name__}.{self.name} is encrypted: it cannot be searched or compared ('{lookup_name}'). "
                "Look for its keyed hash instead (yici.apps.people.encryption.search_hashes)."
            )
        return super().get_lookup(lookup_name)

    @property
    def place(self) -> str:
        """Where the value belongs; part of what is authenticated."""
        return f"{self.model._meta.db_table}.{self.column}"

    def get_db_prep_save(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        return None if value is None else keyring().lock(self.to_text(value), self.place)

    def from_db_value(self, value: str | None, expression: object, connection: object) -> Any:
        return None if value is None else self.from_text(keyring().unlock(value, self.place))

    def relocked(self, raw: Any) -> Any:
        """Return what a column holds, locked again with the current key."""
        return keyring().lock(keyring().unlock(raw, self.place), self.place)

    def locked_plain(self, raw: Any) -> Any:
        """Return what a column held before it was encrypted, locked."""
        return keyring().lock(str(raw), self.place)

    def opened_raw(self, raw: Any) -> Any:
        """Return what a column holds as it was before it was encrypted."""
        return keyring().unlock(raw, self.place)

    def to_text(self, value: Any) -> str:
        """Return the value as the text to be locked."""
        return str(value)

    def from_text(self, text: str) -> Any:
        """Return the value that ``to_text`` wrote down."""
        return text


class EncryptedTextField(EncryptedField):
    """Encrypted text."""


class EncryptedBytesField(EncryptedField):
    """An encrypted file, a paper or a PDF, in a column of bytes."""

    def get_internal_type(self) -> str:
        return "BinaryField"

    def get_db_prep_save(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        return None if value is None else keyring().lock_bytes(bytes(value), self.place)

    def from_db_value(self, value: Any, expression: object, connection: object) -> Any:
        return None if value is None else keyring().unlock_bytes(bytes(value), self.place)

    def relocked(self, raw: Any) -> Any:
        return keyring().lock_bytes(keyring().unlock_bytes(bytes(raw), self.place), self.place)

    def locked_plain(self, raw: Any) -> Any:
        return keyring().lock_bytes(bytes(raw), self.place)

    def opened_raw(self, raw: Any) -> Any:
        return keyring().unlock_bytes(bytes(raw), self.place)


class EncryptedDateField(EncryptedField):
    """An encrypted day."""

    def to_text(self, value: Any) -> str:
        return cast(date, value).isoformat()

    def from_text(self, text: str) -> date:
        return date.fromisoformat(text)


class EncryptedJSONField(EncryptedField):
    """Encrypted values, kept as one JSON text."""

    def to_text(self, value: Any) -> str:
        return json.dumps(value, ensure_ascii=False, sort_keys=True)

    def from_text(self, text: str) -> Any:
        return json.loads(text)
