"""Documents as tables: JSON, GeoJSON, RSS and Atom, ICS, GTFS. Pure of the network; what is broken is refused in words."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from xml.etree.ElementTree import Element, ParseError

import defusedxml
import shapely
import shapely.geometry
from defusedxml import ElementTree

from smarthd.connectors.ports import SourceRefused, Table
from smarthd.connectors.rules.checking import Line
from smarthd.kernel import clock, text

MOST_ROWS = 200_000
MOST_COLUMNS = 100
_UNPACKED = 200 << 20
MOST_DAYS = 300
"""Single days of a GTFS service that are written out: what a cell can hold (rules/fields.py)."""


def table(columns: Sequence[str], rows: Iterable[Sequence[str]], *, notes: Sequence[str] = ()) -> Table:
    """Return rows as lines numbered from 1."""
    lines = [Line(number, [text.nfc(cell) for cell in row]) for number, row in enumerate(rows, start=1)]
    if len(lines) > MOST_ROWS:
        msg = f"nhiều hơn {MOST_ROWS} dòng"
        raise SourceRefused(msg)
    return Table(columns=tuple(columns), lines=lines, decimal=".", notes=tuple(notes))


# --- JSON ------------------------------------------------------------------------------------------------------------
def parsed_json(raw: bytes) -> Any:
    """Return what a JSON document says."""
    try:
        return json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        msg = "câu trả lời không phải JSON" + (" mà là trang web" if raw.lstrip()[:1] == b"<" else "")
        raise SourceRefused(msg) from None


def within(told: Any, path: str) -> Any:
    """Return what stands at a path like ``result.records``; None where it leads nowhere."""
    for name in filter(None, path.split(".")):
        told = told.get(name) if isinstance(told, Mapping) else None
    return told


def records(told: Any, path: str) -> list[Mapping[str, Any]]:
    """Return the list of objects at a path, or raise SourceRefused."""
    found = within(told, path)
    if not isinstance(found, list) or not all(isinstance(one, Mapping) for one in found):
        msg = f"không thấy danh sách các mục ở “{path or 'gốc'}”"
        raise SourceRefused(msg)
    return found


def json_table(found: Sequence[Mapping[str, Any]]) -> Table:
    """Return objects as a table: what lies inside others is named ``a.b``."""
    flat = [dict(_flat(one)) for one in found]
    columns = list(dict.fromkeys(name for one in flat for name in one))[:MOST_COLUMNS]
    return table(columns, ([one.get(name, "") for name in columns] for one in flat))


def widened(told: Table, columns: Sequence[str]) -> Table:
    """Return a table with empty columns added."""
    lines = [Line(line.number, [*line.cells, *("" for _ in columns)]) for line in told.lines]
    return Table((*told.columns, *columns), lines, told.digest, told.moved_at, told.decimal, told.notes)


def flat_object(told: Mapping[str, Any]) -> dict[str, str]:
    """Return an object's values as text by their names, what lies inside others named ``a.b``."""
    return dict(_flat(told))


def _flat(told: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, str]]:
    for name, value in told.items():
        if isinstance(value, Mapping) and before.count(".") < 4:
            yield from _flat(value, f"{before}{name}.")
        else:
            yield f"{before}{name}", cell(value)


