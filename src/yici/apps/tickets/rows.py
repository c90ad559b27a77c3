"""The plain SQL of the hot path: read and lock a ticket, change it with its act, add a row; one statement each.

The columns are those of the models, read once; every value is a parameter. The ORM's own way takes five times as long.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection, models

from yici.apps.places.models import Region
from yici.apps.tickets.models import Act, Ticket

WORDS = ("subject", "detail", "contact_name", "contact_phone", "contact_email", "address")


def column(field: "models.Field[Any, Any]") -> str:
    """Return the column of a field of ours; each has one."""
    return str(field.column)


_FIELDS: tuple["models.Field[Any, Any]", ...] = tuple(Ticket._meta.concrete_fields)
_READ = tuple(field for field in _FIELDS if field.name not in WORDS)
_READ_NAMES = tuple(field.attname for field in _READ)
_ACT_FIELDS = tuple(field for field in Act._meta.concrete_fields if field.name not in {"id", "ticket"})
_FILED_FIELDS = tuple(field for field in _FIELDS if field.name != "id")
_SELECT = f"""
SELECT {", ".join(f"t.{column(field)}" for field in _READ)}, r.code, r.path,
  EXISTS (SELECT 1 FROM tickets_recusal WHERE ticket_id = t.id AND staff_id = %s)
FROM tickets_ticket t JOIN places_region r ON r.id = t.region_id
"""
_BY_PUBLIC_ID = f"{_SELECT} WHERE t.public_id = %s FOR UPDATE OF t"
_BY_KEYS = f"{_SELECT} WHERE t.id = ANY(%s) ORDER BY t.id FOR UPDATE OF t"
_ACT_COLUMNS = ", ".join(map(column, _ACT_FIELDS))
_ADD_ACT = f"INSERT INTO tickets_act (ticket_id, {_ACT_COLUMNS}) VALUES (%s{', %s' * len(_ACT_FIELDS)})"
_FILE = f"""
WITH filed AS (
    INSERT INTO tickets_ticket ({", ".join(map(column, _FILED_FIELDS))})
    VALUES ({", ".join("%s" for _ in _FILED_FIELDS)})
    ON CONFLICT (idempotency_key) WHERE idempotency_key IS NOT NULL DO NOTHING RETURNING id
)
INSERT INTO tickets_act (ticket_id, {_ACT_COLUMNS})
SELECT id, {", ".join(f"%s::{field.db_type(connection)}" for field in _ACT_FIELDS)} FROM filed RETURNING ticket_id
"""


def locked(public_id: UUID, staff_id: int | None) -> Ticket:
    """Return a ticket, locked, and whether this member of staff is recused. Raises Ticket.DoesNotExist."""
    found = _read(_BY_PUBLIC_ID, [staff_id or 0, public_id])
    if not found:
        raise Ticket.DoesNotExist
    return found[0]


def locked_rows(keys: Iterable[int]) -> list[Ticket]:
    """Return several tickets, locked in the order of their rows so that two merges never wait for each other."""
    return _read(_BY_KEYS, [0, list(keys)])


def _read(sql: str, terms: Sequence[Any]) -> list[Ticket]:
    with connection.cursor() as cursor:
        cursor.execute(sql, terms)
        return [_ticket(row) for row in cursor.fetchall()]


def _ticket(row: Sequence[Any]) -> Ticket:
    *values, code, path, is_recused = row
    ticket = Ticket.from_db("default", _READ_NAMES, values)
    ticket.region = Region(id=ticket.region_id, code=code, path=path)
    ticket.is_recused = is_recused
    return remember(ticket)


def remember(ticket: Ticket) -> Ticket:
    """Keep what the row holds, so that a change writes nothing but what has changed."""
    ticket.as_read = dict(ticket.__dict__)
    return ticket


def change(ticket: Ticket, act: Act) -> None:
    """Write what has changed since the ticket was read, and its act, in one statement."""
    read: dict[str, Any] = ticket.as_read
    here = ticket.__dict__
    changed = [one for one in _FIELDS if one.attname in here and read.get(one.attname, _GONE) != here[one.attname]]
    sql, values = _ADD_ACT, [ticket.pk, *prepared(act, _ACT_FIELDS)]
    if changed:
        sets = ", ".join(f"{column(field)} = %s" for field in changed)
        sql = f"WITH moved AS (UPDATE tickets_ticket SET {sets} WHERE id = %s) {_ADD_ACT}"
        values = [*prepared(ticket, changed), ticket.pk, *values]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
    remember(ticket)


_GONE = object()


_REGION = "SELECT id, code, path FROM places_region WHERE code = %s"


def region(code: str) -> Region:
    """Return what a ticket needs of a region: its row, code and path. Raises CannotFindPlace."""
    with connection.cursor() as cursor:
        cursor.execute(_REGION, [code.strip().ljust(12, "0")])
        found = cursor.fetchone()
    if found is None:
        return Region.objects.at(code)  # says what is wrong with the code
    return Region(id=found[0], code=found[1], path=found[2])


def is_region(code: str) -> bool:
    """Whether there is a region of this code."""
    return Region.objects.filter(code=code.strip().ljust(12, "0")).exists()


def open_parts(ticket_id: int) -> int:
    """Return how many co-handlers have not reported."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM tickets_part WHERE ticket_id = %s AND ended_at IS NULL", [ticket_id])
        return int(cursor.fetchone()[0])


_WAITING = "SELECT id, replied_by FROM tickets_reply WHERE ticket_id = %s AND approved IS NULL ORDER BY id DESC LIMIT 1"


def waiting_reply(ticket_id: int) -> tuple[int, str] | None:
    """Return row and writer of the reply that waits for its review."""
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, [ticket_id])
        found: tuple[int, str] | None = cursor.fetchone()
    return found


def insert(ticket: Ticket, act: Act) -> bool:
    """Write a new ticket with its first act; False when its idempotency key was used before."""
    with connection.cursor() as cursor:
        cursor.execute(_FILE, [*prepared(ticket, _FILED_FIELDS), *prepared(act, _ACT_FIELDS)])
        row = cursor.fetchone()
    if row is None:
        return False
    ticket.pk = row[0]
    ticket._state.adding = False
    return True


def add(row: models.Model) -> None:
    """Add one row of a table beside the ticket."""
    sql, fields = _add_sql(type(row))
    with connection.cursor() as cursor:
        cursor.execute(sql, prepared(row, fields))


@lru_cache
def _add_sql(model: type[models.Model]) -> tuple[str, tuple["models.Field[Any, Any]", ...]]:
    fields = tuple(field for field in model._meta.concrete_fields if not field.primary_key)
    columns = ", ".join(map(column, fields))
    return f"INSERT INTO {model._meta.db_table} ({columns}) VALUES ({', '.join('%s' for _ in fields)})", fields


def prepared(row: models.Model, fields: Sequence["models.Field[Any, Any]"]) -> list[Any]:
    """Return the values of a row as the database takes them, locked where they are personal."""
    return [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]
