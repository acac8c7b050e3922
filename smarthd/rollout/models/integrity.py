"""Short-lived traces of who signed in where, and suspicions drawn from them. Traces are forgotten after 35 days."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from smarthd.kernel.ids import uuid7
from smarthd.rollout.rules.integrity import State

SUBJECTS = ("account", "agency", "unit")


class BindingTrace(models.Model):
    """That an account came onto an install: what sharing and alternating are seen from."""

    install_uid = models.UUIDField()
    account_id = models.BigIntegerField()
    bound_at = models.DateTimeField()

    personal_data = ("install_uid", "account_id", "bound_at")

    class Meta:
        db_table = "rollout_binding_trace"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["install_uid", "account_id", "bound_at"], name="binding_trace_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["bound_at"], name="binding_trace_at", include=["install_uid", "account_id"]),
            models.Index(fields=["account_id"], name="binding_trace_account"),
        ]


class ActivationTrace(models.Model):
    """How an account was activated: when, how long after the app was first opened, with whose code, beside a number just activated."""

    account_id = models.BigIntegerField(primary_key=True)
    opened_at = models.DateTimeField(null=True)
    activated_at = models.DateTimeField()
    team_code = models.CharField(max_length=24, blank=True)
    neighbour = models.BooleanField(default=False)

    personal_data = ("opened_at", "activated_at", "neighbour")

    class Meta:
        db_table = "rollout_activation_trace"
        indexes: ClassVar = [models.Index(fields=["activated_at"], name="activation_trace_at")]


class Suspicion(models.Model):
    """What a sweep saw of one account, unit or agency, and what people decided about it.

    ``signals`` are counts by signal; the words are made from them. Only accounts are ever set apart.
    """

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    subject = models.CharField(max_length=8)
    subject_id = models.BigIntegerField()
    signals = models.JSONField()
    score = models.FloatField()
    state = models.CharField(max_length=12, default=State.WATCHED)
    found_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    appeal = models.TextField(blank=True)
    appealed_at = models.DateTimeField(null=True)
    decided_by = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500, blank=True)

    personal_data = ("subject_id", "signals", "appeal", "decided_by")

    class Meta:
        db_table = "rollout_suspicion"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["subject", "subject_id"], name="suspicion_once"),
            models.CheckConstraint(condition=Q(subject__in=SUBJECTS), name="suspicion_subject_known"),
            models.CheckConstraint(condition=Q(state__in=list(State)), name="suspicion_state_known"),
            models.CheckConstraint(
                condition=Q(subject="account") | Q(state__in=["watched", "released"]),
                name="suspicion_only_persons_apart",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["kept", "released"]) | (Q(decided_at__isnull=False) & ~Q(reason="")),
                name="suspicion_decided_with_reason",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "-score"], name="suspicion_by_state")]
