"""Labelled messages from elsewhere that the text model learns from beside the tickets themselves."""

from typing import ClassVar

from django.db import models

from yici.apps.people.encryption import EncryptedTextField


class Example(models.Model):
    """One message with its category, loaded from a file: what a new office starts with."""

    personal_fields: ClassVar[tuple[str, ...]] = ("subject", "detail")
    retention: ClassVar[str] = "until replaced"

    source = models.CharField(max_length=60)
    external_id = models.CharField(max_length=60)
    subject = EncryptedTextField()
    detail = EncryptedTextField()
    category = models.CharField(max_length=60)
    entered_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "external_id"], name="ticket_example_once")]

    def __str__(self) -> str:
        return f"{self.source} {self.external_id}"
