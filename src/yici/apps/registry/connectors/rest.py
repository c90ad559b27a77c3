"""Asks a department's REST service."""

from collections.abc import Collection, Mapping
from urllib.parse import quote

from yici.apps.registry.connectors.http import Answer, Line, rows_at
from yici.apps.registry.connectors.protocol import Question, Row, missing_column, one_a_person
from yici.apps.registry.connectors.settings import RestSettings
from yici.apps.registry.connectors.signing_in import Pass
from yici.rules.source_failures import CannotAsk, Failure
from yici.rules.words import Words

# Probing asks for somebody who cannot exist, so that no person's data are read without a purpose.
NOBODY = "000000000000000000"


class RestConnector:
    """Reads one resource of a service; ``most_each`` rows a person were agreed."""

    def __init__(self, name: str, settings: RestSettings, columns: Collection[str], most_each: int) -> None:
        self._settings, self._columns, self._most_each = settings, tuple(columns), most_each
        self._line = Line(name, own_authority=settings.authority, largest_bytes=settings.largest_bytes)
        self._pass = Pass(name, settings.sign_in, self._line)

    def probe(self, question: Question) -> None:
        """Ask for nobody: the service must be there, let us in and answer in the agreed shape."""
        self.read(question, [NOBODY], self._columns)

    def read(self, question: Question, ids: Collection[str], columns: Collection[str]) -> Mapping[str, Row]:
        """Return the row of each id."""
        if "{id}" not in self._settings.read:
            body = {"ids": sorted(ids), "fields": sorted(columns)}
            answer = self._ask(question, "POST", self._settings.read, body)
            return one_a_person(self._keyed(answer, columns), ids, self._most_each)
        return {one: row for one in ids if (row := self._read_one(question, one, columns)) is not None}

    def seen(self, question: Question, ids: Collection[str], columns: Collection[str]) -> Mapping[str, frozenset[str]]:
        """Return which columns have a value."""
        if self._settings.seen is None:
            rows = self.read(question, ids, columns)
            return {
                key: frozenset(one for one in columns if row.get(one) not in (None, "")) for key, row in rows.items()
            }
        body = {"ids": sorted(ids), "fields": sorted(columns)}
        answer = self._ask(question, "POST", self._settings.seen, body)
        return presence_in(answer.document, ids)

    def close(self) -> None:
        """Close the connections."""
        self._line.close()

    def _read_one(self, question: Question, one: str, columns: Collection[str]) -> Row | None:
        path = self._settings.read.replace("{id}", quote(one, safe=""))
        answer = self._ask(question, "GET", path, None)
        if answer.document is None:
            return None
        keyed = self._keyed(answer, columns, whose=one)
        return one_a_person(keyed, [one], self._most_each).get(one)

    def _keyed(self, answer: Answer, columns: Collection[str], whose: str | None = None) -> list[tuple[str, Row]]:
        if answer.document is None:
            return []
        rows = rows_at(answer.document, self._settings.rows)
        return [(_key_of(row, self._settings.key, columns, whose), row) for row in rows]

    def _ask(self, question: Question, method: str, path: str, body: object) -> Answer:
        address = self._settings.address.rstrip("/") + path
        answer = self._line.ask(question, method, address, document=body, headers=self._pass.headers(question))
        if answer.status == 401 and self._settings.sign_in.kind in {"client_credentials", "private_key_jwt"}:
            self._pass.forget()  # the token may have been withdrawn before its end: one fresh one
            answer = self._line.ask(question, method, address, document=body, headers=self._pass.headers(question))
        return checked(answer)


def _key_of(row: Mapping[str, object], key: str, columns: Collection[str], whose: str | None) -> str:
    for column in columns:
        if column not in row:
            raise missing_column(column)
    if key not in row:
        if whose is None:
            raise missing_column(key)
        return whose  # asked for by its address: the answer need not repeat who it is
    return str(row[key])


def checked(answer: Answer) -> Answer:
    """Return an answer that is one; 404 says that there is nothing. Raises CannotAsk."""
    if answer.status == 404:
        return Answer(404, answer.headers, None)
    if answer.status in {401, 403}:
        raise CannotAsk(Failure.NOT_LET_IN)
    if answer.status == 429:
        raise CannotAsk(Failure.BUSY)
    if answer.status not in {200, 204}:
        status = Words(f"状态码 {answer.status}", f"status {answer.status}")
        raise CannotAsk(Failure.UNREACHABLE if answer.status >= 500 else Failure.RUBBISH, status)
    return answer


def presence_in(document: object, ids: Collection[str]) -> dict[str, frozenset[str]]:
    """Return a bulk answer {id: [column, …]} as a value. Raises CannotAsk for anything else.

    >>> presence_in({"1": ["licence"]}, ["1"])["1"]
    frozenset({'licence'})
    """
    found = document if document is not None else {}
    if not isinstance(found, dict) or not all(isinstance(names, list) for names in found.values()):
        raise CannotAsk(Failure.SCHEMA, Words("批量答复的结构不对", "the bulk answer has another shape than agreed"))
    if not set(found) <= set(ids):
        raise CannotAsk(Failure.RUBBISH, Words("返回了别人的数据", "it sent data of somebody else"))
    return {key: frozenset(str(name) for name in names) for key, names in found.items()}
