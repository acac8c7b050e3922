"""The form of an administrative document (Decree 30/2020/NĐ-CP, Annex I): page, fonts, the nine components, numbering.

Knows nothing of what is said. Sizes are points, lengths millimetres. Everything visible comes from named styles, so that an
official can go on editing in a word processor.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

from smarthd.insights.documents import tables
from smarthd.insights.documents.packing import repack

FONT = "Times New Roman"
PAGE_WIDTH, PAGE_HEIGHT = 210, 297
TOP, BOTTOM, LEFT, RIGHT = 20, 20, 30, 16
BODY_WIDTH = PAGE_WIDTH - LEFT - RIGHT
FIRST_LINE = 12.7
NUMBERING_ID = 30

_LEVELS = (("upperRoman", "%1.", "Heading 1"), ("decimal", "%2.", "Heading 2"), ("lowerLetter", "%3)", "Heading 3"))


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The components above the title: who issues, under which number, where and when."""

    superior: str
    issuer: str
    number_line: str
    place_and_date: str
    abstract: str = ""  # of a letter (công văn), under its number; other documents have a title instead


@dataclass(frozen=True, slots=True)
class Signature:
    """The signatory block: ``lines`` such as ("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"), the name under the seal, the recipients."""

    lines: tuple[str, ...]
    name: str
    recipients: tuple[str, ...]


