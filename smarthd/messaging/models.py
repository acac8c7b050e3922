"""Messages on their way to a person."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import CheckConstraint, Index, Q

from smarthd.messaging.rules import DeliveryState


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
