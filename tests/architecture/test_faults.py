"""The table of faults names tests that are there."""

from __future__ import annotations

import re

from tests.environment import ROOT

NAMED = re.compile(r"`([\w/]+\.py)::(test_\w+)`")


def test_every_fault_names_tests_that_are_there() -> None:
    rows = [row for row in (ROOT / "docs/faults.md").read_text().splitlines() if row.startswith("| ")][1:]
    assert len(rows) > 20
    for row in rows:
        named = NAMED.findall(row)
        assert named, row
        for path, test in named:
            assert f"def {test}(" in (ROOT / path).read_text(), f"{path}::{test}"
