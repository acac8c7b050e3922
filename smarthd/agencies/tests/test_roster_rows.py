"""What a clerk is told about each line: the row, the column, what stands there, what is wrong, how to mend it."""

from __future__ import annotations

import io
from datetime import date

import openpyxl
import pytest

from smarthd.agencies import services
from smarthd.agencies.models import RosterImport, RosterImportRow, Staff
from smarthd.agencies.rules import roster, unit_names
from smarthd.agencies.rules.unit_names import Named, NameIndex
from smarthd.agencies.tests import make

pytestmark = pytest.mark.django_db
HEAD = ("Họ và tên", "Chức vụ", "Số điện thoại", "Đơn vị", "Từ ngày")


def only(*row: object) -> RosterImportRow:
    world = make.world()
    make.preview(make.workbook([HEAD, row]), world.commune_a)
    return RosterImportRow.objects.get()


def said(row: RosterImportRow) -> list[tuple[str, str]]:
    return [(message["column"], message["text"]) for message in row.messages if message["fault"]]


@pytest.mark.parametrize(
    ("cell", "e164"),
    [
        ("0912345678", "+84912345678"), ("0912.345.678", "+84912345678"), ("0912 345 678", "+84912345678"), ("0912-345-678", "+84912345678"),
        (912345678, "+84912345678"), (912345678.0, "+84912345678"), ("912345678", "+84912345678"), ("84912345678", "+84912345678"),
        ("+84 912 345 678", "+84912345678"), ("(0912) 345678", "+84912345678"), ("'0912345678", "+84912345678"), ("01662345678", "+84362345678"),
    ],
)  # fmt: skip
def test_telephones_are_understood_as_offices_write_them(cell: object, e164: str) -> None:
    from smarthd.agencies import phones

    row = only("Nguyễn Văn An", "", cell)
    assert said(row) == []
    assert row.phone_sealed is not None
    assert phones.unsealed(row.phone_sealed) == e164


@pytest.mark.parametrize(
    "cell", ["091", "0912", "02203852345", "abc", "0912345678 / 0987654321", "1900", "09123456789", "9.12E+08"]
)
def test_what_is_no_mobile_number_is_told_and_not_saved(cell: str) -> None:
    world = make.world()
    make.imported(make.workbook([HEAD, ("Nguyễn Văn An", "", cell)]), world.commune_a)
    row = RosterImportRow.objects.get()
    (message,) = row.messages
    assert (row.outcome, row.row_number) == ("faulty", 6)
    assert (message["column"], message["value"]) == ("Số điện thoại", cell)
    assert message["text"]
    assert message["mend"]
    assert not Staff.objects.exists()


def test_a_person_without_a_number_is_counted_and_the_clerk_is_told() -> None:
    row = only("Nguyễn Văn An", "Chủ tịch", "")
    assert row.outcome == "new"
    assert [message["fault"] for message in row.messages] == [False]


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        (("", "Chủ tịch", "0912345678"), "Họ và tên", "Chưa có họ và tên"),
        (("Nguyễn Văn An 2", "", "0912345678"), "Họ và tên", "Không giống họ và tên"),
        (("=cmd|'/c calc'!A1", "", "0912345678"), "Họ và tên", "công thức"),
        (("Nguyễn Văn An", "=1+1", "0912345678"), "Chức vụ", "công thức"),
        (("Nguyễn Văn An", "@SUM(A1)", "0912345678"), "Chức vụ", "công thức"),
        (("Nguyễn Văn An", "x" * 200, "0912345678"), "Chức vụ", "dài quá"),
        (("Nguyễn Văn An", "", "0912345678", "=HYPERLINK(1)"), "Đơn vị", "công thức"),
        (("Nguyễn Văn An", "", "0912345678", "UBND xã Không Có"), "Đơn vị", "Không tìm thấy đơn vị"),
        (("Nguyễn Văn An", "", "0912345678", "", "31/02/2024"), "Từ ngày", "không có trong lịch"),
        (("Nguyễn Văn An", "", "0912345678", "", "hôm qua"), "Từ ngày", "không có trong lịch"),
    ],
)
def test_every_fault_names_its_column_and_its_cure(row: tuple[object, ...], column: str, words: str) -> None:
    found = only(*row)
    assert found.outcome == "faulty"
    ((where, what),) = said(found)
    assert where == column
    assert words in what


