"""One row that says whether anything a citizen can read has changed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class ContentVersion(models.Model):
    """The version of all published content. Triggers raise it in the transaction of the change (0002_constraints)."""

    value = models.BigIntegerField(default=1)
    personal_data: ClassVar[tuple[str, ...]] = ()

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=Q(id=1), name="content_version_one_row")]
