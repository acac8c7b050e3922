"""Messages on their way to a person."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint

from smarthd.kernel.ids import uuid7
from smarthd.messaging.rules import DeliveryState, MailState


class CodeDelivery(models.Model):
    """One sign-in code on its way. Number and code are sealed, and gone as soon as the way has ended."""

    request_uid = models.UUIDField(unique=True)
    phone_sealed = models.BinaryField(null=True, editable=False)
    code_sealed = models.BinaryField(null=True, editable=False)
    state = models.CharField(max_length=12, choices=[(state, state) for state in DeliveryState])
    tries = models.PositiveSmallIntegerField(default=0)
    fault = models.CharField(max_length=100, blank=True)
    reference = models.CharField(max_length=100, blank=True)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    personal_data = ("phone_sealed", "code_sealed")

    class Meta:
        constraints: ClassVar = [
            CheckConstraint(condition=Q(state__in=list(DeliveryState)), name="delivery_state_known"),
            CheckConstraint(
                condition=Q(state="waiting", closed_at=None)
                | Q(closed_at__isnull=False, phone_sealed=None, code_sealed=None),
                name="delivery_forgets_when_over",
            ),
        ]
        indexes: ClassVar = [Index(fields=["asked_at"], name="delivery_age")]


class InboxItem(models.Model):
    """One message in a person's inbox. ``key`` is the teller's own name for it: the same key reaches an account once."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=120)
    kind = models.CharField(max_length=40)
    title = models.CharField(max_length=300)
    body = models.TextField(blank=True)
    href = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    personal_data = ("account", "title", "body", "href")

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(fields=["account", "key"], name="inbox_item_once"),
            CheckConstraint(condition=~Q(key="") & ~Q(title=""), name="inbox_item_said"),
            CheckConstraint(
                condition=Q(href="") | (Q(href__startswith="/") & ~Q(href__startswith="//")),
                name="inbox_item_href_ours",
            ),
        ]
        indexes: ClassVar = [
            Index(fields=["account", "-id"], name="inbox_of_account"),
            Index(fields=["account"], name="inbox_unread", condition=Q(read_at=None)),
            Index(fields=["created_at"], name="inbox_age"),
        ]


class MailDelivery(models.Model):
    """One e-mail on its way to an office. ``reference`` is the sender's own name for it: the same reference is one e-mail.

    ``next_try_at`` is also a lease: whoever tries moves it on first, so that two workers never try one e-mail at a time.
    """

    reference = models.CharField(max_length=120, unique=True)
    recipient = models.EmailField()
    subject = models.CharField(max_length=300)
    body = models.TextField()
    state = models.CharField(max_length=12, default=MailState.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    fault = models.CharField(max_length=200, blank=True)
    receipt = models.CharField(max_length=200, blank=True)
    asked_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    personal_data = ("recipient", "subject", "body")

    class Meta:
        constraints: ClassVar = [
            CheckConstraint(condition=Q(state__in=list(MailState)), name="mail_state_known"),
            CheckConstraint(
                condition=Q(state="waiting", closed_at=None) | (~Q(state="waiting") & Q(closed_at__isnull=False)),
                name="mail_closed_when_over",
            ),
        ]
        indexes: ClassVar = [
            Index(fields=["next_try_at"], name="mail_due", condition=Q(state="waiting")),
            Index(fields=["asked_at"], name="mail_age"),
        ]
