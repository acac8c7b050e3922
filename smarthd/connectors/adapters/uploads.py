"""Files a clerk hands in, or that lie somewhere: workbooks and text tables, read safely; the table in them found."""

from __future__ import annotations

import codecs
import io
import re
import weakref
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import PurePath
from typing import BinaryIO

from smarthd.agencies import services as agencies
from smarthd.agencies.rules import encodings
from smarthd.agencies.services import sheets
from smarthd.connectors.adapters import delimited, office, recoded
from smarthd.connectors.errors import LettersLost, PageNotTable
from smarthd.connectors.ports import Table
from smarthd.connectors.rules import headings
from smarthd.kernel import files
from smarthd.kernel.errors import Refusal

MOST_MB = 512
_TEXT_SUFFIXES = {".csv", ".txt", ".tsv"}
_HEAD_ROWS = 300
_HEAD_BYTES = 256 << 10
_START_BYTES = 20_000
_LOST = re.compile(r"(?<![^\s;,\t|\"])[^\W\d_]*\?[^\W\d_]+(?![^\s;,\t|\"])")
"""A word with a question mark before or between its letters: "Nh? thu?c"; an address with one has dots and slashes too."""
_FEWEST_LOST = 3
_VIETNAMESE = re.compile(rb"\xe1[\xba\xbb]")
"""Letters that UTF-8 alone writes: whatever question marks stand beside them were typed."""

_WHY = {
    "EncodingUnclear": "không rõ bảng mã: xin lưu tệp dạng UTF-8, hoặc khai bảng mã",
    "NotInEncoding": "tệp không đúng bảng mã đã khai",
    "ZipBomb": "tệp nén bung ra quá lớn",
    "BrokenArchive": "tệp xlsx hỏng hoặc mới ghi được một nửa",
    "FileTooLarge": "tệp lớn hơn mức nhận: văn bản 512 MB, .xlsx và .ods 100 MB, .xls 20 MB",
    "EmptyFile": "tệp trống",
    "FileLocked": "tệp có mật khẩu, hoặc là .xls hỏng",
    "TableBroken": "tệp .csv hỏng: có dấu ngoặc kép mở mà không đóng",
    "FileNotSpreadsheet": "không phải bảng tính",
    "SheetTooWide": "bảng có quá 1.048.576 dòng hoặc 5 triệu ô; xin lưu dạng .csv (UTF-8)",
    "PageNotTable": "tệp là trang web (HTML, XML), không phải bảng tính; xin xuất dạng .xlsx hoặc .csv",
    "LettersLost": "chữ có dấu trong tệp đã mất, còn lại dấu “?”; xin xuất lại dạng CSV UTF-8",
    "LineBroken": "tệp .csv hỏng: có dấu ngoặc kép mở mà không đóng",
    "TooManyLines": "tệp có quá nhiều dòng; xin tách thành nhiều nguồn",
    "NoTable": "không thấy dòng tiêu đề nêu tên các cột",
    "FileCleared": "tệp không còn được giữ",
}


def words_of(refusal: Refusal) -> str:
    """Return why a file could not be read, to whoever mends it where it lies."""
    return _WHY.get(refusal.name, "không đọc được tệp")


def read_file(raw: bytes, *, file_name: str, encoding: str = "") -> tuple[Table, str]:
    """Return what ``read_stream`` does, of bytes."""
    return read_stream(io.BytesIO(raw), file_name=file_name, encoding=encoding)


def read_stream(stream: BinaryIO, *, file_name: str, encoding: str = "") -> tuple[Table, str]:
    """Return the first table of a file and the encoding it was read in (``xlsx`` for a workbook in Unicode), its lines read from disk
    one by one. The stream must be one that can be sought, and stay open where the table is text in UTF-8.

    Text up to 512 MB, .xlsx and .ods up to 100 MB, .xls up to 20 MB. Raises NoTable, FileTooLarge, and what the readers of ``sheets`` raise.
    """
    size = stream.seek(0, io.SEEK_END)
    stream.seek(0)
    if size > MOST_MB << 20:
        raise files.FileTooLarge(limit_mb=MOST_MB, size_mb=size >> 20)
    head = stream.read(8)
    declared = encodings.Encoding(encoding) if encoding in set(encodings.Encoding) else None
    if sheets.is_workbook(head):
        return _workbook(stream, declared)
    start = head + stream.read(_START_BYTES)
    if start.removeprefix(codecs.BOM_UTF8).lstrip()[:1] == b"<":
        raise PageNotTable
    if not _VIETNAMESE.search(start) and len(_LOST.findall(start.decode("latin-1"))) >= _FEWEST_LOST:
        raise LettersLost
    if size and PurePath(file_name).suffix.lower() in _TEXT_SUFFIXES and (found := _text(stream, declared)):
        return found
    stream.seek(0)
    agencies.check_roster_size(size)  # no table was found: the thorough reader says why
    return _thorough(stream.read(), file_name=file_name, declared=declared)


