"""An agency is an identity; its names, codes and superiors are dated rows. Periods are days, ``valid_to`` exclusive."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from smarthd.kernel.ids import uuid7


class Agency(models.Model):
    """An agency, or a part of one that keeps its own roster (a school, a health station), as an identity."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    kind = models.CharField(max_length=32)
    place = models.ForeignKey("places.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    # Counts every change of this agency's roster: a preview made against another count is stale.
    roster_version = models.PositiveIntegerField(default=0)


class AgencyVersion(models.Model):
    """What an agency was called, and under which code, during one period. It exists while it has a version."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="versions")
    name = models.CharField(max_length=300)
    folded = models.CharField(max_length=300)
    short_name = models.CharField(max_length=120, blank=True)
    code = models.CharField(max_length=60)
    legal_document = models.CharField(max_length=300, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="agencyversion_period_runs_forward"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["code"], name="agencyversion_code"),
            models.Index(fields=["folded"], name="agencyversion_folded", opclasses=["text_pattern_ops"]),
        ]


class AgencyEdge(models.Model):
    """Under whom an agency stood during one period; one superior a day and hierarchy."""

    child = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="edges_up")
    parent = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="edges_down")
    hierarchy = models.CharField(max_length=16, default="reporting")
    legal_document = models.CharField(max_length=300, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="agencyedge_period_runs_forward"
            ),
            models.CheckConstraint(condition=~Q(child=F("parent")), name="agencyedge_no_self"),
            models.CheckConstraint(
                condition=Q(hierarchy__in=("reporting", "professional")), name="agencyedge_hierarchy"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["parent", "hierarchy"], name="agencyedge_down")]


class AgencyEvent(models.Model):
    """A merge, split, abolition, transfer or renaming as decided by a document, on its effective day."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    kind = models.CharField(max_length=16)
    effective_on = models.DateField()
    legal_document = models.CharField(max_length=300)
    recorded_at = models.DateTimeField()


class AgencyLineage(models.Model):
    """Where the staff of an agency went: shares of one ``from_agency`` in one event sum to 1, or to 0 when abolished."""

    event = models.ForeignKey(AgencyEvent, on_delete=models.PROTECT, related_name="lineage")
    from_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="lineage_out")
    to_agency = models.ForeignKey(Agency, null=True, on_delete=models.PROTECT, related_name="lineage_in")
    staff_share = models.FloatField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(staff_share__gte=0) & Q(staff_share__lte=1), name="agencylineage_share_is_a_share"
            ),
            models.UniqueConstraint(fields=["event", "from_agency", "to_agency"], name="agencylineage_once"),
        ]


class AgencyMailbox(models.Model):
    """An agency's official e-mail address from ``set_at`` until ``replaced_at``; one at a time, earlier ones stay as history."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="mailboxes")
    address = models.EmailField()
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)

    personal_data = ("set_by",)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["agency"], condition=Q(replaced_at=None), name="agencymailbox_one_in_force"
            ),
            models.CheckConstraint(
                condition=Q(replaced_at=None) | Q(replaced_at__gte=F("set_at")), name="agencymailbox_runs_forward"
            ),
        ]
