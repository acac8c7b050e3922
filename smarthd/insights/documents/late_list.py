"""The list of late units as an Excel workbook: the annex of an urging letter, for whoever calls them."""

from __future__ import annotations

import io
from datetime import UTC, datetime, time

import xlsxwriter

from smarthd.insights import wording
from smarthd.insights.documents import cong_van
from smarthd.insights.documents.packing import repack
from smarthd.insights.letters import LetterMaterial
from smarthd.kernel import clock

WIDTHS = (6, 44, 24, 24, 14, 14, 16)


def write(material: LetterMaterial) -> bytes:
    """Return the xlsx; the same material gives the same bytes. Text never becomes a formula or a link."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out,
        {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    )
    made = datetime.combine(clock.day_of(material.as_of), time(), tzinfo=UTC).replace(tzinfo=None)
    title = f"Danh sách đơn vị chưa gửi báo cáo {material.period[:1].lower()}{material.period[1:]}"
    book.set_properties({"title": title, "author": material.issuer.name, "created": made})
    font = {"font_name": "Times New Roman", "font_size": 11, "valign": "vcenter"}
    head = book.add_format({**font, "border": 1, "bold": True, "text_wrap": True, "align": "center"})
    cell = book.add_format({**font, "border": 1, "text_wrap": True})
    count = book.add_format({**font, "border": 1, "num_format": "#,##0"})
    sheet = book.add_worksheet("Danh sách")
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(2)
    sheet.freeze_panes(3, 2)
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    sheet.write_string(0, 0, title, book.add_format({**font, "bold": True, "font_size": 14}))
    demo = "Bản dùng thử: dữ liệu mẫu. " if material.demo else ""
    note = f"{demo}Ghi nhận đến {cong_van.said(material.as_of)}; {wording.count(len(material.lines))} báo cáo."
    sheet.write_string(1, 0, note, book.add_format(font))
    for column, text in enumerate((*cong_van.HEADS, "Mã đơn vị")):
        sheet.write_string(2, column, text, head)
    for number, line in enumerate(material.lines, start=1):
        _, name, form, due, *_rest = cong_van.row(number, line)
        sheet.write_number(2 + number, 0, number, count)
        for column, text in ((1, name), (2, form), (3, due), (6, line.code)):
            sheet.write_string(2 + number, column, text, cell)
        sheet.write_number(2 + number, 4, line.days_late, count)
        sheet.write_number(2 + number, 5, line.late_before, count)
    sheet.autofilter(2, 0, 2 + max(1, len(material.lines)), len(WIDTHS) - 1)
    book.close()
    return repack(out.getvalue())
