"""Histories of other systems: what a process log of theirs said, kept beside ours."""

from typing import ClassVar

from django.db import models

from yici.apps.journal.ids import new_public_id
from yici.apps.people.encryption import EncryptedJSONField


class ProcessHistory(models.Model):
    """What a process log of another system said. The rows of the log are not kept, the report of them is.

    ``report`` is encrypted: it names who handed work to whom, as that system named them.
    """

    personal_fields: ClassVar[tuple[str, ...]] = ("report",)
    retention: ClassVar[str] = "until replaced"

    public_id = models.UUIDField(unique=True, default=new_public_id, editable=False)
    name = models.CharField(max_length=120)
    organisation = models.ForeignKey("places.Organisation", on_delete=models.PROTECT, related_name="+")
    region_code = models.CharField(max_length=12)
    sha256 = models.CharField(max_length=64)  # of the file, so that somebody who has it can tell that it is this one
    columns = models.JSONField()  # what was taken for what: key → name of the column
    cases = models.PositiveIntegerField()
    events = models.PositiveIntegerField()
    report = EncryptedJSONField()
    kept_at = models.DateTimeField()
    kept_by = models.CharField(max_length=80)

    class Meta:
        ordering = ["-kept_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "name"],
                name="reform_history_name_once",
                violation_error_message="已有同名历史。 There is a history of this name.",
            ),
        ]

    def __str__(self) -> str:
        return f"history:{self.public_id}"
