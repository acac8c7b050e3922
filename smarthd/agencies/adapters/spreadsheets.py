"""Workbooks and text tables from outside: measured before they are unpacked, then read as text."""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from pathlib import PurePath
from typing import Any

import python_calamine

from smarthd.agencies.rules import encodings, headings
from smarthd.agencies.rules.tables import Sheet
from smarthd.kernel import files, text
from smarthd.kernel.errors import Invalid

MIB = 1 << 20
MAX_FILE_MB = 20
MAX_UNPACKED_MB = 250
MAX_RATIO = 150
RATIO_MATTERS_FROM_MB = 20
MAX_MEMBERS = 2000
MAX_CELLS = 5_000_000  # of the smallest rectangle round what a sheet holds: it is laid out whole in memory
MAX_ROWS = 200_000
_CHUNK = 1 << 16
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CELL = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*?(/?)>')
_SPREADSHEET_SUFFIXES = {".xlsx", ".xlsm"}
_TEXT_SUFFIXES = {".csv", ".txt", ".tsv"}
_DELIMITERS = ",;\t|"


class SheetTooWide(Invalid):
    """What a sheet holds lies in too many rows or too far apart; ``facts``: rows, columns."""


class FileNotSpreadsheet(Invalid):
    """The file is no .xlsx workbook and no text table."""


class TableBroken(Invalid):
    """A text table has an unclosed quotation mark or a cell beyond measure; ``facts["line"]``."""


class FileLocked(Invalid):
    """The file is an old .xls workbook, or one locked by a password."""


Fits = Callable[[Sequence[Sequence[str]]], int]
"""How many columns of a table are understood in its first rows: by it the delimiter of a text table is found."""

AsText = Callable[[Any, encodings.Encoding | None], str]
"""How a cell of a workbook is written."""


def roster_columns(rows: Sequence[Sequence[str]]) -> int:
    """Return how many columns of a roster's header are understood."""
    header = headings.find_header(rows, {})
    return len(header.columns) if header else 0


def read(
    raw: bytes,
    *,
    file_name: str,
    encoding: encodings.Encoding | None,
    fits: Fits = roster_columns,
    as_text: AsText | None = None,
) -> tuple[list[Sheet], str]:
    """Return the sheets of a file as text and the encoding they were read in (``xlsx`` for a workbook in Unicode).

    Raises kernel's FileTooLarge, ZipBomb and BrokenArchive, and SheetTooWide, FileNotSpreadsheet, FileLocked, TableBroken,
    EncodingUnclear, NotInEncoding.
    """
    check_size(len(raw))
    if raw.startswith(_ZIP):
        return _read_workbook(raw, encoding, as_text or _as_text)
    if raw.startswith(_OLE):
        raise FileLocked
    if PurePath(file_name).suffix.lower() not in _TEXT_SUFFIXES:
        raise FileNotSpreadsheet(suffix=PurePath(file_name).suffix.lower())
    decoded = encodings.decode(raw, declared=encoding)
    if encoding is None and encodings.seems_legacy(decoded.text[:20_000]):
        raise encodings.EncodingUnclear(samples=_legacy_samples(decoded.text[:20_000].splitlines()))
    return [_read_text(decoded.text, fits)], decoded.encoding.value


