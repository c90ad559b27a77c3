"""One question over HTTP: bounded in time and in bytes, JSON or nothing, no redirects to anywhere else."""

import ssl
import threading
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

import httpx
import msgspec

from yici.apps.registry.connectors.protocol import Question, secret_path
from yici.rules.source_failures import CannotAsk, Failure
from yici.rules.words import Words

MOST_CONNECTIONS = 8


@cache
def trusted(file: str | None) -> ssl.SSLContext:
    """Return whom we trust: the machine's authorities, or only those of a file; reading them is slow."""
    return ssl.create_default_context(cafile=file)


class Answer(NamedTuple):
    """What came back: the status, the headers (names in lower case) and the JSON document, None when empty."""

    status: int
    headers: Mapping[str, str]
    document: Any


class Line:
    """The connections to one address, kept open between questions and thrown away when one of them hangs."""

    def __init__(self, name: str, *, own_authority: bool, largest_bytes: int) -> None:
        self._name, self._own_authority, self._largest = name, own_authority, largest_bytes
        self._client: httpx.Client | None = None
        self._lock = threading.Lock()

    def ask(
        self,
        question: Question,
        method: str,
        address: str,
        *,
        document: object = None,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send one question and return the whole answer. Raises CannotAsk."""
        question.check()
        body = msgspec.json.encode(document) if document is not None else None
        sent = {
            "Accept": "application/json",
            **({"Content-Type": "application/json"} if body else {}),
            **(headers or {}),
        }
        client = self._open()
        # Reading piece by piece with a timeout each would let a dripping server hold us for ever.
        question.on_hang_up(lambda: self._throw_away(client))
        try:
            with client.stream(
                method, address, content=body, data=form, headers=sent, timeout=max(0.05, question.seconds_left)
            ) as response:
                received = self._body(question, response)
                return Answer(response.status_code, response.headers, _document(response, received))
        except httpx.TimeoutException:
            raise CannotAsk(Failure.TIMEOUT) from None
        except (httpx.DecodingError, httpx.RemoteProtocolError):
            raise CannotAsk(Failure.RUBBISH) from None
        except (httpx.HTTPError, httpx.InvalidURL, RuntimeError, OSError, ValueError):
            question.check()
            raise CannotAsk(Failure.UNREACHABLE) from None

    def close(self) -> None:
        """Close every connection."""
        if self._client is not None:
            self._throw_away(self._client)

    def _open(self) -> httpx.Client:
        with self._lock:
            if self._client is None:
                self._client = httpx.Client(
                    verify=self._trust(),
                    follow_redirects=False,
                    trust_env=False,
                    limits=httpx.Limits(max_connections=MOST_CONNECTIONS),
                )
            return self._client

    def _trust(self) -> ssl.SSLContext:
        return trusted(secret_path(self._name, "authority") if self._own_authority else None)

    def _throw_away(self, client: httpx.Client) -> None:
        with self._lock:
            if self._client is client:
                self._client = None
        client.close()

    def _body(self, question: Question, response: httpx.Response) -> bytes:
        received = bytearray()
        for piece in response.iter_bytes(8192):
            question.check()
            received += piece
            if len(received) > self._largest:
                raise CannotAsk(
                    Failure.TOO_MUCH,
                    Words(f"约定最多 {self._largest:,} 字节", f"at most {self._largest:,} bytes were agreed"),
                )
        return bytes(received)


def _document(response: httpx.Response, received: bytes) -> Any:
    if not received.strip():
        return None
    if "json" not in response.headers.get("content-type", ""):
        # A gateway's error page in HTML is no answer of the source's, whatever its status says.
        return None if response.status_code >= 400 else _rubbish("不是 JSON", "it is not JSON")
    try:
        return msgspec.json.decode(received)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return _rubbish("JSON 不完整", "the JSON is broken")


def _rubbish(zh: str, en: str) -> Any:
    raise CannotAsk(Failure.RUBBISH, Words(zh, en))


def rows_at(document: Any, place: str) -> list[dict[str, object]]:
    """Return the rows that stand at a place ("data.items") of an answer; one object counts as one row.

    Raises CannotAsk when something else stands there.

    >>> rows_at({"data": {"items": [{"id": "1"}]}}, "data.items")
    [{'id': '1'}]
    """
    for key in place.split(".") if place else ():
        if not isinstance(document, dict) or key not in document:
            _changed(key)
        document = document[key]
    rows = document if isinstance(document, list) else [document]
    if not all(isinstance(row, dict) for row in rows):
        _changed(place or "/")
    return rows


def _changed(place: str) -> None:
    raise CannotAsk(Failure.SCHEMA, Words(f"答复中找不到“{place}”", f"the answer has no '{place}' as agreed"))
