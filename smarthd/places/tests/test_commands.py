"""The commands, as other programs and people call them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from smarthd.places.commands import group
from smarthd.places.services import files
from smarthd.places.tests import make

pytestmark = pytest.mark.usefixtures("province")


def run(*words: str) -> Result:
    return CliRunner().invoke(group, list(words))


def test_locate_answers_exactly_the_agreed_fields() -> None:
    result = run("locate", "20.9409", "106.335", "--on", "2024-04-20", "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout) == {
        "code": "10516",
        "catalogue": "2024-04-20",
        "name": "Quang Trung",
        "kind": "Phường",
        "path": ["Tỉnh Hải Dương", "Thành phố Hải Dương", "Phường Quang Trung"],
        "approximate": True,
    }


def test_locate_outside_says_so_and_fails() -> None:
    result = run("locate", "10.77", "106.7", "--on", "2025-07-01", "--json")
    assert result.exit_code == 1
    assert "ngoài các xã, phường" in result.stderr


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("locate", "106.3", "20.9"), "vĩ độ trước"),
        (("locate", "20.9", "106.3", "--on", "2001-01-01"), "Chưa có danh mục"),
        (("search", "không có đâu"), "Không tìm thấy"),
    ],
)
def test_a_wrong_question_gets_a_clear_answer(words: tuple[str, ...], says: str) -> None:
    result = run(*words)
    assert result.exit_code in (1, 2)
    assert says in result.stderr


def test_search_answers_in_words_and_in_json() -> None:
    assert "Xã Nam Hồng, Huyện Nam Sách, Tỉnh Hải Dương → nay: Xã Nam Sách" in run("search", "nam", "hong").stdout
    (first, *_) = json.loads(run("search", "thanh dong", "--json", "--limit", "1").stdout)
    assert first["code"] == "10507"


def test_importing_all_again_says_that_all_is_there() -> None:
    result = run("import-all", "--json")
    answer = json.loads(result.stdout)
    assert answer["imported"] is False
    assert answer["units"]["2024-04-20"] == {"province": 1, "district": 12, "commune": 235}


def test_rebuilding_keeps_what_stands() -> None:
    before = run("locate", "20.9409", "106.335", "--json").stdout
    assert json.loads(run("rebuild", "--json").stdout)["sets"] == 3
    assert run("locate", "20.9409", "106.335", "--json").stdout == before


FAULTY = make.HEAD + (
    "p,1,Nhà,Tỉnh,province,,,,,,,\n"
    "a,2,,Xã,commune,p,,,,,,\n"
    "b,3,B,Huyện,commune,p,,,,,,\n"
    "c,3,C,Xã,commune,q,,91,106,,,\n"
    "d,5,D,Xã,xã,p,,20.9,,,,\n"
    "e,6,E,Xã,commune,p,31/02,,,,,\n"
)


def test_a_faulty_catalogue_is_refused_with_every_faulty_row_named(tmp_path: Path) -> None:
    path = tmp_path / "units.csv"
    path.write_text(FAULTY, encoding="utf-8")
    result = run("import-units", str(path), "--as-of", "2026-01-01")
    assert result.exit_code == 2
    for words in (
        "dòng 3: ô “name” bỏ trống",
        "dòng 4: loại “Huyện” không hợp",
        "dòng 5: “91” không phải số",
        "dòng 6: cấp “xã” không có",
        "dòng 6: “d” chỉ có vĩ độ",
        "dòng 7: “31/02” không phải ngày",
    ):
        assert words in result.stderr


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("x,y,whole,1,1,,,stated,nguồn,", "không biết đơn vị"),
        ("tinh-hai-duong,thanh-pho-hai-phong@2025-07-01,whole,0.5,0.5,,,stated,nguồn,", "phải bằng 1"),
        ("tinh-hai-duong,thanh-pho-hai-phong@2025-07-01,phần,1,1,,,stated,nguồn,", "chỉ nhận whole"),
        ("tinh-hai-duong,thanh-pho-hai-phong@2025-07-01,whole,một,1,,,stated,nguồn,", "không phải số"),
        ("huyen-nam-sach,thanh-pho-hai-phong@2025-07-01,whole,1,1,,,chắc,nguồn,", "độ tin cậy"),
    ],
)
def test_a_faulty_lineage_is_refused_row_by_row(tmp_path: Path, row: str, says: str) -> None:
    path = tmp_path / "lineage.csv"
    path.write_text(make.LINEAGE_HEAD + row + "\n", encoding="utf-8")
    result = run("import-lineage", str(path), "--effective-on", "2025-07-01")
    assert result.exit_code == 2
    assert says in result.stderr


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        ("đơn vị\n".encode("utf-16"), "không phải UTF-8"),
        (b"a,b\n1,2\n", "thiếu cột “unit”"),
        (make.HEAD.encode(), "không có dòng nào"),
        (b"", "thiếu cột"),
    ],
)
def test_a_file_that_is_no_catalogue_is_refused(tmp_path: Path, raw: bytes, says: str) -> None:
    path = tmp_path / "units.csv"
    path.write_bytes(raw)
    result = run("import-units", str(path), "--as-of", "2026-01-01")
    assert result.exit_code == 2
    assert says in result.stderr


def test_boundaries_that_are_refused_are_explained(tmp_path: Path) -> None:
    path = tmp_path / "x.geojson"
    path.write_text('{"type": "Topology"}', encoding="utf-8")
    result = run("import-boundaries", str(path), "--on", "2025-07-01")
    assert result.exit_code == 2
    assert "không phải GeoJSON" in result.stderr


def test_the_shipped_catalogue_can_be_given_again_by_hand() -> None:
    path = files.CATALOGUES / "units-2025-07-01.csv"
    answer = json.loads(run("import-units", str(path), "--as-of", "2025-07-01", "--json").stdout)
    assert answer == {"rows": 115, "new": 0, "changed": 0, "centres_mended": 0}
