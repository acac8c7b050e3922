"""Tables as offices lay them out, of files made as a clerk's program makes them: what is read, what is left out, and that it is told."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

import pytest
import xlsxwriter

from smarthd.connectors.adapters import uploads
from smarthd.connectors.ports import Table
from smarthd.connectors.rules import checking, compiled, fields, headings
from smarthd.connectors.rules.asides import is_total
from smarthd.connectors.rules.checking import Line
from smarthd.connectors.rules.fields import CellFault, Kind
from smarthd.connectors.rules.mapping import suggest
from smarthd.connectors.rules.refusals import WORDS
from smarthd.kernel.errors import Invalid

TITLES: list[list[Any]] = [
    ["ỦY BAN NHÂN DÂN TỈNH"],
    ["SỞ Y TẾ", "", "", "Độc lập – Tự do"],
    [],
    ["DANH SÁCH NHÀ THUỐC"],
    ["(Kèm theo Công văn số 12)"],
]
HEAD = ["STT", "Mã số", "Tên nhà thuốc", "Địa chỉ", "Xã, phường", "Điện thoại"]
ROWS: list[list[Any]] = [
    [n, f"NT{n}", f"Nhà thuốc {n}", f"{n} Lê Lợi", "Phường Hải Dương" if n < 3 else "Phường Thành Đông", f"022038512{n}0"]
    for n in range(1, 6)
]  # fmt: skip


def book(*pages: Sequence[Sequence[Any]], merged: Sequence[str] = (), hidden: Sequence[int] = ()) -> Table:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as made:
        for number, rows in enumerate(pages):
            page = made.add_worksheet(f"Trang {number + 1}")
            for at, row in enumerate(rows):
                for column, cell in enumerate(row):
                    if cell != "":
                        page.write(at, column, cell)
            for block in merged if number == len(pages) - 1 else ():
                first = page.table[_row(block)].get(_column(block)) if _row(block) in page.table else None
                page.merge_range(block, "")
                if first is not None:
                    page.write(_row(block), _column(block), rows[_row(block)][_column(block)])
            if number in hidden:
                page.hide()
        made.get_worksheet_by_name(f"Trang {len(pages)}").activate()
    return uploads.read_file(out.getvalue(), file_name="a.xlsx")[0]


def _row(block: str) -> int:
    return int("".join(filter(str.isdigit, block.partition(":")[0]))) - 1


def _column(block: str) -> int:
    return ord(block[0]) - 65


def said(table: Table) -> list[tuple[int, list[str]]]:
    return [(line.number, list(line.cells)) for line in table.lines if any(line.cells)]


# --- headings --------------------------------------------------------------------------------------------------------
GROUPED = [
    ["STT", "Mã số", "Tên", "Địa điểm", "", "Liên hệ", ""],
    ["", "", "", "Địa chỉ", "Xã, phường", "Điện thoại", "Thư điện tử"],
]


@pytest.mark.parametrize(
    ("merged", "more"),
    [
        (("A6:A7", "B6:B7", "C6:C7", "D6:E6", "F6:G6"), []),
        (("D6:E6", "F6:G6"), []),
        ((), []),
        (("A6:A7", "B6:B7", "C6:C7", "D6:E6", "F6:G6"), [["(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)"]]),
        ((), [["A", "B", "1", "2", "3", "4", "5=3+4"]]),
    ],
    ids=["all merged", "groups merged", "nothing merged", "numbered", "numbered by letters"],
)  # fmt: skip
def test_two_rows_of_headings_name_each_column_through_its_group(merged, more):
    rows = [[n, f"M{n}", f"Tên {n}", "Số 1", "Phường Hải Dương", "02203851234", "a@b.vn"] for n in range(1, 4)]
    table = book([*TITLES, *GROUPED, *more, *rows], merged=merged)
    assert table.columns[3:] == (
        "Địa điểm – Địa chỉ", "Địa điểm – Xã, phường", "Liên hệ – Điện thoại", "Liên hệ – Thư điện tử",
    )  # fmt: skip
    found = said(table)
    assert [cells[1] for _number, cells in found] == ["M1", "M2", "M3"]
    assert found[0][0] == 8 + len(more)
    guessed = suggest(table.columns, [cells for _number, cells in found])
    assert [one.kind for one in guessed.fields][4:6] == [Kind.UNIT, Kind.PHONE]
    assert guessed.key == ("ma_so",)


def test_the_same_words_under_two_groups_are_two_columns():
    heads = [["STT", "Trường", "Công lập", "", "Tư thục", ""], ["", "", "Số lớp", "Học sinh", "Số lớp", "Học sinh"]]
    table = book([*heads, [1, "A", 1, 30, 2, 40], [2, "B", 3, 50, 4, 60]], merged=("C1:D1", "E1:F1"))
    assert table.columns[2:] == tuple(
        f"{group} – {own}" for group in ("Công lập", "Tư thục") for own in ("Số lớp", "Học sinh")
    )
    assert len(said(table)) == 2


def test_two_columns_of_one_name_and_one_without_a_name_are_told_apart():
    table = book(
        [
            ["Mã", "Tên", "Điện thoại", "", "Điện thoại"],
            ["A1", "Một", "115", "x", "113"],
            ["A2", "Hai", "114", "y", "112"],
        ]
    )
    assert table.columns == ("Mã", "Tên", "Điện thoại", "Cột D", "Điện thoại (2)")
    assert len(said(table)) == 2


@pytest.mark.parametrize(
    ("rows", "top"),
    [
        ([["DANH SÁCH"], HEAD, *ROWS], 1),
        ([["SỞ Y TẾ", "", "", "Độc lập"], HEAD, *ROWS], 1),
        ([HEAD, ["", "", "Phòng khám", "Số 1", "Xã A", "115"], *ROWS], 0),
        ([["A", "B", "C"], ["A", "B", "C"]], 0),
    ],
    ids=["title at once above", "two titles", "a first row with gaps", "letters are data too"],
)  # fmt: skip
def test_what_is_no_group_is_not_taken_for_one(rows, top):
    found = headings.head_of([[str(cell) for cell in row] for row in rows])
    assert found is not None
    assert (found.top, found.below) == (top, top + 1)
    assert found.columns == tuple(rows[top])


# --- cells and rows --------------------------------------------------------------------------------------------------
def test_merged_cells_say_the_same_for_every_row_they_run_over_and_that_is_told():
    rows = [[*row[:4], row[4] if row[0] in {1, 3} else "", *row[5:]] for row in ROWS]
    table = book([*TITLES, HEAD, *rows], merged=("E7:E8", "E9:E11"))
    assert [cells[4] for _number, cells in said(table)] == [row[4] for row in ROWS]
    assert any("E7:E8, E9:E11" in note for note in table.notes)
    apart = book([*TITLES, HEAD, *rows])
    assert [cells[4] for _number, cells in said(apart)][1] == "", "an empty cell that is not merged stays empty"


SIGNED: list[list[Any]] = [
    [],
    ["", "", "", "", "Hải Dương, ngày 1 tháng 11 năm 2026"],
    ["", "NGƯỜI LẬP BIỂU", "", "", "GIÁM ĐỐC"],
    [],
    ["", "Nguyễn Văn A", "", "", "Trần Thị B"],
]


@pytest.mark.parametrize(
    ("after", "told"),
    [
        ([["", "", "Tổng cộng", "", "", "5"]], ("dòng cộng: dòng 12",)),
        (SIGNED, ("từ dòng 13 (“Hải Dương, ngày 1 tháng 11",)),
        ([["", "", "Cộng", "", "", "5 hộ"], *SIGNED], ("dòng cộng: dòng 12", "từ dòng 14")),
        ([["Ghi chú: số liệu tính đến 1/11"]], ("từ dòng 12 (“Ghi chú",)),
    ],
    ids=["total", "signatures", "both", "note"],
)
@pytest.mark.parametrize("as_text", [False, True], ids=["xlsx", "csv"])
def test_totals_notes_and_signatures_are_no_entries_and_that_is_told(after, told, as_text):
    rows = [*TITLES, HEAD, *ROWS, *after]
    table = _csv(rows) if as_text else book(rows)
    assert [cells[1] for _number, cells in said(table)] == ["NT1", "NT2", "NT3", "NT4", "NT5"]
    for words in told:
        assert any(words in note for note in table.notes), table.notes


def _csv(rows: Sequence[Sequence[Any]]) -> Table:
    text = "\r\n".join(";".join(f'"{cell}"' if ";" in str(cell) else str(cell) for cell in row) for row in rows)
    return uploads.read_file(text.encode("utf-8-sig"), file_name="a.csv")[0]


def test_a_sparse_last_entry_and_one_called_like_a_total_stay():
    rows = [*TITLES, HEAD, *ROWS, [], [6, "NT6"], ["", "NT7", "Cộng Hòa", "Số 1", "Phường Hải Dương", ""]]
    assert [cells[1] for _number, cells in said(book(rows))] == [f"NT{n}" for n in range(1, 8)]
    assert not is_total(["7", "Tổng cộng", "Số 1 Lê Lợi", "0220"])
    assert not is_total(["Tổng số hộ nghèo", "120"])


def test_names_of_groups_become_a_column_of_their_own():
    rows = [["I", "Phường Hải Dương"], *ROWS[:2], ["II", "Phường Thành Đông"], *ROWS[2:]]
    without = [[row[0], *row[1:4], *row[5:]] if len(row) > 2 else row for row in rows]
    table = book([*TITLES, [*HEAD[:4], HEAD[5]], *without])
    assert table.columns[-1] == headings.GROUP
    assert [cells[-1] for _number, cells in said(table)] == [row[4] for row in ROWS]
    assert any("Dòng 7, 10 là tên nhóm" in note for note in table.notes)
    guessed = suggest(table.columns, [cells for _number, cells in said(table)])
    assert guessed.fields[-1].kind is Kind.UNIT


def test_a_cover_a_guide_and_a_hidden_page_are_passed_over_and_named():
    guide = [["Mục", "Cách ghi"], ["Tên", "Ghi đủ"], ["Ngày", "dd/mm"]]
    table = book([["BÁO CÁO"], ["Năm 2026"]], guide, [*TITLES, HEAD, *ROWS])
    assert len(said(table)) == 5
    assert table.notes[0] == "Chỉ đọc trang “Trang 3”. Các trang khác không được đọc: Trang 1, Trang 2."
    assert book([HEAD], guide).columns == tuple(HEAD), "not filled in yet"
    assert len(said(book([HEAD], [HEAD, *ROWS]))) == 5, "of two alike the one that is filled in"
    assert len(said(book([HEAD, *ROWS[:1]], [HEAD, *ROWS]))) == 1, "of two alike the first"
    assert len(said(book([HEAD, *ROWS[:1]], [HEAD, *ROWS], hidden=[0]))) == 5


# --- cells -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("read", "cell", "value"),
    [
        (fields.read_day, "45363", "2024-03-12"),
        (fields.read_day, "2024-05-06 00:00:00", "2024-05-06"),
        (fields.read_day, "2024-05-06T00:00:00", "2024-05-06"),
        (fields.read_number, "(1.200)", -1200),
        (fields.read_number, "(3,5)", -3.5),
        (fields.read_phone, "84912345111", "0912345111"),
        (fields.read_phone, "912345111", "0912345111"),
        (fields.read_phone, "+84 912 345 111", "0912345111"),
    ],
)
def test_cells_as_spreadsheets_and_accountants_write_them(read: Callable[[str], object], cell: str, value: object):
    assert read(cell) == value


@pytest.mark.parametrize(
    ("read", "cell", "words"),
    [
        (fields.read_day, "6/5/24", "năm đủ bốn chữ số"),
        (fields.read_day, "2024-05-06 17:30:00", "không phải ngày"),
        (fields.read_number, "12 km", "bỏ đơn vị đo"),
        (fields.read_number, "((3))", "không phải số"),
        (fields.read_phone, "0220.3851.234 / 0912345678", "mỗi ô ghi một số"),
    ],
)
def test_what_stays_unclear_is_told_with_its_cure(read: Callable[[str], object], cell: str, words: str):
    with pytest.raises(CellFault, match=words):
        read(cell)


@pytest.mark.parametrize(
    ("raw", "name", "refusal"),
    [
        (b"\xef\xbb\xbf\r\n<html><table><tr><td>M\xc3\xa3</td></tr></table></html>", "bao-cao.xls", "PageNotTable"),
        (b'<?xml version="1.0"?><Workbook/>', "bao-cao.xls", "PageNotTable"),
        ("Mã;Tên;N?i\nA1;Nhà thu?c;Ph??ng H?i D??ng\nA2;Qu?y thu?c;X? B?c An\n".encode("latin-1"), "a.csv", "LettersLost"),
    ],
    ids=["HTML called xls", "XML called xls", "letters lost"],
)  # fmt: skip
def test_what_other_programs_call_a_table_is_refused_with_the_way_to_mend_it(raw, name, refusal):
    with pytest.raises(Invalid) as refused:
        uploads.read_file(raw, file_name=name)
    assert refused.value.name == refusal
    assert ".xlsx" in WORDS[refusal][1]
    assert uploads.words_of(refused.value) != "không đọc được tệp"


def test_question_marks_people_typed_are_no_lost_letters():
    text = "Mã;Câu hỏi\nA1;Làm gì?Ở đâu?Bao giờ?\nA2;https://a.vn/x?a=b\nA3;Ai?Tôi ai?Anh\n"
    assert len(said(uploads.read_file(text.encode(), file_name="a.csv")[0])) == 3


def test_bytes_that_are_no_unicode_are_not_offered_as_chinese():
    with pytest.raises(Invalid) as refused:
        uploads.read_file(b"M\xb7;T\xaan\nA1;Ch\xee Ph\xf3 Y\xaan\n" * 20, file_name="a.csv")
    samples = refused.value.facts["samples"]
    assert isinstance(samples, dict)
    assert set(samples) == {"windows-1258", "tcvn3", "vni"}


@pytest.mark.parametrize("commas", [2, 3, 5])
@pytest.mark.parametrize("titles", [[], ["DANH SÁCH, NĂM 2026", ""]], ids=["bare", "under a title"])
def test_commas_in_addresses_do_not_split_a_table_of_another_mark(commas, titles):
    address = ", ".join(
        ["Số 1 Lê Lợi", "phường Hải Dương", "thành phố Hải Dương", "tỉnh Hải Dương", "Việt Nam", "nữa"][: commas + 1]
    )
    text = "\n".join([*titles, "Mã;Tên;Địa chỉ, xã", *(f"A{n};Nhà thuốc {n};{address}" for n in range(9))])
    table, _read_as = uploads.read_file(text.encode(), file_name="a.csv")
    assert table.columns == ("Mã", "Tên", "Địa chỉ, xã")
    assert said(table)[0][1] == ["A0", "Nhà thuốc 0", address]


# --- formulas --------------------------------------------------------------------------------------------------------
def with_formulas() -> bytes:
    """A workbook in which VLOOKUP found nothing, and one cell was never computed; "" is a value."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as made:
        made.add_worksheet("Bìa")
        page = made.add_worksheet("Danh sách & khác")
        page.write_row(0, 0, ["Mã", "Tên", "Loại", "Số"])
        for row in range(1, 5):
            page.write(row, 0, f"A{row}")
            page.write_formula(row, 1, f"=VLOOKUP(A{row},B:C,2)", None, "#N/A" if row == 2 else f"Tên {row}")
            page.write_formula(row, 2, '=IF(1,"")', None, "")
            page.write_formula(row, 3, "=1/0", None, "#DIV/0!" if row == 3 else row)
    return out.getvalue()


