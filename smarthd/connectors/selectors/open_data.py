"""Open data: pages of rows as JSON written by the database, by conditions and keyset; one row; all rows in one stream.

Only datasets with an open licence, never look-ups; of a row only the fields citizens see, its point and its code.
"""

from __future__ import annotations

import importlib.util
import json
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any

from django.db import connection

from smarthd.connectors.errors import DatasetUnknown, NotOpenData, RowUnknown
from smarthd.connectors.rules import asking
from smarthd.connectors.rules.asking import Asked, Condition
from smarthd.connectors.rules.fields import Field, Kind
from smarthd.connectors.selectors import known, public
from smarthd.connectors.selectors.cells import LONGEST, cell_sql, literal, whole_sql
from smarthd.connectors.selectors.public import Dataset
from smarthd.kernel import clock

MOST_SORTED = 100_000
"""Rows of the largest dataset that is put in an order of the asker's choice; beyond it the file is faster for everybody."""
_FROM = "FROM connectors_datarow WHERE source_id = %s AND until IS NULL"
_STILL = f" AND (SELECT {known.MARK} FROM connectors_source WHERE id = %s) = %s"  # noqa: S608 - of its own words
_CHUNK = 2_000


def open_datasets(*, now: datetime) -> list[Dataset]:
    """Return the datasets anyone may take away, by title. One query."""
    return [one for one in public.datasets(now=now) if one.open]


def open_dataset(key: str, *, now: datetime) -> Dataset:
    """Return one. Raises DatasetUnknown, also for what is for looking only."""
    shown = public.dataset(key, now=now)
    if not shown.open:
        raise DatasetUnknown(key=key)
    return shown


def fields_of(shown: Dataset) -> tuple[Field, ...]:
    """Return the fields that are handed out: those citizens see and the one a row is called by; points are geometry, no fields."""
    return tuple(
        one
        for one in shown.mapping.fields
        if (one.shown or one.key == shown.title_key) and one.kind not in {Kind.LATITUDE, Kind.LONGITUDE}
    )


def times_of(shown: Dataset) -> tuple[Field, Field] | None:
    """Return the fields that say when a row holds."""
    return asking.temporal(fields_of(shown), shown.publication.x, shown.publication.until)


def has_parquet() -> bool:
    """Say whether this installation writes Parquet (the extra ``parquet``)."""
    return importlib.util.find_spec("pyarrow") is not None


def file_kinds(shown: Dataset) -> tuple[str, ...]:
    """Return the formats of the whole dataset as one file."""
    kinds = ["csv", "json"]
    if shown.has_map:
        kinds.append("geojson")
    if has_parquet():
        kinds.append("parquet")
    return tuple(kinds)


def feed_kinds(shown: Dataset) -> tuple[str, ...]:
    """Return the formats that follow a dataset: what is new, and a calendar where rows have days."""
    if shown.rows > MOST_SORTED:
        return ()
    return ("rss", "ics") if times_of(shown) else ("rss",)


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows as JSON texts in their order; ``after`` is where the next page begins, None on the last."""

    texts: Sequence[str]
    after: tuple[str | int, int] | None


# --- what a row looks like --------------------------------------------------------------------------------------------
def _once(make: Callable[..., str]) -> Callable[..., str]:
    """Let the SQL of a known dataset be written once while it stays as it is."""
    kept: dict[tuple[object, ...], tuple[str, str]] = {}

    @wraps(make)
    def found(shown: Dataset, **how: bool) -> str:
        name = (shown.key, *how.items())
        have = kept.get(name)
        if have is None or not shown.mark or have[0] != shown.mark:
            have = kept[name] = (shown.mark, make(shown, **how))
        return have[1]

    return found


def values_sql(shown: Dataset) -> str:
    """Return the SQL of a row's values as a JSON object of the handed-out fields, in the order of the mapping."""
    parts = [
        f"{literal((', ' if place else '') + json.dumps(one.key) + ': ')} || COALESCE(values -> {literal(one.key)}, 'null')::text"
        for place, one in enumerate(fields_of(shown))
    ]
    return "'{' || " + " || ".join([*parts, "'}'"]) if parts else "'{}'"


