"""A dataset as a file: CSV, JSON or GeoJSON, streamed, with what it is, whose, under which licence; text never becomes a formula."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping

from smarthd.connectors.rules.fields import Field, Kind
from smarthd.connectors.selectors import open_data
from smarthd.connectors.selectors.public import Dataset, RowView

KINDS = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "geojson": "application/geo+json",
}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_PIECE = 500


def write(kind: str, shown: Dataset, rows: Iterable[RowView], about: Mapping[str, str]) -> Iterator[str]:
    """Yield the file in pieces. What its owner does not show is in no file."""
    if kind == "csv":
        return _csv(shown, rows, about)
    if kind == "json":
        return _json(shown, rows, about)
    return _geojson(shown, rows, about)


def _cell(value: object) -> object:
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return "" if value is None else value


def _fields(shown: Dataset) -> list[Field]:
    told = {one.key for one in open_data.fields_of(shown)}
    return [one for one in shown.mapping.fields if one.key in told or one.kind in {Kind.LATITUDE, Kind.LONGITUDE}]


def _csv(shown: Dataset, rows: Iterable[RowView], about: Mapping[str, str]) -> Iterator[str]:
    out = io.StringIO()
    writer = csv.writer(out)
    fields = _fields(shown)
    out.write("\ufeff")
    writer.writerow([*(_cell(one.label) for one in fields), "Nguồn", "Giấy phép"])
    for number, row in enumerate(rows, start=1):
        writer.writerow([*(_cell(row.values.get(one.key)) for one in fields), about["publisher"], about["licence"]])
        if number % _PIECE == 0:
            yield out.getvalue()
            out.seek(0)
            out.truncate()
    yield out.getvalue()


def _told(row: RowView, fields: Iterable[Field]) -> dict[str, object]:
    return {one.key: row.values[one.key] for one in fields if one.key in row.values}


def _json(shown: Dataset, rows: Iterable[RowView], about: Mapping[str, str]) -> Iterator[str]:
    fields = _fields(shown)
    head = {**about, "fields": [{"key": one.key, "label": one.label, "kind": one.kind} for one in fields]}
    yield json.dumps(head, ensure_ascii=False)[:-1] + ', "rows": ['
    for number, row in enumerate(rows):
        yield ("," if number else "") + "\n" + json.dumps({"code": row.code, **_told(row, fields)}, ensure_ascii=False)
    yield "\n]}\n"


def _geojson(shown: Dataset, rows: Iterable[RowView], about: Mapping[str, str]) -> Iterator[str]:
    fields = _fields(shown)
    yield json.dumps({"type": "FeatureCollection", **about}, ensure_ascii=False)[:-1] + ', "features": ['
    for number, row in enumerate(rows):
        point = {"type": "Point", "coordinates": [row.lon, row.lat]} if row.lat is not None else None
        told = {"type": "Feature", "id": row.code, "geometry": point, "properties": _told(row, fields)}
        yield ("," if number else "") + "\n" + json.dumps(told, ensure_ascii=False)
    yield "\n]}\n"
