"""Fixtures of this context's tests."""

from __future__ import annotations

import pytest

from smarthd.kernel import events


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Return the facts announced during the test, in order."""
    told: list[object] = []
    monkeypatch.setattr(events, "announce", told.append)
    return told
