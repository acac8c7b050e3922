"""A plain table as a file: what it is in its first lines, text that never becomes a formula. Lists of the desk are handed out so."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime

import xlsxwriter
from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import gettext as _

from smarthd.backoffice.exports import safe
from smarthd.insights import wording
from smarthd.kernel import clock

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
Cell = str | int | float | date | datetime | None


def hand_out(
    name: str, suffix: str, *, about: Sequence[str], heads: Sequence[str], lines: Iterable[Sequence[Cell]]
) -> HttpResponse:
    """Return the table as csv or xlsx; a demonstration says in its second line that it is one."""
    told = [
        *about[:1],
        *([_("Bản dùng thử: dữ liệu mẫu, không phải kết quả thật")] if settings.DEMO else []),
        *about[1:],
    ]
    content = (_csv if suffix == "csv" else _xlsx)(told, heads, lines)
    return HttpResponse(
        content,
        content_type=TYPES[suffix],
        headers={"Content-Disposition": f'attachment; filename="{name}.{suffix}"'},
    )


def _written(cell: Cell) -> str | int | float | None:
    """Return a cell as a reader writes it: days and moments of the province's own clock."""
    if isinstance(cell, datetime):
        local = cell.astimezone(clock.ZONE)
        return f"{local:%H:%M} {wording.day(local.date())}"
    return wording.day(cell) if isinstance(cell, date) else cell


def _csv(about: Sequence[str], heads: Sequence[str], lines: Iterable[Sequence[Cell]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    for words in about:
        writer.writerow([safe(words)])
    writer.writerow(heads)
    for line in lines:
        writer.writerow([safe(_written(cell)) for cell in line])
    return ("\ufeff" + out.getvalue()).encode()


def _xlsx(about: Sequence[str], heads: Sequence[str], lines: Iterable[Sequence[Cell]]) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    bold, wrapped = (
        book.add_format({"bold": True, "text_wrap": True, "border": 1}),
        book.add_format({"text_wrap": True}),
    )
    count, share = book.add_format({"num_format": "#,##0"}), book.add_format({"num_format": "0.0%"})
    sheet = book.add_worksheet("Bảng")
    sheet.set_column(0, len(heads) - 1, 20)
    for row, words in enumerate(about):
        sheet.write_string(row, 0, words)
    top = len(about)
    for column, head in enumerate(heads):
        sheet.write_string(top, column, head, bold)
    sheet.freeze_panes(top + 1, 1)
    for row, line in enumerate(lines, start=top + 1):
        for column, cell in enumerate(line):
            value = _written(cell)
            if isinstance(value, float):
                sheet.write_number(row, column, value, share)
            elif isinstance(value, int):
                sheet.write_number(row, column, value, count)
            elif value:
                sheet.write_string(row, column, value, wrapped)
    book.close()
    return out.getvalue()
