"""What stands beside the words of a page no person wrote in the editor: files and tables, looked at as the editor's are."""

from __future__ import annotations

import io
from dataclasses import dataclass

from smarthd.content import pdfs
from smarthd.content.models import ArticleFile, ArticleTable
from smarthd.content.rules import captions, kinds
from smarthd.kernel import files, text
from smarthd.kernel.errors import Invalid


class FileOfNoKind(Invalid):
    """The bytes are neither an MP4 video nor a PDF."""


@dataclass(frozen=True, slots=True)
class NewFile:
    """A video with its captions (.srt or .vtt), or a PDF."""

    title: str
    raw: bytes
    captions: bytes = b""


@dataclass(frozen=True, slots=True)
class NewTable:
    """A table: cells between ``|``, rows on lines, the first row names the columns."""

    caption: str
    cells: str
    row_heads: bool = True


def file_row(new: NewFile, position: int) -> ArticleFile:
    """Keep a file and return its row. Raises FileOfNoKind, PdfUnreadable, CaptionsFaulty, FileTooLarge, EmptyFile."""
    form = kinds.file_form(new.raw)
    if form is None:
        raise FileOfNoKind(title=new.title)
    seen = pdfs.look(new.raw) if form is kinds.FileForm.PDF else None
    cues = captions.cues(new.captions) if new.captions else []
    kept = files.keep(io.BytesIO(new.raw), limit_mb=kinds.FILE_LIMIT_MB[form])
    return ArticleFile(
        position=position,
        title=text.nfc(new.title),
        sha256=kept.sha256,
        size=kept.size,
        form=form,
        captions=captions.webvtt(cues) if cues else "",
        transcript=captions.transcript(cues),
        pages=seen.pages if seen else None,
        has_words=seen.words if seen else True,
        is_marked=seen.marked if seen else True,
    )


def table_row(new: NewTable, position: int) -> ArticleTable:
    """Return a table's row."""
    return ArticleTable(
        position=position, caption=text.nfc(new.caption), cells=kinds.tidy(new.cells), row_heads=new.row_heads
    )
