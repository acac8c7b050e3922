"""Whether a place is within its opening hours, from how offices write them: 24/24 · 7:30–17:00 · 7h30-11h30, 13h30-17h.

What is written in any other way is not guessed: then nothing is said.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

_CLOCK = r"(\d{1,2})\s*(?:[:hg]\s*(\d{2})?|giờ(?:\s*(\d{2}))?)?"
_SPAN = re.compile(rf"\s*(?:từ\s+)?{_CLOCK}\s*(?:-|–|—|đến|tới)\s*{_CLOCK}\s*", re.IGNORECASE)
_BETWEEN = re.compile(r"[,;]|\svà\s")
_ALWAYS = re.compile(r"24\s*/\s*24(?:\s*(?:h|giờ))?|cả ngày(?: lẫn đêm| đêm)?", re.IGNORECASE)
_HOUR, _DAY = 60, 24 * 60
_ONE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Opening:
    """Whether the hours written hold now, and the hour at which that turns (``17:00``; empty: never); ``tomorrow`` if it does then.

    ``off`` is the day off on which that hangs, if any: whether the hours hold on it nobody has written, so nothing is to be claimed.
    """

    within: bool
    turns_at: str = ""
    tomorrow: bool = False
    off: date | None = None


def spans(written: str) -> tuple[tuple[int, int], ...]:
    """Return the hours as minutes of a day (begin, end), in order; an end past midnight is over 1,440. Nothing where it is not sure."""
    if _ALWAYS.fullmatch(written.strip()):
        return ((0, _DAY),)
    found = [_span(part) for part in _BETWEEN.split(written)]
    sure = [one for one in found if one is not None]
    return tuple(sorted(sure)) if len(sure) == len(found) else ()


def _span(part: str) -> tuple[int, int] | None:
    match = _SPAN.fullmatch(part)
    if match is None:
        return None
    hour, minute, spoken, end_hour, end_minute, end_spoken = match.groups()
    minutes, end_minutes = int(minute or spoken or 0), int(end_minute or end_spoken or 0)
    begin, end = int(hour) * 60 + minutes, int(end_hour) * 60 + end_minutes
    if max(minutes, end_minutes) >= _HOUR or begin >= _DAY or end > _DAY or begin == end:
        return None
    return begin, end if end > begin else end + _DAY


def stands(written: str, now: datetime, days_off: Collection[date] = ()) -> Opening | None:
    """Return whether local ``now`` lies within the hours written; None where they are not understood.

    On days off they may not hold, nor in the night after one; what never closes does not close then either.
    """
    hours = spans(written)
    if not hours:
        return None
    if hours == ((0, _DAY),):
        return Opening(within=True)
    found, turns_on = _by_the_clock(hours, now)
    return replace(found, off=next((day for day in (now.date(), turns_on) if day in days_off), None))


def _by_the_clock(hours: tuple[tuple[int, int], ...], now: datetime) -> tuple[Opening, date]:
    """Return what the hours say, and the other day beside today that they speak of: on which the stretch began, or begins."""
    today, minute = now.date(), now.hour * 60 + now.minute
    for begin, end in hours:
        if begin <= minute < end:
            return Opening(within=True, turns_at=_said(end)), today
        if begin <= minute + _DAY < end:
            return Opening(within=True, turns_at=_said(end)), today - _ONE
    following = next((begin for begin, _end in hours if begin > minute), None)
    if following is None:
        return Opening(within=False, turns_at=_said(hours[0][0]), tomorrow=True), today + _ONE
    return Opening(within=False, turns_at=_said(following)), today


def _said(minute: int) -> str:
    return f"{minute // 60 % 24}:{minute % 60:02}"
