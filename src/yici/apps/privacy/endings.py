"""What happens to a record when its time is over: it is deleted, or its personal content goes and the figures stay."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.db.models import DateTimeField, Exists, F, Model, OuterRef, Q, QuerySet
from django.db.models.functions import Cast, Coalesce

from yici.apps.accountability.models import Contest, Exemption
from yici.apps.cases.models import (
    Act,
    Application,
    Attachment,
    Case,
    Correction,
    Evidence,
    Extension,
    HallRequest,
    Message,
    Pause,
    Step,
)
from yici.apps.halls.models import Appointment, Handout, QueueTicket, Receipt
from yici.apps.knowledge.models import Question
from yici.apps.licences.models import Licence
from yici.apps.people.actions import ID_PLACE, NAME_PLACE
from yici.apps.people.encryption import search_hash
from yici.apps.people.models import Account, Mandate, Party, Relation
from yici.apps.people.sign_in_models import Authenticator, ProviderIdentity
from yici.apps.planning.models import Draft, Nudge, NudgeRefusal
from yici.apps.privacy.models import ClosedAccount, EmergencyLook, Export, LegalHold, PersonalClaim
from yici.apps.referrals.models import DeputySubmission
from yici.apps.registry.models import CorrectionSignal, HeldLicence, Inquiry, Record, WriteBack
from yici.apps.reviews.endings import PARTS_OF_A_REVIEW, delete_invitations, empty_reviews
from yici.apps.reviews.models import Invitation, Review
from yici.apps.tickets.endings import PARTS_OF_A_TICKET, empty_tickets
from yici.apps.tickets.models import Matter, Ticket
from yici.apps.topics.models import Topic
from yici.rules.write_backs import WriteBackState


@dataclass(frozen=True, slots=True)
class Duty:
    """One kind of record that ends: where it stands, since when its time runs (``over_at``), and how it ends.

    ``parties`` and ``application`` are the columns by which a legal hold reaches it.
    """

    model: type[Model]
    key: str
    rows: Callable[[], QuerySet[Any]]
    end: Callable[[Sequence[Any], datetime], None]
    parties: tuple[str, ...] = ()
    application: str = ""

    @property
    def name(self) -> str:
        """Return app and model."""
        return self.model._meta.label


def _is_evidence() -> Exists:
    return Exists(Evidence.objects.filter(attachment_id=OuterRef("pk")))


def _of_a_draft() -> Exists:
    return Exists(Draft.objects.filter(public_id=OuterRef("draft_id")))


def loose_papers() -> QuerySet[Attachment]:
    """Return uploaded papers that no case uses."""
    return Attachment.objects.filter(~_is_evidence())


def end_drafts(keys: Sequence[Any], now: datetime) -> None:
    """Delete drafts with what was typed, and their papers that no case uses."""
    ids = list(Draft.objects.filter(pk__in=keys).values_list("public_id", flat=True))
    loose_papers().filter(draft_id__in=ids).delete()
    Draft.objects.filter(pk__in=keys).delete()


def empty_applications(keys: Sequence[Any], now: datetime) -> None:
    """Take the personal content out of applications; who decided what, when and how long it took stays."""
    cases = list(Case.objects.filter(application_id__in=keys).values_list("pk", flat=True))
    papers = Evidence.objects.filter(case_id__in=cases, attachment__isnull=False).values("attachment_id")
    Attachment.objects.filter(pk__in=papers).update(content=b"", filename="", sha256="")
    Evidence.objects.filter(case_id__in=cases).update(value_text="", own_value_text="", note="")
    Step.objects.filter(case_id__in=cases).update(opinion="")
    Correction.objects.filter(case_id__in=cases).update(asked=[], reply="")
    Pause.objects.filter(case_id__in=cases).update(reason="")
    Extension.objects.filter(case_id__in=cases).update(reason="", approved_by="")
    Act.objects.filter(case_id__in=cases).update(reason="", by_name="")
    Message.objects.filter(application_id__in=keys).update(text="", author_name="")
    Receipt.objects.filter(application_id__in=keys).update(content={})
    Handout.objects.filter(case_id__in=cases).update(address="", signed_by="")
    Case.objects.filter(pk__in=cases).update(decision_reason="")
    Application.objects.filter(pk__in=keys).update(facts_text="{}", emptied_at=now)


def _empty_hall_requests(keys: Sequence[Any], now: datetime) -> None:
    HallRequest.objects.filter(pk__in=keys).update(
        need="", contact_phone="", answer="", answers_text="{}", emptied_at=now
    )


def _empty_contests(keys: Sequence[Any], now: datetime) -> None:
    """Take the words out; what was contested and how it was decided stays with the score it changed."""
    Contest.objects.filter(pk__in=keys).update(reason="", answer="", emptied_at=now)


def _empty_exemptions(keys: Sequence[Any], now: datetime) -> None:
    """Take both sides' words out; which conditions held and how it was decided stays public."""
    Exemption.objects.filter(pk__in=keys).update(statements={}, findings={}, emptied_at=now)


