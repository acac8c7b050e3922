"""What a Báo cáo looks like inside, and that it is the same each time."""

from __future__ import annotations

import dataclasses
import io
import zipfile
from datetime import UTC, date, datetime

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from openpyxl import load_workbook

from smarthd.insights import material as values
from smarthd.insights.documents import annex, bao_cao, narrative, tokens
from smarthd.insights.errors import UnknownFigureToken
from smarthd.insights.tests import make


@pytest.fixture(scope="module")
def written() -> bytes:
    material = make.material()
    return bao_cao.write(material, narrative.first_words(material), version=1)


@pytest.fixture(scope="module")
def document(written):
    return Document(io.BytesIO(written))


def test_page_is_a4_with_the_margins_of_decree_30(document):
    section = document.sections[0]
    assert (round(section.page_width / Mm(1)), round(section.page_height / Mm(1))) == (210, 297)
    for side, least, most in (("top", 20, 25), ("bottom", 20, 25), ("left", 30, 35), ("right", 15, 20)):
        assert least <= getattr(section, f"{side}_margin") / Mm(1) <= most, side


def test_every_style_in_use_is_times_new_roman_in_every_script(document):
    used = {paragraph.style.name for paragraph in document.paragraphs}
    assert {"Body Text", "Heading 1", "Heading 2", "Caption", "Phụ lục"} <= used
    for name in used:
        fonts = document.styles[name].element.rPr.rFonts
        assert {fonts.get(qn(f"w:{script}")) for script in ("ascii", "hAnsi", "cs", "eastAsia")} == {
            "Times New Roman"
        }, name
        assert fonts.get(qn("w:asciiTheme")) is None, name


def test_body_is_14_points_justified_with_a_first_line_of_one_centimetre_and_a_quarter(document):
    style = document.styles["Body Text"]
    assert style.font.size == Pt(14)
    assert style.paragraph_format.alignment.name == "JUSTIFY"
    assert 10 <= style.paragraph_format.first_line_indent / Mm(1) <= 12.7


def test_letterhead_holds_motto_issuer_number_and_date_side_by_side(document):
    table = document.tables[0]
    left, right = (cell.text for cell in table.rows[0].cells)
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc" in right
    assert left.startswith("ỦY BAN NHÂN DÂN\nTỈNH HẢI DƯƠNG\nSỞ THÔNG TIN")
    assert table.rows[1].cells[0].text.startswith("Số:")
    assert table.rows[1].cells[0].text.endswith("/BC-STTTT")
    assert table.rows[1].cells[1].text.startswith("Hải Dương, ngày")
    bold = {
        run.text: (run.bold, run.font.size.pt)
        for cell in table.rows[0].cells
        for p in cell.paragraphs
        for run in p.runs
    }
    assert bold["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"] == (True, 13.0)
    assert bold["Độc lập - Tự do - Hạnh phúc"] == (True, 14.0)
    assert bold["ỦY BAN NHÂN DÂN"][0] is False


def test_headings_are_numbered_by_the_word_processor_roman_then_arabic(document):
    numbering = document.part.numbering_part.element
    for level, (style, form) in enumerate(
        (("Heading 1", "upperRoman"), ("Heading 2", "decimal"), ("Heading 3", "lowerLetter"))
    ):
        properties = document.styles[style].element.pPr.numPr
        assert properties.ilvl.val == level
        number = next(num for num in numbering.findall(qn("w:num")) if num.numId == properties.numId.val)
        abstract = next(
            a
            for a in numbering.findall(qn("w:abstractNum"))
            if a.get(qn("w:abstractNumId")) == str(number.abstractNumId.val)
        )
        found = abstract.findall(qn("w:lvl"))[level].find(qn("w:numFmt")).get(qn("w:val"))
        assert found == form
    assert not any(p.text[:2] in {"I.", "1."} for p in document.paragraphs if p.style.name.startswith("Heading"))


def test_page_number_stands_centred_above_from_the_second_page_on(document):
    for section in document.sections:
        assert section.different_first_page_header_footer
        assert "PAGE" in section.header._element.xml
        assert section.first_page_header.paragraphs[0].text == ""
        assert section.header.paragraphs[0].style.paragraph_format.alignment.name == "CENTER"


def test_tables_repeat_their_heads_and_say_their_source(document):
    sheets = [table for table in document.tables if table._tbl.tr_lst[0].xpath("w:trPr/w:tblHeader")]
    assert len(sheets) >= 6  # three in the body, three annexes and the definitions
    texts = [paragraph.text for paragraph in document.paragraphs if paragraph.style.name == "Nguồn"]
    assert all(text.startswith("Nguồn:") and "19/4/2024" in text for text in texts)


def test_pictures_say_what_they_find(document):
    spoken = [node.get("descr") for node in document.element.body.iter(qn("wp:docPr"))]
    assert len(spoken) == 2
    assert spoken[0].startswith("Người dân đã kích hoạt tài khoản đạt 98,5%")
    assert "cao nhất" in spoken[1]


