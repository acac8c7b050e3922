"""What readers of workbooks do not tell of an .xlsx: cells whose formula has no value (it failed, or was never computed), which they give as
empty; cells shown as percent (``percents``)."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, ParseError

import defusedxml
from defusedxml import ElementTree

from smarthd.agencies.adapters import percents

NOT_COMPUTED = "#CHƯA TÍNH"
"""What stands for a formula without a value: the program that wrote the file did not compute it."""
_MOST = 200_000
_CHUNK, _KEPT = 1 << 18, 16_384
_CELL = rb'<(?:\w+:)?c\s(?=[^>]*\bt="e")[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*>(?:(?!</(?:\w+:)?c>).){0,9000}?<(?:\w+:)?v>(#[^<]{1,14})</'
_FAILED = re.compile(_CELL, re.DOTALL)
_BARE = re.compile(
    rb'<(?:\w+:)?c\s(?![^>]*\bt=)[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*>\s*<(?:\w+:)?f\b[^>]*(?:/>|>[^<]{0,9000}</(?:\w+:)?f>)'
    rb"\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
Found = dict[int, dict[int, str]]
"""Row and column, from 0 → what stands there: "#N/A", or ``NOT_COMPUTED``."""


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of a sheet beside its values."""

    empty: Found = field(default_factory=dict)
    percents: percents.Shown = frozenset()


def told_of(raw: bytes) -> dict[str, Told]:
    """Return what is told of each sheet, by its name; nothing where the workbook's own lists cannot be read."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            styles = percents.styles_of(archive)
            return {
                name: Told(_of_sheet(archive, path), percents.cells_of(archive, path, styles))
                for name, path in _sheets(archive)
            }
    except (KeyError, ParseError, ValueError, zipfile.BadZipFile, defusedxml.DefusedXmlException, OSError):
        return {}


def _sheets(archive: zipfile.ZipFile) -> list[tuple[str, str]]:
    """Return name and path of each sheet, as the workbook lists them."""
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"), forbid_dtd=True)
    links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"), forbid_dtd=True)
    targets = {
        one.get("Id"): posixpath.normpath(posixpath.join("xl", one.get("Target", ""))).lstrip("/") for one in links
    }
    there = set(archive.namelist())
    listed = [(one.get("name", ""), targets.get(_link(one), "")) for one in book.iter() if one.tag.endswith("}sheet")]
    return [(name, path.removeprefix("xl//")) for name, path in listed if path in there]


def _link(sheet: Element) -> str:
    return next((value for key, value in sheet.attrib.items() if key.endswith("}id")), "")


def _of_sheet(archive: zipfile.ZipFile, path: str) -> Found:
    found: Found = {}
    count, rest = 0, b""
    with archive.open(path) as stream:
        while chunk := stream.read(_CHUNK):
            piece = rest + chunk
            end = piece.rfind(b"</c>") + 4 if b"</c>" in piece else piece.rfind(b":c>") + 3
            whole, rest = piece[:end], piece[end:][-_KEPT:]
            for letters, row, told in _told(whole):
                found.setdefault(int(row) - 1, {})[percents.column_of(letters)] = told
                count += 1
                if count >= _MOST:
                    return found
    return found


def _told(whole: bytes) -> list[tuple[bytes, bytes, str]]:
    failed = (
        [(one[1], one[2], one[3].decode("ascii", "replace")) for one in _FAILED.finditer(whole)]
        if b't="e"' in whole
        else []
    )
    bare = (
        [(one[1], one[2], NOT_COMPUTED) for one in _BARE.finditer(whole)] if b"<f" in whole or b":f>" in whole else []
    )
    return failed + bare
