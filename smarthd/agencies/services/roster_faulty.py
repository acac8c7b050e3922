"""The faulty lines back to the clerk: their own columns, and one more that says what is wrong."""

from __future__ import annotations

import io
from uuid import UUID

import xlsxwriter

from smarthd.agencies import policies
from smarthd.agencies.adapters import spreadsheets
from smarthd.agencies.models import RosterImport, RosterImportRow
from smarthd.agencies.rules import encodings, roster, tables
from smarthd.agencies.services import roster_files
from smarthd.agencies.services.roster_confirm import ImportUnknown
from smarthd.kernel.actor import Actor

ERRORS_LABEL = "Lỗi và cách sửa"


def faulty_rows_workbook(*, import_uid: UUID, actor: Actor) -> bytes:
    """Return an xlsx of the faulty lines, header above, errors beside; every cell is text, so nothing in it can compute.

    Raises ImportUnknown, NotAllowed, RosterFileCleared.
    """
    upload = RosterImport.objects.filter(uid=import_uid).first()
    if upload is None:
        raise ImportUnknown(uid=str(import_uid))
    policies.require(policies.can_import_roster(actor, upload.agency_id), act="import_roster")
    raw = roster_files.read_sealed(upload.kept_sha256)
    encoding = None if upload.encoding == "xlsx" else encodings.Encoding(upload.encoding)
    sheets, _ = spreadsheets.read(raw, file_name=upload.file_name, encoding=encoding)
    headers = tables.read_sheets(sheets).headers
    faulty: dict[str, list[RosterImportRow]] = {}
    rows = RosterImportRow.objects.filter(roster_import=upload, outcome=roster.Outcome.FAULTY)
    for row in rows.order_by("id"):
        faulty.setdefault(row.sheet, []).append(row)
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as workbook:
        for sheet in sheets:
            if lines := faulty.get(sheet.name[:60]):
                _write_sheet(workbook, sheet, headers[sheet.name].labels, lines)
        if not faulty:
            workbook.add_worksheet("Không có lỗi")
    return out.getvalue()


def _write_sheet(
    workbook: xlsxwriter.Workbook, sheet: tables.Sheet, labels: tuple[str, ...], lines: list[RosterImportRow]
) -> None:
    page = workbook.add_worksheet(_tab_name(sheet.name, len(workbook.worksheets())))
    bold = workbook.add_format({"bold": True, "text_wrap": True})
    wrap = workbook.add_format({"text_wrap": True})
    text = workbook.add_format({"num_format": "@"})
    width = max(len(labels), *(len(sheet.rows[line.row_number - 1]) for line in lines if line.row_number))
    for column in range(width):
        page.write_string(0, column, labels[column] if column < len(labels) else "", bold)
    page.write_string(0, width, ERRORS_LABEL, bold)
    page.set_column(0, width - 1, 18)
    page.set_column(width, width, 70)
    page.freeze_panes(1, 0)
    for index, line in enumerate(lines, start=1):
        cells = sheet.rows[line.row_number - 1] if line.row_number else []
        for column, cell in enumerate(cells):
            page.write_string(index, column, cell, text)
        page.write_string(index, width, _said(line), wrap)


def _said(line: RosterImportRow) -> str:
    parts = [
        f"{message['column']}: {message['text']}." + (f" {message['mend']}." if message["mend"] else "")
        for message in line.messages
        if message["fault"]
    ]
    return f"Dòng {line.row_number}. " + " ".join(parts)


def _tab_name(name: str, number: int) -> str:
    clean = "".join(char for char in name if char not in "[]:*?/\\")[:25].strip("' ")
    return f"{clean or 'Danh sách'} {number + 1}" if number else clean or "Danh sách"
