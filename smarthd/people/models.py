"""Tables of people. Personal data stand in ``personal_data`` and are destroyed by services.erasure."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint

from smarthd.kernel import sealing
from smarthd.kernel.ids import uuid7
from smarthd.people.rules import AssistanceState, CodeState, Means, Platform, Purpose, RequestKind, RequestState

PHONE = "people.phone"
NAME = "people.name"
DETAILS = "people.request"


class AccountManager(BaseUserManager["Account"]):
    """Find an account by its natural key."""

    def get_by_natural_key(self, username: str | None) -> Account:
        return self.get(uid=str(username))


class Account(AbstractBaseUser, PermissionsMixin):
    """One person's account. Number and name are sealed; ``phone_index`` finds the number again.

    An erased account keeps its row, emptied, as a pseudonym: what was counted stays counted once.
    """

    uid = models.UUIDField(default=uuid7, unique=True)
    phone_sealed = models.BinaryField(null=True, editable=False)
    phone_index = models.BinaryField(null=True, unique=True, editable=False, max_length=32)
    verified_at = models.DateTimeField(null=True)
    full_name_sealed = models.BinaryField(null=True, editable=False)
    home = models.ForeignKey("places.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)  # may open the content editor (Wagtail's rule)
    is_test = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    activated_at = models.DateTimeField(null=True)
    team_code = models.CharField(max_length=24, blank=True)  # the team that helped in person, credited once
    restricted_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)

    USERNAME_FIELD = "uid"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    personal_data = ("phone_sealed", "phone_index", "full_name_sealed", "home")
    objects: ClassVar[AccountManager] = AccountManager()
    email: ClassVar[str] = ""  # the content editor asks for one; officials are told through messaging instead

    class Meta:
        constraints: ClassVar = [
            CheckConstraint(
                condition=Q(phone_sealed=None, phone_index=None)
                | Q(phone_sealed__isnull=False, phone_index__isnull=False),
                name="account_phone_whole",
            ),
            CheckConstraint(
                condition=Q(erased_at=None)
                | Q(phone_sealed=None, full_name_sealed=None, home=None, is_active=False, is_staff=False),
                name="account_erased_is_empty",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name or f"Tài khoản {str(self.uid)[-6:]}"

    def get_full_name(self) -> str:
        """Return how the person is named in lists and histories (the content editor's question)."""
        return str(self)

    @property
    def full_name(self) -> str:
        """The person's name, or nothing."""
        return "" if self.full_name_sealed is None else sealing.unseal(self.full_name_sealed, purpose=NAME)

    @full_name.setter
    def full_name(self, name: str) -> None:
        self.full_name_sealed = sealing.seal(name, purpose=NAME) if name else None

    @property
    def phone(self) -> str:
        """The person's number in E.164, or nothing."""
        return "" if self.phone_sealed is None else sealing.unseal(self.phone_sealed, purpose=PHONE)


class SignInCode(models.Model):
    """One code asked for a number. Neither number nor code nor address is here: keyed hashes of them are."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    phone_index = models.BinaryField(max_length=32)
    code_hash = models.BinaryField(max_length=32)
    address_index = models.BinaryField(max_length=32)
    state = models.CharField(max_length=12, choices=[(state, state) for state in CodeState], default=CodeState.PENDING)
    tries = models.PositiveSmallIntegerField(default=0)
    requested_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    personal_data = ("phone_index", "address_index")

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(fields=["phone_index"], condition=Q(state="pending"), name="one_code_waits_a_number"),
            CheckConstraint(condition=Q(expires_at__gt=F("requested_at")), name="code_lives_forward"),
            CheckConstraint(condition=Q(state__in=list(CodeState)), name="code_state_known"),
        ]
        indexes: ClassVar = [Index(fields=["requested_at"], name="code_age")]


class Install(models.Model):
    """One app on one phone, by the identifier the app made for itself. Server receipt decides; the phone's time is a claim."""

    uid = models.UUIDField(unique=True)
    platform = models.CharField(max_length=12, choices=[(kind, kind) for kind in Platform])
    first_opened_at = models.DateTimeField()
    standalone_at = models.DateTimeField(null=True)
    claimed_at = models.DateTimeField()
    atom = models.ForeignKey("places.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    atom_at = models.DateTimeField(null=True)
    team_code = models.CharField(max_length=24, blank=True)
    team_code_at = models.DateTimeField(null=True)
    last_seen_at = models.DateTimeField()

    personal_data = ("uid", "atom")

    class Meta:
        constraints: ClassVar = [
            CheckConstraint(condition=Q(platform__in=list(Platform)), name="install_platform_known"),
            CheckConstraint(condition=Q(claimed_at__lte=F("last_seen_at")), name="install_claim_bounded"),
            CheckConstraint(
                condition=Q(standalone_at=None) | Q(standalone_at__gte=F("first_opened_at")),
                name="install_standalone_after_first",
            ),
        ]
        indexes: ClassVar = [Index(fields=["last_seen_at"], name="install_seen")]


class Binding(models.Model):
    """An account on an install, for as long as it lasted: one account at a time, many over time, many installs an account."""

    install = models.ForeignKey(Install, on_delete=models.PROTECT, related_name="bindings")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="bindings")
    bound_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    personal_data = ("install",)

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(fields=["install"], condition=Q(ended_at=None), name="one_account_on_an_install"),
            CheckConstraint(condition=Q(ended_at=None) | Q(ended_at__gte=F("bound_at")), name="binding_forward"),
        ]