def check_size(size: int) -> None:
    """Raise FileTooLarge before anything is read; doors call this with the announced length too."""
    if size > MAX_FILE_MB * MIB:
        raise files.FileTooLarge(limit_mb=MAX_FILE_MB, size_mb=size // MIB)
    if size == 0:
        raise files.EmptyFile


def _read_workbook(raw: bytes, encoding: encodings.Encoding | None, as_text: AsText) -> tuple[list[Sheet], str]:
    measure(raw)
    try:
        workbook = python_calamine.load_workbook(io.BytesIO(raw))
        sheets = [
            _sheet(workbook.get_sheet_by_name(meta.name), encoding, as_text)
            for meta in workbook.sheets_metadata
            if meta.typ is python_calamine.SheetTypeEnum.WorkSheet
            and meta.visible is python_calamine.SheetVisibleEnum.Visible
        ]
    except python_calamine.PasswordError:
        raise FileLocked from None
    except (python_calamine.CalamineError, ValueError, OSError):
        raise files.BrokenArchive from None
    if encoding not in {encodings.Encoding.TCVN3, encodings.Encoding.VNI}:
        head = [" ".join(row) for sheet in sheets for row in sheet.rows[:300]]
        if encoding is None and encodings.seems_legacy("\n".join(head)):
            raise encodings.EncodingUnclear(samples=_legacy_samples(head))
        return sheets, "xlsx"
    return sheets, encoding.value


def _legacy_samples(lines: Iterable[str]) -> dict[str, list[str]]:
    telling = [line.strip()[:120] for line in lines if encodings.seems_legacy(line)][:3]
    choices = (encodings.Encoding.UTF_8, encodings.Encoding.TCVN3, encodings.Encoding.VNI)
    return {choice.value: [encodings.from_legacy(line, choice) for line in telling] for choice in choices}


def measured_archive(raw: bytes) -> zipfile.ZipFile:
    """Return an archive that is no bomb by its directory. Raises BrokenArchive, ZipBomb, FileLocked."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(raw))
    except (zipfile.BadZipFile, ValueError, OSError):
        raise files.BrokenArchive from None
    members = archive.infolist()
    unpacked = sum(member.file_size for member in members)
    packed = max(1, sum(member.compress_size for member in members))
    too_much = len(members) > MAX_MEMBERS or unpacked > MAX_UNPACKED_MB * MIB
    if too_much or (unpacked > RATIO_MATTERS_FROM_MB * MIB and unpacked / packed > MAX_RATIO):
        raise files.ZipBomb(unpacked_mb=unpacked // MIB, ratio=unpacked // packed)
    if any(member.flag_bits & 1 for member in members):
        raise FileLocked
    return archive


def measure(raw: bytes, *, most_rows: int = MAX_ROWS) -> None:
    """Refuse a workbook that is a bomb by its directory, by what it really unpacks to, or by far-flung cells."""
    archive = measured_archive(raw)
    members = archive.infolist()
    if not any(member.filename.startswith("xl/") for member in members):
        raise FileNotSpreadsheet(suffix=".zip")
    try:
        for member in members:
            _measure_member(archive, member, most_rows=most_rows)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError):
        raise files.BrokenArchive from None


def _measure_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, *, most_rows: int) -> None:
    """Unpack one member in small pieces: a directory that lies about its size ends in a checksum error here."""
    is_sheet = member.filename.startswith("xl/worksheets/") and member.filename.endswith(".xml")
    lowest, highest, left, right = 1 << 30, 0, 1 << 30, 0
    rest = b""
    with archive.open(member) as stream:
        while chunk := stream.read(_CHUNK):
            if not is_sheet:
                continue
            piece = rest + chunk
            end = piece.rfind(b">") + 1
            for found in _CELL.finditer(piece, 0, end):
                if found.group(3):
                    continue  # a formatted cell without content
                row, column = int(found.group(2)), _column_number(found.group(1))
                lowest, highest = min(lowest, row), max(highest, row)
                left, right = min(left, column), max(right, column)
            rest = piece[end:][-4096:]
    if highest and (highest - lowest + 1) * (right - left + 1) > MAX_CELLS:
        raise SheetTooWide(rows=highest, columns=right)
    if highest > most_rows:
        raise SheetTooWide(rows=highest, columns=right)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _sheet(sheet: Any, encoding: encodings.Encoding | None, as_text: AsText) -> Sheet:
    """Read a sheet with rows and columns numbered as the spreadsheet shows them."""
    start = sheet.start or (0, 0)
    before = [""] * start[1]
    rows: list[list[str]] = [[] for _ in range(start[0])]
    rows.extend(before + [as_text(cell, encoding) for cell in cells] for cells in sheet.to_python(skip_empty_area=True))
    spans = {tuple(top): tuple(bottom) for top, bottom in sheet.merged_cell_ranges or ()}
    return Sheet(sheet.name, rows, spans)


def _as_text(cell: Any, encoding: encodings.Encoding | None) -> str:
    """Return what a person would read in the cell; whole numbers without ".0", days as dd/mm/yyyy."""
    written = str(cell)
    if isinstance(cell, str):
        if encoding in {encodings.Encoding.TCVN3, encodings.Encoding.VNI}:
            written = encodings.from_legacy(cell, encoding)
        written = text.nfc(written) if written else ""
    elif isinstance(cell, float):
        written = str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    elif isinstance(cell, date):  # instants are dates too
        written = cell.strftime("%d/%m/%Y")
    return written


def measured_text(cell: Any, encoding: encodings.Encoding | None) -> str:
    """Return a cell for tables of figures: a part of a number after a comma, as it is written here; an instant with its hour."""
    if isinstance(cell, float) and not cell.is_integer():
        return f"{cell:.10f}".rstrip("0").replace(".", ",") if abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime) and (cell.hour or cell.minute):
        return cell.strftime("%d/%m/%Y %H:%M")
    return _as_text(cell, encoding)


def _read_text(content: str, fits: Fits) -> Sheet:
    """Read a text table; the delimiter is the one under which the header is understood best."""
    content = content.replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in content:
        raise FileNotSpreadsheet(suffix=".csv")
    best = max(_DELIMITERS, key=lambda delimiter: _understood(content, delimiter, fits))
    rows = list(_rows(content, best))
    if len(rows) > MAX_ROWS:
        raise SheetTooWide(rows=len(rows), columns=max(map(len, rows)))
    return Sheet("", rows)


def _understood(content: str, delimiter: str, fits: Fits) -> tuple[int, int]:
    lines = list(_rows("\n".join(content.split("\n", headings.SEARCHED_ROWS)[: headings.SEARCHED_ROWS]), delimiter))
    return (fits(lines), -_DELIMITERS.index(delimiter))


def _rows(content: str, delimiter: str) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(content, newline=""), delimiter=delimiter)
    try:
        for row in reader:
            # A quoted cell with a line break keeps later rows where the spreadsheet shows them.
            yield [text.nfc(cell) for cell in row]
    except csv.Error as error:
        raise TableBroken(line=reader.line_num) from error
