"""``smarthd fieldreports``: what it says, and how it ends."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from smarthd.fieldreports.commands import group
from smarthd.fieldreports.rules.states import State
from smarthd.fieldreports.tests import make
from smarthd.kernel import clock


@pytest.fixture(autouse=True)
def _then():
    clock.set_now(make.NOW)
    yield
    clock.set_now(None)


def said(*arguments):
    return CliRunner().invoke(group, [str(one) for one in arguments])


def test_training_without_history_says_so_and_fails(land):
    done = said("train")
    assert done.exit_code == 1
    assert "Chưa đủ dữ liệu để học" in done.output


def test_figures_name_their_bases(land):
    make.brought_to(land, State.CONFIRMED)
    done = said("stats", "--from", "2024-04-01", "--to", "2024-04-30")
    assert done.exit_code == 0
    assert "hạn gốc 1/1 (100,0%)" in done.output
    assert "chưa ai đánh giá" in done.output
    [row] = json.loads(said("stats", "--from", "2024-04-01", "--to", "2024-04-30", "--json").output)
    assert (row["received"], row["rate_first"], row["satisfaction"]) == (1, 1.0, None)
    assert "Chưa có phản ánh nào" in said("stats", "--from", "2020-01-01", "--to", "2020-02-01").output


def test_where_says_agency_and_rule(land):
    done = said("where", "--commune-id", land.place.id, "--category", "den-duong")
    assert "Xã c0: Ủy ban nhân dân xã c0" in done.output
    assert "Không có quy tắc nào" in done.output
    outside = said("where", "--lat", 10.7, "--lon", 106.7, "--category", "den-duong")
    assert outside.exit_code == 1
    assert "ngoài địa bàn" in outside.output


def test_an_import_says_each_wrong_line(land, tmp_path):
    path = tmp_path / "cu.csv"
    path.write_text("id,noi dung,xa,ngay gui\n1,Đèn tắt,Xã c0,01/03/2024\n2,Đèn tắt,,01/03/2024\n", encoding="utf-8")
    done = said("import", path, "--source", "cu")
    assert done.exit_code == 0
    assert "2 dòng: 1 phản ánh mới, 0 đã có, 1 dòng sai." in done.output
    assert "Dòng 3: không biết xã, phường nào" in done.output


def test_the_house_can_be_kept(land):
    make.sent(land)
    assert "Thêm 0 lĩnh vực." in said("seed-categories").output
    assert "Đã đếm lại 1 phản ánh có vị trí." in said("rebuild-map").output
    assert "Đã hủy 0 bản gốc" in said("retention").output
