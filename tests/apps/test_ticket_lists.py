"""The plain SQL of the work lists says exactly what the querysets of the jurisdiction say, for everybody."""

import random
from dataclasses import replace

import pytest

from tests.apps.ticket_examples import MONDAY, Hotline, days, filed, open_hotline, staff_of
from yici.apps.people.viewers import Viewer
from yici.apps.places.models import Organisation
from yici.apps.tickets import lists
from yici.apps.tickets.jurisdiction import at_centre, at_part, at_unit
from yici.apps.tickets.models import Part, Recusal, Ticket
from yici.rules.people import Role
from yici.rules.tickets import TicketState

WAITING = (TicketState.DISPATCHED, TicketState.HANDLING, TicketState.REPLIED)


@pytest.fixture
def hotline(db: None) -> Hotline:
    return open_hotline()


def scattered(hotline: Hotline, seed: int) -> list[Viewer]:
    """Strew tickets over units, states, accusations, recusals and parts; return everybody who might look."""
    chance = random.Random(seed)
    units = [hotline.ecology, hotline.city_management, hotline.township]
    Organisation.objects.filter(pk=hotline.township.pk).update(superior=hotline.ecology)
    viewers = [hotline.operator, hotline.colleague, hotline.at_ecology, hotline.at_city_management, hotline.at_township]
    for number in range(25):
        ticket = filed(hotline.operator, subject=f"噪声{number}", contact_phone=f"139{number % 7:08}")
        holder = chance.choice(units)
        Ticket.objects.filter(pk=ticket.pk).update(
            state=chance.choice([*WAITING, TicketState.RECEIVED, TicketState.RETURNED]),
            organisation=holder,
            accused=chance.choice([None, None, *(unit for unit in units if unit != holder)]),
            accused_staff_id=chance.choice([None, None, *(one.staff_id for one in viewers)]),
            step_due_at=days(number % 3),
        )
        if chance.random() < 0.3:
            staff = chance.choice(viewers).staff_id
            Recusal.objects.create(ticket=ticket, staff_id=staff, reason="亲属", recused_at=MONDAY, recused_by="x")
        if chance.random() < 0.3:
            Part.objects.create(
                ticket=ticket,
                organisation=chance.choice(units),
                asked="协查",
                asked_at=MONDAY,
                due_at=MONDAY,
                asked_by="x",
            )
    elsewhere = staff_of(hotline.ecology, Role.HOTLINE, code="330106")
    return [*viewers, elsewhere, hotline.person, replace(hotline.operator, organisation_id=None)]


def ids(rows: object) -> set[object]:
    return {row.public_id for row in rows}  # type: ignore[attr-defined]


@pytest.mark.parametrize("seed", range(4))
def test_lists_say_what_the_jurisdiction_says(hotline: Hotline, seed: int) -> None:
    seen = 0
    for viewer in scattered(hotline, seed):
        desk = at_centre(viewer) if viewer.has_role(Role.HOTLINE) else at_unit(viewer) | at_part(viewer)
        for state in (*WAITING, TicketState.RECEIVED):
            inbox = lists.unit_inbox(viewer, state, now=MONDAY).rows
            queue = lists.centre_queue(viewer, state, now=MONDAY).rows
            assert ids(inbox) == ids(at_unit(viewer).filter(state=state))
            assert ids(queue) == ids(at_centre(viewer).filter(state=state))
            seen += len(inbox) + len(queue)
        for ticket in Ticket.objects.all():
            found = lists.find(viewer, ticket.reference, now=MONDAY)
            assert ids(found) == ids(desk.filter(pk=ticket.pk))
        same = ids(lists.find(viewer, "13900000003", now=MONDAY))
        assert same == {one.public_id for one in desk if one.contact_phone == "13900000003"}
    assert seen > 20
