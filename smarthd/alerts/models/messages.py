"""A warning is one CAP message; an update or a cancellation is another. What went out never changes (migrations/0002)."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from smarthd.alerts.rules import messages, states
from smarthd.alerts.rules.hazards import Hazard
from smarthd.kernel.ids import uuid7

_BOUND = ["approved", "issued", "updated", "cancelled", "expired"]
_OUT = ["issued", "updated", "cancelled", "expired"]


class Alert(models.Model):
    """One message. ``code`` is printed; ``incident`` joins a warning with its updates and its end; ``communes`` are unit ids.

    ``ring`` is the polygon as drawn (longitude, latitude; closed, at most 100 points) or null; ``content_hash`` binds all that people
    are told, ``approved_hash`` is what the approver read; ``cap`` is the signed XML as it went out.
    """

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    code = models.CharField(max_length=12, unique=True)
    incident = models.UUIDField()
    replaces = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="followers")
    state = models.CharField(max_length=10, default=states.State.DRAFT)
    version = models.PositiveIntegerField(default=1)
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")

    kind = models.CharField(max_length=8)
    status = models.CharField(max_length=10)
    hazard = models.CharField(max_length=16)
    level = models.PositiveSmallIntegerField(null=True)
    urgency = models.CharField(max_length=10)
    severity = models.CharField(max_length=10)
    certainty = models.CharField(max_length=10)
    responses = ArrayField(models.CharField(max_length=10), default=list)
    headline_vi = models.CharField(max_length=200, blank=True)
    description_vi = models.TextField(blank=True)
    instruction_vi = models.TextField(blank=True)
    headline_en = models.CharField(max_length=200, blank=True)
    description_en = models.TextField(blank=True)
    instruction_en = models.TextField(blank=True)
    contact = models.CharField(max_length=120, blank=True)
    sender_name = models.CharField(max_length=300)
    effective_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    communes = ArrayField(models.BigIntegerField(), default=list)
    ring = models.JSONField(null=True)
    channels = ArrayField(models.CharField(max_length=12), default=list)
    testers = ArrayField(models.BigIntegerField(), default=list)
    content_hash = models.CharField(max_length=64)

    editors = ArrayField(models.BigIntegerField(), default=list)
    drafted_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    approver = models.BigIntegerField(null=True)
    approved_at = models.DateTimeField(null=True)
    approved_hash = models.CharField(max_length=64, blank=True)
    approved_by_factor = models.CharField(max_length=10, blank=True)
    break_glass = models.BooleanField(default=False)
    break_reason = models.CharField(max_length=500, blank=True)
    reviewed_at = models.DateTimeField(null=True)
    reviewer = models.BigIntegerField(null=True)
    review_words = models.TextField(blank=True)
    returned_fields = models.JSONField(default=dict)

    identifier = models.CharField(max_length=120, blank=True)
    issued_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    cap = models.BinaryField(null=True)
    from_source = models.CharField(max_length=300, blank=True)

    personal_data = ("editors", "approver", "reviewer", "testers")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=list(states.State)), name="alert_state_known"),
            models.CheckConstraint(condition=Q(kind__in=list(messages.Kind)), name="alert_kind_known"),
            models.CheckConstraint(condition=Q(status__in=list(messages.Status)), name="alert_status_known"),
            models.CheckConstraint(condition=Q(hazard__in=list(Hazard)), name="alert_hazard_known"),
            models.CheckConstraint(condition=Q(level=None) | Q(level__range=(1, 5)), name="alert_level_one_to_five"),
            models.CheckConstraint(
                condition=~Q(state__in=_BOUND)
                | Q(approver__isnull=False, approved_at__isnull=False, approved_hash=F("content_hash")),
                name="alert_approval_binds_content",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=_OUT) | (Q(issued_at__isnull=False, cap__isnull=False) & ~Q(identifier="")),
                name="alert_out_is_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=_BOUND) | Q(expires_at__gt=F("effective_at")), name="alert_lives_forward"
            ),
            models.CheckConstraint(
                condition=Q(kind="Alert", replaces=None) | (~Q(kind="Alert") & Q(replaces__isnull=False)),
                name="alert_change_names_what",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_at=None) | Q(break_glass=True, reviewer__isnull=False),
                name="alert_review_of_break_glass",
            ),
            models.UniqueConstraint(fields=["replaces"], condition=Q(state__in=_OUT), name="alert_replaced_once"),
            models.UniqueConstraint(fields=["identifier"], condition=~Q(identifier=""), name="alert_identifier_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["expires_at"], condition=Q(state="issued"), name="alert_in_force"),
            models.Index(fields=["state", "-id"], name="alert_state"),
            models.Index(fields=["incident", "id"], name="alert_incident"),
            GinIndex(fields=["communes"], name="alert_communes"),
        ]


class AlertStep(models.Model):
    """One step of a warning's life, appended and never changed. ``fields`` are the reasons of a return, by field."""

    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="steps")
    act = models.CharField(max_length=20)
    state = models.CharField(max_length=10)
    at = models.DateTimeField()
    by = models.BigIntegerField(null=True)
    words = models.TextField(blank=True)
    fields = models.JSONField(default=dict)

    personal_data = ("by", "words")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["alert", "id"], name="alert_step_of")]


class AreaPreset(models.Model):
    """Communes kept under a name, in order (along a river: from upstream to downstream), for whoever writes at night."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    along = models.BooleanField(default=False)
    communes = ArrayField(models.BigIntegerField())
    kept_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["agency", "name"], condition=Q(ended_at=None), name="area_preset_name_once"
            ),
        ]
