"""Stations that are watched: their alarm levels, and where each stands now."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from smarthd.connectors.models.sources import Source
from smarthd.kernel.ids import uuid7


class Station(models.Model):
    """One station (and quantity) of a dataset of readings, with its levels I–III in the data's own unit.

    ``step`` is how far a value must fall below a level before the level is left (hysteresis). ``level``, ``value``, ``measured_at``
    are the last that was judged; ``stale`` says that no reading came for ``stale_minutes``: then the level stays as it was, and says so.
    """

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    quantity = models.CharField(max_length=80, blank=True)
    measure = models.CharField(max_length=20, blank=True)
    level_1 = models.FloatField()
    level_2 = models.FloatField(null=True)
    level_3 = models.FloatField(null=True)
    step = models.FloatField(default=0)
    stale_minutes = models.PositiveIntegerField(default=120)
    hazard = models.CharField(max_length=20)
    communes = ArrayField(models.BigIntegerField(), default=list)
    level = models.PositiveSmallIntegerField(default=0)
    value = models.FloatField(null=True)
    measured_at = models.DateTimeField(null=True)
    stale = models.BooleanField(default=False)
    alert_code = models.CharField(max_length=20, blank=True)
    ended_at = models.DateTimeField(null=True)

    personal_data: ClassVar[tuple[str, ...]] = ()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source", "name", "quantity"], condition=Q(ended_at=None), name="station_watched_once"
            ),
            models.CheckConstraint(
                condition=(Q(level_2=None) | Q(level_2__gt=F("level_1")))
                & (Q(level_3=None) | (Q(level_2__isnull=False) & Q(level_3__gt=F("level_2")))),
                name="station_levels_rise",
            ),
            models.CheckConstraint(condition=Q(step__gte=0), name="station_step_not_negative"),
        ]


class StationStep(models.Model):
    """One change of a station's standing: what was read, from which level to which, what was done about it."""

    station = models.ForeignKey(Station, on_delete=models.CASCADE, related_name="steps")
    at = models.DateTimeField()
    before = models.PositiveSmallIntegerField()
    after = models.PositiveSmallIntegerField()
    value = models.FloatField(null=True)
    words = models.CharField(max_length=300)

    personal_data: ClassVar[tuple[str, ...]] = ()
