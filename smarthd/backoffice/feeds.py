"""Where departments' feeds meet citizens' news: a dataset of a feed becomes pages of its agency."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from smarthd.connectors.errors import DatasetUnknown
from smarthd.connectors.selectors import public
from smarthd.connectors.selectors.public import Dataset, Query, RowView
from smarthd.content.rules.feeds import MAX_ITEMS, Item
from smarthd.content.services import feeds
from smarthd.content.services.feeds import Taken
from smarthd.kernel import actor as actors
from smarthd.kernel import clock

SYSTEM = actors.system("content.feeds")
TITLE, SUMMARY, LINK, DAY = "Tiêu đề", "Tóm tắt", "Liên kết", "Ngày đăng"
WORDS, LISTED = "Nội dung", "Ngày trong sơ đồ trang"
PARAGRAPH = "¶"
"""Headings under which the connectors give a feed's items."""


def feeds_among(datasets: list[Dataset]) -> list[Dataset]:
    """Return the datasets that hold items of a feed."""
    return [one for one in datasets if {TITLE, LINK} <= {field.header for field in one.mapping.fields}]


def take(key: str, *, now: datetime) -> Taken:
    """Bring the news of a dataset's agency to what the dataset holds; a dataset that is gone changes nothing."""
    try:
        shown = public.dataset(key, now=now)
    except DatasetUnknown:
        return Taken()
    if not feeds_among([shown]):
        return Taken()
    return feeds.take_feed(dataset_key=key, items=list(_items(shown, now)), actor=SYSTEM, now=now)


def _items(shown: Dataset, now: datetime) -> Iterator[Item]:
    names = {field.header: field.key for field in shown.mapping.fields}
    cursor, read = "", 0
    while read < MAX_ITEMS:
        page = public.rows_page(shown, Query(), now=now, cursor=cursor)
        for row in page.items:
            read += 1
            yield _item(row, names)
        cursor = page.next_cursor
        if not cursor:
            return


def _item(row: RowView, names: dict[str, str]) -> Item:
    def told(header: str) -> str:
        return str(row.values.get(names.get(header, "")) or "")

    return Item(
        key=row.code[:300],
        title=told(TITLE),
        summary=told(SUMMARY),
        link=told(LINK),
        at=_instant(told(DAY)),
        paragraphs=tuple(one for part in told(WORDS).split(PARAGRAPH) if (one := part.strip())),
        listed_at=_instant(told(LISTED)),
    )


def _instant(written: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(written)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=clock.ZONE)
