"""Folding finds what people mean."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smarthd.kernel import text

VIETNAMESE = st.text(
    alphabet="aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạắằẳẵặấầẩẫậéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ ", max_size=40
)


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("xa hoa binh", "Xã Hoà Bình"),
        ("Hòa Bình", "HOÀ BÌNH"),
        ("dong da", "Đống Đa"),
        ("thi-tran  nam sach", "Thị trấn Nam Sách"),
    ],
)
def test_what_is_typed_finds_what_is_written(typed: str, written: str) -> None:
    assert text.fold(typed) == text.fold(written)


@given(VIETNAMESE)
def test_folding_ignores_the_unicode_form(words: str) -> None:
    assert text.fold(unicodedata.normalize("NFD", words)) == text.fold(unicodedata.normalize("NFC", words))


@given(VIETNAMESE)
def test_folding_twice_changes_nothing(words: str) -> None:
    assert text.fold(text.fold(words)) == text.fold(words)


def test_tone_place_does_not_matter_but_the_tone_does() -> None:
    assert text.tone_free_key("Hòa") == text.tone_free_key("hoà")
    assert text.tone_free_key("hóa") != text.tone_free_key("hòa")
    assert text.tone_free_key("Cẩm Giàng") != text.tone_free_key("Cẩm Giang")


@given(st.text(max_size=60))
def test_the_quick_way_of_folding_is_the_long_way(words: str) -> None:
    lowered = words.lower().replace("đ", "d")
    long = "".join(char for char in unicodedata.normalize("NFD", lowered) if not unicodedata.combining(char))
    assert text.fold(words) == " ".join("".join(c if c.isascii() and c.isalnum() else " " for c in long).split())
