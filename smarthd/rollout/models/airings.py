"""A campaign's airings: what was planned by which road, whether it was aired, the proof, the code people came with."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from smarthd.kernel.ids import uuid7
from smarthd.rollout.rules import airings


class Airing(models.Model):
    """One airing of an agency by one channel at a planned time."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    campaign = models.ForeignKey("rollout.Campaign", on_delete=models.PROTECT, related_name="airings")
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=16)
    title = models.CharField(max_length=200)
    words = models.TextField(blank=True)
    planned_at = models.DateTimeField()
    state = models.CharField(max_length=10, default=airings.State.PLANNED)
    aired_at = models.DateTimeField(null=True)
    reach = models.PositiveIntegerField(null=True)
    cost = models.PositiveBigIntegerField(null=True)
    cost_note = models.CharField(max_length=300, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    made_by = models.BigIntegerField(null=True)
    made_at = models.DateTimeField()
    marked_by = models.BigIntegerField(null=True)
    marked_at = models.DateTimeField(null=True)

    personal_data = ("made_by", "marked_by")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=list(airings.State)), name="airing_state_known"),
            models.CheckConstraint(condition=Q(channel__in=list(airings.Channel)), name="airing_channel_known"),
            models.CheckConstraint(
                condition=~Q(state__in=["aired", "proven"]) | Q(aired_at__isnull=False), name="airing_aired_when"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["missed", "cancelled"]) | ~Q(reason=""), name="airing_missed_why"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["agency", "planned_at"], name="airing_agency"),
            models.Index(fields=["campaign", "planned_at"], name="airing_campaign"),
        ]


class ChannelCode(models.Model):
    """A code people may come with: of one airing, or of a channel of an agency for all that is not aired (a board, a leaflet)."""

    code = models.CharField(max_length=24, unique=True)
    campaign = models.ForeignKey("rollout.Campaign", on_delete=models.PROTECT, related_name="channel_codes")
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=16)
    airing = models.OneToOneField(Airing, null=True, on_delete=models.PROTECT, related_name="code_row")
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(code__startswith=airings.CODE_PREFIX), name="channel_code_told_apart"),
            models.CheckConstraint(condition=Q(channel__in=list(airings.Channel)), name="channel_code_channel_known"),
            models.UniqueConstraint(
                fields=["campaign", "agency", "channel"], condition=Q(airing=None), name="channel_code_general_once"
            ),
        ]


class AiringProof(models.Model):
    """What shows that an airing took place: a photo encoded anew, a recording, a link. Added, never changed."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    airing = models.ForeignKey(Airing, on_delete=models.PROTECT, related_name="proofs")
    kind = models.CharField(max_length=6)
    sha256 = models.CharField(max_length=64, blank=True)
    content_type = models.CharField(max_length=40, blank=True)
    size = models.PositiveIntegerField(default=0)
    url = models.URLField(max_length=500, blank=True)
    note = models.CharField(max_length=300, blank=True)
    added_by = models.BigIntegerField(null=True)
    added_at = models.DateTimeField()

    personal_data = ("added_by", "sha256")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=(Q(kind="link", sha256="") & ~Q(url=""))
                | (Q(kind__in=["photo", "audio"], url="") & ~Q(sha256="")),
                name="airing_proof_whole",
            ),
            models.UniqueConstraint(
                fields=["airing", "sha256"], condition=~Q(sha256=""), name="airing_proof_file_once"
            ),
        ]