def _point_sql(*, latitude_first: bool) -> str:
    pair = "lat || ', ' || lon" if latitude_first else "lon || ', ' || lat"
    return (
        "CASE WHEN lat IS NULL OR lon IS NULL THEN 'null' "
        f"""ELSE '{{"type": "Point", "coordinates": [' || {pair} || ']}}' END"""
    )


@_once
def feature_sql(shown: Dataset, *, latitude_first: bool = False) -> str:
    """Return the SQL of a row as a GeoJSON feature; axes as in CRS84, or latitude first as in EPSG:4326."""
    point = _point_sql(latitude_first=latitude_first)
    return (
        """'{"type": "Feature", "id": ' || to_json(code)::text || ', "geometry": ' || """
        f"""{point} || ', "properties": ' || {values_sql(shown)} || '}}'"""
    )


@_once
def row_sql(shown: Dataset) -> str:
    """Return the SQL of a row as ``{"id", "point": [lon, lat], "values": {…}}``; ``point`` only where the dataset lies on the map."""
    point = "|| ', \"point\": ' || CASE WHEN lat IS NULL OR lon IS NULL THEN 'null' ELSE '[' || lon || ', ' || lat || ']' END "
    return (
        "'{\"id\": ' || to_json(code)::text "
        f"{point if shown.has_map else ''}|| ', \"values\": ' || {values_sql(shown)} || '}}'"
    )


# --- what is asked ----------------------------------------------------------------------------------------------------
def _column(field: Field) -> str:
    key = literal(field.key)
    if field.kind in asking.NUMERIC:  # a column that changed its kind leaves text behind: no number then, and no fault
        return f"(CASE WHEN jsonb_typeof(values -> {key}) = 'number' THEN (values ->> {key})::float8 END)"
    return whole_sql(field.key)


def _value(field: Field, value: asking.Scalar) -> asking.Scalar:
    """Return a value as the column holds it; one of another kind equals nothing and is compared as text."""
    if field.kind in asking.NUMERIC:
        try:
            number = float(value)
        except ValueError:
            return math.nan
        return number
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).lower() if isinstance(value, bool) else str(value)


def _said(moment: datetime, kind: Kind) -> str:
    """Return an instant as fields of a kind are stored: local, to the minute or the day."""
    local = moment.astimezone(clock.ZONE)
    return local.strftime("%Y-%m-%d" if kind is Kind.DAY else "%Y-%m-%dT%H:%M")


def _where(shown: Dataset, one: Condition, params: list[Any]) -> str:  # noqa: PLR0911 - one line for each kind of condition
    match one:
        case asking.Compare():
            value = _value(one.field, one.value)
            begins = _begins(one.field, "= %s", value, params) if one.by is asking.Comparison.EQUAL else ""
            params.append(value)
            return f"({begins}{_column(one.field)} {one.by.value} %s)"
        case asking.Like():
            params.append(one.pattern)
            return f"(values ->> {literal(one.field.key)}) LIKE %s"
        case asking.OneOf():
            values = [_value(one.field, value) for value in one.values]
            begins = _begins(one.field, "= ANY(%s)", values, params)
            params.append(values)
            return f"({begins}{_column(one.field)} = ANY(%s))"
        case asking.Nothing():
            return f"{_column(one.field)} IS NULL"
        case asking.Box():
            return _within(one, params)
        case asking.Placed():
            return "lat IS NOT NULL"
        case asking.Period():
            return _when(shown, one, params)
        case asking.Always():
            return "TRUE" if one.holds else "FALSE"
        case asking.Not():
            return f"NOT ({_where(shown, one.one, params)})"
        case asking.Every() | asking.Some():
            word = " AND " if isinstance(one, asking.Every) else " OR "
            return "(" + word.join(_where(shown, part, params) for part in one.parts) + ")"


