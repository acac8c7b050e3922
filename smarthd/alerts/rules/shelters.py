"""Shelters: where people go when they must leave home; what a commune says of each, and how it reads a table of them."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from smarthd.alerts.rules.hazards import FACTS, Hazard
from smarthd.kernel import text

LONGEST_NAME, LONGEST_ADDRESS, LONGEST_CONTACT, LONGEST_NOTE = 160, 300, 120, 300
LARGEST = 50_000
MOST_LINES = 2_000
SEARCHED_ROWS = 40
EARTH_KM = 6371.0088


class Stand(StrEnum):
    """Whether people can go there now."""

    READY = "ready"  # sẵn sàng, chưa mở
    OPEN = "open"  # đang mở
    FULL = "full"  # đã đầy
    CLOSED = "closed"  # không dùng được


STAND_WORDS = {
    Stand.READY: "Chưa mở",
    Stand.OPEN: "Đang mở",
    Stand.FULL: "Đã đầy",
    Stand.CLOSED: "Không dùng được",
}
ORDER = {Stand.OPEN: 0, Stand.READY: 1, Stand.FULL: 2, Stand.CLOSED: 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a commune says of a shelter. ``hazards`` empty: for every hazard; ``lat``, ``lon`` both or neither."""

    name: str
    address: str
    lat: float | None = None
    lon: float | None = None
    capacity: int | None = None
    accessible: bool = False
    contact: str = ""
    hazards: tuple[Hazard, ...] = ()
    note: str = ""


def faults_of(told: Told) -> dict[str, str]:
    """Return what is wrong, field by field, in words."""
    wrong: dict[str, str] = {}
    if not told.name or len(told.name) > LONGEST_NAME:
        wrong["name"] = f"Ghi tên nơi tránh trú, nhiều nhất {LONGEST_NAME} chữ."
    if not told.address or len(told.address) > LONGEST_ADDRESS:
        wrong["address"] = f"Ghi địa chỉ để người lạ tìm được, nhiều nhất {LONGEST_ADDRESS} chữ."
    if (told.lat is None) != (told.lon is None):
        wrong["lat"] = "Vị trí cần cả vĩ độ và kinh độ, hoặc để trống cả hai."
    elif told.lat is not None and told.lon is not None and not (8 <= told.lat <= 24 and 102 <= told.lon <= 118):
        wrong["lat"] = (
            "Vị trí không nằm ở Việt Nam. Vĩ độ khoảng 20–21, kinh độ khoảng 106–107; kiểm tra có ghi ngược không."
        )
    if told.capacity is not None and not 1 <= told.capacity <= LARGEST:
        wrong["capacity"] = "Sức chứa là số người, từ 1 đến 50.000; chưa biết thì để trống."
    if len(told.contact) > LONGEST_CONTACT:
        wrong["contact"] = f"Người liên hệ nhiều nhất {LONGEST_CONTACT} chữ, ví dụ “Trực ban phường 0220 3 852 112”."
    if len(told.note) > LONGEST_NOTE:
        wrong["note"] = f"Ghi chú nhiều nhất {LONGEST_NOTE} chữ."
    return wrong


