"""Asks a service of another X-Road member (X-Road Message Protocol for REST, version 1)."""

import uuid
from collections.abc import Collection, Mapping

from yici.apps.registry.connectors.http import Answer, Line, rows_at
from yici.apps.registry.connectors.protocol import Question, Row, missing_column, one_a_person, secret
from yici.apps.registry.connectors.rest import NOBODY, checked, presence_in
from yici.apps.registry.connectors.settings import XRoadSettings
from yici.rules.source_failures import CannotAsk, Failure
from yici.rules.words import Words


class XRoadConnector:
    """Reads one service of another member through our own security server."""

    def __init__(self, name: str, settings: XRoadSettings, columns: Collection[str], most_each: int) -> None:
        self._name, self._settings, self._columns, self._most_each = name, settings, tuple(columns), most_each
        self._line = Line(name, own_authority=settings.authority, largest_bytes=settings.largest_bytes)

    def probe(self, question: Question) -> None:
        """Ask for nobody: the service must be there, allow us in and answer as an X-Road member."""
        self.read(question, [NOBODY], self._columns)

    def read(self, question: Question, ids: Collection[str], columns: Collection[str]) -> Mapping[str, Row]:
        """Return the row of each id."""
        answer = self._ask(question, self._settings.read, ids, columns)
        rows = rows_at(answer.document, "records") if answer.document is not None else []
        for row in rows:
            for column in (self._settings.key, *columns):
                if column not in row:
                    raise missing_column(column)
        return one_a_person([(str(row[self._settings.key]), row) for row in rows], ids, self._most_each)

    def seen(self, question: Question, ids: Collection[str], columns: Collection[str]) -> Mapping[str, frozenset[str]]:
        """Return which columns have a value."""
        if self._settings.seen is None:
            rows = self.read(question, ids, columns)
            return {
                key: frozenset(one for one in columns if row.get(one) not in (None, "")) for key, row in rows.items()
            }
        return presence_in(self._ask(question, self._settings.seen, ids, columns).document, ids)

    def close(self) -> None:
        """Close the connections."""
        self._line.close()

    def _ask(self, question: Question, path: str, ids: Collection[str], columns: Collection[str]) -> Answer:
        # Numbers of people go in the body: addresses are written into every log on the way.
        address = f"{self._settings.address.rstrip('/')}/r1/{self._settings.service}{path}"
        message = str(uuid.uuid4())
        headers = {"X-Road-Client": self._settings.client, "X-Road-Id": message}
        if self._settings.token:
            headers["Authorization"] = f"Bearer {secret(self._name, 'token')}"
        body = {"ids": sorted(ids), "fields": sorted(columns)}
        answer = self._line.ask(question, "POST", address, document=body, headers=headers)
        _no_error(answer)
        answer = checked(answer)
        self._is_meant(answer, message)
        return answer

    def _is_meant(self, answer: Answer, message: str) -> None:
        """Raise CannotAsk when the answer belongs to another question or service."""
        headers = answer.headers
        if headers.get("x-road-id") != message or headers.get("x-road-service", self._settings.service) != (
            self._settings.service
        ):
            raise CannotAsk(Failure.RUBBISH, Words("答复不属于这次查询", "the answer belongs to another question"))
        if not headers.get("x-road-request-id"):
            raise CannotAsk(
                Failure.RUBBISH,
                Words("答复没有经过安全服务器", "the answer did not come through a security server"),
            )


# The first words of X-Road's error types, and what they mean for us.
_ERRORS = {
    "Server.ServerProxy.AccessDenied": Failure.NOT_LET_IN,
    "Client.": Failure.NOT_LET_IN,
    "Server.ClientProxy.NetworkError": Failure.UNREACHABLE,
    "Server.ServerProxy.ServiceFailed": Failure.UNREACHABLE,
}


def _no_error(answer: Answer) -> None:
    kind = answer.headers.get("x-road-error", "")
    if not kind:
        return
    known = kind if kind.replace(".", "").isalnum() and len(kind) <= 80 else "?"
    failure = next((said for start, said in _ERRORS.items() if kind.startswith(start)), Failure.UNREACHABLE)
    # Their message may quote what we sent, so only the type is passed on.
    raise CannotAsk(failure, Words(f"X-Road 错误 {known}", f"X-Road error {known}"))
