"""The radio script as a Word file: large letters, wide lines, one breath a paragraph; what is read, how long it takes, how it is said."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

from smarthd.channels.rules import saying, spoken
from smarthd.channels.rules.bulletins import PRIORITY_WORDS, Words

FONT = "Times New Roman"  # Decree 30/2020/NĐ-CP, annex I
READ_PT, SMALL_PT = 16, 12


def script_docx(words: Words, *, code: str, made_at: datetime) -> bytes:
    """Return the script: head, words to be read, the same words spelled out for a reader in doubt. ``made_at`` is local time."""
    from docx import Document
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Cm, Pt

    script = saying.script(words)
    book = Document()
    page = book.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin, page.right_margin, page.top_margin, page.bottom_margin = Cm(3), Cm(1.5), Cm(2), Cm(2)
    normal = book.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(SMALL_PT)
    book.core_properties.title, book.core_properties.author = script.title, words.sender
    book.core_properties.created = book.core_properties.modified = made_at.replace(tzinfo=None)

    def line(text: str, *, size: int = SMALL_PT, bold: bool = False, centre: bool = False, after: int = 6) -> Any:
        paragraph = book.add_paragraph()
        run = paragraph.add_run(text)
        run.bold, run.font.size, run.font.name = bold, Pt(size), FONT
        paragraph.paragraph_format.space_after = Pt(after)
        if centre:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        return paragraph

    line(words.sender.upper(), bold=True, centre=True)
    line("LỜI ĐỌC PHÁT THANH", size=14, bold=True, centre=True)
    line(script.title, size=READ_PT, bold=True, centre=True, after=10)
    minutes, seconds = divmod(script.seconds, 60)
    length = f"{minutes} phút {seconds} giây" if minutes else f"{seconds} giây"
    line(f"Mức: {PRIORITY_WORDS[words.priority].lower()} · Thời lượng đọc: khoảng {length} · Mã: {code}")
    line(f"Phát từ {saying.moment(words.valid_from)} đến {saying.moment(words.valid_until)}.", after=12)
    for paragraph in script.paragraphs:
        for part in paragraph.split("\n"):
            line(part, size=READ_PT, after=10).paragraph_format.line_spacing = 1.5
    line("Đọc số, ngày giờ và chữ tắt như sau:", bold=True)
    for part in spoken.read("\n".join(script.paragraphs)).split("\n"):
        line(part)
    if words.drill:
        for place in (page.header, page.footer):
            run = place.paragraphs[0].add_run(f"{saying.DRILL} – {saying.DRILL} – {saying.DRILL}")
            run.bold, run.font.size = True, Pt(14)
            place.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
