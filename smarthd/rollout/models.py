"""Campaigns, denominators, days of use and roll-ups."""

from __future__ import annotations

from django.db import models

from smarthd.kernel.ids import uuid7


class Campaign(models.Model):
    """One order carried out."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    key = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=300)
