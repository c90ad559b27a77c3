"""A small hotline: the city's desk, two departments and a township of a county, and what people call about."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tests.apps.factories import AccountFactory, OrganisationFactory, PartyFactory, StaffFactory, region
from yici.apps.people.viewers import Viewer, viewer_of
from yici.apps.places.actions import load_calendar
from yici.apps.places.models import Organisation
from yici.apps.tickets import actions
from yici.apps.tickets.models import Ticket
from yici.rules.people import Role
from yici.rules.tickets import TicketChannel, TicketKind
from yici.rules.voices import Voice

# A Monday without holidays near, ten in the morning in Hangzhou.
MONDAY = datetime(2018, 3, 12, 2, 0, tzinfo=UTC)


def hours(count: float) -> datetime:
    return MONDAY + timedelta(hours=count)


def days(count: float) -> datetime:
    return MONDAY + timedelta(days=count)


def staff_of(organisation: Organisation, *roles: Role, code: str = "") -> Viewer:
    staff = StaffFactory(
        organisation=organisation,
        roles=list(roles) or [Role.REVIEWER],
        region=region(code) if code else organisation.region,
    )
    return viewer_of(AccountFactory(of_staff=True, staff=staff))


@dataclass(frozen=True)
class Hotline:
    """Everybody who takes part."""

    operator: Viewer
    colleague: Viewer
    ecology: Organisation
    city_management: Organisation
    township: Organisation
    at_ecology: Viewer
    at_city_management: Viewer
    at_township: Viewer
    person: Viewer


def open_hotline(code: str = "330122", town: str = "330122001") -> Hotline:
    load_calendar(by="system:test", now=MONDAY)
    centre = OrganisationFactory(kind="government_service_hall", code=code)
    ecology = OrganisationFactory(kind="ecology", code=code)
    management = OrganisationFactory(kind="urban_management", code=code)
    township = OrganisationFactory(kind="township", code=town)
    return Hotline(
        operator=staff_of(centre, Role.HOTLINE),
        colleague=staff_of(centre, Role.HOTLINE),
        ecology=ecology,
        city_management=management,
        township=township,
        at_ecology=staff_of(ecology),
        at_city_management=staff_of(management),
        at_township=staff_of(township),
        person=viewer_of(AccountFactory(party=PartyFactory())),
    )


def voice(code: str = "330122", **words: object) -> Voice:
    said: dict[str, object] = {
        "kind": TicketKind.COMPLAINT,
        "channel": TicketChannel.PHONE,
        "region_code": code,
        "subject": "搅拌站夜间噪声",
        "detail": "夜里两点还在作业，无法入睡。",
        "contact_name": "示例甲",
        "contact_phone": "139 0000 0001",
    }
    return Voice(**(said | words))  # type: ignore[arg-type]


def filed(by: Viewer, now: datetime = MONDAY, code: str = "330122", **words: object) -> Ticket:
    region(code)
    links = {name: words.pop(name) for name in ("accused_id", "accused_staff_id", "party_id") if name in words}
    made = actions.file(voice=voice(code, **words), by=by, now=now, links=actions.Links(**links))  # type: ignore[arg-type]
    return Ticket.objects.get(public_id=made.public_id)


def dispatched(hotline: Hotline, unit: Organisation, now: datetime = MONDAY, **words: object) -> Ticket:
    ticket = filed(hotline.operator, now, **words)
    actions.dispatch(ticket_id=ticket.public_id, organisation_id=unit.public_id, by=hotline.operator, now=now)
    return again(ticket)


def replied(hotline: Hotline, unit: Organisation, at: Viewer, now: datetime = MONDAY, **words: object) -> Ticket:
    ticket = dispatched(hotline, unit, now, **words)
    handled(ticket, at, now)
    return again(ticket)


def handled(ticket: Ticket, at: Viewer, now: datetime) -> None:
    if Ticket.objects.get(pk=ticket.pk).state == "dispatched":
        actions.sign(ticket_id=ticket.public_id, by=at, now=now)
    actions.record_contact(ticket_id=ticket.public_id, note="已电话联系", by=at, now=now)
    actions.reply(ticket_id=ticket.public_id, text="已责令停止夜间作业。", by=at, now=now)


def answered(hotline: Hotline, unit: Organisation, at: Viewer, now: datetime = MONDAY, **words: object) -> Ticket:
    ticket = replied(hotline, unit, at, now, **words)
    actions.review_reply(ticket_id=ticket.public_id, approve=True, note="", by=hotline.colleague, now=now)
    return again(ticket)


def again(ticket: Ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)
