"""The annex as an Excel workbook: every figure of the Báo cáo with its base, source, date and method, one row a line."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time
from typing import Any

import xlsxwriter

from smarthd.insights import wording
from smarthd.insights.documents.packing import repack
from smarthd.insights.material import Annex, Cell, Line, Material

_HEAD = ("Tử số", "Mẫu số", "Tỷ lệ", "Phần ước tính", "Lưu ý")
_FORBIDDEN_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))


def write(material: Material, *, version: int) -> bytes:
    """Return the xlsx; the same material and version give the same bytes. Text never becomes a formula or a link."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out,
        {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    )
    book.set_properties(
        {
            "title": f"Phụ lục báo cáo: {material.campaign_title}",
            "author": material.issuer.name,
            "created": datetime.combine(material.cut_off, time(), tzinfo=UTC).replace(tzinfo=None),
        }
    )
    formats = _formats(book)
    _cover(book, formats, material, version)
    for annex in material.annexes:
        _sheet(book, formats, material, annex)
    _definitions(book, formats, material)
    book.close()
    return repack(out.getvalue())


def _formats(book: Any) -> Mapping[str, Any]:
    font = {"font_name": "Times New Roman", "font_size": 11, "valign": "vcenter"}
    edge = {**font, "border": 1}
    return {
        "title": book.add_format({**font, "bold": True, "font_size": 14}),
        "text": book.add_format({**font, "text_wrap": True}),
        "head": book.add_format({**edge, "bold": True, "text_wrap": True, "align": "center", "bg_color": "#E7EDF3"}),
        "cell": book.add_format(edge),
        "strong": book.add_format({**edge, "bold": True}),
        "count": book.add_format({**edge, "num_format": "#,##0"}),
        "count_strong": book.add_format({**edge, "bold": True, "num_format": "#,##0"}),
        "share": book.add_format({**edge, "num_format": "0.0%"}),
        "share_strong": book.add_format({**edge, "bold": True, "num_format": "0.0%"}),
    }


def _cover(book: Any, formats: Mapping[str, Any], material: Material, version: int) -> None:
    sheet = book.add_worksheet("Giới thiệu")
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 1, 90)
    rows = [
        ("Tên", f"Phụ lục báo cáo kết quả: {material.campaign_title}"),
        ("Phạm vi", material.scope.name),
        ("Số liệu chốt hết", wording.day(material.cut_off)),
        ("Địa giới ngày", f"{wording.day(material.boundaries)} ({material.boundary_key})"),
        ("Bản số", str(version)),
        ("Nguồn", "Nền tảng đo; mẫu số có nguồn, ngày, phương pháp ở trang “Cách tính”"),
        (
            "Cách đọc",
            "Cột “Dòng” là ký hiệu trong ngoặc vuông của báo cáo, ví dụ [I.3]. Tỷ lệ vượt 100% được giữ nguyên và đánh dấu.",
        ),
    ]
    if material.demo:
        rows.insert(0, ("Bản dùng thử", "Mọi con số là dữ liệu mẫu, không phải kết quả thật"))
    for index, (name, value) in enumerate(rows):
        sheet.write_string(index, 0, name, formats["title"] if index == 0 else formats["text"])
        sheet.write_string(index, 1, value, formats["title"] if index == 0 else formats["text"])


def _sheet(book: Any, formats: Mapping[str, Any], material: Material, annex: Annex) -> None:
    sheet = book.add_worksheet(f"PL {annex.number}".translate(_FORBIDDEN_IN_NAMES)[:31])
    sheet.set_column(0, 0, 9)
    sheet.set_column(1, 1, 38)
    sheet.set_column(2, 3, 20)
    sheet.set_column(4, 4 + len(_HEAD) * len(annex.columns), 13)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(2)
    sheet.freeze_panes(3, 2)
    sheet.write_string(0, 0, f"Phụ lục {annex.number}. {annex.title}", formats["title"])
    sheet.write_string(
        1,
        0,
        f"Chốt {wording.day(material.cut_off)}; địa giới ngày {wording.day(annex.boundaries)}. {annex.note}".strip(),
        formats["text"],
    )
    heads = ["Dòng", "Đơn vị", "Mã", "Nhóm"]
    for key in annex.columns:
        heads += [f"{material.indicator(key).title}: {head.lower()}" for head in _HEAD]
    for column, head in enumerate(heads):
        sheet.write_string(2, column, head, formats["head"])
    for row, line in enumerate((annex.total, *annex.lines), start=3):
        _line(sheet, formats, row, line, annex.columns, strong=row == 3)
    sheet.autofilter(2, 0, 3 + len(annex.lines), len(heads) - 1)


def _line(sheet: Any, formats: Mapping[str, Any], row: int, line: Line, keys: Sequence[str], *, strong: bool) -> None:
    suffix = "_strong" if strong else ""
    plain = formats["strong" if strong else "cell"]
    for column, text in enumerate((line.code, line.name, line.unit_code, line.group)):
        sheet.write_string(row, column, text, plain)
    for place, key in enumerate(keys):
        left = 4 + place * len(_HEAD)
        cell = line.cells.get(key)
        if cell is None or "hidden" in cell.flags:
            for offset in range(len(_HEAD)):
                words = wording.flags(cell) if cell is not None and offset == 4 else ""
                sheet.write_string(row, left + offset, words, plain)
            continue
        _number(sheet, row, left, cell.numerator, formats[f"count{suffix}"])
        _number(sheet, row, left + 1, cell.denominator, formats[f"count{suffix}"])
        _number(sheet, row, left + 2, cell.ratio, formats[f"share{suffix}"])
        _number(sheet, row, left + 3, cell.estimated_share, formats[f"share{suffix}"])
        sheet.write_string(row, left + 4, wording.flags(cell), plain)


def _number(sheet: Any, row: int, column: int, value: float | None, format_: Any) -> None:
    if value is None:
        sheet.write_blank(row, column, None, format_)
    else:
        sheet.write_number(row, column, value, format_)


def _definitions(book: Any, formats: Mapping[str, Any], material: Material) -> None:
    sheet = book.add_worksheet("Cách tính")
    for column, width in enumerate((34, 60, 34, 50)):
        sheet.set_column(column, column, width)
    for column, head in enumerate(("Chỉ tiêu", "Cách tính", "Mẫu số", "Nguồn, ngày, phương pháp (dòng tổng)")):
        sheet.write_string(0, column, head, formats["head"])
    for row, indicator in enumerate(material.indicators, start=1):
        cell: Cell | None = next(
            (annex.total.cells[indicator.key] for annex in material.annexes if indicator.key in annex.total.cells), None
        )
        source = wording.base_of(cell) if cell is not None else wording.NOTHING_YET
        for column, text in enumerate((indicator.title, indicator.definition, indicator.base, source)):
            sheet.write_string(row, column, text, formats["text"])
