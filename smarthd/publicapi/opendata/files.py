"""The whole of a dataset as one file, made once a version and kept; text is kept as gzip and handed out so.

A large one is made by the queue when its version becomes public; who asks before is told when to come again.
"""

from __future__ import annotations

import gzip
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse

from smarthd.connectors.selectors import open_data
from smarthd.connectors.selectors.public import Dataset
from smarthd.kernel import clock
from smarthd.publicapi.opendata import describing, formats, ranges, serving

AT_ONCE = 20_000
"""Rows of the largest dataset whose file is made while somebody waits."""
_LOCKS = 0x0D
Stream = Callable[..., Iterator[tuple[str | None, ...]]]
"""What reads every row of a dataset as texts, as :func:`open_data.stream` does."""


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
    with beside(place) as part:
        if kind == "parquet":
            rows = _cells(shown)
            formats.parquet_file(shown, rows, part, {name: str(said) for name, said in about(shown).items()})
        else:
            write_packed(part, text_of(shown, kind, open_data.stream))
    for old in place.parent.iterdir():
        if not old.name.startswith((f"{shown.version}-", ".part-")):
            old.unlink(missing_ok=True)
    return place


@contextmanager
def beside(place: Path) -> Iterator[Path]:
    """Give a path to write to beside a place; what was written there is moved to the place, whole or not at all."""
    place.parent.mkdir(parents=True, exist_ok=True)
    part = place.parent / f".part-{os.getpid()}-{os.urandom(4).hex()}"
    try:
        yield part
        part.replace(place)
    finally:
        part.unlink(missing_ok=True)


def write_packed(part: Path, pieces: Iterable[str]) -> None:
    """Write text as gzip."""
    with gzip.open(part, "wt", encoding="utf-8", compresslevel=5, newline="") as out:
        out.writelines(pieces)


def _cells(shown: Dataset, stream: Stream = open_data.stream) -> Iterator[tuple[str | None, ...]]:
    return stream(shown, open_data.cells_sql(shown), columns=len(formats.columns(shown)))


def text_of(shown: Dataset, kind: str, stream: Stream) -> Iterator[str]:
    """Yield a dataset as CSV, GeoJSON or JSON in pieces; its rows are what ``stream`` reads."""
    if kind == "csv":
        return formats.csv_text(shown, _cells(shown, stream))
    if kind == "geojson":
        features = _only(stream(shown, open_data.feature_sql(shown)))
        return formats.json_text({"type": "FeatureCollection", **about(shown)}, "features", features)
    return formats.json_text(about(shown), "rows", _only(stream(shown, open_data.row_sql(shown))))


def _only(rows: Iterable[tuple[str | None, ...]]) -> Iterator[str]:
    return (row[0] or "" for row in rows)


def about(shown: Dataset) -> dict[str, Any]:
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


def answer(request: HttpRequest, place: Path, *, kind: str, etag: str, name: str) -> HttpResponseBase:
    """Return a kept file of text or Parquet under a name, or the part of it that is asked for; as it lies for who takes gzip."""
    packed = kind != "parquet"
    if as_it_lies(request, kind):
        told = ranges.answer(request, place, kind=describing.TYPES[kind], etag=etag)
        if packed and told.status_code != 416:
            told.headers["Content-Encoding"] = "gzip"
    else:
        told = StreamingHttpResponse(pieces(place, unpacked=True), content_type=describing.TYPES[kind])
    told.headers["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return told


def as_it_lies(request: HttpRequest, kind: str) -> bool:
    """Say whether the asker gets the very bytes that are kept."""
    return kind == "parquet" or "gzip" in request.headers.get("accept-encoding", "")


def is_large(key: str) -> bool:
    """Say whether the files of a dataset are made by the queue."""
    return any(one.key == key and one.rows > AT_ONCE for one in open_data.open_datasets(now=clock.now()))
