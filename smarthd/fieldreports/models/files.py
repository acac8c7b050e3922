"""What is attached to reports: photos, recordings, documents; and uploads on their way, piece by piece."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from smarthd.fieldreports.rules import attachments
from smarthd.kernel.ids import uuid7


class Upload(models.Model):
    """A file on its way. Pieces wait in the database, so that any web process takes the next one."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    owner = models.BinaryField(max_length=32)
    kind = models.CharField(max_length=8)
    size = models.PositiveIntegerField()
    received = models.PositiveIntegerField(default=0)
    begun_at = models.DateTimeField()

    personal_data = ("owner",)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(received__lte=models.F("size")), name="upload_no_more_than_said")
        ]
        indexes: ClassVar = [models.Index(fields=["begun_at"], name="upload_age")]


class UploadPiece(models.Model):
    """One piece of an upload, by where it begins."""

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="pieces")
    offset = models.PositiveIntegerField()
    raw = models.BinaryField()

    personal_data = ("raw",)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["upload", "offset"], name="upload_piece_once")]


class Attachment(models.Model):
    """A photo, recording or document. What came in is kept sealed (``original_sha256``); what is shown is our own encoding of it."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    owner = models.BinaryField(max_length=32)
    report = models.ForeignKey("fieldreports.Report", null=True, on_delete=models.PROTECT, related_name="attachments")
    answer = models.ForeignKey("fieldreports.Answer", null=True, on_delete=models.PROTECT, related_name="proofs")
    kind = models.CharField(max_length=8)
    part = models.CharField(max_length=8)
    state = models.CharField(max_length=8, default=attachments.State.WAITING)
    why = models.CharField(max_length=20, blank=True)
    made_at = models.DateTimeField()
    by = models.BigIntegerField(null=True)
    by_agency = models.ForeignKey("agencies.Agency", null=True, on_delete=models.PROTECT, related_name="+")

    original_sha256 = models.CharField(max_length=64, blank=True)
    original_mark = models.CharField(max_length=64, blank=True)
    original_size = models.PositiveIntegerField(default=0)
    content_type = models.CharField(max_length=40, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    thumb_sha256 = models.CharField(max_length=64, blank=True)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    faces = models.PositiveSmallIntegerField(default=0)
    plates = models.PositiveSmallIntegerField(default=0)
    regions = models.JSONField(default=list)

    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    taken_at = models.DateTimeField(null=True)
    hidden_at = models.DateTimeField(null=True)
    hidden_reason = models.CharField(max_length=300, blank=True)

    personal_data = ("owner", "by", "lat", "lon", "taken_at", "original_sha256", "original_mark")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=list(attachments.Kind)), name="attachment_kind_known"),
            models.CheckConstraint(condition=Q(part__in=list(attachments.Part)), name="attachment_part_known"),
            models.CheckConstraint(condition=Q(state__in=list(attachments.State)), name="attachment_state_known"),
            models.CheckConstraint(condition=~Q(state="ready") | ~Q(sha256=""), name="attachment_ready_has_a_file"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["made_at"], condition=Q(report=None), name="attachment_loose"),
            models.Index(fields=["made_at"], condition=Q(state="waiting"), name="attachment_waiting"),
            models.Index(fields=["sha256"], name="attachment_file"),
        ]
