"""Rows in time: a row stands in version n when ``since <= n`` and ``until`` is none or beyond n. Nothing public is ever overwritten."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import Q

from smarthd.connectors.models.sources import Source, Version

PUBLIC = Q(until=None)


class DataRow(models.Model):
    """One content of one row, over the versions in which it stood; one that ended is the tombstone with its last values."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+")
    key = models.TextField()
    code = models.CharField(max_length=16)
    digest = models.BinaryField(max_length=16)
    since = models.PositiveIntegerField()
    until = models.PositiveIntegerField(null=True)
    sort = models.CharField(max_length=80)
    search = models.TextField()
    values = models.JSONField()
    unit = models.ForeignKey("places.Unit", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)

    personal_data: ClassVar[tuple[str, ...]] = ()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "key"], condition=PUBLIC, name="row_public_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["source", "sort", "id"], condition=PUBLIC, name="row_in_order"),
            models.Index(fields=["source", "code"], condition=PUBLIC, name="row_by_code"),
            models.Index(fields=["source", "unit", "sort", "id"], condition=PUBLIC, name="row_of_a_commune"),
            models.Index(fields=["source", "key", "since"], name="row_history"),
            GinIndex(SearchVector("search", config="simple"), name="row_words", condition=PUBLIC),
        ]


class Change(models.Model):
    """What a version that is not public yet would add, change or remove. Gone once it is published or dropped."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="+")
    act = models.CharField(max_length=1)  # a thêm, c đổi, r bỏ
    number = models.PositiveIntegerField(default=0)
    key = models.TextField()
    code = models.CharField(max_length=16)
    digest = models.BinaryField(max_length=16)
    sort = models.CharField(max_length=80)
    search = models.TextField()
    values = models.JSONField()
    unit_id = models.BigIntegerField(null=True)
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)

    personal_data: ClassVar[tuple[str, ...]] = ()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["version", "act", "id"], name="change_of_version")]


class FaultyLine(models.Model):
    """A line that could not be understood, as it was written, and what is wrong with it."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveIntegerField()
    cells = models.JSONField()
    problems = models.JSONField()

    personal_data: ClassVar[tuple[str, ...]] = ("cells",)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["version", "number"], name="faulty_in_order")]
