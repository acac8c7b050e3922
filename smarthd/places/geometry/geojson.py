"""Reading GeoJSON of any size, one feature at a time: memory holds one feature, whatever the file weighs. Pure of the database."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from json import JSONDecodeError, JSONDecoder
from pathlib import Path
from typing import Any, TextIO

import numpy as np
import shapely

from smarthd.places.errors import NotGeoJSON, UnknownCRS

CHUNK = 1 << 20
MOST_CHARS_A_FEATURE = 64 << 20
_OURS = re.compile(r"(?:CRS:?84|EPSG:{1,2}(?:[\d.]*:)?4326|EPSG/0/4326|WGS ?84)$", re.IGNORECASE)
_SPACE = " \t\r\n"


@dataclass(slots=True)
class Feature:
    """One feature; ``ground`` is a valid 2-D (multi)polygon or None; ``faults`` say what was repaired or why there is none."""

    number: int
    id: str
    properties: dict[str, Any]
    ground: Any
    faults: list[str] = field(default_factory=list)


class _Text:
    """A text read ahead as far as needed."""

    def __init__(self, file: TextIO) -> None:
        self.file = file
        self.buffer = ""
        self.at = 0
        self.ended = False
        self.decoder = JSONDecoder()

    def more(self, size: int = CHUNK) -> bool:
        """Read on; False at the end of the file."""
        if self.ended:
            return False
        chunk = self.file.read(size)
        self.ended = not chunk
        self.buffer, self.at = self.buffer[self.at :] + chunk, 0
        return bool(chunk)

    def peek(self) -> str:
        """Return the next character that is no space, without taking it; empty at the end."""
        while True:
            while self.at < len(self.buffer) and self.buffer[self.at] in _SPACE:
                self.at += 1
            if self.at < len(self.buffer):
                return self.buffer[self.at]
            if not self.more():
                return ""

    def take(self, wanted: str) -> None:
        """Take one expected character."""
        found = self.peek()
        if found != wanted:
            raise NotGeoJSON(what=f"expected {wanted!r}, found {found!r}")
        self.at += 1

    def value(self) -> Any:
        """Take one whole JSON value."""
        self.peek()
        size = CHUNK
        while True:
            try:
                value, end = self.decoder.raw_decode(self.buffer, self.at)
            except (JSONDecodeError, RecursionError) as error:
                if len(self.buffer) - self.at > MOST_CHARS_A_FEATURE:
                    raise NotGeoJSON(what="a value longer than 64 MB") from error
                if isinstance(error, RecursionError) or not self.more(size):
                    raise NotGeoJSON(what=str(error)) from error
                size *= 2
                continue
            if end == len(self.buffer) and self.more(size):
                continue  # a number may go on in the next piece
            self.at = end
            return value


class Reader:
    """A GeoJSON file; iterate over its features, then ``crs`` and ``type`` are known. Refuses by name what is no such file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.crs = ""
        self.kind: object = None
        self.count = 0

    def __iter__(self) -> Iterator[Feature]:
        try:
            with self.path.open(encoding="utf-8-sig") as file:
                yield from self._members(_Text(file))
        except UnicodeDecodeError as error:
            raise NotGeoJSON(what="not UTF-8 text") from error
        if self.kind != "FeatureCollection":
            raise NotGeoJSON(what=f"type {self.kind!r}")

    def _members(self, text: _Text) -> Iterator[Feature]:
        text.take("{")
        while text.peek() != "}":
            key = text.value()
            text.take(":")
            if key == "features":
                yield from self._features(text)
            else:
                self._member(key, text.value())
            if text.peek() != ",":
                break
            text.take(",")
        text.take("}")
        if text.peek():
            raise NotGeoJSON(what="text after the end")

    def _member(self, key: object, value: Any) -> None:
        if key == "type":
            self.kind = value
            if value != "FeatureCollection":
                raise NotGeoJSON(what=f"type {value!r}")
        elif key == "crs" and value is not None:
            self.crs = crs_name(value)
            if not _OURS.search(self.crs):
                raise UnknownCRS(crs=self.crs)

    def _features(self, text: _Text) -> Iterator[Feature]:
        text.take("[")
        while text.peek() != "]":
            raw = text.value()
            self.count += 1
            if not isinstance(raw, dict) or raw.get("type") != "Feature":
                raise NotGeoJSON(what=f"feature {self.count}: no Feature")
            yield _feature(self.count, raw)
            if text.peek() != ",":
                break
            text.take(",")
        text.take("]")


