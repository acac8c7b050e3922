"""What units owe and report: forms, periods, obligations, reports with every step of their life, consolidations, reminders, letters.

Agencies stand as foreign keys, persons as account ids: what an erased account did stays done, by nobody who can be named.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from smarthd.kernel.ids import uuid7
from smarthd.rollout.rules import reminders, reports


class Form(models.Model):
    """One version of a form. A published version never changes; drafts of reports keep the version they were begun with."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    campaign = models.ForeignKey("rollout.Campaign", on_delete=models.PROTECT, related_name="forms")
    key = models.SlugField(max_length=40)
    version = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    plan = models.JSONField()
    published_at = models.DateTimeField(null=True)
    made_by = models.BigIntegerField(null=True)
    made_at = models.DateTimeField()

    personal_data = ("made_by",)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["campaign", "key", "version"], name="form_version_once"),
            models.UniqueConstraint(
                fields=["campaign", "key"], condition=Q(published_at=None), name="form_one_draft_at_a_time"
            ),
        ]


class Period(models.Model):
    """One reporting period of a campaign: data up to ``cut_off``, work from ``opens_at``, due at ``due_at``."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    campaign = models.ForeignKey("rollout.Campaign", on_delete=models.PROTECT, related_name="periods")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    cut_off = models.DateField()
    opens_at = models.DateTimeField()
    due_at = models.DateTimeField()
    frozen_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["campaign", "number"], name="period_number_once"),
            models.CheckConstraint(condition=Q(due_at__gt=F("opens_at")), name="period_due_after_opening"),
        ]


class Obligation(models.Model):
    """That an agency owes one form for one period, to whom, by when. ``first_due_at`` is the term before any extension.

    Name and code are the agency's on the period's cut-off, written down when the period was frozen: what is made again later says the same.
    ``held_by`` hands it in: the agency itself, or who came after it when it ended (docs/adr/0020-carried-through.md).
    """

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="obligations")
    form_key = models.SlugField(max_length=40)
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    held_by = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    superior = models.ForeignKey("agencies.Agency", null=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=300)
    code = models.CharField(max_length=60)
    first_due_at = models.DateTimeField()
    due_at = models.DateTimeField()
    exempt_reason = models.CharField(max_length=300, blank=True)
    exempt_by = models.BigIntegerField(null=True)
    exempt_at = models.DateTimeField(null=True)

    personal_data = ("exempt_by",)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["period", "form_key", "agency"], name="obligation_once"),
            models.CheckConstraint(
                condition=Q(exempt_at=None, exempt_reason="") | (Q(exempt_at__isnull=False) & ~Q(exempt_reason="")),
                name="obligation_exempt_whole",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["agency", "due_at"], name="obligation_agency"),
            models.Index(fields=["held_by", "due_at"], name="obligation_holder"),
            models.Index(fields=["superior", "period"], name="obligation_superior"),
            models.Index(fields=["due_at"], name="obligation_due"),
        ]


class PeriodicReport(models.Model):
    """The report an obligation asks for, as it stands now. What it was before stands in ``ReportStep``."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    obligation = models.OneToOneField(Obligation, on_delete=models.PROTECT, related_name="report")
    form = models.ForeignKey(Form, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, default=reports.State.OPEN)
    values = models.JSONField(default=dict)
    disputes = models.JSONField(default=dict)
    measured = models.JSONField(default=dict)
    content_hash = models.CharField(max_length=64, blank=True)
    round = models.PositiveSmallIntegerField(default=0)
    edits = models.PositiveIntegerField(default=0)
    edited_by = models.BigIntegerField(null=True)
    edited_at = models.DateTimeField(null=True)
    minutes = models.PositiveSmallIntegerField(default=0)
    submitted_by = models.BigIntegerField(null=True)
    submitted_at = models.DateTimeField(null=True)
    sealed_at = models.DateTimeField(null=True)
    first_submitted_at = models.DateTimeField(null=True)
    in_time = models.BooleanField(null=True)
    first_in_time = models.BooleanField(null=True)
    endorsed_by = models.BigIntegerField(null=True)
    endorsed_at = models.DateTimeField(null=True)
    endorsed_hash = models.CharField(max_length=64, blank=True)
    not_reviewed = models.BooleanField(default=False)
    accepted_by = models.BigIntegerField(null=True)
    accepted_at = models.DateTimeField(null=True)
    return_reasons = models.JSONField(default=dict)
    returns = models.PositiveSmallIntegerField(default=0)

    personal_data = ("edited_by", "submitted_by", "endorsed_by", "accepted_by")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=list(reports.State)), name="report_state_known"),
            models.CheckConstraint(
                condition=Q(endorsed_by=None) | ~Q(endorsed_by=F("submitted_by")), name="report_endorsed_by_another"
            ),
            models.CheckConstraint(
                condition=Q(accepted_by=None)
                | (~Q(accepted_by=F("submitted_by")) & (Q(endorsed_by=None) | ~Q(accepted_by=F("endorsed_by")))),
                name="report_accepted_by_a_third",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["endorsed", "accepted"]) | Q(endorsed_hash=F("content_hash")),
                name="report_endorsement_binds_content",
            ),
        ]


