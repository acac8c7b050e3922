"""Categories with their hours, routing rules with their time, templates of answers: data that administrators edit."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from smarthd.fieldreports.rules import attributes, routing
from smarthd.kernel.ids import uuid7


class Category(models.Model):
    """What reports are about, in a tree of two levels; only leaves take reports. Hours are working hours."""

    key = models.SlugField(max_length=60, unique=True)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    name = models.CharField(max_length=100)
    hint = models.CharField(max_length=300, blank=True)
    words = models.TextField(blank=True)
    icon = models.CharField(max_length=40, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    intake_hours = models.FloatField(default=8)
    working_hours = models.FloatField(default=40)
    urgent_intake_hours = models.FloatField(default=2)
    urgent_hours = models.FloatField(default=16)
    radius_m = models.PositiveIntegerField(default=60)
    sensitive = models.BooleanField(default=False)
    dangerous = models.BooleanField(default=False)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(intake_hours__gt=0, working_hours__gt=0, urgent_intake_hours__gt=0, urgent_hours__gt=0),
                name="category_hours_positive",
            ),
            models.CheckConstraint(condition=Q(parent=None) | ~Q(parent=F("id")), name="category_not_its_own_parent"),
        ]


class CategoryAttribute(models.Model):
    """One more question a category asks, with the datatypes of Open311 GeoReport v2."""

    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="attributes")
    code = models.SlugField(max_length=40)
    datatype = models.CharField(max_length=16)
    required = models.BooleanField(default=False)
    variable = models.BooleanField(default=True)
    description = models.CharField(max_length=200)
    datatype_description = models.CharField(max_length=200, blank=True)
    values = models.JSONField(default=list)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["category", "code"], name="category_attribute_once"),
            models.CheckConstraint(
                condition=Q(datatype__in=list(attributes.Datatype)), name="category_attribute_datatype_known"
            ),
        ]


class RoutingRule(models.Model):
    """Who answers for a category at a place, in a period and at some hours. Empty place or category means any."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    name = models.CharField(max_length=150)
    place = models.ForeignKey("places.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    category = models.ForeignKey(Category, null=True, on_delete=models.PROTECT, related_name="+")
    hours = models.CharField(max_length=12, default=routing.Hours.ALWAYS)
    target = models.CharField(max_length=10, default=routing.Target.AGENCY)
    agency = models.ForeignKey("agencies.Agency", null=True, on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    note = models.CharField(max_length=300, blank=True)
    made_by = models.BigIntegerField(null=True)
    made_at = models.DateTimeField()

    personal_data = ("made_by",)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(hours__in=list(routing.Hours)), name="routing_hours_known"),
            models.CheckConstraint(
                condition=Q(target="agency", agency__isnull=False) | (~Q(target="agency") & Q(agency=None)),
                name="routing_names_who",
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="routing_time_runs_forward"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["place", "category"], name="routing_place_category")]


class AnswerTemplate(models.Model):
    """The frame of an answer, with gaps in [square brackets]: it is never sent as it stands."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    agency = models.ForeignKey("agencies.Agency", null=True, on_delete=models.PROTECT, related_name="+")
    category = models.ForeignKey(Category, null=True, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=120)
    body = models.TextField()
    ended_at = models.DateTimeField(null=True)


class MapCell(models.Model):
    """How many reports lie in one cell of the map's grid at one level; ``category_id`` 0 counts all categories together."""

    pk = models.CompositePrimaryKey("level", "x", "y", "category_id", "state", "shown")
    level = models.PositiveSmallIntegerField()
    x = models.IntegerField()
    y = models.IntegerField()
    category_id = models.BigIntegerField()
    state = models.CharField(max_length=12)
    shown = models.BooleanField()
    count = models.IntegerField()
    sum_mx = models.BigIntegerField()
    sum_my = models.BigIntegerField()


class MapChange(models.Model):
    """A report that came to a point, or left it, and is not yet folded into the cells; written by a trigger."""

    mx = models.IntegerField()
    my = models.IntegerField()
    category_id = models.BigIntegerField()
    state = models.CharField(max_length=12)
    shown = models.BooleanField()
    change = models.SmallIntegerField()


class ImportRun(models.Model):
    """One file of another system: how many lines, how many became reports, and what was wrong with the others."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    source = models.CharField(max_length=60)
    file_sha256 = models.CharField(max_length=64)
    at = models.DateTimeField()
    by = models.BigIntegerField(null=True)
    lines = models.PositiveIntegerField()
    made = models.PositiveIntegerField()
    known = models.PositiveIntegerField()
    faults = models.JSONField(default=list)

    personal_data = ("by",)
