"""Which feeds an agency's news is taken from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from smarthd.content.models import Feed
from smarthd.content.rules import feeds


@dataclass(frozen=True, slots=True)
class FeedView:
    """A feed: ``taken`` items in all, ``live`` of them shown."""

    dataset_key: str
    name: str
    policy_word: str
    active: bool
    taken_at: datetime | None
    taken: int
    live: int


def feeds_of(agency_id: int) -> list[FeedView]:
    """Return an agency's feeds by name."""
    rows = Feed.objects.filter(agency_id=agency_id).annotate(
        taken=Count("items"), shown=Count("items", filter=Q(items__article__live=True))
    )
    return [
        FeedView(
            dataset_key=row.dataset_key,
            name=row.name,
            policy_word=feeds.POLICY_WORDS[feeds.Policy(row.policy)],
            active=row.active,
            taken_at=row.taken_at,
            taken=row.taken,
            live=row.shown,
        )
        for row in rows.order_by("name")
    ]
