"""Which days are working days, for the legal clocks. A higher context that keeps the State's calendar may lend it."""

from __future__ import annotations

from datetime import date

from smarthd.people import rules

_lent: list[rules.IsWorkingDay] = []


def lend(is_working_day: rules.IsWorkingDay) -> None:
    """Use this calendar from now on; called once, when the higher context is ready."""
    _lent[:] = [is_working_day]


def is_working_day(day: date) -> bool:
    """Say whether a day is a working day: by the calendar lent, else Monday to Friday."""
    return _lent[0](day) if _lent else rules.monday_to_friday(day)
