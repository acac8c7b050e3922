"""Kinds of sources, how a dataset is shown, and whether it is still fresh."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class SourceKind(StrEnum):
    """Where the data comes from, with the Vietnamese word beside."""

    UPLOAD = "upload"  # cán bộ nộp tệp
    FILE = "file"  # tệp trên mạng
    API = "api"  # giao tiếp REST, JSON
    POSTGRES = "postgres"  # cơ sở dữ liệu PostgreSQL
    MYSQL = "mysql"  # cơ sở dữ liệu MySQL, MariaDB
    MSSQL = "mssql"  # cơ sở dữ liệu SQL Server
    ORACLE = "oracle"  # cơ sở dữ liệu Oracle
    SFTP = "sftp"  # tệp trên máy chủ SFTP
    FOLDER = "folder"  # tệp thả vào thư mục
    FEED = "feed"  # nguồn tin RSS, Atom
    SITEMAP = "sitemap"  # tin trên trang web, theo sơ đồ trang
    CALENDAR = "calendar"  # lịch ICS
    GEOJSON = "geojson"  # bản đồ GeoJSON
    GTFS = "gtfs"  # tuyến xe GTFS
    WFS = "wfs"  # dịch vụ bản đồ OGC WFS
    SENSORTHINGS = "sensorthings"  # trạm đo OGC SensorThings
    NGSILD = "ngsild"  # nền tảng đô thị thông minh NGSI-LD
    SOAP = "soap"  # dịch vụ SOAP, XML
    CKAN = "ckan"  # cổng dữ liệu CKAN
    PUSH = "push"  # phần mềm tự gửi đến


KIND_WORDS: dict[SourceKind, str] = {
    SourceKind.UPLOAD: "Cán bộ nộp tệp Excel, CSV",
    SourceKind.FILE: "Bảng tính Google; tệp CSV, Excel, JSON trên mạng",
    SourceKind.API: "Giao tiếp REST, JSON",
    SourceKind.POSTGRES: "Cơ sở dữ liệu PostgreSQL",
    SourceKind.MYSQL: "Cơ sở dữ liệu MySQL, MariaDB",
    SourceKind.MSSQL: "Cơ sở dữ liệu SQL Server",
    SourceKind.ORACLE: "Cơ sở dữ liệu Oracle",
    SourceKind.SFTP: "Tệp trên máy chủ SFTP",
    SourceKind.FOLDER: "Tệp thả vào thư mục của máy chủ",
    SourceKind.FEED: "Nguồn tin RSS, Atom",
    SourceKind.SITEMAP: "Tin trên trang web (sitemap.xml)",
    SourceKind.CALENDAR: "Lịch ICS",
    SourceKind.GEOJSON: "Bản đồ GeoJSON",
    SourceKind.GTFS: "Tuyến xe buýt GTFS",
    SourceKind.WFS: "Dịch vụ bản đồ WFS",
    SourceKind.SENSORTHINGS: "Trạm đo SensorThings",
    SourceKind.NGSILD: "Nền tảng đô thị thông minh NGSI-LD",
    SourceKind.SOAP: "Dịch vụ SOAP, XML",
    SourceKind.CKAN: "Cổng dữ liệu CKAN",
    SourceKind.PUSH: "Phần mềm tự gửi đến",
}
PULLED = frozenset(set(SourceKind) - {SourceKind.UPLOAD, SourceKind.PUSH})
"""Kinds that are read on a schedule."""


class Shape(StrEnum):
    """How citizens see a dataset first."""

    LIST = "list"  # danh sách
    CARDS = "cards"  # thẻ
    TABLE = "table"  # bảng
    MAP = "map"  # bản đồ
    CHART = "chart"  # biểu đồ
    LOOKUP = "lookup"  # tra cứu theo mã
    TIMETABLE = "timetable"  # giờ chạy, chuyến sắp tới
    CALENDAR = "calendar"  # lịch theo tháng


SHAPE_WORDS: dict[Shape, str] = {
    Shape.LIST: "Danh sách",
    Shape.CARDS: "Thẻ",
    Shape.TABLE: "Bảng",
    Shape.MAP: "Bản đồ và danh sách",
    Shape.CHART: "Biểu đồ và bảng",
    Shape.LOOKUP: "Tra cứu: nhập mã mới thấy",
    Shape.TIMETABLE: "Giờ chạy: chuyến sắp tới trước",
    Shape.CALENDAR: "Lịch theo tháng",
}


@dataclass(frozen=True, slots=True)
class Publication:
    """How a dataset is shown. Keys name fields: ``title`` calls a row, ``lookup`` is the code one types, ``until`` the instant
    after which a row is no longer shown, ``begins`` the day or hour a row begins at (calendar, timetable), ``days`` on which days it
    runs, ``x`` and ``y`` draw the chart, ``series`` splits its lines, ``picture`` is the address of a still picture.
    ``push`` is no field: "yes" lets new rows be told to the phones of their commune."""

    shape: Shape = Shape.LIST
    title: str = ""
    lookup: str = ""
    until: str = ""
    begins: str = ""
    days: str = ""
    x: str = ""
    y: str = ""
    series: str = ""
    picture: str = ""
    push: str = ""

    def as_json(self) -> dict[str, str]:
        """Return it as it is stored."""
        return {"shape": self.shape.value, **{name: str(getattr(self, name)) for name in NAMED}, "push": self.push}


NAMED = ("title", "lookup", "until", "begins", "days", "x", "y", "series", "picture")
"""Parts of a publication that name a field."""


def publication_of(stored: Mapping[str, object]) -> Publication:
    """Return it from how it is stored."""
    told = {key: str(stored.get(key) or "") for key in NAMED}
    shape = str(stored.get("shape") or "")
    push = "yes" if stored.get("push") in {"yes", True} else ""
    return Publication(Shape(shape) if shape in set(Shape) else Shape.LIST, **told, push=push)


PREVIEW_SALT = "connectors.preview"
PREVIEW_SECONDS = 15 * 60
"""A publication that is looked at before it is kept is signed with this, and good for so long."""


class Freshness(StrEnum):
    """Whether a dataset keeps its promise."""

    NONE = "none"  # chưa công bố
    FRESH = "fresh"  # còn mới
    STALE = "stale"  # đã cũ
    UNPROMISED = "unpromised"  # không hẹn


FRESHNESS_WORDS: dict[Freshness, str] = {
    Freshness.NONE: "Chưa công bố",
    Freshness.FRESH: "Còn mới",
    Freshness.STALE: "Quá hạn cập nhật",
    Freshness.UNPROMISED: "Không hẹn ngày cập nhật",
}


def freshness(*, confirmed_at: datetime | None, promise_hours: int | None, now: datetime) -> Freshness:
    """Say whether data is as fresh as promised: counted from the last time the source itself said that this is how things are."""
    if confirmed_at is None:
        return Freshness.NONE
    if promise_hours is None:
        return Freshness.UNPROMISED
    return Freshness.FRESH if now - confirmed_at <= timedelta(hours=promise_hours) else Freshness.STALE


LICENCES: dict[str, tuple[str, str]] = {
    "cc-by-4.0": ("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/deed.vi"),
    "cc0-1.0": ("CC0 1.0", "https://creativecommons.org/publicdomain/zero/1.0/deed.vi"),
    "view-only": ("Chỉ xem, không tải", ""),
}
"""Key → name and address; ``view-only`` is not open data: no file is handed out."""
