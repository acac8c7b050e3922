"""Rows in time: a row stands in version n when ``since <= n`` and ``until`` is none or beyond n. Nothing public is ever overwritten."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q

from smarthd.connectors.models.sources import Source, Version

PUBLIC = Q(until=None)


class DataRow(models.Model):
    """One content of one row, over the versions in which it stood; one that ended is the tombstone with its last values.

    Partitioned by source: a large dataset's first version is written once, beside, and joined as a partition of its own when it is
    published (``services.partitions``, docs/adr/0100); small ones share the default partition. The indexes named here are the default
    partition's, as is its primary key (source, id); a table of one source has indexes of its own (docs/adr/0134).
    """

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+", db_index=False)
    key = models.TextField(db_collation="C")
    code = models.CharField(max_length=16, db_collation="C")
    digest = models.BinaryField(max_length=16)
    since = models.PositiveIntegerField()
    until = models.PositiveIntegerField(null=True)
    sort = models.CharField(max_length=80, db_collation="C")
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
            models.Index(fields=["code", "source"], condition=PUBLIC, name="row_by_code"),
            models.Index(
                fields=["source", "unit", "sort", "id"], condition=PUBLIC & ~Q(unit=None), name="row_of_a_commune"
            ),
            models.Index(fields=["source", "lat", "lon"], condition=PUBLIC & ~Q(lat=None), name="row_on_the_map"),
            models.Index(fields=["source", "key", "since"], condition=~PUBLIC, name="row_history"),
        ]


class RowWords(models.Model):
    """The lexemes a public row is found by (``kernel.lexemes``, ``rules.finding``); written after the rows (``services.words``)."""

    row_id = models.BigIntegerField(primary_key=True)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+", db_index=False)
    words = SearchVectorField()

    personal_data: ClassVar[tuple[str, ...]] = ()

    class Meta:
        indexes: ClassVar = [
            GinIndex(fields=["words"], name="row_words"),
            models.Index(fields=["source", "row_id"], name="row_words_of_source"),
        ]


class RowTerm(models.Model):
    """How many public rows of a dataset hold a word: what typing errors are mended from, and how wide a question is."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+", db_index=False)
    word = models.CharField(max_length=20, db_collation="C")
    rows = models.BigIntegerField()

    personal_data: ClassVar[tuple[str, ...]] = ()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["source", "word"], name="row_term_once")]


class Change(models.Model):
    """What a version that is not public yet would add, change or remove. Gone once it is published or dropped."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="+")
    act = models.CharField(max_length=1)  # a thêm, c đổi, r bỏ
    key = models.TextField(db_collation="C")
    code = models.CharField(max_length=16, db_collation="C")
    digest = models.BinaryField(max_length=16)
    sort = models.CharField(max_length=80, db_collation="C")
    values = models.JSONField()
    unit_id = models.BigIntegerField(null=True)
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)

    personal_data: ClassVar[tuple[str, ...]] = ()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["version", "act", "id"], name="change_of_version")]


class FaultyLine(models.Model):
    """A line that could not be understood, as it was written, and what is wrong with it; with ``noticed``, one that is published and only told."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveIntegerField()
    cells = models.JSONField()
    problems = models.JSONField()
    noticed = models.BooleanField(default=False, db_default=False)

    personal_data: ClassVar[tuple[str, ...]] = ("cells",)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["version", "number"], name="faulty_in_order")]


class ManifestPart(models.Model):
    """Some of the lines behind a public version, as ``rules.manifests`` tells them; of the newest public version only.

    ``fingerprint`` is all that a line's meaning hangs on beside its bytes: mapping, columns, units, edition.
    """

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="+")
    part = models.PositiveIntegerField()
    fingerprint = models.CharField(max_length=64)
    marks = models.BinaryField()
    rows = models.BinaryField()
    others = models.BinaryField()
    faults = models.BinaryField(default=b"", db_default=b"")

    personal_data: ClassVar[tuple[str, ...]] = ()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "part"], name="manifest_part_once"),
        ]