def _begins(field: Field, how: str, wanted: Any, params: list[Any]) -> str:
    """Return what an index can answer of a question for whole cells of text: that their beginnings are the same; nothing of numbers."""
    if field.kind in asking.NUMERIC:
        return ""
    params.append([one[:LONGEST] for one in wanted] if isinstance(wanted, list) else wanted[:LONGEST])
    return f"{cell_sql(field.key)} {how} AND "


def _within(box: asking.Box, params: list[Any]) -> str:
    params += [box.south, box.north, box.west, box.east]
    word = "AND" if box.west <= box.east else "OR"
    return f"(lat BETWEEN %s AND %s AND (lon >= %s {word} lon <= %s))"


def _when(shown: Dataset, period: asking.Period, params: list[Any]) -> str:
    """Rows without a time meet every period (OGC 17-069r4, /req/core/fc-time-response C)."""
    times = times_of(shown)
    if times is None:
        return "TRUE"
    begin, end = (_column(one) for one in times)
    parts = []
    if period.until is not None:
        params.append(_said(period.until, times[0].kind))
        parts.append(f"({begin} IS NULL OR {begin} <= %s)")
    if period.since is not None:
        params.append(_said(period.since, times[1].kind))
        parts.append(f"({end} IS NULL OR {end} >= %s)")
    return "(" + " AND ".join(parts) + ")" if parts else "TRUE"


def _conditions(shown: Dataset, asked: Asked, params: list[Any]) -> str:
    parts = [_where(shown, one, params) for one in asked.conditions]
    return "".join(f" AND {part}" for part in parts)


# --- pages ------------------------------------------------------------------------------------------------------------
def page(shown: Dataset, asked: Asked, texts: str) -> Rows:
    """Return a page of rows, each as the text that ``texts`` (SQL of this module) makes of it. One query.

    Raises NotOpenData; ``known.Moved`` where the dataset is another by now than the one known.
    """
    if not shown.open:
        raise NotOpenData(key=shown.key)
    params: list[Any] = [shown.id]
    where = _still(shown, params) + _conditions(shown, asked, params)
    if asked.near is not None:
        return _nearest(shown, asked, texts, where, params)
    key, way = "sort", ">"
    if asked.order is not None:
        key = _order_key(asked.order)
        way = "<" if asked.order.descending else ">"
    if asked.after is not None:
        where += f" AND ({key}, id) {way} (%s, %s)"
        params += [_sort_value(asked), asked.after[1]]
    down = " DESC" if way == "<" else ""
    params.append(asked.limit + 1)
    often = not asked.conditions and asked.order is None
    statement = f"SELECT {texts}, {key}, id {_FROM}{where} ORDER BY {key}{down}, id{down} LIMIT %s"
    rows = _fetch(statement, params, again=often)
    _require_still(shown, rows)
    kept = rows[: asked.limit]
    more = len(rows) > asked.limit
    last = kept[-1][1] if more else ""
    after = (repr(last) if isinstance(last, float) else last, int(kept[-1][2])) if more else None
    return Rows([one[0] for one in kept], after)


def _still(shown: Dataset, params: list[Any]) -> str:
    """Return the condition that a known dataset is still so; nothing is read where it is not."""
    if not shown.mark:
        return ""
    params += [shown.id, shown.mark]
    return _STILL


def _require_still(shown: Dataset, rows: list[tuple[Any, ...]]) -> None:
    if not rows and shown.mark and not known.is_still(shown):
        raise known.Moved


def _order_key(order: asking.Order) -> str:
    least = "'-Infinity'::float8" if order.field.kind in asking.NUMERIC else "''"
    return f"COALESCE({_column(order.field)}, {least})"


def _sort_value(asked: Asked) -> str | float:
    value = asked.after[0] if asked.after else ""
    if asked.order is not None and asked.order.field.kind in asking.NUMERIC:
        try:
            return float(value)
        except ValueError:
            return math.inf
    return str(value)


