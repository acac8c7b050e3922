"""News an agency already publishes elsewhere: what one item is, what changed, what is gone and what has only rolled off."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from urllib.parse import parse_qsl, urlencode, urlsplit

from smarthd.kernel import text

MAX_ITEMS = 500


class Policy(StrEnum):
    """What is done with a new item."""

    DRAFT = "draft"  # thành bản nháp, chờ người
    AUTO = "auto"  # đăng ngay


POLICY_WORDS = {Policy.DRAFT: "Thành bản nháp, người của cơ quan trình duyệt", Policy.AUTO: "Đăng ngay, ghi rõ nguồn"}


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a feed. ``key`` is the feed's own name for it; ``at`` may be unknown.

    ``paragraphs`` are its words where the source gives more than a summary; ``listed_at`` the day by which the source orders its list,
    where that is another than the day of publication (a sitemap's).
    """

    key: str
    title: str
    summary: str
    link: str
    at: datetime | None
    paragraphs: tuple[str, ...] = ()
    listed_at: datetime | None = None

    @property
    def placed_at(self) -> datetime | None:
        """Return the day that gives the item its place in the source's list."""
        return self.listed_at or self.at


def readable(items: Iterable[Item]) -> list[Item]:
    """Return the newest items that have a name, words and an address, each once."""
    found: dict[str, Item] = {}
    for item in items:
        if item.key and item.title.strip() and item.link.startswith(("http://", "https://")):
            found.setdefault(item.key, item)
    newest = sorted(
        found.values(), key=lambda item: item.placed_at.timestamp() if item.placed_at else float("-inf"), reverse=True
    )
    return newest[:MAX_ITEMS]


def address_mark(link: str) -> str:
    """Return an address without what does not tell pages apart: http or https, www, a last slash, marks of campaigns, a fragment."""
    parts = urlsplit(link)
    asked = sorted((name, value) for name, value in parse_qsl(parts.query) if not name.startswith(("utm_", "fbclid")))
    host = parts.netloc.lower().removeprefix("www.")
    return f"{host}{parts.path.rstrip('/')}?{urlencode(asked)}".rstrip("?")


def words_mark(item: Item) -> str:
    """Return what two items with the same words share, whatever their addresses, marks and cases."""
    words = text.fold(" ".join([item.title, *(item.paragraphs or (item.summary,))]))
    return hashlib.sha256(" ".join(words.split()).encode()).hexdigest()


def gone(held: Mapping[str, datetime | None], present: Iterable[Item]) -> set[str]:
    """Return which held items were taken out of the feed.

    A feed shows its newest items only: one older than all it shows now has rolled off, which says nothing. One within that span
    that is missing was taken out. An empty feed says nothing: it is more often broken than emptied.
    """
    now_there = list(present)
    days = [item.placed_at for item in now_there if item.placed_at is not None]
    if not days:
        return set()
    oldest, names = min(days), {item.key for item in now_there}
    return {key for key, at in held.items() if key not in names and at is not None and at >= oldest}
