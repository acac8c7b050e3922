"""Lists of pages of the kinds, with their filters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import BooleanField, Count, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from smarthd.agencies import selectors as agencies
from smarthd.content import rules
from smarthd.content.models import Article, ArticlePlace
from smarthd.content.rules import kinds
from smarthd.content.selectors import pieces
from smarthd.content.selectors.reach import units_concerning
from smarthd.kernel import clock, paging, text
from smarthd.places import selectors as places

_CARD_FIELDS = (
    "id", "uid", "kind", "slug", "title", "summary", "topic", "agency_id", "language", "sample", "first_published_at", "expire_at",
    "number", "issued_on", "effective_on", "ended_on", "starts_at", "ends_at", "place", "service_level", "duration", "source",
)  # fmt: skip


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


def of_unit(unit_id: int, *, now: datetime, limit: int = 5) -> list[ArticleCard]:
    """Return the newest pages of every kind for one unit, under its earlier and later names, without those for everyone."""
    on = clock.day_of(now)
    concerning = units_concerning(unit_id, on=on) - {view.id for view in places.path(unit_id, on)[:-1]}
    own = Exists(ArticlePlace.objects.filter(article=OuterRef("pk"), unit_id__in=concerning))
    rows = readable(now).filter(own, original=None).annotate(mine=Value(value=True, output_field=BooleanField()))
    return _cards(list(rows.order_by("-first_published_at", "-id").values(*_CARD_FIELDS, "mine")[:limit]), on)


def agencies_with(kind: kinds.Kind, *, now: datetime) -> list[agencies.AgencyView]:
    """Return the agencies (for one that ended: its heir) that have something to read of a kind, by name."""
    ids = set(_heirs(kind, now).values())
    named = agencies.agency_views(ids, clock.day_of(now)) if ids else {}
    return sorted(named.values(), key=lambda view: text.fold(view.name))


def counts(unit_id: int | None, *, now: datetime, language: str = rules.Language.VI) -> dict[str, int]:
    """Return how many pages a reader of a unit finds in each list as it opens: of events those to come; an empty kind is absent."""
    on = clock.day_of(now)
    own = Exists(ArticlePlace.objects.filter(article=OuterRef("pk"), unit_id__in=units_concerning(unit_id, on=on)))
    rows = readable(now).filter(Q(audience=rules.Audience.PROVINCE) | own)
    rows = rows.filter(original=None) if language == rules.Language.VI else _in_language(rows, language, now)
    over = rows.filter(kind=kinds.Kind.EVENT).annotate(over=Coalesce("ends_at", "starts_at"))
    past = over.filter(over__lt=clock.start_of(on)).values("pk")
    counted = rows.exclude(pk__in=past).order_by().values_list("kind").annotate(pages=Count("pk"))
    return dict(counted)


def _cards(rows: Sequence[Any], on: date) -> list[ArticleCard]:
    names = pieces.agency_names({row["agency_id"] for row in rows}, on)
    return [_card(row, names.get(row["agency_id"], ""), on) for row in rows]


def _card(row: Any, agency_name: str, on: date) -> ArticleCard:
    state = legal_state(row["kind"], row["effective_on"], row["ended_on"], on)
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
        level_word=level(row["service_level"]),
        mine=row["mine"],
        sample=row["sample"],
        source=row["source"],
    )


def level(level: str) -> str:
    return kinds.LEVEL_WORDS[kinds.ServiceLevel(level)] if level else ""


def legal_state(kind: str, effective_on: date | None, ended_on: date | None, on: date) -> str:
    if kind != kinds.Kind.DOCUMENT:
        return ""
    return kinds.legal_state(effective_on=effective_on, ended_on=ended_on, on=on)