class OfficialDocument:
    """A document being written from top to bottom; ``finish`` gives its bytes, the same for the same calls."""

    def __init__(self, *, title: str, subject: str, author: str, stamp: datetime) -> None:
        self._doc: Any = Document()
        self._captions = {"Bảng": 0, "Hình": 0}
        properties = self._doc.core_properties
        properties.title, properties.subject, properties.author = title, subject, author
        properties.last_modified_by, properties.language, properties.comments = author, "vi-VN", ""
        properties.created = properties.modified = stamp.replace(tzinfo=None, microsecond=0)
        properties.revision = 1
        _styles(self._doc)
        _numbering(self._doc)
        _portrait(self._doc.sections[0])
        _page_number_above(self._doc.sections[0], restart=False)

    # --- the nine components -----------------------------------------------------------------------------------------
    def letterhead(self, head: Letterhead) -> None:
        """Write quốc hiệu, tiêu ngữ and the issuing agency side by side, each with its rule, then number and date."""
        table = self._doc.add_table(rows=2, cols=2)
        tables.lay_out(table, (67.0, BODY_WIDTH - 67.0))
        left, right = table.rows[0].cells
        superior = [(part, False) for part in halves(head.superior.upper())]
        _lines(left, [*superior, *((part, True) for part in halves(head.issuer.upper()))], size=13, rule=22)
        _lines(right, [("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", True)], size=13)
        _lines(right, [("Độc lập - Tự do - Hạnh phúc", True)], size=14, rule=63, more=True)
        left, right = table.rows[1].cells
        _lines(left, [(head.number_line, False)], size=13, before=4)
        if head.abstract:
            _lines(left, [(head.abstract, False)], size=12, before=4, more=True)
        _lines(right, [(head.place_and_date, False)], size=14, before=4, italic=True)

    def title(self, kind: str, abstract: str) -> None:
        """Write the kind of document and its abstract, with a rule a third of the line long."""
        self._doc.add_paragraph(kind.upper(), style="Tên loại")
        self._doc.add_paragraph(abstract, style="Trích yếu")
        _rule(self._doc.add_paragraph(style="Đường kẻ"), width=BODY_WIDTH, length=55)

    def addressed_to(self, recipients: Sequence[str]) -> None:
        """Write to whom a letter goes: one on the line itself, several below it with dashes."""
        if len(recipients) == 1:
            only = self._doc.add_paragraph(f"Kính gửi: {recipients[0]}.", style="Kính gửi")
            only.alignment, only.paragraph_format.left_indent = WD_ALIGN_PARAGRAPH.CENTER, Mm(0)
            only.paragraph_format.space_after = Pt(12)
            return
        self._doc.add_paragraph("Kính gửi:", style="Kính gửi")
        for index, recipient in enumerate(recipients, start=1):
            last = index == len(recipients)
            line = self._doc.add_paragraph(f"- {recipient}{'.' if last else ';'}", style="Người nhận")
            line.paragraph_format.space_after = Pt(12 if last else 2)

    def mark(self, text: str) -> None:
        """Write a mark such as DỰ THẢO between the head and the words."""
        self._doc.add_paragraph(text.upper(), style="Trích yếu")

    def signature(self, signed: Signature) -> None:
        """Write recipients at the left and the signatory at the right, kept on one page, with the last words of the text above them."""
        if self._doc.paragraphs:
            self._doc.paragraphs[-1].paragraph_format.keep_with_next = True
        table = self._doc.add_table(rows=1, cols=2)
        tables.lay_out(table, (78.0, BODY_WIDTH - 78.0))
        tables.keep_row_whole(table.rows[0])
        left, right = table.rows[0].cells
        head = left.paragraphs[0]
        head.style, head.alignment = "Nơi nhận", WD_ALIGN_PARAGRAPH.LEFT
        run = head.add_run("Nơi nhận:")
        run.bold = run.italic = True
        run.font.size = Pt(12)
        for recipient in signed.recipients:
            left.add_paragraph(f"- {recipient}", style="Nơi nhận")
        _lines(right, [(line, True) for line in signed.lines], size=14)
        for _ in range(4):
            right.add_paragraph(style="Ký")
        right.add_paragraph(style="Ký").add_run(signed.name).bold = True

    # --- body --------------------------------------------------------------------------------------------------------
    def heading(self, level: int, text: str) -> None:
        """Write a numbered heading: level 1 ``I.``, level 2 ``1.``, level 3 ``a)``; the numbers are the word processor's."""
        self._doc.add_paragraph(text, style=f"Heading {level}")

    def paragraph(self, text: str) -> None:
        """Write a paragraph of the body: 14 pt, first line indented 1,27 cm, justified."""
        self._doc.add_paragraph(text, style="Body Text")

    def item(self, text: str) -> None:
        """Write one line of a list, with the dash officials use."""
        self._doc.add_paragraph(f"- {text}", style="Body Text")

    def table(self, sheet: tables.Sheet, *, caption: str, source: str, width: float = BODY_WIDTH) -> None:
        """Write a table with its caption above and its source below; head rows repeat on every page."""
        self._caption("Bảng", caption)
        self.sheet(sheet, width=width)
        self._doc.add_paragraph(source, style="Nguồn")

    def sheet(self, sheet: tables.Sheet, *, width: float = BODY_WIDTH) -> None:
        """Write a table alone, as in an annex."""
        body = self._doc.element.body
        body.insert(len(body) - 1, tables.build(sheet, width))  # before the section's own properties

    def picture(self, png: bytes, *, caption: str, alternative: str, source: str, width: float = BODY_WIDTH) -> None:
        """Place a chart with its caption, source and the text a screen reader speaks: what the chart finds."""
        paragraph = self._doc.add_paragraph(style="Hình")
        shape = paragraph.add_run().add_picture(io.BytesIO(png), width=Mm(width))
        shape._inline.docPr.set("descr", alternative)
        shape._inline.docPr.set("name", caption)
        self._caption("Hình", caption)
        self._doc.add_paragraph(source, style="Nguồn")

    def _caption(self, label: str, text: str) -> None:
        self._captions[label] += 1
        self._doc.add_paragraph(f"{label} {self._captions[label]}. {text}", style="Caption")

    # --- annexes -----------------------------------------------------------------------------------------------------
    def annex(self, *, number: str, title: str, enclosed_with: str, landscape: bool = False) -> float:
        """Begin an annex on a page of its own, numbered from 1 again; returns the width of its text in millimetres."""
        section = self._doc.add_section(WD_SECTION.NEW_PAGE)
        (_landscape if landscape else _portrait)(section)
        _page_number_above(section, restart=True)
        self._doc.add_paragraph(f"Phụ lục {number}".strip(), style="Phụ lục")
        self._doc.add_paragraph(title.upper(), style="Tên phụ lục")
        self._doc.add_paragraph(enclosed_with, style="Kèm theo")
        _rule(self._doc.add_paragraph(style="Đường kẻ"), width=_text_width(section), length=45)
        return _text_width(section)

    def note(self, text: str) -> None:
        """Write a note in small italics."""
        self._doc.add_paragraph(text, style="Nguồn")

    def finish(self) -> bytes:
        """Return the docx, byte for byte the same for the same content."""
        out = io.BytesIO()
        self._doc.save(out)
        return repack(out.getvalue())


