"""What is seen, as CSV and xlsx: every figure with its base, source, date and flags; text never becomes a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import xlsxwriter

from smarthd.backoffice.league import Seen, hidden
from smarthd.insights import wording
from smarthd.rollout.selectors import Figure, Row

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def heads(seen: Seen, titles: Mapping[str, str]) -> list[str]:
    """Return the header line."""
    per = ("tử số", "mẫu số", "tỷ lệ", "nguồn mẫu số", "ngày mẫu số", "phần ước tính", "lưu ý")
    return [
        "Nhóm",
        "Đơn vị",
        "Mã",
        "Thuộc",
        *(f"{titles.get(key, key)}: {word}" for key in seen.columns for word in per),
    ]


def lines(seen: Seen) -> Iterator[list[object]]:
    """Yield the total, then every row as seen."""
    yield _line("", seen.total, seen.columns)
    for group in seen.groups:
        for row in group.rows:
            yield _line(group.name, row, seen.columns)


def _line(group: str, row: Row, columns: Sequence[str]) -> list[object]:
    line: list[object] = [group, row.name, row.code or "", row.parent_name or ""]
    for key in columns:
        figure = row.values.get(key)
        line += _cells(figure) if figure is not None else [None] * 7
    return line


def _cells(figure: Figure) -> list[object]:
    notes = "; ".join(wording.FLAG_WORDS[flag] for flag in sorted(figure.flags) if flag in wording.FLAG_WORDS)
    if hidden(figure):
        return [None, None, None, figure.source, figure.source_on, None, notes]
    return [
        figure.numerator,
        figure.denominator,
        figure.ratio,
        figure.source,
        figure.source_on,
        figure.estimated_share,
        notes,
    ]


def safe(value: object) -> object:
    """Return a CSV cell no spreadsheet will compute: text that begins like a formula gets an apostrophe before it."""
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else value


def as_csv(seen: Seen, titles: Mapping[str, str], about: Sequence[str]) -> bytes:
    """Return UTF-8 with a byte-order mark, so that Excel reads the marks; what the table is stands in its first lines."""
    out = io.StringIO()
    writer = csv.writer(out)
    for words in about:
        writer.writerow([safe(words)])
    writer.writerow(heads(seen, titles))
    for line in lines(seen):
        writer.writerow([safe(value) for value in line])
    return ("\ufeff" + out.getvalue()).encode()


def as_xlsx(seen: Seen, titles: Mapping[str, str], about: Sequence[str]) -> bytes:
    """Return a workbook of one sheet, written row by row."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    bold, share, count = (
        book.add_format({"bold": True, "text_wrap": True, "border": 1}),
        book.add_format({"num_format": "0.0%"}),
        book.add_format({"num_format": "#,##0"}),
    )
    sheet = book.add_worksheet("Bảng")
    sheet.set_column(0, 0, 16)
    sheet.set_column(1, 1, 36)
    sheet.set_column(2, 60, 14)
    for row, words in enumerate(about):
        sheet.write_string(row, 0, words)
    top = len(about)
    for column, head in enumerate(heads(seen, titles)):
        sheet.write_string(top, column, head, bold)
    sheet.freeze_panes(top + 1, 2)
    for row, line in enumerate(lines(seen), start=top + 1):
        for column, value in enumerate(line):
            if isinstance(value, float):
                sheet.write_number(row, column, value, share)
            elif isinstance(value, int):
                sheet.write_number(row, column, value, count)
            elif isinstance(value, date):
                sheet.write_string(row, column, wording.day(value))
            elif value:
                sheet.write_string(row, column, str(value))
    book.close()
    return out.getvalue()


def plain_csv(heads: Sequence[str], lines: Sequence[Sequence[object]], about: Sequence[str]) -> bytes:
    """Return a list that is no table of figures as CSV, what it is in its first lines."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerows([[safe(words)] for words in about])
    writer.writerow(heads)
    writer.writerows([[safe(value) for value in line] for line in lines])
    return ("\ufeff" + out.getvalue()).encode()


def plain_xlsx(heads: Sequence[str], lines: Sequence[Sequence[object]], about: Sequence[str]) -> bytes:
    """Return the same as a workbook of one sheet."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    bold = book.add_format({"bold": True, "text_wrap": True, "border": 1})
    sheet = book.add_worksheet("Bảng")
    sheet.set_column(0, 0, 40)
    sheet.set_column(1, len(heads), 18)
    for row, words in enumerate(about):
        sheet.write_string(row, 0, words)
    for column, head in enumerate(heads):
        sheet.write_string(len(about), column, head, bold)
    sheet.freeze_panes(len(about) + 1, 1)
    for row, line in enumerate(lines, start=len(about) + 1):
        for column, value in enumerate(line):
            if isinstance(value, int | float) and not isinstance(value, bool):
                sheet.write_number(row, column, value)
            elif value:
                sheet.write_string(row, column, str(value))
    book.close()
    return out.getvalue()
