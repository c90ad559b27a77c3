"""Voices from other platforms: who may file, what was filed, and what everybody or only the platform may read of it."""

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Max, Q, QuerySet

from yici.apps.journal import actions as journal
from yici.apps.people.viewers import Viewer
from yici.apps.places.models import Region
from yici.apps.tickets.correspondence import attach_for_person
from yici.apps.tickets.filing import Filed, file
from yici.apps.tickets.models import Ticket
from yici.apps.tickets.platform_models import OpenRequest, Platform
from yici.rules.refusals import Refusal
from yici.rules.ticket_categories import CATEGORIES, category
from yici.rules.tickets import TicketChannel, TicketKind, TicketState
from yici.rules.voices import Voice
from yici.rules.words import Words

# GeoReport v2: without dates the last 90 days, and never more than a thousand at once.
LONGEST_SPAN = timedelta(days=90)
MOST_LISTED = 1000


class CannotOpenPlatform(Refusal):
    """A platform that cannot be let in as it was named; nothing was kept."""


class NotLetIn(Refusal):
    """No key, or one that opens nothing."""


@dataclass(frozen=True, slots=True)
class Caller:
    """A platform that has shown its key; ``path`` is the region it may file for."""

    key: int
    public_id: UUID
    name: str
    region_code: str
    path: str

    @property
    def viewer(self) -> Viewer:
        """Return the platform as the one who files: it is nobody's account and sees no desk."""
        return Viewer(label=f"platform:{self.public_id}")


@dataclass(frozen=True, slots=True)
class Paper:
    """A picture or paper sent along."""

    filename: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which requests: references, services, a span of moments, open or closed; empty means any."""

    references: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    since: datetime
    until: datetime
    is_open: bool | None = None
    region_path: str = ""


@dataclass(frozen=True, slots=True)
class RequestView:
    """A request; ``detail``, ``address``, place and ``answer`` are there for the platform that filed it alone."""

    reference: str
    service_code: str
    state: TicketState
    region: Words
    unit: Words
    requested_at: datetime
    updated_at: datetime
    due_at: datetime
    detail: str = ""
    answer: str = ""
    address: str = ""
    latitude: float | None = None
    longitude: float | None = None

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something."""
        return self.state.is_open

    @property
    def service(self) -> Words:
        """Return the name of the service, as the list of services has it."""
        leaf = CATEGORIES.get(self.service_code)
        return leaf.words if leaf else Words(self.service_code, self.service_code)


@transaction.atomic
def open_platform(*, name: str, region_code: str, by: str, now: datetime) -> tuple[UUID, str]:
    """Let a platform in; return its id and its key, which is shown this once and kept as a hash only."""
    if not name.strip() or Platform.objects.filter(name=name.strip(), closed_at=None).exists():
        raise CannotOpenPlatform(
            zh="请给平台起一个还没有用过的名称。", en="Give the platform a name that no open platform has."
        )
    key = secrets.token_urlsafe(32)
    row = Platform.objects.create(
        name=name.strip()[:120],
        region=Region.objects.at(region_code),
        key_hash=_hashed(key),
        opened_at=now,
        opened_by=by,
    )
    facts = {"region": row.region.code}
    journal.record("ticket.platform_opened", subject=f"platform:{row.public_id}", by=by, now=now, facts=facts)
    return row.public_id, key


@transaction.atomic
def close_platform(*, public_id: UUID, by: str, now: datetime) -> None:
    """Take a platform's key away; what it filed goes its way. Raises CannotOpenPlatform where none is open."""
    if not Platform.objects.filter(public_id=public_id, closed_at=None).update(closed_at=now):
        raise CannotOpenPlatform(zh="没有这个已开通的平台。", en="No open platform has this id.")
    journal.record("ticket.platform_closed", subject=f"platform:{public_id}", by=by, now=now)


def open_platforms() -> list[tuple[UUID, str, str]]:
    """Return id, name and region of each platform that may file, by name."""
    found = Platform.objects.filter(closed_at=None).select_related("region").order_by("name")
    return [(row.public_id, row.name, row.region.code) for row in found]


