"""Names as people write them become names as a roster keeps them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smarthd.agencies.rules import names


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("NGUYỄN VĂN AN", "Nguyễn Văn An"),
        ("nguyễn thị ánh", "Nguyễn Thị Ánh"),
        ("  Trần   Quốc\u00a0Toản ", "Trần Quốc Toản"),
        ("Đặng Thị Ưng", "Đặng Thị Ưng"),
        ("ĐỖ ƯỚC Ý", "Đỗ Ước Ý"),
        ("NguyỄn VăN Bình", "Nguyễn Văn Bình"),
        ("TÔN-NỮ THỊ HUẾ", "Tôn-Nữ Thị Huế"),
        ("Ông Phạm Văn Cường", "Phạm Văn Cường"),
        ("ThS. LÊ HOÀNG", "Lê Hoàng"),
        ("Bà: Vũ Thị Dung", "Vũ Thị Dung"),
        ("Ong Văn Bé", "Ong Văn Bé"),
        ("Nguye\u0302\u0303n Va\u0306n An", "Nguyễn Văn An"),
    ],
)
def test_names_get_their_capitals(written: str, kept: str) -> None:
    assert names.proper_name(written) == kept


@given(st.text(max_size=80))
def test_a_kept_name_stays_as_it_is(written: str) -> None:
    once = names.proper_name(written)
    if names.is_name(once) and not once.lower().startswith(
        ("ông", "bà", "đồng chí", "ths.", "ts.", "bs.", "pgs.", "gs.")
    ):
        assert names.proper_name(once) == once


@pytest.mark.parametrize(("written", "kept"), [
    ("PHÓ CHỦ TỊCH", "Phó chủ tịch"), ("Phó Chủ tịch UBND", "Phó Chủ tịch UBND"), ("CNTT", "CNTT"), ("", ""),
])  # fmt: skip
def test_positions_in_capitals_become_words(written: str, kept: str) -> None:
    assert names.plain_case(written) == kept


@pytest.mark.parametrize("text", ["An", "", "Nguyễn Văn 3", "=HYPERLINK(1)", "0912345678", "a" * 119 + " b", "- -"])
def test_what_is_no_name_is_seen(text: str) -> None:
    assert not names.is_name(text)