def test_formulas_with_a_result_are_read_as_their_result() -> None:
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["Họ và tên", "SĐT"])
        page.write_formula(1, 0, '="Nguyễn "&"Văn An"', None, "Nguyễn Văn An")
        page.write_string(1, 1, "0912345678")
    world = make.world()
    make.preview(out.getvalue(), world.commune_a)
    assert RosterImportRow.objects.get().full_name == "Nguyễn Văn An"


def test_the_second_line_with_one_number_is_faulty_and_names_the_first() -> None:
    world = make.world()
    rows = [
        ("Nguyễn Văn An", "", "0912345678"),
        ("Trần Thị Bình", "", "0912 345 678"),
        ("Vũ Cúc", "", ""),
        ("VŨ CÚC", "", ""),
    ]
    make.preview(make.workbook([HEAD, *rows]), world.commune_a)
    found = list(RosterImportRow.objects.order_by("id"))
    assert [row.outcome for row in found] == ["new", "faulty", "new", "faulty"]
    assert said(found[1]) == [("Số điện thoại", "Trùng với dòng 6 (Nguyễn Văn An)")]
    assert said(found[3]) == [("Họ và tên", "Trùng với dòng 8")]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("UBND xã Hợp Tiến", "commune_a"), ("Ủy ban nhân dân xã Hợp Tiến", "commune_a"), ("Uỷ ban nhân dân Xã HỢP TIẾN", "commune_a"),
        ("Xã Hợp Tiến", "commune_a"), ("X. Hợp Tiến", "commune_a"), ("hợp tiến", "commune_a"), ("ubnd-10615", "commune_a"),
        ("Trường Tiểu học Hợp Tiến", "school"), ("Sở TT&TT", "department"), ("STTTT", "department"), ("", "province"),
        ("UBND huyện Nam Sách", "district"), ("H. Nam Sách", "district"),
    ],
)  # fmt: skip
def test_units_are_found_by_what_clerks_call_them(written: str, expected: str) -> None:
    world = make.world()
    make.imported(make.workbook([HEAD, ("Nguyễn Văn An", "", "0912345678", written)]), world.province)
    assert Staff.objects.get().agency_id == getattr(world, expected)


def test_a_former_name_leads_to_the_agency_of_today_and_a_split_one_asks() -> None:
    world = make.world()
    order = {"effective_on": date(2024, 3, 1), "legal_document": "NQ", "actor": make.SYSTEM, "now": make.NOW}
    services.merge_agencies([world.commune_a], into_id=world.commune_b, **order)
    row = only_of(world, "UBND xã Hợp Tiến")
    assert (row.outcome, row.agency_id) == ("new", world.commune_b)
    other = make.services.found_agency(
        services.NewAgency(kind=roster_kind(), name="UBND xã Mới", code="ubnd-moi", parent_id=world.district),
        valid_from=date(2024, 3, 1),
    )
    services.split_agency(
        world.commune_b, parts={other.pk: 0.5, world.district: 0.5}, **order | {"effective_on": date(2024, 3, 15)}
    )
    row = only_of(world, "UBND xã Nam Hưng")
    assert row.outcome == "faulty"
    assert "nay thuộc nhiều đơn vị" in row.messages[0]["text"]


def only_of(world: make.World, unit: str) -> RosterImportRow:
    upload = make.preview(make.workbook([HEAD, ("Nguyễn Văn An", "", "0912345678", unit)]), world.province)
    return RosterImportRow.objects.get(roster_import=upload)


