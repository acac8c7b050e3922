"""What becomes of what people wrote: groups of opinions on a draft, each with the drafting unit's answer; answers taken on paper."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from smarthd.content.models.surveys import Survey
from smarthd.content.rules import opinions
from smarthd.kernel.ids import uuid7


class OpinionGroup(models.Model):
    """Opinions that say the same of one paragraph of a draft (none: of the whole), and what the drafting unit answers."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="groups")
    paragraph = models.PositiveSmallIntegerField(null=True, blank=True)
    summary = models.TextField(max_length=opinions.SUMMARY)
    people = models.PositiveIntegerField()
    stand = models.CharField(max_length=10)
    answer = models.TextField(max_length=opinions.ANSWER)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    written_at = models.DateTimeField()
    personal_data: ClassVar[tuple[str, ...]] = ("written_by",)

    class Meta:
        default_permissions = ()
        ordering: ClassVar = ["paragraph", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(stand__in=list(opinions.Stand)), name="opinion_group_stand_known"),
            models.CheckConstraint(condition=Q(people__gte=1), name="opinion_group_of_somebody"),
        ]
        indexes: ClassVar = [models.Index(fields=["survey", "paragraph"], name="opinion_group_survey")]

    def __str__(self) -> str:
        return self.summary[:80]
