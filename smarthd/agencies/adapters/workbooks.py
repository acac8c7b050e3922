"""Workbooks row by row: .xlsx, the old .xls, LibreOffice's .ods; measured before they are unpacked, written as people read them."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

import python_calamine

from smarthd.agencies.adapters import formulas, percents, spreadsheets
from smarthd.agencies.adapters.spreadsheets import FileLocked, SheetTooWide, measured_text
from smarthd.agencies.rules import encodings
from smarthd.kernel import files

MAX_MB = 100
MAX_OLD_MB = 20
MAX_ROWS = 1_048_576
"""Excel's own; the number of cells (spreadsheets.MAX_CELLS) is what memory is bounded by: about 90 bytes each."""
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CONTENT = "content.xml"
_TAG = re.compile(rb"<(?:[\w.-]+:)?(table-row|table-cell|table)\b([^>]*)>")
_ROWS = re.compile(rb"number-rows-repeated=[\"'](\d{1,9})")
_COLUMNS = re.compile(rb"number-columns-repeated=[\"'](\d{1,9})")
_CHUNK = 1 << 16


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet whose rows are read once, from the first the spreadsheet shows; every cell as text, one whose formula failed as "#N/A".

    ``merged`` are its merged blocks, first and last cell as (row, column) from 0; .xlsx alone tells them.
    """

    name: str
    rows: Iterator[Sequence[str]]
    merged: tuple[tuple[tuple[int, int], tuple[int, int]], ...] = ()


def is_workbook(head: bytes) -> bool:
    """Say by its first bytes whether a file is a workbook of one of these sorts."""
    return head.startswith((_ZIP, _OLE))


def opened(stream: BinaryIO, *, encoding: encodings.Encoding | None) -> list[Sheet]:
    """Return the visible sheets of a workbook; ``encoding`` TCVN3 or VNI where its letters are of such a font.

    Raises FileTooLarge, ZipBomb, BrokenArchive, SheetTooWide, FileNotSpreadsheet, FileLocked.
    """
    stream.seek(0)
    raw = stream.read((MAX_MB << 20) + 1)
    is_zip = raw.startswith(_ZIP)
    _require_size(len(raw), MAX_MB if is_zip else MAX_OLD_MB)
    if is_zip:
        _measure(raw)
    told = formulas.told_of(raw) if is_zip else {}
    stream.seek(0)
    try:
        book = python_calamine.load_workbook(stream)
        return [
            _sheet(book.get_sheet_by_name(meta.name), encoding, told.get(meta.name, formulas.Told()))
            for meta in book.sheets_metadata
            if meta.typ is python_calamine.SheetTypeEnum.WorkSheet
            and meta.visible is python_calamine.SheetVisibleEnum.Visible
        ]
    except python_calamine.PasswordError:
        raise FileLocked from None
    except (python_calamine.CalamineError, ValueError, OSError):
        raise (files.BrokenArchive if is_zip else FileLocked) from None


def _require_size(size: int, most_mb: int) -> None:
    if size > most_mb << 20:
        raise files.FileTooLarge(limit_mb=most_mb, size_mb=size >> 20)


def _measure(raw: bytes) -> None:
    if b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet" not in raw[:200]:
        spreadsheets.measure(raw, most_rows=MAX_ROWS)
        return
    archive = spreadsheets.measured_archive(raw)
    if _CONTENT not in archive.namelist():
        raise files.BrokenArchive
    _measure_content(archive)


def _measure_content(archive: zipfile.ZipFile) -> None:
    """Refuse what OpenDocument's repeated rows and cells would unfold to: the rectangle round what a table holds."""
    row = column = height = width = repeated = 0
    rest = b""
    try:
        with archive.open(_CONTENT) as stream:
            while chunk := stream.read(_CHUNK):
                piece = rest + chunk
                end = piece.rfind(b">") + 1
                for tag, told in _TAG.findall(piece[:end]):
                    if tag == b"table":
                        row = height = width = repeated = 0
                    elif tag == b"table-row":
                        row, column, repeated = row + repeated, 0, _times(_ROWS, told)
                    else:
                        column += _times(_COLUMNS, told)
                        if b"value-type" in told:
                            height, width = row + repeated, max(width, column)
                    if height * width > spreadsheets.MAX_CELLS or height > MAX_ROWS:
                        raise SheetTooWide(rows=height, columns=width)
                rest = piece[end:][-65_536:]
    except (zipfile.BadZipFile, EOFError, NotImplementedError, OSError):
        raise files.BrokenArchive from None


def _times(pattern: re.Pattern[bytes], told: bytes) -> int:
    found = pattern.search(told)
    return int(found.group(1)) if found else 1


def _sheet(sheet: Any, encoding: encodings.Encoding | None, told: formulas.Told) -> Sheet:
    merged = sorted((tuple(first), tuple(last)) for first, last in sheet.merged_cell_ranges or ())
    return Sheet(sheet.name, _rows(sheet, encoding, told), tuple(merged))


def _rows(sheet: Any, encoding: encodings.Encoding | None, told: formulas.Told) -> Iterator[Sequence[str]]:
    before = [""] * (sheet.start or (0, 0))[1]
    for number, cells in enumerate(sheet.iter_rows()):
        row = before + [measured_text(cell, encoding) for cell in cells]
        for column, words in told.empty.get(number, {}).items():
            if column < len(row) and not row[column]:
                row[column] = words
        if told.percents:
            for column, cell in enumerate(cells, start=len(before)):
                if isinstance(cell, float) and percents.place(number, column) in told.percents:
                    row[column] = f"{measured_text(round(cell * 100, 10), encoding)}%"
        yield row
