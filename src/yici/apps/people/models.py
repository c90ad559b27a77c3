"""Who takes part: parties with their accounts, staff at their posts, mandates and family relations."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models

from yici.apps.journal.ids import new_public_id
from yici.apps.people.encryption import EncryptedDateField, EncryptedTextField
from yici.apps.people.sign_in_models import Authenticator, FactorReset, ProviderIdentity, RecoveryCode, Session
from yici.rules.items import Assurance
from yici.rules.people import IdKind, PartyKind, RelationKind, Role

# Django looks for the tables of an app in this module.
__all__ = [
    "Account",
    "Authenticator",
    "FactorReset",
    "Mandate",
    "Party",
    "ProviderIdentity",
    "RecoveryCode",
    "Relation",
    "Session",
    "Staff",
]


class Party(models.Model):
    """A natural or legal person whom government serves. Names and numbers are found by their keyed hashes.

    A party that is not ``verified`` is what somebody says of himself when he opens an account: it sees no records
    and shares nothing with the verified party of the same number.
    """

    personal_fields: ClassVar[tuple[str, ...]] = ("name", "id_number", "phone", "born_on", "sex")
    keyed_hashes: ClassVar[dict[str, str]] = {"name_hash": "name", "id_hash": "id_number"}
    retention: ClassVar[str] = "party"

    public_id = models.UUIDField(unique=True, default=new_public_id, editable=False)
    kind = models.CharField(max_length=8, choices=[(kind.value, kind.value) for kind in PartyKind])
    name = EncryptedTextField()
    name_hash = models.CharField(max_length=80, db_index=True)
    id_kind = models.CharField(max_length=2, choices=[(kind.value, kind.value) for kind in IdKind])
    id_number = EncryptedTextField()
    id_hash = models.CharField(max_length=80, db_index=True)
    verified = models.BooleanField(default=True)
    region = models.ForeignKey("places.Region", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    phone = EncryptedTextField(null=True, blank=True)
    born_on = EncryptedDateField(null=True, blank=True)
    sex = EncryptedTextField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "parties"
        constraints = [
            models.UniqueConstraint(
                fields=["id_hash"],
                condition=models.Q(verified=True),
                name="people_party_number_once",
                violation_error_message="该证件号码已登记。 A party with this number is already recorded.",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=list(PartyKind)),
                name="people_party_kind_known",
                violation_error_message="服务对象是自然人或法人。 A party is a natural or a legal person.",
            ),
            models.CheckConstraint(
                condition=models.Q(kind=PartyKind.NATURAL) | models.Q(born_on__isnull=True, sex__isnull=True),
                name="people_party_companies_have_no_birthday",
                violation_error_message="法人没有出生日期和性别。 A legal person has no birthday and no sex.",
            ),
        ]

    def __str__(self) -> str:
        # Never the name: this text ends up in log lines.
        return f"party:{self.public_id}"


class Staff(models.Model):
    """Somebody at a post of an organisation; ``region`` is the jurisdiction, that region and all in it."""

    personal_fields: ClassVar[tuple[str, ...]] = ("name",)
    retention: ClassVar[str] = "post"

    public_id = models.UUIDField(unique=True, default=new_public_id, editable=False)
    name = EncryptedTextField()
    organisation = models.ForeignKey("places.Organisation", on_delete=models.PROTECT, related_name="staff")
    post = models.CharField(max_length=40)
    roles = ArrayField(models.CharField(max_length=12))
    region = models.ForeignKey("places.Region", on_delete=models.PROTECT, related_name="+")
    hall = models.ForeignKey("places.Hall", null=True, blank=True, on_delete=models.PROTECT, related_name="staff")

    class Meta:
        verbose_name_plural = "staff"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(roles__contained_by=list(Role)) & models.Q(roles__len__gte=1),
                name="people_staff_roles_known",
                violation_error_message="请至少选择一个已有的角色。 Choose at least one of the known roles.",
            )
        ]

    def __str__(self) -> str:
        return f"staff:{self.public_id}"


class AccountManager(BaseUserManager["Account"]):
    """Opens accounts; the name is Django's (it asks the user model for ``objects``)."""

    def create_user(self, login: str, password: str | None = None, **fields: object) -> "Account":
        """Return a saved account with a hashed password."""
        account = self.model(login=login, **fields)
        account.set_password(password)
        account.save(using=self._db)
        return account


