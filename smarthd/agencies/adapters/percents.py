"""Cells of an .xlsx that are shown as percent: 0.105 that a person reads as 10,5%. Readers of workbooks give the bare number."""

from __future__ import annotations

import re
import zipfile
from xml.etree.ElementTree import Element

from defusedxml import ElementTree

_BUILT_IN = frozenset({"9", "10"})
_QUOTED = re.compile(r'"[^"]*"|\\.')
_CHUNK, _KEPT = 1 << 18, 4_096
_MOST = 1_000_000
_COLUMNS = 1 << 14
Shown = frozenset[int]
"""Places of cells: row times 16,384 (Excel's columns) plus column, both from 0."""


def place(row: int, column: int) -> int:
    """Return the place of a cell."""
    return row * _COLUMNS + column


def styles_of(archive: zipfile.ZipFile) -> list[str]:
    """Return the numbers of the styles that show percent, as cells name them."""
    if "xl/styles.xml" not in archive.namelist():
        return []
    root = ElementTree.fromstring(archive.read("xl/styles.xml"), forbid_dtd=True)
    own = {
        one.get("numFmtId") for one in root.iter() if _name(one) == "numFmt" and _is_percent(one.get("formatCode", ""))
    }
    formats = next((one for one in root if _name(one) == "cellXfs"), None)
    listed = [] if formats is None else [one.get("numFmtId") for one in formats]
    return [str(at) for at, number in enumerate(listed) if number in own or number in _BUILT_IN]


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _is_percent(code: str) -> bool:
    return "%" in _QUOTED.sub("", code)


def cells_of(archive: zipfile.ZipFile, path: str, styles: list[str]) -> Shown:
    """Return the number cells of a sheet that have one of the styles; nothing where they are beyond count."""
    if not styles:
        return frozenset()
    named = "|".join(styles).encode()
    cell = re.compile(
        rb'<(?:\w+:)?c\s(?=[^>]*\bs="(?:'
        + named
        + rb')")(?![^>]*\bt="(?!n"))[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*[^/]>'
    )
    found: set[int] = set()
    rest = b""
    with archive.open(path) as stream:
        while chunk := stream.read(_CHUNK):
            piece = rest + chunk
            end = piece.rfind(b">") + 1
            found.update(place(int(one[2]) - 1, column_of(one[1])) for one in cell.finditer(piece, 0, end))
            rest = piece[end:][-_KEPT:]
            if len(found) > _MOST:
                return frozenset()
    return frozenset(found)


def column_of(letters: bytes) -> int:
    """Return which column its letters name ("A", "AB"), from 0."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1
