"""What the search page may find in this context."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from smarthd.content import markup, rules
from smarthd.content.models import Hotline, Idea, Notice
from smarthd.content.rules import ideas, kinds
from smarthd.content.selectors import articles
from smarthd.kernel import text


@dataclass(frozen=True, slots=True)
class Document:
    """One thing to be found. ``folded`` holds its words without marks; no ``unit_ids`` means it is for everyone."""

    kind: str
    key: str
    title: str
    summary: str
    folded: str
    path: str
    unit_ids: tuple[int, ...]
    published_at: datetime | None


def search_documents(*, now: datetime) -> Iterator[Document]:
    """Yield every notice, page and idea citizens can read now and every number they can call, in constant memory; ``kind`` of a page is its own."""
    notices = Notice.objects.filter(live=True, first_published_at__lte=now).prefetch_related("places").order_by("id")
    for found in notices.iterator(chunk_size=500):
        if found.expire_at is not None and found.expire_at <= now:
            continue
        yield Document(
            kind="notice",
            key=found.slug,
            title=found.title,
            summary=found.summary,
            folded=text.fold(f"{found.title} {found.summary} {markup.plain(markup.clean(found.body))}"),
            path=f"/thong-bao/{found.slug}/",
            unit_ids=tuple(place.unit_id for place in found.places.all()),
            published_at=found.first_published_at,
        )
    yield from _articles(now)
    yield from _ideas()
    for hotline in Hotline.objects.filter(active=True).prefetch_related("numbers").order_by("id").iterator(500):
        word = rules.CATEGORY_WORDS[rules.HotlineCategory(hotline.category)]
        numbers = " ".join(f"{number.dial} {number.shown}" for number in hotline.numbers.all())
        yield Document(
            kind="hotline",
            key=hotline.key,
            title=hotline.name,
            summary=hotline.note or hotline.hours,
            folded=text.fold(f"{hotline.name} {hotline.note} {word} {numbers}"),
            path=f"/danh-ba/#{hotline.key}",
            unit_ids=(hotline.unit_id,) if hotline.unit_id else (),
            published_at=None,
        )


def _ideas() -> Iterator[Document]:
    rows = Idea.objects.filter(state__in=ideas.PUBLIC).order_by("id")
    for found in rows.iterator(chunk_size=500):
        yield Document(
            kind="idea",
            key=found.code,
            title=found.title,
            summary=found.words[:200],
            folded=found.folded,
            path=f"/hien-ke/{found.code}/",
            unit_ids=(found.unit_id,),
            published_at=found.published_at,
        )


def _articles(now: datetime) -> Iterator[Document]:
    for found in articles.readable(now).prefetch_related("places").order_by("id").iterator(chunk_size=500):
        yield Document(
            kind=found.kind,
            key=found.slug,
            title=found.title,
            summary=found.summary,
            folded=text.fold(
                f"{found.number} {found.title} {found.summary} {found.steps} {found.papers} {markup.plain(markup.clean(found.body))}"
            ),
            path=f"/{kinds.PATHS[kinds.Kind(found.kind)]}/{found.slug}/",
            unit_ids=tuple(place.unit_id for place in found.places.all()),
            published_at=found.first_published_at,
        )
