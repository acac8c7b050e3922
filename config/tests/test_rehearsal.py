"""``smarthd rehearse``: the whole way in an installation of its own, with and without faults; nothing of it stays."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest

from config import env, rehearsal
from config.rehearsal import disks, faults
from tests.environment import ROOT


def rehearse(*options: str, expect: int = 0) -> dict[str, Any]:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("SMARTHD_")}
    command = [sys.executable, "-m", "config.cli", "rehearse", "--no-store", "--json", *options]
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False, timeout=900)
    assert done.returncode == expect, done.stderr[-2000:]
    return dict(json.loads(done.stdout))


def left_over() -> set[str]:
    mounts = {line.split()[1] for line in Path("/proc/mounts").read_text().splitlines() if "dien-tap" in line}
    return mounts | {str(place) for place in Path(tempfile.gettempdir()).glob("smarthd-dien-tap-*")}


@pytest.mark.slow
def test_a_small_rehearsal_tells_everybody_once_and_leaves_nothing() -> None:
    before = left_over()
    found = rehearse("--phones", "2000")
    assert (found["passed"], found["lost"], found["twice"], found["accepted"]) == (True, 0, 0, 2000)
    assert found["pool_keys"] == 2000
    assert 0 < found["p50"] <= found["p95"] <= found["p99"] <= found["all_s"]
    assert [one["killed"] for one in found["senders"]] == [False]
    assert found["senders"][0]["rss_mb"] > 50
    assert left_over() <= before


@pytest.mark.slow
@pytest.mark.parametrize("fault", ["kill", "database", "disk"])
def test_whatever_fails_in_the_midst_nobody_is_lost_and_few_are_told_twice(fault: str) -> None:
    if fault == "disk" and not disks.can_make():
        pytest.skip("a disk that can be filled needs root")
    found = rehearse("--phones", "40000", "--processes", "2", "--faults", fault)
    assert (found["passed"], found["lost"], found["accepted"]) == (True, 0, 40000)
    assert found["twice"] <= found["may_be_twice"]
    assert len(found["faults"]) == len(faults.AT[fault])
    if fault == "disk":
        assert (
            "cơ sở dữ liệu báo: " in found["faults"][0]
        )  # it did refuse: where nothing is refused the rehearsal fails


@pytest.mark.parametrize(
    ("chosen", "order"),
    [
        ((), []),
        (("kill",), ["kill", "kill"]),
        (("disk", "kill", "database"), ["kill", "database", "kill", "disk"]),
    ],
)
def test_faults_strike_in_the_order_of_what_was_accepted(chosen: tuple[str, ...], order: list[str]) -> None:
    assert [fault for _, fault in faults.plan(chosen)] == order


def test_its_installation_shares_nothing_with_the_real_one(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MAIL_URL", "SMS_GATEWAY_URL", "ZALO_TOKEN", "RELAY_URL", "SEALING_KEY", "DATABASE_URL"):
        assert name in rehearsal._LEFT_OUT
    with pytest.raises(env.EnvProblems) as refusal:
        env.load({"PUSH_REHEARSAL": "true", "DATABASE_URL": "postgresql://smarthd@db.internal/smarthd"})
    assert "PUSH_REHEARSAL" in refusal.value.lines[0]
    keys = {"SMARTHD_MODE": "production", "SECRET_KEY": "k" * 50, "SEALING_KEY": "ab" * 32, "ORIGIN": "https://x.vn", "ALLOWED_HOSTS": "x.vn"}  # fmt: skip
    with pytest.raises(env.EnvProblems) as refusal:
        env.load({**keys, "PUSH_REHEARSAL": "true"})
    assert "PUSH_REHEARSAL" in refusal.value.lines[0]


@pytest.mark.parametrize(
    ("variables", "line"),
    [
        ({"RELAY_URL": "https://x.vn", "RELAY_CELL": "hd"}, "RELAY_URL"),
        ({"RELAY_URL": "tls://x.vn:4222"}, "RELAY_CELL"),
        ({"RELAY_CELL": "Hải Dương"}, "RELAY_CELL"),
        ({"RELAY_CELL": "a" * 41}, "RELAY_CELL"),
    ],
)
def test_an_exchange_half_named_is_refused(variables: dict[str, str], line: str) -> None:
    with pytest.raises(env.EnvProblems) as refusal:
        env.load(variables)
    assert [one.split(":")[0] for one in refusal.value.lines] == [line]
    assert env.load({"RELAY_URL": "tls://a:b@x.vn:4222", "RELAY_CELL": "hai-duong"}).relay_cell == "hai-duong"
