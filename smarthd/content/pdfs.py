"""What a PDF is for who cannot see it: whether it has words at all, marks of structure, a title and a language; how many pages.

Sources: ISO 14289-1 (PDF/UA-1) for marks, title and language; "words" is whether any letter can be taken from the first pages.
"""

from __future__ import annotations

import io
import logging
from dataclasses import dataclass
from typing import Any

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from smarthd.kernel.errors import Invalid

_LOOKED_AT = 3  # pages read for words
_FEWEST = 40  # letters on them
_SMALLEST_LOOKED_AT = 30 << 20  # beyond this only the frame is read: words would cost too long
_BROKEN = (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError, OSError)


class PdfUnreadable(Invalid):
    """The file is no whole PDF, or asks for a password; facts: words, in Vietnamese."""


@dataclass(frozen=True, slots=True)
class Pdf:
    """``words``: a screen reader finds letters; ``marked``: it finds headings, lists, tables; title and language as the file says."""

    pages: int
    words: bool
    marked: bool
    title: str
    language: str


def warnings(*, words: bool, marked: bool) -> list[str]:
    """Return what an editor should mend in a PDF."""
    if not words:
        return ["PDF là bản chụp, không có chữ: máy đọc không đọc được. Hãy xuất PDF từ tệp Word, hoặc chép nội dung vào bài."]  # fmt: skip
    if not marked:
        return ["PDF chưa gắn thẻ cấu trúc: khi xuất từ Word, chọn “Thẻ cấu trúc tài liệu cho khả năng tiếp cận”."]
    return []


def look(raw: bytes) -> Pdf:
    """Return what a PDF is, or raise PdfUnreadable."""
    quiet = logging.getLogger("pypdf")
    before, quiet.level = quiet.level, logging.CRITICAL
    try:
        reader = PdfReader(io.BytesIO(raw))
        if reader.is_encrypted:
            raise PdfUnreadable(words="Tệp PDF có mật khẩu hoặc bị khóa. Xin bỏ khóa rồi tải lại.")
        root: Any = reader.trailer["/Root"]
        marks: Any = root.get("/MarkInfo") or {}
        pages = len(reader.pages)
        return Pdf(
            pages=pages,
            words=len(raw) > _SMALLEST_LOOKED_AT or _has_words(reader, pages),
            marked=bool(marks.get("/Marked")) and "/StructTreeRoot" in root,
            title=str(told.title or "").strip() if (told := reader.metadata) else "",
            language=str(root.get("/Lang") or ""),
        )
    except _BROKEN:
        raise PdfUnreadable(words="Tệp PDF hỏng hoặc chưa tải lên hết. Xin mở thử trên máy rồi tải lại.") from None
    finally:
        quiet.level = before


def _has_words(reader: PdfReader, pages: int) -> bool:
    letters = 0
    for number in range(min(pages, _LOOKED_AT)):
        try:
            letters += sum(letter.isalpha() for letter in reader.pages[number].extract_text())
        except _BROKEN:
            continue
        if letters >= _FEWEST:
            return True
    return pages == 0 or letters >= _FEWEST
