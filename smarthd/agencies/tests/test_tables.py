"""Headers, persons, headings between them, totals and signatures, told apart in every layout offices use."""

from __future__ import annotations

import pytest

from smarthd.agencies.rules import headings, tables
from smarthd.agencies.rules.headings import Column

C = Column


@pytest.mark.parametrize(
    ("label", "column"),
    [
        ("Họ và tên", C.NAME), ("HỌ VÀ TÊN", C.NAME), ("Họ tên", C.NAME), ("Họ, tên", C.NAME), ("Tên cán bộ", C.NAME), ("Ho va ten", C.NAME),
        ("Họ và tên cán bộ, công chức", C.NAME), ("Họ đệm", C.FAMILY), ("Họ và tên đệm", C.FAMILY), ("Tên", C.NAME),
        ("Chức vụ", C.POSITION), ("Chức danh", C.POSITION), ("Chức vụ/Chức danh", C.POSITION), ("Vị trí việc làm", C.POSITION),
        ("Số điện thoại", C.PHONE), ("SĐT", C.PHONE), ("Số ĐT", C.PHONE), ("ĐTDĐ", C.PHONE), ("Điện thoại di động", C.PHONE),
        ("SĐT cài đặt ứng dụng", C.PHONE), ("sdt", C.PHONE), ("Đơn vị", C.UNIT), ("Đơn vị công tác", C.UNIT), ("Phòng/ban", C.UNIT),
        ("Cơ quan, đơn vị", C.UNIT), ("Xã, phường, thị trấn", C.UNIT), ("Ghi chú", C.NOTE), ("STT", C.NUMBER), ("TT", C.NUMBER),
        ("Số TT", C.NUMBER), ("Từ ngày", C.STARTS), ("Ngày bắt đầu công tác", C.STARTS), ("Ngày sinh", C.PRIVATE),
        ("Ngày, tháng, năm sinh", C.PRIVATE), ("Số CCCD", C.PRIVATE), ("Địa chỉ", C.PRIVATE), ("Giới tính", C.PRIVATE), ("Email", C.PRIVATE),
        ("DANH SÁCH CÁN BỘ, CÔNG CHỨC", None), ("Nguyễn Văn An", None), ("", None), ("Kết quả cài đặt", None),
    ],
)  # fmt: skip
def test_a_column_is_known_by_what_offices_call_it(label: str, column: Column | None) -> None:
    assert headings.column_of(label) is column


def read(rows: list[list[str]], spans: dict[tuple[int, int], tuple[int, int]] | None = None) -> list[tables.Entry]:
    return tables.read_sheets([tables.Sheet("s", rows, spans or {})]).entries


def names(rows: list[list[str]], spans: dict[tuple[int, int], tuple[int, int]] | None = None) -> list[str]:
    return [entry.cells.get(C.NAME, "") for entry in read(rows, spans)]


HEAD = ["STT", "Họ và tên", "Chức vụ", "SĐT"]


def test_titles_numbering_totals_and_signatures_are_no_persons() -> None:
    rows = [
        ["ỦY BAN NHÂN DÂN", "", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", ""],
        ["", "", "Độc lập - Tự do - Hạnh phúc", ""],
        [],
        ["DANH SÁCH CÁN BỘ, CÔNG CHỨC", "", "", ""],
        HEAD,
        ["(1)", "(2)", "(3)", "(4)"],
        ["1", "Nguyễn Văn An", "Thủ trưởng đơn vị", ""],
        HEAD,
        ["2", "Trần Thị Bình", "Công chức", ""],
        ["", "Tổng cộng: 2 người", "", ""],
        ["", "", "Hải Dương, ngày 5 tháng 4 năm 2024", ""],
        ["", "NGƯỜI LẬP BIỂU", "THỦ TRƯỞNG ĐƠN VỊ", ""],
        ["", "Phạm Thị Dung", "Lê Văn Cường", ""],
    ]
    assert names(rows) == ["Nguyễn Văn An", "Trần Thị Bình"]
    assert [entry.row_number for entry in read(rows)] == [7, 9], "numbers are those the spreadsheet shows"


@pytest.mark.parametrize(
    ("heading", "spans"),
    [
        (["I", "PHÒNG NỘI VỤ", "", ""], {}),
        (["A.", "Phòng Nội vụ", "", ""], {}),
        (["Phòng Nội vụ", "", "", ""], {(2, 0): (2, 3)}),
        (["Phòng Nội vụ", "", "", ""], {}),
    ],
)
def test_a_heading_between_persons_is_remembered_for_those_below(
    heading: list[str], spans: dict[tuple[int, int], tuple[int, int]]
) -> None:
    entries = read([HEAD, ["1", "Nguyễn Văn An", "", "0912000001"], heading, ["1", "Trần Thị Bình", "", ""]], spans)
    assert [(entry.cells[C.NAME], entry.section.lower()) for entry in entries] == [
        ("Nguyễn Văn An", ""),
        ("Trần Thị Bình", "phòng nội vụ"),
    ]


def test_a_name_heading_over_two_columns_joins_family_and_given_name() -> None:
    rows = [["TT", "Họ và tên", "", "Điện thoại"], ["1", "Nguyễn Văn", "An", "0912000001"]]
    assert names(rows, {(0, 1): (0, 2)}) == ["Nguyễn Văn An"]
    assert names([["TT", "Họ đệm", "Tên", "Điện thoại"], rows[1]]) == ["Nguyễn Văn An"]


def test_a_header_of_two_merged_rows_is_read_as_one() -> None:
    rows = [
        ["STT", "Họ và tên", "Chức vụ", "Liên hệ", ""],
        ["", "", "", "SĐT", "Email"],
        ["1", "Nguyễn Văn An", "Chủ tịch", "0912000001", "an@example.vn"],
    ]
    spans = {(0, column): (1, column) for column in range(3)} | {(0, 3): (0, 4)}
    (entry,) = read(rows, spans)
    assert entry.cells == {C.NUMBER: "1", C.NAME: "Nguyễn Văn An", C.POSITION: "Chủ tịch", C.PHONE: "0912000001"}
    assert tables.read_sheets([tables.Sheet("s", rows, spans)]).ignored == ["Email"]


def test_a_unit_merged_over_its_peoples_rows_holds_for_each_of_them() -> None:
    rows = [
        ["Đơn vị", "Họ tên", "SĐT"],
        ["Xã Hợp Tiến", "Nguyễn Văn An", ""],
        ["", "Trần Thị Bình", ""],
        ["", "Lê Thị Cúc", ""],
    ]
    units = [entry.cells.get(C.UNIT, "") for entry in read(rows, {(1, 0): (2, 0)})]
    assert units == ["Xã Hợp Tiến", "Xã Hợp Tiến", ""]


def test_the_mobile_number_is_taken_where_a_file_has_two_telephones() -> None:
    rows = [["Họ tên", "ĐT cơ quan", "ĐT di động"], ["Nguyễn Văn An", "02203852345", "0912000001"]]
    assert read(rows)[0].cells[C.PHONE] == "0912000001"


def test_sheets_without_a_roster_are_named() -> None:
    guide = tables.Sheet("Hướng dẫn", [["Điền đủ các cột, gửi trước ngày 20/4"]])
    found = tables.read_sheets(
        [guide, tables.Sheet("DS", [HEAD, ["1", "Nguyễn Văn An", "", ""]]), tables.Sheet("Trống", [])]
    )
    assert (found.skipped, len(found.entries)) == (["Hướng dẫn"], 1)
