"""Agencies in time."""

from __future__ import annotations

from django.db import models

from smarthd.kernel.ids import uuid7


class Agency(models.Model):
    """An agency, or a part of one, as an identity; names and superiors are dated rows."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    kind = models.CharField(max_length=32)
    place = models.ForeignKey("places.Unit", null=True, on_delete=models.PROTECT, related_name="+")
