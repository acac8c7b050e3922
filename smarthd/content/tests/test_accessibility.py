"""What is found in words that keep some readers out, and what is left alone."""

from __future__ import annotations

import pytest

from smarthd.content.rules.accessibility import Told, problems

LONG = " ".join(["chữ"] * 45)

CASES = [
    ("<h3>Nhỏ</h3><p>x</p>", "body", True),
    ("<h2>Lớn</h2><h3>Nhỏ</h3><p>x</p>", "", None),
    ('<p><a href="/a">tại đây</a></p>', "body", True),
    ('<p><a href="/a">Xem thêm</a></p>', "body", True),
    ('<p><a href="/a"></a></p>', "body", True),
    ('<p><a href="/a">https://a.vn/b</a></p>', "body", False),
    ('<p><a href="/a">Lịch tiêm chủng tháng 12</a></p>', "", None),
    ("<p><b>Cần mang theo</b></p>", "body", False),
    ("<p><b>Chú ý:</b> mang sổ</p>", "", None),
    ("<p>Mời bà con. ĐÚNG GIỜ ĐẾN NHÀ VĂN HÓA THÔN ĐỂ HỌP.</p>", "body", False),
    ("<p>UBND, HĐND, MTTQ và Công an phường cùng dự; ai vắng thì báo trước.</p>", "", None),
    (f"<p>{LONG}</p>", "body", False),
    ("<p>" + "Câu ngắn thôi. " * 60 + "</p>", "body", False),
]


@pytest.mark.parametrize(("body", "field", "blocks"), CASES)
def test_faults_of_the_words(body: str, field: str, blocks: bool | None) -> None:
    found = problems(Told(title="Tiêu đề", summary="Tóm tắt.", body=body))
    assert [(one.field, one.blocks) for one in found][:1] == ([(field, blocks)] if field else [])


@pytest.mark.parametrize(
    ("words", "blocks"),
    [
        ("ảnh", True),
        ("IMG_2031.jpg", True),
        ("Ảnh minh họa.", True),
        ("Tiêu đề", False),
        ("Hai người tiêm cho trẻ", None),
        (None, None),
    ],
)
def test_faults_of_a_pictures_description(words: str | None, blocks: bool | None) -> None:
    found = problems(Told(title="Tiêu đề", summary="s", body="<p>x</p>", picture_words=words))
    assert [one.blocks for one in found] == ([] if blocks is None else [blocks])


def test_a_shouting_title_only_warns() -> None:
    found = problems(Told(title="THÔNG BÁO VỀ VIỆC CẮT ĐIỆN", summary="s", body="<p>x</p>"))
    assert [(one.field, one.blocks) for one in found] == [("title", False)]
