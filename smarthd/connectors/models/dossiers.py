"""Where a dossier's standing is asked, and who agreed to be told when it moves. No dossier is kept."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from smarthd.kernel.ids import uuid7


class DossierDesk(models.Model):
    """A one-stop system that answers for dossiers by their code. ``pattern`` is what its codes look like, as data."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    key = models.SlugField(max_length=40, unique=True)
    title = models.CharField(max_length=120)
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    pattern = models.CharField(max_length=200)
    example = models.CharField(max_length=60)
    place = models.JSONField(default=dict)
    sealed_secret = models.BinaryField(null=True)
    illustrative = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    failed_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=300, blank=True)
    ended_at = models.DateTimeField(null=True)

    personal_data: ClassVar[tuple[str, ...]] = ()


class DossierFollow(models.Model):
    """One person's wish to be told when one dossier moves: the code sealed, the standing only as a digest; ``until`` ends it."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    desk = models.ForeignKey(DossierDesk, on_delete=models.PROTECT, related_name="+")
    account_id = models.BigIntegerField(db_index=True)
    sealed_code = models.BinaryField()
    code_index = models.BinaryField(max_length=32)
    digest = models.BinaryField(max_length=16)
    consented_at = models.DateTimeField()
    consent_words = models.TextField()
    asked_at = models.DateTimeField()
    next_ask_at = models.DateTimeField(db_index=True)
    failures = models.PositiveSmallIntegerField(default=0)
    until = models.DateTimeField()

    personal_data: ClassVar[tuple[str, ...]] = ("account_id", "sealed_code", "code_index", "digest")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["desk", "account_id", "code_index"], name="dossier_followed_once"),
        ]
