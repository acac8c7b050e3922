"""Finding reports by words: everybody in what may be read, officials in what is within their reach; and what the search index is fed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from smarthd.fieldreports import policies
from smarthd.fieldreports.models import Report
from smarthd.fieldreports.rules import intake, states
from smarthd.fieldreports.rules.states import State
from smarthd.fieldreports.selectors import lists, rows
from smarthd.fieldreports.selectors.filters import Query
from smarthd.fieldreports.selectors.lists import Order
from smarthd.fieldreports.selectors.rows import Row
from smarthd.kernel.actor import Actor
from smarthd.kernel.paging import Page


def search(
    words: str, *, now: datetime, actor: Actor | None = None, cursor: str = "", limit: int = lists.PAGE
) -> Page[Row]:
    """Return reports whose words, address or code hold every typed word (the last as a beginning), newest first."""
    if not words.strip():
        return Page(())
    code = intake.code_of(words)
    found = Query(codes=(code,)) if code.startswith(intake.CODE_PREFIX) else Query(words=words)
    if actor is None:
        return lists.public_list(found, now=now, cursor=cursor, limit=limit)
    return lists.queue(actor, found, now=now, order=Order.NEWEST, cursor=cursor, limit=limit)


@dataclass(frozen=True, slots=True)
class Document:
    """What a search across the whole site keeps of a public report."""

    uid: UUID
    code: str
    title: str
    text: str
    href: str
    commune_id: int
    at: datetime


def search_documents(since: datetime | None = None) -> Iterator[Document]:
    """Yield every report whose words everybody may read, as the site's search keeps it; streamed, oldest change first."""
    found = Report.objects.filter(policies.public_q(), published_at__isnull=False).select_related("category")
    if since is not None:
        found = found.filter(published_at__gte=since)
    for report in found.only(*rows.COLUMNS).order_by("published_at", "id").iterator(chunk_size=2_000):
        words = rows.words_for(report, inside=False)
        yield Document(
            uid=report.uid,
            code=report.code,
            title=f"{report.category.name} · {states.STATE_WORDS[State(report.state)]}",
            text=words,
            href=f"/phan-anh/{report.code}/",
            commune_id=report.commune_id,
            at=report.received_at,
        )
