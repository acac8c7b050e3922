"""Links by which an agency without accounts answers a report: one for each letter, used once."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from smarthd.kernel.ids import uuid7


class MailLink(models.Model):
    """One link in one letter. ``step`` is the step of the report the letter told of; the signed link holds the uid alone."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    report = models.ForeignKey("fieldreports.Report", on_delete=models.PROTECT, related_name="mail_links")
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    step = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    personal_data: ClassVar[tuple[str, ...]] = ()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report", "step"], name="mail_link_once_a_step"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="mail_link_runs_forward"),
            models.CheckConstraint(
                condition=Q(used_at=None) | Q(used_at__lt=F("expires_at")), name="mail_link_used_in_time"
            ),
        ]
