"""Community teams: who is in them and which villages they cover, day by day; visits, codes, credits, events, training, expenses.

Nothing here names a citizen: a household is a number or label within its village, and only where it agreed; a credit is an account
id that is emptied on erasure. Members' own names are the commune's record, sealed; their numbers are found by blind index only.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from smarthd.kernel.ids import uuid7
from smarthd.rollout.rules import teams

MEMBER_NAME = "rollout.team_member"  # what a member's sealed name is bound to


class Team(models.Model):
    """One community digital team, set up by a decision of its commune's chairman. ``code`` is short and spoken, unsigned."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    code = models.CharField(max_length=16, unique=True)
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=160)
    decision_number = models.CharField(max_length=60)
    decision_on = models.DateField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    made_by = models.BigIntegerField(null=True)
    made_at = models.DateTimeField()

    personal_data = ("made_by",)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="team_days"),
            models.CheckConstraint(condition=~Q(decision_number=""), name="team_has_decision"),
            models.UniqueConstraint(fields=["agency", "name"], condition=Q(valid_to=None), name="team_name_once"),
        ]


class TeamVillage(models.Model):
    """That a team covers a village for a time; a village has one team at once."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="villages")
    unit = models.ForeignKey("places.Unit", on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["unit"], condition=Q(valid_to=None), name="village_one_team"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="team_village_days"
            ),
        ]


class TeamMember(models.Model):
    """One person's stay in a team. ``number`` is theirs in the team and in their code; an account joins by telephone."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="members")
    number = models.PositiveSmallIntegerField()
    full_name_sealed = models.BinaryField()
    position = models.CharField(max_length=80, blank=True)
    phone_index = models.BinaryField(max_length=32, null=True)
    account_id = models.BigIntegerField(null=True)
    is_leader = models.BooleanField(default=False)
    grant_uid = models.UUIDField(null=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    personal_data = ("full_name_sealed", "phone_index", "account_id")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["team", "number"], name="team_member_number"),
            models.UniqueConstraint(
                fields=["team"], condition=Q(is_leader=True, valid_to=None), name="team_one_leader"
            ),
            models.UniqueConstraint(
                fields=["phone_index"], condition=Q(valid_to=None, phone_index__isnull=False), name="member_one_team"
            ),
            models.UniqueConstraint(
                fields=["account_id"], condition=Q(valid_to=None, account_id__isnull=False), name="member_account_once"
            ),
            models.CheckConstraint(condition=Q(number__gte=1, number__lte=63), name="team_member_number_fits"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="team_member_days"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["account_id"], name="team_member_account")]


class TeamCode(models.Model):
    """One issue of a signed code: to a member, or to the team for its posters (``member`` empty)."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="codes")
    member = models.ForeignKey(TeamMember, null=True, on_delete=models.PROTECT, related_name="codes")
    valid_from = models.DateField()
    valid_until = models.DateField()
    issued_at = models.DateTimeField()
    issued_by = models.BigIntegerField(null=True)
    revoked_at = models.DateTimeField(null=True)

    personal_data = ("issued_by",)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(valid_until__gte=F("valid_from")), name="team_code_days"),
        ]


class TeamEvent(models.Model):
    """A market day or meeting declared before it began: many activations in an hour are expected there."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=10)
    place = models.CharField(max_length=160)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    declared_at = models.DateTimeField()
    declared_by = models.BigIntegerField(null=True)
    cancelled_at = models.DateTimeField(null=True)

    personal_data = ("declared_by",)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=list(teams.EventKind)), name="team_event_kind_known"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="team_event_hours"),
            models.CheckConstraint(condition=Q(declared_at__lte=F("starts_at")), name="team_event_declared_before"),
        ]
        indexes: ClassVar = [models.Index(fields=["team", "starts_at"], name="team_event_when")]


class TeamCredit(models.Model):
    """That a team helped one person to the second rung: one a person, for ever. An erased person leaves the row without a name.

    ``rushed``: it came in an hour with more than twelve on one code outside a declared event, and counts when somebody cleared it.
    """

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    account_id = models.BigIntegerField(null=True, unique=True)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="credits")
    member = models.ForeignKey(TeamMember, null=True, on_delete=models.PROTECT, related_name="+")
    code = models.ForeignKey(TeamCode, null=True, on_delete=models.PROTECT, related_name="+")
    certainty = models.CharField(max_length=10)
    at = models.DateTimeField()
    on = models.DateField()
    rushed = models.BooleanField(default=False)
    cleared_at = models.DateTimeField(null=True)
    cleared_by = models.BigIntegerField(null=True)

    personal_data = ("account_id", "cleared_by")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(certainty__in=["exact", "probable"]), name="team_credit_certain"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["team", "on"], name="team_credit_day"),
            models.Index(fields=["code", "at"], name="team_credit_code"),
        ]


