"""Pages of the kinds (rules.kinds) as citizens see them: lists with filters, one page, their files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from smarthd.agencies import selectors as agencies
from smarthd.content import markup, rules
from smarthd.content.models import Article, ArticlePlace
from smarthd.content.rules import kinds
from smarthd.content.selectors import pieces
from smarthd.content.selectors.pieces import PictureView
from smarthd.content.selectors.reach import units_concerning
from smarthd.kernel import clock, errors, paging, text
from smarthd.places import selectors as places

_CARD_FIELDS = (
    "id", "uid", "kind", "slug", "title", "summary", "topic", "agency_id", "language", "sample", "first_published_at", "expire_at",
    "number", "issued_on", "effective_on", "ended_on", "starts_at", "ends_at", "place", "service_level", "duration", "source",
)  # fmt: skip


class ArticleUnknown(errors.NotFound):
    """No page was ever published under this address."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is asked for: ``unit_id`` is the reader's own unit, ``only_mine`` leaves out what is for everyone."""

    kind: kinds.Kind
    unit_id: int | None = None
    only_mine: bool = False
    agency_id: int | None = None
    topic: str = ""
    words: str = ""
    past: bool = False
    language: str = rules.Language.VI


@dataclass(frozen=True, slots=True)
class ArticleCard:
    """A page in a list; ``hint`` is the one fact of its kind worth a line there."""

    kind: str
    slug: str
    title: str
    summary: str
    agency_name: str
    language: str
    published_at: datetime
    starts_at: datetime | None
    ends_at: datetime | None
    place: str
    state: str
    state_word: str
    number: str
    level_word: str
    mine: bool
    sample: bool
    source: str = ""

    @property
    def path(self) -> str:
        """Return the address of the page."""
        return f"/{kinds.PATHS[kinds.Kind(self.kind)]}/{self.slug}/"


@dataclass(frozen=True, slots=True)
class FileView:
    """A file beside a page."""

    id: int
    title: str
    form: str
    size: int
    transcript: tuple[str, ...]
    url: str


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


def readable(now: datetime) -> QuerySet[Article]:
    """Return the pages that can be read at an instant."""
    return Article.objects.filter(Q(expire_at=None) | Q(expire_at__gt=now), live=True, first_published_at__lte=now)


def _chosen(wanted: Wanted, now: datetime) -> QuerySet[Any]:
    on = clock.day_of(now)
    concerning = units_concerning(wanted.unit_id, on=on)
    own = Exists(ArticlePlace.objects.filter(article=OuterRef("pk"), unit_id__in=concerning))
    mine: Any = own if concerning else Value(value=False, output_field=BooleanField())
    rows: QuerySet[Any] = readable(now).filter(kind=wanted.kind).annotate(mine=mine)
    rows = (
        rows.filter(original=None) if wanted.language == rules.Language.VI else _in_language(rows, wanted.language, now)
    )
    rows = (
        rows.filter(mine=True) if wanted.only_mine else rows.filter(Q(audience=rules.Audience.PROVINCE) | Q(mine=True))
    )
    if wanted.agency_id is not None:
        former = [published for published, heir in _heirs(wanted.kind, now).items() if heir == wanted.agency_id]
        rows = rows.filter(agency_id__in=[wanted.agency_id, *former])
    if wanted.topic:
        rows = rows.filter(topic=wanted.topic)
    for word in text.fold(wanted.words).split()[:8]:
        rows = rows.filter(folded__contains=word)
    if wanted.kind is kinds.Kind.EVENT:
        rows = rows.annotate(over=Coalesce("ends_at", "starts_at"))
        start = clock.start_of(on)
        rows = rows.filter(over__lt=start) if wanted.past else rows.filter(over__gte=start)
    return rows


def _in_language(rows: QuerySet[Any], language: str, now: datetime) -> QuerySet[Any]:
    """Return each page once: in the language where there is such a version, else as it was written."""
    translated = readable(now).filter(original=OuterRef("pk"), language=language)
    return rows.exclude(Exists(translated)).filter(Q(original=None) | Q(language=language))


def _heirs(kind: kinds.Kind, now: datetime) -> dict[int, int]:
    """Return the agencies that published something readable of a kind, each with who answers for it today."""
    ids = readable(now).filter(kind=kind).values_list("agency_id", flat=True).distinct()
    return agencies.heirs_on(ids, clock.day_of(now))


