"""How people sign in: sealed sessions, identities at a provider, second factors and the codes for a lost one."""

from typing import Any, ClassVar

from django.db import models
from django_otp.models import Device, ThrottlingMixin
from django_otp.oath import TOTP

from yici.apps.journal.ids import new_public_id
from yici.apps.people.encryption import EncryptedJSONField, EncryptedTextField
from yici.rules.sessions import SessionKind

STEP_SECONDS = 30  # a code lives as long (RFC 6238 section 5.2)
TOLERATED_STEPS = 1


class Session(models.Model):
    """One browser that somebody uses. The key stands in the cookie alone: here is only its hash, the content is locked.

    ``expires_at`` moves with use, ``ends_at`` never does.
    """

    personal_fields: ClassVar[tuple[str, ...]] = ("sealed",)
    retention: ClassVar[str] = "session"
    secret_hashes: ClassVar[tuple[str, ...]] = ("key_hash",)

    public_id = models.UUIDField(unique=True, default=new_public_id, editable=False)
    key_hash = models.CharField(max_length=64, unique=True)
    account = models.ForeignKey(
        "people.Account", null=True, blank=True, on_delete=models.CASCADE, related_name="sessions"
    )
    kind = models.CharField(max_length=8, choices=[(kind.value, kind.value) for kind in SessionKind])
    sealed = EncryptedJSONField()
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    ends_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=list(SessionKind)),
                name="people_session_kind_known",
                violation_error_message="会话类别不存在。 There is no such kind of session.",
            ),
            models.CheckConstraint(
                condition=models.Q(expires_at__lte=models.F("ends_at")),
                name="people_session_ends",
                violation_error_message="会话不能长于其期限。 A session does not outlast its limit.",
            ),
        ]

    def __str__(self) -> str:
        return f"session:{self.public_id}"


class ProviderIdentity(models.Model):
    """An account as an identity provider knows it: the pair of issuer and subject, never an e-mail or a name."""

    personal_fields: ClassVar[tuple[str, ...]] = ("subject",)
    keyed_hashes: ClassVar[dict[str, str]] = {"subject_hash": "subject"}
    retention: ClassVar[str] = "account"

    account = models.ForeignKey("people.Account", on_delete=models.CASCADE, related_name="identities")
    issuer = models.CharField(max_length=300)
    subject = EncryptedTextField()
    subject_hash = models.CharField(max_length=80)
    joined_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "provider identities"
        constraints = [
            models.UniqueConstraint(
                fields=["issuer", "subject_hash"],
                name="people_identity_once",
                violation_error_message="这一身份已关联账号。 This identity belongs to an account already.",
            )
        ]

    def __str__(self) -> str:
        return f"identity:{self.pk}"


class Authenticator(ThrottlingMixin, Device):
    """An app that shows one-time codes (RFC 6238). Its key is locked; a code that was used is never taken again."""

    personal_fields: ClassVar[tuple[str, ...]] = ("key",)
    retention: ClassVar[str] = "account"

    user = models.ForeignKey("people.Account", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=64)
    confirmed = models.BooleanField(default=False)
    key = EncryptedTextField()  # hexadecimal, 20 bytes
    last_step = models.BigIntegerField(default=-1)
    made_at = models.DateTimeField()

    objects: ClassVar[models.Manager["Authenticator"]] = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "confirmed"],
                name="people_authenticator_one",
                violation_error_message="已经有一个验证器。 There is an authenticator already.",
            )
        ]

    def __str__(self) -> str:
        return f"authenticator:{self.pk}"

    def matches(self, token: str, seconds: float) -> bool:
        """Whether a code is right at a moment (Unix time) and was not used; remembers it, the caller saves."""
        if not (token.isascii() and token.isdecimal() and len(token) == 6):
            return False
        totp = TOTP(bytes.fromhex(self.key), STEP_SECONDS)
        totp.time = seconds
        if not totp.verify(int(token), TOLERATED_STEPS, self.last_step + 1):
            return False
        self.last_step = totp.t()
        return True

    def get_throttle_factor(self) -> int:
        return 1


class RecoveryCode(models.Model):
    """A code on paper for the day the device is lost; only its hash is here, and it works once."""

    personal_fields: ClassVar[tuple[str, ...]] = ()
    retention: ClassVar[str] = "account"
    secret_hashes: ClassVar[tuple[str, ...]] = ("code_hash",)

    authenticator = models.ForeignKey(Authenticator, on_delete=models.CASCADE, related_name="recovery_codes")
    code_hash = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["authenticator", "code_hash"],
                name="people_recoverycode_once",
                violation_error_message="恢复码不能重复。 Recovery codes differ from each other.",
            )
        ]

    def __str__(self) -> str:
        return f"recovery-code:{self.pk}"


class FactorReset(models.Model):
    """A colleague's lost device: one administrator asks, a second person agrees (four eyes), then he enrols anew."""

    personal_fields: ClassVar[tuple[str, ...]] = ("reason",)
    retention: ClassVar[str] = "post"

    public_id = models.UUIDField(unique=True, default=new_public_id, editable=False)
    account: Any = models.ForeignKey("people.Account", on_delete=models.CASCADE, related_name="factor_resets")
    reason = EncryptedTextField()
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey("people.Staff", on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey("people.Staff", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    agreed = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account"],
                condition=models.Q(settled_at__isnull=True),
                name="people_factorreset_one_open",
                violation_error_message="已有一个待批准的申请。 A request for this account waits already.",
            ),
            models.CheckConstraint(
                condition=models.Q(settled_at__isnull=True, settled_by__isnull=True, agreed=False)
                | models.Q(settled_at__isnull=False, settled_by__isnull=False),
                name="people_factorreset_settled_by_somebody",
                violation_error_message="批准须记录由谁作出。 Who settled the request is recorded with the moment.",
            ),
            models.CheckConstraint(
                condition=models.Q(settled_by__isnull=True) | ~models.Q(settled_by=models.F("asked_by")),
                name="people_factorreset_four_eyes",
                violation_error_message="申请人不能批准自己的申请。 Whoever asks does not agree himself.",
            ),
        ]

    def __str__(self) -> str:
        return f"factor-reset:{self.public_id}"