def _empty_topics(keys: Sequence[Any], now: datetime) -> None:
    """Let go of the name that people's own words gave it; the public one and the counts stay."""
    Topic.objects.filter(pk__in=keys).update(name="", emptied_at=now)


def _empty_submissions(keys: Sequence[Any], now: datetime) -> None:
    """Take out who said what; that a station filed something, when and of how many voters stays with the referral."""
    DeputySubmission.objects.filter(pk__in=keys).update(deputy="", detail="", emptied_at=now)


def _empty_claims(keys: Sequence[Any], now: datetime) -> None:
    PersonalClaim.objects.filter(pk__in=keys).update(wish="", answer="", emptied_at=now)


def _empty_looks(keys: Sequence[Any], now: datetime) -> None:
    EmergencyLook.objects.filter(pk__in=keys).update(reason="", review_note="", emptied_at=now)


def _end_accounts(keys: Sequence[Any], now: datetime) -> None:
    Account.objects.filter(pk__in=ClosedAccount.objects.filter(pk__in=keys).values("account_id")).delete()


def _empty_parties(keys: Sequence[Any], now: datetime) -> None:
    """Make nameless those of whom nothing is kept any more; statistics still count them, nobody can name them."""
    Relation.objects.filter(Q(of_id__in=keys) | Q(to_id__in=keys)).delete()
    NudgeRefusal.objects.filter(party_id__in=keys).delete()
    Party.objects.filter(pk__in=keys).update(
        verified=False,
        name="",
        name_hash=search_hash("", NAME_PLACE),
        id_number="",
        id_hash=search_hash("", ID_PLACE),
        phone=None,
        born_on=None,
        sex=None,
    )


def _empty_questions(keys: Sequence[Any], now: datetime) -> None:
    Question.objects.filter(pk__in=keys).update(text="", ticket_reference="", emptied_at=now)


def _end_appointments(keys: Sequence[Any], now: datetime) -> None:
    """Delete who had an appointment and for what; the ticket, which names nobody, is counted until its own day."""
    QueueTicket.objects.filter(appointment_id__in=keys).update(appointment=None)
    Appointment.objects.filter(pk__in=keys).delete()


def _deleted(model: type[Model]) -> Callable[[Sequence[Any], datetime], None]:
    def end(keys: Sequence[Any], now: datetime) -> None:
        model._default_manager.filter(pk__in=keys).delete()

    return end


def _since(model: type[Model], column: str, *conditions: Q, **values: Any) -> Callable[[], QuerySet[Any]]:
    def since() -> QuerySet[Any]:
        rows: QuerySet[Any] = model._default_manager.filter(*conditions, **values).annotate(over_at=F(column))
        return rows

    return since


def _mandates() -> QuerySet[Any]:
    rows: QuerySet[Any] = Mandate.objects.annotate(over_at=Coalesce("ended_at", Cast("valid_to", DateTimeField())))
    return rows


def _orphans() -> QuerySet[Any]:
    return loose_papers().filter(~_of_a_draft()).annotate(over_at=F("uploaded_at"))


def _forgotten_parties() -> QuerySet[Any]:
    """Return parties of whom nothing else is kept: every application is emptied, no licence, account or record."""
    mine = Application.objects.filter(Q(applicant_id=OuterRef("pk")) | Q(represented_id=OuterRef("pk")))
    last = mine.order_by("-closed_at").values("closed_at")[:1]
    others = [
        Exists(model._default_manager.filter(**{column: OuterRef("pk")}))
        for model, column in (
            (Licence, "holder_id"),
            (HeldLicence, "party_id"),
            (Record, "party_id"),
            (WriteBack, "party_id"),
            (Inquiry, "party_id"),
            (Appointment, "party_id"),
            (Appointment, "represented_id"),
            (Ticket, "party_id"),
            (Review, "party_id"),
            (Account, "party_id"),
            (Mandate, "holder_id"),
            (Mandate, "agent_id"),
        )
    ]
    waiting = Exists(mine.filter(emptied_at=None))
    needs = Exists(HallRequest.objects.filter(party_id=OuterRef("pk"), emptied_at=None))
    rows = Party.objects.filter(Exists(mine), ~waiting, ~needs, verified=True)
    for other in others:
        rows = rows.filter(~other)
    return rows.annotate(over_at=last)


