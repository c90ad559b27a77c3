"""Asks a department's PostgreSQL or MariaDB: read-only, parameterised, bounded in rows and in time."""

import os
import socket
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any, Protocol

import psycopg
import pymysql
import pymysql.cursors
from psycopg import sql

from yici.apps.registry.connectors.protocol import Question, Row, one_a_person, secret, secret_path, too_many
from yici.apps.registry.connectors.settings import DatabaseSettings
from yici.rules.source_failures import CannotAsk, Failure
from yici.rules.words import Words

_PIECE = 100  # rows taken over at a time: whatever a source sends, no more than this is in memory


class _Dialect(Protocol):
    def rows(self, question: Question, statement: str, values: list[object]) -> Iterator[tuple[Any, ...]]: ...
    def quoted(self, name: str) -> str: ...


@contextmanager
def _ended(rows: Iterator[tuple[Any, ...]]) -> Iterator[Iterator[tuple[Any, ...]]]:
    """End the reading here and now. Why it was broken off is known already: a line cut meanwhile is no news."""
    try:
        yield rows
    finally:
        with suppress(CannotAsk):
            getattr(rows, "close", lambda: None)()


class DatabaseConnector:
    """Reads one table or view. The statement is ours; only numbers of people are given to it, as parameters."""

    def __init__(self, dialect: _Dialect, settings: DatabaseSettings, columns: Collection[str], most_each: int) -> None:
        self._dialect, self._settings, self._columns, self._most_each = dialect, settings, tuple(columns), most_each

    def probe(self, question: Question) -> None:
        """Ask for no row at all: the columns must be there, and we must be let in."""
        chosen = ", ".join(map(self._dialect.quoted, [self._settings.key, *self._columns]))
        with _ended(self._dialect.rows(question, f"SELECT {chosen} FROM {self._table()} WHERE 1 = 0", [])) as rows:
            next(rows, None)

    def read(self, question: Question, ids: Collection[str], columns: Collection[str]) -> Mapping[str, Row]:
        """Return the row of each id."""
        wanted = sorted(columns)
        rows = self._ask(question, ids, [self._dialect.quoted(one) for one in wanted])
        return one_a_person([(key, dict(zip(wanted, row, strict=True))) for key, *row in rows], ids, self._most_each)

    def seen(self, question: Question, ids: Collection[str], columns: Collection[str]) -> Mapping[str, frozenset[str]]:
        """Return which columns have a value; the values stay where they are."""
        wanted = sorted(columns)
        # An empty text counts as no value, as it does in our own records.
        chosen = [
            f"({name} IS NOT NULL AND CAST({name} AS CHAR(10)) <> '')" for name in map(self._dialect.quoted, wanted)
        ]
        rows = self._ask(question, ids, chosen)
        marks = one_a_person([(key, dict(zip(wanted, row, strict=True))) for key, *row in rows], ids, self._most_each)
        return {key: frozenset(name for name, mark in row.items() if mark) for key, row in marks.items()}

    def close(self) -> None:
        """Nothing stays open between questions: departments allow few connections."""

    def _ask(self, question: Question, ids: Collection[str], chosen: list[str]) -> list[tuple[Any, ...]]:
        if not ids or not chosen:
            return []
        key, most = self._dialect.quoted(self._settings.key), self._most_each * len(ids)
        marks = ", ".join(["%s"] * len(ids))
        order = f" ORDER BY {self._dialect.quoted(self._settings.order_by)} DESC" if self._settings.order_by else ""
        # One row more than agreed tells that there are more; the source never sorts or sends the rest.
        statement = (
            f"SELECT {key}, {', '.join(chosen)} FROM {self._table()} WHERE {key} IN ({marks}){order} LIMIT {most + 1}"
        )
        found = []
        with _ended(self._dialect.rows(question, statement, list(ids))) as rows:
            for row in rows:
                question.check()
                found.append((str(row[0]).strip(), *row[1:]))
                if len(found) > most:
                    raise too_many(self._most_each)
        return found

    def _table(self) -> str:
        if self._settings.statement:
            return f"({self._settings.statement.strip().rstrip(';').replace('%', '%%')}) AS agreed"
        return ".".join(map(self._dialect.quoted, (self._settings.table or "").split(".")))


class PostgreSQL:
    """The PostgreSQL dialect. ``name`` is the source's, for its password."""

    def __init__(self, name: str, settings: DatabaseSettings) -> None:
        self._name, self._settings = name, settings

    def quoted(self, name: str) -> str:
        """Return a name that cannot be anything but a name."""
        return sql.Identifier(name).as_string().replace("%", "%%")

    def rows(self, question: Question, statement: str, values: list[object]) -> Iterator[tuple[Any, ...]]:
        """Yield the rows piece by piece from a cursor on the server. Raises CannotAsk."""
        with _spoken(_postgresql_failure), self._connection(question) as connection:
            connection.read_only = True
            limit = sql.SQL("SET LOCAL statement_timeout = {}").format(max(1, int(question.seconds_left * 1000)))
            connection.execute(limit)
            with connection.cursor(name="yici") as cursor:
                cursor.itersize = _PIECE
                cursor.execute(statement.encode(), values)
                yield from cursor

    @contextmanager
    def _connection(self, question: Question) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
        connection = psycopg.connect(
            host=self._settings.host or self._settings.socket,
            port=self._settings.port or 5432,
            dbname=self._settings.database,
            user=self._settings.user,
            password=secret(self._name, "password", needed=False) or None,
            **_tls(self._name, self._settings),
            connect_timeout=max(1, int(question.seconds_left)),
            application_name="yici",
        )
        # A server that was stopped in the middle keeps the line open for ever: cut it from our side.
        question.on_hang_up(lambda: _cut(connection.fileno()))
        try:
            yield connection
        finally:
            connection.close()


