"""The faulty lines back to whoever can mend them: their own columns, and one more that says what is wrong."""

from __future__ import annotations

import io
from uuid import UUID

import xlsxwriter

from smarthd.connectors.models import FaultyLine
from smarthd.connectors.selectors import sources
from smarthd.kernel.actor import Actor

MOST = 100_000


def workbook(*, uid: UUID, number: int, actor: Actor) -> bytes:
    """Return an xlsx of the faulty lines of a version; every cell is text, so nothing in it can compute. Raises VersionUnknown."""
    version = sources.version_for(actor, uid, number)
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        page = book.add_worksheet("Dòng lỗi")
        bold, wrap = book.add_format({"bold": True, "text_wrap": True}), book.add_format({"text_wrap": True})
        plain = book.add_format({"num_format": "@"})
        heads = [*version.columns, "Dòng", "Lỗi và cách sửa"]
        for column, head in enumerate(heads):
            page.write_string(0, column, head, bold)
        page.set_column(0, len(heads) - 2, 18)
        page.set_column(len(heads) - 1, len(heads) - 1, 70)
        page.freeze_panes(1, 0)
        lines = FaultyLine.objects.filter(version=version).order_by("noticed", "number")[:MOST]
        for index, line in enumerate(lines.iterator(chunk_size=2_000), start=1):
            for column, cell in enumerate(line.cells[: len(version.columns)]):
                page.write_string(index, column, cell, plain)
            page.write_string(index, len(heads) - 2, str(line.number), plain)
            page.write_string(index, len(heads) - 1, said(line.problems), wrap)
    return out.getvalue()


def said(problems: list[dict[str, str]]) -> str:
    """Return what is wrong with a line in one cell."""
    return " ".join(f"{'Nhắc: ' if one.get('notice') else ''}{one['column']}: {one['words']}." for one in problems)