def _nearest(shown: Dataset, asked: Asked, texts: str, where: str, params: list[Any]) -> Rows:
    near = asked.near
    assert near is not None  # noqa: S101 - for the reader and mypy; the caller just asked
    east = max(math.cos(math.radians(near.lat)), 0.01)
    high, wide = near.radius / 111_200, near.radius / 111_200 / east
    away = f"(lat - {near.lat!r}) ^ 2 + ((lon - {near.lon!r}) * {east!r}) ^ 2"
    where += f" AND lat BETWEEN %s AND %s AND lon BETWEEN %s AND %s AND {away} <= %s"
    params += [near.lat - high, near.lat + high, near.lon - wide, near.lon + wide, high * high, asked.limit]
    rows = _fetch(f"SELECT {texts} {_FROM}{where} ORDER BY {away}, id LIMIT %s", params)
    _require_still(shown, rows)
    return Rows([one[0] for one in rows], None)


def one(shown: Dataset, code: str, texts: str) -> str:
    """Return one row as the text ``texts`` makes of it. Raises RowUnknown; Moved as :func:`page` does."""
    params: list[Any] = [shown.id]
    still = _still(shown, params)
    params.append(code[:16].replace("\0", ""))
    rows = _fetch(f"SELECT {texts} {_FROM}{still} AND code = %s LIMIT 1", params, again=True)
    _require_still(shown, rows)
    if not rows or len(code) > 16:
        raise RowUnknown(code=code[:16])
    return str(rows[0][0])


def extent(shown: Dataset) -> tuple[tuple[float, float, float, float] | None, bool]:
    """Return west, south, east, north of the rows that lie on the map, None where none does; and whether all do."""
    asked = f"SELECT min(lon), min(lat), max(lon), max(lat), count(*) = count(lat) {_FROM}"
    [[west, south, east, north, all_placed]] = _fetch(asked, [shown.id])
    return (None if west is None else (west, south, east, north)), bool(all_placed)


def span(shown: Dataset) -> tuple[str, str] | None:
    """Return the earliest and the latest time rows hold, as stored; None without times."""
    times = times_of(shown)
    if times is None:
        return None
    [[first, last]] = _fetch(f"SELECT min({_column(times[0])}), max({_column(times[1])}) {_FROM}", [shown.id])
    return None if first is None or last is None else (first, last)


def newest(shown: Dataset, limit: int) -> list[tuple[str, dict[str, Any], datetime | None]]:
    """Return (code, values, when its version became public) of the rows that changed last."""
    changed = f"SELECT code, values, since, id {_FROM} ORDER BY since DESC, id DESC LIMIT %s"
    statement = (
        f"SELECT r.code, {values_sql(shown)}, v.published_at FROM ({changed}) r "  # noqa: S608 - of this module's own words
        "LEFT JOIN connectors_version v ON v.source_id = %s AND v.number = r.since ORDER BY r.since DESC, r.id DESC"
    )
    rows = _fetch(statement, [shown.id, limit, shown.id])
    return [(code, json.loads(values), at) for code, values, at in rows]


def _fetch(statement: str, params: Sequence[Any], *, again: bool = False) -> list[tuple[Any, ...]]:
    """Return what a statement finds. ``again``: one that is asked often; the server plans it once a connection."""
    with known.prepared_cursor() if again else connection.cursor() as cursor:
        cursor.execute(statement, params)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


# --- all of it --------------------------------------------------------------------------------------------------------
def stream(shown: Dataset, texts: str, *, columns: int = 1) -> Iterator[tuple[str | None, ...]]:
    """Yield every public row as ``columns`` texts, read by COPY: what is in memory does not grow with the dataset.

    Raises NotOpenData at the first row asked for.
    """
    if not shown.open:
        raise NotOpenData(key=shown.key)
    rows = f"SELECT {texts} {_FROM} ORDER BY id".replace("%s", str(int(shown.id))).replace("%%", "%")
    with connection.cursor() as cursor, cursor.copy(f"COPY ({rows}) TO STDOUT") as copy:
        copy.set_types(["text"] * columns)
        yield from copy.rows()


def cells_sql(shown: Dataset) -> str:
    """Return the SQL of a row as columns of text: its code, longitude and latitude where it lies on the map, its fields."""
    point = ["lon::text", "lat::text"] if shown.has_map else []
    return ", ".join(["code", *point, *(f"values ->> {literal(one.key)}" for one in fields_of(shown))])