class Consent(models.Model):
    """An agreement to one purpose, with its evidence. Rows are never changed but to end: history is the proof.

    Before there is an account the agreement stands on the install; it moves to the account that is bound next.
    """

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    account = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="consents")
    install = models.ForeignKey(Install, null=True, on_delete=models.PROTECT, related_name="consents")
    purpose = models.CharField(max_length=16, choices=[(purpose, purpose) for purpose in Purpose])
    wording_version = models.PositiveSmallIntegerField()
    wording_sha256 = models.CharField(max_length=64)
    means = models.CharField(max_length=12, choices=[(means, means) for means in Means])
    evidence = models.JSONField(default=dict)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    personal_data = ("evidence",)

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(
                fields=["account", "purpose"],
                condition=Q(withdrawn_at=None, account__isnull=False),
                name="consent_once_an_account",
            ),
            UniqueConstraint(
                fields=["install", "purpose"],
                condition=Q(withdrawn_at=None, account=None),
                name="consent_once_an_install",
            ),
            CheckConstraint(condition=Q(account__isnull=False) | Q(install__isnull=False), name="consent_has_a_giver"),
            CheckConstraint(condition=Q(purpose__in=list(Purpose)), name="consent_purpose_known"),
            CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(withdrawn_at__gte=F("given_at")), name="consent_withdrawn_later"
            ),
        ]


class DataRequest(models.Model):
    """What a person asked about their own data, with the law's clock on it."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    code = models.CharField(max_length=12, unique=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="data_requests")
    kind = models.CharField(max_length=12, choices=[(kind, kind) for kind in RequestKind])
    state = models.CharField(max_length=16, choices=[(state, state) for state in RequestState])
    details_sealed = models.BinaryField(null=True, editable=False)
    outcome = models.CharField(max_length=500, blank=True)
    received_at = models.DateTimeField()
    acknowledge_by = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField()
    extended_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    personal_data = ("details_sealed", "outcome")

    class Meta:
        constraints: ClassVar = [
            CheckConstraint(condition=Q(kind__in=list(RequestKind)), name="request_kind_known"),
            CheckConstraint(condition=Q(state__in=list(RequestState)), name="request_state_known"),
            CheckConstraint(
                condition=Q(closed_at=None, state__in=["received", "acknowledged", "extended"])
                | Q(closed_at__isnull=False, state__in=["done", "refused", "cancelled"]),
                name="request_closed_when_over",
            ),
            UniqueConstraint(
                fields=["account", "kind"],
                condition=Q(closed_at=None),
                name="one_open_request_a_kind",
            ),
        ]
        indexes: ClassVar = [Index(fields=["due_at"], condition=Q(closed_at=None), name="request_due")]


class Assistance(models.Model):
    """One person helping another in front of them to open an account. The number is forgotten when it ends."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    helper = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")  # who proved the number
    team_code = models.CharField(max_length=24)
    phone_sealed = models.BinaryField(null=True, editable=False)
    phone_index = models.BinaryField(null=True, editable=False, max_length=32)
    wording_version = models.PositiveSmallIntegerField()
    wording_sha256 = models.CharField(max_length=64)
    means = models.CharField(max_length=12, choices=[(means, means) for means in Means])
    state = models.CharField(max_length=12, choices=[(state, state) for state in AssistanceState])
    agreed_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    personal_data = ("phone_sealed", "phone_index", "account")

    class Meta:
        constraints: ClassVar = [
            CheckConstraint(condition=Q(state__in=list(AssistanceState)), name="assistance_state_known"),
            CheckConstraint(
                condition=Q(state="open", closed_at=None)
                | Q(closed_at__isnull=False, phone_sealed=None, phone_index=None),
                name="assistance_forgets_the_number",
            ),
            UniqueConstraint(fields=["phone_index"], condition=Q(state="open"), name="one_helper_a_number"),
        ]
        indexes: ClassVar = [Index(fields=["helper", "agreed_at"], name="assistance_of_helper")]
