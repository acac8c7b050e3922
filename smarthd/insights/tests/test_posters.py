"""The poster of a team's code: one A4 page that carries what it should, in letters with every mark."""

from __future__ import annotations

import io
from datetime import date

import segno
import vl_convert
from PIL import Image

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
    assert path.startswith("M0 0h7v1h-7z")  # the edge of the first finder pattern


def test_what_a_camera_sees_is_the_code() -> None:
    posters.poster_pdf(WORDS)  # registers the letters
    picture = Image.open(io.BytesIO(vl_convert.svg_to_png(posters.poster_svg(WORDS), scale=3))).convert("L")
    matrix = list(segno.make_qr(WORDS.address, error="m").matrix_iter(border=2))
    cell, left, top = posters.QR_SIDE / len(matrix), (posters.WIDTH - posters.QR_SIDE) / 2, 116
    scale = picture.width / posters.WIDTH
    for row, line in enumerate(matrix):
        for column, dark in enumerate(line):
            at = (round((left + (column + 0.5) * cell) * scale), round((top + (row + 0.5) * cell) * scale))
            assert (picture.getpixel(at) < 128) == bool(dark), (row, column)
