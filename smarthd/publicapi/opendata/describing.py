"""What a dataset is, for machines: whose, how fresh, under which licence, which fields, where each format is found."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from smarthd.agencies import selectors as agencies
from smarthd.connectors.rules import schemas
from smarthd.connectors.rules.fields import WORDS, Field
from smarthd.connectors.rules.sources import FRESHNESS_WORDS
from smarthd.connectors.selectors import open_data
from smarthd.connectors.selectors.histories import Edition
from smarthd.connectors.selectors.public import Dataset
from smarthd.kernel import clock

TYPES = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "geojson": "application/geo+json",
    "parquet": "application/vnd.apache.parquet",
    "ics": "text/calendar; charset=utf-8",
    "rss": "application/rss+xml; charset=utf-8",
}
PAGED = ("json", "csv", "geojson")
"""Formats rows come in by pages."""


def publisher(shown: Dataset, names: Mapping[int, str]) -> str:
    """Return who publishes a dataset."""
    return names.get(shown.agency_id, "") or shown.attribution


def names_of(found: list[Dataset]) -> dict[int, str]:
    """Return the names of the agencies whose datasets these are. One query."""
    views = agencies.agency_views([one.agency_id for one in found], clock.today())
    return {key: view.name for key, view in views.items()}


def publishers_of(found: list[Dataset]) -> dict[int, tuple[str, str]]:
    """Return the name and the kind of the agencies whose datasets these are. One query."""
    views = agencies.agency_views([one.agency_id for one in found], clock.today())
    return {key: (view.name, view.kind) for key, view in views.items()}


def instant(moment: datetime | None) -> str | None:
    """Return an instant as RFC 3339, local."""
    return moment.astimezone(clock.ZONE).isoformat(timespec="seconds") if moment else None


def field(one: Field, shown: Dataset) -> dict[str, Any]:
    """Return a field as a Frictionless Table Schema describes it."""
    return {**schemas.field_schema(one), "description": WORDS[one.kind], "titleOfRow": one.key == shown.title_key}


def package(shown: Dataset, names: Mapping[int, str], root: str) -> dict[str, Any]:
    """Return a dataset as a Frictionless Data Package of one resource, its CSV file: every column, in the order of the file."""
    name, address = shown.licence_words
    columns = [{"name": "_id", "title": "Mã mục", "type": "string", "constraints": {"required": True, "unique": True}}]
    if shown.has_map:
        columns += [
            {"name": key, "title": title, "type": "number"} for key, title in (("_lon", "Kinh độ"), ("_lat", "Vĩ độ"))
        ]
    told = [field(one, shown) for one in open_data.fields_of(shown)]
    columns += [{part: one[part] for part in one if part != "titleOfRow"} for one in told]
    licence = {"name": name.replace(" ", "-"), "path": address, "title": name}
    resource = {
        "name": shown.key, "path": f"{root}/api/v1/datasets/{shown.key}/file.csv", "profile": "tabular-data-resource",
        "title": shown.title, "format": "csv", "mediatype": "text/csv", "encoding": "utf-8", "licenses": [licence],
        "schema": {"fields": columns, "primaryKey": ["_id"], "missingValues": [""]},
    }  # fmt: skip
    return {
        "profile": "tabular-data-package", "name": shown.key, "id": f"{root}/api/v1/datasets/{shown.key}", "title": shown.title,
        "description": shown.summary or shown.title, "version": f"{shown.version}.0.0", "homepage": f"{root}/du-lieu/{shown.key}/",
        "created": instant(shown.changed_at), "licenses": [licence],
        "contributors": [{"title": publisher(shown, names), "role": "publisher"}], "resources": [resource],
    }  # fmt: skip


def edition(one: Edition) -> dict[str, Any]:
    """Return a public version: when, how many rows, what it changed."""
    return {
        "number": one.number, "published_at": instant(one.published_at), "rows": one.rows,
        "added": one.added, "changed": one.changed, "removed": one.removed,
    }  # fmt: skip


def links(shown: Dataset, root: str) -> dict[str, Any]:
    """Return the addresses of a dataset by what is found there."""
    api = f"{root}/api/v1/datasets/{shown.key}"
    found: dict[str, Any] = {
        "self": api,
        "page": f"{root}/du-lieu/{shown.key}/",
        "rows": {kind: f"{api}/rows.{kind}" for kind in PAGED if kind != "geojson" or shown.has_map},
        "files": {kind: f"{api}/file.{kind}" for kind in open_data.file_kinds(shown)},
        "package": f"{api}/datapackage.json",
        "feeds": {kind: f"{api}/feed.{kind}" for kind in open_data.feed_kinds(shown)},
    }
    if shown.has_map:
        found["ogc"] = f"{root}/ogc/collections/{shown.key}"
    return found


def summary(shown: Dataset, names: Mapping[int, str], root: str) -> dict[str, Any]:
    """Return a dataset in the list."""
    name, address = shown.licence_words
    return {
        "key": shown.key,
        "title": shown.title,
        "summary": shown.summary,
        "publisher": publisher(shown, names),
        "attribution": shown.attribution,
        "licence": {"name": name, "url": address},
        "rows": shown.rows,
        "version": shown.version,
        "changed_at": instant(shown.changed_at),
        "confirmed_at": instant(shown.confirmed_at),
        "promise_hours": shown.promise_hours,
        "freshness": {"state": shown.freshness.value, "words": FRESHNESS_WORDS[shown.freshness]},
        "illustrative": shown.illustrative,
        "links": links(shown, root),
    }


def whole(shown: Dataset, names: Mapping[int, str], root: str) -> dict[str, Any]:
    """Return a dataset with its fields, how a row is told from another, and when rows hold."""
    fields = open_data.fields_of(shown)
    keys = {one.key for one in fields}
    times = open_data.times_of(shown)
    return summary(shown, names, root) | {
        "schema": {
            "fields": [field(one, shown) for one in fields],
            "primaryKey": [key for key in shown.mapping.key if key in keys],
            "missingValues": [""],
        },
        "time": {"from": times[0].key, "to": times[1].key} if times else None,
        "time_zone": str(clock.ZONE),
        "coordinates": "OGC:CRS84" if shown.has_map else None,
    }
