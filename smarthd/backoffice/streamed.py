"""A workbook of one sheet written as it goes: the first bytes leave while the last rows are still being read, memory stays flat.

The file is a zip of a few parts of SpreadsheetML (ECMA-376); the sheet is the last part, and its rows are deflated one block at a time.
Text is text and never a formula.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from xml.sax.saxutils import escape

BLOCK = 500  # rows between two writes
SHORT = 80  # characters of a cell that is remembered: at most 16,384 of them, a few megabytes
MOST_ROWS = 1_048_576  # what a sheet can hold
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATED = "http://schemas.openxmlformats.org/package/2006/relationships"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PARTS = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_KIND}.worksheet+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_KIND}.styles+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_RELATED}"><Relationship Id="r1" Type="{_OFFICE}/officeDocument" '
    'Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets><sheet name="Bảng" sheetId="1" r:id="r1"/>'
    "</sheets></workbook>",
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_RELATED}"><Relationship Id="r1" Type="{_OFFICE}/worksheet" '
    f'Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
    "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf/><xf fontId="1" applyFont="1" applyAlignment="1">'
    '<alignment wrapText="1" vertical="top"/></xf></cellXfs><cellStyles count="1">'
    '<cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
}


class _Pipe(io.RawIOBase):
    """Where the zip is written: what was written since is taken away by ``taken``."""

    def __init__(self) -> None:
        self._kept: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, content: object) -> int:
        raw = bytes(content)  # type: ignore[call-overload]
        self._kept.append(raw)
        return len(raw)

    def taken(self) -> bytes:
        """Return what was written since the last time."""
        whole = b"".join(self._kept)
        self._kept.clear()
        return whole


def workbook(heads: Sequence[str], lines: Iterable[Sequence[object]], about: Sequence[str]) -> Iterator[bytes]:
    """Yield a workbook's bytes: ``about`` above, one line of heads, then the lines as they come. None and "" are empty cells."""
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, part in _PARTS.items():
            archive.writestr(name, _XML + part)
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            for block in _blocks(heads, lines, about):
                sheet.write(block.encode())
                yield pipe.taken()
    yield pipe.taken()


def _blocks(heads: Sequence[str], lines: Iterable[Sequence[object]], about: Sequence[str]) -> Iterator[str]:
    top = len(about) + 1
    yield (
        f'{_XML}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
        f'<pane xSplit="1" ySplit="{top}" topLeftCell="B{top + 1}" activePane="bottomRight" state="frozen"/></sheetView></sheetViews>'
        f'<cols><col min="1" max="1" width="42" customWidth="1"/><col min="2" max="{len(heads) + 1}" width="16" customWidth="1"/></cols>'
        "<sheetData>"
    )
    yield "".join(_row([words]) for words in about)
    yield f"<row>{''.join(_written(head, style=1) for head in heads)}</row>"
    block: list[str] = []
    for line in lines:
        block.append(_row(line))
        if len(block) == BLOCK:
            yield "".join(block)
            block.clear()
    yield f"{''.join(block)}</sheetData></worksheet>"


def _row(line: Sequence[object]) -> str:
    return f"<row>{''.join([_cell(value) for value in line])}</row>"


def _cell(value: object) -> str:
    if value is None or value == "":
        return "<c/>"
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"<c><v>{value!r}</v></c>"
    return _text(str(value))


def _text(words: str) -> str:
    return _short(words) if len(words) <= SHORT else _written(words)


@lru_cache(maxsize=16_384)
def _short(words: str) -> str:
    """Names, codes and states come again on thousands of lines: their cells are made once."""
    return _written(words)


def _written(words: str, *, style: int = 0) -> str:
    clean = escape(_CONTROLS.sub("", words)[:32_767])
    return f'<c t="inlineStr"{f" s={chr(34)}{style}{chr(34)}" if style else ""}><is><t xml:space="preserve">{clean}</t></is></c>'
