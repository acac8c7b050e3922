"""The urging letter: in the form of Decree 30/2020, naming who is late, the same to the byte once signed."""

from __future__ import annotations

import io
import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm
from openpyxl import load_workbook

from smarthd.agencies import services as agencies
from smarthd.agencies.rules import Role
from smarthd.agencies.tests import make as agencies_make
from smarthd.insights import commands, letters, services
from smarthd.insights.documents import cong_van, late_list
from smarthd.insights.letters import LateLine, LetterMaterial
from smarthd.insights.models import LetterDocument
from smarthd.insights.tests import make
from smarthd.kernel import clock
from smarthd.kernel.actor import system
from smarthd.rollout import services as rollout
from smarthd.rollout.errors import LetterUnknown
from smarthd.rollout.models import UrgingLetter
from smarthd.rollout.tests import reporting
from smarthd.rollout.tests.reporting import DUE, Desk

SIGNED_AT = clock.at_local(date(2024, 4, 18), 9)


def material(*, units: int = 3, number: str = "215/STTTT-CNTT", signed: bool = True) -> LetterMaterial:
    base = make.material()
    return LetterMaterial(
        uid="018f0000-0000-7000-8000-000000000001",
        demo=False,
        issuer=base.issuer,
        orders=base.orders,
        campaign_title=base.campaign_title,
        period="Tuần 15/2024",
        due_at=DUE,
        obligations=264,
        as_of=SIGNED_AT,
        number=number if signed else "",
        signed_on=date(2024, 4, 18) if signed else None,
        lines=tuple(
            LateLine(f"Ủy ban nhân dân xã Tân Việt số {n}", f"ubnd-{10500 + n}", "Báo cáo tuần", DUE, 4, n % 3)
            for n in range(1, units + 1)
        ),
    )


@pytest.fixture(scope="module")
def document():
    return Document(io.BytesIO(cong_van.write(material())))


def texts(document) -> str:
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def test_the_page_has_the_size_and_margins_of_decree_30(document) -> None:
    for section in document.sections:
        assert (round(section.page_width / Mm(1)), round(section.page_height / Mm(1))) == (210, 297)
        for side, least, most in (("top", 20, 25), ("bottom", 20, 25), ("left", 30, 35), ("right", 15, 20)):
            assert least <= getattr(section, f"{side}_margin") / Mm(1) <= most, side


def test_every_style_in_use_is_times_new_roman_in_black(document) -> None:
    inside = [p for table in document.tables for row in table.rows for cell in row.cells for p in cell.paragraphs]
    for name in {paragraph.style.name for paragraph in (*document.paragraphs, *inside)}:
        style = document.styles[name]
        fonts = style.element.rPr.rFonts
        found = {fonts.get(qn(f"w:{script}")) for script in ("ascii", "hAnsi", "cs", "eastAsia")}
        assert found == {"Times New Roman"}, name
        assert str(style.font.color.rgb) == "000000", name


def test_the_page_number_stands_centred_above_and_not_on_the_first_page(document) -> None:
    for section in document.sections:
        assert section.different_first_page_header_footer
        assert "PAGE" in section.header._element.xml
        assert section.first_page_header.paragraphs[0].text == ""
        assert section.header.paragraphs[0].style.paragraph_format.alignment.name == "CENTER"


def test_the_nine_components_stand_in_their_places(document) -> None:
    head, foot = document.tables[0], document.tables[1]
    (issuer, motto), (number, place) = ([cell.text for cell in row.cells] for row in head.rows)
    assert motto.startswith("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc")  # 1
    assert issuer.startswith("ỦY BAN NHÂN DÂN\nTỈNH HẢI DƯƠNG\nSỞ THÔNG TIN")  # 2
    assert number.startswith("Số: 215/STTTT-CNTT")  # 3
    assert place == "Hải Dương, ngày 18 tháng 4 năm 2024"  # 4
    assert number.endswith("V/v đôn đốc gửi báo cáo tuần 15/2024")  # 5: a letter's abstract stands under its number
    body = [paragraph.text for paragraph in document.paragraphs if paragraph.style.name == "Body Text"]
    assert body[-1].endswith("./.")  # 6
    recipients, signatory = (cell.text for cell in foot.rows[0].cells)
    assert "GIÁM ĐỐC" in signatory  # 7
    assert signatory.count("\n") >= 5  # 8: room for the seal and the signature
    assert recipients.startswith("Nơi nhận:\n- Như trên;")  # 9
    assert recipients.endswith("- Lưu: VT.")


def test_the_motto_is_bold_in_the_sizes_of_the_decree(document) -> None:
    runs = {run.text: run for p in document.tables[0].rows[0].cells[1].paragraphs for run in p.runs}
    assert (runs["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"].bold, runs["Độc lập - Tự do - Hạnh phúc"].bold) == (True, True)
    assert 12 <= runs["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"].font.size.pt <= 13
    assert 13 <= runs["Độc lập - Tự do - Hạnh phúc"].font.size.pt <= 14


