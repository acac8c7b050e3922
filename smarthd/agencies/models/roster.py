"""Rosters: who works where, since when; uploads on their way in; exemptions from an order."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from smarthd.kernel.ids import uuid7


class Staff(models.Model):
    """One person's stay in one agency's roster, ``valid_from`` to ``valid_to`` (days; exclusive). Moves make a new row.

    The telephone number is sealed; its blind index is the one ``people`` uses, so that an account can be found by it. The roster is
    the agency's own record: when the person's account is erased, the link goes and the row stays.
    """

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="staff")
    full_name = models.CharField(max_length=120)
    name_key = models.CharField(max_length=160)
    position = models.CharField(max_length=160, blank=True)
    phone_sealed = models.BinaryField(null=True, editable=False)
    phone_index = models.BinaryField(null=True, editable=False, max_length=32)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    left_reason = models.CharField(max_length=16, blank=True)
    previous = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    source_import = models.ForeignKey("agencies.RosterImport", null=True, on_delete=models.PROTECT, related_name="+")

    personal_data = ("full_name", "name_key", "position", "phone_sealed", "phone_index", "account")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="staff_period_runs_forward"
            ),
            models.CheckConstraint(
                condition=Q(left_reason__in=("", "left", "moved", "merged", "abolished")), name="staff_left_reason"
            ),
            models.CheckConstraint(
                condition=Q(phone_sealed=None, phone_index=None)
                | Q(phone_sealed__isnull=False, phone_index__isnull=False),
                name="staff_phone_sealed_and_indexed",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["agency", "valid_from"], name="staff_agency"),
            models.Index(fields=["phone_index"], condition=Q(phone_index__isnull=False), name="staff_phone"),
            models.Index(fields=["account"], condition=Q(account__isnull=False), name="staff_account"),
        ]


class RosterImport(models.Model):
    """One uploaded roster: its preview, and what became of it."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="roster_imports")
    status = models.CharField(max_length=16)
    file_sha256 = models.CharField(max_length=64)
    kept_sha256 = models.CharField(max_length=64, blank=True)  # the sealed copy; empty once cleared
    file_name = models.CharField(max_length=255)
    encoding = models.CharField(max_length=24)
    complete = models.BooleanField()
    as_of = models.DateField()
    counts = models.JSONField(default=dict)
    notes = models.JSONField(default=list)
    roster_versions = models.JSONField(default=dict)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)

    personal_data = ("uploaded_by", "confirmed_by")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status__in=("previewed", "confirmed", "withdrawn", "expired")), name="rosterimport_status"
            ),
            models.CheckConstraint(
                condition=Q(status="confirmed", confirmed_at__isnull=False)
                | (~Q(status="confirmed") & Q(confirmed_at=None)),
                name="rosterimport_confirmed_at",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["agency", "uploaded_at"], name="rosterimport_agency")]


class RosterImportRow(models.Model):
    """What one line of the file, or one person missing from it, would change. Cleared after the retention period."""

    roster_import = models.ForeignKey(RosterImport, on_delete=models.CASCADE, related_name="rows")
    sheet = models.CharField(max_length=60, blank=True)
    row_number = models.PositiveIntegerField(null=True)
    outcome = models.CharField(max_length=12)
    agency = models.ForeignKey("agencies.Agency", null=True, on_delete=models.PROTECT, related_name="+")
    staff = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    full_name = models.CharField(max_length=120, blank=True)
    name_key = models.CharField(max_length=160, blank=True)
    position = models.CharField(max_length=160, blank=True)
    phone_sealed = models.BinaryField(null=True)
    phone_index = models.BinaryField(null=True, max_length=32)
    starts_on = models.DateField(null=True)
    messages = models.JSONField(default=list)

    personal_data = ("full_name", "name_key", "position", "phone_sealed", "phone_index", "messages")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(outcome__in=("new", "unchanged", "changed", "moved", "left", "faulty")),
                name="rosterimportrow_outcome",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["roster_import", "outcome", "id"], name="rosterimportrow_shown")]


class Exemption(models.Model):
    """A request that one person of a roster be counted apart from an order, decided by somebody else."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="exemptions")
    status = models.CharField(max_length=12)
    reason = models.CharField(max_length=32)
    note = models.CharField(max_length=500, blank=True)
    evidence = models.CharField(max_length=300)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision_note = models.CharField(max_length=500, blank=True)

    personal_data = ("reason", "note", "evidence", "requested_by", "decided_by")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status__in=("requested", "approved", "refused", "ended")), name="exemption_status"
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | Q(requested_by=None) | ~Q(decided_by=F("requested_by")),
                name="exemption_two_persons",
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="exemption_period_runs_forward"
            ),
            models.UniqueConstraint(
                fields=["staff"],
                condition=Q(status__in=("requested", "approved")),
                name="exemption_one_open_a_person",
            ),
        ]
