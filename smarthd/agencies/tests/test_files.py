"""Files from outside: bombs and strangers are refused before they cost anything; every legible file is read."""

from __future__ import annotations

import codecs
import io
import struct
import zipfile

import openpyxl
import pytest

from smarthd.agencies.adapters import spreadsheets
from smarthd.agencies.rules.encodings import Encoding, EncodingUnclear
from smarthd.agencies.tests import make
from smarthd.agencies.tests.test_encodings import in_cp1258, in_tcvn3
from smarthd.kernel import files
from smarthd.kernel.errors import Invalid

LINES = "STT;Họ và tên;Chức vụ;Số điện thoại\r\n1;Nguyễn Văn Hùng;Phó chủ tịch;0912000001\r\n"
ROWS = [["STT", "Họ và tên", "Chức vụ", "Số điện thoại"], ["1", "Nguyễn Văn Hùng", "Phó chủ tịch", "0912000001"]]


def read(raw: bytes, name: str = "ds.csv", encoding: Encoding | None = None) -> list[list[str]]:
    (sheet,), _ = spreadsheets.read(raw, file_name=name, encoding=encoding)
    return [list(row) for row in sheet.rows if any(row)]


@pytest.mark.parametrize(
    ("raw", "declared"),
    [
        (LINES.encode(), None),
        (codecs.BOM_UTF8 + LINES.encode(), None),
        (LINES.encode("utf-16"), None),
        (codecs.BOM_UTF16_BE + LINES.encode("utf-16-be"), None),
        (LINES.encode("utf-16-le"), Encoding.UTF_16_LE),
        (in_cp1258(LINES), Encoding.WINDOWS_1258),
        (in_tcvn3(LINES), Encoding.TCVN3),
        (LINES.replace(";", ",").encode(), None),
        (LINES.replace(";", "\t").encode(), None),
        (LINES.replace("\r\n", "\n").encode(), None),
        (LINES.replace("Nguyễn", '"Nguyễn').replace("Hùng", 'Hùng"').encode(), None),
    ],
)  # fmt: skip
def test_a_text_table_is_read_in_its_encoding_and_with_its_delimiter(raw: bytes, declared: Encoding | None) -> None:
    assert read(raw, encoding=declared) == ROWS


def test_a_workbook_typed_in_an_old_font_is_asked_about_and_then_read() -> None:
    stored = [["STT", "Hä vµ tªn", "Sè ®iÖn tho¹i"], [1, "NguyÔn V¨n Hïng", "0912000001"]]
    raw = make.workbook(stored, titles=False)
    with pytest.raises(EncodingUnclear) as asked:
        read(raw, "ds.xlsx")
    assert "1 Nguyễn Văn Hùng 0912000001" in asked.value.facts["samples"]["tcvn3"]  # type: ignore[index]
    assert read(raw, "ds.xlsx", Encoding.TCVN3)[1] == ["1", "Nguyễn Văn Hùng", "0912000001"]


def test_numbers_come_as_a_person_reads_them() -> None:
    raw = make.workbook([["Họ tên", "SĐT"], ["An", 912345678.0], ["Bình", 912345678], ["Cúc", 1.5]], titles=False)
    assert [row[1] for row in read(raw, "ds.xlsx")[1:]] == ["912345678", "912345678", "1.5"]


def test_rows_keep_the_numbers_the_spreadsheet_shows() -> None:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page["C7"], page["D7"] = "Họ tên", "SĐT"
    page["C9"], page["D9"] = "Nguyễn Văn An", "0912000001"
    out = io.BytesIO()
    book.save(out)
    (sheet,), _ = spreadsheets.read(out.getvalue(), file_name="x.xlsx", encoding=None)
    assert sheet.rows[8][2] == "Nguyễn Văn An"


def zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def with_sheet(xml: bytes) -> bytes:
    """Return a valid workbook whose sheet is replaced."""
    good = zipfile.ZipFile(io.BytesIO(make.workbook([["a"]], titles=False)))
    return zipped({
        member.filename: xml if member.filename == "xl/worksheets/sheet1.xml" else good.read(member)
        for member in good.infolist()
    })  # fmt: skip


def lying_bomb() -> bytes:
    """Return an archive whose directory says 100 bytes where 300 MB come out."""
    raw = bytearray(zipped({"xl/worksheets/sheet1.xml": b"0" * (300 << 20)}))
    central = raw.rfind(b"PK\x01\x02")
    raw[central + 24 : central + 28] = struct.pack("<I", 100)
    raw[22:26] = struct.pack("<I", 100)
    return bytes(raw)


def far_cells() -> bytes:
    head = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    return with_sheet(
        head
        + b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
    )


@pytest.mark.parametrize(
    ("make_raw", "refusal"),
    [
        (lambda: b"PK\x03\x04" + b"0" * (300 << 20), files.FileTooLarge),
        (lambda: zipped({"xl/worksheets/sheet1.xml": b"0" * (300 << 20)}), files.ZipBomb),
        (lambda: zipped({"xl/worksheets/sheet1.xml": b"0" * (60 << 20)}), files.ZipBomb),
        (lying_bomb, files.BrokenArchive),
        (far_cells, spreadsheets.SheetTooWide),
        (lambda: zipped({f"xl/{number}": b"" for number in range(3000)}), files.ZipBomb),
        (lambda: zipped({"word/document.xml": b"<a/>"}), spreadsheets.FileNotSpreadsheet),
        (lambda: make.workbook([["a"]])[:-200], files.BrokenArchive),
        (lambda: with_sheet(b"<worksheet><sheetData><row>"), files.BrokenArchive),
        (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 512, spreadsheets.FileLocked),
        (lambda: b"%PDF-1.7", spreadsheets.FileNotSpreadsheet),
        (lambda: b"", files.EmptyFile),
    ],
    ids=["300 MB", "bomb", "ratio", "lying directory", "far cells", "many members", "docx", "cut", "broken xml", "xls", "pdf", "empty"],
)  # fmt: skip
def test_what_cannot_be_a_roster_is_refused_by_name_and_quickly(make_raw: object, refusal: type[Invalid]) -> None:
    raw = make_raw()  # type: ignore[operator]
    with pytest.raises(refusal):
        spreadsheets.read(raw, file_name="ds.xlsx", encoding=None)


def test_formatted_cells_without_content_do_not_make_a_sheet_too_wide() -> None:
    head = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    raw = with_sheet(
        head
        + b'<row r="1"><c r="A1"><v>7</v></c></row><row r="1048576"><c r="XFD1048576" s="1"/></row></sheetData></worksheet>'
    )
    assert read(raw, "ds.xlsx") == [["7"]]