def _uncomputed(raw: bytes) -> bytes:
    """Return a workbook as programs write that do not compute: the last formula has no value."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            body = old.read(name)
            if name.endswith("sheet2.xml"):
                assert b"<v>4</v></c></row>" in body
                body = body.replace(b"<v>4</v></c></row>", b"<v></v></c></row>")
                body = re.sub(rb'(r="C\d")(><f>IF)', rb'\1 t="str"\2', body)  # as Excel writes an empty text
            new.writestr(name, body)
    return out.getvalue()


def test_a_formula_without_a_value_is_a_fault_not_an_empty_cell():
    table, _read_as = uploads.read_file(_uncomputed(with_formulas()), file_name="a.xlsx")
    rows = said(table)
    assert rows[1][1][:2] == ["A2", "#N/A"]
    assert rows[2][1][3] == "#DIV/0!"
    assert rows[3][1][3] == "#CHƯA TÍNH"
    assert all(len(cells) < 3 or cells[2] == "" for _number, cells in rows), "an empty text is a value"
    mapped = suggest(table.columns, [cells for _number, cells in rows])
    read = checking.compile_row(mapped, table.columns, lambda name: fields.Place(1, name))
    faults = [found for number, cells in rows if isinstance(found := read(Line(number, cells)), checking.Faulty)]
    assert [fault.number for fault in faults] == [3, 4, 5]
    assert "bị lỗi (#N/A)" in faults[0].problems[0].words


@pytest.mark.parametrize("cell", ["#N/A", "#REF!", "#CHƯA TÍNH", "# 12", "#1", "Lô #3", "#"])
def test_the_quick_ways_say_of_such_cells_what_the_thorough_one_does(cell):
    mapped = suggest(("Mã", "Tên"), [("A1", "x"), ("A2", "y")])
    quick = compiled.compile_sound(mapped, ("Mã", "Tên"), lambda name: fields.Place(1, name), decimal=",", title="ten")
    thorough = checking.compile_row(mapped, ("Mã", "Tên"), lambda name: fields.Place(1, name))(Line(2, ["A1", cell]))
    written = quick(["A1", cell])
    if isinstance(thorough, checking.Faulty):
        assert written is None
    else:
        assert written is None or written == compiled.copy_line(thorough, "ten")


def test_of_two_columns_of_communes_the_first_is_taken_for_it():
    guessed = suggest(("Mã", "Tên", "Xã", "Phường"), [("A1", "Một", "Xã Nam Hưng", "Phường Hải Dương")])
    assert [one.kind for one in guessed.fields][2:] == [Kind.UNIT, Kind.TEXT]


@pytest.mark.parametrize("as_text", [False, True], ids=["xlsx", "csv"])
def test_headings_printed_again_and_numbers_before_nothing_are_no_entries(as_text):
    again = [HEAD, ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)"]]
    rows = [*TITLES, HEAD, *ROWS[:3], *again, *ROWS[3:], [6], [7], [8]]
    table = _csv(rows) if as_text else book(rows)
    assert [cells[1] for _number, cells in said(table)] == ["NT1", "NT2", "NT3", "NT4", "NT5"]
    assert any("tiêu đề lặp lại: dòng 10, 11" in note for note in table.notes)
    assert any("chỉ có số thứ tự, chưa điền gì: dòng 14, 15, 16" in note for note in table.notes)


def test_a_row_of_numbers_in_order_is_data_where_it_begins_a_table():
    table = book(
        [["Lớp", "Một", "Hai", "Ba", "Bốn"], [1, 2, 3, 4, 5], [9, 3, 4, 5, 7], [1, 2, 3, 4, 5], [2, 3, 4, 5, 6]]
    )
    assert [cells[0] for _number, cells in said(table)] == ["9", "1", "2"], (
        "under the heading it is the numbering forms carry"
    )


def test_a_cell_shown_as_percent_is_read_as_it_is_shown():
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as made:
        page = made.add_worksheet()
        formats = [made.add_format({"num_format": told}) for told in ("0%", "0.0%", '0.00" %"', "General")]
        page.write_row(0, 0, ["Mã", "Tỷ lệ", "Phần", "Chữ", "Số", "Viết"])
        for row in range(1, 6):
            page.write(row, 0, f"A{row}")
            for column, shown in enumerate(formats, start=1):
                page.write_number(row, column, 0.105 * row, shown)
            page.write_string(row, 5, f"{row},5 %")
    table = uploads.read_file(out.getvalue(), file_name="a.xlsx")[0]
    cells = said(table)[1][1]
    assert cells == ["A2", "21%", "21%", "0,21", "0,21", "2,5 %"], "a sign in quotation marks is only drawn"
    assert said(table)[0][1][1] == "10,5%"
    guessed = suggest(table.columns, [row for _number, row in said(table)])
    assert [one.kind for one in guessed.fields][1:] == [Kind.NUMBER] * 5
    assert [one.label for one in guessed.fields][1:] == ["Tỷ lệ (%)", "Phần (%)", "Chữ", "Số", "Viết (%)"]
    assert fields.read_number("10,5%") == 10.5
