"""Reports of another system, as a CSV: which headings mean what, and what is wrong with a line."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from smarthd.agencies.rules.calendar import ZONE
from smarthd.kernel import text

HEADINGS: dict[str, tuple[str, ...]] = {
    "foreign_id": ("ma", "ma phan anh", "id", "service request id", "so phan anh"),
    "words": ("noi dung", "mo ta", "description", "noi dung phan anh"),
    "category": ("linh vuc", "khoa linh vuc", "service code", "loai", "category"),
    "lat": ("vi do", "lat", "latitude"),
    "lon": ("kinh do", "long", "lon", "lng", "longitude"),
    "commune": ("xa phuong", "xa", "phuong", "don vi", "commune", "dia ban"),
    "address": ("dia chi", "address", "dia diem"),
    "received_at": ("ngay gui", "thoi diem gui", "ngay nhan", "requested datetime", "thoi gian"),
    "answered_at": ("ngay tra loi", "thoi diem tra loi", "updated datetime"),
    "answer": ("tra loi", "noi dung tra loi", "ket qua", "status notes"),
    "state": ("trang thai", "status"),
}
REQUIRED = ("foreign_id", "words", "received_at")
DONE_WORDS = frozenset({"closed", "da tra loi", "da xu ly", "hoan thanh", "da ket thuc", "dong", "xong"})
MOST_LINES = 300_000


@dataclass(frozen=True, slots=True)
class Line:
    """One line as read: values by meaning, empty where the file has no such column."""

    number: int
    values: dict[str, str]

    def get(self, name: str) -> str:
        """Return a value without the spaces around it."""
        return self.values.get(name, "").strip()


class Unreadable(ValueError):
    """The file cannot be read; the message is Vietnamese."""


def lines_of(raw: bytes) -> Iterator[Line]:
    """Yield the lines of a file: UTF-8 (with or without its mark), separated by commas, semicolons or tabs."""
    try:
        whole = raw.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        msg = f"Tệp không phải mã UTF-8 (sai từ byte {problem.start}). Trong Excel: Lưu thành “CSV UTF-8”."
        raise Unreadable(msg) from None
    head = whole.split("\n", 1)[0]
    separator = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(whole), delimiter=separator)
    headings = [text.fold(cell) for cell in next(reader, [])]
    meaning = {
        column: name for name, known in HEADINGS.items() for column, heading in enumerate(headings) if heading in known
    }
    missing = [name for name in REQUIRED if name not in meaning.values()]
    if missing:
        known = "; ".join(f"{name}: {', '.join(HEADINGS[name])}" for name in missing)
        msg = f"Dòng đầu thiếu cột bắt buộc. Cần một trong các tên (có dấu hay không đều được): {known}"
        raise Unreadable(msg)
    for number, cells in enumerate(reader, start=2):
        if number > MOST_LINES + 1:
            msg = f"Tệp dài quá {MOST_LINES} dòng. Xin chia nhỏ."
            raise Unreadable(msg)
        if any(cell.strip() for cell in cells):
            yield Line(number, {name: cells[column] for column, name in meaning.items() if column < len(cells)})


_FORMATS = ("%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d")


def instant(written: str) -> datetime:
    """Return an instant as such files write it: ISO 8601, or day/month/year; without a zone it is local time. Raises ValueError."""
    try:
        at = datetime.fromisoformat(written)
    except ValueError:
        at = _by_format(written)
    return at if at.tzinfo is not None else at.replace(tzinfo=ZONE)


def _by_format(written: str) -> datetime:
    for known in _FORMATS:
        try:
            return datetime.strptime(written, known).replace(tzinfo=ZONE)
        except ValueError:
            continue
    msg = f"ngày giờ “{written}” không đọc được, ví dụ đúng: 24/11/2026 08:00"
    raise ValueError(msg)


def number(written: str) -> float | None:
    """Return a coordinate; a comma may stand for the point. Raises ValueError."""
    if not written:
        return None
    try:
        return float(written.replace(",", "."))
    except ValueError:
        msg = f"tọa độ “{written}” không phải con số"
        raise ValueError(msg) from None
