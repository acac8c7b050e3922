"""Keys of other programs: kept as hashes, limited, ended when their program is; and what is taken away from open data."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from smarthd.kernel.ids import uuid7


class ApiKey(models.Model):
    """One program's key. The key itself is shown once; ``hint`` is its beginning, by which people name it.

    ``media_hosts`` are the hosts this program's pictures may be fetched from; empty means that none is.
    """

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    name = models.CharField(max_length=100)
    hint = models.CharField(max_length=8)
    key_hash = models.BinaryField(max_length=32, unique=True)
    per_hour = models.PositiveIntegerField()
    media_hosts = ArrayField(models.CharField(max_length=253), default=list)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    last_used_on = models.DateField(null=True)

    personal_data: ClassVar[tuple[str, ...]] = ()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(per_hour__gt=0), name="apikey_may_something"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("made_at")), name="apikey_runs_forward"
            ),
        ]


class DatasetUse(models.Model):
    """How often a dataset was asked for in a format on a day; nothing about who asked."""

    dataset = models.CharField(max_length=60)
    day = models.DateField()
    kind = models.CharField(max_length=20)
    calls = models.PositiveIntegerField()

    personal_data: ClassVar[tuple[str, ...]] = ()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["dataset", "day", "kind"], name="dataset_use_counted_once"),
        ]


class CallCount(models.Model):
    """How often somebody called in an hour: a program, or an address known only by a keyed hash of the day. Forgotten an hour later."""

    mark = models.CharField(max_length=48)
    hour = models.DateTimeField()
    calls = models.PositiveIntegerField()

    personal_data: ClassVar[tuple[str, ...]] = ("mark",)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["mark", "hour"], name="calls_counted_once")]
