"""The one thing the desk keeps of its own: filters an official gave a name (docs/adr/0037-saved-filters.md)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from smarthd.kernel.ids import uuid7


class SavedFilter(models.Model):
    """An address of the queue an official comes back to: its parameters, under a name of their own."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    account_id = models.BigIntegerField()
    name = models.CharField(max_length=60)
    address = models.CharField(max_length=600)
    made_at = models.DateTimeField()

    personal_data = ("account_id", "name", "address")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account_id", "name"], name="saved_filter_name_once"),
        ]
