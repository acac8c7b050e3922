"""Spot checks: which reports of a period somebody goes and looks at, drawn with a recorded seed, and what was found."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from smarthd.kernel.ids import uuid7


class SpotCheck(models.Model):
    """One sample of a period's reports: the lot it was drawn from and the seed, so that anybody can draw it again."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    period = models.ForeignKey("rollout.Period", on_delete=models.PROTECT, related_name="spot_checks")
    form_key = models.SlugField(max_length=40)
    seed = models.BigIntegerField()
    lot = models.JSONField()
    size = models.PositiveSmallIntegerField()
    allowed = models.PositiveSmallIntegerField()
    good = models.FloatField()
    bad = models.FloatField()
    drawn_by = models.BigIntegerField(null=True)
    drawn_at = models.DateTimeField()

    personal_data = ("drawn_by",)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["period", "form_key"], name="spot_check_drawn_once"),
        ]


class SpotCheckUnit(models.Model):
    """One unit that was drawn, and what whoever went there found: empty until then."""

    sample = models.ForeignKey(SpotCheck, on_delete=models.PROTECT, related_name="units")
    obligation = models.ForeignKey("rollout.Obligation", on_delete=models.PROTECT, related_name="+")
    wrong = models.BooleanField(null=True)
    note = models.CharField(max_length=500, blank=True)
    entered_by = models.BigIntegerField(null=True)
    entered_at = models.DateTimeField(null=True)

    personal_data = ("entered_by",)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sample", "obligation"], name="spot_check_unit_once"),
            models.CheckConstraint(
                condition=Q(wrong=None, entered_at=None) | Q(wrong__isnull=False, entered_at__isnull=False),
                name="spot_check_finding_whole",
            ),
            models.CheckConstraint(condition=~Q(wrong=True, note=""), name="spot_check_wrong_described"),
        ]
