"""An agency's roster on the ladder, as the unit's page shows it."""

from __future__ import annotations

from dataclasses import dataclass

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
LAPSED_WORDS = "từng dùng, đã 60 ngày không mở"


@dataclass(frozen=True, slots=True)
class Rung:
    """One level of the ladder: its name, what it means, how many persons stand on it or above, and their share of the roster."""

    key: str
    name: str
    meaning: str
    count: int
    share: float | None


@dataclass(frozen=True, slots=True)
class Board:
    """Counts by rung (persons on it or above), the roster, and the order's figures gross and net of exemptions."""

    roster: int
    rungs: tuple[Rung, ...]
    gross: Figure
    net: Figure
    exempt: Figure
    lapsed: Figure

    @property
    def missing(self) -> int:
        """How many persons of the roster, exempt ones left out, do not yet use the app."""
        return round((self.net.denominator or 0) - (self.net.numerator or 0))


def board(ladder: StaffLadder) -> Board:
    """Return the board of a ladder; a rung counts everybody on it or above."""
    roster = round(sum(ladder.levels.values()))
    reached = [round(sum(ladder.levels.get(level, 0) for level in range(step, 6))) for step in range(1, 6)]
    return Board(
        roster=roster,
        rungs=tuple(
            Rung(key, name, meaning, count, count / roster if roster else None)
            for (key, name, meaning), count in zip(RUNGS, reached, strict=True)
        ),
        gross=ladder.figures["staff_used"],
        net=ladder.figures["staff_used_net"],
        exempt=ladder.figures["staff_exempt"],
        lapsed=ladder.figures["staff_lapsed"],
    )
