"""What a column of a dataset may hold, and how a cell written by an office is understood. Every fault is told in words.

Values are JSON: text, numbers (money in đồng), days as ``2026-11-24``, instants as ``2026-11-24T08:30``, telephone numbers as
their digits, places by their present name.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from enum import StrEnum
from urllib.parse import urlsplit

from smarthd.connectors.rules.demands import PLAIN, Check, CheckName, Making, check_of, making_of
from smarthd.kernel import text

LONGEST_TEXT = 4_000
Value = str | int | float | None
Parser = Callable[[str], Value]


class Kind(StrEnum):
    """What a field holds, with the Vietnamese word beside."""

    TEXT = "text"  # chữ
    NUMBER = "number"  # số
    MONEY = "money"  # số tiền (đồng)
    DAY = "day"  # ngày
    MOMENT = "moment"  # ngày giờ
    TIME = "time"  # giờ trong ngày
    PHONE = "phone"  # số điện thoại
    UNIT = "unit"  # xã, phường
    LATITUDE = "latitude"  # vĩ độ
    LONGITUDE = "longitude"  # kinh độ
    URL = "url"  # liên kết
    CHOICE = "choice"  # một trong vài loại


WORDS: dict[Kind, str] = {
    Kind.TEXT: "Chữ",
    Kind.NUMBER: "Số",
    Kind.MONEY: "Số tiền (đồng)",
    Kind.DAY: "Ngày",
    Kind.MOMENT: "Ngày giờ",
    Kind.TIME: "Giờ trong ngày",
    Kind.PHONE: "Số điện thoại",
    Kind.UNIT: "Xã, phường",
    Kind.LATITUDE: "Vĩ độ",
    Kind.LONGITUDE: "Kinh độ",
    Kind.URL: "Liên kết",
    Kind.CHOICE: "Một trong vài loại",
}


class CellFault(ValueError):
    """A cell that cannot be understood; the message says why and how it should be written."""


def _fault(words: str) -> CellFault:
    return CellFault(words)


@dataclass(frozen=True, slots=True)
class Place:
    """A commune a cell names: its id, and its present full name."""

    id: int
    name: str


Resolve = Callable[[str], Place]
"""Finds the commune of a written name, or raises CellFault saying what it could be."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a dataset: the heading it is read from, how its cell is made of it, what citizens see, what is demanded."""

    key: str
    label: str
    header: str
    kind: Kind
    required: bool = False
    shown: bool = True
    filtered: bool = False
    checks: tuple[Check, ...] = ()
    making: Making = PLAIN

    def as_json(self) -> dict[str, object]:
        """Return the field as it is stored; what is plain is left out, so that a mapping without rules stays what it was."""
        more: dict[str, object] = {}
        if self.checks:
            more["checks"] = [one.as_json() for one in self.checks]
        if self.making != PLAIN:
            more["making"] = self.making.as_json()
        return more | {
            "key": self.key,
            "label": self.label,
            "header": self.header,
            "kind": self.kind.value,
            "required": self.required,
            "shown": self.shown,
            "filtered": self.filtered,
        }


def field_of(stored: Mapping[str, object]) -> Field:
    """Return a field from how it is stored."""
    listed = stored.get("checks")
    return Field(
        key=str(stored["key"]),
        label=str(stored["label"]),
        header=str(stored["header"]),
        kind=Kind(str(stored["kind"])),
        required=bool(stored.get("required")),
        shown=bool(stored.get("shown", True)),
        filtered=bool(stored.get("filtered")),
        checks=tuple(check_of(one) for one in (listed if isinstance(listed, list) else [])),
        making=making_of(stored.get("making")),
    )


def parser_of(kind: Kind, *, decimal: str = ",") -> Parser:
    """Return what understands the cells of a kind; ``decimal`` is the mark between a number's whole and its part.

    Places are not among them: they are resolved against the units of a day (``checking``).
    """
    numbers = read_number if decimal == "," else read_machine_number
    parsers: dict[Kind, Parser] = {
        Kind.TEXT: read_text,
        Kind.CHOICE: read_choice,
        Kind.NUMBER: numbers,
        Kind.MONEY: lambda cell: read_money(cell, numbers),
        Kind.DAY: read_day,
        Kind.MOMENT: read_moment,
        Kind.TIME: read_time,
        Kind.PHONE: read_phone,
        Kind.URL: read_url,
        Kind.LATITUDE: lambda cell: read_degrees(cell, most=90, name="vĩ độ"),
        Kind.LONGITUDE: lambda cell: read_degrees(cell, most=180, name="kinh độ"),
    }
    return parsers[kind]