def caller_of(key: str) -> Caller:
    """Return whose key it is. Raises NotLetIn."""
    row = (
        Platform.objects.filter(key_hash=_hashed(key), closed_at=None).select_related("region").first() if key else None
    )
    if row is None:
        raise NotLetIn(
            zh="缺少 api_key，或密钥无效。请向热线申请。",
            en="api_key is missing or opens nothing; ask the hotline for one.",
        )
    return Caller(row.pk, row.public_id, row.name, row.region.code, row.region.path)


def _hashed(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


@transaction.atomic
def file_request(
    *, caller: Caller, service_code: str, voice: Voice, now: datetime, paper: Paper | None = None, key: str = ""
) -> Filed:
    """File what a platform hands in. The service it names is kept beside the ticket and proposed to the operator.

    ``key``: the platform's idempotency key. Raises CannotFile, CannotHandleTicket, CannotTakePaper.
    """
    category(service_code)
    once = f"{caller.public_id}:{key}" if key else ""
    made = file(voice=voice, by=caller.viewer, now=now, idempotency_key=once)
    ticket = Ticket.objects.get(public_id=made.public_id)
    _, is_new = OpenRequest.objects.get_or_create(
        ticket=ticket, defaults={"platform_id": caller.key, "service_code": service_code, "requested_at": now}
    )
    if paper is not None and is_new:
        attach_for_person(
            reference=made.reference, filename=paper.filename, content=paper.content, by=caller.viewer, now=now,
            follow_code=made.follow_code,
        )  # fmt: skip
    return made


def voice_of(*, caller: Caller, region_code: str, service_code: str, detail: str, **said: object) -> Voice:
    """Return what a platform says as a voice: a plea for help, titled by its first line.

    Nobody's name is needed (济南 art. 16); who leaves no contact is unnamed.
    """
    first = detail.strip().splitlines()[0][:60] if detail.strip() else category(service_code).words.zh
    named = any(said.get(name) for name in ("contact_name", "contact_phone", "contact_email"))
    return Voice(
        kind=TicketKind.HELP,
        channel=TicketChannel.OPEN311,
        region_code=region_code or caller.region_code,
        subject=first,
        detail=detail or category(service_code).words.zh,
        anonymous=not named,
        **said,  # type: ignore[arg-type] # checked by the channel that read them
    )


def requests(asked: Asked, *, caller: Caller | None = None) -> list[RequestView]:
    """Return requests, newest first, at most a thousand; words and place only of the caller's own."""
    found = _matching(asked).select_related("ticket__region", "ticket__organisation")[:MOST_LISTED]
    return [_view(row, own=caller is not None and row.platform_id == caller.key) for row in found]


def _matching(asked: Asked) -> QuerySet[OpenRequest]:
    found = OpenRequest.objects.annotate(acted_at=Max("ticket__acts__acted_at")).order_by("-requested_at", "-id")
    if asked.references:  # GeoReport v2: overrides all other arguments
        return found.filter(ticket__reference__in=asked.references)
    found = found.filter(requested_at__gte=asked.since, requested_at__lte=asked.until)
    if asked.services:
        found = found.filter(service_code__in=asked.services)
    if asked.region_path:
        found = found.filter(ticket__region__path__startswith=asked.region_path)
    if asked.is_open is not None:
        closed = Q(ticket__state=TicketState.CLOSED)
        found = found.filter(~closed if asked.is_open else closed)
    return found


def _view(row: OpenRequest, *, own: bool) -> RequestView:
    ticket = row.ticket
    unit = ticket.organisation
    view = RequestView(
        reference=ticket.reference,
        service_code=row.service_code,
        state=TicketState(ticket.state),
        region=Words(ticket.region.name, ticket.region.name_en),
        unit=Words(unit.name, unit.name_en) if unit else Words("", ""),
        requested_at=row.requested_at,
        updated_at=ticket.closed_at or getattr(row, "acted_at", None) or row.requested_at,
        due_at=ticket.due_at,
    )
    return _with_words(view, ticket) if own else view


def _with_words(view: RequestView, ticket: Ticket) -> RequestView:
    answer = ticket.replies.filter(approved=True).order_by("-id").first()
    return replace(
        view,
        detail=ticket.detail,
        answer=answer.text if answer else "",
        address=ticket.address,
        latitude=ticket.latitude,
        longitude=ticket.longitude,
    )


def path_of(region_code: str) -> str:
    """Return the path of a region, "" where there is none of this code."""
    code = region_code.strip().ljust(12, "0")
    return Region.objects.filter(code=code).values_list("path", flat=True).first() or ""
