"""Rosters as agencies really send them: a letterhead above, merged cells, telephones typed in every way, lines that are wrong."""

from __future__ import annotations

import io
from collections.abc import Sequence

from openpyxl import Workbook

Line = tuple[str, str, object]
"""Full name, position, and the telephone cell just as it was typed."""


def roster(lines: Sequence[Line]) -> bytes:
    """Return a workbook with title rows and a two-row merged header over the lines."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Danh sách"
    sheet.merge_cells("A1:C1")
    sheet["A1"] = "ỦY BAN NHÂN DÂN PHƯỜNG THÀNH ĐÔNG"
    sheet.merge_cells("A3:E3")
    sheet["A3"] = "DANH SÁCH CÁN BỘ, CÔNG CHỨC, NGƯỜI LAO ĐỘNG"
    sheet.merge_cells("A4:E4")
    sheet["A4"] = "(Kèm theo Công văn số 12/UBND-VP)"
    for column, label in (("A", "STT"), ("B", "Họ và tên"), ("C", "Chức vụ"), ("E", "Ghi chú")):
        sheet.merge_cells(f"{column}6:{column}7")
        sheet[f"{column}6"] = label
    sheet["D6"] = "Liên hệ"
    sheet["D7"] = "Số điện thoại"
    for number, (name, position, phone) in enumerate(lines, start=1):
        sheet.append([number, name, position, phone, ""])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def dotted(phone: str) -> str:
    """Return +84990000123 as 0990.000.123."""
    digits = f"0{phone.removeprefix('+84')}"
    return f"{digits[:4]}.{digits[4:7]}.{digits[7:]}"


def without_zero(phone: str) -> int:
    """Return +84990000123 as the number a spreadsheet makes of it: 990000123."""
    return int(phone.removeprefix("+84"))
