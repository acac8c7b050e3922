"""From and to: the bounds of a range as a clerk writes them, a day told from today among them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from smarthd.connectors.rules import fields
from smarthd.connectors.rules.fields import CellFault, Kind
from smarthd.connectors.rules.wording import said
from smarthd.kernel import text

TODAY = "today"
RANGED = frozenset({Kind.NUMBER, Kind.MONEY, Kind.DAY, Kind.MOMENT, Kind.TIME})
"""Kinds that have a from and a to."""
_RELATIVE = re.compile(rf"{TODAY}(?:([+-])([0-9]{{1,5}}))?")


@dataclass(frozen=True, slots=True)
class Bound:
    """One end of a range: ``value`` as the least, ``limit`` as the most (a day as the most of instants ends at its midnight); how it is called, and what
    is said of a value beyond it."""

    value: float | str
    limit: float | str
    words: str
    below: str
    above: str


def bound_of(kind: Kind, told: str, on: date | None) -> Bound | None:
    """Return a bound from how it is stored, on a day; None for none. Raises ValueError where it asks for today and no day is given."""
    if not told:
        return None
    if kind not in {Kind.DAY, Kind.MOMENT, Kind.TIME}:
        value = float(told)
        words = said(kind, value)
        return Bound(value, value, words, f"nhỏ hơn {words}", f"lớn hơn {words}")
    if kind is Kind.TIME:
        return Bound(told, told, told, f"sớm hơn {told}", f"muộn hơn {told}")
    relative = _RELATIVE.fullmatch(told)
    if relative is None:
        words = said(Kind.MOMENT if "T" in told else Kind.DAY, told)
        return Bound(told, _end(kind, told), words, f"trước {words}", f"sau {words}")
    if on is None:
        msg = "a bound told from today needs a day"
        raise ValueError(msg)
    days = int(relative.group(2) or 0) * (-1 if relative.group(1) == "-" else 1)
    day = (on + timedelta(days=days)).isoformat()
    name = "hôm nay" if not days else f"{abs(days)} ngày {'nữa' if days > 0 else 'trước'}"
    words = f"{name} ({said(Kind.DAY, day)})"
    return Bound(day, _end(kind, day), words, f"trước {words}", f"sau {words}")


def _end(kind: Kind, told: str) -> str:
    return f"{told}T24" if kind is Kind.MOMENT and "T" not in told else told


def stored(kind: Kind, typed: str) -> str:
    """Return a bound as it is stored, from how a clerk typed it: 1.234,5 · 24/11/2026 · hôm nay · hôm nay + 30. Raises CellFault."""
    plain = typed.strip()
    if not plain:
        return ""
    if kind in {Kind.DAY, Kind.MOMENT} and (found := _typed_today(plain)):
        return found
    if kind is Kind.DAY:
        return str(fields.read_day(plain))
    if kind is Kind.MOMENT:
        return str(fields.read_day(plain) if len(plain) <= 10 else fields.read_moment(plain))
    if kind is Kind.TIME:
        return str(fields.read_time(plain))
    value = fields.read_money(plain) if kind is Kind.MONEY else fields.read_number(plain)
    return repr(value)


def _typed_today(plain: str) -> str:
    """Return a day told from today as it is stored, "" where it is none."""
    sign = "-" if re.search(r"[-–−]|trừ|trước", plain) else "+"
    folded = text.fold(plain)
    if not folded.startswith("hom nay"):
        return ""
    rest = re.fullmatch(r"hom nay(?: (?:cong|tru))?(?: ([0-9]{1,4})(?: ngay)?(?: (?:nua|truoc|sau))?)?", folded)
    if rest is None:
        msg = f"“{plain[:40]}” chưa rõ. Viết như hôm nay, hôm nay + 30"
        raise CellFault(msg)
    days = int(rest.group(1) or 0)
    return f"{TODAY}{sign}{days}" if days else TODAY


def typed(kind: Kind, told: str) -> str:
    """Return a bound as a clerk would type it, from how it is stored."""
    relative = _RELATIVE.fullmatch(told)
    if relative is not None and kind in {Kind.DAY, Kind.MOMENT}:
        return "hôm nay" + (f" {relative.group(1)} {relative.group(2)}" if relative.group(2) else "")
    if not told or kind is Kind.TIME:
        return told
    if kind in {Kind.DAY, Kind.MOMENT}:
        return said(Kind.DAY if "T" not in told else Kind.MOMENT, told)
    return said(Kind.NUMBER, float(told))