def reader_of(field: Field, *, decimal: str = ",") -> Parser:
    """Return what understands the cells of a field: its kind, then its unit of measure, then the names its values go by."""
    parse, scale, codes = parser_of(field.kind, decimal=decimal), field.making.scale, codes_of(field)
    if scale != 1.0 and field.kind in {Kind.NUMBER, Kind.MONEY}:
        return lambda cell: _scaled(parse(cell), scale, field.kind)
    if codes and field.kind in {Kind.TEXT, Kind.CHOICE}:
        return lambda cell: _named(parse(cell), codes)
    return parse


def _scaled(value: Value, scale: float, kind: Kind) -> Value:
    if not isinstance(value, (int, float)):
        return value
    scaled = round(value * scale, 9)
    return round(scaled) if kind is Kind.MONEY or scaled == int(scaled) else scaled


def _named(value: Value, codes: Mapping[str, str]) -> Value:
    return codes.get(text.fold(str(value)), value)


def codes_of(field: Field) -> dict[str, str]:
    """Return folded name → value for a column with a list of values: "Công lập = CL, công" gives three names of one value."""
    listed = [told for check in field.checks if check.name is CheckName.VALUES for told in check.options]
    codes: dict[str, str] = {}
    for told in listed:
        value, _, names = told.partition("=")
        for name in (value, *names.split(",")):
            if folded := text.fold(name):
                codes.setdefault(folded, value.strip())
    return codes


_FAILED = re.compile(r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA)")
_NOT_COMPUTED = "#CHƯA TÍNH"


def _require_value(cell: str) -> None:
    """Refuse what a spreadsheet shows where a formula has no value."""
    if cell == _NOT_COMPUTED:
        msg = "công thức trong ô chưa được tính: mở tệp bằng Excel, lưu lại rồi nộp"
        raise _fault(msg)
    if _FAILED.fullmatch(cell):
        msg = f"công thức trong ô bị lỗi ({cell})"
        raise _fault(msg)


def read_text(cell: str) -> Value:
    """Return words as they are."""
    if cell[:1] == "#":
        _require_value(cell)
    if len(cell) > LONGEST_TEXT:
        msg = f"dài {len(cell)} chữ, nhiều nhất {LONGEST_TEXT}"
        raise _fault(msg)
    return cell


def read_choice(cell: str) -> Value:
    """Return the name of a class: short words."""
    if cell[:1] == "#":
        _require_value(cell)
    if len(cell) > 80:
        msg = "tên loại dài quá 80 chữ"
        raise _fault(msg)
    return cell


_PERCENT = re.compile(r"\s*%$")
_NEGATIVE = re.compile(r"\(([\d., ]+)\)")
_VIETNAMESE = re.compile(r"[+-]?(?:\d{1,3}(?:[. ]\d{3})+|\d+)(?:,\d+)?")
_MACHINE = re.compile(r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d{1,3})?")


def read_number(cell: str) -> Value:
    """Return a number written as in Vietnam: 1.234,5 or 1 234,5; (350) is less than nothing, as accountants write it, 5% is 5."""
    plain = _NEGATIVE.sub(r"-\1", _PERCENT.sub("", cell.replace("\u00a0", " ").strip()))
    if not _VIETNAMESE.fullmatch(plain):
        unit = "; bỏ đơn vị đo khỏi ô" if plain[:1].isdigit() and plain[-1:].isalpha() else ""
        msg = f"“{cell[:40]}” không phải số. Viết như 1.234,5 (dấu phẩy trước phần thập phân){unit}"
        raise _fault(msg)
    return _number(plain.replace(".", "").replace(" ", "").replace(",", "."), cell)


