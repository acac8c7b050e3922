"""Bulletins: what is carried on. Their words never change; a change is another bulletin."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from smarthd.channels.rules.bulletins import Change, Language, Priority, Source
from smarthd.kernel.ids import uuid7


class Bulletin(models.Model):
    """One bulletin of one source. ``communes`` holds unit ids as they stood when it was taken; none means the whole province."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    source = models.CharField(max_length=10)
    key = models.CharField(max_length=80)
    title = models.CharField(max_length=200)
    body = models.TextField()
    instruction = models.TextField(blank=True)
    sender = models.CharField(max_length=200)
    contact = models.CharField(max_length=200, blank=True)
    priority = models.CharField(max_length=10)
    change = models.CharField(max_length=10, default=Change.NEW)
    language = models.CharField(max_length=5, default=Language.VI)
    drill = models.BooleanField(default=False)
    communes = ArrayField(models.BigIntegerField(), default=list)
    places = ArrayField(models.CharField(max_length=200), default=list)
    path = models.CharField(max_length=300, blank=True)
    agency = models.ForeignKey("agencies.Agency", null=True, on_delete=models.PROTECT, related_name="+")
    replaces = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField()
    taken_at = models.DateTimeField()
    taken_by = models.BigIntegerField(null=True)
    ended_at = models.DateTimeField(null=True)

    personal_data = ("contact", "taken_by")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "key"], name="bulletin_once"),
            models.CheckConstraint(condition=Q(source__in=list(Source)), name="bulletin_source_known"),
            models.CheckConstraint(condition=Q(priority__in=list(Priority)), name="bulletin_priority_known"),
            models.CheckConstraint(condition=Q(change__in=list(Change)), name="bulletin_change_known"),
            models.CheckConstraint(condition=~Q(title="") & ~Q(body="") & ~Q(key=""), name="bulletin_said"),
            models.CheckConstraint(condition=Q(valid_until__gt=F("valid_from")), name="bulletin_time_runs"),
            models.CheckConstraint(
                condition=Q(path="") | (Q(path__startswith="/") & ~Q(path__startswith="//")), name="bulletin_path_ours"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["-taken_at"], name="bulletin_newest"),
            models.Index(fields=["valid_until"], name="bulletin_in_force", condition=Q(ended_at=None)),
        ]
