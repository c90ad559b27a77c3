"""Who sees what of a hall: staff at a window their own hall, a person his own appointments. One place for all."""

from django.db.models import Q, QuerySet

from yici.apps.halls.models import Appointment, Queue, QueueTicket, WindowDuty
from yici.apps.people.viewers import Viewer
from yici.apps.places.models import Hall, Window
from yici.rules.people import Role


def own_hall_id(viewer: Viewer) -> int:
    """Return the hall a clerk works in; 0, which no hall has, for everybody else."""
    return viewer.hall_id or 0 if viewer.has_role(Role.WINDOW) else 0


def own_hall(viewer: Viewer) -> Hall:
    """Return the hall of a clerk. Raises Hall.DoesNotExist for everybody else."""
    return Hall.objects.get(pk=own_hall_id(viewer))


def own_tickets(viewer: Viewer) -> QuerySet[QueueTicket]:
    """Return the tickets of the clerk's hall."""
    return QueueTicket.objects.filter(hall_id=own_hall_id(viewer))


def own_queues(viewer: Viewer) -> QuerySet[Queue]:
    """Return the queues of the clerk's hall."""
    return Queue.objects.filter(hall_id=own_hall_id(viewer))


def own_windows(viewer: Viewer) -> QuerySet[Window]:
    """Return the windows of the clerk's hall."""
    return Window.objects.filter(hall_id=own_hall_id(viewer))


def own_appointments(viewer: Viewer) -> QuerySet[Appointment]:
    """Return a person's own appointments, or those of whom he acts for; for a clerk those of his hall."""
    if viewer.is_staff:
        return Appointment.objects.filter(queue__hall_id=own_hall_id(viewer))
    if viewer.acting_for_id:
        mine = Q(represented_id=viewer.acting_for_id, party_id=viewer.party_id)
    else:
        mine = Q(party_id=viewer.party_id or 0, represented__isnull=True)
    return Appointment.objects.filter(mine)


def own_duty(viewer: Viewer) -> QuerySet[WindowDuty]:
    """Return the window at which the clerk sits now: one row or none."""
    return WindowDuty.objects.filter(
        staff_id=viewer.staff_id or 0, ended_at__isnull=True, window__hall_id=own_hall_id(viewer)
    ).select_related("window")
