"""Difficulties that units raise: as they stand, every step of their life, and the decisions that answer many."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from smarthd.kernel.ids import uuid7
from smarthd.rollout.rules import difficulties


class Decision(models.Model):
    """A decision of one agency that answers many difficulties: drafted by one, numbered and approved by another."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    campaign = models.ForeignKey("rollout.Campaign", on_delete=models.PROTECT, related_name="decisions")
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, default=difficulties.DecisionState.PROPOSED)
    title = models.CharField(max_length=200)
    text = models.TextField()
    number = models.CharField(max_length=60, blank=True)
    decided_on = models.DateField(null=True)
    file_sha256 = models.CharField(max_length=64, blank=True)
    file_size = models.PositiveIntegerField(default=0)
    made_by = models.BigIntegerField(null=True)
    made_at = models.DateTimeField()
    returned_with = models.CharField(max_length=500, blank=True)
    approved_by = models.BigIntegerField(null=True)
    approved_at = models.DateTimeField(null=True)

    personal_data = ("made_by", "approved_by")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=list(difficulties.DecisionState)), name="decision_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="approved")
                | (Q(approved_at__isnull=False, decided_on__isnull=False) & ~Q(number="")),
                name="decision_approved_whole",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | Q(made_by=None) | ~Q(approved_by=F("made_by")),
                name="decision_approved_by_another",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["agency", "state"], name="decision_agency")]


class Difficulty(models.Model):
    """What stands in a unit's way, as it stands now. ``solve_due_at`` is the promise to who raised it and never moves."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    code = models.CharField(max_length=12, unique=True)
    campaign = models.ForeignKey("rollout.Campaign", on_delete=models.PROTECT, related_name="difficulties")
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    place = models.ForeignKey("places.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    category = models.CharField(max_length=16)
    severity = models.CharField(max_length=10)
    affected = models.PositiveIntegerField(null=True)
    text = models.CharField(max_length=difficulties.LONGEST)
    folded = models.TextField()
    raised_by = models.BigIntegerField(null=True)
    raised_at = models.DateTimeField()
    state = models.CharField(max_length=10, default=difficulties.State.WAITING)
    holder = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    tier = models.CharField(max_length=10)
    held_since = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    first_answer_due_at = models.DateTimeField()
    solve_due_at = models.DateTimeField()
    confirm_due_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    solved_at = models.DateTimeField(null=True)
    solution = models.TextField(blank=True)
    decision = models.ForeignKey(Decision, null=True, on_delete=models.PROTECT, related_name="difficulties")
    confirmed_at = models.DateTimeField(null=True)
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="followers")
    escalations = models.PositiveSmallIntegerField(default=0)
    reopenings = models.PositiveSmallIntegerField(default=0)

    personal_data = ("raised_by",)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=list(difficulties.State)), name="difficulty_state_known"),
            models.CheckConstraint(
                condition=Q(category__in=list(difficulties.Category)), name="difficulty_category_known"
            ),
            models.CheckConstraint(
                condition=Q(severity__in=list(difficulties.Severity)), name="difficulty_severity_known"
            ),
            models.CheckConstraint(condition=Q(tier__in=list(difficulties.Tier)), name="difficulty_tier_known"),
            models.CheckConstraint(
                condition=~Q(state="merged") | Q(merged_into__isnull=False), name="difficulty_merged_into_one"
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=F("id")), name="difficulty_not_into_itself"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["solved", "confirmed"])
                | (Q(solved_at__isnull=False, confirm_due_at__isnull=False) & ~Q(solution="")),
                name="difficulty_solved_whole",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None) | Q(state="confirmed"), name="difficulty_confirmed_is_closed"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["agency", "-raised_at"], name="difficulty_agency"),
            models.Index(
                fields=["holder", "due_at"],
                condition=Q(state__in=["waiting", "in_hand", "reopened"]),
                name="difficulty_held",
            ),
            models.Index(fields=["campaign", "category", "raised_at"], name="difficulty_pattern"),
        ]


class DifficultyStep(models.Model):
    """One step of a difficulty's life, appended and never changed: what was done, by which agency, who holds it from then."""

    difficulty = models.ForeignKey(Difficulty, on_delete=models.PROTECT, related_name="steps")
    number = models.PositiveSmallIntegerField()
    act = models.CharField(max_length=24)
    state = models.CharField(max_length=10)
    at = models.DateTimeField()
    by = models.BigIntegerField(null=True)
    by_agency = models.ForeignKey("agencies.Agency", null=True, on_delete=models.PROTECT, related_name="+")
    holder = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    due_at = models.DateTimeField(null=True)
    text = models.TextField(blank=True)
    note = models.JSONField(default=dict)

    personal_data = ("by",)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["difficulty", "number"], name="difficulty_step_once"),
        ]


class DecisionItem(models.Model):
    """That a decision is to answer a difficulty; ``applied`` once it did, false when it had moved on meanwhile."""

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="items")
    difficulty = models.ForeignKey(Difficulty, on_delete=models.PROTECT, related_name="proposals")
    applied = models.BooleanField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["decision", "difficulty"], name="decision_item_once"),
        ]