def page(wanted: Wanted, *, now: datetime, cursor: str = "", size: int = 20) -> paging.Page[ArticleCard]:
    """Return one page of a list: events by their hour, everything else newest first; raises BadCursor."""
    rows = _chosen(wanted, now)
    coming = wanted.kind is kinds.Kind.EVENT and not wanted.past
    key = "starts_at" if wanted.kind is kinds.Kind.EVENT else "first_published_at"
    if cursor:
        instant, last_id = pieces.position(cursor)
        beyond = "gt" if coming else "lt"
        rows = rows.filter(Q(**{f"{key}__{beyond}": instant}) | Q(**{key: instant, f"id__{beyond}": last_id}))
    order = (F(key).asc(), F("id").asc()) if coming else (F(key).desc(), F("id").desc())
    found = list(rows.order_by(*order).values(*_CARD_FIELDS, "mine")[: size + 1])
    last = found[size - 1] if len(found) > size else None
    following = pieces.cursor_of(last[key], last["id"]) if last else ""
    return paging.Page(items=_cards(found[:size], clock.day_of(now)), next_cursor=following)


def newest(kind: kinds.Kind, unit_id: int | None, *, now: datetime, language: str, limit: int = 4) -> list[ArticleCard]:
    """Return a few pages for the home page: the unit's own first, events by their hour."""
    rows = _chosen(Wanted(kind=kind, unit_id=unit_id, language=language), now)
    order = ("-mine", "starts_at", "id") if kind is kinds.Kind.EVENT else ("-mine", "-first_published_at", "-id")
    return _cards(list(rows.order_by(*order).values(*_CARD_FIELDS, "mine")[:limit]), clock.day_of(now))


def agencies_with(kind: kinds.Kind, *, now: datetime) -> list[agencies.AgencyView]:
    """Return the agencies (for one that ended: its heir) that have something to read of a kind, by name."""
    ids = set(_heirs(kind, now).values())
    named = agencies.agency_views(ids, clock.day_of(now)) if ids else {}
    return sorted(named.values(), key=lambda view: text.fold(view.name))


def counts(*, now: datetime) -> dict[str, int]:
    """Return how many pages of each kind can be read; a kind without any is absent."""
    found: dict[str, int] = {}
    for kind in readable(now).filter(original=None).values_list("kind", flat=True):
        found[kind] = found.get(kind, 0) + 1
    return found


def _cards(rows: Sequence[Any], on: date) -> list[ArticleCard]:
    names = pieces.agency_names({row["agency_id"] for row in rows}, on)
    return [_card(row, names.get(row["agency_id"], ""), on) for row in rows]


def _card(row: Any, agency_name: str, on: date) -> ArticleCard:
    state = _legal_state(row["kind"], row["effective_on"], row["ended_on"], on)
    return ArticleCard(
        kind=row["kind"],
        slug=row["slug"],
        title=row["title"],
        summary=row["summary"],
        agency_name=agency_name,
        language=row["language"],
        published_at=row["first_published_at"],
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
        place=row["place"],
        state=state,
        state_word=kinds.LEGAL_WORDS[kinds.LegalState(state)] if state else "",
        number=row["number"],
        level_word=_level(row["service_level"]),
        mine=row["mine"],
        sample=row["sample"],
        source=row["source"],
    )


def _level(level: str) -> str:
    return kinds.LEVEL_WORDS[kinds.ServiceLevel(level)] if level else ""


def _legal_state(kind: str, effective_on: date | None, ended_on: date | None, on: date) -> str:
    if kind != kinds.Kind.DOCUMENT:
        return ""
    return kinds.legal_state(effective_on=effective_on, ended_on=ended_on, on=on)


# --- one page --------------------------------------------------------------------------------------------------------
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
    state = _legal_state(found.kind, found.effective_on, found.ended_on, on)
    return {
        "place_names": _places(found, on=on, then=clock.day_of(found.first_published_at or now)),
        "steps": kinds.lines(found.steps),
        "papers": kinds.lines(found.papers),
        "legal_ground": kinds.lines(found.legal_ground),
        "fee": found.fee,
        "duration": found.duration,
        "place": found.place,
        "level_word": _level(found.service_level),
        "link": markup.safe_link(found.link),
        "number": found.number,
        "issuer": found.issuer,
        "issued_on": found.issued_on,
        "effective_on": found.effective_on,
        "ended_on": found.ended_on,
        "state": state,
        "state_word": kinds.LEGAL_WORDS[kinds.LegalState(state)] if state else "",
        "replaces": _linked(found.replaces, now) if found.replaces_id else None,
        "replaced_by": _all_linked(readable(now).filter(replaces_id=found.pk) if found.pk else (), now),
        "starts_at": found.starts_at,
        "ends_at": found.ends_at,
        "files": _files(found),
        "other_languages": _other_languages(found, now),
        "older_than_original": bool(
            found.original_id and found.original and found.original.live_revision_id != found.original_revision
        ),
    }


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


def _files(found: Article) -> tuple[FileView, ...]:
    return tuple(
        FileView(
            id=file.pk or 0,
            title=file.title,
            form=file.form,
            size=file.size,
            transcript=tuple(line for line in file.transcript.splitlines() if line.strip()),
            url=f"/tep/noi-dung/{found.uid}/{file.sha256[:16]}.{'mp4' if file.form == kinds.FileForm.VIDEO else 'pdf'}",
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
