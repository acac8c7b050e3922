"""One page of a kind as its address shows it, with its files and what it is linked with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from smarthd.agencies import selectors as agencies
from smarthd.content import markup, rules
from smarthd.content.models import Article
from smarthd.content.rules import kinds, tables
from smarthd.content.selectors import pieces
from smarthd.content.selectors.articles.lists import legal_state, level, readable
from smarthd.content.selectors.pieces import PictureView
from smarthd.kernel import clock, errors, text
from smarthd.places import selectors as places

_MOST_REPLACEMENTS = 8


class ArticleUnknown(errors.NotFound):
    """No page was ever published under this address."""


@dataclass(frozen=True, slots=True)
class FileView:
    """A file beside a page."""

    id: int
    title: str
    form: str
    size: int
    transcript: tuple[str, ...]
    url: str
    captions_url: str = ""
    pages: int | None = None
    has_words: bool = True


@dataclass(frozen=True, slots=True)
class TableView:
    """A table after the words: names of columns, rows; ``row_heads``: the first cell of a row names it."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    row_heads: bool


@dataclass(frozen=True, slots=True)
class Linked:
    """Another page named on this one."""

    title: str
    path: str
    language: str


@dataclass(frozen=True, slots=True)
class PlaceNamed:
    """A unit a page is for, as it was called then, and what stands there now where that is another."""

    name: str
    now: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ArticleShown:
    """A page. Unless it is shown (``standing``), only title, agency and days are given."""

    uid: UUID
    kind: str
    kind_word: str
    slug: str
    standing: str
    title: str
    summary: str
    body: str
    topic: str
    topic_word: str
    picture: PictureView | None
    agency_name: str
    agency_uid: UUID | None
    place_names: tuple[PlaceNamed, ...]
    language: str
    source: str
    source_url: str
    published_at: datetime | None
    updated_at: datetime | None
    expires_at: datetime | None
    checked_on: date | None
    minutes: int
    sample: bool
    steps: tuple[str, ...] = ()
    papers: tuple[str, ...] = ()
    legal_ground: tuple[str, ...] = ()
    fee: str = ""
    duration: str = ""
    place: str = ""
    level_word: str = ""
    link: str = ""
    number: str = ""
    issuer: str = ""
    issued_on: date | None = None
    effective_on: date | None = None
    ended_on: date | None = None
    state: str = ""
    state_word: str = ""
    replaces: Linked | None = None
    replaced_by: tuple[Linked, ...] = ()
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    tables: tuple[TableView, ...] = ()
    files: tuple[FileView, ...] = ()
    other_languages: tuple[Linked, ...] = field(default=())
    older_than_original: bool = False

    @property
    def path(self) -> str:
        """Return the address of the page."""
        return f"/{kinds.PATHS[kinds.Kind(self.kind)]}/{self.slug}/"

    @property
    def list_path(self) -> str:
        """Return the address of the list it is in."""
        return f"/{kinds.PATHS[kinds.Kind(self.kind)]}/"

    @property
    def updated_later(self) -> bool:
        """Say whether the words changed on a later day than they were published."""
        return bool(
            self.published_at and self.updated_at and clock.day_of(self.updated_at) > clock.day_of(self.published_at)
        )


def article(kind: kinds.Kind, slug: str, *, now: datetime) -> ArticleShown:
    """Return the page of an address and how it stands, or raise ArticleUnknown if it was never published."""
    found = Article.objects.filter(kind=kind, slug=slug).select_related("image", "original", "replaces").first()
    if found is None or found.first_published_at is None:
        raise ArticleUnknown(slug=slug)
    return shown(found, now=now)


def draft_as_shown(draft: Article) -> ArticleShown:
    """Return a draft as the citizen would see it: the value behind "Người dân sẽ thấy"."""
    return shown(draft, now=clock.now(), preview=True)


def shown(found: Article, *, now: datetime, preview: bool = False) -> ArticleShown:
    """Return a page as its address shows it; a preview shows a draft as if it were published now."""
    on = clock.day_of(now)
    standing = rules.Standing.SHOWN if preview else pieces.standing_of(found, now=now)
    agency = agencies.agency_views([found.agency_id], on).get(found.agency_id) if found.agency_id else None
    plain = standing is rules.Standing.SHOWN
    body = markup.clean(found.body) if plain else ""
    told = _told(found, on=on, now=now) if plain else {}
    return ArticleShown(
        uid=found.uid,
        kind=found.kind,
        kind_word=kinds.WORDS[kinds.Kind(found.kind)],
        slug=found.slug,
        standing=standing,
        title=found.title,
        summary=found.summary if plain else "",
        body=body,
        topic=found.topic,
        topic_word=kinds.TOPIC_WORDS[kinds.Topic(found.topic)],
        picture=pieces.picture(found) if plain else None,
        agency_name=agency.name if agency else "",
        agency_uid=agency.uid if agency else None,
        language=found.language,
        source=found.source if plain else "",
        source_url=markup.safe_link(found.source_url) if plain else "",
        published_at=found.first_published_at or now,
        updated_at=found.last_published_at,
        expires_at=found.expire_at,
        checked_on=found.checked_on,
        minutes=rules.reading_minutes(f"{found.summary} {markup.plain(body)} {found.steps} {found.papers}"),
        sample=found.sample,
        **({"place_names": ()} | told),
    )


