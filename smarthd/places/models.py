"""Administrative units in time."""

from __future__ import annotations

from django.db import models

from smarthd.kernel.ids import uuid7


class Unit(models.Model):
    """An administrative unit as an identity; its names, codes, parents and boundaries are dated rows."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    level = models.CharField(max_length=16)
