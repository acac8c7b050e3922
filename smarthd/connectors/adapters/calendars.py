"""Calendars (RFC 5545) as rows: each occurrence of an event that repeats, moved and cancelled ones as the calendar says."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo
from datetime import time as hour
from itertools import islice
from typing import Any

from dateutil.rrule import rrulestr
from icalendar import Calendar

from smarthd.connectors.adapters.documents import table
from smarthd.connectors.ports import SourceRefused, Table
from smarthd.kernel import clock

COLUMNS = ("Mã", "Việc", "Nơi", "Từ", "Đến", "Mô tả", "Liên kết")
BEFORE, AFTER = timedelta(days=31), timedelta(days=366)
"""Occurrences are told from a month ago to a year ahead."""
MOST_OCCURRENCES = 2_000
BUDGET_S = 5.0
"""How long rules may be reckoned for one calendar: one that never comes true (30 February) is looked for to the end of time."""
_TOO_OFTEN = {"SECONDLY", "MINUTELY", "HOURLY"}
_ENDS = re.compile(r";?(UNTIL|COUNT)=([^;]*)")
Moment = date | datetime


def ics_table(raw: bytes) -> Table:
    """Return the events of a calendar, those that repeat once for each time."""
    listed = _calendar(raw).walk("VEVENT")
    events = [one for one in listed if str(one.get("STATUS", "")).upper() != "CANCELLED"]
    apart = _overrides(listed)
    rows: list[list[str]] = []
    odd, begun = 0, time.monotonic()
    for event in events:
        if "DTSTART" not in event:
            rows.append(_row(event, None, repeated=False))
        elif "RECURRENCE-ID" in event or not ("RRULE" in event or "RDATE" in event):
            rows.append(_row(event, event["DTSTART"].dt, repeated="RECURRENCE-ID" in event))
        else:
            try:
                _require_time(begun)
                starts = list(_occurrences(event, apart.get(str(event.get("UID", "")), set())))
            except (ValueError, TypeError, KeyError, OverflowError):
                odd += 1
                starts = [event["DTSTART"].dt]
            rows += [_row(event, start, repeated=True) for start in starts]
    notes = [f"{odd} việc lặp lại theo cách chưa hiểu được, chỉ hiện lần đầu."] if odd else []
    return table(COLUMNS, rows, notes=notes)


def _require_time(begun: float) -> None:
    if time.monotonic() - begun > BUDGET_S:
        msg = "rules that take too long"
        raise ValueError(msg)


def _calendar(raw: bytes) -> Any:
    try:
        content = raw.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        msg = "lịch không phải UTF-8"
        raise SourceRefused(msg) from None
    if not content.upper().startswith("BEGIN:VCALENDAR") or not content.upper().endswith("END:VCALENDAR"):
        msg = "không phải lịch ICS trọn vẹn"
        raise SourceRefused(msg)
    try:
        return Calendar.from_ical(content)
    except (ValueError, KeyError, IndexError, TypeError):
        msg = "không phải lịch ICS trọn vẹn"
        raise SourceRefused(msg) from None


def _overrides(events: list[Any]) -> dict[str, set[datetime]]:
    """Return, for each event, the occurrences that are told apart: moved or cancelled."""
    found: dict[str, set[datetime]] = {}
    for one in events:
        if "RECURRENCE-ID" in one:
            found.setdefault(str(one.get("UID", "")), set()).add(_instant(one["RECURRENCE-ID"].dt))
    return found


def _occurrences(event: Any, elsewhere: set[datetime]) -> Iterator[Moment]:
    """Return when an event takes place, in the wall clock of its own zone, without what is told apart or left out (EXDATE)."""
    first = event["DTSTART"].dt
    zone = first.tzinfo or clock.ZONE if isinstance(first, datetime) else clock.ZONE
    out = {_instant(one.dt) for one in _listed(event, "EXDATE")} | elsewhere
    starts = {_wall(first, zone), *(_wall(_start(one.dt), zone) for one in _listed(event, "RDATE"))}
    begin, end = (_wall(clock.now() + by, zone) for by in (-BEFORE, AFTER))
    rules = event.get("RRULE", [])
    for rule in rules if isinstance(rules, list) else [rules]:
        starts.update(_ruled(rule.to_ical().decode(), _wall(first, zone), end, zone))
    shown = 0
    for start in sorted(starts):
        moment: Moment = start.replace(tzinfo=zone) if isinstance(first, datetime) else start.date()
        if not begin <= start <= end or _instant(moment) in out:
            continue
        shown += 1
        if shown > MOST_OCCURRENCES:
            raise ValueError(shown)
        yield moment


def _ruled(rule: str, first: datetime, end: datetime, zone: tzinfo) -> Iterator[datetime]:
    """Return the starts a rule gives up to an end. Without the zone: an event at eight is at eight on both sides of summer time."""
    told: dict[str, str] = dict(_ENDS.findall(rule))
    if any(f"FREQ={often}" in rule for often in _TOO_OFTEN):
        raise ValueError(rule)
    if until := told.get("UNTIL"):
        end = min(end, _until(until, zone))
    plain = f"{_ENDS.sub('', rule).lstrip(';')};UNTIL={end:%Y%m%dT%H%M%S}"
    return islice(rrulestr(plain, dtstart=first), int(told["COUNT"]) if "COUNT" in told else None)


def _until(written: str, zone: tzinfo) -> datetime:
    if len(written) == 8:
        return datetime.combine(datetime.strptime(written, "%Y%m%d").date(), hour.max)  # noqa: DTZ007 - a day
    found = datetime.strptime(written.removesuffix("Z"), "%Y%m%dT%H%M%S")  # noqa: DTZ007 - its zone follows
    return _wall(found.replace(tzinfo=UTC), zone) if written.endswith("Z") else found


def _listed(event: Any, name: str) -> list[Any]:
    told = event.get(name, [])
    return [one for part in (told if isinstance(told, list) else [told]) for one in part.dts]


def _start(moment: Any) -> Moment:
    return moment[0] if isinstance(moment, tuple) else moment  # type: ignore[no-any-return]


def _wall(moment: Moment, zone: tzinfo) -> datetime:
    """Return a moment as a clock on the wall of a zone shows it."""
    if not isinstance(moment, datetime):
        return datetime.combine(moment, hour())
    return moment.astimezone(zone).replace(tzinfo=None) if moment.tzinfo else moment


def _instant(moment: Moment) -> datetime:
    told = moment if isinstance(moment, datetime) else datetime.combine(moment, hour())
    return (told if told.tzinfo else told.replace(tzinfo=clock.ZONE)).astimezone(UTC)


def _row(event: Mapping[str, Any], start: Moment | None, *, repeated: bool) -> list[str]:
    uid = str(event.get("UID", ""))
    mark = f"{uid}/{_written(start)}" if repeated and start is not None else uid
    end = _end(event, start) if start is not None else None
    words = [str(event.get(name, "")) for name in ("SUMMARY", "LOCATION", "DESCRIPTION", "URL")]
    return [mark, words[0], words[1], _written(start), _written(end), words[2], words[3]]


def _end(event: Mapping[str, Any], start: Moment) -> Moment | None:
    if "DURATION" in event:
        return start + event["DURATION"].dt  # type: ignore[no-any-return]
    if "DTEND" not in event:
        return None
    first, last = event["DTSTART"].dt, event["DTEND"].dt
    return last if start == first else start + (_instant(last) - _instant(first))


def _written(moment: Moment | None) -> str:
    if moment is None:
        return ""
    if not isinstance(moment, datetime):
        return moment.isoformat()
    return (moment if moment.tzinfo else moment.replace(tzinfo=clock.ZONE)).isoformat(timespec="minutes")
