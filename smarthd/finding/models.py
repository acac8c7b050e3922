"""What can be found, the words it is found by, the words that may be meant, and popular names of things."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q

from smarthd.finding.rules.kinds import Kind
from smarthd.kernel.ids import uuid7


class Entry(models.Model):
    """One thing a citizen may find. Whose it is keeps the truth; this is its shadow, written by the queue and checked when answering.

    ``heads`` are the lexemes of title, popular names and summary with the facets, ``words`` all of them (``kernel.lexemes``);
    ``length`` counts the words of the title; ``unit_ids`` are the units it is for, none for everyone; ``digest`` tells when it changed.
    """

    kind = models.CharField(max_length=12)
    key = models.CharField(max_length=200, db_collation="C")
    title = models.CharField(max_length=400)
    note = models.CharField(max_length=400, blank=True)
    path = models.CharField(max_length=300)
    numbers = models.JSONField(default=list)
    heads = SearchVectorField()
    words = SearchVectorField()
    length = models.PositiveSmallIntegerField()
    unit_ids = ArrayField(models.BigIntegerField(), default=list)
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    fresh_at = models.DateTimeField(null=True)
    shown_until = models.DateTimeField(null=True)
    digest = models.BinaryField(max_length=16)

    personal_data: ClassVar[tuple[str, ...]] = ("title", "numbers")  # officials to ask, as their agency publishes them

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "key"], name="entry_once"),
            models.CheckConstraint(condition=Q(kind__in=list(Kind)), name="entry_kind_known"),
            models.CheckConstraint(condition=~Q(title=""), name="entry_has_title"),
            models.CheckConstraint(condition=Q(path__startswith="/"), name="entry_leads_somewhere"),
        ]
        indexes: ClassVar = [
            GinIndex(fields=["heads"], name="entry_heads"),
            GinIndex(fields=["words"], name="entry_words"),
        ]


class Term(models.Model):
    """A word that stands somewhere, and in how many entries and public rows."""

    word = models.CharField(max_length=20, primary_key=True, db_collation="C")
    entries = models.PositiveIntegerField()
    rows = models.PositiveBigIntegerField()

    personal_data: ClassVar[tuple[str, ...]] = ()


class TermKey(models.Model):
    """What is left of a word when one letter, or two of a long one, are struck out: words that share one are near (SymSpell)."""

    key = models.CharField(max_length=20, db_collation="C")
    term = models.ForeignKey(Term, on_delete=models.CASCADE, related_name="+")

    personal_data: ClassVar[tuple[str, ...]] = ()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["key", "term"], name="term_key_once")]


class PopularName(models.Model):
    """What people say for what offices write: whose title holds ``meant`` is found by ``said`` too."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    said = models.CharField(max_length=80)
    said_folded = models.CharField(max_length=80, db_collation="C")
    meant = models.CharField(max_length=160)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    personal_data: ClassVar[tuple[str, ...]] = ("added_by",)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["said_folded", "meant"], condition=Q(ended_at=None), name="popular_name_once"
            ),
            models.CheckConstraint(condition=~Q(said_folded="") & ~Q(meant=""), name="popular_name_says_something"),
        ]
