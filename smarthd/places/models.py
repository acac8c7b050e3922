"""Administrative units in time. Periods are half-open: ``valid_from`` belongs, ``valid_to`` does not (null: still in force).

Exclusion of overlapping periods of one unit, shares that add up and the append-only rules are in migrations/0002_constraints.py.
Nothing here is personal data.
"""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from smarthd.kernel.ids import uuid7
from smarthd.places import rules


def _one_of(field: str, values: type[StrEnum], name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(**{f"{field}__in": [value.value for value in values]}), name=name)


class Catalogue(models.Model):
    """An official list of units as of a day; codes are unique within it and mean nothing outside it."""

    key = models.CharField(max_length=40, unique=True)
    as_of = models.DateField(unique=True)
    source = models.CharField(max_length=300, blank=True)
    fingerprint = models.CharField(max_length=64, blank=True)
    imported_at = models.DateTimeField()


class Unit(models.Model):
    """An administrative unit as an identity; its names, codes, parents and boundaries are dated rows."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    key = models.CharField(max_length=160, unique=True, null=True)
    level = models.CharField(max_length=16)

    class Meta:
        constraints: ClassVar = [_one_of("level", rules.Level, "unit_level")]


class UnitVersion(models.Model):
    """A unit's name, kind and centre in a period."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="versions")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20)
    folded = models.CharField(max_length=120)
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    centre_source = models.CharField(max_length=300, blank=True)
    centre_confidence = models.CharField(max_length=10, default=rules.Confidence.NONE)
    document = models.CharField(max_length=300, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="unit_version_period"
            ),
            models.CheckConstraint(
                condition=Q(lat=None, lon=None) | Q(lat__range=(-90, 90), lon__range=(-180, 180)),
                name="unit_version_centre",
            ),
            _one_of("centre_confidence", rules.Confidence, "unit_version_confidence"),
        ]
        indexes: ClassVar = [models.Index(fields=["folded"], name="unit_version_folded")]


class UnitCode(models.Model):
    """A unit's code in one catalogue."""

    catalogue = models.ForeignKey(Catalogue, on_delete=models.PROTECT, related_name="codes")
    code = models.CharField(max_length=10)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="codes")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["catalogue", "code"], name="unit_code_once_a_catalogue"),
            models.UniqueConstraint(fields=["catalogue", "unit"], name="unit_one_code_a_catalogue"),
        ]


class Edge(models.Model):
    """Who stands under whom, in one hierarchy, in a period."""

    child = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="edges_up")
    parent = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="edges_down")
    hierarchy = models.CharField(max_length=20, default="administrative")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="edge_period"),
            models.CheckConstraint(condition=~Q(child=F("parent")), name="edge_not_to_itself"),
        ]


class Event(models.Model):
    """A change of units on a day: drafted, applied, perhaps reverted; ``plan`` is what it does (services.plans)."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    kind = models.CharField(max_length=20)
    status = models.CharField(max_length=10, default=rules.EventStatus.DRAFT)
    effective_on = models.DateField(db_index=True)
    title = models.CharField(max_length=300)
    document = models.CharField(max_length=300, blank=True)
    plan = models.JSONField(default=dict)
    drafted_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)
    reverted_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            _one_of("kind", rules.EventKind, "event_kind"),
            _one_of("status", rules.EventStatus, "event_status"),
            models.CheckConstraint(
                condition=Q(status="draft", applied_at=None, reverted_at=None)
                | Q(status="applied", applied_at__isnull=False, reverted_at=None)
                | Q(status="reverted", applied_at__isnull=False, reverted_at__isnull=False),
                name="event_instants_follow_status",
            ),
        ]


class Lineage(models.Model):
    """The share of one unit that went to another by an event, on one basis, with its source and how sure we are."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="lineage")
    from_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    to_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    basis = models.CharField(max_length=12)
    share = models.FloatField()
    source = models.CharField(max_length=300, blank=True)
    confidence = models.CharField(max_length=10)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["event", "from_unit", "to_unit", "basis"], name="lineage_once"),
            models.CheckConstraint(condition=Q(share__gte=0, share__lte=1), name="lineage_share"),
            models.CheckConstraint(condition=~Q(from_unit=F("to_unit")), name="lineage_not_to_itself"),
            _one_of("basis", rules.Basis, "lineage_basis"),
            models.CheckConstraint(
                condition=Q(confidence__in=["stated", "inferred", "computed"]), name="lineage_confidence"
            ),
        ]


class Size(models.Model):
    """How large a unit was on one basis (persons, households, km²), where a source says so; it weighs the way back."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="sizes")
    basis = models.CharField(max_length=12)
    value = models.FloatField()
    source = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["unit", "basis"], name="size_once"),
            models.CheckConstraint(condition=Q(value__gt=0), name="size_positive"),
            _one_of("basis", rules.Basis, "size_basis"),
        ]


class Boundary(models.Model):
    """A unit's ground in a period: WKB of a (multi)polygon in longitude, latitude (OGC CRS84)."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="boundaries")
    geometry = models.BinaryField()
    source = models.CharField(max_length=300)
    approximate = models.BooleanField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="boundary_period")
        ]


class BoundarySet(models.Model):
    """The units of a day (or of a plan) to which facts of any time can be added up."""

    key = models.CharField(max_length=60, unique=True)
    kind = models.CharField(max_length=10)
    as_of = models.DateField()
    approximate = models.BooleanField(default=False)
    built_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            _one_of("kind", rules.SetKind, "boundary_set_kind"),
            models.UniqueConstraint(fields=["as_of"], condition=Q(kind="official"), name="boundary_set_official_once"),
        ]


class Closure(models.Model):
    """Which part (0..1) of an atom's facts counts for an ancestor of a boundary set, on one basis.

    Derived and built anew by COPY from rows that are bound: without foreign keys in the database a set is built in a third of the time.
    """

    pk = models.CompositePrimaryKey("boundary_set_id", "basis", "ancestor_id", "atom_id")
    boundary_set = models.ForeignKey(
        BoundarySet, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    ancestor = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    atom = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    basis = models.CharField(max_length=12)
    level = models.CharField(max_length=16)
    weight = models.FloatField()

    class Meta:
        db_table = "places_closure"
        indexes: ClassVar = [models.Index(fields=["atom", "boundary_set", "basis"], name="closure_by_atom")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(weight__gt=0, weight__lte=1 + 1e-9), name="closure_weight")
        ]


class Revision(models.Model):
    """One row: a token that changes with every write, by which each process knows that what it remembers is old."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    token = models.UUIDField()
