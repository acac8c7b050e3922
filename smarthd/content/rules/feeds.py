"""News an agency already publishes elsewhere: what one item is, what changed, what is gone and what has only rolled off."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

MAX_ITEMS = 500


class Policy(StrEnum):
    """What is done with a new item."""

    DRAFT = "draft"  # thành bản nháp, chờ người
    AUTO = "auto"  # đăng ngay


POLICY_WORDS = {Policy.DRAFT: "Thành bản nháp, người của cơ quan trình duyệt", Policy.AUTO: "Đăng ngay, ghi rõ nguồn"}


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a feed. ``key`` is the feed's own name for it; ``at`` may be unknown."""

    key: str
    title: str
    summary: str
    link: str
    at: datetime | None


def readable(items: Iterable[Item]) -> list[Item]:
    """Return the newest items that have a name, words and an address, each once."""
    found: dict[str, Item] = {}
    for item in items:
        if item.key and item.title.strip() and item.link.startswith(("http://", "https://")):
            found.setdefault(item.key, item)
    newest = sorted(
        found.values(), key=lambda item: (item.at is not None, item.at.timestamp() if item.at else 0.0), reverse=True
    )
    return newest[:MAX_ITEMS]


def gone(held: Mapping[str, datetime | None], present: Iterable[Item]) -> set[str]:
    """Return which held items were taken out of the feed.

    A feed shows its newest items only: one older than all it shows now has rolled off, which says nothing. One within that span
    that is missing was taken out. An empty feed says nothing: it is more often broken than emptied.
    """
    now_there = list(present)
    days = [item.at for item in now_there if item.at is not None]
    if not days:
        return set()
    oldest, names = min(days), {item.key for item in now_there}
    return {key for key, at in held.items() if key not in names and at is not None and at >= oldest}
