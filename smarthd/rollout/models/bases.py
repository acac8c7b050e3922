"""Tables of bases on their way in: read, shown line by line, confirmed or given up. They hold no person."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from smarthd.kernel.ids import uuid7


class BaseImport(models.Model):
    """One uploaded table of bases and what it would write. ``lines`` is what was shown; a confirmation writes just that."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    status = models.CharField(max_length=12)
    file_name = models.CharField(max_length=255)
    file_sha256 = models.CharField(max_length=64)
    lines = models.JSONField(default=list)
    uploaded_by = models.BigIntegerField(null=True)
    uploaded_at = models.DateTimeField()
    confirmed_by = models.BigIntegerField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    written = models.PositiveIntegerField(default=0)

    personal_data = ("uploaded_by", "confirmed_by")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status__in=("previewed", "confirmed", "withdrawn")), name="baseimport_status"
            ),
            models.CheckConstraint(
                condition=Q(status="confirmed", confirmed_at__isnull=False)
                | (~Q(status="confirmed") & Q(confirmed_at=None)),
                name="baseimport_confirmed_at",
            ),
        ]
