"""The work lists in plain SQL, a page in one statement: what waits where, and what a reference or a number finds.

Written for the hot path: every operator opens a list between two tickets, and Django's compiler took 4 of its 5 ms.
Who sees what is said in ``jurisdiction``; each statement here stands on one of its clauses.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from yici.apps.people.encryption import search_hashes
from yici.apps.people.viewers import Viewer
from yici.apps.places.models import Region
from yici.apps.tickets.filing import PHONE_PLACE, plain_phone
from yici.apps.tickets.jurisdiction import AT_CENTRE_SQL, AT_PART_SQL, AT_UNIT_SQL, terms_of
from yici.apps.tickets.models import Ticket
from yici.apps.tickets.views import NOBODY, Listed, TicketLine, line_of
from yici.rules.people import Role
from yici.rules.tickets import TicketState
from yici.rules.words import Words

PAGE = 30
_LONG_AGO = datetime.fromisoformat("1900-01-01T00:00:00+00:00")
_OWN = Listed._fields[1:-2]
_SUBJECT = _OWN.index("subject") + 1
_READ = f"""
SELECT t.id, {", ".join(f"t.{name}" for name in _OWN)}, r.name, r.name_en, o.name, o.name_en
FROM tickets_ticket t JOIN places_region r ON r.id = t.region_id
LEFT JOIN places_organisation o ON o.id = t.organisation_id
"""
_AFTER = "(t.step_due_at, t.id) > (%(moment)s, %(number)s)"
_SOONEST = "ORDER BY t.step_due_at, t.id LIMIT %(limit)s"
_OF_UNIT = f"{_READ} WHERE t.state = %(state)s AND {_AFTER} AND {AT_UNIT_SQL} {_SOONEST}"
# One index scan a desk (ticket_of_desk), merged: a province reads a page of each county, never the whole backlog.
_OF_DESKS = f"""
{_READ} JOIN (
    SELECT found.id FROM unnest(%(desks)s::text[]) AS wanted (desk)
    CROSS JOIN LATERAL (
        SELECT t.id, t.step_due_at FROM tickets_ticket t
        WHERE t.state <> 'closed' AND t.desk_code = wanted.desk AND t.state = %(state)s AND {_AFTER} {_SOONEST}
    ) found ORDER BY found.step_due_at, found.id LIMIT %(limit)s
) page ON page.id = t.id WHERE {AT_CENTRE_SQL} ORDER BY t.step_due_at, t.id
"""
_BY_REFERENCE = "t.reference = %(reference)s"
_BY_NUMBER = "t.phone_hash = ANY(%(hashes)s) AND t.phone_hash <> ''"
_NEWEST = "ORDER BY t.id DESC LIMIT %(limit)s"


@dataclass(frozen=True, slots=True)
class TicketPage:
    """A page of a list; ``after`` is the mark of the next page, "" at the end."""

    rows: tuple[TicketLine, ...]
    after: str


def unit_inbox(viewer: Viewer, state: TicketState, *, now: datetime, after: str = "") -> TicketPage:
    """Return what lies with the viewer's organisation in one state, soonest due first."""
    if not viewer.is_staff or viewer.organisation_id is None:
        return TicketPage((), "")
    return _page(_lines(_OF_UNIT, {**terms_of(viewer), **_place(state, after)}, now))


def centre_queue(viewer: Viewer, state: TicketState, *, now: datetime, after: str = "") -> TicketPage:
    """Return what waits at the viewer's hotline in one state, soonest due first; the province sees every county's."""
    terms = {**terms_of(viewer), **_place(state, after), "desks": desks_of(viewer)}
    return _page(_lines(_OF_DESKS, terms, now)) if terms["desks"] else TicketPage((), "")


def find(viewer: Viewer, text: str, *, now: datetime) -> list[TicketLine]:
    """Return the tickets of a reference, or the newest of a caller's number, within the viewer's jurisdiction."""
    seen, terms = _seen_sql(viewer), {**terms_of(viewer), "limit": PAGE}
    if any(char.isalpha() for char in text):
        terms["reference"] = text.strip().upper()
        return _lines(f"{_READ} WHERE {_BY_REFERENCE} AND {seen} {_NEWEST}", terms, now)
    terms["hashes"] = search_hashes(plain_phone(text), PHONE_PLACE)
    return _lines(f"{_READ} WHERE {_BY_NUMBER} AND {seen} {_NEWEST}", terms, now)


def _seen_sql(viewer: Viewer) -> str:
    if viewer.has_role(Role.HOTLINE):
        return AT_CENTRE_SQL if viewer.region_path else "false"
    return f"(({AT_UNIT_SQL}) OR ({AT_PART_SQL}))" if viewer.is_staff and viewer.organisation_id else "false"


def desks_of(viewer: Viewer) -> list[str]:
    """Return the desks of the viewer's jurisdiction: one for a county, all counties and the city itself for a city."""
    if not (viewer.has_role(Role.HOTLINE) and viewer.region_path):
        return []
    regions = Region.objects.filter(path__startswith=viewer.region_path, level__lte=Region.COUNTY)
    return list(regions.values_list("code", flat=True))


def _place(state: TicketState, after: str) -> dict[str, object]:
    moment, number = _mark(after) or (_LONG_AGO, 0)
    return {"state": state.value, "moment": moment, "number": number, "limit": PAGE + 1}


def _mark(after: str) -> tuple[datetime, int] | None:
    moment, _, number = after.rpartition("_")
    try:
        return (datetime.fromisoformat(moment), int(number)) if after else None
    except ValueError:
        return None


def _lines(sql: str, terms: dict[str, Any], now: datetime) -> list[TicketLine]:
    with connection.cursor() as cursor:
        cursor.execute(sql, terms)
        return [line_of(_listed(row), now) for row in cursor.fetchall()]


_SUBJECT_FIELD = Ticket._meta.get_field("subject")


def _listed(row: Sequence[Any]) -> Listed:
    *own, region, region_en, unit, unit_en = row
    own[_SUBJECT] = _SUBJECT_FIELD.from_db_value(own[_SUBJECT], None, connection)  # locked in the table
    return Listed._make((*own, Words(region, region_en), Words(unit, unit_en) if unit is not None else NOBODY))


def _page(found: list[TicketLine]) -> TicketPage:
    rows = tuple(found[:PAGE])
    return TicketPage(rows, rows[-1].mark if len(found) > PAGE else "")
