"""Reading catalogue and lineage files: every faulty row is named before anything is written."""

from __future__ import annotations

import csv
import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from smarthd.places.errors import BadCatalogueFile
from smarthd.places.rules import KINDS, Confidence, Level

CATALOGUES = Path(__file__).resolve().parent.parent / "catalogues"
UNIT_COLUMNS = ("unit", "code", "name", "kind", "level", "parent", "lat", "lon")
LINEAGE_COLUMNS = ("from", "to", "part", "share")
PARTS = ("whole", "main", "part", "area-only")

Problem = tuple[int, str, str]


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One row of a catalogue."""

    line: int
    key: str
    code: str
    name: str
    kind: str
    level: str
    parent: str
    since: date | None
    lat: float | None
    lon: float | None
    centre: str
    centre_source: str
    document: str


@dataclass(frozen=True, slots=True)
class LineageRow:
    """One row of a lineage file; ``population`` and ``area_km2`` are of the unit that ends, where a source says so."""

    line: int
    source_key: str
    target_key: str
    part: str
    share: float
    area_share: float
    population: float | None
    area_km2: float | None
    confidence: str
    source: str
    note: str


def fingerprint(*paths: Path) -> str:
    """Return the SHA-256 of files, so that an unchanged catalogue is not read again."""
    digest = hashlib.sha256()
    for path in paths:
        if path.exists():
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _rows(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            missing = [name for name in columns if name not in (reader.fieldnames or ())]
            if missing:
                raise BadCatalogueFile(problems=[(1, "missing_column", name) for name in missing])
            for line, row in enumerate(reader, start=2):
                yield line, {name: (value or "").strip() for name, value in row.items() if name}
    except UnicodeDecodeError as error:
        raise BadCatalogueFile(problems=[(1, "not_utf8", f"byte {error.start}")]) from error


def _number(text: str, low: float, high: float) -> float | None:
    if not text:
        return None
    value = float(text)
    if not low <= value <= high:
        raise ValueError(text)
    return value


def read_units(path: Path) -> list[UnitRow]:
    """Read a catalogue file, or refuse it with every faulty row (BadCatalogueFile)."""
    rows: list[UnitRow] = []
    problems: list[Problem] = []
    for line, row in _rows(path, UNIT_COLUMNS):
        found = list(_unit_problems(row))
        if found:
            problems += [(line, what, detail) for what, detail in found]
            continue
        rows.append(
            UnitRow(
                line=line,
                key=row["unit"],
                code=row["code"],
                name=row["name"],
                kind=row["kind"],
                level=row["level"],
                parent=row["parent"],
                since=date.fromisoformat(row["since"]) if row.get("since") else None,
                lat=_number(row["lat"], -90, 90),
                lon=_number(row["lon"], -180, 180),
                centre=row.get("centre") or (Confidence.STATED if row["lat"] else Confidence.NONE),
                centre_source=row.get("centre_source", ""),
                document=row.get("document", ""),
            )
        )
    problems += _across(rows)
    if problems or not rows:
        raise BadCatalogueFile(problems=sorted(problems) or [(1, "no_rows", "")])
    return rows


def _unit_problems(row: dict[str, str]) -> Iterator[tuple[str, str]]:
    for name in ("unit", "code", "name"):
        if not row[name]:
            yield "empty", name
    if row["level"] not in set(Level):
        yield "unknown_level", row["level"]
    elif row["kind"] not in KINDS[Level(row["level"])]:
        yield "unknown_kind", row["kind"]
    if row["level"] in (Level.DISTRICT, Level.COMMUNE) and not row["parent"]:
        yield "no_parent", row["unit"]
    for name, reach in (("lat", 90.0), ("lon", 180.0)):
        try:
            _number(row[name], -reach, reach)
        except ValueError:
            yield "bad_number", row[name]
    if bool(row["lat"]) != bool(row["lon"]):
        yield "half_a_centre", row["unit"]
    if row.get("since"):
        try:
            date.fromisoformat(row["since"])
        except ValueError:
            yield "bad_date", row["since"]
    if row.get("centre") and row["centre"] not in set(Confidence):
        yield "unknown_confidence", row["centre"]


def _across(rows: list[UnitRow]) -> list[Problem]:
    keys = Counter(row.key for row in rows)
    codes = Counter(row.code for row in rows)
    problems = [(row.line, "repeated_unit", row.key) for row in rows if keys[row.key] > 1]
    problems += [(row.line, "repeated_code", row.code) for row in rows if codes[row.code] > 1]
    problems += [(row.line, "unknown_parent", row.parent) for row in rows if row.parent and row.parent not in keys]
    return problems


def read_lineage(path: Path) -> list[LineageRow]:
    """Read a lineage file, or refuse it with every faulty row; the parts of each unit must add up to 1."""
    rows: list[LineageRow] = []
    problems: list[Problem] = []
    for line, row in _rows(path, LINEAGE_COLUMNS):
        try:
            rows.append(_lineage_row(line, row))
        except ValueError as error:
            problems.append((line, "bad_number", str(error)))
            continue
        if row["part"] not in PARTS:
            problems.append((line, "unknown_part", row["part"]))
        if rows[-1].confidence not in (Confidence.STATED, Confidence.INFERRED, Confidence.COMPUTED):
            problems.append((line, "unknown_confidence", rows[-1].confidence))
    sums: dict[str, float] = {}
    grounds: dict[str, float] = {}
    for item in rows:
        sums[item.source_key] = sums.get(item.source_key, 0.0) + item.share
        grounds[item.source_key] = grounds.get(item.source_key, 0.0) + item.area_share
    for totals in (sums, grounds):
        wrong = {key: total for key, total in totals.items() if abs(total - 1) > 1e-6}
        problems += [(row.line, "shares", f"{wrong[row.source_key]:.3f}") for row in rows if row.source_key in wrong]
    if problems or not rows:
        raise BadCatalogueFile(problems=sorted(set(problems)) or [(1, "no_rows", "")])
    return rows


def _lineage_row(line: int, row: dict[str, str]) -> LineageRow:
    share = _number(row["share"], 0, 1)
    if row["part"] == "area-only":
        share = 0.0
    ground = _number(row.get("area_share", ""), 0, 1)
    if share is None:
        raise ValueError(row["share"])
    return LineageRow(
        line=line,
        source_key=row["from"],
        target_key=row["to"],
        part=row["part"],
        share=share,
        area_share=share if ground is None else ground,
        population=_number(row.get("population", ""), 1, 1e9),
        area_km2=_number(row.get("area_km2", ""), 1e-6, 1e6),
        confidence=row.get("confidence") or Confidence.INFERRED,
        source=row.get("source", ""),
        note=row.get("note", ""),
    )
