"""Who sees which ticket: the one place that says so. Everything else starts from these querysets.

Nobody sees a ticket that accuses him, his organisation or one above his own, and nobody who is recused from it
(济南市12345市民服务热线条例 art. 32). This holds for the hotline as for the units.
"""

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from yici.apps.people.encryption import search_hashes
from yici.apps.people.viewers import Viewer
from yici.apps.places.models import Organisation
from yici.apps.tickets.models import Part, Recusal, SealedIdentity, Ticket
from yici.rules.people import Role
from yici.rules.tickets import TicketState

PARTY_PLACE = "tickets_sealedidentity.party_key"
# Where a unit has or had the ticket: once it is returned it is no longer the unit's.
_WITH_ITS_UNIT = (
    TicketState.DISPATCHED,
    TicketState.HANDLING,
    TicketState.REPLIED,
    TicketState.FOLLOW_UP,
    TicketState.CLOSED,
)


def chain_of(organisation_id: int | None) -> list[int]:
    """Return an organisation and all above it; towns to province are four."""
    if organisation_id is None:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_CHAIN, [organisation_id])
        return [row[0] for row in cursor.fetchall()]


_CHAIN = """
WITH RECURSIVE chain (id, superior_id) AS (
    SELECT id, superior_id FROM places_organisation WHERE id = %s
    UNION SELECT above.id, above.superior_id FROM places_organisation above JOIN chain ON above.id = chain.superior_id
)
SELECT id FROM chain
"""
# What _unconcerned, at_unit and at_centre say below, in plain SQL for the work lists (t the ticket, r its region):
# Django's compiler takes longer over them than the database. tests/apps/test_ticket_lists.py holds the two together.
UNCONCERNED_SQL = f"""
NOT EXISTS (SELECT 1 FROM tickets_recusal WHERE ticket_id = t.id AND staff_id = %(staff)s)
AND (t.accused_id IS NULL OR t.accused_id <> ALL (ARRAY({_CHAIN.replace("%s", "%(organisation)s")})))
AND t.accused_staff_id IS DISTINCT FROM %(staff)s
"""


def superiors_of(organisations: list[int]) -> dict[int, int | None]:
    """Return each of these organisations, and all above them, with the one above."""
    found: dict[int, int | None] = {}
    wanted = set(organisations)
    while wanted:
        rows = dict(Organisation.objects.filter(pk__in=wanted).values_list("pk", "superior_id"))
        found |= rows
        wanted = {above for above in rows.values() if above is not None and above not in found}
    return found


def _unconcerned(viewer: Viewer) -> QuerySet[Ticket]:
    """Return the tickets in which the viewer has no interest of his own."""
    recused = Recusal.objects.filter(ticket_id=OuterRef("pk"), staff_id=viewer.staff_id or 0)
    return Ticket.objects.filter(
        ~Exists(recused),
        Q(accused=None) | ~Q(accused_id__in=chain_of(viewer.organisation_id)),
        Q(accused_staff=None) | ~Q(accused_staff_id=viewer.staff_id),
    )


def terms_of(viewer: Viewer) -> dict[str, object]:
    """Return what the plain SQL needs of a viewer."""
    return {
        "staff": viewer.staff_id or 0,
        "organisation": viewer.organisation_id or 0,
        "path": viewer.region_path,
        "with_unit": [state.value for state in _WITH_ITS_UNIT],
    }


AT_CENTRE_SQL = f"starts_with(r.path, %(path)s) AND {UNCONCERNED_SQL}"
AT_UNIT_SQL = f"t.organisation_id = %(organisation)s AND t.state = ANY(%(with_unit)s) AND {UNCONCERNED_SQL}"
AT_PART_SQL = f"""
EXISTS (SELECT 1 FROM tickets_part WHERE ticket_id = t.id AND organisation_id = %(organisation)s) AND {UNCONCERNED_SQL}
"""


def at_centre(viewer: Viewer) -> QuerySet[Ticket]:
    """Return the tickets of the hotline's jurisdiction; nothing for anybody else."""
    if not (viewer.has_role(Role.HOTLINE) and viewer.region_path):
        return Ticket.objects.none()
    return _unconcerned(viewer).filter(region__path__startswith=viewer.region_path)


def at_unit(viewer: Viewer) -> QuerySet[Ticket]:
    """Return the tickets that lie, or lay when they were answered, with the viewer's organisation."""
    if not viewer.is_staff or viewer.organisation_id is None:
        return Ticket.objects.none()
    return _unconcerned(viewer).filter(organisation_id=viewer.organisation_id, state__in=_WITH_ITS_UNIT)


def at_part(viewer: Viewer) -> QuerySet[Ticket]:
    """Return the tickets in which the viewer's organisation helps the lead."""
    if not viewer.is_staff or viewer.organisation_id is None:
        return Ticket.objects.none()
    parts = Part.objects.filter(ticket_id=OuterRef("pk"), organisation_id=viewer.organisation_id)
    return _unconcerned(viewer).filter(Exists(parts))


def own(viewer: Viewer) -> QuerySet[Ticket]:
    """Return the person's own tickets, those under seal included: his own name is no secret to him."""
    if viewer.subject_id is None:
        return Ticket.objects.none()
    hashes = search_hashes(str(viewer.subject_public_id), PARTY_PLACE)
    sealed = SealedIdentity.objects.filter(ticket_id=OuterRef("pk"), party_hash__in=hashes)
    return Ticket.objects.filter(Q(party_id=viewer.subject_id) | Exists(sealed))
