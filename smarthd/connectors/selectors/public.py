"""What everybody sees: datasets, their rows by words, commune, class and nearness, one row, all rows as open data."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import BooleanField, Q, QuerySet
from django.db.models.expressions import RawSQL

from smarthd.connectors.errors import DatasetUnknown, NotOpenData, RowUnknown
from smarthd.connectors.models import DataRow, RowWords, Source, Version
from smarthd.connectors.rules import sources as rules
from smarthd.connectors.rules.fields import Field, Kind
from smarthd.connectors.rules.finding import facet_of_source
from smarthd.connectors.rules.indexed import LARGE, MEASURES
from smarthd.connectors.rules.mapping import Mapping as ColumnMapping
from smarthd.connectors.rules.mapping import mapping_of
from smarthd.connectors.rules.sources import Publication, publication_of
from smarthd.connectors.selectors.cells import LONGEST, cell, cell_or_nothing, choices_sql
from smarthd.kernel import clock, text
from smarthd.kernel.paging import Page, decode_cursor, encode_cursor

EACH_PAGE = 30
MOST_POINTS = 2_000
MOST_CHART = 5_000
KM_A_DEGREE = 111.2
_CHOICES = 30
_CIRCLES_KM = (1.0, 8.0, 64.0)


@dataclass(frozen=True, slots=True)
class Dataset:
    """A public dataset as citizens see it."""

    id: int
    key: str
    title: str
    summary: str
    agency_id: int
    mapping: ColumnMapping
    publication: Publication
    rows: int
    freshness: rules.Freshness
    confirmed_at: datetime | None
    changed_at: datetime | None
    promise_hours: int | None
    licence: str
    attribution: str
    illustrative: bool
    template: str
    version: int
    indexed: frozenset[str] = frozenset()
    """Columns whose cells the database finds without reading the rows through."""
    mark: str = ""
    """What it was when it was read, for ``known``; empty where nobody asks."""

    @property
    def title_key(self) -> str:
        """The field a row is called by."""
        return self.publication.title or self.mapping.title.key

    @property
    def shown(self) -> tuple[Field, ...]:
        """The fields citizens see, without the one a row is called by."""
        return tuple(one for one in self.mapping.fields if one.shown and one.key != self.title_key)

    @property
    def until_kind(self) -> Kind | None:
        """What tells when a row is over: a day, an instant, or an hour of every day (departures)."""
        return next((one.kind for one in self.mapping.fields if one.key == self.publication.until), None)

    @property
    def has_map(self) -> bool:
        """Say whether rows lie on the map."""
        return bool(self.mapping.of_kind(Kind.LATITUDE))

    @property
    def open(self) -> bool:
        """Say whether its rows may be taken away as a file."""
        return self.licence != "view-only" and self.publication.shape is not rules.Shape.LOOKUP

    @property
    def licence_words(self) -> tuple[str, str]:
        """The name and the address of its licence."""
        return rules.LICENCES[self.licence]


@dataclass(frozen=True, slots=True)
class RowView:
    """One public row; ``km`` is how far it lies from where one asked from."""

    code: str
    title: str
    values: Mapping[str, object]
    unit_id: int | None
    lat: float | None
    lon: float | None
    km: float | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked of a dataset. ``near`` is (latitude, longitude)."""

    words: str = ""
    unit_id: int | None = None
    chosen: Mapping[str, str] = field(default_factory=dict)
    near: tuple[float, float] | None = None


def datasets(*, now: datetime) -> list[Dataset]:
    """Return the public datasets by title. One query."""
    found = Source.objects.filter(ended_at=None, version__gt=0).order_by("title", "id")
    return [_dataset(source, now) for source in found]


def dataset(key: str, *, now: datetime) -> Dataset:
    """Return a public dataset, or raise DatasetUnknown."""
    source = Source.objects.filter(key=key, ended_at=None, version__gt=0).first()
    if source is None:
        raise DatasetUnknown(key=key)
    return _dataset(source, now)


def _dataset(source: Source, now: datetime) -> Dataset:
    return Dataset(
        id=source.pk,
        key=source.key,
        title=source.title,
        summary=source.summary,
        agency_id=source.agency_id,
        mapping=mapping_of(source.mapping),
        publication=publication_of(source.publication),
        rows=source.row_count,
        freshness=rules.freshness(confirmed_at=source.confirmed_at, promise_hours=source.promise_hours, now=now),
        confirmed_at=source.confirmed_at,
        changed_at=source.changed_at,
        promise_hours=source.promise_hours,
        licence=source.licence,
        attribution=source.attribution,
        illustrative=source.illustrative,
        template=source.template,
        version=source.version,
        indexed=frozenset(source.indexed),
    )


