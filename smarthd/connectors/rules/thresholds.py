"""Where a station stands against its alarm levels. A level is reached at its value and left only ``step`` below it (hysteresis).

Levels I–III (báo động) are those of Decision 05/2020/QĐ-TTg for rivers; other quantities use the same three steps by their owner's word.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

LEVEL_WORDS = ("Bình thường", "Báo động I", "Báo động II", "Báo động III")


def spoken(level: int) -> str:
    """Return a level as it stands within a sentence: báo động II."""
    return LEVEL_WORDS[level][:1].lower() + LEVEL_WORDS[level][1:]


@dataclass(frozen=True, slots=True)
class Levels:
    """The values of levels I–III, rising; a missing one is never reached."""

    first: float
    second: float | None = None
    third: float | None = None
    step: float = 0.0

    def at(self, level: int) -> float | None:
        """Return the value of a level (1–3)."""
        return (self.first, self.second, self.third)[level - 1]


def judge(before: int, value: float, levels: Levels) -> int:
    """Return the level (0–3) after a reading: up as soon as a level is reached, down only clearly below it."""
    reached = max((n for n in (1, 2, 3) if (mark := levels.at(n)) is not None and value >= mark), default=0)
    if reached >= before:
        return reached
    held = (n for n in (1, 2, 3) if n <= before and (mark := levels.at(n)) is not None and value > mark - levels.step)
    return max([reached, *held])


def is_stale(*, measured_at: datetime | None, minutes: int, now: datetime) -> bool:
    """Say whether a station has been silent for longer than it may: then nobody knows where it stands."""
    return measured_at is None or now - measured_at > timedelta(minutes=minutes)


def problems(levels: Levels, *, stale_minutes: int) -> dict[str, str]:
    """Return what is wrong with levels somebody typed, by field."""
    found: dict[str, str] = {}
    if levels.second is not None and levels.second <= levels.first:
        found["level_2"] = "Mức II phải cao hơn mức I."
    if levels.third is not None and (levels.second is None or levels.third <= levels.second):
        found["level_3"] = "Mức III phải cao hơn mức II, và cần có mức II."
    if levels.step < 0:
        found["step"] = "Khoảng lùi không thể âm."
    if not 10 <= stale_minutes <= 60 * 24 * 7:
        found["stale_minutes"] = "Từ 10 phút đến 7 ngày."
    return found
