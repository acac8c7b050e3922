"""Whether a place is within its opening hours, from how offices write them: 24/24 · 7:30–17:00 · 7h30-11h30, 13h30-17h.

What is written in any other way is not guessed: then nothing is said.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

_CLOCK = r"(\d{1,2})\s*(?:[:hg]\s*(\d{2})?|giờ(?:\s*(\d{2}))?)?"
_SPAN = re.compile(rf"\s*(?:từ\s+)?{_CLOCK}\s*(?:-|–|—|đến|tới)\s*{_CLOCK}\s*", re.IGNORECASE)
_BETWEEN = re.compile(r"[,;]|\svà\s")
_ALWAYS = re.compile(r"24\s*/\s*24(?:\s*(?:h|giờ))?|cả ngày(?: lẫn đêm| đêm)?", re.IGNORECASE)
_HOUR, _DAY = 60, 24 * 60


@dataclass(frozen=True, slots=True)
class Opening:
    """Whether the hours written hold now, and the hour at which that turns (``17:00``; empty: never); ``tomorrow`` if it does then."""

    within: bool
    turns_at: str = ""
    tomorrow: bool = False


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


def stands(written: str, now: datetime) -> Opening | None:
    """Return whether local ``now`` lies within the hours written; None where they are not understood."""
    hours = spans(written)
    if not hours:
        return None
    if hours == ((0, _DAY),):
        return Opening(within=True)
    minute = now.hour * 60 + now.minute
    for begin, end in hours:
        if begin <= minute < end or begin <= minute + _DAY < end:
            return Opening(within=True, turns_at=_said(end))
    following = next((begin for begin, _end in hours if begin > minute), None)
    return Opening(
        within=False, turns_at=_said(hours[0][0] if following is None else following), tomorrow=following is None
    )


def _said(minute: int) -> str:
    return f"{minute // 60 % 24}:{minute % 60:02}"