def test_recipients_end_with_the_archive_and_signatory_stands_beside_them(document):
    block = next(table for table in document.tables if "Nơi nhận:" in table.rows[0].cells[0].text)
    assert block.rows[0].cells[0].text.endswith("- Lưu: VT.")
    assert "GIÁM ĐỐC" in block.rows[0].cells[1].text
    before = block._tbl.getprevious()
    assert before.pPr.find(qn("w:keepNext")) is not None, "a signature never stands alone on a page"


def test_the_same_material_gives_the_same_bytes_and_another_figure_gives_others(written):
    material = make.material()
    assert bao_cao.write(material, narrative.first_words(material), version=1) == written
    assert annex.write(material, version=1) == annex.write(material, version=1)
    other = dataclasses.replace(material, exempted=13)
    assert bao_cao.write(other, narrative.first_words(other), version=1) != written
    with zipfile.ZipFile(io.BytesIO(written)) as package:
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_material_survives_being_kept_as_json():
    material = make.material()
    assert values.from_json(values.to_json(material)) == material


def test_every_figure_in_the_text_is_followed_by_the_annex_row_it_comes_from(document):
    body = "\n".join(paragraph.text for paragraph in document.paragraphs)
    material = make.material()
    total = material.line("I.0").cells["staff_used"]
    assert f"{tokens.resolve(tokens.token('I.0', 'staff_used'), material)}" in body
    assert f"{total.numerator}/{total.denominator} người" in body
    book = load_workbook(io.BytesIO(annex.write(material, version=1)))
    row = next(row for row in book["PL I"].iter_rows(values_only=True) if row[0] == "I.0")
    assert row[4] == total.numerator
    assert row[5] == total.denominator


def test_missing_measures_are_said_to_be_missing(document):
    body = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert body.count("chưa có số liệu trên nền tảng tại thời điểm chốt") >= 4


def test_annex_never_lets_text_become_a_formula():
    material = make.material(communes=3)
    third = material.annexes[2]
    evil = dataclasses.replace(third.lines[0], name='=HYPERLINK("http://x","a")')
    material = dataclasses.replace(
        material, annexes=(*material.annexes[:2], dataclasses.replace(third, lines=(evil, *third.lines[1:])))
    )
    book = load_workbook(io.BytesIO(annex.write(material, version=1)))
    found = next(row for row in book["PL III"].iter_rows() if row[1].value == evil.name)
    assert found[1].data_type == "s"


@pytest.mark.parametrize(
    "text", ["{IX.1|staff_used}", "{I.1|no_such}", "{I.1 staff_used}", "{I.999|staff_used}", "mở { ngoặc"]
)
def test_a_token_that_stands_for_no_figure_is_refused_by_name(text):
    with pytest.raises(UnknownFigureToken) as refused:
        tokens.check(text, make.material())
    assert refused.value.facts["tokens"]


def test_a_changed_figure_marks_the_sentences_that_carry_it():
    before = make.material()
    first = before.annexes[0]
    cells = {**first.total.cells, "staff_used": make.cell("staff_used", 1, 2)}
    total = dataclasses.replace(first.total, cells=cells)
    after = dataclasses.replace(before, annexes=(dataclasses.replace(first, total=total), *before.annexes[1:]))
    stale = tokens.changed(narrative.first_words(before), before, after)
    assert set(stale) == {"can_bo"}
    assert not tokens.changed(narrative.first_words(before), before, before)


LEVELS = {
    "commune": ("xã Hợp Tiến", "Ủy ban nhân dân xã Hợp Tiến", "UBND", "Hợp Tiến"),
    "district": ("Huyện Nam Sách", "Ủy ban nhân dân huyện Nam Sách", "UBND", "Nam Sách"),
    "department": ("Tỉnh Hải Dương", "Sở Thông tin và Truyền thông", "STTTT", "Hải Dương"),
    "final": ("Tỉnh Hải Dương", "Ủy ban nhân dân tỉnh Hải Dương", "UBND", "Hải Dương"),
}


def of_level(level: str) -> values.Material:
    """Return what a unit, a district, the Department and the province report, with all that stands beside the figures."""
    from smarthd.rollout import selectors as rollout

    scope, issuer, symbol, place = LEVELS[level]
    base = make.material(communes=12)
    committee = level != "department"
    return dataclasses.replace(
        base,
        scope=dataclasses.replace(base.scope, name=scope),
        issuer=dataclasses.replace(
            base.issuer, superior="" if committee else base.issuer.superior, name=issuer, symbol=symbol, place=place,
            signs_for="TM. ỦY BAN NHÂN DÂN" if committee else "", signer_title="CHỦ TỊCH" if committee else "GIÁM ĐỐC",
            signer_name="Nguyễn Văn Thịnh",
        ),
        consolidated=(
            rollout.Consolidated(
                "Tuần 15/2024", "Báo cáo tuần", 2, datetime(2024, 4, 19, 1, tzinfo=UTC), "ab" * 32, 4, 4,
                (
                    rollout.Total("Số buổi tuyên truyền", 8, 3, measured=False, kind="commune_committee"),
                    rollout.Total("Số buổi tuyên truyền", 9, 1, measured=False, kind="district_committee"),
                    rollout.Total("Cán bộ đã dùng", 35, 4, measured=True, kind="commune_committee"),
                ),
            ),
        ),
        troubles=rollout.Troubles(
            3, 2, 1, 1, 1, 2, 1, (("Mạng, sóng điện thoại", 2, 1), ("Kinh phí, trang bị", 1, 0)),
            (rollout.Decided("128/QĐ-UBND", date(2024, 4, 16), "Về việc phủ sóng các thôn còn lõm sóng", 2),),
        ),
        aired=(rollout.ChannelAired("Đài truyền thanh cấp xã", 14, 13, 12, 40), rollout.ChannelAired("Bảng tin", 2, 2, 2, None)),
    )  # fmt: skip


