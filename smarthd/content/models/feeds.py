"""An agency's own news elsewhere, taken over from a dataset of its feed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from smarthd.content.rules import feeds


class Feed(models.Model):
    """Which dataset's items become an agency's news. ``dataset_key`` is the connectors' public key: never a foreign key upward."""

    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    dataset_key = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=160)
    policy = models.CharField(max_length=8, choices=[(str(key), word) for key, word in feeds.POLICY_WORDS.items()])
    active = models.BooleanField(default=True)
    taken_at = models.DateTimeField(null=True, blank=True)
    same = models.PositiveIntegerField(default=0)
    """How many items of the last taking were left because the agency has them already from another feed or under another address."""
    personal_data: ClassVar[tuple[str, ...]] = ()

    class Meta:
        default_permissions = ()
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(policy__in=list(feeds.Policy)), name="feed_policy_known")
        ]


class FeedItem(models.Model):
    """One item taken from a feed and the page it became; ``words`` is shared by items that say the same, ``gone_at`` when it was last missed."""

    feed = models.ForeignKey(Feed, on_delete=models.CASCADE, related_name="items")
    key = models.CharField(max_length=300)
    at = models.DateTimeField(null=True, blank=True)
    digest = models.CharField(max_length=64)
    words = models.CharField(max_length=64, default="", blank=True)
    article = models.OneToOneField("content.Article", on_delete=models.PROTECT, related_name="+")
    gone = models.BooleanField(default=False)
    gone_at = models.DateTimeField(null=True, blank=True)
    personal_data: ClassVar[tuple[str, ...]] = ()

    class Meta:
        default_permissions = ()
        constraints: ClassVar = [models.UniqueConstraint(fields=["feed", "key"], name="feed_item_once")]
