"""Warnings between provinces and the centre: what of ours was posted, how far others' were read, what could not be believed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from smarthd.alerts.models.messages import Alert


class RelayPosition(models.Model):
    """How far this cell has read the exchange's log. ``log`` names that log: another one is read from its beginning.

    ``seen_at`` is the last time the exchange answered; ``fault`` why it does not, since ``fault_at``.
    """

    cell = models.SlugField(max_length=40, unique=True)
    log = models.CharField(max_length=80, blank=True)
    sequence = models.BigIntegerField(default=0)
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=200, blank=True)
    fault_at = models.DateTimeField(null=True)


class RelayPost(models.Model):
    """A message of ours that the exchange holds, at a place of its log."""

    alert = models.OneToOneField(Alert, on_delete=models.PROTECT, related_name="post")
    sequence = models.BigIntegerField()
    posted_at = models.DateTimeField()


class QuarantinedMessage(models.Model):
    """Bytes from another cell that were not believed, kept as they came. Tried again when its sender's certificate was pinned."""

    cell = models.CharField(max_length=80)
    digest = models.CharField(max_length=64)
    sequence = models.BigIntegerField()
    body = models.BinaryField()
    sender = models.CharField(max_length=100, blank=True)
    why = models.CharField(max_length=300)
    received_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_as = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["cell", "digest"], name="quarantined_once")]
        indexes: ClassVar = [
            models.Index(fields=["id"], condition=Q(settled_at=None), name="quarantined_open"),
        ]
