"""Topics, the voices in them, what texts were found to mean, and who watches."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from yici.apps.journal.ids import new_public_id
from yici.apps.people.encryption import EncryptedTextField
from yici.rules.items import LegalBasis
from yici.rules.levels import Level
from yici.rules.topic_kinds import TopicKind

OPEN, ANSWERED, PAST = "open", "answered", "past"
_STATES = [(OPEN, OPEN), (ANSWERED, ANSWERED), (PAST, PAST)]
_ONE_SOURCE = (
    Q(ticket__isnull=False, review=None, correction=None)
    | Q(ticket=None, review__isnull=False, correction=None)
    | Q(ticket=None, review=None, correction__isnull=False)
)


class Gist(models.Model):
    """What several texts mean, kept so that later texts of the same meaning join it; the texts stay with tickets."""

    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "permanent"

    known_from = models.DateField()  # the first day whose tickets were read for it

    def __str__(self) -> str:
        return f"words:{self.pk}"


class Topic(models.Model):
    """More voices of one meaning in one region than chance explains, with what they rest on and what came of it.

    ``family`` is the meaning, the same in all regions; ``figures``: weeks with what was to be expected of them.
    """

    personal_fields: ClassVar[tuple[str, ...]] = ("name",)
    retention: ClassVar[str] = "case+10y"

    public_id = models.UUIDField(unique=True, default=new_public_id, editable=False)
    family = models.CharField(max_length=180)
    region = models.ForeignKey("places.Region", on_delete=models.PROTECT, related_name="+")
    gist = models.ForeignKey(Gist, null=True, on_delete=models.PROTECT, related_name="topics")
    name = EncryptedTextField()  # of texts: the subject in their midst, masked
    public_name = models.CharField(max_length=400)  # none of it in anybody's own words
    public_name_en = models.CharField(max_length=400)
    item_key = models.CharField(max_length=80, blank=True)
    requirement_key = models.CharField(max_length=80, blank=True)
    owner_kind = models.CharField(max_length=60, blank=True)  # kind of organisation in charge of the item
    basis_title = models.CharField(max_length=400, blank=True)
    basis_title_en = models.CharField(max_length=400, blank=True)
    basis_article = models.CharField(max_length=200, blank=True)
    basis_level = models.CharField(max_length=30, blank=True)  # empty: no basis was found
    basis_verified = models.BooleanField(default=False)
    basis_why = models.CharField(max_length=500)
    basis_why_en = models.CharField(max_length=500)
    kind = models.CharField(max_length=10, choices=[(one.value, one.value) for one in TopicKind])
    surprise = models.FloatField()
    figures = models.JSONField()
    why = models.CharField(max_length=500)
    why_en = models.CharField(max_length=500)
    first = models.DateTimeField()
    last = models.DateTimeField()
    voices = models.PositiveIntegerField()
    organisations = models.PositiveIntegerField()
    state = models.CharField(max_length=8, choices=_STATES, default=OPEN)
    found_at = models.DateTimeField()
    seen_week = models.DateField()  # the last week that stood out
    changed_at = models.DateTimeField()  # when a watcher had last something new to see
    outcome = models.CharField(max_length=2000, blank=True)
    outcome_by = models.CharField(max_length=80, blank=True)
    outcome_office = models.ForeignKey("places.Organisation", null=True, on_delete=models.PROTECT, related_name="+")
    outcome_at = models.DateTimeField(null=True)
    emptied_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-surprise", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["family", "region"], condition=Q(state=OPEN), name="topic_one_open"),
            models.CheckConstraint(
                condition=(Q(state=ANSWERED, outcome_at__isnull=False) & ~Q(outcome="") & ~Q(outcome_by=""))
                | (~Q(state=ANSWERED) & Q(outcome_at=None, outcome="", outcome_by="")),
                name="topic_answered_in_words",
                violation_error_message="答复须写明内容、单位和时间。 An answer says what, who and when.",
            ),
        ]
        indexes = [models.Index(fields=["family", "region", "-id"], name="topic_of_family")]

    def __str__(self) -> str:
        return f"topic:{self.public_id}"

    @property
    def basis(self) -> LegalBasis | None:
        """The law its requirement rests on, None where no item is named."""
        if not self.basis_level:
            return None
        level = Level(self.basis_level)
        return LegalBasis(self.basis_title, self.basis_article, level, self.basis_verified, self.basis_title_en)


class TopicVoice(models.Model):
    """One ticket, bad review or correction notice, read for its meaning; ``topic`` is set when it is in one.

    ``voice`` tells people apart without naming them: a person who writes five times is one voice.
    """

    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "permanent"

    family = models.CharField(max_length=180)
    region_code = models.CharField(max_length=12)  # the county's, else the city's or the province's
    week = models.DateField()  # its Monday
    voice = models.CharField(max_length=16)
    gist = models.ForeignKey(Gist, null=True, on_delete=models.PROTECT, related_name="voices")
    ticket = models.OneToOneField("tickets.Ticket", null=True, on_delete=models.PROTECT, related_name="+")
    review = models.OneToOneField("reviews.Review", null=True, on_delete=models.PROTECT, related_name="+")
    correction = models.ForeignKey("cases.Correction", null=True, on_delete=models.PROTECT, related_name="+")
    topic = models.ForeignKey(Topic, null=True, on_delete=models.PROTECT, related_name="said")
    at = models.DateTimeField()
    mail_due = models.BooleanField(default=False)  # the outcome goes by e-mail and has not gone yet

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["correction", "family"], condition=Q(correction__isnull=False), name="topic_correction_once"
            ),
            models.CheckConstraint(
                condition=_ONE_SOURCE,
                name="topic_voice_one_source",
                violation_error_message="来源是一件工单、一条评价或一份补正。 A voice is one ticket, review or notice.",
            ),
        ]
        indexes = [
            models.Index(fields=["family", "region_code", "at"], name="topic_voice_of_group"),
            models.Index(fields=["week"], name="topic_voice_by_week"),
            models.Index(fields=["id"], condition=Q(mail_due=True), name="topic_voice_to_mail"),
        ]

    def __str__(self) -> str:
        return f"{self.family} {self.region_code} {self.week}"


class TopicWatch(models.Model):
    """Somebody at a post wants to be told of a topic; ``seen_at``: when he last looked."""

    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "permanent"

    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="watches")
    staff = models.ForeignKey("people.Staff", on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["topic", "staff"], name="topic_watched_once")]

    def __str__(self) -> str:
        return f"{self.topic_id} {self.staff_id}"
