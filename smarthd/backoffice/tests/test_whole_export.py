"""All reports of a form as one workbook: whole, readable by spreadsheets, never a formula, and only what one may read."""

from __future__ import annotations

import io
import tracemalloc
from collections.abc import Iterator

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from smarthd.backoffice import streamed
from smarthd.backoffice.tests import periodic
from smarthd.backoffice.tests.periodic import SOON, Desks
from smarthd.kernel import clock
from smarthd.kernel.models import AuditEntry
from smarthd.rollout.tests import reporting


@pytest.fixture
def desks(db: None) -> Iterator[Desks]:
    clock.set_now(SOON)
    yield periodic.desks()
    clock.set_now(None)


def read(content: bytes) -> list[tuple[object, ...]]:
    return list(load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True))


def test_every_report_stands_in_it_with_its_numbers_and_who_counted(desks: Desks) -> None:
    reporting.submitted(desks.desk, remarks="=1+1 & <b>")
    address = reverse("backoffice:campaign_reports", kwargs={"key": "lenh", "form_key": "tuan"})
    answer = desks.department.get(address)
    rows = read(b"".join(answer.streaming_content))
    heads = next(row for row in rows if row[0] == "Kỳ")
    assert heads[10:12] == ("Số buổi tuyên truyền (tự báo cáo)", "Số lượt người được tuyên truyền (tự báo cáo)")
    told = {row[1]: row for row in rows[rows.index(heads) + 1 :]}
    assert len(told) == 3
    mine = told["Ủy ban nhân dân xã Hợp Tiến"]
    assert (mine[3], mine[6], mine[10:14]) == ("Đã gửi", "đúng hạn", (3, 1250, 1100, "=1+1 & <b>"))
    assert told["Ủy ban nhân dân xã Nam Hưng"][3] == "Chưa làm"
    assert AuditEntry.objects.filter(act="backoffice.reports_exported").count() == 1


def test_a_commune_takes_out_its_own_and_nothing_else(desks: Desks) -> None:
    address = reverse("backoffice:campaign_reports", kwargs={"key": "lenh", "form_key": "tuan"})
    rows = read(b"".join(desks.clerk.get(address).streaming_content))
    assert {row[1] for row in rows if row[2] and str(row[2]).startswith("ubnd")} == {"Ủy ban nhân dân xã Hợp Tiến"}
    missing = reverse("backoffice:campaign_reports", kwargs={"key": "lenh", "form_key": "khong-co"})
    assert desks.department.get(missing).status_code == 404


def test_what_excel_cannot_hold_is_left_out_and_text_is_never_a_formula() -> None:
    content = b"".join(streamed.workbook(["Đầu"], [["=cmd()|x"], ["a\x00b\x1fc"], [None], [1.5], [True]], ["Về"]))
    assert read(content) == [("Về",), ("Đầu",), ("=cmd()|x",), ("abc",), (None,), (1.5,), ("True",)]
    assert load_workbook(io.BytesIO(content)).active["A3"].data_type == "s"


def test_memory_does_not_grow_with_the_rows() -> None:
    def peak(count: int) -> int:
        lines = (["Ủy ban nhân dân xã", number, number * 7, "đã gửi"] for number in range(count))
        tracemalloc.start()
        try:
            for _block in streamed.workbook(["Đơn vị", "Số", "Tổng", "Tình trạng"], lines, []):
                pass
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(1_000)
    assert peak(20_000) < peak(4_000) * 1.5