def kilometres(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Return the distance of two points along the earth's surface (haversine)."""
    north, east = math.radians(other_lat - lat), math.radians(other_lon - lon)
    part = (
        math.sin(north / 2) ** 2
        + math.cos(math.radians(lat)) * math.cos(math.radians(other_lat)) * math.sin(east / 2) ** 2
    )
    return 2 * EARTH_KM * math.asin(math.sqrt(part))


# --- a table of shelters -------------------------------------------------------------------------------------------
class Column(StrEnum):
    """What a column holds."""

    NAME = "name"
    ADDRESS = "address"
    COMMUNE = "commune"
    LAT = "lat"
    LON = "lon"
    CAPACITY = "capacity"
    ACCESSIBLE = "accessible"
    CONTACT = "contact"
    HAZARDS = "hazards"
    NOTE = "note"


COLUMN_WORDS = {
    Column.NAME: "Tên nơi tránh trú",
    Column.ADDRESS: "Địa chỉ",
    Column.COMMUNE: "Xã, phường",
    Column.LAT: "Vĩ độ",
    Column.LON: "Kinh độ",
    Column.CAPACITY: "Sức chứa",
    Column.ACCESSIBLE: "Xe lăn vào được",
    Column.CONTACT: "Liên hệ",
    Column.HAZARDS: "Dùng khi",
    Column.NOTE: "Ghi chú",
}
_PATTERNS = (
    (Column.LAT, r"vi do|^lat"),
    (Column.LON, r"kinh do|^lon|^lng"),
    (Column.CAPACITY, r"suc chua|so nguoi|cho duoc"),
    (Column.ACCESSIBLE, r"xe lan|khuyet tat|tiep can"),
    (Column.CONTACT, r"lien he|dien thoai|phu trach"),
    (Column.HAZARDS, r"dung khi|thien tai|su co"),
    (Column.NOTE, r"ghi chu"),
    (Column.ADDRESS, r"dia chi|dia diem"),
    (Column.NAME, r"^ten|noi tranh|noi so tan|diem so tan|tru an"),
    (Column.COMMUNE, r"^xa\b|^phuong\b|xa phuong"),
)
_YES = frozenset({"co", "x", "1", "duoc", "yes"})
_NO = frozenset({"", "khong", "0", "no"})


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table as it was understood. ``commune`` is as written; ``number`` as the spreadsheet shows it."""

    number: int
    commune: str
    told: Told
    faults: tuple[str, ...]


def columns_of(row: Sequence[str]) -> dict[Column, int]:
    """Return which cell of a header row holds what; nothing where it is no header of shelters."""
    found: dict[Column, int] = {}
    for at, label in enumerate(row):
        folded = text.fold(label)
        column = next((one for one, pattern in _PATTERNS if folded and re.search(pattern, folded)), None)
        if column is not None:
            found.setdefault(column, at)
    return found if {Column.NAME, Column.ADDRESS} <= found.keys() else {}


def fitness(rows: Sequence[Sequence[str]]) -> int:
    """Return how many columns of the header are understood; 0 without one."""
    return max((len(columns_of(row)) for row in rows[:SEARCHED_ROWS]), default=0)


def lines_of(rows: Sequence[Sequence[str]]) -> list[Line]:
    """Return the lines under the header; blank lines are none."""
    for at, row in enumerate(rows[:SEARCHED_ROWS]):
        if columns := columns_of(row):
            below = ((number, [cell.strip() for cell in cells]) for number, cells in enumerate(rows[at + 1 :], at + 2))
            return [_line(number, cells, columns) for number, cells in below if any(cells)]
    return []


def _line(number: int, cells: Sequence[str], columns: Mapping[Column, int]) -> Line:
    said = {column: cells[at] if at < len(cells) else "" for column, at in columns.items()}
    faults: list[str] = []
    lat, lon = (_degrees(said.get(one, ""), COLUMN_WORDS[one], faults) for one in (Column.LAT, Column.LON))
    told = Told(
        name=text.nfc(said[Column.NAME]),
        address=text.nfc(said[Column.ADDRESS]),
        lat=lat,
        lon=lon,
        capacity=_whole(said.get(Column.CAPACITY, ""), faults),
        accessible=_yes(said.get(Column.ACCESSIBLE, ""), faults),
        contact=text.nfc(said.get(Column.CONTACT, "")),
        hazards=_hazards(said.get(Column.HAZARDS, ""), faults),
        note=text.nfc(said.get(Column.NOTE, "")),
    )
    return Line(number, said.get(Column.COMMUNE, ""), told, (*faults, *faults_of(told).values()))


def _degrees(written: str, words: str, faults: list[str]) -> float | None:
    try:
        return float(written.replace(",", ".")) if written else None
    except ValueError:
        faults.append(f"{words} “{written[:20]}” không phải số. Ghi độ thập phân, ví dụ 20,9373.")
        return None


def _whole(written: str, faults: list[str]) -> int | None:
    plain = re.sub(r"[.\s\u00a0](?=\d{3}\b)", "", written)
    plain = re.sub(r"[.,]0+$", "", plain)
    if not plain:
        return None
    if plain.isascii() and plain.isdigit() and len(plain) <= 9:
        return int(plain)
    faults.append(f"Sức chứa “{written[:20]}” không phải số người. Ghi số, ví dụ 250.")
    return None


def _yes(written: str, faults: list[str]) -> bool:
    folded = text.fold(written)
    if folded not in _YES | _NO:
        faults.append(f"Xe lăn vào được: ghi “có” hoặc “không”, chưa hiểu “{written[:20]}”.")
    return folded in _YES


def _hazards(written: str, faults: list[str]) -> tuple[Hazard, ...]:
    names = {text.fold(facts.vi): hazard for hazard, facts in FACTS.items()}
    found = []
    for part in re.split(r"[;\n]", written):
        folded = text.fold(part)
        if not folded or folded in {"tat ca", "moi thien tai"}:
            continue
        if folded in names:
            found.append(names[folded])
        else:
            known = "; ".join(facts.vi for facts in FACTS.values())
            faults.append(
                f"Dùng khi: chưa hiểu “{part.strip()[:30]}”. Ghi một hay nhiều trong: {known}; hoặc để trống là mọi trường hợp."
            )
    return tuple(dict.fromkeys(found))
