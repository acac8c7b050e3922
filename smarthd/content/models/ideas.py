"""The board of ideas: rounds, ideas, their pictures, who supports them, what became of them."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from smarthd.content.rules import ideas
from smarthd.kernel.ids import uuid7


class IdeaRound(models.Model):
    """A call for ideas on one matter, within days (both included)."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    slug = models.SlugField(max_length=80, unique=True, editable=False)
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=160)
    intro = models.TextField(max_length=2000)
    state = models.CharField(max_length=8, default=ideas.RoundState.DRAFT)
    opens_on = models.DateField()
    closes_on = models.DateField()
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    sample = models.BooleanField(default=False)
    personal_data: ClassVar[tuple[str, ...]] = ("written_by",)

    class Meta:
        default_permissions = ()
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=list(ideas.RoundState)), name="idea_round_state_known"),
            models.CheckConstraint(condition=Q(closes_on__gte=F("opens_on")), name="idea_round_ends_after_it_begins"),
        ]
        indexes: ClassVar = [models.Index(fields=["agency", "-id"], name="idea_round_agency")]

    def __str__(self) -> str:
        return self.title


class Idea(models.Model):
    """What a citizen proposes. ``promised_on`` is the first promise and never moves; ``due_on`` is what is owed now.

    ``folded`` are title and words without marks. ``lat``, ``lon`` are where it would be, not where its author was.
    """

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    code = models.CharField(max_length=12, unique=True, editable=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    author_name = models.CharField(max_length=120, blank=True)
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    round = models.ForeignKey(IdeaRound, null=True, blank=True, on_delete=models.PROTECT, related_name="ideas")
    unit = models.ForeignKey("places.Unit", on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=ideas.TITLE)
    words = models.TextField(max_length=ideas.WORDS)
    spot = models.CharField(max_length=ideas.SPOT, blank=True)
    lat = models.FloatField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    folded = models.TextField(blank=True)
    state = models.CharField(max_length=12, default=ideas.State.WAITING)
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged")
    submitted_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    promised_on = models.DateField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    reminded_on = models.DateField(null=True, blank=True)
    sample = models.BooleanField(default=False)
    personal_data: ClassVar[tuple[str, ...]] = (
        "author",
        "author_name",
        "title",
        "words",
        "spot",
        "lat",
        "lon",
        "folded",
    )

    class Meta:
        default_permissions = ()
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=list(ideas.State)), name="idea_state_known"),
            models.CheckConstraint(
                condition=Q(state=ideas.State.MERGED, merged_into__isnull=False)
                | (~Q(state=ideas.State.MERGED) & Q(merged_into__isnull=True)),
                name="idea_merged_into_another",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=sorted(ideas.PUBLIC)) | Q(published_at__isnull=False),
                name="idea_public_was_published",
            ),
            models.CheckConstraint(
                condition=Q(lat__isnull=True, lon__isnull=True) | Q(lat__isnull=False, lon__isnull=False),
                name="idea_point_whole",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "-published_at"], name="idea_state"),
            models.Index(fields=["agency", "state"], name="idea_agency"),
            models.Index(fields=["unit", "state"], name="idea_unit"),
            models.Index(fields=["author"], name="idea_author", condition=Q(author__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.title


class IdeaPicture(models.Model):
    """A picture of an idea: our own encoding with faces and plates made unreadable; no original is kept."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    idea = models.ForeignKey(Idea, on_delete=models.CASCADE, related_name="pictures")
    position = models.PositiveSmallIntegerField()
    sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    personal_data: ClassVar[tuple[str, ...]] = ("sha256",)

    class Meta:
        default_permissions = ()
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["idea", "position"], name="idea_picture_once")]


class IdeaSupport(models.Model):
    """One person who supports an idea, the author among them; ``unit`` is where they lived then."""

    idea = models.ForeignKey(Idea, on_delete=models.CASCADE, related_name="supports")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    unit = models.ForeignKey("places.Unit", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    personal_data: ClassVar[tuple[str, ...]] = ("account", "unit", "at")

    class Meta:
        default_permissions = ()
        constraints: ClassVar = [models.UniqueConstraint(fields=["idea", "account"], name="idea_supported_once")]


class IdeaStep(models.Model):
    """One line of an idea's life; appended, never changed. ``until`` is the day an answer promises."""

    idea = models.ForeignKey(Idea, on_delete=models.CASCADE, related_name="steps")
    act = models.CharField(max_length=16)
    agency = models.ForeignKey("agencies.Agency", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    words = models.TextField(blank=True, max_length=ideas.WORDS)
    until = models.DateField(null=True, blank=True)
    at = models.DateTimeField()
    personal_data: ClassVar[tuple[str, ...]] = ("by",)

    class Meta:
        default_permissions = ()
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [models.Index(fields=["idea", "id"], name="idea_step")]