def read_machine_number(cell: str) -> Value:
    """Return a number written by a program: 1234.5."""
    if not _MACHINE.fullmatch(cell.strip()):
        msg = f"“{cell[:40]}” không phải số dạng 1234.5"
        raise _fault(msg)
    return _number(cell.strip(), cell)


def _number(plain: str, cell: str) -> Value:
    value = float(plain)
    if not math.isfinite(value) or abs(value) > 1e15:
        msg = f"“{cell[:40]}” lớn quá mức"
        raise _fault(msg)
    return int(plain) if re.fullmatch(r"[+-]?\d+", plain) else value


_MONEY_SCALES = (("tỷ", 10**9), ("tỉ", 10**9), ("triệu", 10**6), ("nghìn", 10**3), ("ngàn", 10**3))
_DONG = re.compile(r"\s*(?:đồng|đ|vnđ|vnd|₫)\.?$", re.IGNORECASE)


def read_money(cell: str, numbers: Parser = read_number) -> Value:
    """Return whole đồng: "1.250.000 đ", "1,25 triệu", "35 nghìn đồng"."""
    plain = _DONG.sub("", cell.strip()).strip()
    scale = 1
    for word, size in _MONEY_SCALES:
        if plain.lower().endswith(word):
            plain, scale = plain[: -len(word)].strip(), size
            break
    try:
        value = numbers(plain)
    except CellFault:
        msg = f"“{cell[:40]}” không phải số tiền. Viết như 1.250.000 hoặc 1,25 triệu"
        raise _fault(msg) from None
    if not isinstance(value, (int, float)) or value < 0:
        msg = "số tiền không thể âm"
        raise _fault(msg)
    return round(value * scale)


_SPREADSHEET_DAYS = re.compile(r"[2-6]\d{4}")
"""A day as a spreadsheet counts it, from 30/12/1899: what a cell of days shows where it lost its format (1954 to 2091)."""
_MIDNIGHT = re.compile(r"[T ]00:00(?::00(?:\.0+)?)?$")
_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_WORDED_DAY = re.compile(r"(?:ngày\s+)?(\d{1,2})\s+tháng\s+(\d{1,2})\s+năm\s+(\d{4})", re.IGNORECASE)
_HOUR = re.compile(r"(\d{1,2})\s*(?::|h|giờ)\s*(\d{1,2})?(?:\s*(?::\s*(\d{1,2})(?:\.\d+)?|phút))?", re.IGNORECASE)


def read_day(cell: str) -> Value:
    """Return a day: 24/11/2026, 2026-11-24, ngày 24 tháng 11 năm 2026. The day comes before the month."""
    plain = cell.strip()
    if _SPREADSHEET_DAYS.fullmatch(plain):
        return (date(1899, 12, 30) + timedelta(days=int(plain))).isoformat()
    if _ISO_DAY.match(plain):
        plain = _MIDNIGHT.sub("", plain)
    return _day(plain, cell).isoformat()


def _day(plain: str, cell: str) -> date:
    if found := _DAY.fullmatch(plain) or _WORDED_DAY.fullmatch(plain):
        day, month, year = (int(part) for part in found.groups())
    elif found := _ISO_DAY.fullmatch(plain):
        year, month, day = (int(part) for part in found.groups())
    else:
        msg = f"“{cell[:40]}” không phải ngày. Viết ngày/tháng/năm, năm đủ bốn chữ số, ví dụ 24/11/2026"
        raise _fault(msg)
    try:
        found_day = date(year, month, day)
    except ValueError:
        msg = f"không có ngày {day}/{month}/{year}"
        raise _fault(msg) from None
    if not 1900 <= year <= 2200:
        msg = f"năm {year} ngoài khoảng 1900–2200"
        raise _fault(msg)
    return found_day


