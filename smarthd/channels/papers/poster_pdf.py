"""A sheet for a notice board: one A4 page, black on white, the words large, a QR code that leads to the warning itself.

Drawn as SVG and turned into PDF by vl-convert, as the teams' posters are; every letter is measured, so that nothing leaves the sheet.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from html import escape
from importlib.resources import files
from typing import Any

from smarthd.channels.rules import saying
from smarthd.channels.rules.bulletins import Words
from smarthd.kernel import text as texts

WIDTH, HEIGHT = 595, 842  # A4 in points
EDGE, QR_SIDE = 46, 120
FONT = "Roboto"


def poster_pdf(words: Words) -> bytes:
    """Return the sheet as PDF."""
    import vl_convert

    _letters()
    made: bytes = vl_convert.svg_to_pdf(poster_svg(words))
    return made


def poster_svg(words: Words) -> str:
    """Return the sheet as SVG. What does not fit is set smaller, step by step, before anything is cut."""
    told = saying.poster(words)
    for scale in (1.0, 0.9, 0.8, 0.7, 0.6):
        parts, down = _body(told, scale, drill=words.drill)
        if down <= HEIGHT - EDGE - QR_SIDE - 20:
            break
    frame = (
        f'<rect x="14" y="14" width="{WIDTH - 28}" height="{HEIGHT - 28}" fill="none" stroke="#000" stroke-width="4"/>'
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}">'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>{frame}{"".join(parts)}{"".join(_foot(told))}</svg>'
    )


def _body(told: saying.Poster, scale: float, *, drill: bool) -> tuple[list[str], float]:
    """Return the drawn lines from the top and how far down they reach."""
    parts: list[str] = []
    down = 62.0
    if drill:
        parts.append(f'<rect x="14" y="14" width="{WIDTH - 28}" height="52" fill="#000"/>')
        parts.append(
            _line(
                WIDTH / 2,
                50,
                f"{saying.DRILL} – {saying.DRILL} – {saying.DRILL}",
                26,
                bold=True,
                centre=True,
                colour="#fff",
            )
        )
        down = 104.0
    for text, size, bold, gap in (
        (told.sender.upper(), 15, True, 26),
        (told.title, 34, True, 22),
        (told.opening, 18, True, 16),
        (told.body, 20, False, 20),
        (f"Việc cần làm: {told.instruction}" if told.instruction else "", 23, True, 20),
        (f"Nơi áp dụng: {told.area}. Hiệu lực đến {told.until}.", 16, False, 10),
        (f"Điện thoại: {told.contact}" if told.contact else "", 20, True, 0),
    ):
        for line in _wrapped(text, size * scale, bold=bold):
            parts.append(_line(EDGE, down, line, size * scale, bold=bold))
            down += size * scale * 1.28
        down += gap * scale if text else 0
    return parts, down


def _foot(told: saying.Poster) -> Iterator[str]:
    top = HEIGHT - EDGE - QR_SIDE
    if not told.link:
        return
    yield _qr(told.link, EDGE, top)
    left = EDGE + QR_SIDE + 18
    yield _line(left, top + 34, "Soi mã bằng máy ảnh điện thoại", 18, bold=True)
    yield _line(left, top + 60, "để xem bản mới nhất.", 18)
    yield _line(left, top + 96, told.link.removeprefix("https://").removeprefix("http://"), 13)


def _line(
    left: float, down: float, words: str, size: float, *, bold: bool = False, centre: bool = False, colour: str = "#000"
) -> str:
    return (
        f'<text x="{left:g}" y="{down:g}" font-family="{FONT}" font-size="{size:g}" font-weight="{700 if bold else 400}"'
        f' text-anchor="{"middle" if centre else "start"}" fill="{colour}">{escape(words)}</text>'
    )


def _wrapped(words: str, size: float, *, bold: bool) -> Iterator[str]:
    """Yield lines that fit between the edges, measured with the very letters they are drawn in; a word too long is broken."""
    font, room = _measure(bold), (WIDTH - 2 * EDGE) * 100 / size
    line = ""
    for word in texts.nfc(words).split(" "):
        longer = f"{line} {word}".strip()
        if font.getlength(longer) <= room:
            line = longer
            continue
        if line:
            yield line
        line = word
        while font.getlength(line) > room:
            fit = next(at for at in range(len(line), 0, -1) if font.getlength(line[:at]) <= room)
            yield line[:fit]
            line = line[fit:]
    if line:
        yield line


@cache
def _measure(bold: bool) -> Any:  # noqa: FBT001 - which of two fonts
    from PIL import ImageFont

    folder = files("font_roboto") / "files"
    return ImageFont.truetype(str(folder / ("Roboto-Bold.ttf" if bold else "Roboto-Regular.ttf")), 100)


def _qr(words: str, left: float, top: float) -> str:
    import segno

    code = segno.make_qr(words, error="m")
    cell = QR_SIDE / code.symbol_size(border=2)[0]
    boxes = [
        f'<rect x="{left + across * cell:.3f}" y="{top + row * cell:.3f}" width="{cell + 0.02:.3f}" height="{cell + 0.02:.3f}"/>'
        for row, line in enumerate(code.matrix_iter(border=2))
        for across, dark in enumerate(line)
        if dark
    ]
    return f'<g fill="#000">{"".join(boxes)}</g>'


@cache
def _letters() -> None:
    import vl_convert

    vl_convert.register_font_directory(str(files("font_roboto") / "files"))