class ReportStep(models.Model):
    """One step of a report's life, appended and never changed: what it held after it, who took it, when the server saw it."""

    report = models.ForeignKey(PeriodicReport, on_delete=models.PROTECT, related_name="steps")
    number = models.PositiveIntegerField()
    act = models.CharField(max_length=12)
    state = models.CharField(max_length=10)
    at = models.DateTimeField()
    by = models.BigIntegerField(null=True)
    values = models.JSONField(default=dict)
    disputes = models.JSONField(default=dict)
    content_hash = models.CharField(max_length=64, blank=True)
    in_time = models.BooleanField(null=True)
    note = models.JSONField(default=dict)

    personal_data = ("by",)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["report", "number"], name="report_step_once")]
        indexes: ClassVar = [models.Index(fields=["report", "at"], name="report_step_at")]


class ReportValue(models.Model):
    """The numbers of a report in force, one a row, so that a field adds up over thousands of units by one scan."""

    pk = models.CompositePrimaryKey("form_key", "period_id", "field", "agency_id")
    form_key = models.SlugField(max_length=40)
    period_id = models.BigIntegerField()
    field = models.CharField(max_length=40)
    agency_id = models.BigIntegerField()
    value = models.FloatField()

    class Meta:
        db_table = "rollout_report_value"


class Extension(models.Model):
    """More time for one obligation. It counts only if it was granted before the term it extends."""

    obligation = models.ForeignKey(Obligation, on_delete=models.PROTECT, related_name="extensions")
    due_before = models.DateTimeField()
    due_at = models.DateTimeField()
    reason = models.CharField(max_length=500)
    granted_by = models.BigIntegerField(null=True)
    granted_at = models.DateTimeField()

    personal_data = ("granted_by",)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(due_at__gt=F("due_before")), name="extension_gives_time"),
            models.CheckConstraint(condition=Q(granted_at__lte=F("due_before")), name="extension_granted_before_term"),
        ]


class Outage(models.Model):
    """A time in which the platform could not be reached; it gives time to everybody whose term it touched."""

    began_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    note = models.CharField(max_length=300)
    declared_by = models.BigIntegerField(null=True)
    declared_at = models.DateTimeField()

    personal_data = ("declared_by",)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(ended_at__gt=F("began_at")), name="outage_has_length"),
            ExclusionConstraint(
                name="outage_told_once",
                expressions=[(Func("began_at", "ended_at", function="tstzrange"), RangeOperators.OVERLAPS)],
            ),
        ]


class Consolidation(models.Model):
    """One version of what a period's reports say together, as of a system time; never changed, only followed by another.

    ``basis`` names the rows of the trail it was read from (``selectors.handed``): made again, it is read from these and no others.
    """

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="consolidations")
    form_key = models.SlugField(max_length=40)
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    version = models.PositiveSmallIntegerField()
    as_of = models.DateTimeField()
    basis = models.JSONField()
    content = models.JSONField()
    content_hash = models.CharField(max_length=64)
    diff = models.JSONField(default=dict)
    made_by = models.BigIntegerField(null=True)

    personal_data = ("made_by",)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["period", "form_key", "agency", "version"], name="consolidation_version_once"
            ),
        ]


class Reminder(models.Model):
    """That a step of the ladder was taken for an obligation and its term: once, whatever dies in between; a new term has its own steps."""

    obligation = models.ForeignKey(Obligation, on_delete=models.PROTECT, related_name="reminders")
    step = models.CharField(max_length=12)
    due_at = models.DateTimeField()
    fell_at = models.DateTimeField()
    taken_at = models.DateTimeField()
    told = models.JSONField(default=list)

    personal_data = ("told",)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["obligation", "due_at", "step"], name="reminder_once"),
            models.CheckConstraint(condition=Q(step__in=list(reminders.Step)), name="reminder_step_known"),
        ]


class UrgingLetter(models.Model):
    """A letter that urges late units of one period: drafted by the ladder, read, numbered and signed by people."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="letters")
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    late = models.JSONField()
    number = models.CharField(max_length=30, blank=True)
    signed_by = models.BigIntegerField(null=True)
    signed_at = models.DateTimeField(null=True)

    personal_data = ("signed_by",)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(signed_at=None, number="") | (Q(signed_at__isnull=False) & ~Q(number="")),
                name="urging_letter_signed_whole",
            ),
            models.UniqueConstraint(
                fields=["period", "agency"], condition=Q(signed_at=None), name="urging_letter_one_draft"
            ),
        ]
