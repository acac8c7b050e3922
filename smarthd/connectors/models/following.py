"""Who wants to be told when data changes. Nothing else is kept of them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from smarthd.connectors.models.sources import Source
from smarthd.kernel.ids import uuid7


class Follow(models.Model):
    """One account follows a dataset, one of its rows (``row_code``), or its rows of a commune (``unit``).

    ``told_version`` is the last version they heard of: what came after is what they are told next.
    """

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+")
    account_id = models.BigIntegerField(db_index=True)
    row_code = models.CharField(max_length=16, blank=True)
    unit = models.ForeignKey("places.Unit", on_delete=models.PROTECT, null=True, related_name="+")
    title = models.CharField(max_length=200)
    since = models.DateTimeField()
    told_version = models.PositiveIntegerField()

    personal_data: ClassVar[tuple[str, ...]] = ("account_id",)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source", "account_id", "row_code", "unit"], nulls_distinct=False, name="followed_once"
            ),
            models.CheckConstraint(
                condition=models.Q(row_code="") | models.Q(unit=None), name="follow_of_a_row_or_a_commune"
            ),
        ]