class Visit(models.Model):
    """One visit to a household, under the identifier the phone gave it. Sent twice it is one row; the row shows what stands."""

    uid = models.UUIDField(primary_key=True)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="visits")
    member = models.ForeignKey(TeamMember, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("places.Unit", on_delete=models.PROTECT, related_name="+")
    device_uid = models.UUIDField()
    household = models.CharField(max_length=teams.LONGEST_LABEL, blank=True)
    household_key = models.CharField(max_length=teams.LONGEST_LABEL * 2, blank=True)
    outcome = models.CharField(max_length=10)
    reason = models.CharField(max_length=12, blank=True)
    consent = models.BooleanField()
    adults = models.PositiveSmallIntegerField()
    without_phone = models.PositiveSmallIntegerField()
    helped = models.PositiveSmallIntegerField()
    minutes = models.PositiveSmallIntegerField()
    said_at = models.DateTimeField()
    visited_on = models.DateField()
    received_at = models.DateTimeField()
    clock_off = models.BooleanField(default=False)
    content_hash = models.CharField(max_length=64)
    state = models.CharField(max_length=10, default=teams.VisitState.STANDING)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.BigIntegerField(null=True)

    personal_data = ("household", "device_uid", "decided_by")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(outcome__in=list(teams.Outcome)), name="visit_outcome_known"),
            models.CheckConstraint(condition=Q(state__in=list(teams.VisitState)), name="visit_state_known"),
            models.CheckConstraint(
                condition=Q(consent=True) | Q(household="", household_key=""), name="visit_label_needs_consent"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["team", "visited_on"], name="visit_team_day"),
            models.Index(fields=["unit", "household_key", "visited_on"], name="visit_household"),
        ]


class VisitVersion(models.Model):
    """One of several contents told under one identifier. Rows only where there is more than one; none is ever dropped."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="versions")
    content_hash = models.CharField(max_length=64)
    content = models.JSONField()
    visited_on = models.DateField()
    clock_off = models.BooleanField()
    member = models.ForeignKey(TeamMember, on_delete=models.PROTECT, related_name="+")
    device_uid = models.UUIDField()
    received_at = models.DateTimeField()

    personal_data = ("content", "device_uid")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["visit", "content_hash"], name="visit_version_once")]


class TrainingSession(models.Model):
    """A lesson for the teams of a commune, with what was handed out and who came."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=160)
    place = models.CharField(max_length=160, blank=True)
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()
    materials = models.JSONField(default=list)
    made_by = models.BigIntegerField(null=True)
    attendees = models.ManyToManyField(TeamMember, related_name="lessons")

    personal_data = ("made_by",)


class LessonMaterial(models.Model):
    """A file handed out at a lesson: a PDF, or a picture encoded anew. Added, never changed."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    lesson = models.ForeignKey(TrainingSession, on_delete=models.PROTECT, related_name="files")
    name = models.CharField(max_length=160)
    sha256 = models.CharField(max_length=64)
    content_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    added_by = models.BigIntegerField(null=True)
    added_at = models.DateTimeField()

    personal_data = ("added_by",)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["lesson", "sha256"], name="lesson_material_once"),
        ]


class VillageHouseholds(models.Model):
    """How many households a village had on a day, as its commune counted: what a team's reach is measured against.

    Beside the bases of figures, where a commune is given whole or by its villages and never both; this one serves teams only.
    """

    unit = models.ForeignKey("places.Unit", on_delete=models.PROTECT, related_name="+")
    value = models.PositiveIntegerField()
    source = models.CharField(max_length=160)
    as_of = models.DateField()
    entered_by = models.BigIntegerField(null=True)
    entered_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)

    personal_data = ("entered_by",)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(source=""), name="village_households_source"),
            models.UniqueConstraint(
                fields=["unit", "as_of"], condition=Q(superseded_at=None), name="village_households_once"
            ),
        ]


class TeamExpense(models.Model):
    """Money a member spent for the team, as noted; whoever noted it does not approve it."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="expenses")
    member = models.ForeignKey(TeamMember, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10)
    spent_on = models.DateField()
    amount = models.PositiveIntegerField()
    note = models.CharField(max_length=teams.LONGEST_NOTE, blank=True)
    state = models.CharField(max_length=10, default=teams.ExpenseState.NOTED)
    noted_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.BigIntegerField(null=True)

    personal_data = ("decided_by",)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=list(teams.ExpenseKind)), name="team_expense_kind_known"),
            models.CheckConstraint(condition=Q(state__in=list(teams.ExpenseState)), name="team_expense_state_known"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="team_expense_positive"),
        ]
