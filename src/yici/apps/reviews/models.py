"""Reviews, what was done about them, and the links by which somebody without an account may give one."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q

from yici.apps.journal.ids import new_public_id
from yici.apps.people.encryption import EncryptedTextField
from yici.rules.review_acts import Ground, Handling, ReviewState
from yici.rules.reviews import Grade, ReviewChannel, SubjectKind

_WAITS = Q(state__in=[ReviewState.SETTLED, ReviewState.CLOSED])
# A queue ticket is deleted a year after the visit, the review of it is not: then it is of a visit nobody can name.
_ONE_SUBJECT = (
    Q(kind=SubjectKind.CASE, case__isnull=False, ticket=None, queue_ticket=None)
    | Q(kind=SubjectKind.TICKET, case=None, ticket__isnull=False, queue_ticket=None)
    | Q(kind=SubjectKind.QUEUE, case=None, ticket=None)
)
_ONE_SUBJECT_WORDS = "评价对象是一件办件、一件工单或一次窗口办理。 A review is of one case, one ticket or one visit."


class Review(models.Model):
    """One person's grade of one case, ticket or visit to a window, and where its handling stands if it is bad.

    Whom and what it is about is kept with it, so that a later change of office does not change an old figure.
    """

    personal_fields: ClassVar[tuple[str, ...]] = ("text", "contact_name", "contact_phone")
    retention: ClassVar[str] = "case+10y"

    public_id = models.UUIDField(unique=True, default=new_public_id, editable=False)
    kind = models.CharField(max_length=8, choices=[(one.value, one.value) for one in SubjectKind])
    case = models.OneToOneField("cases.Case", null=True, on_delete=models.PROTECT, related_name="review")
    ticket = models.OneToOneField("tickets.Ticket", null=True, on_delete=models.PROTECT, related_name="review")
    queue_ticket = models.OneToOneField(
        "halls.QueueTicket", null=True, on_delete=models.SET_NULL, related_name="review"
    )
    finished_at = models.DateTimeField()  # when what is reviewed was finished: the period of the figure goes by it
    region = models.ForeignKey("places.Region", on_delete=models.PROTECT, related_name="+")
    desk_code = models.CharField(max_length=12)  # the county, else city or province, whose hotline supervises it
    organisation = models.ForeignKey("places.Organisation", on_delete=models.PROTECT, related_name="reviews")
    staff = models.ForeignKey("people.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    hall = models.ForeignKey("places.Hall", null=True, on_delete=models.PROTECT, related_name="reviews")
    item_key = models.CharField(max_length=80, blank=True)
    # What was said.
    channel = models.CharField(max_length=8, choices=[(one.value, one.value) for one in ReviewChannel])
    grade = models.PositiveSmallIntegerField(choices=[(one.value, one.value) for one in Grade])
    tags = ArrayField(models.CharField(max_length=20), default=list)
    text = EncryptedTextField(blank=True, default="")
    named = models.BooleanField(default=False)
    may_name = models.BooleanField(default=True)  # False: of a report or a ticket whose person is kept secret
    party = models.ForeignKey("people.Party", null=True, on_delete=models.PROTECT, related_name="reviews")
    contact_name = EncryptedTextField(blank=True, default="")
    contact_phone = EncryptedTextField(blank=True, default="")
    given_at = models.DateTimeField()
    detailed_at = models.DateTimeField(null=True)
    entered_by = models.CharField(max_length=80, blank=True)  # the operator who wrote down what was said on the phone
    # Where it stands (rules.review_acts.Standing) and the one clock that runs.
    state = models.CharField(max_length=10, choices=[(one.value, one.value) for one in ReviewState])
    attempts = models.PositiveSmallIntegerField(default=0)
    extended = models.BooleanField(default=False)
    handling = models.CharField(max_length=10, blank=True, choices=[(one.value, one.value) for one in Handling])
    reworks = models.PositiveSmallIntegerField(default=0)
    before = models.CharField(max_length=10, blank=True)  # the state a contest interrupted
    contested_at = models.DateTimeField(null=True)
    contested_by = models.CharField(max_length=80, blank=True)
    upheld = models.CharField(max_length=10, blank=True, choices=[(one.value, one.value) for one in Ground])
    step_started_at = models.DateTimeField(null=True)
    step_amber_at = models.DateTimeField(null=True)
    step_due_at = models.DateTimeField(null=True)
    held_started_at = models.DateTimeField(null=True)  # start of the clock that a contest holds
    contact_due_at = models.DateTimeField(null=True)
    contacted_at = models.DateTimeField(null=True)
    handled_at = models.DateTimeField(null=True)
    satisfied_after = models.BooleanField(null=True)
    closed_at = models.DateTimeField(null=True)
    level = models.PositiveSmallIntegerField(default=0)
    # What of it may be read by everybody, without anything that tells who wrote it.
    excerpt = models.CharField(max_length=120, blank=True)
    excerpt_by = models.CharField(max_length=80, blank=True)
    opened_ticket = models.ForeignKey("tickets.Ticket", null=True, on_delete=models.PROTECT, related_name="+")
    emptied_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=_ONE_SUBJECT, name="review_one_subject", violation_error_message=_ONE_SUBJECT_WORDS
            ),
            models.CheckConstraint(
                condition=Q(grade__gte=1, grade__lte=5),
                name="review_five_grades",
                violation_error_message="评价等级为1至5。 There are five grades.",
            ),
            models.CheckConstraint(
                condition=(_WAITS & Q(step_due_at=None)) | (~_WAITS & Q(step_due_at__isnull=False)),
                name="review_one_running_clock",
                violation_error_message="处理中的评价有且只有一个时限。 An open review has one clock.",
            ),
            models.CheckConstraint(
                condition=Q(named=True) | Q(party=None),
                name="review_unnamed_names_nobody",
                violation_error_message="匿名评价不得存有身份。 A review without a name names nobody.",
            ),
            models.CheckConstraint(
                condition=Q(named=False) | Q(may_name=True),
                name="review_kept_secret_is_unnamed",
                violation_error_message="要求保密的诉求只能匿名评价。 What is kept secret is reviewed without a name.",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "state", "step_due_at", "id"], name="review_of_unit"),
            models.Index(fields=["step_due_at", "id"], name="review_by_harm", condition=~_WAITS),
            models.Index(fields=["organisation", "finished_at"], name="review_figure_unit"),
            models.Index(fields=["hall", "finished_at"], name="review_figure_hall", condition=Q(hall__isnull=False)),
            models.Index(fields=["item_key", "finished_at"], name="review_figure_item", condition=~Q(item_key="")),
            models.Index(fields=["party", "-id"], name="review_of_party", condition=Q(party__isnull=False)),
            BrinIndex(fields=["given_at", "contact_due_at"], name="review_times", autosummarize=True),
        ]

    def __str__(self) -> str:
        return f"review:{self.public_id}"


class Happening(models.Model):
    """What happened to a review, in order, as the unit and the supervisor read it."""

    append_only: ClassVar[bool] = True
    relockable: ClassVar[tuple[str, ...]] = ("by_name", "note")
    personal_fields: ClassVar[tuple[str, ...]] = ("by_name", "note")
    retention: ClassVar[str] = "case+10y"

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="happenings", db_index=False)
    kind = models.CharField(max_length=10)
    state = models.CharField(max_length=10)  # after it
    by = models.CharField(max_length=80)
    by_name = EncryptedTextField(blank=True, default="")
    note = EncryptedTextField(blank=True, default="")
    ground = models.CharField(max_length=10, blank=True)
    happened_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["review", "id"], name="review_happening_in_order")]

    def __str__(self) -> str:
        return f"{self.review_id} {self.kind}"


class Invitation(models.Model):
    """A link or QR code by which one review may be given without signing in; only the hash of its secret is kept."""

    personal_fields: ClassVar[tuple[str, ...]] = ()
    secret_hashes: ClassVar[tuple[str, ...]] = ("secret_hash",)
    retention: ClassVar[str] = "case+10y"

    secret_hash = models.CharField(max_length=64, unique=True)
    channel = models.CharField(max_length=8)
    case = models.ForeignKey("cases.Case", null=True, on_delete=models.PROTECT, related_name="+")
    ticket = models.ForeignKey("tickets.Ticket", null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(case__isnull=False, ticket=None) | Q(case=None, ticket__isnull=False),
                name="review_invitation_one_subject",
                violation_error_message="邀请对象是一件办件或一件工单。 An invitation is for one case or one ticket.",
            ),
        ]

    def __str__(self) -> str:
        return f"invitation:{self.pk}"
