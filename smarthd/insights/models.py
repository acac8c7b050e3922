"""Official documents made from the platform's figures."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from smarthd.insights.rules import Status
from smarthd.kernel.ids import uuid7


class ReportDocument(models.Model):
    """One version of one Báo cáo: the material it was made from, its words, and the fingerprint of its files.

    ``material`` alone makes the document again; ``content_hash`` is the SHA-256 of the docx, ``annex_hash`` of the xlsx.
    """

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    campaign = models.ForeignKey("rollout.Campaign", on_delete=models.PROTECT, related_name="+")
    cut_off = models.DateField()
    scope_unit = models.ForeignKey("places.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    issuer = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    boundaries = models.DateField()
    boundary_key = models.CharField(max_length=100)
    version = models.PositiveSmallIntegerField()
    title = models.TextField()
    number = models.CharField(max_length=20, blank=True)
    material = models.JSONField()
    figures_hash = models.CharField(max_length=64)
    narrative = models.JSONField()
    content_hash = models.CharField(max_length=64)
    annex_hash = models.CharField(max_length=64)
    status = models.CharField(max_length=16, default=Status.DRAFT, choices=[(status, status) for status in Status])
    made_by = models.ForeignKey("people.Account", null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    edited_by = models.ForeignKey("people.Account", null=True, on_delete=models.PROTECT, related_name="+")
    edited_at = models.DateTimeField(null=True)
    signed_by = models.ForeignKey("people.Account", null=True, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(null=True)
    personal_data = ("made_by", "edited_by", "signed_by")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["campaign", "issuer", "cut_off", "scope_unit", "boundaries", "version"],
                nulls_distinct=False,
                name="report_version_once",
            ),
            models.CheckConstraint(
                condition=Q(signed_by=None)
                | (~Q(signed_by=F("made_by")) & (Q(edited_by=None) | ~Q(signed_by=F("edited_by")))),
                name="report_signed_by_another",
            ),
            models.CheckConstraint(
                condition=Q(status=Status.DRAFT, signed_at=None, signed_by=None)
                | Q(status=Status.SIGNED_OFF, signed_at__isnull=False, signed_by__isnull=False),
                name="report_signed_whole",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["campaign", "-made_at"], name="report_by_campaign")]


class LetterDocument(models.Model):
    """What a signed urging letter was made from, kept the first time its files were made: every making again gives the same bytes."""

    letter = models.OneToOneField("rollout.UrgingLetter", on_delete=models.PROTECT, related_name="+")
    material = models.JSONField()
    content_hash = models.CharField(max_length=64)
    list_hash = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    personal_data = ("material",)