class Account(AbstractBaseUser):
    """A sign-in: of a party, or of a member of staff."""

    personal_fields: ClassVar[tuple[str, ...]] = ()  # the login is chosen freely; the person stands in Party
    retention: ClassVar[str] = "account"

    login = models.CharField(max_length=80, unique=True)
    party = models.ForeignKey(Party, null=True, blank=True, on_delete=models.PROTECT, related_name="accounts")
    staff = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="accounts")
    assurance = models.CharField(
        max_length=10, choices=[(level.value, level.value) for level in Assurance], default=Assurance.REGISTERED
    )
    is_active = models.BooleanField(default=True)
    demo = models.BooleanField(default=False)
    demo_note = models.CharField(max_length=200, blank=True)
    demo_note_en = models.CharField(max_length=300, blank=True)

    objects = AccountManager()

    USERNAME_FIELD = "login"
    EMAIL_FIELD = "login"  # Django's reset of passwords asks for one; no mail is sent

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(assurance__in=list(Assurance)),
                name="people_account_assurance_known",
                violation_error_message="认证等级不存在。 This assurance level does not exist.",
            ),
            models.CheckConstraint(
                condition=models.Q(party__isnull=True) | models.Q(staff__isnull=True),
                name="people_account_one_hat",
                violation_error_message="账号属于个人或工作人员之一。 An account is a party's or a staff member's.",
            ),
            models.CheckConstraint(
                condition=models.Q(party__isnull=False) | ~models.Q(assurance__in=["real_name", "signed"]),
                name="people_account_real_name_has_party",
                violation_error_message="实名账号必须对应一个人。 A real-name account belongs to a known person.",
            ),
        ]

    def __str__(self) -> str:
        return f"account:{self.pk}"


class Mandate(models.Model):
    """What ``agent`` may do for ``holder`` (授权): ``scope`` is "all", or the key of one life event or item.

    An offer counts once the agent has accepted it. ``by_head``: a company's head acts for it because the company
    register names him; such a mandate runs out soon, and the register is asked again.
    """

    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "mandate+10y"

    public_id = models.UUIDField(unique=True, default=new_public_id, editable=False)
    holder = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="mandates_given")
    agent = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="mandates_held")
    scope = models.CharField(max_length=80, default="all")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    granted_by = models.CharField(max_length=160)
    granted_at = models.DateTimeField(null=True, blank=True)  # not known of mandates from before offers
    accepted_at = models.DateTimeField(null=True, blank=True)
    by_head = models.BooleanField(default=False)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=160, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(holder=models.F("agent")),
                name="people_mandate_two_parties",
                violation_error_message="不需要授权给自己。 Nobody needs a mandate from himself.",
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=models.F("valid_from")),
                name="people_mandate_ends_after_start",
                violation_error_message="授权的截止日不能早于起始日。 A mandate cannot end before it begins.",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True, ended_by="")
                | (models.Q(ended_at__isnull=False) & ~models.Q(ended_by="")),
                name="people_mandate_ended_by_somebody",
                violation_error_message="终止授权须记录由谁终止。 Who ended the mandate is recorded with the moment.",
            ),
        ]

    def __str__(self) -> str:
        return f"mandate:{self.pk}"


class Relation(models.Model):
    """``of`` is the parent, guardian or spouse of ``to``; ``document`` is the court's, for a guardian it appointed."""

    personal_fields: ClassVar[tuple[str, ...]] = ("document",)
    retention: ClassVar[str] = "party"

    kind = models.CharField(max_length=10, choices=[(kind.value, kind.value) for kind in RelationKind])
    of = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="relations_of")
    to = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="relations_to")
    document = EncryptedTextField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "of", "to"],
                name="people_relation_once",
                violation_error_message="这一关系已登记。 This relation is already recorded.",
            ),
            models.CheckConstraint(
                condition=~models.Q(of=models.F("to")),
                name="people_relation_two_people",
                violation_error_message="关系的双方是两个人。 A relation is between two people.",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=list(RelationKind)),
                name="people_relation_kind_known",
                violation_error_message="关系是父母、监护人或配偶。 A relation is parent, guardian or spouse.",
            ),
        ]

    def __str__(self) -> str:
        return f"relation:{self.pk}"
