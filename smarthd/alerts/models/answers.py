"""What citizens answer: safe, or in need of help and where; who opened a warning, counted once a phone."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from smarthd.alerts.models.messages import Alert
from smarthd.alerts.rules import states
from smarthd.kernel.ids import uuid7


class Answer(models.Model):
    """One answer of one person (``who``: a mark of the account or of the phone's secret). The latest of an incident counts."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    client_id = models.UUIDField(unique=True)
    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="answers")
    incident = models.UUIDField()
    who = models.BinaryField(max_length=32)
    account_id = models.BigIntegerField(null=True)
    answer = models.CharField(max_length=4)
    commune = models.ForeignKey("places.Unit", on_delete=models.PROTECT, related_name="+")
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    place = models.CharField(max_length=200, blank=True)
    people = models.PositiveSmallIntegerField(null=True)
    phone_sealed = models.BinaryField(null=True, editable=False)
    words = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=8, blank=True)
    assigned_to = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    received_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)

    personal_data = ("who", "account_id", "lat", "lon", "place", "phone_sealed", "words")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(answer__in=list(states.Answer)), name="answer_known"),
            models.CheckConstraint(
                condition=Q(answer="safe", state="") | Q(answer="help", state__in=list(states.Help)),
                name="answer_help_has_state",
            ),
            models.CheckConstraint(
                condition=Q(lat=None, lon=None) | Q(lat__range=(-90, 90), lon__range=(-180, 180)), name="answer_point"
            ),
            models.UniqueConstraint(
                fields=["incident", "who"], condition=Q(superseded_at=None), name="answer_latest_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["alert", "commune", "answer"], name="answer_of_alert"),
            models.Index(
                fields=["commune", "-id"], condition=Q(answer="help", superseded_at=None), name="answer_help_of_commune"
            ),
            models.Index(fields=["account_id"], condition=Q(account_id__isnull=False), name="answer_account"),
        ]


class HelpStep(models.Model):
    """One step of a call for help, appended."""

    answer = models.ForeignKey(Answer, on_delete=models.PROTECT, related_name="steps")
    act = models.CharField(max_length=12)
    at = models.DateTimeField()
    by = models.BigIntegerField(null=True)
    words = models.CharField(max_length=500, blank=True)

    personal_data = ("by", "words")


class Opening(models.Model):
    """That a phone opened a warning's page, once."""

    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="openings")
    who = models.BinaryField(max_length=32)
    commune = models.ForeignKey("places.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    personal_data = ("who",)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["alert", "who"], name="opening_once")]


class Echo(models.Model):
    """What one phone told of a warning's notification: that it was shown, or pressed. No person, no phone, no account.

    ``mark`` is a random number the phone made for this one warning, so that its word counts once and leads to nothing else; ``weight``: one
    phone in so many tells, so that a million do not tell at once.
    """

    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="echoes")
    mark = models.UUIDField()
    what = models.CharField(max_length=8)
    weight = models.PositiveSmallIntegerField(default=1)
    commune = models.ForeignKey("places.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    personal_data = ()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["alert", "what", "mark"], name="echo_once"),
            models.CheckConstraint(condition=Q(what__in=list(states.Echoed)), name="echo_known"),
            models.CheckConstraint(condition=Q(weight__gte=1), name="echo_weighs"),
        ]
