"""The command line answers in JSON and in Vietnamese, and refuses in sentences."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from smarthd.agencies import commands, words
from smarthd.agencies.models import Staff
from smarthd.agencies.rules.calendar import DayKind
from smarthd.agencies.tests import make
from smarthd.agencies.tests.test_encodings import in_tcvn3
from smarthd.kernel import clock, errors

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_april_2024():  # type: ignore[no-untyped-def]
    clock.set_now(make.NOW)
    yield
    clock.set_now(None)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(commands.group, list(arguments))


def test_a_roster_is_previewed_then_saved(tmp_path: Path) -> None:
    make.world()
    path = tmp_path / "ds.xlsx"
    path.write_bytes(make.workbook([make.HEADINGS, (1, "NGUYỄN VĂN AN", "", "0912000001"), (2, "Vũ Bình", "", "091")]))
    seen = run("import-roster", str(path), "--agency", "UBND-10615", "--json")
    assert seen.exit_code == 0, seen.output
    answer = json.loads(seen.output)
    assert (answer["status"], answer["counts"]["new"], answer["counts"]["faulty"]) == ("previewed", 1, 1)
    assert [(row["row"], row["messages"][0]["column"]) for row in answer["faulty"]] == [(7, "Số điện thoại")]
    assert not Staff.objects.exists()
    saved = run("import-roster", str(path), "--agency", "ubnd-10615", "--complete", "--confirm")
    assert "Đã ghi vào sổ: thêm mới 1, có lỗi 1." in saved.output
    assert "Dòng 7, Số điện thoại “091”" in saved.output
    assert Staff.objects.count() == 1
    listed = json.loads(run("list", "--on", "2024-04-01", "--under", "ubnd-291", "--json").output)
    assert {row["code"]: row["staff"] for row in listed}["ubnd-10615"] == 1
    target = tmp_path / "loi.xlsx"
    assert run("faulty-rows", answer["uid"], str(target)).exit_code == 0
    assert target.stat().st_size > 1000


def test_an_unclear_encoding_is_asked_about_with_samples(tmp_path: Path) -> None:
    make.world()
    path = tmp_path / "ds.csv"
    path.write_bytes(in_tcvn3("STT;Họ và tên;Số điện thoại\n1;Nguyễn Văn Hùng;0912000001\n"))
    refused = run("import-roster", str(path), "--agency", "stttt", "--confirm")
    assert refused.exit_code == 2
    assert "Chưa rõ bảng mã của tệp" in refused.output
    assert "--encoding tcvn3: " in refused.output
    assert "Nguyễn Văn Hùng" in refused.output
    assert run("import-roster", str(path), "--agency", "stttt", "--confirm", "--encoding", "tcvn3").exit_code == 0
    assert Staff.objects.get().full_name == "Nguyễn Văn Hùng"


def test_an_unknown_agency_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "ds.csv"
    path.write_text("x")
    refused = run("import-roster", str(path), "--agency", "nowhere")
    assert refused.exit_code == 2
    assert "Không có cơ quan này" in refused.output


def test_the_calendar_says_when_before_a_day_ends() -> None:
    answer = json.loads(run("calendar", "--before", "2024-04-20", "--json").output)
    assert answer["due"] == "2024-04-19T17:00:00+07:00"
    lines = json.loads(run("calendar", "--year", "2026", "--json").output)
    assert {line["day"]: line["in_force"] for line in lines}["2026-11-24"] is False
    assert "18/04/2024  Giỗ Tổ Hùng Vương" in run("calendar").output


@pytest.mark.parametrize(
    ("day", "kind", "works"),
    [
        ("2027-02-11", "holiday", "nghỉ"),
        ("2027-02-10", "ordinary", "làm việc"),
        ("2027-02-13", "swapped_on", "làm việc"),
    ],
)
def test_a_decision_of_the_state_is_written_over_what_was_expected(day: str, kind: str, works: str) -> None:
    said = run("set-day", day, "--kind", kind, "--name", "Tết Đinh Mùi", "--source", "Thông báo 1/TB-BNV")
    assert said.exit_code == 0
    assert f"{works}, Tết Đinh Mùi [Thông báo 1/TB-BNV]" in said.output
    lines = {line["day"]: line for line in json.loads(run("calendar", "--year", "2027", "--json").output)}
    assert (lines[day]["kind"], lines[day]["confidence"], lines[day]["in_force"]) == (kind, "official", True)


def test_the_kinds_of_days_that_can_be_written_are_all_there_are() -> None:
    assert set(commands.DAY_KINDS) == {kind.value for kind in DayKind}


def test_every_refusal_of_this_context_has_words_of_its_own() -> None:
    def below(family: type[errors.Refusal]) -> set[type[errors.Refusal]]:
        return {family} | {deeper for kind in family.__subclasses__() for deeper in below(kind)}

    own = {kind.__name__ for kind in below(errors.Refusal) if kind.__module__.startswith("smarthd.agencies")}
    assert own <= set(words.SENTENCES)
