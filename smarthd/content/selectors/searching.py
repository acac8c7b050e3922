"""What the search of the whole site may find in this context, and which of it can still be read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from smarthd.agencies import selectors as agencies
from smarthd.content import markup, rules
from smarthd.content.models import Article, Contact, Hotline, Idea, Notice
from smarthd.content.models.surveys import Survey
from smarthd.content.rules import ideas, kinds, surveys
from smarthd.content.selectors import articles
from smarthd.content.selectors.directory import NumberView
from smarthd.kernel import clock, text

HOTLINE, CONTACT = "hotline", "contact"
IDEA, SURVEY = "idea", "survey"
DIRECTORY = frozenset({HOTLINE, CONTACT})
"""Kinds that are kept in the directory; pages are of the kinds of ``rules.kinds.SECTION_WORDS``."""


@dataclass(frozen=True, slots=True)
class Document:
    """One thing to be found. ``words`` are all of its words as written; no ``unit_ids`` means it is for everyone."""

    kind: str
    key: str
    title: str
    summary: str
    words: str
    path: str
    unit_ids: tuple[int, ...]
    published_at: datetime | None
    expires_at: datetime | None = None
    numbers: tuple[NumberView, ...] = ()

    @property
    def folded(self) -> str:
        """Return its words without marks."""
        return text.fold(f"{self.title} {self.summary} {self.words}")


def search_documents(*, now: datetime) -> Iterator[Document]:
    """Yield all citizens can read or call now, in constant memory; ``kind`` of a page is its own."""
    yield from pages(now=now)
    yield from directory(now=now)


def pages(*, now: datetime, kind: str = "", slug: str = "") -> Iterator[Document]:
    """Yield every notice, page and idea that can be read and every survey that is open; or the one of a kind and an address.

    An idea's address is its code. A survey opened for an hour to come is among them: until then :func:`shown_sql` leaves it out.
    """
    notices, others = _readable_notices(now), articles.readable(now)
    board = Idea.objects.filter(state__in=ideas.PUBLIC)
    asking = Survey.objects.filter(state=surveys.State.OPEN, closes_at__gt=now, of_staff=False)
    if kind:
        notices = notices.filter(slug=slug) if kind == kinds.NOTICE else notices.none()
        others = others.filter(kind=kind, slug=slug)
        board = board.filter(code=slug) if kind == IDEA else board.none()
        asking = asking.filter(slug=slug) if kind == SURVEY else asking.none()
    for found in notices.prefetch_related("places").order_by("id").iterator(chunk_size=500):
        yield _notice(found)
    for one in others.prefetch_related("places").order_by("id").iterator(chunk_size=500):
        yield _article(one)
    for proposed in board.order_by("id").iterator(chunk_size=500):
        yield _idea(proposed)
    for asked in asking.prefetch_related("places", "questions").order_by("id").iterator(chunk_size=500):
        yield _survey(asked)


def _readable_notices(now: datetime) -> QuerySet[Notice]:
    return Notice.objects.filter(Q(expire_at=None) | Q(expire_at__gt=now), live=True, first_published_at__lte=now)


def _notice(found: Notice) -> Document:
    return Document(
        kind=kinds.NOTICE,
        key=found.slug,
        title=found.title,
        summary=found.summary,
        words=markup.plain(markup.clean(found.body)),
        path=f"/thong-bao/{found.slug}/",
        unit_ids=tuple(place.unit_id for place in found.places.all()),
        published_at=found.first_published_at,
        expires_at=found.expire_at,
    )


def _article(found: Article) -> Document:
    told = (found.number, found.issuer, found.steps, found.papers, found.place, markup.plain(markup.clean(found.body)))
    return Document(
        kind=found.kind,
        key=found.slug,
        title=found.title,
        summary=found.summary,
        words=" ".join(part for part in told if part),
        path=f"/{kinds.PATHS[kinds.Kind(found.kind)]}/{found.slug}/",
        unit_ids=tuple(place.unit_id for place in found.places.all()),
        published_at=found.first_published_at,
        expires_at=found.expire_at,
    )


def _idea(found: Idea) -> Document:
    return Document(
        kind=IDEA,
        key=found.code,
        title=found.title,
        summary=found.words[:200],
        words=found.words,
        path=f"/hien-ke/{found.code}/",
        unit_ids=(found.unit_id,),
        published_at=found.published_at,
    )


def _survey(found: Survey) -> Document:
    return Document(
        kind=SURVEY,
        key=found.slug,
        title=found.title,
        summary=found.intro[:200],
        words=" ".join([found.intro, *(question.words for question in found.questions.all()), found.draft_text]),
        path=f"/y-kien/{found.slug}/",
        unit_ids=tuple(place.unit_id for place in found.places.all()),
        published_at=found.opens_at,
        expires_at=found.closes_at,
    )


def directory(*, now: datetime) -> Iterator[Document]:
    """Yield every number citizens can call and every official they can ask."""
    for found in Hotline.objects.filter(active=True).prefetch_related("numbers").order_by("id").iterator(500):
        word = rules.CATEGORY_WORDS[rules.HotlineCategory(found.category)]
        told = (found.note, found.hours, "số minh họa" if found.sample else "")
        yield Document(
            kind=HOTLINE,
            key=found.key,
            title=found.name,
            summary=" · ".join(part for part in told if part),
            words=word,
            path=f"/danh-ba/#{found.key}",
            unit_ids=(found.unit_id,) if found.unit_id else (),
            published_at=None,
            numbers=tuple(NumberView(dial=n.dial, shown=n.shown, label=n.label) for n in found.numbers.all()),
        )
    yield from _contacts(now)


def _contacts(now: datetime) -> Iterator[Document]:
    rows, on = list(Contact.objects.filter(active=True).order_by("id")), clock.day_of(now)
    heirs = agencies.heirs_on({row.agency_id for row in rows}, on)
    views = agencies.agency_views(set(heirs.values()), on) if heirs else {}
    for row in rows:
        agency = views.get(heirs.get(row.agency_id, 0))
        if agency is None:
            continue
        yield Document(
            kind=CONTACT,
            key=str(row.uid),
            title=row.full_name,
            summary=f"{row.position}, {agency.name}",
            words=f"{row.work} {row.reception}",
            path=f"/danh-ba/can-bo/?co-quan={agency.uid}",
            unit_ids=(agency.place_id,) if agency.place_id else (),
            published_at=None,
            numbers=(NumberView(dial=row.dial, shown=row.shown, label=""),) if row.dial else (),
        )


def shown_sql() -> str:
    """Return a statement that gives the kind and key of everything citizens can read or call at ``%(now)s``, for others to look into."""
    public = ", ".join(repr(state.value) for state in sorted(ideas.PUBLIC))
    return (
        "SELECT 'notice'::text AS kind, slug::text AS key FROM content_notice "
        "WHERE live AND first_published_at <= %(now)s AND (expire_at IS NULL OR expire_at > %(now)s) UNION ALL "
        "SELECT kind::text, slug::text FROM content_article "
        "WHERE live AND first_published_at <= %(now)s AND (expire_at IS NULL OR expire_at > %(now)s) UNION ALL "
        f"SELECT 'idea', code::text FROM content_idea WHERE state IN ({public}) UNION ALL "
        "SELECT 'survey', slug::text FROM content_survey "
        f"WHERE state = '{surveys.State.OPEN.value}' AND NOT of_staff AND opens_at <= %(now)s AND closes_at > %(now)s UNION ALL "
        "SELECT 'hotline', key::text FROM content_hotline WHERE active UNION ALL "
        "SELECT 'contact', uid::text FROM content_contact WHERE active"
    )