@pytest.mark.parametrize("level", list(LEVELS))
def test_the_report_of_every_level_keeps_the_form_of_the_decree(level: str) -> None:
    material = of_level(level)
    content = bao_cao.write(material, narrative.first_words(material), version=2, number="96")
    assert content == bao_cao.write(material, narrative.first_words(material), version=2, number="96")
    document = Document(io.BytesIO(content))
    for section in document.sections:
        sides = {side: getattr(section, f"{side}_margin") / Mm(1) for side in ("top", "bottom", "left", "right")}
        landscape = section.page_width > section.page_height
        left, right = ("top", "bottom") if landscape else ("left", "right")
        assert 15 <= sides[right] <= 25
        assert 20 <= sides[left] <= 35
        assert section.different_first_page_header_footer or section is not document.sections[0]
        assert "PAGE" in section.header._element.xml
        assert section.header.paragraphs[0].style.paragraph_format.alignment.name == "CENTER"
    (issuer, motto), (number, _place) = ([cell.text for cell in row.cells] for row in document.tables[0].rows)
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc" in motto
    assert " ".join(issuer.split()).startswith("ỦY BAN NHÂN DÂN")
    assert number.startswith(f"Số: 96/BC-{material.issuer.symbol}")
    foot = next(table for table in document.tables if table.rows[0].cells[0].text.startswith("Nơi nhận:"))
    assert material.issuer.signer_title in foot.rows[0].cells[1].text
    assert "Nguyễn Văn Thịnh" in foot.rows[0].cells[1].text
    fonts = {
        document.styles[paragraph.style.name].element.rPr.rFonts.get(qn("w:ascii")) for paragraph in document.paragraphs
    }
    assert fonts == {"Times New Roman"}


def test_what_stands_beside_the_figures_is_said_once_and_in_whole_sentences() -> None:
    words = narrative.first_words(of_level("department"))
    assert words["truyen_thong"] == [
        "Trong 16 lượt tuyên truyền đã đến giờ, 15 lượt đã thực hiện, 14 lượt có minh chứng (87,5%).",
        "Theo kênh (có minh chứng/đã lên lịch): đài truyền thanh cấp xã 12/14; bảng tin 2/2.",
        "Người kích hoạt bằng mã của kênh (ít nhất, vì không phải ai cũng dùng mã): đài truyền thanh cấp xã 40.",
    ]
    assert words["kho_khan"] == [
        "Các đơn vị nêu 3 vướng mắc (thêm 1 vướng mắc trùng đã gộp): đã giải quyết 2, trong đó nơi nêu xác nhận 1; còn tồn 1. "
        "Trả lời lần đầu đúng hạn: 2/3.",
        "Theo nhóm nguyên nhân: mạng, sóng điện thoại 2 (còn 1); kinh phí, trang bị 1 (còn 0).",
        "Đã có Quyết định số 128/QĐ-UBND ngày 16/4/2024 về việc phủ sóng các thôn còn lõm sóng, trả lời 2 vướng mắc.",
    ]
    assert words["che_do"][-1] == (
        "Báo cáo tuần, tuần 15/2024: bản tổng hợp số 2 lập lúc 8 giờ 00 ngày 19/4/2024, 4/4 đơn vị đã gửi, mã băm abababababababab. "
        "Đơn vị tự báo cáo, từng cấp không cộng với nhau: ủy ban nhân dân cấp xã: số buổi tuyên truyền 8; "
        "ủy ban nhân dân cấp huyện: số buổi tuyên truyền 9. Nền tảng đo: cán bộ đã dùng 35."
    )
    assert words["kien_nghi"][-1] == (
        "Đề nghị cấp có thẩm quyền xem xét, giải quyết 1 vướng mắc còn tồn, trong đó 1 vướng mắc đang chờ quyết định; "
        "tập trung vào: mạng, sóng điện thoại."
    )


def test_a_material_kept_as_json_writes_the_same_bytes() -> None:
    material = of_level("final")
    kept = values.from_json(values.to_json(material))
    words = narrative.first_words(material)
    assert bao_cao.write(kept, words, version=1) == bao_cao.write(material, words, version=1)
    assert annex.write(kept, version=1) == annex.write(material, version=1)
