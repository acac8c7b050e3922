"""Promises about freshness: what is owed, since when, and how it stands."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

from smarthd.kernel.errors import Invalid

REMIND_EVERY = timedelta(days=7)
SOON = timedelta(days=7)
LONGEST_DAYS = 730


class Stand(StrEnum):
    """How a section stands against its promise."""

    NONE = "none"
    EMPTY = "empty"
    FRESH = "fresh"
    SOON = "soon"
    STALE = "stale"


STAND_WORDS = {
    Stand.NONE: "Chưa hẹn",
    Stand.EMPTY: "Chưa có bài",
    Stand.FRESH: "Đúng hẹn",
    Stand.SOON: "Sắp đến hẹn",
    Stand.STALE: "Quá hẹn",
}


class PromiseFaulty(Invalid):
    """A promise is out of reason, or its owner does not work there; facts: fields."""


def stand(*, promise_days: int | None, since: date | None, on: date) -> Stand:
    """Say how a section stands: ``since`` is the day of its newest page (news) or of its page longest not looked at."""
    if promise_days is None:
        return Stand.NONE
    if since is None:
        return Stand.EMPTY
    due = since + timedelta(days=promise_days)
    if due < on:
        return Stand.STALE
    return Stand.SOON if due - on <= SOON and promise_days > SOON.days else Stand.FRESH


def to_remind(*, stands: Stand, reminded_on: date | None, on: date) -> bool:
    """Say whether the owner is reminded today: when overdue, and then weekly."""
    return stands is Stand.STALE and (reminded_on is None or on - reminded_on >= REMIND_EVERY)