def halves(name: str, longest: int = 24) -> list[str]:
    """Return a name on one line, or broken at the space nearest its middle when it is longer than a column takes."""
    if len(name) <= longest:
        return [name] if name else []
    spaces = [index for index, char in enumerate(name) if char == " "]
    if not spaces:
        return [name]
    middle = min(spaces, key=lambda index: abs(index - len(name) / 2))
    return [name[:middle], name[middle + 1 :]]


def _text_width(section: Any) -> float:
    return float((section.page_width - section.left_margin - section.right_margin) / Mm(1))


def _portrait(section: Any) -> None:
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(PAGE_WIDTH), Mm(PAGE_HEIGHT)
    _margins(section)


def _landscape(section: Any) -> None:
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(PAGE_HEIGHT), Mm(PAGE_WIDTH)
    _margins(section)


def _margins(section: Any) -> None:
    section.top_margin, section.bottom_margin = Mm(TOP), Mm(BOTTOM)
    section.left_margin, section.right_margin = Mm(LEFT), Mm(RIGHT)
    section.header_distance = section.footer_distance = Mm(10)


def _page_number_above(section: Any, *, restart: bool) -> None:
    """Number pages in the middle of the top margin, from the second page on."""
    section.different_first_page_header_footer = True
    section.header.is_linked_to_previous = False
    section.first_page_header.is_linked_to_previous = False
    paragraph = section.header.paragraphs[0]
    paragraph.style = "Số trang"
    for kind, text in (("begin", ""), ("", "PAGE"), ("separate", ""), ("", "2"), ("end", "")):
        run = paragraph.add_run()
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)
        elif text == "PAGE":
            field = OxmlElement("w:instrText")
            field.set(qn("xml:space"), "preserve")
            field.text = " PAGE "
            run._r.append(field)
        else:
            run.text = text
    if restart:
        number = OxmlElement("w:pgNumType")
        number.set(qn("w:start"), "1")
        section._sectPr.append(number)


def _lines(
    cell: Any,
    lines: Sequence[tuple[str, bool]],
    *,
    size: int,
    before: int = 0,
    italic: bool = False,
    rule: int = 0,
    more: bool = False,
) -> None:
    """Write centred lines (text, bold) into a cell, then a rule of the given length."""
    for index, (text, bold) in enumerate(lines):
        paragraph = cell.paragraphs[0] if index == 0 and not more else cell.add_paragraph()
        paragraph.style = "Ký"
        paragraph.paragraph_format.space_before = Pt(before)
        run = paragraph.add_run(text)
        run.bold, run.italic, run.font.size = bold, italic, Pt(size)
    if rule:
        paragraph = cell.add_paragraph(style="Đường kẻ")
        _rule(paragraph, width=cell.width / Mm(1), length=rule)