def test_few_units_are_addressed_by_name_and_many_by_the_list() -> None:
    few, many = (Document(io.BytesIO(cong_van.write(material(units=n)))) for n in (3, 60))
    assert "- Ủy ban nhân dân xã Tân Việt số 2;" in texts(few)
    assert "Kính gửi: Thủ trưởng 60 cơ quan, đơn vị có tên tại danh sách kèm theo." in texts(many)
    assert many.tables[-1].rows[60].cells[1].text == "Ủy ban nhân dân xã Tân Việt số 60"


def test_the_annex_names_unit_term_days_late_and_how_often_before(document) -> None:
    row = [cell.text for cell in document.tables[-1].rows[1].cells]
    assert row == ["1", "Ủy ban nhân dân xã Tân Việt số 1", "Báo cáo tuần", "17 giờ 00 ngày 12/4/2024", "4", "1"]


def test_a_draft_says_that_it_is_one_and_bears_no_number() -> None:
    draft = Document(io.BytesIO(cong_van.write(material(signed=False))))
    assert "DỰ THẢO" in texts(draft)
    assert "215" not in texts(draft)


def test_the_same_material_gives_the_same_bytes_and_survives_json() -> None:
    kept = letters.from_json(json.loads(json.dumps(letters.to_json(material()))))
    assert kept == material()
    assert cong_van.write(kept) == cong_van.write(material())
    assert late_list.write(kept) == late_list.write(material())
    assert cong_van.write(material(units=4)) != cong_van.write(material())


def test_the_list_is_a_table_of_numbers_and_never_a_formula() -> None:
    evil = LateLine("=HYPERLINK(1)", "x", "Báo cáo tuần", DUE, 4, 2)
    whole = material()
    sheet = load_workbook(io.BytesIO(late_list.write(LetterMaterial(**{**_fields(whole), "lines": (evil,)}))))[
        "Danh sách"
    ]
    assert [cell.value for cell in sheet[4]] == [
        1,
        "=HYPERLINK(1)",
        "Báo cáo tuần",
        "17 giờ 00 ngày 12/4/2024",
        4,
        2,
        "x",
    ]
    assert sheet["B4"].data_type == "s"


def _fields(whole: LetterMaterial) -> dict[str, object]:
    return {name: getattr(whole, name) for name in whole.__slots__}


# --- with the database -----------------------------------------------------------------------------------------------
@pytest.fixture
def desk(db: None) -> Desk:
    made = reporting.desk()
    rollout.take_steps(now=clock.at_local(date(2024, 4, 17), 18))
    return made


def signed(desk: Desk) -> UrgingLetter:
    letter = UrgingLetter.objects.get()
    return rollout.sign_letter(letter.uid, number="12", actor=desk.department_chief, now=SIGNED_AT)


def test_a_signed_letter_comes_out_the_same_whatever_happens_afterwards(desk: Desk) -> None:
    letter = signed(desk)
    first = services.letter_files(letter.uid, actor=desk.department_chief, now=SIGNED_AT)
    agencies.rename_agency(
        desk.world.department, name="Sở Khoa học và Công nghệ", effective_on=date(2024, 4, 2),
        legal_document="NQ 1", actor=reporting.SYSTEM, now=SIGNED_AT,
    )  # fmt: skip
    reporting.submitted(desk, now=SIGNED_AT + timedelta(hours=1))
    again = services.letter_files(letter.uid, actor=desk.department, now=SIGNED_AT + timedelta(days=30))
    assert (again.docx, again.xlsx) == (first.docx, first.xlsx)
    assert services.letter_is_reproduced(letter.uid, actor=desk.department)
    assert LetterDocument.objects.count() == 1


def test_a_draft_is_made_of_the_moment_and_not_kept(desk: Desk) -> None:
    letter = UrgingLetter.objects.get()
    made = services.letter_files(letter.uid, actor=desk.department, now=SIGNED_AT)
    assert not made.signed
    assert made.name.endswith("_du-thao")
    assert not LetterDocument.objects.exists()
    assert "DỰ THẢO" in texts(Document(io.BytesIO(made.docx)))


@pytest.mark.parametrize("role", list(Role))
def test_only_roles_that_work_with_reports_within_reach_see_a_letter(desk: Desk, role: Role) -> None:
    letter = UrgingLetter.objects.get()
    there, elsewhere = (
        agencies_make.officer(desk.world.department, role),
        agencies_make.officer(desk.world.district, role),
    )
    may = role in {Role.HEAD, Role.DELEGATE, Role.CLERK, Role.ADMINISTRATOR, Role.AUDITOR}
    for actor, allowed in ((there, may), (elsewhere, False)):
        if allowed:
            assert services.letter_files(letter.uid, actor=actor, now=SIGNED_AT).docx
        else:
            with pytest.raises(LetterUnknown):
                services.letter_files(letter.uid, actor=actor, now=SIGNED_AT)


def test_the_command_writes_both_files_and_says_their_hashes(desk: Desk, tmp_path: Path) -> None:
    letter = signed(desk)
    answer = CliRunner().invoke(commands.group, ["letter", "--uid", str(letter.uid), "--out", str(tmp_path), "--json"])
    said = json.loads(answer.output)
    made = services.letter_files(letter.uid, actor=system("test"), now=SIGNED_AT)
    assert Path(said["docx"]["path"]).read_bytes() == made.docx
    assert Path(said["xlsx"]["path"]).read_bytes() == made.xlsx
    assert said["signed"] is True
