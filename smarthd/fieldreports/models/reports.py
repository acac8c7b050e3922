"""A report as it stands now, who sent it, every step of its life, its answers, who works with whom on it."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q

from smarthd.fieldreports.rules import intake, states
from smarthd.kernel.ids import uuid7

_OPEN = [str(state) for state in sorted(states.OPEN)]


class Report(models.Model):
    """What a citizen reported, as it stands now. ``original_due_at`` is the promise made at acceptance and never moves.

    ``folded`` and ``search`` hold the words everybody may read (after a redaction: the redacted ones). ``mx``, ``my`` are the point in
    whole units of the map's grid (rules.mapping). ``involved`` are all agencies that hold it, held it or work with the holder.
    """

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    code = models.CharField(max_length=16, unique=True)
    client_id = models.UUIDField(null=True, unique=True)
    content_hash = models.CharField(max_length=64, blank=True)
    channel = models.CharField(max_length=8)
    category = models.ForeignKey("fieldreports.Category", on_delete=models.PROTECT, related_name="+")
    suggested_category = models.ForeignKey(
        "fieldreports.Category", null=True, on_delete=models.PROTECT, related_name="+"
    )
    suggested_certainty = models.FloatField(null=True)
    answers_given = models.JSONField(default=dict)
    urgent = models.BooleanField(default=False)
    anonymous = models.BooleanField(default=False)

    text = models.TextField(blank=True)
    public_text = models.TextField(null=True)
    folded = models.TextField(blank=True)
    search = SearchVectorField(null=True)

    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    mx = models.IntegerField(null=True)
    my = models.IntegerField(null=True)
    accuracy_m = models.PositiveIntegerField(null=True)
    place_source = models.CharField(max_length=8)
    address = models.CharField(max_length=intake.LONGEST_ADDRESS, blank=True)
    commune = models.ForeignKey("places.Unit", on_delete=models.PROTECT, related_name="+")
    snapped_m = models.PositiveIntegerField(null=True)

    visibility = models.CharField(max_length=8, default=states.Visibility.PUBLIC)
    published_at = models.DateTimeField(null=True)
    hidden_reason = models.CharField(max_length=300, blank=True)
    visibility_before = models.CharField(max_length=8, blank=True)

    state = models.CharField(max_length=12, default=states.State.RECEIVED)
    intake = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    holder = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    involved = ArrayField(models.BigIntegerField(), default=list)
    worker = models.BigIntegerField(null=True)
    route_uid = models.UUIDField(null=True)
    held_since = models.DateTimeField()

    received_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    first_answered_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ending = models.CharField(max_length=12, blank=True)
    declined_at = models.DateTimeField(null=True)
    decline_reason = models.CharField(max_length=20, blank=True)
    competent = models.ForeignKey("agencies.Agency", null=True, on_delete=models.PROTECT, related_name="+")
    competent_words = models.CharField(max_length=300, blank=True)
    judge = models.ForeignKey("agencies.Agency", null=True, on_delete=models.PROTECT, related_name="+")

    intake_due_at = models.DateTimeField()
    original_due_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField()
    confirm_due_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    paused_minutes = models.PositiveIntegerField(default=0)
    extensions = models.PositiveSmallIntegerField(default=0)
    reopenings = models.PositiveSmallIntegerField(default=0)
    hand_backs = models.PositiveSmallIntegerField(default=0)
    warned = models.PositiveSmallIntegerField(default=0)
    escalation = models.PositiveSmallIntegerField(default=0)

    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="merged")
    merged_count = models.PositiveIntegerField(default=0)
    followers = models.PositiveIntegerField(default=0)
    steps_count = models.PositiveSmallIntegerField(default=0)
    photos = models.PositiveSmallIntegerField(default=0)
    stars = models.PositiveSmallIntegerField(null=True)

    source = models.CharField(max_length=60, blank=True)
    foreign_id = models.CharField(max_length=100, blank=True)

    personal_data = ("text", "public_text", "folded", "search", "lat", "lon", "address", "answers_given", "worker")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=list(states.State)), name="fieldreport_state_known"),
            models.CheckConstraint(condition=Q(channel__in=list(intake.Channel)), name="fieldreport_channel_known"),
            models.CheckConstraint(
                condition=Q(visibility__in=list(states.Visibility)), name="fieldreport_visibility_known"
            ),
            models.CheckConstraint(
                condition=Q(lat=None, lon=None, mx=None, my=None)
                | Q(lat__isnull=False, lon__isnull=False, mx__isnull=False, my__isnull=False),
                name="fieldreport_point_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state="merged") | Q(merged_into__isnull=False), name="fieldreport_merged_into_one"
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=F("id")), name="fieldreport_not_into_itself"
            ),
            models.CheckConstraint(
                condition=~Q(state="declined") | (Q(declined_at__isnull=False) & ~Q(decline_reason="")),
                name="fieldreport_declined_with_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["answered", "confirmed"]) | Q(answered_at__isnull=False),
                name="fieldreport_answered_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["closed", "confirmed"]) | ~Q(ending=""), name="fieldreport_ended_somehow"
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", paused_at__isnull=False) | (~Q(state="waiting") & Q(paused_at=None)),
                name="fieldreport_paused_while_waiting",
            ),
            models.UniqueConstraint(
                fields=["source", "foreign_id"], condition=~Q(source=""), name="fieldreport_imported_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["-received_at", "-id"], name="fieldreport_newest"),
            models.Index(fields=["commune", "-received_at", "-id"], name="fieldreport_commune"),
            models.Index(fields=["category", "-received_at", "-id"], name="fieldreport_category"),
            models.Index(fields=["due_at", "id"], condition=Q(state__in=_OPEN), name="fieldreport_due"),
            models.Index(fields=["holder", "due_at", "id"], condition=Q(state__in=_OPEN), name="fieldreport_held"),
            models.Index(fields=["holder", "-received_at", "-id"], name="fieldreport_holder"),
            models.Index(
                fields=["confirm_due_at"],
                condition=Q(state__in=["answered", "confirmed", "declined"]),
                name="fieldreport_confirm_due",
            ),
            models.Index(fields=["answered_at"], condition=Q(answered_at__isnull=False), name="fieldreport_answered"),
            models.Index(fields=["merged_into"], condition=Q(merged_into__isnull=False), name="fieldreport_merged"),
            models.Index(fields=["parent"], condition=Q(parent__isnull=False), name="fieldreport_parent"),
            GinIndex(fields=["involved"], name="fieldreport_involved"),
            GinIndex(fields=["search"], name="fieldreport_search"),
        ]


class Sender(models.Model):
    """Who sent a report: apart from it, so that it can be destroyed without it. ``token_hash`` lets the sending phone follow."""

    report = models.OneToOneField(Report, primary_key=True, on_delete=models.PROTECT, related_name="sender")
    account_id = models.BigIntegerField(null=True)
    token_hash = models.BinaryField(max_length=32, null=True)
    name_sealed = models.BinaryField(null=True)
    phone_sealed = models.BinaryField(null=True)
    phone_index = models.BinaryField(max_length=32, null=True)
    taken_by = models.BigIntegerField(null=True)
    taken_at_agency = models.ForeignKey("agencies.Agency", null=True, on_delete=models.PROTECT, related_name="+")

    personal_data = ("account_id", "token_hash", "name_sealed", "phone_sealed", "phone_index", "taken_by")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["account_id"], condition=Q(account_id__isnull=False), name="sender_account"),
            models.Index(fields=["token_hash"], condition=Q(token_hash__isnull=False), name="sender_token"),
            models.Index(fields=["phone_index"], condition=Q(phone_index__isnull=False), name="sender_phone"),
        ]


class ReportStep(models.Model):
    """One step of a report's life, appended and never changed: what was done, for which agency, who holds it from then, until when."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="steps")
    number = models.PositiveSmallIntegerField()
    act = models.CharField(max_length=20)
    state = models.CharField(max_length=12)
    at = models.DateTimeField()
    by = models.BigIntegerField(null=True)
    by_agency = models.ForeignKey("agencies.Agency", null=True, on_delete=models.PROTECT, related_name="+")
    holder = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    due_at = models.DateTimeField(null=True)
    text = models.TextField(blank=True)
    public = models.BooleanField(default=True)
    note = models.JSONField(default=dict)

    personal_data = ("by", "text", "note")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["report", "number"], name="fieldreport_step_once")]


