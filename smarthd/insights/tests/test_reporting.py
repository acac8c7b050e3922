"""What a Báo cáo says of the reporting itself: with its annex when there is something to say, and that nothing is known when not."""

from __future__ import annotations

import dataclasses
import io
from datetime import date

import pytest
from docx import Document
from openpyxl import load_workbook

from smarthd.insights import material as values
from smarthd.insights import reporting as gathered
from smarthd.insights.documents import annex, bao_cao, narrative
from smarthd.insights.material import Material, Reporting
from smarthd.insights.tests import make
from smarthd.kernel import clock
from smarthd.rollout import selectors as rollout
from smarthd.rollout import services
from smarthd.rollout.tests import reporting
from smarthd.rollout.tests.reporting import DUE


def whole(*, returned: int = 4) -> Material:
    base = make.material()
    found = rollout.Discipline(
        2,
        (
            rollout.UnitDiscipline(1, "UBND xã A", "ubnd-1", 2, 0, 2, 2, 2, returned, 0, 2 if returned else 0),
            rollout.UnitDiscipline(2, "UBND xã B", "ubnd-2", 2, 0, 2, 1, 1, 0, 1, 2 if returned else 0),
            rollout.UnitDiscipline(3, "UBND xã C", "ubnd-3", 2, 1, 0, 0, 0, 0, 0, 0),
        ),
    )
    [*annexes] = base.annexes
    sheet = gathered._annex(found, make.CUT_OFF)
    numbered = dataclasses.replace(
        sheet,
        number="IV",
        lines=tuple(dataclasses.replace(line, code=f"IV.{n}") for n, line in enumerate(sheet.lines, start=1)),
        total=dataclasses.replace(sheet.total, code="IV.0"),
    )
    told = Reporting(
        2,
        1,
        3,
        ("UBND xã C",),
        ("UBND xã B",),
        12.0,
        4,
        "Tuần 15/2024",
        0.965,
        {"accepted": 200, "explain": 8, "return": 2},
    )
    return dataclasses.replace(
        base,
        annexes=(*annexes, numbered),
        indicators=(*base.indicators, *gathered.INDICATORS),
        reporting=told,
    )


def body(material: Material) -> str:
    written = bao_cao.write(material, narrative.first_words(material), version=1)
    return "\n".join(paragraph.text for paragraph in Document(io.BytesIO(written)).paragraphs)


@pytest.mark.parametrize(
    "sentence",
    [
        "Trong 2 kỳ đã đến hạn, các đơn vị đã gửi 4/6 báo cáo (66,7%) [IV.0].",
        "Gửi lần đầu đúng hạn: 3/6 báo cáo (50,0%) [IV.0]",
        "Đơn vị còn báo cáo chưa gửi (1): UBND xã C.",
        "Đơn vị đã gửi đủ nhưng có báo cáo chậm (1): UBND xã B.",
        "Báo cáo từng bị trả lại: 4/4 báo cáo (100,0%) [IV.0]",
        "một báo cáo mất 12 phút (trung vị), mỗi đơn vị 4 báo cáo trong 30 ngày, khoảng 48 phút",
        "trung vị 0,96; 200 khớp, 8 lệch, cần giải trình, 2 lệch quá mức, phải trả lại",
        "Số công văn đôn đốc đã ký: 3.",
        "Số báo cáo được miễn: 1.",
    ],
)
def test_the_reporting_is_told_with_its_figures(sentence: str) -> None:
    assert sentence in body(whole())


def test_nothing_returned_yet_is_no_share() -> None:
    assert "từng bị trả lại" not in body(whole(returned=0))


def test_the_annex_names_who_was_late_and_counts_everybody_in_its_total() -> None:
    book = load_workbook(io.BytesIO(annex.write(whole(), version=1)))
    rows = list(book["PL IV"].iter_rows(min_row=4, values_only=True))
    assert [row[1] for row in rows] == ["Tổng số", "UBND xã B", "UBND xã C"]
    assert rows[0][4:6] == (4, 6)


def test_material_with_reporting_survives_json_and_gives_the_same_bytes() -> None:
    kept = values.from_json(values.to_json(whole()))
    assert kept == whole()
    assert body(kept) == body(whole())
    first = [bao_cao.write(one, narrative.first_words(one), version=1) for one in (kept, whole())]
    assert first[0] == first[1]


def test_material_kept_before_reporting_was_told_still_reads() -> None:
    old = values.to_json(make.material())
    del old["reporting"]
    assert values.from_json(old).reporting is None


@pytest.mark.django_db
def test_the_reporting_of_a_campaign_is_gathered_the_same_after_late_arrivals() -> None:
    desk = reporting.desk()
    reporting.submitted(desk)
    campaign = rollout.campaign("lenh")
    cut_off = date(2024, 4, 18)
    services.take_steps(now=clock.at_local(date(2024, 4, 17), 18))
    [letter] = rollout.letters_visible_to(reporting.SYSTEM)
    services.sign_letter(letter.uid, number="12", actor=desk.department_chief, now=clock.at_local(date(2024, 4, 18), 9))
    first = gathered.gather(campaign, cut_off=cut_off, unit_id=None)
    assert first is not None
    assert (first.numbers.letters, first.numbers.periods, len(first.numbers.missing)) == (1, 1, 2)
    assert first.annex.total.cells["report_complete"].numerator == 1
    reporting.submitted(desk, agency_id=desk.world.commune_b, now=clock.at_local(date(2024, 4, 19), 9))
    assert gathered.gather(campaign, cut_off=cut_off, unit_id=None) == first
    assert gathered.gather(campaign, cut_off=clock.day_of(DUE).replace(day=11), unit_id=None) is None
