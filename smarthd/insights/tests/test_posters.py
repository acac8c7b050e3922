"""The poster of a team's code: one A4 page that carries what it should, in letters with every mark."""

from __future__ import annotations

from datetime import date

from smarthd.insights.charts import posters

WORDS = posters.PosterWords(
    team="Tổ công nghệ số cộng đồng khu dân cư Nguyễn Lương Bằng & Phường Ngọc Châu", commune="Phường Thành Đông",
    who="", address="https://smart.example/m/ABCDEFGHJKLMNPQRSTUVWXYZ/", printed="ABCD EFGH JKLM NPQR STUV WXYZ",
    until=date(2027, 2, 22), site="smart.example",
)  # fmt: skip


def test_the_poster_is_one_a4_page_of_pdf() -> None:
    made = posters.poster_pdf(WORDS)
    assert made.startswith(b"%PDF")
    assert b"/MediaBox [0 0 595 842]" in made
    assert made.count(b"/Type /Page\n") == 1 or made.count(b"/Type /Page ") <= 1


def test_the_poster_says_whose_it_is_until_when_and_what_nobody_may_ask() -> None:
    drawn = posters.poster_svg(WORDS)
    for words in (
        "Phường Thành Đông",
        "ABCD EFGH JKLM NPQR STUV WXYZ",
        "22/02/2027",
        "Không ai được hỏi mã xác nhận",
        "&amp;",
    ):
        assert words in drawn


def test_the_squares_are_those_of_the_address() -> None:
    path, size = posters.squares(WORDS.address, border=0)
    assert size >= 21
    assert path.startswith("M0 0h1v1h-1z")  # the corner of the first finder pattern
