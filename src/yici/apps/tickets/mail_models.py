"""What went by e-mail or text message with a ticket, so that nothing goes twice."""

from typing import ClassVar

from django.db import models


class Mailed(models.Model):
    """One e-mail or text message: a receipt, an answer, or a letter that was added; ``key`` says which."""

    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "case+10y"

    ticket = models.ForeignKey("tickets.Ticket", on_delete=models.PROTECT, related_name="mailed", db_index=False)
    reply = models.OneToOneField("tickets.Reply", null=True, on_delete=models.PROTECT, related_name="mailed")
    key = models.CharField(max_length=60)
    mailed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "key"], name="ticket_mailed_once")]

    def __str__(self) -> str:
        return f"mail:{self.ticket_id}:{self.key}"
