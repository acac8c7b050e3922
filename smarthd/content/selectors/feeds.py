"""Which feeds an agency's news is taken from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from smarthd.content.models import Feed, FeedItem
from smarthd.content.rules import feeds

MOST_GONE = 10


@dataclass(frozen=True, slots=True)
class FeedView:
    """A feed: ``taken`` items in all, ``live`` of them shown, ``waiting`` drafts nobody has published; ``gone`` the newest of those the source took out."""

    dataset_key: str
    name: str
    policy_word: str
    active: bool
    taken_at: datetime | None
    taken: int
    live: int
    waiting: int
    same: int
    gone: tuple[GonePage, ...]


@dataclass(frozen=True, slots=True)
class GonePage:
    """A page whose source no longer shows it, and since when that is known."""

    article_id: int
    title: str
    live: bool
    at: datetime | None


def feeds_of(agency_id: int) -> list[FeedView]:
    """Return an agency's feeds by name."""
    rows = Feed.objects.filter(agency_id=agency_id).annotate(
        taken=Count("items"),
        shown=Count("items", filter=Q(items__article__live=True)),
        waiting=Count("items", filter=Q(items__article__first_published_at=None, items__gone=False)),
    )
    missed = _gone(agency_id)
    return [
        FeedView(
            dataset_key=row.dataset_key,
            name=row.name,
            policy_word=feeds.POLICY_WORDS[feeds.Policy(row.policy)],
            active=row.active,
            taken_at=row.taken_at,
            taken=row.taken,
            live=row.shown,
            waiting=row.waiting,
            same=row.same,
            gone=tuple(missed.get(row.pk, [])[:MOST_GONE]),
        )
        for row in rows.order_by("name")
    ]


def _gone(agency_id: int) -> dict[int, list[GonePage]]:
    found: dict[int, list[GonePage]] = {}
    rows = FeedItem.objects.filter(feed__agency_id=agency_id, gone=True).select_related("article")
    for row in rows.order_by("-gone_at", "-id")[:200]:
        found.setdefault(row.feed_id, []).append(
            GonePage(row.article_id, row.article.title, row.article.live, row.gone_at)
        )
    return found


def gone_at_source(article_id: int) -> datetime | None:
    """Return when it was found that a page's source no longer shows it; None while it does, or where the page came from no feed."""
    return FeedItem.objects.filter(article_id=article_id, gone=True).values_list("gone_at", flat=True).first()
