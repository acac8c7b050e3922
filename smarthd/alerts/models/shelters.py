"""Shelters, kept by communes; what was changed and by whom stands in the audit's log."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from smarthd.alerts.rules.shelters import Stand
from smarthd.kernel.ids import uuid7


class Shelter(models.Model):
    """Where people of a commune go when they must leave home. ``contact`` is an office's, published on purpose; ``folded`` the name to find it by."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    commune = models.ForeignKey("places.Unit", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=160)
    folded = models.CharField(max_length=160)
    address = models.CharField(max_length=300)
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    capacity = models.PositiveIntegerField(null=True)
    accessible = models.BooleanField(default=False)
    contact = models.CharField(max_length=120, blank=True)
    hazards = models.JSONField(default=list)
    note = models.CharField(max_length=300, blank=True)
    stand = models.CharField(max_length=8, default=Stand.READY)
    stand_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    personal_data = ()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["commune", "folded"], condition=Q(withdrawn_at=None), name="shelter_named_once"
            ),
            models.CheckConstraint(condition=Q(stand__in=list(Stand)), name="shelter_stand_known"),
            models.CheckConstraint(
                condition=Q(lat=None, lon=None) | Q(lat__range=(-90, 90), lon__range=(-180, 180)), name="shelter_point"
            ),
        ]
