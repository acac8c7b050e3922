"""Files of earlier versions and of what differs between two: made when they are asked for, those asked for last are kept.

A large one is made by the queue; who asks before is told when to come again.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings

from smarthd.connectors.selectors import earlier, open_data
from smarthd.connectors.selectors.earlier import Earlier
from smarthd.connectors.selectors.public import Dataset
from smarthd.kernel import clock
from smarthd.publicapi.opendata import describing, files, formats, serving

KINDS = ("json", "csv", "geojson")
CHANGE_KINDS = ("json", "csv")
KEPT = 20
"""Files of earlier versions kept of one dataset."""


def kinds_of(shown: Dataset) -> tuple[str, ...]:
    """Return the formats of a version (``Earlier.shown``)."""
    return tuple(kind for kind in KINDS if kind != "geojson" or shown.has_map)


def version_file(key: str, number: int, kind: str) -> tuple[Earlier, Path]:
    """Return a version and its kept file. Raises DatasetUnknown, EditionUnknown, FormatUnknown, FileBeingMade."""
    found = earlier.version(open_data.open_dataset(key, now=clock.now()), number)
    if kind not in kinds_of(found.shown):
        raise serving.FormatUnknown(kinds_of(found.shown))
    return found, _ready(found.shown, f"{number}", kind, {"number": number, "kind": kind})


def changes_file(key: str, number: int, since: int | None, kind: str) -> tuple[Earlier, Earlier, Path]:
    """Return two versions and the kept file of what differs; ``since`` None is the one before. Raises as :func:`version_file`."""
    shown = open_data.open_dataset(key, now=clock.now())
    new = earlier.version(shown, number)
    old = earlier.version(shown, earlier.before(shown, number) if since is None else since)
    name = f"{old.edition.number}-{number}"
    asked = {"number": number, "since": old.edition.number, "kind": kind}
    return old, new, _ready(earlier.common(old.shown, new.shown), name, kind, asked)


def _ready(shown: Dataset, name: str, kind: str, asked: dict[str, Any]) -> Path:
    place = _folder(shown.key) / f"{name}-{_mark(shown, kind)}.{kind}.gz"
    if place.exists():
        os.utime(place)
        return place
    if shown.rows > files.AT_ONCE:
        from smarthd.publicapi import tasks

        tasks.prepare_earlier_later(shown.key, **asked)
        raise serving.FileBeingMade(retry_s=30)
    _make(shown, place, asked)
    return place


def _mark(shown: Dataset, kind: str) -> str:
    return serving.etag_of(serving.content_of(shown), kind).strip('"')[:12]


def _folder(key: str) -> Path:
    return base() / key


def base() -> Path:
    """Return the folder of all of them."""
    return Path(settings.MEDIA_ROOT) / "open-data-earlier"


def prepare(key: str, *, number: int, kind: str, since: int | None = None) -> None:
    """Make a file for who asked before. Raises DatasetUnknown, EditionUnknown."""
    shown = open_data.open_dataset(key, now=clock.now())
    new = earlier.version(shown, number)
    asked, told, name = {"number": number, "kind": kind}, new.shown, f"{number}"
    if since is not None:
        told = earlier.common(earlier.version(shown, since).shown, new.shown)
        asked, name = asked | {"since": since}, f"{since}-{number}"
    place = _folder(key) / f"{name}-{_mark(told, kind)}.{kind}.gz"
    if not place.exists():
        _make(told, place, asked)


def _make(shown: Dataset, place: Path, asked: dict[str, Any]) -> None:
    with files.beside(place) as part:
        if "since" in asked:
            old = earlier.version(open_data.open_dataset(shown.key, now=clock.now()), asked["since"])
            files.write_packed(part, _changes_text(old.shown, shown, asked["kind"]))
        else:
            files.write_packed(part, files.text_of(shown, asked["kind"], earlier.stream))
    kept = sorted(place.parent.glob("[0-9]*"), key=lambda one: one.stat().st_mtime, reverse=True)
    for one in kept[KEPT:]:
        one.unlink(missing_ok=True)


def _changes_text(old: Dataset, new: Dataset, kind: str) -> Iterator[str]:
    """Yield what differs; ``new`` has only the fields both hand out (:func:`earlier.common`)."""
    found = earlier.differences(old, new, open_data.row_sql(new))
    if kind == "csv":
        return formats.csv_text(new, _lines(new, found), first=("_change",))
    about = {"dataset": new.key, "from": old.version, "to": new.version, "licence": new.licence_words[1]}
    told = (f'{{"change": "{act}", "before": {was or "null"}, "after": {now or "null"}}}' for act, was, now in found)
    return formats.json_text(about, "changes", told)


def _lines(new: Dataset, found: Iterator[tuple[str, str | None, str | None]]) -> Iterator[list[str | None]]:
    """Yield lines of CSV: a row that came or went is one line, one that changed is two, as it was and as it is."""
    for act, was, now in found:
        words = ("before", "after") if act == "changed" else (act, act)
        for word, text in zip(words, (was, now), strict=True):
            if text is not None:
                yield [word, *next(formats.cells(new, [text]))]


def tidy() -> int:
    """Destroy the files of datasets that no longer let them go, and of versions that were recalled. Return how many."""
    known = {one.key: one for one in open_data.open_datasets(now=clock.now())}
    gone = 0
    for folder in base().iterdir() if base().exists() else ():
        files_of = {place: _numbers_in(place) for place in folder.iterdir()}
        shown = known.get(folder.name)
        let = earlier.standing(shown, set().union(*files_of.values())) if shown else set()
        for place, numbers in files_of.items():
            if not numbers or not numbers <= let:
                place.unlink(missing_ok=True)
                gone += 1
        if not let:
            shutil.rmtree(folder, ignore_errors=True)
    return gone


def _numbers_in(place: Path) -> set[int]:
    """Return the versions a kept file is of, by its name; none where it is not one of ours."""
    named = place.name.split("-")[:-1]
    return {int(one) for one in named} if all(one.isdigit() for one in named) else set()


def edition(one: Earlier, root: str) -> dict[str, Any]:
    """Return a version for machines: when, how many rows, which fields, where its files are."""
    at = address(one.shown.key, one.edition.number, root)
    fields = [describing.field(each, one.shown) for each in open_data.fields_of(one.shown)]
    return describing.edition(one.edition) | {
        "dataset": one.shown.key,
        "title": one.shown.title,
        "licence": {"name": one.shown.licence_words[0], "url": one.shown.licence_words[1]},
        "schema": {"fields": fields, "missingValues": [""]},
        "links": links(one.shown, at),
    }


def address(key: str, number: int, root: str) -> str:
    """Return where a version is found."""
    return f"{root}/api/v1/datasets/{key}/versions/{number}"


def links(shown: Dataset, at: str) -> dict[str, Any]:
    """Return the addresses of a version that may be taken away."""
    return {
        "self": at,
        "files": {kind: f"{at}/file.{kind}" for kind in kinds_of(shown)},
        "changes": {kind: f"{at}/changes.{kind}" for kind in CHANGE_KINDS},
    }
