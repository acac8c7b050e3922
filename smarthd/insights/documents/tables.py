"""Tables of official documents, written as WordprocessingML in one stroke: hundreds of rows in milliseconds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Mm

TWIPS_PER_MM = 1440 / 25.4
CELL_STYLE = "OBang"  # the identifier inside the file of the style shown as "Ô bảng"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its head, its share of the table's width, and how its cells stand (left, center, right)."""

    head: str
    share: float
    align: str = "left"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: rows of texts; ``strong`` are the indexes of rows in bold (totals), ``spans`` of rows that are one cell."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    strong: frozenset[int] = frozenset()
    spans: frozenset[int] = frozenset()
    size: int = 11


def build(sheet: Sheet, width: float) -> Any:
    """Return the ``w:tbl`` element, ``width`` millimetres wide, whose head repeats on every page."""
    twips = _widths(sheet.columns, width)
    grid = "".join(f'<w:gridCol w:w="{value}"/>' for value in twips)
    head = _row([(column.head, "center") for column in sheet.columns], twips, sheet.size, bold=True, repeat=True)
    body = "".join(_body_row(sheet, index, texts, twips) for index, texts in enumerate(sheet.rows))
    edges = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    return parse_xml(
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{sum(twips)}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{edges}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        '<w:tblCellMar><w:left w:w="70" w:type="dxa"/><w:right w:w="70" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{head}{body}</w:tbl>"
    )


def _widths(columns: Sequence[Column], width: float) -> list[int]:
    whole = sum(column.share for column in columns)
    return [round(width * TWIPS_PER_MM * column.share / whole) for column in columns]


def _body_row(sheet: Sheet, index: int, texts: tuple[str, ...], twips: list[int]) -> str:
    strong = index in sheet.strong
    if index in sheet.spans:
        return _row([(texts[0], "left")], [sum(twips)], sheet.size, bold=True, span=len(twips))
    cells = [(text, column.align) for text, column in zip(texts, sheet.columns, strict=True)]
    return _row(cells, twips, sheet.size, bold=strong)


def _row(
    cells: Sequence[tuple[str, str]],
    twips: Sequence[int],
    size: int,
    *,
    bold: bool = False,
    repeat: bool = False,
    span: int = 1,
) -> str:
    properties = "<w:cantSplit/>" + ("<w:tblHeader/>" if repeat else "")
    weight = "<w:b/>" if bold else ""
    spanned = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    parts = [
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{spanned}<w:vAlign w:val="center"/></w:tcPr>'
        f'<w:p><w:pPr><w:pStyle w:val="{CELL_STYLE}"/><w:spacing w:before="20" w:after="20"/><w:jc w:val="{align}"/></w:pPr>'
        f'<w:r><w:rPr>{weight}<w:sz w:val="{size * 2}"/></w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p></w:tc>'
        for (text, align), width in zip(cells, twips, strict=True)
    ]
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(parts)}</w:tr>"


def lay_out(table: Any, widths: Sequence[float]) -> None:
    """Give a borderless table fixed columns (millimetres) without padding at its sides."""
    table.autofit = False
    properties = table._tbl.tblPr
    margins = parse_xml(
        f'<w:tblCellMar {nsdecls("w")}><w:left w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/></w:tblCellMar>'
    )
    properties.append(margins)
    for index, width in enumerate(widths):
        table.columns[index].width = Mm(width)
        for row in table.rows:
            row.cells[index].width = Mm(width)


def keep_row_whole(row: Any) -> None:
    """Never break a row over two pages."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
