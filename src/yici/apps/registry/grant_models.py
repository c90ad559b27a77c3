"""Which item may read which fields of a dataset: asked for, decided, revoked, public for ever."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from yici.apps.journal.ids import new_public_id
from yici.rules.grants import GrantState
from yici.rules.levels import Level


class Grant(models.Model):
    """An item's use of some fields of a dataset: asked for by the catalogue, decided by the owner, public for ever.

    At most one request and one approved grant of an item to a dataset stand in a region at a time: a wider request
    names all fields, and its approval replaces the narrower grant. ``in_use``: whether the item still asks for this.
    """

    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "permanent"

    public_id = models.UUIDField(unique=True, default=new_public_id, editable=False)
    item_key = models.CharField(max_length=80)
    dataset = models.ForeignKey("registry.Dataset", to_field="key", on_delete=models.PROTECT, related_name="grants")
    fields = ArrayField(models.CharField(max_length=60))
    purpose = models.CharField(max_length=300)
    purpose_en = models.CharField(max_length=400)
    basis_title = models.CharField(max_length=200)
    basis_title_en = models.CharField(max_length=300, blank=True)
    basis_article = models.CharField(max_length=120)
    basis_level = models.CharField(max_length=30)
    region = models.ForeignKey("places.Region", to_field="code", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, default=GrantState.REQUESTED)
    in_use = models.BooleanField(default=True)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=160)
    due_on = models.DateField()
    extended_at = models.DateTimeField(null=True, blank=True)
    extension_reason = models.CharField(max_length=500, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=160, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.CharField(max_length=160, blank=True)
    revoked_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [models.Index(fields=["dataset", "item_key"], name="registry_grant_read")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=list(GrantState)),
                name="registry_grant_state_known",
                violation_error_message="授权状态不存在。 This state of a grant does not exist.",
            ),
            models.CheckConstraint(
                condition=models.Q(basis_level__in=[one for one in Level if one is not Level.NONE]),
                name="registry_grant_rests_on_law",
                violation_error_message="授权须有法律依据及其层级。 A grant names its legal basis and its level.",
            ),
            models.CheckConstraint(
                condition=~models.Q(purpose="") & ~models.Q(basis_title="") & ~models.Q(basis_article=""),
                name="registry_grant_names_purpose_and_basis",
                violation_error_message="授权须写明用途和依据条款。 A grant names its purpose and its article.",
            ),
            models.CheckConstraint(
                condition=models.Q(fields__len__gt=0),
                name="registry_grant_has_fields",
                violation_error_message="授权至少包含一个数据项。 A grant names one field at least.",
            ),
            models.CheckConstraint(
                condition=models.Q(state=GrantState.REQUESTED, decided_at=None, decided_by="")
                | (
                    models.Q(state__in=["approved", "refused", "revoked"], decided_at__isnull=False)
                    & ~models.Q(decided_by="")
                ),
                name="registry_grant_decided_by_somebody",
                violation_error_message="审核结果须有时间和经办人。 A decision has its moment and its person.",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=GrantState.REFUSED) | ~models.Q(reason=""),
                name="registry_grant_refused_with_reason",
                violation_error_message="不同意须说明理由。 A refusal has a reason.",
            ),
            models.CheckConstraint(
                condition=models.Q(revoked_at=None, revoked_by="", revoked_reason="")
                & ~models.Q(state=GrantState.REVOKED)
                | models.Q(state=GrantState.REVOKED, revoked_at__isnull=False)
                & ~models.Q(revoked_by="")
                & ~models.Q(revoked_reason=""),
                name="registry_grant_revoked_with_reason",
                violation_error_message="撤销须有时间、经办人和理由。 A revocation has its moment, person and reason.",
            ),
            models.UniqueConstraint(
                fields=["item_key", "dataset", "region"],
                condition=models.Q(state=GrantState.REQUESTED),
                name="registry_grant_one_request",
                violation_error_message="该事项对此数据已有待审核的申请。 A request of this item waits already.",
            ),
            models.UniqueConstraint(
                fields=["item_key", "dataset", "region"],
                condition=models.Q(state=GrantState.APPROVED),
                name="registry_grant_one_approved",
                violation_error_message="该事项对此数据已有授权。 The item holds a grant to these data already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_key}:{self.dataset_id}"