def rows_page(shown: Dataset, query: Query, *, now: datetime, cursor: str = "") -> Page[RowView]:
    """Return a page of rows: by name, by nearness, or departures by their hour. One query, whatever the size."""
    found = _asked(shown, query, now)
    if query.near is not None:
        return Page(_nearest(shown, found, query.near))
    if shown.until_kind is Kind.TIME:  # departures: the next ones first, and no further than a page
        soonest = found.order_by(f"values__{shown.publication.until}", "sort", "id")[:EACH_PAGE]
        return Page([_view(shown, row) for row in soonest])
    if cursor:
        sort, pk = decode_cursor(cursor, length=2)
        beyond = Q(sort__gt=str(sort)) | Q(sort=str(sort), id__gt=pk if isinstance(pk, int) else 0)
        found = found.filter(
            beyond, sort__gte=str(sort)
        )  # said twice: the index is entered there, not at its first row
    rows = list(found.order_by("sort", "id")[: EACH_PAGE + 1])
    more = encode_cursor(rows[EACH_PAGE - 1].sort, rows[EACH_PAGE - 1].pk) if len(rows) > EACH_PAGE else ""
    return Page([_view(shown, row) for row in rows[:EACH_PAGE]], more)


def _asked(shown: Dataset, query: Query, now: datetime) -> QuerySet[DataRow]:
    found = DataRow.objects.filter(source_id=shown.id, until=None)
    if until := shown.publication.until:
        local = now.astimezone(clock.ZONE)
        ways = {Kind.DAY: "%Y-%m-%d", Kind.TIME: "%H:%M"}
        moment = local.strftime(ways.get(shown.until_kind or Kind.MOMENT, "%Y-%m-%dT%H:%M"))
        found = found.filter(Q(**{f"values__{until}__gte": moment}) | Q(**{f"values__{until}": None}))
    if words := text.fold(query.words).split():
        found = found.filter(id__in=_with_words(words[:8], shown.id).values("row_id"))
    if query.unit_id is not None:
        found = found.filter(unit_id=query.unit_id)
    fields = {one.key for one in shown.mapping.fields if one.filtered}
    for key, value in query.chosen.items():
        if key in fields and value:
            found = found.alias(**{f"chosen_{key}": cell(key)}).filter(**{f"chosen_{key}": value[:LONGEST]})
    return found


def _nearest(shown: Dataset, found: QuerySet[DataRow], near: tuple[float, float]) -> list[RowView]:
    """Return the nearest rows: of a large dataset, from within circles that widen until one holds a page of them."""
    lat, lon = near
    east = math.cos(math.radians(lat))
    away = RawSQL("(lat - %s) * (lat - %s) + (lon - %s) * (lon - %s) * %s", (lat, lat, lon, lon, east * east))
    rows = found.exclude(lat=None).annotate(away=away).order_by("away", "id")
    nearest: list[Any] = []
    for km in _CIRCLES_KM if shown.rows >= LARGE else ():
        high, wide = km / KM_A_DEGREE, km / KM_A_DEGREE / max(east, 0.01)
        box = {"lat__range": (lat - high, lat + high), "lon__range": (lon - wide, lon + wide)}
        nearest = list(rows.filter(**box, away__lte=high * high)[:EACH_PAGE])
        if len(nearest) == EACH_PAGE:
            break
    else:
        nearest = list(rows[:EACH_PAGE])
    return [_view(shown, row, km=math.sqrt(row.away) * KM_A_DEGREE) for row in nearest]


def _view(shown: Dataset, row: DataRow, km: float | None = None) -> RowView:
    title = str(row.values.get(shown.title_key) or "–")
    return RowView(row.code, title, row.values, row.unit_id, row.lat, row.lon, km)


def row(shown: Dataset, code: str) -> RowView:
    """Return one public row, or raise RowUnknown."""
    found = DataRow.objects.filter(source_id=shown.id, code=code, until=None).first()
    if found is None:
        raise RowUnknown(code=code)
    return _view(shown, found)


def looked_up(shown: Dataset, code: str) -> RowView | None:
    """Return the row whose look-up field is exactly what was typed, case and spaces apart; None when there is none."""
    wanted = "".join(code.split()).upper()
    key = shown.publication.lookup
    if not wanted or len(wanted) > 60:
        return None
    found = DataRow.objects.filter(source_id=shown.id, until=None)
    if words := text.fold(code).split():
        found = found.filter(id__in=_with_words(words[:8], shown.id).values("row_id"))
    for one in found[:20]:
        if "".join(str(one.values.get(key) or "").split()).upper() == wanted:
            return _view(shown, one)
    return None


