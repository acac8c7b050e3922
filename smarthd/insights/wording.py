"""Numbers, dates and findings in words, as a Vietnamese official writes them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from smarthd.insights.material import Cell, Line, Point

NOTHING_YET = "chưa có số liệu trên nền tảng tại thời điểm chốt"

FLAG_WORDS = {
    "over_100": "vượt 100%, cần soát lại mẫu số",
    "estimated": "có phần ước tính",
    "hidden": "ẩn vì dưới 10 người",
    "no_base": "chưa có mẫu số",
    "partial_base": "mẫu số chưa đủ các đơn vị",
    "many_exempt": "miễn trên 5%, cần soát lại",
}


def count(value: float | None) -> str:
    """Return a whole number with dots between thousands: 1.234; an en dash for what is not known."""
    return "–" if value is None else f"{round(value):,}".replace(",", ".")


def percent(ratio: float | None, *, digits: int = 1) -> str:
    """Return a share as 96,0%; never rounded up to 100% nor down to 0% when it is neither."""
    if ratio is None:
        return "–"
    shown = round(ratio * 100, digits)
    step = 10**-digits
    if ratio < 1 and shown >= 100:
        shown = 100 - step
    if ratio > 0 and shown <= 0:
        return f"dưới {step:.{digits}f}%".replace(".", ",")
    return f"{shown:,.{digits}f}%".translate(str.maketrans(",.", ".,"))


def day(value: date | None) -> str:
    """Return a date as it stands in running text: 20/4/2024; an en dash for none."""
    return "–" if value is None else f"{value.day}/{value.month}/{value.year}"


def long_day(value: date) -> str:
    """Return a date in words: ngày 20 tháng 4 năm 2024 (days under 10 and January, February with a leading zero)."""
    month = f"{value.month:02d}" if value.month < 3 else str(value.month)
    return f"ngày {value.day:02d} tháng {month} năm {value.year}"


def order_named(number: str) -> str:
    """Return a document by its number, the word for its kind said once: "1038/UBND-VX" → "Văn bản số 1038/UBND-VX"."""
    return f"Văn bản số {number}" if number[:1].isdigit() else number


def of_base(cell: Cell) -> str:
    """Return a figure with its base: 43.210/45.000 người (96,0%); reports are counted as reports."""
    people = "báo cáo" if cell.key.startswith("report_") else "người"
    if "hidden" in cell.flags:
        return "ẩn (dưới 10 người)"
    if cell.numerator is None:
        return NOTHING_YET
    if not cell.denominator:
        return f"{count(cell.numerator)} {people} (chưa có mẫu số)"
    return f"{count(cell.numerator)}/{count(cell.denominator)} {people} ({percent(cell.ratio)})"


def flags(cell: Cell) -> str:
    """Return what the reader must know about a figure, in words; empty when there is nothing."""
    return flags_of(cell.flags)


def base_of(cell: Cell) -> str:
    """Return where a denominator comes from: nguồn Sở …, ngày 1/3/2024, phương pháp …."""
    parts = [cell.source or "chưa ghi nguồn"]
    if cell.source_on:
        parts.append(f"ngày {day(cell.source_on)}")
    if cell.method:
        parts.append(cell.method)
    return ", ".join(parts)


def trend_finding(title: str, points: Sequence[Point], *, back: int = 7) -> str:
    """Return what a trend says: "…đạt 83,0%, tăng 12,0 điểm trong 7 ngày"."""
    known = [point for point in points if point.ratio is not None]
    if not known:
        return f"{title}: {NOTHING_YET}."
    last = known[-1]
    earlier = [point for point in known if (last.day - point.day).days >= back]
    words = f"{title} đạt {percent(last.ratio)} vào {day(last.day)}"
    if not earlier or earlier[-1].ratio is None or last.ratio is None:
        return f"{words}."
    change = (last.ratio - earlier[-1].ratio) * 100
    days = (last.day - earlier[-1].day).days
    moved = (
        "không đổi"
        if abs(change) < 0.05
        else f"{'tăng' if change > 0 else 'giảm'} {abs(change):.1f} điểm".replace(".", ",")
    )
    return f"{words}, {moved} trong {days} ngày."


def league_finding(title: str, lines: Sequence[Line], key: str, target: float | None) -> str:
    """Return what a league table says: how many units reach the target, who is ahead, who needs help first."""
    cells = [(line.name, line.cells[key].ratio) for line in lines if key in line.cells]
    return spread_finding(title, [(name, ratio) for name, ratio in cells if ratio is not None], target)


def flags_of(names: Iterable[str]) -> str:
    """Return flags in words, whatever figure bears them."""
    return "; ".join(FLAG_WORDS[flag] for flag in sorted(names) if flag in FLAG_WORDS)


def spread_finding(title: str, known: Sequence[tuple[str, float]], target: float | None) -> str:
    """Return what a map or table says of many units: how many reach the target, the highest and the lowest."""
    if not known:
        return f"{title}: {NOTHING_YET}."
    ranked = sorted(known, key=lambda pair: (-pair[1], pair[0]))
    words = f"{title}: cao nhất {ranked[0][0]} {percent(ranked[0][1])}"
    if len(ranked) > 1:
        words += f", thấp nhất {ranked[-1][0]} {percent(ranked[-1][1])}"
    if target is not None:
        reached = sum(1 for _name, ratio in known if ratio >= target)
        words += f"; {reached}/{len(known)} đơn vị đạt chỉ tiêu {percent(target, digits=0)}"
    return f"{words}."