def _rule(paragraph: Any, *, width: float, length: float) -> None:
    """Draw a thin line of ``length`` millimetres in the middle of ``width``: a border of an empty paragraph."""
    side = Mm(max(0.0, (width - length) / 2))
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = side
    borders = parse_xml(
        f'<w:pBdr {nsdecls("w")}><w:top w:val="single" w:sz="6" w:space="0" w:color="000000"/></w:pBdr>'
    )
    paragraph._p.get_or_add_pPr().insert_element_before(
        borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


# --- styles ----------------------------------------------------------------------------------------------------------
def _styles(doc: Any) -> None:
    normal = _style(doc, "Normal", size=14)
    normal.paragraph_format.space_after = normal.paragraph_format.space_before = Pt(0)
    body = _style(doc, "Body Text", size=14, align="JUSTIFY", before=0, after=6, first=FIRST_LINE)
    body.paragraph_format.line_spacing_rule = WD_LINE_SPACING.MULTIPLE
    body.paragraph_format.line_spacing = 1.15
    body.paragraph_format.widow_control = True
    for level, bold_italic in ((1, False), (2, False), (3, True)):
        heading = _style(
            doc, f"Heading {level}", size=14, bold=True, italic=bold_italic, align="JUSTIFY", before=6, after=6
        )
        heading.paragraph_format.keep_with_next = True
    _style(doc, "Tên loại", size=14, bold=True, align="CENTER", before=18)
    _style(doc, "Trích yếu", size=14, bold=True, align="CENTER")
    _style(doc, "Kính gửi", size=14, before=18, after=6).paragraph_format.left_indent = Mm(30)
    _style(doc, "Người nhận", size=14, after=2).paragraph_format.left_indent = Mm(48)
    rule = _style(doc, "Đường kẻ", size=4, align="CENTER", before=2)
    rule.paragraph_format.line_spacing = Pt(6)
    _style(doc, "Ký", size=14, align="CENTER")
    _style(doc, "Nơi nhận", size=11)
    _style(doc, "Số trang", size=14, align="CENTER")
    caption = _style(doc, "Caption", size=12, bold=True, align="CENTER", before=6, after=3)
    caption.paragraph_format.keep_with_next = True
    figure = _style(doc, "Hình", size=12, align="CENTER", before=6)
    figure.paragraph_format.keep_with_next = True
    _style(doc, "Nguồn", size=11, italic=True, align="LEFT", before=3, after=8)
    _style(doc, "Phụ lục", size=14, bold=True, align="CENTER")
    _style(doc, "Tên phụ lục", size=14, bold=True, align="CENTER")
    _style(doc, "Kèm theo", size=13, italic=True, align="CENTER", after=2)
    _style(doc, "Ô bảng", size=11).element.set(qn("w:styleId"), tables.CELL_STYLE)


def _style(
    doc: Any,
    name: str,
    *,
    size: int,
    bold: bool = False,
    italic: bool = False,
    align: str = "",
    before: int = 0,
    after: int = 0,
    first: float = 0,
) -> Any:
    known = {style.name for style in doc.styles}
    style = doc.styles[name] if name in known else doc.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    if name not in known:
        style.base_style = doc.styles["Normal"]
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    fonts.attrib.clear()  # the template's theme fonts would win over ours
    for script in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{script}"), FONT)
    style.font.size, style.font.bold, style.font.italic = Pt(size), bold, italic
    style.font.color.rgb = RGBColor(0, 0, 0)
    layout = style.paragraph_format
    layout.space_before, layout.space_after = Pt(before), Pt(after)
    layout.line_spacing = 1.0
    if first:
        layout.first_line_indent = Mm(first)
    if align:
        layout.alignment = getattr(WD_ALIGN_PARAGRAPH, align)
    return style


def _numbering(doc: Any) -> None:
    """Tie headings 1–3 to one multilevel list: I. → 1. → a), the numbers set in the body's indent."""
    root = doc.part.numbering_part.element
    levels = "".join(
        f'<w:lvl w:ilvl="{index}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:pStyle w:val="{style.replace(" ", "")}"/>'
        f'<w:suff w:val="space"/><w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/>'
        f'<w:pPr><w:ind w:left="0" w:firstLine="720"/></w:pPr></w:lvl>'
        for index, (form, text, style) in enumerate(_LEVELS)
    )
    abstract = parse_xml(
        f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{NUMBERING_ID}"><w:multiLevelType w:val="multilevel"/>{levels}'
        "</w:abstractNum>"
    )
    first_number = root.find(qn("w:num"))
    if first_number is None:
        root.append(abstract)
    else:
        first_number.addprevious(abstract)
    root.append(
        parse_xml(f'<w:num {nsdecls("w")} w:numId="{NUMBERING_ID}"><w:abstractNumId w:val="{NUMBERING_ID}"/></w:num>')
    )
    for index, (_, _, name) in enumerate(_LEVELS):
        properties = doc.styles[name].element.get_or_add_pPr()
        number = parse_xml(
            f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{index}"/><w:numId w:val="{NUMBERING_ID}"/></w:numPr>'
        )
        properties.insert_element_before(
            number, "w:suppressLineNumbers", "w:pBdr", "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:outlineLvl"
        )