class Answer(models.Model):
    """One answer of an agency; a reopened report gets another. ``in_time_first`` is measured against the promise made at acceptance."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="answers")
    number = models.PositiveSmallIntegerField()
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=10)
    words = models.TextField()
    promised_on = models.DateField(null=True)
    at = models.DateTimeField()
    by = models.BigIntegerField(null=True)
    in_time_first = models.BooleanField()
    in_time_extended = models.BooleanField()

    personal_data = ("by",)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report", "number"], name="answer_once"),
            models.CheckConstraint(condition=Q(outcome__in=list(states.Outcome)), name="answer_outcome_known"),
            models.CheckConstraint(
                condition=~Q(outcome="planned") | Q(promised_on__isnull=False), name="answer_plan_has_a_day"
            ),
        ]


class Support(models.Model):
    """An agency that works with the one in the lead: what it was asked, what it did."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="supports")
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    asked = models.TextField()
    asked_at = models.DateTimeField()
    done = models.TextField(blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["report", "agency"], name="support_once")]


class Verdict(models.Model):
    """What one neighbour says of one answer: fixed or not; once a person and answer."""

    answer = models.ForeignKey(Answer, on_delete=models.PROTECT, related_name="verdicts")
    who = models.BinaryField(max_length=32)
    fixed = models.BooleanField()
    words = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()

    personal_data = ("who", "words")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["answer", "who"], name="verdict_once")]


class Rating(models.Model):
    """How who sent it rates the handling, after its end: 1 to 5, with the reason."""

    report = models.OneToOneField(Report, primary_key=True, on_delete=models.PROTECT, related_name="rating")
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    stars = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=16, blank=True)
    words = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()

    personal_data = ("words",)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(stars__gte=1, stars__lte=5), name="rating_one_to_five")
        ]
        indexes: ClassVar = [models.Index(fields=["agency", "at"], name="rating_agency")]


class Follow(models.Model):
    """That somebody (an account, or a phone without one) wants to hear of a report, of a commune, or of a street in it.

    ``street`` is folded, for finding; ``street_words`` as it was typed, for showing.
    """

    who = models.BinaryField(max_length=32)
    account_id = models.BigIntegerField(null=True)
    report = models.ForeignKey(Report, null=True, on_delete=models.PROTECT, related_name="follows")
    place = models.ForeignKey("places.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    street = models.CharField(max_length=120, blank=True)
    street_words = models.CharField(max_length=120, blank=True)
    since = models.DateTimeField()

    personal_data = ("who", "account_id", "street", "street_words")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report", "who"], condition=Q(place=None), name="follow_report_once"),
            models.UniqueConstraint(
                fields=["place", "street", "who"], condition=Q(report=None), name="follow_place_once"
            ),
            models.CheckConstraint(
                condition=Q(report__isnull=False, place=None) | Q(report=None, place__isnull=False),
                name="follow_one_thing",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["account_id"], condition=Q(account_id__isnull=False), name="follow_account"),
            models.Index(fields=["who"], name="follow_who"),
        ]
