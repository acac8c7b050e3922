"""Risk levels of natural disasters: one to five, each with its colour (Decision 18/2021/QĐ-TTg, article 4, clause 3)."""

from __future__ import annotations

from dataclasses import dataclass

from smarthd.alerts.rules.messages import Severity


@dataclass(frozen=True, slots=True)
class Level:
    """A level as people read it. ``key`` names its colour in our style sheets; colour never speaks alone."""

    number: int
    words: str
    risk: str
    colour: str
    key: str


LEVELS: dict[int, Level] = {
    1: Level(1, "Cấp 1", "rủi ro thấp", "xanh dương nhạt", "muc-1"),
    2: Level(2, "Cấp 2", "rủi ro trung bình", "vàng nhạt", "muc-2"),
    3: Level(3, "Cấp 3", "rủi ro lớn", "da cam", "muc-3"),
    4: Level(4, "Cấp 4", "rủi ro rất lớn", "đỏ", "muc-4"),
    5: Level(5, "Cấp 5", "rủi ro ở mức thảm họa", "tím", "muc-5"),
}
_SEVERITY = {1: Severity.MINOR, 2: Severity.MODERATE, 3: Severity.SEVERE, 4: Severity.SEVERE, 5: Severity.EXTREME}


def severity_of(level: int | None) -> Severity | None:
    """Return the severity we propose for a level; the duty officer may choose another. None where there is no level."""
    return None if level is None else _SEVERITY.get(level)


def key_of(level: int | None, severity: Severity) -> str:
    """Return the colour a warning is shown in: its level's, or for hazards without levels that of its severity."""
    if level is not None:
        return LEVELS[level].key
    by_severity = {Severity.EXTREME: 5, Severity.SEVERE: 4, Severity.MODERATE: 3}
    return LEVELS[by_severity.get(severity, 2)].key
