"""Tables that offices send, read safely for whoever stands above: measured before unpacking, in the encodings offices keep."""

from __future__ import annotations

from smarthd.agencies.adapters import spreadsheets
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
