"""Rows in the formats of open data. Text that a spreadsheet would take for a formula is told as text."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.utils.feedgenerator import Rss201rev2Feed

from smarthd.connectors.rules.asking import NUMERIC
from smarthd.connectors.rules.fields import Field, Kind
from smarthd.connectors.rules.wording import said
from smarthd.connectors.selectors import open_data
from smarthd.connectors.selectors.public import Dataset
from smarthd.kernel import clock

FORMULA = ("=", "+", "-", "@", "\t", "\r")
_PIECE = 1 << 16
_GROUP = 20_000
"""Rows of one row group of a Parquet file: what is in memory at once."""


def columns(shown: Dataset) -> list[str]:
    """Return the column names of CSV and Parquet."""
    fields = [one.key for one in open_data.fields_of(shown)]
    return ["_id", *(["_lon", "_lat"] if shown.has_map else []), *fields]


def csv_text(shown: Dataset, rows: Iterable[Sequence[str | None]], *, first: tuple[str, ...] = ()) -> Iterator[str]:
    """Yield CSV (RFC 4180, UTF-8 with a mark, as Excel wants it) in pieces; ``rows`` as :func:`open_data.cells_sql` tells them,
    after cells of the columns ``first`` where there are any."""
    out = io.StringIO()
    writer = csv.writer(out)
    out.write("\ufeff")
    writer.writerow([*first, *columns(shown)])
    texts = [*(False for _ in first), False, *([False, False] if shown.has_map else [])]
    texts += [one.kind not in NUMERIC for one in open_data.fields_of(shown)]
    for row in rows:
        writer.writerow(
            [
                f"'{cell}" if text and cell and cell.startswith(FORMULA) else cell
                for cell, text in zip(row, texts, strict=True)
            ]
        )
        if out.tell() > _PIECE:
            yield out.getvalue()
            out.seek(0)
            out.truncate()
    yield out.getvalue()


def json_text(about: Mapping[str, Any], name: str, rows: Iterable[str]) -> Iterator[str]:
    """Yield an object with what ``about`` says and rows, already JSON, under ``name``; in pieces."""
    head = json.dumps(about, ensure_ascii=False)[:-1]
    piece = [f'{head}{", " if about else ""}"{name}": [']
    size = 0
    for number, row in enumerate(rows):
        piece.append(",\n" + row if number else "\n" + row)
        size += len(row)
        if size > _PIECE:
            yield "".join(piece)
            piece, size = [], 0
    yield "".join([*piece, "\n]}\n"])


def parquet_file(shown: Dataset, rows: Iterable[Sequence[str | None]], place: Path, about: Mapping[str, str]) -> None:
    """Write a Parquet file, row group by row group; numbers, days and instants have their types. ``rows`` as cells_sql tells them."""
    import pyarrow as pa
    from pyarrow import parquet

    fields = open_data.fields_of(shown)
    types = [pa.string(), *([pa.float64(), pa.float64()] if shown.has_map else [])]
    types += [_arrow(pa, one) for one in fields]
    schema = pa.schema(list(zip(columns(shown), types, strict=True)), metadata=dict(about))
    with parquet.ParquetWriter(place, schema, compression="zstd") as writer:
        for group in _groups(rows):
            arrays = [
                pa.array([_typed(pa, kind, cell) for cell in cells], kind)
                for kind, cells in zip(types, zip(*group, strict=True), strict=True)
            ]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))


def _arrow(pa: Any, one: Field) -> Any:
    if one.kind in NUMERIC:
        return pa.float64()
    if one.kind is Kind.DAY:
        return pa.date32()
    return pa.timestamp("s", tz=str(clock.ZONE)) if one.kind is Kind.MOMENT else pa.string()


def _typed(pa: Any, kind: Any, cell: str | None) -> Any:
    """Return a cell as its column holds it; what a column held before it changed its kind is nothing."""
    if cell is None or pa.types.is_string(kind):
        return cell
    try:
        if pa.types.is_floating(kind):
            return float(cell)
        if pa.types.is_date(kind):
            return date.fromisoformat(cell[:10])
        return datetime.fromisoformat(cell).replace(tzinfo=clock.ZONE)
    except ValueError:
        return None


def _groups(rows: Iterable[Sequence[str | None]]) -> Iterator[list[Sequence[str | None]]]:
    group: list[Sequence[str | None]] = []
    for row in rows:
        group.append(row)
        if len(group) == _GROUP:
            yield group
            group = []
    if group:
        yield group


def rss(shown: Dataset, rows: Iterable[tuple[str, Mapping[str, Any], datetime | None]], *, root: str, self: str) -> str:
    """Return RSS 2.0 of the rows that changed last."""
    page = f"{root}/du-lieu/{shown.key}/"
    feed = Rss201rev2Feed(
        title=shown.title, link=page, description=shown.summary or shown.title, language="vi", feed_url=self
    )
    fields = open_data.fields_of(shown)
    for code, values, at in rows:
        lines = [
            f"{one.label}: {said(one.kind, values.get(one.key))}" for one in fields if values.get(one.key) is not None
        ]
        feed.add_item(
            title=str(values.get(shown.title_key) or "–"),
            link=f"{page}muc/{code}/",
            description="\n".join(lines),
            unique_id=f"{page}muc/{code}/#{at.isoformat() if at else ''}",
            unique_id_is_permalink=False,
            pubdate=at,
        )
    return str(feed.writeString("utf-8"))


def ics(shown: Dataset, rows: Iterable[str], *, root: str, now: datetime) -> bytes:
    """Return a calendar (RFC 5545) of rows as :func:`open_data.row_sql` tells them; those without a day are left out."""
    from icalendar import Calendar, Event

    times = open_data.times_of(shown)
    calendar = Calendar()
    calendar.add("prodid", "-//Smart-HaiDuong//Du lieu mo//VI")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", shown.title)
    fields = open_data.fields_of(shown)
    host = root.partition("//")[2].partition("/")[0]
    for text in rows if times else ():
        row = json.loads(text)
        values = row["values"]
        begin, end = (_moment(values.get(one.key)) for one in times or ())
        if begin is None:
            continue
        event = Event()
        event.add("uid", f"{row['id']}.{shown.key}@{host}")
        event.add("dtstamp", shown.changed_at or now)
        event.add("summary", str(values.get(shown.title_key) or shown.title))
        event.add("dtstart", _told(begin))
        event.add("dtend", _told(_after(begin, end)))
        told = (f"{one.label}: {said(one.kind, values[one.key])}" for one in fields if values.get(one.key) is not None)
        event.add("description", "\n".join(told))
        event.add("url", f"{root}/du-lieu/{shown.key}/muc/{row['id']}/")
        if row.get("point"):
            event.add("geo", (row["point"][1], row["point"][0]))
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _moment(value: Any) -> date | datetime | None:
    if not isinstance(value, str):
        return None
    try:
        if len(value) == 10:
            return date.fromisoformat(value)
        return datetime.fromisoformat(value).replace(tzinfo=clock.ZONE)
    except ValueError:
        return None


def _told(moment: date | datetime) -> date | datetime:
    """Return an instant as UTC: a named zone would need its rules beside it (RFC 5545, 3.2.19), and every calendar shows its own hour."""
    return moment.astimezone(UTC) if isinstance(moment, datetime) else moment


def _after(begin: date | datetime, end: date | datetime | None) -> date | datetime:
    """Return the end a calendar wants: beyond the last day, never before the beginning."""
    whole_day = not isinstance(begin, datetime)
    if end is None or isinstance(end, datetime) == whole_day or end < begin:
        end = begin
    return end + timedelta(days=1) if whole_day else end


def cells(shown: Dataset, texts: Iterable[str]) -> Iterator[list[str | None]]:
    """Yield rows told as JSON (:func:`open_data.row_sql`) as cells of text, as they stand in the database."""
    fields = open_data.fields_of(shown)
    for text in texts:
        row = json.loads(text, parse_float=str, parse_int=str)
        point = row.get("point") or [None, None]
        values = row["values"]
        yield [row["id"], *(point if shown.has_map else ()), *(values.get(one.key) for one in fields)]
