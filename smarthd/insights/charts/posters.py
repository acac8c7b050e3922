"""The poster of a team's code: one A4 page, black on white, letters with every Vietnamese mark, that reads from three metres.

Drawn as SVG and turned into PDF by vl-convert, which the house has for its charts; no library of its own is needed for one page.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from html import escape
from importlib.resources import files
from itertools import groupby

import segno
import vl_convert

WIDTH, HEIGHT = 595, 842  # A4 in points
FONT = "Roboto"
QR_SIDE = 310
STEPS = (
    "Mở máy ảnh của điện thoại, soi vào hình vuông ở trên.",
    "Chạm vào dòng chữ hiện ra, rồi chạm Cài ứng dụng.",
    "Chưa làm được? Xin hỏi người của tổ.",
)


@dataclass(frozen=True, slots=True)
class PosterWords:
    """What a poster says; ``who`` is empty for the team's own poster."""

    team: str
    commune: str
    who: str
    address: str
    printed: str
    until: date
    site: str


def poster_pdf(words: PosterWords) -> bytes:
    """Return the poster as PDF."""
    _letters()
    made: bytes = vl_convert.svg_to_pdf(poster_svg(words))
    return made


def poster_svg(words: PosterWords) -> str:
    """Return the poster as SVG: title, code, steps, whose it is, until when."""
    parts = [
        _text(WIDTH / 2, 66, "Cài Smart-HaiDuong", 40, bold=True),
        _text(WIDTH / 2, 98, "Ứng dụng của tỉnh: thông báo, danh bạ khẩn cấp, tra cứu", 18),
        _qr(words.address, (WIDTH - QR_SIDE) / 2, 116),
    ]
    down = 116 + QR_SIDE + 32
    for number, step in enumerate(STEPS, start=1):
        parts.append(f'<circle cx="70" cy="{down - 6}" r="15" fill="#000"/>')
        parts.append(_text(70, down, str(number), 18, bold=True, colour="#fff"))
        parts.append(_text(98, down, step, 18, anchor="start"))
        down += 40
    parts.append(
        f'<line x1="50" x2="{WIDTH - 50}" y1="{down - 12}" y2="{down - 12}" stroke="#000" stroke-width="1.5"/>'
    )
    down += 22
    for line in textwrap.wrap(words.team, 44)[:3]:
        parts.append(_text(WIDTH / 2, down, line, 22, bold=True))
        down += 28
    below = words.commune + (f" · {words.who}" if words.who else "")
    parts.append(_text(WIDTH / 2, down, below, 18))
    down += 36
    parts.append(_text(WIDTH / 2, down, f"Hoặc gõ: {words.site}/m/", 15))
    parts.append(_text(WIDTH / 2, down + 26, words.printed, 20, bold=True))
    parts.append(_text(WIDTH / 2, HEIGHT - 54, f"Mã dùng được đến hết ngày {words.until:%d/%m/%Y}.", 15))
    parts.append(_text(WIDTH / 2, HEIGHT - 32, "Miễn phí. Không ai được hỏi mã xác nhận của bà con.", 15, bold=True))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}">'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>{"".join(parts)}</svg>'
    )


def _text(
    left: float, down: float, text: str, size: int, *, bold: bool = False, anchor: str = "middle", colour: str = "#000"
) -> str:
    weight = 700 if bold else 400
    return (
        f'<text x="{left:g}" y="{down:g}" font-family="{FONT}" font-size="{size}" font-weight="{weight}"'
        f' text-anchor="{anchor}" fill="{colour}">{escape(text)}</text>'
    )


def squares(text: str, *, border: int) -> tuple[str, int]:
    """Return a QR code as the path of its dark squares, and its side in squares; correction M bears a thumb on its edge."""
    code = segno.make_qr(text, error="m")
    path = "".join(
        f"M{start} {row}h{length}v1h-{length}z"
        for row, line in enumerate(code.matrix_iter(border=border))
        for start, length in _runs(line)
    )
    return path, int(code.symbol_size(border=border)[0])


def _runs(line: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Yield (start, length) of the dark runs of a row: fewer, longer boxes leave no hairlines between them."""
    at = 0
    for dark, squares_of_it in groupby(line, key=bool):
        length = sum(1 for _ in squares_of_it)
        if dark:
            yield at, length
        at += length


def _qr(text: str, left: float, down: float) -> str:
    size = segno.make_qr(text, error="m").symbol_size(border=2)[0]
    cell = QR_SIDE / size
    boxes = [
        f'<rect x="{left + start * cell:.3f}" y="{down + row * cell:.3f}" width="{length * cell:.3f}" height="{cell + 0.02:.3f}"/>'
        for row, line in enumerate(segno.make_qr(text, error="m").matrix_iter(border=2))
        for start, length in _runs(line)
    ]
    return f'<g fill="#000">{"".join(boxes)}</g>'


@cache
def _letters() -> None:
    vl_convert.register_font_directory(str(files("font_roboto") / "files"))