def choices(shown: Dataset) -> dict[str, list[str]]:
    """Return the classes a reader may choose from, by field; fields of more than thirty are left out."""
    told: dict[str, list[str]] = {}
    for one in shown.mapping.fields:
        if not one.filtered or one.kind is Kind.UNIT:
            continue
        found = cells_of(shown, one.key, most=_CHOICES + 1)
        if 1 < len(found) <= _CHOICES:
            told[one.key] = found
    return told


def cells_of(shown: Dataset, key: str, *, most: int) -> list[str]:
    """Return what stands in a column of the public rows, each cell once, sorted; at most so many. One query, which leaps from one to the
    next where the column has an index."""
    if key in shown.indexed:
        with connection.cursor() as cursor:
            cursor.execute(choices_sql(key), [shown.id, shown.id, most])
            return [told for (told,) in cursor.fetchall()]
    rows = DataRow.objects.filter(source_id=shown.id, until=None).order_by().values_list(cell(key), flat=True)
    return sorted(told for told in rows.distinct()[: most + 1] if told is not None)[:most]


def points(shown: Dataset, query: Query, *, now: datetime) -> list[RowView]:
    """Return the rows that lie on the map, at most two thousand."""
    found = _asked(shown, query, now).exclude(lat=None).order_by("id")[:MOST_POINTS]
    return [_view(shown, one) for one in found]


def series(shown: Dataset, query: Query, *, now: datetime) -> list[tuple[str, str, float]]:
    """Return (series, x, y) for the chart, in the order of x, the newest five thousand."""
    told = shown.publication
    rows = (
        _asked(shown, query, now)
        .exclude(**{f"values__{told.y}": None})
        .order_by(cell_or_nothing(told.x).desc(), "-id")
        .values_list("values", flat=True)[:MOST_CHART]
    )
    found = [(str(one.get(told.series) or shown.title), str(one.get(told.x) or ""), float(one[told.y])) for one in rows]
    return sorted(found, key=lambda one: (one[0], one[1]))


def measure_of(shown: Dataset) -> str:
    """Return the unit its values are in, where every row names the same; nothing where they differ or any names none. Two queries at most."""
    field = next((one.key for one in shown.mapping.fields if one.key in MEASURES), "")
    if not field:
        return ""
    rows = DataRow.objects.filter(source_id=shown.id, until=None)
    if field not in shown.indexed:
        named = list(rows.order_by().values_list(cell(field), flat=True).distinct()[:2])
        return named[0] or "" if len(named) == 1 else ""
    named = cells_of(shown, field, most=2)
    return named[0] if len(named) == 1 and not rows.alias(named=cell(field)).filter(named=None).exists() else ""


def all_rows(shown: Dataset) -> Iterator[RowView]:
    """Return every public row, to be taken away. Raises NotOpenData."""
    if not shown.open:
        raise NotOpenData(key=shown.key)
    found = DataRow.objects.filter(source_id=shown.id, until=None).order_by("id")
    return (_view(shown, one) for one in found.iterator(chunk_size=2_000))


def published_on(shown: Dataset) -> datetime | None:
    """Return when the version that is public became so."""
    return (
        Version.objects.filter(source_id=shown.id, number=shown.version).values_list("published_at", flat=True).first()
    )


def names(shown: Dataset, words: str) -> bool:
    """Say whether the name or the use of a dataset holds every typed word, marks and case ignored."""
    told = f" {text.fold(f'{shown.title} {shown.summary}')}"
    return all(f" {word}" in told for word in text.fold(words).split())


def _with_words(typed: list[str], source_id: int | None = None) -> QuerySet[RowWords]:
    """Return the rows, of one dataset or of all, that hold every word; the last word may still be half typed."""
    *whole, begun = typed
    of_one = [] if source_id is None else [f"'{facet_of_source(source_id)}'"]
    asked = " & ".join([*of_one, *whole, f"{begun}:*"])
    return RowWords.objects.filter(RawSQL("words @@ %s::tsquery", [asked], output_field=BooleanField()))


def asked(shown: Dataset, query: Query, *, now: datetime) -> QuerySet[DataRow]:
    """Return the rows that are asked for, in no order, whatever their end: for the selectors beside this one."""
    unending = replace(shown, publication=replace(shown.publication, until=""))
    return _asked(unending, query, now)


def standing(shown: Dataset, query: Query, *, now: datetime) -> QuerySet[DataRow]:
    """Return the rows that are asked for and not over, in no order."""
    return _asked(shown, query, now)


def view(shown: Dataset, row: DataRow) -> RowView:
    """Return a row as citizens see it."""
    return _view(shown, row)


def whole(shown: Dataset, *, now: datetime, most: int) -> list[RowView]:
    """Return every row that is shown now, by name; at most ``most``."""
    return [_view(shown, row) for row in _asked(shown, Query(), now).order_by("sort", "id")[:most]]
