"""Sources, their runs, and the versions of what they hold."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from smarthd.connectors.rules.sources import LICENCES, SourceKind
from smarthd.connectors.rules.states import RunState, VersionState
from smarthd.kernel.ids import uuid7


class Source(models.Model):
    """One dataset of an agency and where it comes from.

    ``place`` says where (address, table, paths) and never holds a secret; ``sealed_secret`` is JSON under AES-GCM, written and
    never shown. ``found_version`` is the version whose rows can be found by words, ``indexed`` the columns readers choose by quickly
    (``services.indexes``). ``confirmed_at`` is when the source last said that what is public is how things are. ``resume`` is where the
    last reading of only what changed ended. Between ``quiet_from`` and ``quiet_to`` (local hours) its server is left alone. With
    ``two_persons`` nobody publishes what they handed in, and no reading publishes itself. With ``earlier_open`` its earlier public
    versions may be taken away too, but those that were recalled.
    """

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    key = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=120)
    summary = models.CharField(max_length=300, blank=True)
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    place = models.JSONField(default=dict)
    sealed_secret = models.BinaryField(null=True)
    push_hash = models.BinaryField(null=True, max_length=32, unique=True)
    mapping = models.JSONField(default=dict)
    publication = models.JSONField(default=dict)
    limits = models.JSONField(default=dict)
    template = models.SlugField(max_length=40, blank=True)
    licence = models.CharField(max_length=20, default="cc-by-4.0")
    attribution = models.CharField(max_length=200, blank=True)
    every_minutes = models.PositiveIntegerField(null=True)
    promise_hours = models.PositiveIntegerField(null=True)
    version = models.PositiveIntegerField(default=0)
    row_count = models.PositiveIntegerField(default=0)
    found_version = models.PositiveIntegerField(default=0)
    indexed = models.JSONField(default=list)
    paused = models.BooleanField(default=False)
    resume = models.JSONField(default=dict)
    quiet_from = models.PositiveSmallIntegerField(null=True)
    quiet_to = models.PositiveSmallIntegerField(null=True)
    two_persons = models.BooleanField(default=False)
    earlier_open = models.BooleanField(default=False, db_default=False)
    illustrative = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    next_run_at = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)
    reminded_on = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)

    personal_data: ClassVar[tuple[str, ...]] = ()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=list(SourceKind)), name="source_of_a_known_kind"),
            models.CheckConstraint(condition=Q(licence__in=list(LICENCES)), name="source_of_a_known_licence"),
            models.CheckConstraint(
                condition=Q(every_minutes=None) | Q(every_minutes__gte=1), name="source_scheduled_forward"
            ),
            models.CheckConstraint(
                condition=Q(quiet_from=None, quiet_to=None) | Q(quiet_from__lte=23, quiet_to__lte=23),
                name="source_left_alone_by_hours",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["next_run_at"], condition=Q(ended_at=None, paused=False), name="source_due"),
        ]


class Run(models.Model):
    """One reading of a source, by whom or by the schedule; its file is kept sealed under ``kept_sha256``.

    A run that says it is running past ``lease_until`` was lost with its worker, and is ended by the next sweep.
    """

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="runs")
    account_id = models.BigIntegerField(null=True)
    state = models.CharField(max_length=20)
    file_name = models.CharField(max_length=200, blank=True)
    encoding = models.CharField(max_length=20, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    kept_sha256 = models.CharField(max_length=64, blank=True)
    words = models.TextField(blank=True)
    counts = models.JSONField(default=dict)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)

    personal_data: ClassVar[tuple[str, ...]] = ("account_id",)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=list(RunState)), name="run_in_a_known_state"),
            models.UniqueConstraint(
                fields=["source"], condition=Q(state=RunState.RUNNING.value), name="one_run_at_a_time"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["source", "-id"], name="run_newest_first")]


class Version(models.Model):
    """What a source held at one reading: how it was mapped, what it changes, why it was held. Never edited after publishing.

    ``staged``: it waits whole in a table of its own, which becomes the dataset's partition when it is published. ``recalled_at``: it was
    public and should not have been, so nobody may take it away any more.
    """

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    base = models.PositiveIntegerField(default=0)
    run = models.ForeignKey(Run, on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=20)
    mapping = models.JSONField()
    columns = models.JSONField(default=list)
    rows = models.PositiveIntegerField()
    faulty = models.PositiveIntegerField(default=0)
    noticed = models.PositiveIntegerField(default=0, db_default=0)
    added = models.PositiveIntegerField()
    changed = models.PositiveIntegerField()
    removed = models.PositiveIntegerField()
    held_for = models.JSONField(default=list)
    notes = models.JSONField(default=list)
    restores = models.PositiveIntegerField(null=True)
    staged = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    published_by = models.BigIntegerField(null=True)
    release_reason = models.CharField(max_length=300, blank=True)
    recalled_at = models.DateTimeField(null=True)

    personal_data: ClassVar[tuple[str, ...]] = ("published_by",)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "number"], name="version_numbered_once"),
            models.UniqueConstraint(
                fields=["source"], condition=Q(state=VersionState.PUBLISHED.value), name="one_version_is_public"
            ),
            models.CheckConstraint(condition=Q(state__in=list(VersionState)), name="version_in_a_known_state"),
        ]
