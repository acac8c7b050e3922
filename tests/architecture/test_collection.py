"""Every process collects the same tests: names that change with the process, the hour or the order of a set stop a run on several processes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def _collected(seed: str) -> list[str]:
    asked = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:randomly", "-m", "slow or not slow"]
    told = subprocess.run(
        asked, cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
    )
    return [line for line in told.stdout.splitlines() if "::" in line]


@pytest.mark.slow
def test_two_processes_collect_the_same_tests() -> None:
    first = _collected("1")
    assert len(first) > 1_000
    assert first == _collected("2")
