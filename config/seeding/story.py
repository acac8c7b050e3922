"""What happens in the demonstration, and when: the days and sizes every chapter refers to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

ORDER_ON = date(2024, 3, 20)
SPRING_FIRST, SPRING_LAST = (
    date(2024, 3, 26),
    date(2024, 4, 20),
)  # the order's campaign; "before 20/4/2024" ends on 19/4 at 17:00
SPRING_AFTERGLOW_LAST = date(2024, 6, 30)  # days of use are told until then, and again from the running campaign on
DECEMBER = date(2024, 12, 1)  # Resolution 1250/NQ-UBTVQH15: 235 communes became 207
JULY = date(2025, 7, 1)  # Resolution 1669/NQ-UBTVQH15: districts ended, the province became part of Hải Phòng
ROSTERS_FROM = date(2024, 1, 2)
RUNNING_BEFORE, RUNNING_AFTER = timedelta(days=41), timedelta(days=20)  # the running campaign round today

SHRUNK = 100  # one person of the demonstration stands where a hundred live
PEOPLE_THEN = 2_000_000 // SHRUNK
PEOPLE_EAST = 2_660_000 // SHRUNK  # Hải Phòng's own ground
SOURCE = f"Dữ liệu dùng thử: tỉnh thu nhỏ 1/{SHRUNK}, không phải số liệu thống kê"

STAFF_FIRST, CITIZENS_FIRST, NEWCOMERS_FIRST = (
    0,
    50_000,
    500_000,
)  # where each group's telephone numbers begin (phones.scattered_phone)


@dataclass(frozen=True)
class Oddities:
    """What the demonstration promises to show; tests count them."""

    over_100 = "xa-ai-quoc"  # folded part of a unit's key: more installs than counted owners
    no_base = 3  # communes whose owners nobody has counted


def running_campaign(today: date) -> tuple[date, date]:
    """Return the first and last day of the running campaign."""
    return today - RUNNING_BEFORE, today + RUNNING_AFTER
