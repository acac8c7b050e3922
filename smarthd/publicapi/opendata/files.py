"""The whole of a dataset as one file, made once a version and kept; text is kept as gzip and handed out so.

A large one is made by the queue when its version becomes public; who asks before is told when to come again.
"""

from __future__ import annotations

import gzip
import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from smarthd.connectors.selectors import open_data
from smarthd.connectors.selectors.public import Dataset
from smarthd.kernel import clock
from smarthd.publicapi.opendata import describing, formats, serving

AT_ONCE = 20_000
"""Rows of the largest dataset whose file is made while somebody waits."""
_LOCKS = 0x0D


def place_of(shown: Dataset, kind: str) -> Path:
    """Return where the file of this version and this description is kept."""
    mark = serving.etag_of(serving.content_of(shown), kind).strip('"')[:12]
    ending = kind if kind == "parquet" else f"{kind}.gz"
    return _folder(shown.key) / f"{shown.version}-{mark}.{ending}"


def _folder(key: str) -> Path:
    return Path(settings.MEDIA_ROOT) / "open-data" / key


def ready(shown: Dataset, kind: str) -> Path:
    """Return the kept file, made now where that is quick. Raises FileBeingMade, NotOpenData."""
    place = place_of(shown, kind)
    if place.exists():
        return place
    if shown.rows > AT_ONCE:
        from smarthd.publicapi import tasks

        tasks.prepare_later(shown.key)
        raise serving.FileBeingMade(retry_s=30)
    return make(shown, kind)


@transaction.atomic
def make(shown: Dataset, kind: str) -> Path:
    """Write a file beside its place and move it there; two who ask at once make it once. Older versions' files go."""
    place = place_of(shown, kind)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCKS, shown.id % (1 << 31)])
    if place.exists():
        return place
    place.parent.mkdir(parents=True, exist_ok=True)
    part = place.parent / f".part-{os.getpid()}-{os.urandom(4).hex()}"
    try:
        if kind == "parquet":
            rows = _cells(shown)
            formats.parquet_file(shown, rows, part, {name: str(said) for name, said in _about(shown).items()})
        else:
            with gzip.open(part, "wt", encoding="utf-8", compresslevel=5, newline="") as out:
                out.writelines(_text(shown, kind))
        part.replace(place)
    finally:
        part.unlink(missing_ok=True)
    for old in place.parent.iterdir():
        if not old.name.startswith((f"{shown.version}-", ".part-")):
            old.unlink(missing_ok=True)
    return place


def _cells(shown: Dataset) -> Iterator[tuple[str | None, ...]]:
    return open_data.stream(shown, open_data.cells_sql(shown), columns=len(formats.columns(shown)))


def _text(shown: Dataset, kind: str) -> Iterator[str]:
    if kind == "csv":
        return formats.csv_text(shown, _cells(shown))
    if kind == "geojson":
        features = _only(open_data.stream(shown, open_data.feature_sql(shown)))
        return formats.json_text({"type": "FeatureCollection", **_about(shown)}, "features", features)
    return formats.json_text(_about(shown), "rows", _only(open_data.stream(shown, open_data.row_sql(shown))))


def _only(rows: Iterable[tuple[str | None, ...]]) -> Iterator[str]:
    return (row[0] or "" for row in rows)


def _about(shown: Dataset) -> dict[str, Any]:
    """Return what goes with the rows wherever the file goes: what it is, whose, under which licence, of when."""
    name, address = shown.licence_words
    fields = [{"name": one.key, "title": one.label, "kind": one.kind.value} for one in open_data.fields_of(shown)]
    return {
        "title": shown.title,
        "publisher": describing.publisher(shown, describing.names_of([shown])),
        "attribution": shown.attribution,
        "licence": name,
        "licence_url": address,
        "version": shown.version,
        "changed_at": describing.instant(shown.changed_at),
        "illustrative": shown.illustrative,
        "fields": fields,
    }


def prepare(key: str) -> None:
    """Make every file of a dataset. Raises DatasetUnknown."""
    shown = open_data.open_dataset(key, now=clock.now())
    for kind in open_data.file_kinds(shown):
        make(shown, kind)


def tidy() -> int:
    """Destroy the files of datasets that are no longer public or open. Return of how many."""
    base = Path(settings.MEDIA_ROOT) / "open-data"
    known = {one.key for one in open_data.open_datasets(now=clock.now())}
    gone = [folder for folder in base.iterdir() if folder.name not in known] if base.exists() else []
    for folder in gone:
        shutil.rmtree(folder, ignore_errors=True)
    return len(gone)


def pieces(place: Path, *, unpacked: bool) -> Iterator[bytes]:
    """Yield a kept file."""
    with gzip.open(place, "rb") if unpacked else place.open("rb") as file:
        while piece := file.read(1 << 16):
            yield piece


def is_large(key: str) -> bool:
    """Say whether the files of a dataset are made by the queue."""
    return any(one.key == key and one.rows > AT_ONCE for one in open_data.open_datasets(now=clock.now()))
