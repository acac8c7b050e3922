"""Other senders whose messages we take in as drafts, each by the certificate pinned for it, and how fetching them goes."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from smarthd.alerts.models.messages import Alert


class TrustedSource(models.Model):
    """A sender of CAP messages: the ``sender`` its messages must bear and the certificate that must have signed them.

    ``agency_id``: whose drafts they become; ``every_minutes``: how often they are fetched, 0 for only when asked; ``asked_at``: somebody
    asked for it now; ``fault``: why the last try brought nothing, in words, empty when it went well.
    """

    key = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    sender = models.CharField(max_length=200)
    certificate = models.TextField()
    fingerprint = models.CharField(max_length=64)
    url = models.URLField(max_length=300, blank=True)
    added_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    agency_id = models.BigIntegerField(null=True)
    every_minutes = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField(null=True)
    tried_at = models.DateTimeField(null=True)
    fetched_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sender"], condition=Q(ended_at=None), name="source_sender_once")
        ]


class ImportedMessage(models.Model):
    """A message taken in, once; ``alert`` is the draft that came of it, ``note`` why there is none."""

    source = models.ForeignKey(TrustedSource, on_delete=models.PROTECT, related_name="messages")
    identifier = models.CharField(max_length=200)
    sent = models.CharField(max_length=40)
    alert = models.ForeignKey(Alert, null=True, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=200, blank=True)
    received_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "identifier", "sent"], name="imported_message_once")
        ]
