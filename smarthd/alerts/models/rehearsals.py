"""Rehearsals at full size that were run, each with what it counted."""

from __future__ import annotations

from django.db import models


class Rehearsal(models.Model):
    """One rehearsal. ``figures`` as ``rules.rehearsals.Figures``; ``problems`` what failed, in words, empty when it passed."""

    ran_at = models.DateTimeField()
    phones = models.PositiveIntegerField()
    passed = models.BooleanField()
    quick = models.BooleanField()
    figures = models.JSONField()
    problems = models.JSONField(default=list)