DUTIES: tuple[Duty, ...] = (
    Duty(Draft, "draft+6m", _since(Draft, "saved_at"), end_drafts, ("party_id", "represented_id")),
    Duty(Attachment, "orphan+1d", _orphans, _deleted(Attachment), ("party_id",)),
    Duty(
        Application,
        "case+10y",
        _since(Application, "closed_at", emptied_at=None),
        empty_applications,
        ("applicant_id", "represented_id"),
        "id",
    ),
    Duty(
        HallRequest,
        "case+10y",
        _since(HallRequest, "answered_at", emptied_at=None),
        _empty_hall_requests,
        ("party_id", "represented_id"),
        "application_id",
    ),
    Duty(
        CorrectionSignal, "case+10y", _since(CorrectionSignal, "settled_at"), _deleted(CorrectionSignal), ("party_id",)
    ),
    # What an owner confirmed stays with the register it completes; what came to nothing ends like the case it was for.
    Duty(
        WriteBack,
        "case+10y",
        _since(WriteBack, "settled_at", state__in=[WriteBackState.REJECTED, WriteBackState.SUPERSEDED]),
        _deleted(WriteBack),
        ("party_id",),
    ),
    Duty(Inquiry, "case+10y", _since(Inquiry, "answered_at"), _deleted(Inquiry), ("party_id",)),
    Duty(Appointment, "visit+1y", _since(Appointment, "starts_at"), _end_appointments, ("party_id", "represented_id")),
    Duty(QueueTicket, "visit+1y", _since(QueueTicket, "joined_at"), _deleted(QueueTicket)),
    Duty(Question, "request+3y", _since(Question, "settled_at", emptied_at=None), _empty_questions),
    Duty(Ticket, "case+10y", _since(Ticket, "closed_at", emptied_at=None), empty_tickets, ("party_id",)),
    Duty(Review, "case+10y", _since(Review, "given_at", emptied_at=None), empty_reviews, ("party_id",)),
    Duty(Invitation, "case+10y", _since(Invitation, "expires_at"), delete_invitations),
    Duty(Contest, "case+10y", _since(Contest, "decided_at", emptied_at=None), _empty_contests),
    Duty(Exemption, "case+10y", _since(Exemption, "decided_at", emptied_at=None), _empty_exemptions),
    Duty(Topic, "case+10y", _since(Topic, "last", emptied_at=None), _empty_topics),
    Duty(DeputySubmission, "case+10y", _since(DeputySubmission, "filed_at", emptied_at=None), _empty_submissions),
    Duty(Mandate, "mandate+10y", _mandates, _deleted(Mandate), ("holder_id", "agent_id")),
    Duty(ClosedAccount, "account", _since(ClosedAccount, "closed_at"), _end_accounts, ("account__party_id",)),
    Duty(Party, "party", _forgotten_parties, _empty_parties, ("id",)),
    Duty(Export, "export+7d", _since(Export, "asked_at"), _deleted(Export)),
    Duty(
        PersonalClaim,
        "request+3y",
        _since(PersonalClaim, "answered_at", emptied_at=None),
        _empty_claims,
        ("party_id",),
    ),
    Duty(
        EmergencyLook, "request+3y", _since(EmergencyLook, "reviewed_at", emptied_at=None), _empty_looks, ("party_id",)
    ),
    Duty(Nudge, "log+6m", _since(Nudge, "shown_at"), _deleted(Nudge), ("party_id",)),
    Duty(LegalHold, "case+10y", _since(LegalHold, "lifted_at"), _deleted(LegalHold)),
    Duty(AccessAttempt, "log+6m", _since(AccessAttempt, "attempt_time"), _deleted(AccessAttempt)),
    Duty(AccessFailureLog, "log+6m", _since(AccessFailureLog, "attempt_time"), _deleted(AccessFailureLog)),
    Duty(AccessLog, "log+6m", _since(AccessLog, "attempt_time"), _deleted(AccessLog)),
)
# Ends together with another record, in whose emptying or deletion it is named.
ENDS_WITH: dict[type[Model], type[Model]] = {
    Case: Application,
    Step: Application,
    Evidence: Application,
    Pause: Application,
    Extension: Application,
    Correction: Application,
    Message: Application,
    Act: Application,
    Receipt: Application,
    Handout: Application,
    **dict.fromkeys(PARTS_OF_A_TICKET, Ticket),
    Matter: Ticket,
    **dict.fromkeys(PARTS_OF_A_REVIEW, Review),
    Authenticator: ClosedAccount,
    ProviderIdentity: ClosedAccount,
    Relation: Party,
    NudgeRefusal: Party,
}
