"""The shape of a measured figure, and the machine it was measured on."""

from __future__ import annotations

import os
import platform
from functools import cache
from pathlib import Path
from typing import Any

Figure = dict[str, Any]  # name, value, unit, target, met, peer, peer_value, ratio, machine


def figure(
    name: str,
    value: float,
    unit: str,
    *,
    target: str = "",
    met: bool | None = None,
    peer: str = "",
    peer_value: float | None = None,
) -> Figure:
    """Return one figure; ``ratio`` is value ÷ peer_value in the same unit and run."""
    ratio = value / peer_value if peer_value else None
    return {
        "name": name, "value": value, "unit": unit, "target": target, "met": met,
        "peer": peer, "peer_value": peer_value, "ratio": ratio,
    }  # fmt: skip


def machine() -> str:
    """Return the machine in one line, with what it was busy with: a load beyond the cores means that others shared them."""
    return f"{_hardware()}, load {os.getloadavg()[0]:.1f}"


@cache
def _hardware() -> str:
    """Return cores, processor, memory and Python."""
    model = next(
        (
            row.split(":", 1)[1].strip()
            for row in Path("/proc/cpuinfo").read_text().splitlines()
            if row.startswith("model name")
        ),
        platform.processor(),
    )
    memory_gb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} cores, {model}, {memory_gb:.0f} GB, Python {platform.python_version()}"