def _told(found: Article, *, on: date, now: datetime) -> dict[str, Any]:
    """Return the facts of a readable page's kind, its files and what it is linked with."""
    state = legal_state(found.kind, found.effective_on, found.ended_on, on)
    return {
        "place_names": _places(found, on=on, then=clock.day_of(found.first_published_at or now)),
        "steps": kinds.lines(found.steps),
        "papers": kinds.lines(found.papers),
        "legal_ground": kinds.lines(found.legal_ground),
        "fee": found.fee,
        "duration": found.duration,
        "place": found.place,
        "level_word": level(found.service_level),
        "link": markup.safe_link(found.link),
        "number": found.number,
        "issuer": found.issuer,
        "issued_on": found.issued_on,
        "effective_on": found.effective_on,
        "ended_on": found.ended_on,
        "state": state,
        "state_word": kinds.LEGAL_WORDS[kinds.LegalState(state)] if state else "",
        "replaces": _linked(found.replaces, now) if found.replaces_id else None,
        "replaced_by": _replacements(found, now),
        "starts_at": found.starts_at,
        "ends_at": found.ends_at,
        "tables": _tables(found),
        "files": _files(found),
        "other_languages": _other_languages(found, now),
        "older_than_original": bool(
            found.original_id and found.original and found.original.live_revision_id != found.original_revision
        ),
    }


def _replacements(found: Article, now: datetime) -> tuple[Linked, ...]:
    """Return what replaced a document, and what replaced that, to the one that holds today; the newest last."""
    chain: list[Article] = []
    first = found.original_id or found.pk
    last = [first] if first else []
    for _step in range(_MOST_REPLACEMENTS):
        later = (
            list(readable(now).filter(replaces_id__in=last, original=None).order_by("issued_on", "id")) if last else []
        )
        known = {one.pk for one in chain} | {first}
        last = [one.pk for one in later if one.pk not in known]
        if not last:
            break
        chain += [one for one in later if one.pk not in known]
    return _all_linked(chain, now)


def _places(found: Article, *, on: date, then: date) -> tuple[PlaceNamed, ...]:
    unit_ids = [place.unit_id for place in found.places.all()]
    named = places.views(unit_ids, then) if unit_ids else {}
    told = [
        PlaceNamed(
            view.full_name, tuple(after.unit.full_name for after in places.successors(view.id, on) if after.share > 0)
        )
        for view in named.values()
    ]
    return tuple(sorted(told, key=lambda one: text.fold(one.name)))


def _tables(found: Article) -> tuple[TableView, ...]:
    return tuple(
        TableView(one.caption, told.heads, told.rows, one.row_heads)
        for one in found.tables.all()
        if (told := tables.grid(one.cells)).rows
    )


def _files(found: Article) -> tuple[FileView, ...]:
    return tuple(
        FileView(
            id=file.pk or 0,
            title=file.title,
            form=file.form,
            size=file.size,
            transcript=tuple(line for line in file.transcript.splitlines() if line.strip()),
            url=f"/tep/noi-dung/{found.uid}/{file.sha256[:16]}.{'mp4' if file.form == kinds.FileForm.VIDEO else 'pdf'}",
            captions_url=f"/tep/noi-dung/{found.uid}/{file.sha256[:16]}.vtt" if file.captions else "",
            pages=file.pages,
            has_words=file.has_words,
        )
        for file in found.files.all()
    )


def _other_languages(found: Article, now: datetime) -> tuple[Linked, ...]:
    if found.pk is None:
        return ()
    related = readable(now).filter(Q(original_id=found.pk) | Q(pk=found.original_id)).exclude(pk=found.pk)
    return _all_linked(related.order_by("language"), now)


def _all_linked(rows: Iterable[Article], now: datetime) -> tuple[Linked, ...]:
    return tuple(link for row in rows if (link := _linked(row, now)) is not None)


def _linked(other: Article | None, now: datetime) -> Linked | None:
    if other is None or pieces.standing_of(other, now=now) is not rules.Standing.SHOWN:
        return None
    return Linked(other.title, f"/{kinds.PATHS[kinds.Kind(other.kind)]}/{other.slug}/", other.language)