def roster_kind():  # type: ignore[no-untyped-def]
    from smarthd.agencies.rules import Kind

    return Kind.COMMUNE_COMMITTEE


def test_two_units_of_one_name_are_a_question() -> None:
    index = NameIndex([Named(1, "Ủy ban nhân dân xã Cẩm Giàng", "", "a"), Named(2, "Ủy ban nhân dân thị trấn Cẩm Giang", "", "b"),
                       Named(3, "Ủy ban nhân dân huyện Cẩm Giàng", "", "c")])  # fmt: skip
    assert index.find("Cẩm Giàng") == {1, 2, 3}
    assert index.find("xã Cẩm Giàng") == {1}
    assert index.find("TT Cẩm Giang") == {2}
    assert unit_names.canonical("UBND TP. Hải Dương") == "uy ban nhan dan thanh pho hai duong"


@pytest.mark.parametrize(("cell", "day"), [
    ("01/04/2024", date(2024, 4, 1)), ("1.4.2024", date(2024, 4, 1)), ("2024-04-01", date(2024, 4, 1)), ("29/02/2024", date(2024, 2, 29)),
    ("31/02/2024", None), ("29/02/2023", None), ("2024", None), ("13/13/2024", None), ("", None),
])  # fmt: skip
def test_days_are_real_days(cell: str, day: date | None) -> None:
    assert roster.day_of(cell) == day


def test_faulty_lines_come_back_with_their_columns_and_cannot_compute() -> None:
    world = make.world()
    rows = [HEAD, ("=1+1", "Chủ tịch", "0912345678"), ("Nguyễn Văn An", "", "0912345671"), ("Trần Thị Bình", "", "091")]
    upload = make.preview(make.workbook(rows), world.commune_a)
    book = openpyxl.load_workbook(io.BytesIO(services.faulty_rows_workbook(import_uid=upload.uid, actor=make.SYSTEM)))
    page = book.worksheets[0]
    cells = [[cell.value for cell in row] for row in page.iter_rows()]
    assert cells[0] == [*HEAD, "Lỗi và cách sửa"]
    assert [row[0] for row in cells[1:]] == ["=1+1", "Trần Thị Bình"]
    assert all(
        cell.data_type in {"s", "n"} and not (cell.data_type == "n" and cell.value)
        for row in page.iter_rows()
        for cell in row
    )
    assert cells[2][5].startswith("Dòng 8. Số điện thoại: ")
    mended = openpyxl.load_workbook(io.BytesIO(services.faulty_rows_workbook(import_uid=upload.uid, actor=make.SYSTEM)))
    mended.worksheets[0]["A2"], mended.worksheets[0]["C3"] = "Vũ Văn Cường", "0912345679"
    out = io.BytesIO()
    mended.save(out)
    again = make.preview(out.getvalue(), world.commune_a)
    assert again.counts["new"] == 2, "the mended file goes straight back in"


def test_several_sheets_are_one_roster_and_a_guide_is_skipped() -> None:
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.add_worksheet("Hướng dẫn").write(0, 0, "Điền đủ các cột")
        for number, name in enumerate(["Nguyễn Văn An", "Trần Thị Bình"]):
            page = book.add_worksheet(f"Tổ {number}")
            page.write_row(0, 0, ["Họ và tên", "SĐT", "Ngày sinh", "Số CCCD"])
            page.write_row(1, 0, [name, make.phone(number), "01/01/1980", "030080000001"])
    world = make.world()
    upload = make.imported(out.getvalue(), world.commune_a)
    assert upload.counts["new"] == 2
    assert "Trang “Hướng dẫn” không có bảng danh sách, đã bỏ qua." in upload.notes
    assert any("Ngày sinh, Số CCCD" in note for note in upload.notes)
    assert RosterImport.objects.count() == 1
