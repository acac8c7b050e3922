"""On which days something runs, as people write it: "hằng ngày", "thứ Hai, thứ Tư; từ 01/09/2026 đến 31/05/2027; nghỉ 20/11/2026".

The same that GTFS says by calendar.txt (weekdays between two days) and calendar_dates.txt (added, left out).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from smarthd.kernel import text

_WORDS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
_WEEKDAYS = (
    ("thu hai", "thu 2", "t2"), ("thu ba", "thu 3", "t3"), ("thu tu", "thu 4", "t4"), ("thu nam", "thu 5", "t5"),
    ("thu sau", "thu 6", "t6"), ("thu bay", "thu 7", "t7"), ("chu nhat", "cn"),
)  # fmt: skip
_SPAN = re.compile(r"(thu \w+|t[2-7]) (?:den|toi) (thu \w+|t[2-7]|chu nhat|cn)(?!\w)")
_DASH = re.compile(r"\s*[–—-]\s*(?=thứ|t[2-7]|cn\b|chủ)", re.IGNORECASE)
_CLAUSES = {
    "from": r"từ(?: ngày)?",
    "until": r"đến(?: hết)?(?: ngày)?",
    "without": r"nghỉ|trừ|không chạy",
    "with": r"chạy thêm|thêm|chạy cả",
}
_DAY = r"\d{1,2}/\d{1,2}/\d{4}"
_CLAUSE = re.compile(
    rf"(?P<word>{'|'.join(_CLAUSES.values())})\s*:?\s*(?:ngày\s+)?(?P<days>{_DAY}(?:\s*(?:,|và)\s*{_DAY})*)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class ServiceDays:
    """Weekdays (0 is Monday) between two days, days added and days left out."""

    weekdays: frozenset[int]
    first: date | None = None
    last: date | None = None
    added: frozenset[date] = frozenset()
    without: frozenset[date] = frozenset()

    def runs_on(self, day: date) -> bool:
        """Say whether it runs on a day."""
        if day in self.added:
            return True
        within = (self.first is None or self.first <= day) and (self.last is None or day <= self.last)
        return within and day.weekday() in self.weekdays and day not in self.without


def understood(written: str) -> ServiceDays:
    """Return the days of a written rule. One that names no weekday means every day: no trip is hidden for a word we do not know."""
    found: dict[str, list[date]] = {name: [] for name in _CLAUSES}
    for clause in _CLAUSE.finditer(text.nfc(written)):
        name = next(key for key, words in _CLAUSES.items() if re.fullmatch(words, clause["word"], re.IGNORECASE))
        found[name] += _days(clause["days"])
    left = _CLAUSE.sub(" ", text.nfc(written))
    found["with"] += _days(left)
    rest = text.fold(_DASH.sub(" đến ", re.sub(_DAY, " ", left)))
    only = bool(found["with"]) and not rest.strip(" ,;.")
    weekdays = frozenset() if only else _weekdays(rest)
    if "ngay khac" in rest and found["with"] and not _named(rest):
        found["from"].append(max(found["with"]))  # days that were left out of the list: whatever comes after may run
    return ServiceDays(
        weekdays,
        min(found["from"], default=None),
        max(found["until"], default=None),
        frozenset(found["with"]),
        frozenset(found["without"]),
    )


def written(days: ServiceDays) -> str:
    """Return the rule as people read it; ``understood`` reads it back."""
    parts = []
    if len(days.weekdays) == 7:
        parts.append("hằng ngày")
    elif days.weekdays:
        parts.append(", ".join(_WORDS[one] for one in sorted(days.weekdays)))
    if days.weekdays and days.first and days.last:
        parts.append(f"từ {_said([days.first])} đến {_said([days.last])}")
    if days.without:
        parts.append(f"nghỉ {_said(days.without)}")
    if days.added:
        parts.append(f"thêm {_said(days.added)}")
    return "; ".join(parts)


def _said(days: Iterable[date]) -> str:
    return ", ".join(f"{day:%d/%m/%Y}" for day in sorted(days))


def _days(told: str) -> list[date]:
    days = []
    for one in re.findall(_DAY, told):
        day, month, year = map(int, one.split("/"))
        try:
            days.append(date(year, month, day))
        except ValueError:
            continue  # a day that is none leaves nothing out
    return days


def _weekdays(folded: str) -> frozenset[int]:
    if span := _SPAN.search(folded):
        first, last = _number(span.group(1)), _number(span.group(2))
        if first is not None and last is not None and first <= last:
            return frozenset(range(first, last + 1))
    named = _named(folded)
    if "cuoi tuan" in folded:
        named |= {5, 6}
    if "ngay thuong" in folded:
        named |= set(range(5))
    return frozenset(named or range(7))


def _named(folded: str) -> set[int]:
    padded = f" {folded} "
    return {index for index, names in enumerate(_WEEKDAYS) if any(f" {name} " in padded for name in names)}


def _number(folded: str) -> int | None:
    return next((index for index, names in enumerate(_WEEKDAYS) if folded in names), None)
