"""Numbers, days and durations as people say them. Pure: the reader's language is Django's active translation."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from django.utils import formats
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from smarthd.kernel import clock

NOTHING = "–"


def number(value: float | Decimal | None, digits: int = 0) -> str:
    """Write ``1234.5`` as ``1.234,5`` (vi) or ``1,234.5`` (en), rounded half up; no value is a dash."""
    return NOTHING if value is None else _written(value, digits, get_language())


@lru_cache(maxsize=16_384)
def _written(value: float | Decimal, digits: int, _language: str | None) -> str:
    """Write a number in the active language; a table writes the same few thousand numbers again and again."""
    step = Decimal(1).scaleb(-digits)
    rounded = Decimal(str(value)).quantize(step, rounding=ROUND_HALF_UP)
    return formats.number_format(rounded, decimal_pos=digits, use_l10n=True, force_grouping=True)


def percent(ratio: float | Decimal | None, digits: int = 1) -> str:
    """Write the ratio ``0.832`` as ``83,2%``; above one it is never capped."""
    return NOTHING if ratio is None else f"{number(Decimal(str(ratio)) * 100, digits)}%"


def weekday(day: date) -> str:
    """Name the day of the week inside a sentence."""
    names = (_("thứ Hai"), _("thứ Ba"), _("thứ Tư"), _("thứ Năm"), _("thứ Sáu"), _("thứ Bảy"), _("Chủ nhật"))
    return names[day.weekday()]


def short_day(day: date | None) -> str:
    """Write a day as ``24/11/2026``."""
    return NOTHING if day is None else f"{day.day:02d}/{day.month:02d}/{day.year}"


def day_in_words(day: date, today: date) -> str:
    """Write ``hôm nay``, ``hôm qua``, ``ngày mai`` or ``thứ Năm 26/11`` (with the year when it is another year)."""
    near = {-1: _("hôm qua"), 0: _("hôm nay"), 1: _("ngày mai")}.get((day - today).days)
    if near is not None:
        return near
    plain = f"{day.day}/{day.month}" if day.year == today.year else f"{day.day}/{day.month}/{day.year}"
    return f"{weekday(day)} {plain}"


def hour_in_words(instant: datetime) -> str:
    """Write ``17 giờ`` or ``17 giờ 30`` (local time)."""
    local = instant.astimezone(clock.ZONE)
    if local.minute:
        return _("%(hour)d giờ %(minute)02d") % {"hour": local.hour, "minute": local.minute}
    return _("%(hour)d giờ") % {"hour": local.hour}


def moment_in_words(instant: datetime | None, now: datetime) -> str:
    """Write ``17 giờ thứ Năm 26/11``."""
    if instant is None:
        return NOTHING
    day = day_in_words(clock.day_of(instant), clock.day_of(now))
    return _("%(hour)s %(day)s") % {"hour": hour_in_words(instant), "day": day}


def moment_whole(instant: datetime | None) -> str:
    """Write ``17 giờ 30, 26/11/2026``: whole, so that it still says so when the page was printed or kept."""
    if instant is None:
        return NOTHING
    return f"{hour_in_words(instant)}, {short_day(instant.astimezone(clock.ZONE).date())}"


def ago(instant: datetime | None, now: datetime) -> str:
    """Write how long ago something was: ``vừa xong``, ``5 phút trước``, ``3 giờ trước``; older than a day, the moment."""
    if instant is None:
        return NOTHING
    passed = now - instant
    if passed < timedelta(minutes=1):
        return _("vừa xong")
    if passed < timedelta(hours=1):
        minutes = passed // timedelta(minutes=1)
        return ngettext("%(count)d phút trước", "%(count)d phút trước", minutes) % {"count": minutes}
    if passed < timedelta(hours=20):
        hours = passed // timedelta(hours=1)
        return ngettext("%(count)d giờ trước", "%(count)d giờ trước", hours) % {"count": hours}
    return moment_in_words(instant, now)


def working_days_left(days: int) -> str:
    """Say how many working days are left; negative days are overdue. The counting is the calendar's, not ours."""
    if days == 0:
        return _("hạn là hôm nay")
    if days < 0:
        return ngettext("quá hạn %(count)d ngày làm việc", "quá hạn %(count)d ngày làm việc", -days) % {"count": -days}
    return ngettext("còn %(count)d ngày làm việc", "còn %(count)d ngày làm việc", days) % {"count": days}


def size(count: int) -> str:
    """Write a number of bytes as ``2,5 MB``."""
    for unit, base in (("GB", 1 << 30), ("MB", 1 << 20), ("kB", 1 << 10)):
        if count >= base:
            return f"{number(count / base, 1)} {unit}"
    return f"{count} B"
