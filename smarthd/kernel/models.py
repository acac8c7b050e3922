"""Tables of the kernel: the outbox of announced events, the audit trail, counters of attempts."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from smarthd.kernel.ids import uuid7


class OutboxDelivery(models.Model):
    """One announced event owed to one subscriber; written in the transaction of the fact it tells of."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    event = models.CharField(max_length=200)
    payload = models.JSONField()
    subscriber = models.CharField(max_length=200)
    announced_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["id"], condition=Q(delivered_at=None), name="outbox_owed")]


class AuditEntry(models.Model):
    """Who did what to what, when. Append-only: the database refuses UPDATE and DELETE."""

    at = models.DateTimeField()
    account_id = models.BigIntegerField(null=True)
    system = models.CharField(max_length=100, blank=True)
    act = models.CharField(max_length=100)
    subject_type = models.CharField(max_length=100)
    subject_id = models.CharField(max_length=64)
    facts = models.JSONField(default=dict)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["subject_type", "subject_id", "at"], name="audit_subject"),
            models.Index(fields=["account_id", "at"], name="audit_account"),
        ]


class Attempt(models.Model):
    """A counter of attempts of one key within one window, for limits that hold across all processes."""

    key = models.CharField(max_length=120)
    window_start = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["key", "window_start"], name="attempt_once_a_window")]


class JobFault(models.Model):
    """Why a job of the queue failed the last time it was begun: what kind of fault, where in our code. Never what the fault said: that may
    hold a secret or a person's data, and stays in the log of the machine."""

    job_id = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    error = models.CharField(max_length=100)
    place = models.CharField(max_length=200, blank=True)


class SystemRecord(models.Model):
    """Single facts about this installation: when demo data was planted, which rehearsal ran last."""

    key = models.CharField(max_length=100, primary_key=True)
    value = models.JSONField()
    updated_at = models.DateTimeField()
