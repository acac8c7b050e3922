"""Tables that offices send, read safely for whoever stands above: measured before unpacking, in the encodings offices keep."""

from __future__ import annotations

from typing import BinaryIO

from smarthd.agencies.adapters import spreadsheets, workbooks
from smarthd.agencies.rules import encodings
from smarthd.agencies.rules.tables import Sheet


def read_uploaded_table(
    raw: bytes, *, file_name: str, encoding: encodings.Encoding | None, fits: spreadsheets.Fits
) -> list[Sheet]:
    """Return the sheets of an uploaded .xlsx or text table, every cell as text.

    Raises FileTooLarge, EmptyFile, ZipBomb, BrokenArchive, SheetTooWide, FileNotSpreadsheet, FileLocked, TableBroken, EncodingUnclear
    (with ``facts["samples"]``), NotInEncoding; all have words.
    """
    sheets, _read_as = spreadsheets.read(raw, file_name=file_name, encoding=encoding, fits=fits)
    return sheets


def read_figures(
    raw: bytes, *, file_name: str, encoding: encodings.Encoding | None, fits: spreadsheets.Fits
) -> tuple[list[Sheet], str]:
    """Return the sheets as ``read_uploaded_table`` does, numbers with their decimal comma and instants with their hour, and the
    encoding they were read in (``xlsx`` for a workbook in Unicode). Raises what that raises."""
    return spreadsheets.read(raw, file_name=file_name, encoding=encoding, fits=fits, as_text=spreadsheets.measured_text)


def is_workbook(head: bytes) -> bool:
    """Say by its first bytes whether a file is a workbook: .xlsx, .xls, .ods."""
    return workbooks.is_workbook(head)


def opened_figures(stream: BinaryIO, *, encoding: encodings.Encoding | None) -> list[workbooks.Sheet]:
    """Return the sheets of a workbook, each read row by row and once, its cells written as ``read_figures`` writes them.

    Raises FileTooLarge, ZipBomb, BrokenArchive, SheetTooWide, FileNotSpreadsheet, FileLocked; all have words.
    """
    return workbooks.opened(stream, encoding=encoding)
