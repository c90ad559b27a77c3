"""Whose data are in hand: the person himself, or the child or ward he acts for. The one place that says so."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from yici.apps.cases.models import Application, Attachment, Evidence, HallRequest
from yici.apps.journal import queries as journal
from yici.apps.people.models import Party
from yici.apps.people.viewers import Viewer
from yici.apps.privacy.models import EmergencyLook, Export, PersonalClaim
from yici.rules.people import PartyKind, Role
from yici.rules.personal_rights import CannotAsk

PROVINCE_DEPTH = 1


def subject_of(viewer: Viewer) -> Party:
    """Return the natural person the viewer may speak for here: himself, or a child or ward (PIPL art. 31).

    Raises CannotAsk for companies (their data are not personal) and Party.DoesNotExist for who is nobody.
    """
    party = Party.objects.select_related("region").get(pk=viewer.subject_id or 0)
    if party.kind != PartyKind.NATURAL:
        raise CannotAsk(
            zh="您正在代表单位办事。个人信息只属于自然人，请先在“账号”中选择“本人”。",
            en="You are acting for a company. Personal data belong to people: choose yourself under Account first.",
        )
    return party


def own_claims(viewer: Viewer) -> QuerySet[PersonalClaim]:
    """Return the requests about the viewer's own data."""
    return PersonalClaim.objects.filter(party=subject_of(viewer))


def own_exports(viewer: Viewer) -> QuerySet[Export]:
    """Return the copies the viewer asked for."""
    return Export.objects.filter(party=subject_of(viewer))


def looks_at(viewer: Viewer) -> QuerySet[EmergencyLook]:
    """Return the emergency looks at the viewer's own data that were opened."""
    return EmergencyLook.objects.filter(party=subject_of(viewer), opened_at__isnull=False)


def applications_of(party: Party) -> QuerySet[Application]:
    """Return what a person applied for, for himself or for somebody he acts for, and what was applied for him."""
    return Application.objects.filter(Q(applicant=party) | Q(represented=party))


def papers_of(party: Party) -> QuerySet[Attachment]:
    """Return what a person uploaded; emptied papers have no content any more."""
    return Attachment.objects.filter(party=party).exclude(sha256="")


def is_loose() -> Q:
    """Return which papers no case uses."""
    return Q(~Exists(Evidence.objects.filter(attachment_id=OuterRef("pk"))))


def journal_lines(party: Party) -> int:
    """Return how many lines of the journal are about a person, counted up to a thousand."""
    return len(journal.entries_for(str(party), limit=1000))


def tell_of_looks(viewer: Viewer, now: datetime) -> None:
    """Note that the person has now read who looked at his data in an emergency."""
    looks_at(viewer).filter(told_at=None).update(told_at=now)


def hall_requests_of(party: Party) -> QuerySet[HallRequest]:
    """Return the needs a person gave to the window."""
    return HallRequest.objects.filter(party=party)


def claims_in_jurisdiction(viewer: Viewer) -> QuerySet[PersonalClaim]:
    """Return the requests an administrator answers: those of his region, and at the province those of no region."""
    if not viewer.has_role(Role.ADMIN) or not viewer.region_path:
        return PersonalClaim.objects.none()
    here = Q(region__path__startswith=viewer.region_path)
    if viewer.region_path.count("/") == PROVINCE_DEPTH:
        here |= Q(region=None)
    return PersonalClaim.objects.filter(here)