def cell(value: Any) -> str:
    """Return a JSON value as text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Có" if value else "Không"
    if isinstance(value, list):
        return ", ".join(cell(one) for one in value)
    if isinstance(value, Mapping):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


# --- GeoJSON ---------------------------------------------------------------------------------------------------------
def geojson_table(raw: bytes) -> Table:
    """Return the features of a collection: their properties, and a point that lies in each."""
    return json_table(feature_rows(parsed_json(raw)))


def feature_rows(told: Any) -> list[dict[str, Any]]:
    """Return the features of a collection as flat objects: id, properties, point."""
    features = told.get("features") if isinstance(told, Mapping) and told.get("type") == "FeatureCollection" else None
    if not isinstance(features, list):
        msg = "không phải GeoJSON FeatureCollection"
        raise SourceRefused(msg)
    found = []
    for feature in features:
        if not isinstance(feature, Mapping):
            msg = "có mục không phải Feature"
            raise SourceRefused(msg)
        lat, lon = point(feature.get("geometry"))
        properties = feature.get("properties")
        own = {"id": feature["id"]} if feature.get("id") is not None else {}
        found.append({**own, **(properties if isinstance(properties, Mapping) else {}), "Vĩ độ": lat, "Kinh độ": lon})
    return found


def point(geometry: Any) -> tuple[str, str]:
    """Return latitude and longitude of a point that lies in a GeoJSON geometry; empty for none, "?" for one that is broken."""
    if not isinstance(geometry, Mapping):
        return "", ""
    try:
        inside = shapely.geometry.shape(geometry).representative_point()
    except (ValueError, TypeError, AttributeError, KeyError, IndexError, shapely.errors.ShapelyError):
        return "?", "?"  # told by the line it stands in
    return ("", "") if inside.is_empty else (f"{inside.y:.7f}", f"{inside.x:.7f}")


# --- RSS, Atom -------------------------------------------------------------------------------------------------------
FEED_COLUMNS = ("Mã", "Tiêu đề", "Tóm tắt", "Liên kết", "Ngày đăng")
_TAG = re.compile(r"<[^>]*>")


def feed_table(raw: bytes) -> Table:
    """Return the entries of an RSS 2.0 or Atom feed; entities and document types are refused before they are read."""
    try:
        root = ElementTree.fromstring(raw, forbid_dtd=True)
    except (ParseError, ValueError, LookupError, defusedxml.DefusedXmlException):
        page = b"<html" in raw[:2_000].lower()
        msg = "nguồn tin không phải RSS hay Atom" + (" mà là trang web" if page else " đọc được")
        raise SourceRefused(msg) from None
    entries = [one for one in root.iter() if _name(one) in {"item", "entry"}]
    if _name(root) not in {"rss", "feed", "RDF"}:
        msg = "nguồn tin không phải RSS hay Atom"
        raise SourceRefused(msg)
    return table(FEED_COLUMNS, map(_entry, entries))


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _entry(entry: Element) -> list[str]:
    told: dict[str, str] = {}
    for one in entry:
        name, words = _name(one), "".join(one.itertext()).strip()
        if name == "link" and one.get("href"):
            if one.get("rel", "alternate") != "alternate":
                continue
            words = one.get("href", "")
        told.setdefault(name, words)
    link = told.get("link", "")
    summary = told.get("description") or told.get("summary") or ""
    day = told.get("pubDate") or told.get("published") or told.get("updated") or told.get("date") or ""
    mark = told.get("guid") or told.get("id") or link
    return [mark[:300], told.get("title", ""), _TAG.sub(" ", summary)[:2_000], link, _instant(day)]


def _instant(written: str) -> str:
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            found = read(written)
        except (ValueError, TypeError, IndexError):
            continue
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).isoformat(timespec="minutes")
    return written


# --- GTFS ------------------------------------------------------------------------------------------------------------
GTFS_COLUMNS = ("Mã", "Điểm dừng", "Tuyến", "Hướng", "Giờ chạy", "Ngày chạy", "Vĩ độ", "Kinh độ")
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAY_WORDS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")


def gtfs_table(raw: bytes) -> Table:
    """Return every departure of a GTFS feed: stop, route, heading, time, days. Times past 24:00 belong to the night after."""
    files = _gtfs_files(raw)
    stops = {row["stop_id"]: row for row in files["stops.txt"]}
    routes = {
        row["route_id"]: row.get("route_short_name") or row.get("route_long_name", "") for row in files["routes.txt"]
    }
    trips = {row["trip_id"]: row for row in files["trips.txt"]}
    days = _services(files)
    rows = []
    for row in files["stop_times.txt"]:
        trip, stop = trips.get(row.get("trip_id", "")), stops.get(row.get("stop_id", ""))
        mark = f"{row.get('trip_id', '')}-{row.get('stop_sequence', '')}"
        rows.append(
            [
                mark,
                stop.get("stop_name", "") if stop else "",
                routes.get(trip.get("route_id", ""), "") if trip else "",
                trip.get("trip_headsign", "") if trip else "",
                row.get("departure_time") or row.get("arrival_time", ""),
                days.get(trip.get("service_id", ""), "") if trip else "",
                stop.get("stop_lat", "") if stop else "",
                stop.get("stop_lon", "") if stop else "",
            ]
        )
    return table(GTFS_COLUMNS, rows)


def _services(files: Mapping[str, list[dict[str, str]]]) -> dict[str, str]:
    """Return in words when each service runs: weekdays, between which days, and single days added or left out (calendar_dates.txt)."""
    weeks = {row["service_id"]: row for row in files.get("calendar.txt", [])}
    single: dict[str, dict[str, list[str]]] = {}
    for row in files.get("calendar_dates.txt", []):
        single.setdefault(row["service_id"], {}).setdefault(row.get("exception_type", ""), []).append(
            row.get("date", "")
        )
    return {
        service: "; ".join(
            filter(None, [_week(weeks.get(service)), *_single(single.get(service, {}), week=service in weeks)])
        )
        for service in {**weeks, **single}
    }


def _week(row: Mapping[str, str] | None) -> str:
    if row is None:
        return ""
    runs = [row.get(day) == "1" for day in _DAYS]
    if not any(runs):
        return ""
    words = "hằng ngày" if all(runs) else ", ".join(word for word, on in zip(_DAY_WORDS, runs, strict=True) if on)
    return f"{words}, từ {_day(row.get('start_date', ''))} đến {_day(row.get('end_date', ''))}"


def _single(dates: Mapping[str, list[str]], *, week: bool) -> Iterator[str]:
    added, left_out = (sorted(dates.get(kind, [])) for kind in ("1", "2"))
    if added:
        yield f"{'thêm ' if week else ''}{_listed_days(added)}"
    if left_out:
        yield f"trừ {_listed_days(left_out)}"


def _listed_days(dates: Sequence[str]) -> str:
    """Return days in words: all that are not over, up to the number a cell can hold; beyond, how many more there are."""
    today = f"{clock.today():%Y%m%d}"
    coming = [one for one in dates if one >= today] or list(dates[-1:])
    shown = ", ".join(map(_day, coming[:MOST_DAYS]))
    return f"{shown} và {len(coming) - MOST_DAYS} ngày khác" if len(coming) > MOST_DAYS else shown


def _day(written: str) -> str:
    return f"{written[6:8]}/{written[4:6]}/{written[:4]}" if len(written) == 8 and written.isdigit() else written


def _gtfs_files(raw: bytes) -> dict[str, list[dict[str, str]]]:
    needed = ("stops.txt", "routes.txt", "trips.txt", "stop_times.txt")
    try:
        archive = zipfile.ZipFile(io.BytesIO(raw))
        sizes = {member.filename: member.file_size for member in archive.infolist()}
        if sum(sizes.values()) > _UNPACKED:
            msg = "tệp GTFS bung ra quá lớn"
            raise SourceRefused(msg)
        missing = [name for name in needed if name not in sizes]
        if missing:
            msg = f"tệp GTFS thiếu {', '.join(missing)}"
            raise SourceRefused(msg)
        return {
            name: list(csv.DictReader(io.StringIO(archive.read(name).decode("utf-8-sig"))))
            for name in (*needed, "calendar.txt", "calendar_dates.txt")
            if name in sizes
        }
    except (zipfile.BadZipFile, ValueError, EOFError, KeyError, csv.Error, NotImplementedError):
        msg = "không phải tệp GTFS (zip của các tệp CSV UTF-8)"
        raise SourceRefused(msg) from None
