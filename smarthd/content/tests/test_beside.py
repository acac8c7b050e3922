"""What stands beside a page's words: tables that can be followed by ear, captions a player can show."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smarthd.content import pdfs
from smarthd.content.rules.captions import CaptionsFaulty, cues, transcript, webvtt
from smarthd.content.rules.tables import faults, grid
from smarthd.content.tests import make

GOOD = "Loại xe\tNgày\tĐêm\nXe máy\t2.000\t3.000\nÔ tô\t10.000\t15.000"


def said(pasted: str, *, caption: str = "Mức phí", row_heads: bool = True) -> list[str]:
    return [one.words for one in faults(caption=caption, pasted=pasted, row_heads=row_heads) if one.blocks]


@pytest.mark.parametrize(
    "pasted",
    [
        GOOD,
        GOOD.replace("\t", " | "),
        "| A | B |\n|---|:--:|\n| 1 | 2 |",
        'A\tB\n"hai\ndòng"\t2',
        f"\n{GOOD}\n\n",
    ],
)
def test_whole_tables_pass(pasted: str) -> None:
    assert said(pasted) == []


@pytest.mark.parametrize(
    ("pasted", "words"),
    [
        ("", "ít nhất một hàng"),
        ("Chỉ một đoạn văn", "ít nhất một hàng"),
        ("A\tB", "ít nhất một hàng"),
        ("A\nB\nC", "ít nhất một hàng"),
        ("A\tB\n1\t2\t3", "Ô đã gộp"),
        ("A\t\n1\t2", "Cột 2 chưa có tên"),
        ("A\tA\n1\t2", "trùng tên"),
        ("1\t2\n3\t4", "toàn là số"),
        ("A\tB\n\t4", "chưa có tên ở cột đầu"),
        ("A\tB\nx\t\ny\t", "cột trống"),
        ("\t".join("abcdefghijklmn") + "\n" + "\t".join("abcdefghijklmn"), "quá lớn"),
        ("A\tB\n" + "1\t2\n" * 101, "quá lớn"),
    ],
)
def test_a_table_nobody_can_follow_by_ear_is_named(pasted: str, words: str) -> None:
    assert any(words in one for one in said(pasted)), said(pasted)


def test_a_table_has_a_name_and_wide_ones_only_warn() -> None:
    assert any("cần tên" in one for one in said(GOOD, caption=" "))
    wide = "\t".join("ABCDEFG") + "\n" + "\t".join("abcdefg")
    assert said(wide) == []
    assert [one.blocks for one in faults(caption="x", pasted=wide, row_heads=True)] == [False]


@given(st.lists(st.lists(st.text("ab\t|\n 1ạ", max_size=5), min_size=1, max_size=4), max_size=5))
def test_anything_pasted_is_a_table_or_a_sentence_about_it(lines: list[list[str]]) -> None:
    pasted = "\n".join("\t".join(line) for line in lines)
    told = grid(pasted)
    if not said(pasted, row_heads=False):
        assert told.rows
        assert {len(row) for row in told.rows} == {len(told.heads)}
        assert all(told.heads)


# --- captions ----------------------------------------------------------------------------------------------------------
SRT = "1\r\n00:00:01,000 --> 00:00:03,500\r\nXin chào\r\nbà con.\r\n\r\n2\r\n00:00:04,000 --> 00:00:06,000\r\n<font color=red>A &lt; B</font> --> {\\an8}hết"
VTT = "WEBVTT - tựa\n\nSTYLE\n::cue { color: red }\n\nNOTE bỏ\n\nmo-dau\n00:01.000 --> 00:03.500 align:start\nXin chào bà con.\n\n00:04.000 --> 00:06.000\n<v Lan>A &lt; B --> hết"


@pytest.mark.parametrize("raw", [SRT.encode(), SRT.encode("utf-8-sig"), SRT.encode("utf-16"), VTT.encode()])
def test_both_forms_come_out_as_one(raw: bytes) -> None:
    found = cues(raw)
    assert [(one.begins, one.ends) for one in found] == [(1.0, 3.5), (4.0, 6.0)]
    assert webvtt(found) == (
        "WEBVTT\n\n00:00:01.000 --> 00:00:03.500\nXin chào bà con.\n\n00:00:04.000 --> 00:00:06.000\nA &lt; B --&gt; hết\n"
    )
    assert cues(webvtt(found).encode()) == found
    assert transcript(found) == "Xin chào bà con.\nA < B --> hết"


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("", "giờ hiện"),
        ("Chỉ là lời", "giờ hiện"),
        ("<html>00:00</html>", "giờ hiện"),
        ("00:05.000 --> 00:03.000\nA", "tắt trước khi hiện"),
        ("00:05.000 --> 00:06.000\nA\n\n00:01.000 --> 00:02.000\nB", "theo thứ tự"),
        ("00:05.000 --> 01:06.000\nA", "30 giây"),
        ("\n\n".join(f"00:{n // 60:02}:{n % 60:02}.000 --> 01:00:00.000\nA" for n in range(3001)), "3000"),
    ],
)
def test_what_a_player_cannot_show_is_refused_by_name(written: str, words: str) -> None:
    with pytest.raises(CaptionsFaulty) as refused:
        cues(written.encode())
    assert words in str(refused.value.facts["words"])


@pytest.mark.parametrize("raw", [b"\xc3\x28", b"x" * (1 << 20) + b"xx"])
def test_letters_and_size_of_captions_are_looked_at(raw: bytes) -> None:
    with pytest.raises(CaptionsFaulty):
        cues(raw)


# --- PDF -----------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("raw", [b"", b"%PDF-1.7\n" + bytes(100), b"%PDF-1.7 xref trailer", make.pdf_bytes()[:120]])
def test_a_broken_pdf_is_refused_and_never_an_error_of_ours(raw: bytes) -> None:
    with pytest.raises(pdfs.PdfUnreadable):
        pdfs.look(raw)


def test_an_empty_page_is_what_a_scan_is_to_a_screen_reader() -> None:
    seen = pdfs.look(make.pdf_bytes())
    assert (seen.pages, seen.words, seen.marked) == (1, False, False)
    assert "bản chụp" in pdfs.warnings(words=seen.words, marked=seen.marked)[0]
