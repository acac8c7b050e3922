"""Old encodings: every letter comes back, and nothing is guessed silently."""

from __future__ import annotations

import codecs
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smarthd.agencies.rules import encodings
from smarthd.agencies.rules.encodings import Encoding

SMALL = "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ"
# Capitals with tones are no codes of TCVN3: its fonts of capitals draw the small codes large.
TCVN3_LETTERS = SMALL + "ABCDĐEGHIKLMNOPQRSTUVXYĂÂÊÔƠƯ"
ALL_LETTERS = SMALL + SMALL.upper()

TO_TCVN3 = {letter: bytes([code]) for code, letter in encodings.TCVN3.items()}
VNI_SAMPLES = [
    ("Nguyeãn Vaên Huøng", "Nguyễn Văn Hùng"),
    ("Traàn Thò Ñöùc", "Trần Thị Đức"),
    ("UÛy ban nhaân daân xaõ Hoàng Höng", "Ủy ban nhân dân xã Hồng Hưng"),
    ("PHOÙ CHUÛ TÒCH", "PHÓ CHỦ TỊCH"),
    ("Ñoaøn Kyõ Thuaät, Haûi Döông", "Đoàn Kỹ Thuật, Hải Dương"),
    ("Lyù Mî Phöôïng", "Lý Mỵ Phượng"),
    ("ñaëng quoác trònh", "đặng quốc trịnh"),
]
TCVN3_SAMPLES = [
    ("NguyÔn V¨n Hïng", "Nguyễn Văn Hùng"),
    ("TrÇn ThÞ §øc", "Trần Thị Đức"),
    ("ñy ban nh©n d©n x· Hång H­ng", "ủy ban nhân dân xã Hồng Hưng"),
    ("H¶i D­¬ng", "Hải Dương"),
    ("Phã chñ tÞch", "Phó chủ tịch"),
    ("§oµn Kü ThuËt", "Đoàn Kỹ Thuật"),
]


def in_tcvn3(text: str) -> bytes:
    return b"".join(TO_TCVN3.get(char, char.encode("latin-1", "replace")) for char in text)


def in_cp1258(text: str) -> bytes:
    """Write as Windows does: the letter with its vowel mark, then the tone."""
    tones = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}
    out = ""
    for char in text:
        decomposed = unicodedata.normalize("NFD", char)
        tone = "".join(mark for mark in decomposed if mark in tones)
        out += unicodedata.normalize("NFC", "".join(mark for mark in decomposed if mark not in tones)) + tone
    return out.encode("cp1258")


@pytest.mark.parametrize(("stored", "meant"), VNI_SAMPLES)
def test_vni_is_read(stored: str, meant: str) -> None:
    assert encodings.from_legacy(stored, Encoding.VNI) == meant
    raw = stored.encode("latin-1")
    assert encodings.decode(raw, declared=Encoding.VNI) == encodings.Decoded(meant, Encoding.VNI)


@pytest.mark.parametrize(("stored", "meant"), TCVN3_SAMPLES)
def test_tcvn3_is_read(stored: str, meant: str) -> None:
    assert encodings.from_legacy(stored, Encoding.TCVN3) == meant
    assert encodings.decode(stored.encode("latin-1"), declared=Encoding.TCVN3).text == meant


def test_tcvn3_has_a_code_for_every_small_letter_with_a_mark_and_no_two_for_one() -> None:
    marked = {letter for letter in SMALL if ord(letter) > 127}
    assert marked | set("ĂÂÊÔƠƯĐ") == set(encodings.TCVN3.values())
    assert len(encodings.TCVN3) == 74


@given(st.text(alphabet=TCVN3_LETTERS + " ,.0123456789", max_size=60))
def test_tcvn3_comes_back_whole(text: str) -> None:
    assert encodings.from_legacy(in_tcvn3(text).decode("latin-1"), Encoding.TCVN3) == text


@given(st.text(alphabet=ALL_LETTERS + " ,.0123456789", max_size=60))
def test_windows_1258_comes_back_in_nfc(text: str) -> None:
    assert encodings._strict(in_cp1258(text), Encoding.WINDOWS_1258) == text


@given(st.text(alphabet=ALL_LETTERS + " ,.\n", min_size=1, max_size=60))
@pytest.mark.parametrize(
    ("mark", "codec"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (b"", "utf-8"),
    ],
)
def test_unicode_files_need_no_word_from_the_clerk(mark: bytes, codec: str, text: str) -> None:
    assert encodings.decode(mark + text.encode(codec)).text == text


@pytest.mark.parametrize("encode", [in_tcvn3, in_cp1258, lambda text: text.encode("utf-16-le")])
def test_anything_else_is_refused_with_a_question_and_samples(encode: object) -> None:
    raw = encode("Nguyễn Văn Hùng;Phó chủ tịch\n")  # type: ignore[operator]
    with pytest.raises(encodings.EncodingUnclear) as refused:
        encodings.decode(raw)
    samples = refused.value.facts["samples"]
    assert any("Nguyễn Văn Hùng" in " ".join(lines) for lines in samples.values())  # type: ignore[attr-defined]


@pytest.mark.parametrize("stored", [pair[0] for pair in (*VNI_SAMPLES, *TCVN3_SAMPLES)])
def test_text_in_an_old_font_is_noticed(stored: str) -> None:
    assert encodings.seems_legacy(stored)


@pytest.mark.parametrize(
    "stored",
    [
        "nhµ thuèc",
        "µ o",
        "lµ m·y",
        "µi",
        "®Þa chØ",
        "®",
        "c«ng ty",
        "b×nh",
        "Tr¹m y tÕ",
        "m¸y «",
        "Së «ng",
    ],
)
def test_signs_that_are_letters_of_an_old_font_are_noticed(stored: str) -> None:
    assert encodings.seems_legacy(stored) == (stored not in {"®", "µ o"}), "a sign that touches no letter says nothing"


@pytest.mark.parametrize(
    "text",
    [
        "Nguyễn Văn Hùng", "PHÓ CHỦ TỊCH", "Trần Thị Tuân", "hoà giải viên", "Uỷ viên", "yêu cầu", "Đoàn Kỹ Thuật",
        "Phạm Quý Ý", "LƯƠNG Y", "Khuê, Thuận, Xoá, Loãng", "TP. Hải Dương – 2024", "ngoằn ngoèo khuỷu tay", "Âu Dương Ân",
        "Trưởng phòng CNTT & TT", "15 °C", "", "PM2.5 (µg/m³)", "0,12 µSv/h", "5 µm", "100 µmol", "10 m²; 3×4 m; ½ ngày", "© 2026 Sở Y tế",
        "Sở «Y tế»", "Windows®", "§ 5", "20 ± 2 °C", "5 m³/s", "từ 10 ÷ 20", "£ 5, ¥ 7",
    ],
)  # fmt: skip
def test_vietnamese_in_unicode_is_not_taken_for_an_old_font(text: str) -> None:
    assert not encodings.seems_legacy(text)
    assert not encodings.seems_legacy(unicodedata.normalize("NFD", text))


def test_a_wrong_word_of_the_clerk_is_refused_by_name() -> None:
    with pytest.raises(encodings.NotInEncoding):
        encodings.decode(b"\xd4\xd5\xff", declared=Encoding.UTF_16_LE)
