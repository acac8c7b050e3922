"""Words once spoken are kept: the same words by the same voice are one file."""

from __future__ import annotations

from django.db import models


class Speech(models.Model):
    """A recording in our keeping, found by the hash of the voice and the words."""

    words_sha256 = models.CharField(max_length=64, unique=True)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    milliseconds = models.PositiveIntegerField()
    made_at = models.DateTimeField()
