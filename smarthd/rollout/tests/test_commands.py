"""The commands: the JSON contract of tables, refusals in words, counting again."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from smarthd.agencies import services as agencies
from smarthd.agencies.rules import Kind
from smarthd.kernel.ids import uuid7
from smarthd.places.tests import make as land
from smarthd.rollout import commands, selectors, services
from smarthd.rollout.selectors.indicators import CITIZEN, STAFF
from smarthd.rollout.tests import make

pytestmark = pytest.mark.django_db
DAY = make.TODAY.isoformat()
LEVELS = {"province": 1, "district": 2, "commune": 6}


def run(*words: str) -> Result:
    return CliRunner().invoke(commands.group, list(words))


def table(level: str, *more: str) -> Any:
    done = run("table", "--level", level, "--as-of", DAY, "--boundaries", DAY, "--json", *more)
    assert done.exit_code == 0, done.output
    return json.loads(done.output)


@pytest.fixture
def planted(tmp_path: Path) -> dict[str, int]:
    units = {key: view.id for key, view in land.small_land(tmp_path).items()}
    services.set_denominators([make.base(units["c0"], 10)], actor=make.SYSTEM, now=make.NOW)
    someone = make.person(units["c0"], make.TODAY - timedelta(days=2))
    make.person(None, make.TODAY)
    office = agencies.found_agency(
        agencies.NewAgency(kind=Kind.COMMUNE_COMMITTEE, name="x", code="x", place_id=units["c0"]), valid_from=make.TODAY
    )
    agencies.add_staff(
        [agencies.NewStaff(agency_id=office.pk, full_name="Vũ Thị An", account_id=someone)], valid_from=make.TODAY
    )
    services.sync_seats([office.pk], day=make.TODAY, now=make.NOW)
    services.rebuild_rollups(now=make.NOW)
    return units


@pytest.mark.parametrize("level", list(LEVELS))
def test_every_row_of_every_level_carries_every_indicator_with_all_its_parts(
    level: str, planted: dict[str, int]
) -> None:
    answer = table(level)
    assert (answer["level"], answer["as_of"], answer["boundaries"], len(answer["rows"])) == (
        level,
        DAY,
        DAY,
        LEVELS[level],
    )
    citizen, staff = {one.key for one in CITIZEN}, {one.key for one in STAFF}
    for row in [*answer["rows"], answer["unplaced"], answer["total"]]:
        assert citizen <= row["values"].keys() <= citizen | staff
        for key, figure in row["values"].items():
            parts = {"numerator", "denominator", "ratio", "source", "date", "method", "estimated_share", "flags"}
            assert figure.keys() == parts
            known = figure["denominator"] is not None
            assert known == (figure["ratio"] is not None)
            assert not known or (figure["source"] and figure["date"]), key
    assert citizen | staff == answer["total"]["values"].keys()
    based = next(row for row in answer["rows"] if row["values"]["activated"]["numerator"])["values"]
    assert based["activated"] | {"flags": None} == {
        "numerator": 1, "denominator": 10, "ratio": 0.1, "source": "Cục Thống kê", "date": "2024-01-01",
        "method": "ước tính từ tổng điều tra", "estimated_share": 0.0, "flags": None,
    }  # fmt: skip
    assert (based["staff_activated"]["numerator"], based["staff_activated"]["denominator"]) == (1, 1)
    assert answer["total"]["values"]["activated"]["numerator"] == 2
    assert answer["unplaced"]["values"]["activated"]["numerator"] == 1


def test_the_command_says_what_the_selector_says(planted: dict[str, int]) -> None:
    found = selectors.table("commune", make.TODAY, make.TODAY, actor=make.SYSTEM)
    for row, told in zip(found.rows, table("commune")["rows"], strict=True):
        assert (told["unit_id"], told["uid"], told["code"], told["parent"]) == (
            row.unit_id, str(row.uid), row.code, row.parent_name,
        )  # fmt: skip
        assert {key: told["values"][key]["numerator"] for key in row.values} == {
            key: figure.numerator for key, figure in row.values.items()
        }


def test_the_table_in_words_names_cut_off_boundaries_and_bases(planted: dict[str, int]) -> None:
    done = run("table", "--level", "commune", "--as-of", DAY, "--boundaries", DAY)
    assert done.exit_code == 0
    assert "Số liệu đến hết ngày 20/04/2024, theo địa giới ngày 20/04/2024" in done.output
    assert "1/10 (10,0%)" in done.output
    assert "chưa có mẫu số" in done.output
    assert "Chưa rõ địa bàn" in done.output


@pytest.mark.parametrize(
    ("as_of", "boundaries", "more", "words"),
    [
        ("2020-01-01", DAY, (), "smarthd rollout rebuild"),
        (DAY, "2020-01-01", (), "smarthd places import-units"),
        (DAY, DAY, ("--campaign", "unknown"), "Không có đợt triển khai"),
    ],
)
def test_a_refusal_is_told_in_words(
    planted: dict[str, int], as_of: str, boundaries: str, more: tuple[str, ...], words: str
) -> None:
    done = run("table", "--level", "commune", "--as-of", as_of, "--boundaries", boundaries, *more)
    assert done.exit_code != 0
    assert words in done.output


def test_counting_again_says_which_days(planted: dict[str, int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("smarthd.rollout.commands.clock.now", lambda: make.NOW)
    assert "Đã đếm lại 3 ngày (18/04/2024 - 20/04/2024)." in run("rebuild").output
    assert "Không có gì thay đổi" in run("refresh").output
    services.observe_install(uuid7(), standalone=True, atom_id=None, at=make.NOW)
    assert "Đã đếm lại 1 ngày (20/04/2024 - 20/04/2024)." in run("refresh").output


def test_counting_nothing_says_so(db: None) -> None:
    assert "Chưa có dữ liệu nào để đếm." in run("rebuild").output


def test_every_indicator_is_defined_in_words() -> None:
    told = json.loads(run("indicators", "--json").output)
    assert [one["key"] for one in told] == [one.key for one in selectors.indicators()]
    assert all(one["name"] and one["definition"].endswith(".") for one in told)
    plain = run("indicators").output
    assert all(one["name"] in plain for one in told)
