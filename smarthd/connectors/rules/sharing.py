"""Links people share, and where the file behind them lies: what one copies from Google's pages leads to a page, not to the table."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

_SHEETS, _DRIVE = "docs.google.com", "drive.google.com"
_SIGN_IN = "accounts.google.com"
_SHEET = re.compile(r"(?:/a/[^/]+|)/spreadsheets(?:/u/\d+)?/d/(?!e/)([\w-]{10,200})(?:/.*)?")
_PUBLISHED = re.compile(r"(?:/a/[^/]+|)/spreadsheets(?:/u/\d+)?/d/e/([\w-]{10,300})/pub(?:html)?")
_FILE = re.compile(r"/file(?:/u/\d+)?/d/([\w-]{10,200})(?:/.*)?")

NOT_SHARED = (
    "bảng tính hoặc tệp Google này chưa mở cho người có đường liên kết. Mở nó trên máy tính, bấm Chia sẻ, ở mục Quyền truy cập chung "
    "chọn “Bất kỳ ai có đường liên kết”, vai trò Người xem, rồi bấm “Thử kết nối”"
)
GONE = "không có bảng tính hoặc tệp Google này: có thể đã xóa, hoặc đường liên kết chép thiếu"


def is_google(url: str) -> bool:
    """Say whether an address is one of Google's sheets or files, or its sign-in page."""
    return _host(url) in {_SHEETS, _DRIVE, _SIGN_IN}


def file_link(url: str) -> str:
    """Return where the table behind a shared link lies: the page of a sheet that was open (``gid``) as CSV; any other address as it is."""
    plain = url.strip()
    if _host(plain) not in {_SHEETS, _DRIVE}:
        return plain
    parts = urlsplit(plain)
    path, query = _place(parts.path, {**parse_qs(parts.query), **parse_qs(parts.fragment)})
    return urlunsplit((parts.scheme, parts.netloc, path, urlencode(query), "")) if path else plain


def _place(path: str, asked: Mapping[str, list[str]]) -> tuple[str, dict[str, str]]:
    """Return path and query of the table behind a path; "" where it is no page of a table."""
    told = asked.get("gid", [""])[0]
    gid = {"gid": told} if told.isdigit() else {}
    if found := _PUBLISHED.fullmatch(path):
        one = {"single": "true", **gid} if gid else {}
        return (
            (f"/spreadsheets/d/e/{found.group(1)}/pub", {"output": "csv", **one}) if "output" not in asked else ("", {})
        )
    if (found := _SHEET.fullmatch(path)) and not path.endswith(("/export", "/gviz/tq")):
        return f"/spreadsheets/d/{found.group(1)}/export", {"format": "csv", **gid}
    if found := _FILE.fullmatch(path):
        return "/uc", {"export": "download", "id": found.group(1)}
    return "", {}


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""