def read_moment(cell: str) -> Value:
    """Return a local instant: "24/11/2026 08:30", "8h30 ngày 24/11/2026", "2026-11-24T08:30:00+07:00"."""
    plain = " ".join(cell.split())
    if "T" in plain[8:12] and (instant := _iso_moment(plain)):
        return instant
    found_day = re.search(rf"{_WORDED_DAY.pattern}|{_ISO_DAY.pattern}|{_DAY.pattern}", plain, flags=re.IGNORECASE)
    if found_day is None:
        msg = f"“{cell[:40]}” không phải ngày giờ. Viết như 24/11/2026 08:30"
        raise _fault(msg)
    day = _day(found_day.group(), cell)
    rest = (plain[: found_day.start()] + " " + plain[found_day.end() :]).strip(" ,-")
    rest = re.sub(r"(?:\s*ngày|^lúc)\s*", " ", rest, flags=re.IGNORECASE).strip()
    if not rest:
        return f"{day.isoformat()}T00:00"
    hour = _HOUR.fullmatch(rest)
    if hour is None or int(hour.group(1)) > 23 or int(hour.group(2) or 0) > 59:
        msg = f"giờ “{rest[:20]}” chưa đúng. Viết như 08:30"
        raise _fault(msg)
    return f"{day.isoformat()}T{int(hour.group(1)):02}:{int(hour.group(2) or 0):02}"


def read_time(cell: str) -> Value:
    """Return an hour of the day: 5:00, 05:00:00, 5h30; up to 29:59, for trips that end after midnight (as GTFS writes them)."""
    found = _HOUR.fullmatch(" ".join(cell.split()))
    if found is None or int(found.group(1)) > 29 or int(found.group(2) or 0) > 59:
        msg = f"“{cell[:40]}” không phải giờ. Viết như 08:30"
        raise _fault(msg)
    return f"{int(found.group(1)):02}:{int(found.group(2) or 0):02}"


def _iso_moment(plain: str) -> str:
    try:
        instant = datetime.fromisoformat(plain)
    except ValueError:
        return ""
    if instant.tzinfo is not None:
        instant = instant.astimezone(timezone(timedelta(hours=7)))
    return instant.strftime("%Y-%m-%dT%H:%M")


_NOT_DIGIT = re.compile(r"[\s.()\-\u00a0]+")


def read_phone(cell: str) -> Value:
    """Return the digits of a number one can call: 0220 3 123 456, +84 912…, 115, 1900 1234."""
    digits = _NOT_DIGIT.sub("", cell)
    if re.fullmatch(r"\+84\d+|84[2-9]\d{8,9}", digits):
        digits = "0" + digits.lstrip("+")[2:]
    if re.fullmatch(r"[1-9]\d{8}", digits) and not digits.startswith("1"):
        digits = "0" + digits  # a spreadsheet ate the first zero
    if not re.fullmatch(r"0\d{9,10}|1[1-9]\d|1[89]00\d{4,6}", digits):
        several = len(re.findall(r"\d", cell)) > 12
        msg = f"“{cell[:40]}” không phải số điện thoại gọi được{'; mỗi ô ghi một số' if several else ''}"
        raise _fault(msg)
    return digits


def read_url(cell: str) -> Value:
    """Return a web address; nothing but http and https is one."""
    plain = cell.strip()
    try:
        parts = urlsplit(plain)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in {"http", "https"} or not parts.hostname or "." not in parts.hostname or " " in plain:
        msg = f"“{cell[:40]}” không phải liên kết. Viết đủ https://…"
        raise _fault(msg)
    if parts.username or len(plain) > 1_000:
        msg = "liên kết có tên đăng nhập hoặc quá dài"
        raise _fault(msg)
    return plain


_DEGREES = re.compile(r"-?\d{1,3}(?:[.,]\d{1,15})?")


def read_degrees(cell: str, *, most: int, name: str) -> Value:
    """Return degrees (WGS 84), with a decimal point or comma."""
    plain = cell.strip().rstrip("°").strip()
    if not _DEGREES.fullmatch(plain):
        msg = f"“{cell[:40]}” không phải {name}. Viết như {'20,9401' if most == 90 else '106,3331'}"
        raise _fault(msg)
    value = float(plain.replace(",", "."))
    if abs(value) > most:
        msg = f"{name} {plain} ngoài khoảng. Có thể vĩ độ và kinh độ bị đổi chỗ"
        raise _fault(msg)
    return value


def key_of_label(label: str, taken: frozenset[str]) -> str:
    """Return a stable key for a column's heading: folded words joined by ``_``, told apart by a number."""
    base = "_".join(text.fold(label).split())[:40] or "cot"
    key, number = base, 2
    while key in taken:
        key, number = f"{base}_{number}", number + 1
    return key
