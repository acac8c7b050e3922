"""``smarthd`` as other programs run it: a process, its answer on stdout, its refusals in Vietnamese on stderr, its exit code."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from config import cli
from tests import environment
from tests.conformance import province

DATABASE = "console_contract"
SMARTHD = Path(sys.executable).parent / "smarthd"
DAY = province.DAY.isoformat()
ENGLISH = re.compile(r"Usage|Options|Commands|Show this|Error|Invalid|Missing|required|TEXT|INTEGER|COMMAND|ARGS|%Y")


def smarthd(*words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, "SMARTHD_TEST_DATABASE": DATABASE, **variables}
    return subprocess.run(
        [str(SMARTHD), *words], env=environ, cwd=environment.ROOT, capture_output=True, text=True, check=False
    )


def answer(*words: str) -> Any:
    done = smarthd(*words)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def world() -> Iterator[None]:
    """A database of its own, from the migrated template, with the small world planted."""
    with environment._connect() as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{DATABASE}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{DATABASE}" TEMPLATE "{environment.template_name()}"')
    subprocess.run(
        [sys.executable, "-m", "tests.conformance.province"],
        env={**os.environ, "SMARTHD_TEST_DATABASE": DATABASE},
        cwd=environment.ROOT,
        check=True,
    )
    yield
    with environment._connect() as connection:
        connection.execute(f'DROP DATABASE "{DATABASE}" WITH (FORCE)')


def test_locate_answers_exactly_the_agreed_fields(world: None) -> None:
    assert answer("places", "locate", "20.9409", "106.335", "--on", "2024-04-20", "--json") == {
        "code": "10516",
        "catalogue": "2024-04-20",
        "name": "Quang Trung",
        "kind": "Phường",
        "path": ["Tỉnh Hải Dương", "Thành phố Hải Dương", "Phường Quang Trung"],
        "approximate": True,
    }


def test_a_table_answers_rows_with_every_part_of_every_indicator(world: None) -> None:
    told = answer("rollout", "table", "--level", "commune", "--as-of", DAY, "--boundaries", DAY, "--json")
    assert len(told["rows"]) == 235
    for row in told["rows"]:
        assert row["code"]
        assert row["values"]
        for figure in row["values"].values():
            assert {"numerator", "denominator", "source", "date"} <= figure.keys()
            assert figure["denominator"] is None or (figure["source"] and figure["date"])
    activated = told["total"]["values"]["activated"]
    assert (activated["numerator"], activated["denominator"]) == (20, 235 * province.OWNERS)
    assert (activated["source"], activated["date"]) == ("Cục Thống kê", "2024-01-01")


def test_a_report_is_made_with_its_annex(world: None, tmp_path: Path) -> None:
    told = answer(
        "insights", "report", "--campaign", province.CAMPAIGN, "--cut-off", DAY, "--out", str(tmp_path), "--json"
    )
    assert Path(told["docx"]).read_bytes()[:2] == Path(told["xlsx"]).read_bytes()[:2] == b"PK"
    assert told["cut_off"] == DAY


REFUSED = (
    (("places", "locate", "20.94", "106.33", "--on", "2001-01-01", "--json"), "Chưa có danh mục"),
    (("rollout", "table", "--level", "xã", "--as-of", DAY, "--boundaries", DAY), "không thuộc các giá trị nhận"),
    (("insights", "report", "--campaign", "x", "--cut-off", DAY), "Không"),
    (("insights", "report", "--campaign", province.CAMPAIGN, "--cut-off", DAY, "--unit", "99999"), "Không"),
)


def test_wrong_questions_are_refused_in_vietnamese(world: None) -> None:
    """An unknown day, a wrong level, the campaign of a report, an unknown unit."""
    for words, says in REFUSED:
        done = smarthd(*words)
        assert done.returncode != 0, words
        assert done.stdout == "", words
        assert says in done.stderr, words
        assert "Traceback" not in done.stderr, words


@pytest.mark.slow
def test_a_roster_of_300_mb_is_refused_by_its_size_in_little_memory(world: None, tmp_path: Path) -> None:
    path = tmp_path / "danh-sach.xlsx"
    with path.open("wb") as file:
        file.write(b"PK\x03\x04")
        file.truncate(300 << 20)
    environ = {**os.environ, "SMARTHD_TEST_DATABASE": DATABASE}
    errors, most = tmp_path / "stderr", 0
    with (
        errors.open("w") as stderr,
        subprocess.Popen(
            [str(SMARTHD), "agencies", "import-roster", str(path), "--agency", "ubnd-tinh"],
            env=environ, cwd=environment.ROOT, stderr=stderr,
        ) as process,
    ):  # fmt: skip
        while process.poll() is None:
            most = max(most, peak_kilobytes(process.pid))
            time.sleep(0.01)
    assert process.returncode == 2
    assert "Tệp quá lớn" in errors.read_text()
    assert 0 < most < 300 * 1024, "the program itself, not the file"


def peak_kilobytes(pid: int) -> int:
    """Return the most memory a running process has held since it began; ``wait4`` would also count who started it."""
    try:
        told = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in told.splitlines() if line.startswith("VmHWM:")), 0)


def test_everything_wrong_with_the_environment_is_said_at_once() -> None:
    done = smarthd("env", PORT="cửa", WEB_THREADS="0", SEALING_KEY="ngắn")
    assert done.returncode == 2
    assert "DATABASE_URL" in done.stdout
    assert [line.split(":")[0].strip(" -") for line in done.stderr.splitlines()[1:]] == [
        "PORT",
        "WEB_THREADS",
        "SEALING_KEY",
    ]


def commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield path
    context = click.Context(group)
    for name in group.list_commands(context):
        below = group.get_command(context, name)
        if isinstance(below, click.Group):
            yield from commands(below, (*path, name))
        else:
            yield (*path, name)


def test_every_command_explains_itself_in_vietnamese_and_refuses_what_it_does_not_know(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(cli, "prepare", lambda: None)
    known = list(commands(cli.main))
    assert len(known) > 25
    for path in known:
        shown = CliRunner().invoke(cli.main, [*path, "--help"])
        assert shown.exit_code == 0
        assert shown.output.startswith("Cách dùng: ")
        assert not ENGLISH.search(shown.output), (path, shown.output)
        refused = CliRunner().invoke(cli.main, [*path, "--khong-co"])
        assert refused.exit_code == 2
        assert "Không có tùy chọn" in refused.output
        assert not ENGLISH.search(refused.output), (path, refused.output)
