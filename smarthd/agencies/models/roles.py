"""Roles held at an agency during a period."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from smarthd.kernel.ids import uuid7


class RoleGrant(models.Model):
    """One account holds one role at one agency from ``valid_from`` until ``valid_to`` (instants; open while null)."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(max_length=24)
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)

    personal_data = ("account",)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="rolegrant_period_runs_forward"
            ),
            models.CheckConstraint(
                condition=Q(granted_by=None) | ~Q(granted_by=F("account")), name="rolegrant_not_to_oneself"
            ),
            models.UniqueConstraint(
                fields=["account", "agency", "role"], condition=Q(valid_to=None), name="rolegrant_held_once"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["account"], name="rolegrant_account")]
