"""Reading only what changed: from where the last reading ended, a little earlier, and the whole where that cannot be trusted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation

Mark = int | Decimal | date | datetime
"""A value of the column that grows with each change: when a row was last touched, or a counter."""

OVERLAP = 10
"""Read again this many minutes (days for dates, units for numbers): rows are committed later than they are stamped."""


def kind_of(mark: Mark) -> str:
    """Return what sort of mark it is."""
    if isinstance(mark, datetime):
        return "moment"
    return "day" if isinstance(mark, date) else "number"


def state_of(column: str, highest: object) -> dict[str, str]:
    """Return where a reading ended; empty where the column's values cannot be gone on from."""
    if isinstance(highest, bool) or not isinstance(highest, int | Decimal | date):
        return {}
    return {"column": column, "kind": kind_of(highest), "at": str(highest) if isinstance(highest, int | Decimal) else highest.isoformat()}  # fmt: skip


def mark_of(state: Mapping[str, str]) -> Mark | None:
    """Return the mark a state was written with, or None."""
    written = state.get("at", "")
    try:
        match state.get("kind"):
            case "moment":
                return datetime.fromisoformat(written)
            case "day":
                return date.fromisoformat(written)
            case "number":
                return int(written) if written.lstrip("-").isdigit() else Decimal(written)
            case _:
                return None
    except (ValueError, InvalidOperation):
        return None


def start(state: Mapping[str, str], *, column: str, highest: object, overlap: int = OVERLAP) -> Mark | None:
    """Return from which mark on to read, or None for the whole.

    The whole is read where the state is of another column or sort, and where it lies ahead of the source: somebody put an old
    copy back, or set a clock right, and what lies between would never be seen.
    """
    mark = mark_of(state)
    if mark is None or state.get("column") != column or not state_of(column, highest):
        return None
    if kind_of(mark) != kind_of(highest) or _zoned(mark) != _zoned(highest):  # type: ignore[arg-type]
        return None
    if mark > highest:  # type: ignore[operator]
        return None
    return earlier(mark, overlap)


def earlier(mark: Mark, overlap: int) -> Mark:
    """Return a mark a little before."""
    try:
        if isinstance(mark, datetime):
            return mark - timedelta(minutes=overlap)
        if isinstance(mark, date):
            return mark - timedelta(days=overlap)
    except OverflowError:
        return mark
    return mark - overlap


def _zoned(mark: object) -> bool:
    return isinstance(mark, datetime) and mark.tzinfo is not None


FEW = 20
"""Lines of a part below which nothing is told by how many of them are faulty."""


def weighed(lines: int, *, faulty: int, public: int) -> int:
    """Return how many lines a part's faulty ones are weighed against: the whole set it belongs to, for one faulty line of three says
    nothing of a register of thousands; its own where most of many are faulty, for then it is the sender that is."""
    mostly = lines >= FEW and faulty * 2 > lines
    return lines if mostly else max(lines, public)
