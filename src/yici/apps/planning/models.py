"""Drafts: what a person has said so far, kept until it is submitted; and how often each question was asked."""

from typing import ClassVar

from django.db import models

from yici.apps.journal.ids import new_public_id
from yici.apps.people.encryption import EncryptedTextField
from yici.apps.planning.nudge_models import Nudge, NudgeRefusal, NudgeTally
from yici.apps.planning.sheet_models import Sheet

# Django looks for the tables of an app in this module.
__all__ = ["Draft", "Nudge", "NudgeRefusal", "NudgeTally", "QuestionTally", "Sheet"]


class Draft(models.Model):
    """One need on its way to an application. Facts the government holds are never kept here, only what was said."""

    personal_fields: ClassVar[tuple[str, ...]] = ("answers_text", "fields_text", "disputes_text")
    retention: ClassVar[str] = "draft+6m"

    public_id = models.UUIDField(unique=True, default=new_public_id, editable=False)
    # A draft begins before sign-in: then only the browser that holds this token may see it.
    browser = models.CharField(max_length=64, blank=True)
    party = models.ForeignKey("people.Party", null=True, on_delete=models.CASCADE, related_name="drafts")
    represented = models.ForeignKey("people.Party", null=True, on_delete=models.CASCADE, related_name="+")
    event_key = models.CharField(max_length=80)
    region = models.ForeignKey("places.Region", on_delete=models.PROTECT)
    answers_text = EncryptedTextField(default="{}")  # situation: element key → value
    fields_text = EncryptedTextField(default="{}")  # form: element key → what the person typed
    disputes_text = EncryptedTextField(default="{}")  # element key → the value the person says is right (规定 art.7)
    choices = models.JSONField(default=dict)  # requirement proves → way kind the person prefers (e.g. commitment)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    application_id = models.UUIDField(null=True)
    # The question the person stands before at the portal, since when: what the tally of questions counts once.
    asked_key = models.CharField(max_length=80, blank=True, default="")
    asked_at = models.DateTimeField(null=True)
    # The hash by which the browser is drawn into trials of wording; it stays after the claim, so that no word changes.
    drawn_as = models.CharField(max_length=32, blank=True, default="")
    on_sheet = models.BooleanField(default=False)  # a trial of wording counts it: others cost no query

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(
                    models.Q(submitted_at__isnull=True, application_id__isnull=True)
                    | models.Q(submitted_at__isnull=False, application_id__isnull=False)
                ),
                name="draft_submitted_with_application",
                violation_error_message="A draft is submitted together with its application, or not at all.",
            )
        ]
        indexes = [
            models.Index(fields=["party", "-saved_at"], name="draft_of_party"),
            models.Index(fields=["created_at"], name="draft_begun"),  # the month of the funnel
        ]

    def __str__(self) -> str:
        return f"{self.event_key} {self.public_id}"


class QuestionTally(models.Model):
    """How often a question was asked at the portal in a month, and how often the person went on from it.

    The difference is who left there. ``item_key``: an item that asks it, "" for the event's own; a question that
    several items ask has a row for each. It counts only: who was asked, and what was answered, is not in it.
    """

    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "permanent"

    event_key = models.CharField(max_length=80)
    item_key = models.CharField(max_length=80, blank=True)
    question_key = models.CharField(max_length=80)
    region_code = models.CharField(max_length=12)  # the county
    month = models.DateField()  # its first day; of the asking, also for who went on in the next
    asked = models.PositiveIntegerField()
    passed = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["month", "event_key", "item_key", "question_key", "region_code"], name="question_tally_once"
            ),
            models.CheckConstraint(
                condition=models.Q(passed__lte=models.F("asked")),
                name="question_tally_share",
                violation_error_message="离开问题的次数不能多于提问次数。 Nobody goes on from what was not asked.",
            ),
        ]
        indexes = [models.Index(fields=["item_key", "month"], name="question_tally_of_item")]

    def __str__(self) -> str:
        return f"{self.event_key} {self.question_key} {self.region_code} {self.month:%Y-%m}"