def require_readable(stream: BinaryIO, *, file_name: str, encoding: str) -> None:
    """Refuse by its first bytes what cannot be a table, and what is larger than is ever read. Raises what ``read_stream`` raises."""
    stream.seek(0)
    head = stream.read(_HEAD_BYTES)
    size = stream.seek(0, io.SEEK_END)
    if size > MOST_MB << 20:
        raise files.FileTooLarge(limit_mb=MOST_MB, size_mb=size >> 20)
    if not sheets.is_workbook(head):
        whole_lines = head[: head.rfind(b"\n") + 1] or head
        read_stream(io.BytesIO(whole_lines), file_name=file_name, encoding=encoding)
    stream.seek(0)


def progress_of(stream: BinaryIO) -> Callable[[], float]:
    """Return what tells how much of a stream was read, from 0 to 1; it may be asked from another thread."""
    size, raw = stream.seek(0, io.SEEK_END), getattr(stream, "raw", stream)
    stream.seek(0)
    return lambda: min(1.0, raw.tell() / size) if size else 1.0


def _workbook(stream: BinaryIO, declared: encodings.Encoding | None) -> tuple[Table, str]:
    digest = delimited.survey(stream).sha256
    found = [
        office.Page(one.name, list(islice(one.rows, _HEAD_ROWS)), one.rows, one.merged)
        for one in sheets.opened_figures(stream, encoding=declared)
    ]
    if declared is None:
        head = [" ".join(row) for page in found for row in page.first]
        if encodings.seems_legacy("\n".join(head)):
            raise encodings.EncodingUnclear(samples=_samples(head))
    read_as = declared.value if declared in {encodings.Encoding.TCVN3, encodings.Encoding.VNI} else "xlsx"
    return replace(office.table_of(found), digest=digest), read_as


def _samples(head: Sequence[str]) -> dict[str, list[str]]:
    telling = [line.strip()[:120] for line in head if encodings.seems_legacy(line)][:3]
    choices = (encodings.Encoding.UTF_8, encodings.Encoding.TCVN3, encodings.Encoding.VNI)
    return {choice.value: [encodings.from_legacy(line, choice) for line in telling] for choice in choices}


def _text(stream: BinaryIO, declared: encodings.Encoding | None) -> tuple[Table, str] | None:
    """Return a text table that is read line by line; None where none is found that way."""
    seen = delimited.survey(stream)
    if seen.readable and declared not in {encodings.Encoding.TCVN3, encodings.Encoding.VNI}:
        found = delimited.opened(stream)
        stream.seek(0)
        read_as = encodings.Encoding.UTF_8
    else:
        text, read_as = recoded.recoded(stream, declared=declared, is_utf8=seen.readable)
        stream.seek(0)
        found = delimited.opened(text) if delimited.survey(text).readable else None
        if found is None:
            text.close()
        else:
            weakref.finalize(found[1], text.close)
    if found is None:
        return None
    columns, lines = found
    table = Table(columns=columns, lines=lines, decimal=",", digest=seen.sha256)
    return (office.small_text(table) if seen.size <= office.SMALL else table), read_as.value


def _thorough(raw: bytes, *, file_name: str, declared: encodings.Encoding | None) -> tuple[Table, str]:
    found, read_as = sheets.read_figures(raw, file_name=file_name, encoding=declared, fits=_columns)
    return office.table_of([office.Page(sheet.name, sheet.rows) for sheet in found]), read_as


def _columns(rows: Sequence[Sequence[str]]) -> int:
    found = headings.head_of(rows)
    return 0 if found is None else sum(map(bool, found.columns))