def crs_name(value: Any) -> str:
    """Return the name in a ``crs`` member (GeoJSON 2008), or its JSON where it has none."""
    if isinstance(value, dict) and isinstance(value.get("properties"), dict):
        named = value["properties"].get("name") or value["properties"].get("href")
        if named:
            return str(named)
    return value if isinstance(value, str) else json.dumps(value)


def _feature(number: int, raw: dict[str, Any]) -> Feature:
    properties = raw.get("properties")
    feature = Feature(number, str(raw.get("id", "")), properties if isinstance(properties, dict) else {}, None)
    feature.ground = _ground(raw.get("geometry"), feature.faults)
    return feature


def _ground(geometry: Any, faults: list[str]) -> Any:
    """Return a valid 2-D polygon of a GeoJSON geometry, or None; faults are named."""
    if not isinstance(geometry, dict):
        faults.append("no_geometry")
        return None
    kind, coordinates = geometry.get("type"), geometry.get("coordinates") or []
    if kind not in ("Polygon", "MultiPolygon"):
        faults.append("not_polygon")
        return None
    try:
        parts = [coordinates] if kind == "Polygon" else coordinates
        polygons = [_polygon(rings, faults) for rings in parts]
    except (TypeError, ValueError, IndexError, shapely.errors.GEOSException):
        faults.append("bad_coordinates")
        return None
    polygons = [polygon for polygon in polygons if polygon is not None]
    whole = shapely.multipolygons(polygons) if polygons else None
    if whole is not None and not whole.is_valid:
        faults.append("repaired: " + shapely.is_valid_reason(whole).split("[")[0])
        whole = _areas(shapely.make_valid(whole, method="structure"))
    if whole is None or whole.is_empty:
        faults.append("empty")
        return None
    return whole


def _polygon(rings: Any, faults: list[str]) -> Any:
    shaped = [ring for ring in (_ring(points, faults) for points in rings) if ring is not None]
    return shapely.polygons(shaped[0], holes=shaped[1:] or None) if shaped else None


def _ring(points: Any, faults: list[str]) -> Any:
    flat = np.array([[float(point[0]), float(point[1])] for point in points], dtype=np.float64).reshape(-1, 2)
    if not np.isfinite(flat).all():
        raise ValueError("not finite")
    if len(flat) and not np.array_equal(flat[0], flat[-1]):
        faults.append("repaired: unclosed ring")
        flat = np.vstack([flat, flat[:1]])
    if len(flat) < 4:
        faults.append("repaired: ring of too few points dropped")
        return None
    return shapely.linearrings(flat)


def _areas(geometry: Any) -> Any:
    """Keep what has area of a repaired geometry."""
    parts = [part for part in shapely.get_parts(geometry) if part.geom_type in ("Polygon", "MultiPolygon")]
    return shapely.union_all(parts) if parts else None


def misplaced(bounds: tuple[float, float, float, float], known: tuple[float, float, float, float]) -> str | None:
    """Say how bounds (west, south, east, north; degrees) miss the known land: ``metres``, ``swapped``, ``far`` or None.

    "Near" is within a degree and a half of the known land, about 160 km.
    """
    if max(abs(number) for number in bounds) > 360:
        return "metres"
    west, south, east, north = bounds
    if _near((west, south, east, north), known):
        return None
    return "swapped" if _near((south, west, north, east), known) else "far"


def _near(bounds: tuple[float, float, float, float], known: tuple[float, float, float, float]) -> bool:
    margin = 1.5
    return (
        math.isfinite(sum(bounds))
        and bounds[0] >= known[0] - margin
        and bounds[1] >= known[1] - margin
        and bounds[2] <= known[2] + margin
        and bounds[3] <= known[3] + margin
    )