def _tls(name: str, settings: DatabaseSettings) -> dict[str, Any]:
    if not (settings.tls and settings.host):
        return {"sslmode": "prefer"}
    if settings.authority:
        return {"sslmode": "verify-full", "sslrootcert": secret_path(name, "authority")}
    return {"sslmode": "require"}


def _cut(file_number: int) -> None:
    with socket.socket(fileno=os.dup(file_number)) as line:
        line.shutdown(socket.SHUT_RDWR)


def _postgresql_failure(error: Exception) -> CannotAsk | None:
    if isinstance(error, psycopg.errors.QueryCanceled):
        return CannotAsk(Failure.TIMEOUT)
    if isinstance(error, psycopg.errors.UndefinedColumn | psycopg.errors.UndefinedTable):
        return _changed()
    if isinstance(error, psycopg.errors.InsufficientPrivilege | psycopg.errors.InvalidAuthorizationSpecification):
        return CannotAsk(Failure.NOT_LET_IN)
    if isinstance(error, psycopg.OperationalError):
        refused = "authentication failed" in str(error) or "no pg_hba.conf entry" in str(error)
        return CannotAsk(Failure.NOT_LET_IN if refused else Failure.UNREACHABLE)
    return CannotAsk(Failure.RUBBISH) if isinstance(error, psycopg.Error | UnicodeDecodeError) else None


class MariaDB:
    """The MariaDB dialect, also spoken by MySQL. ``name`` is the source's, for its password."""

    def __init__(self, name: str, settings: DatabaseSettings) -> None:
        self._name, self._settings = name, settings

    def quoted(self, name: str) -> str:
        """Return a name that cannot be anything but a name."""
        return f"`{name.replace('`', '``').replace('%', '%%')}`"

    def rows(self, question: Question, statement: str, values: list[object]) -> Iterator[tuple[Any, ...]]:
        """Yield the rows piece by piece from a cursor that does not buffer. Raises CannotAsk."""
        with _spoken(_mariadb_failure), self._connection(question) as connection, connection.cursor() as cursor:
            cursor.execute("SET SESSION TRANSACTION READ ONLY")
            cursor.execute("SET SESSION max_statement_time = %s", [max(0.001, question.seconds_left)])
            cursor.execute(statement, values)
            while piece := cursor.fetchmany(_PIECE):
                yield from piece

    @contextmanager
    def _connection(self, question: Question) -> Iterator["pymysql.Connection[Any]"]:
        left = max(0.05, question.seconds_left)
        wants_tls = self._settings.tls and bool(self._settings.host)
        authority = secret_path(self._name, "authority") if self._settings.authority else None
        connection = pymysql.Connection(
            defer_connect=True,
            host=self._settings.host or None,
            port=self._settings.port or 3306,
            unix_socket=self._settings.socket or None,
            database=self._settings.database,
            user=self._settings.user,
            password=secret(self._name, "password", needed=False),
            ssl={"ca": authority} if wants_tls else {},
            charset="utf8mb4",
            connect_timeout=left,  # a part of a second works and is meant
            read_timeout=left,
            write_timeout=left,
            cursorclass=pymysql.cursors.SSCursor,
            local_infile=False,
        )
        line = self._line(left)
        question.on_hang_up(lambda: _cut(connection._sock.fileno()))
        try:
            connection.connect(line)
            if wants_tls and not connection._secure:  # the driver goes on in the open when the server has no TLS
                raise CannotAsk(Failure.NOT_LET_IN, Words("对方没有启用 TLS", "the server offers no TLS"))
            yield connection
        finally:
            # A polite farewell would first read whatever the server still wants to send: ten million rows, perhaps.
            connection._force_close()
            # The driver's reader holds the line as well, and would keep it until somebody collects the garbage.
            with suppress(OSError):
                os.close(line.detach())

    def _line(self, seconds: float) -> socket.socket:
        if not self._settings.socket:
            return socket.create_connection((self._settings.host, self._settings.port or 3306), seconds)
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            line.settimeout(seconds)
            line.connect(self._settings.socket)
        except OSError:
            line.close()
            raise
        return line


def _mariadb_failure(error: Exception) -> CannotAsk | None:
    if not isinstance(error, pymysql.Error):
        return CannotAsk(Failure.UNREACHABLE) if isinstance(error, OSError | ValueError | AttributeError) else None
    number = error.args[0] if error.args else 0
    if number in {1969, 3024, 1317} or "timed out" in str(error):
        return CannotAsk(Failure.TIMEOUT)
    if number in {1054, 1146}:
        return _changed()
    if number in {1044, 1045, 1142, 1143, 1227, 1698}:
        return CannotAsk(Failure.NOT_LET_IN)
    return CannotAsk(Failure.UNREACHABLE if isinstance(error, pymysql.OperationalError) else Failure.RUBBISH)


def _changed() -> CannotAsk:
    return CannotAsk(Failure.SCHEMA, Words("找不到约定的表或列", "a table or column that was agreed is gone"))


@contextmanager
def _spoken(failure_of: Any) -> Iterator[None]:
    """Turn what a driver raises into CannotAsk; drivers quote what they were sent, so their text goes no further."""
    try:
        yield
    except CannotAsk:
        raise
    except Exception as error:
        found = failure_of(error)
        if found is None:
            raise
        raise found from None
