"""Rows as the files departments have: a workbook, a text table, GTFS, ICS, GeoJSON, JSON."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import xlsxwriter

from smarthd.connectors.rules.sources import SourceKind

Row = Sequence[str]


@dataclass(frozen=True, slots=True)
class File:
    """One file and the kind of source it comes from."""

    kind: SourceKind
    name: str
    raw: bytes


def workbook(name: str, title: str, columns: Sequence[str], rows: Iterable[Row]) -> File:
    """Return a workbook as offices make them: a title, an empty line, the headings, the rows."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet("Danh sách")
        sheet.write(0, 0, title.upper())
        for line, row in enumerate([columns, *rows], start=2):
            sheet.write_row(line, 0, row)
    return File(SourceKind.UPLOAD, f"{name}.xlsx", out.getvalue())


def text_table(name: str, columns: Sequence[str], rows: Iterable[Row]) -> File:
    """Return a CSV file in UTF-8 with its mark, as spreadsheets save it."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerows([columns, *rows])
    return File(SourceKind.UPLOAD, f"{name}.csv", out.getvalue().encode("utf-8-sig"))


def records(name: str, columns: Sequence[str], rows: Iterable[Row]) -> File:
    """Return what a REST interface answers: a list of objects."""
    told = [dict(zip(columns, row, strict=True)) for row in rows]
    return File(SourceKind.API, f"{name}.json", json.dumps(told, ensure_ascii=False).encode())


def features(name: str, columns: Sequence[str], rows: Iterable[Row]) -> File:
    """Return a GeoJSON collection; the last two columns of a row are latitude and longitude."""
    told = [
        {
            "type": "Feature",
            "properties": dict(zip(columns[:-2], row[:-2], strict=True)),
            "geometry": {"type": "Point", "coordinates": [float(row[-1]), float(row[-2])]},
        }
        for row in rows
    ]
    collection = {"type": "FeatureCollection", "features": told}
    return File(SourceKind.GEOJSON, f"{name}.geojson", json.dumps(collection, ensure_ascii=False).encode())


def gtfs(name: str, tables: Mapping[str, Sequence[Mapping[str, object]]]) -> File:
    """Return a GTFS archive of tables by name, each a list of rows with the same columns."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for table, rows in tables.items():
            text = io.StringIO(newline="")
            writer = csv.DictWriter(text, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
            archive.writestr(f"{table}.txt", text.getvalue())
    return File(SourceKind.GTFS, f"{name}.zip", out.getvalue())


def calendar(name: str, events: Iterable[tuple[str, str, str, datetime, datetime]]) -> File:
    """Return an ICS calendar of (uid, summary, place, begin, end); instants are aware."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//smarthd//demo//VI"]
    for uid, summary, place, begin, end in events:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{uid}",
            f"SUMMARY:{_escaped(summary)}",
            f"LOCATION:{_escaped(place)}",
            f"DTSTART:{_utc(begin)}",
            f"DTEND:{_utc(end)}",
            "END:VEVENT",
        ]
    return File(SourceKind.CALENDAR, f"{name}.ics", "\r\n".join([*lines, "END:VCALENDAR", ""]).encode())


def _escaped(words: str) -> str:
    return words.replace("\\", "\\\\").replace(",", "\\,").replace(";", "\\;")


def _utc(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y%m%dT%H%M%SZ}"
