"""What happens in the demonstration, and when: the days and sizes every chapter refers to."""

from __future__ import annotations

from datetime import date, timedelta

# The order's campaign; "before 20/4/2024", a Saturday, ends on Friday 19/4 at 17:00.
SPRING_FIRST, SPRING_DEADLINE, SPRING_LAST = date(2024, 3, 26), date(2024, 4, 19), date(2024, 4, 20)
SPRING_AFTERGLOW_LAST = date(2024, 6, 30)  # until then everyone's days are told, afterwards those of who stayed
DECEMBER = date(2024, 12, 1)  # Resolution 1250/NQ-UBTVQH15: 235 communes became 207
JULY = date(2025, 7, 1)  # Resolution 1669/NQ-UBTVQH15: districts ended, the province became part of Hải Phòng
ROSTERS_FROM = date(2024, 3, 18)  # rosters were called for when the order came
RUNNING_BEFORE, RUNNING_AFTER = timedelta(days=41), timedelta(days=20)  # the running campaign round today

SHRUNK = 100  # one person of the demonstration stands where a hundred live
PEOPLE_THEN = 2_000_000 // SHRUNK
PEOPLE_EAST = 2_660_000 // SHRUNK  # Hải Phòng's own ground
SOURCE = f"Dữ liệu dùng thử: tỉnh thu nhỏ 1/{SHRUNK}, không phải số liệu thống kê"

# Where each group's telephone numbers begin (phones.scattered_phone).
STAFF_FIRST, CITIZENS_FIRST, NEWCOMERS_FIRST, EASTERN_STAFF_FIRST = 0, 50_000, 500_000, 900_000

COMMUNES_WITHOUT_BASE = 3  # whose smartphone owners nobody has counted, then and now
OVERCOUNTED = 1.24  # installs ÷ counted owners of one commune, then and now: it must be flagged, never capped


def running_campaign(today: date) -> tuple[date, date]:
    """Return the first and last day of the running campaign."""
    return today - RUNNING_BEFORE, today + RUNNING_AFTER
