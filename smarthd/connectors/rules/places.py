"""Where a source lies: what each kind needs to know, and what is wrong with what somebody typed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from smarthd.agencies.rules import encodings
from smarthd.connectors.rules import addresses
from smarthd.connectors.rules.sources import SourceKind

AUTHS = {
    "none": "Không cần",
    "bearer": "Khóa (Bearer)",
    "basic": "Tên và mật khẩu",
    "header": "Khóa trong tiêu đề",
    "oauth2": "OAuth2 (client credentials)",
}
PAGINGS = {
    "none": "Một trang",
    "page": "Số trang",
    "offset": "Vị trí bắt đầu",
    "cursor": "Con trỏ trong câu trả lời",
    "next": "Liên kết trang sau trong câu trả lời",
    "link": "Tiêu đề Link (rel=next)",
}
ENCODINGS = {"": "Tự nhận ra", **{one.value: words for one, words in encodings.WORDS.items()}}
OFFERED = frozenset({"table", "layer", "resource", "path", "type"})
"""What a trial may offer to be read instead."""
_DOCUMENTS = frozenset({SourceKind.FILE, SourceKind.FEED, SourceKind.CALENDAR, SourceKind.GEOJSON, SourceKind.GTFS})
_PLAIN = re.compile(r"[\w.\-]{1,100}")
_TABLE = re.compile(r"[^\W\d][\w$#]{0,127}(?:\.[^\W\d][\w$#]{0,127})?")
_COLUMN = re.compile(r"[^\W\d][\w$# ]{0,127}")
_HOST = re.compile(r"[A-Za-z0-9.\-:]{1,253}")
_PATTERN = re.compile(r"[^/\\\x00-\x1f]{1,200}")
_PATH = re.compile(r"[^\\\x00-\x1f]{1,500}")
_LAYER = re.compile(r"[\w.\-:]{1,200}")
_NAME = re.compile(r"[^\s\"<>]{1,300}")
_FINGERPRINT = re.compile(r"SHA256:[A-Za-z0-9+/]{43}=?")
MOST, MOST_LONG = 2_000, 10_000
_HEADER = re.compile(r"[A-Za-z0-9-]{1,60}")


@dataclass(frozen=True, slots=True)
class Need:
    """One thing a kind needs to know; ``secret`` is written and never shown again; ``long`` takes several lines."""

    key: str
    label: str
    secret: bool = False
    required: bool = False
    choices: Mapping[str, str] | None = None
    hint: str = ""
    long: bool = False


_URL = Need("url", "Địa chỉ", required=True, hint="https://… Máy chủ trong mạng nội bộ cần người vận hành cho phép.")
_AUTH = (
    Need("auth", "Cách vào", choices=AUTHS),
    Need("header", "Tên tiêu đề chứa khóa", hint="Để trống là X-Api-Key."),
    Need("token_url", "Địa chỉ cấp quyền (OAuth2)"),
    Need("token", "Khóa", secret=True),
    Need("user", "Tên đăng nhập", secret=True),
    Need("password", "Mật khẩu", secret=True),
    Need("client_id", "client_id", secret=True),
    Need("client_secret", "client_secret", secret=True),
)
_RATE = Need("per_minute", "Nhiều nhất bao nhiêu lần hỏi một phút", hint="Để trống là không giới hạn.")
_FILE = (
    Need("encoding", "Bảng mã (nếu không phải UTF-8)", choices=ENCODINGS),
    Need("rows", "Nơi chứa danh sách trong JSON", hint="Ví dụ data.items; để trống nếu cả tệp là danh sách."),
)
_TLS = {"prefer": "Nếu có", "require": "Bắt buộc", "verify-full": "Bắt buộc, kiểm tra chứng chỉ"}


def _database(port: str, example: str, *, database: str = "Tên cơ sở dữ liệu") -> tuple[Need, ...]:
    return (
        Need("host", "Máy chủ", required=True),
        Need("port", "Cổng", hint=f"Để trống là {port}."),
        Need("database", database, required=True),
        Need("user", "Tài khoản chỉ đọc", required=True),
        Need("password", "Mật khẩu", secret=True, required=True),
        Need("table", "Bảng hoặc khung nhìn", required=True, hint=f"{example} Chưa nhớ tên thì gõ tạm, rồi bấm “Thử kết nối” để xem có những bảng nào."),
        Need("changed_column", "Cột ghi lúc sửa cuối", hint="Ví dụ cap_nhat_luc, hoặc một số luôn tăng. Có cột này thì mỗi lần chỉ đọc phần mới đổi, mỗi ngày đọc cả bảng một lần."),
        Need("tls", "Mã hóa đường truyền", choices=_TLS),
    )  # fmt: skip


FOLDED = frozenset(need.key for need in (*_AUTH, *_FILE))
"""What few documents on the web need: asked for behind a fold."""
NEEDS: dict[SourceKind, tuple[Need, ...]] = {
    SourceKind.FILE: (
        Need("url", "Địa chỉ", required=True, hint="https://… Bảng tính Google: dán nguyên đường liên kết, mở đúng trang cần lấy rồi chép. Máy chủ trong mạng nội bộ cần người vận hành cho phép."),
        *_FILE,
        *_AUTH,
    ),
    SourceKind.API: (
        _URL,
        Need("rows", "Nơi chứa danh sách trong câu trả lời", hint="Ví dụ result.records."),
        Need("paging", "Phân trang", choices=PAGINGS),
        Need("param", "Tên tham số trang", hint="page, offset hoặc cursor."),
        Need("size_param", "Tên tham số số mục mỗi trang"),
        Need("size", "Số mục mỗi trang"),
        Need("cursor", "Nơi chứa con trỏ hoặc liên kết trang sau", hint="Ví dụ meta.next."),
        *_AUTH,
        _RATE,
    ),
    SourceKind.SITEMAP: (
        Need("url", "Địa chỉ trang web, hoặc sơ đồ trang", required=True, hint="Ví dụ https://so.gov.vn hoặc https://so.gov.vn/sitemap.xml"),
        Need("path", "Chỉ lấy các trang có đường dẫn bắt đầu bằng", hint="Ví dụ /tin-tuc/. Bấm “Thử kết nối” để xem trang web có những mục nào."),
        Need("pages", "Lấy bao nhiêu trang mới nhất", hint="Để trống là 50, nhiều nhất 200."),
        Need("per_minute", "Nhiều nhất bao nhiêu lần hỏi một phút", hint="Để trống là 60."),
    ),
    SourceKind.POSTGRES: _database("5432", "Ví dụ public.nha_thuoc."),
    SourceKind.MYSQL: _database("3306", "Ví dụ nha_thuoc."),
    SourceKind.MSSQL: _database("1433", "Ví dụ dbo.nha_thuoc."),
    SourceKind.ORACLE: _database("1521", "Ví dụ SOYTE.NHA_THUOC.", database="Tên dịch vụ (service name)"),
    SourceKind.SFTP: (
        Need("host", "Máy chủ", required=True),
        Need("port", "Cổng", hint="Để trống là 22."),
        Need("user", "Tài khoản chỉ đọc", required=True),
        Need("password", "Mật khẩu", secret=True),
        Need("private_key", "Hoặc khóa riêng (OpenSSH, không đặt mật khẩu)", secret=True, long=True),
        Need("host_key", "Dấu vân khóa của máy chủ", required=True, hint="SHA256:… do người quản trị máy chủ đó cho biết. Chống máy chủ giả mạo."),
        Need("path", "Tệp, hoặc mẫu tên tệp", required=True, hint="Ví dụ xuat/nha-thuoc.csv, hoặc xuat/*.csv: tệp mới nhất được đọc."),
        *_FILE,
    ),
    SourceKind.FOLDER: (
        Need("path", "Mẫu tên tệp", required=True, hint="Ví dụ *.csv. Tệp mới nhất trong thư mục mang mã dữ liệu này được đọc; hỏi người vận hành cách đưa tệp vào."),
        *_FILE,
    ),
    SourceKind.WFS: (
        Need("url", "Địa chỉ dịch vụ WFS", required=True, hint="Ví dụ https://bando.so.gov.vn/geoserver/wfs"),
        Need("layer", "Lớp", required=True, hint="Ví dụ quyhoach:ranh_gioi. Chưa nhớ thì gõ tạm, rồi bấm “Thử kết nối” để xem có những lớp nào."),
        Need("version", "Phiên bản", choices={"2.0.0": "2.0.0", "1.1.0": "1.1.0", "1.0.0": "1.0.0"}),
        *_AUTH,
        _RATE,
    ),
    SourceKind.SENSORTHINGS: (
        Need("url", "Địa chỉ gốc của dịch vụ", required=True, hint="Ví dụ https://tram.so.gov.vn/FROST-Server/v1.1"),
        Need("what", "Lấy gì", choices={"latest": "Số đo mới nhất của từng trạm", "observations": "Các số đo trong nhiều ngày"}),
        Need("days", "Trong bao nhiêu ngày", hint="Để trống là 7."),
        Need("filter", "Chỉ lấy ($filter)", hint="Ví dụ ObservedProperty/name eq 'PM2.5'."),
        *_AUTH,
        _RATE,
    ),
    SourceKind.NGSILD: (
        Need("url", "Địa chỉ gốc", required=True, hint="Ví dụ https://iot.so.gov.vn"),
        Need("type", "Loại thực thể", required=True, hint="Ví dụ AirQualityObserved."),
        Need("form", "Dạng", choices={"keyValues": "Gọn (keyValues)", "normalized": "Đầy đủ (normalized), kèm lúc đo"}),
        Need("context", "Địa chỉ @context"),
        Need("tenant", "NGSILD-Tenant"),
        *_AUTH,
        _RATE,
    ),
    SourceKind.SOAP: (
        _URL,
        Need("version", "Dạng", choices={"1.1": "SOAP 1.1", "1.2": "SOAP 1.2", "xml": "XML thường, không gửi gì"}),
        Need("action", "SOAPAction"),
        Need("body", "Nội dung yêu cầu (bên trong soap:Body)", long=True, hint="Chỗ cần tên, mật khẩu, khóa thì ghi {{user}}, {{password}}, {{token}}."),
        Need("rows", "Nơi chứa các dòng", required=True, hint="Ví dụ DanhSachResult/NhaThuoc."),
        *_AUTH,
    ),
    SourceKind.CKAN: (
        Need("url", "Địa chỉ cổng", required=True, hint="Ví dụ https://data.gov.vn"),
        Need("resource", "Mã tài nguyên (resource_id)", required=True),
        Need("token", "Khóa", secret=True),
    ),
    **dict.fromkeys(_DOCUMENTS - {SourceKind.FILE}, (_URL, *_AUTH)),
}  # fmt: skip


def is_folded(kind: SourceKind, key: str) -> bool:
    """Say whether a thing is asked for behind a fold."""
    return kind in _DOCUMENTS and key in FOLDED


def problems(kind: SourceKind, place: Mapping[str, object], secret: Mapping[str, str]) -> dict[str, str]:
    """Return what is wrong with a place, by field; empty when it may be tried."""
    found: dict[str, str] = {}
    known = {need.key: need for need in NEEDS.get(kind, ())}
    for key, value in {**place, **secret}.items():
        need = known.get(key)
        if need is None or len(str(value)) > (MOST_LONG if need.long else MOST) or "\x00" in str(value):
            found[key] = "Mục này không dùng được ở đây."
        elif need.choices is not None and str(value or "") not in {"", *need.choices}:
            found[key] = "Xin chọn trong danh sách."
    for need in known.values():
        told = (secret if need.secret else place).get(need.key)
        if need.required and not str(told or "").strip():
            found[need.key] = "Mục này còn trống."
    found |= _wrong_addresses(place)
    if kind is SourceKind.SOAP and place.get("version") != "xml" and not place.get("body"):
        found["body"] = "Mục này còn trống."
    if kind is SourceKind.SFTP and not (secret.get("password") or secret.get("private_key")):
        found |= {"password": "Cần mật khẩu hoặc khóa riêng."}
    shapes = {
        "host": _HOST,
        "table": _TABLE,
        "changed_column": _COLUMN,
        "resource": _PLAIN,
        "header": _HEADER,
        "host_key": _FINGERPRINT,
        "layer": _LAYER,
        "type": _NAME,
        "tenant": _PLAIN,
        "action": _NAME,
    }
    shapes["path"] = _PATTERN if kind is SourceKind.FOLDER else _PATH
    for key, shape in shapes.items():
        if place.get(key) and key not in found and not shape.fullmatch(str(place[key])):
            found[key] = "Chưa đúng dạng."
    for key, most in (("port", 65_535), ("size", 10_000), ("per_minute", 6_000), ("days", 366), ("pages", 200)):
        value = str(place.get(key) or "")
        if value and not (value.isascii() and value.isdigit() and 1 <= int(value) <= most):
            found[key] = f"Một số từ 1 đến {most}."
    return found


def _wrong_addresses(place: Mapping[str, object]) -> dict[str, str]:
    wrong = {}
    for key in ("url", "token_url", "context"):
        if place.get(key):
            try:
                addresses.checked(str(place[key]))
            except addresses.Forbidden as why:
                wrong[key] = f"Địa chỉ chưa dùng được: {why}."
    return wrong
