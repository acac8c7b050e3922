"""An agency's roster on the ladder, as the unit's page shows it."""

from __future__ import annotations

from dataclasses import dataclass

from smarthd.insights.charts.pages import Rung
from smarthd.rollout.selectors import Figure, StaffLadder

RUNGS = (
    ("L1", "Mức 1", "đã cài đặt"),
    ("L2", "Mức 2", "đã kích hoạt tài khoản"),
    ("L3", "Mức 3", "đã sử dụng"),
    ("L4", "Mức 4", "đang sử dụng, 28 ngày qua"),
    ("L5", "Mức 5", "gắn bó sau một tháng"),
)
LEVEL_WORDS = {
    0: "chưa cài đặt",
    1: "đã cài, chưa có tài khoản",
    2: "có tài khoản, chưa sử dụng",
    3: "đã dùng, lâu không mở",
    4: "đang sử dụng",
    5: "gắn bó",
}


@dataclass(frozen=True, slots=True)
class Board:
    """Counts by rung (persons on it or above), the roster, and the order's figures gross and net of exemptions."""

    roster: int
    rungs: tuple[Rung, ...]
    gross: Figure
    net: Figure
    exempt: Figure

    @property
    def missing(self) -> int:
        """How many persons of the roster, exempt ones left out, do not yet use the app."""
        return round((self.net.denominator or 0) - (self.net.numerator or 0))


def board(ladder: StaffLadder) -> Board:
    """Return the board of a ladder; a rung counts everybody on it or above."""
    rungs = tuple(
        Rung(key, name, meaning, round(sum(ladder.levels.get(level, 0) for level in range(step, 6))))
        for step, (key, name, meaning) in enumerate(RUNGS, start=1)
    )
    return Board(
        roster=round(sum(ladder.levels.values())),
        rungs=rungs,
        gross=ladder.figures["staff_used"],
        net=ladder.figures["staff_used_net"],
        exempt=ladder.figures["staff_exempt"],
    )
