"""Opening hours as offices write them: understood, or left alone."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smarthd.connectors.rules.opening import Opening, spans, stands

MIDNIGHT = datetime(2026, 11, 30)  # noqa: DTZ001 - local, as the rule asks


@pytest.mark.parametrize(
    ("written", "hours"),
    [
        ("7:30–17:00", ((450, 1020),)),
        ("7h30 - 11h30, 13h30 - 17h", ((450, 690), (810, 1020))),
        ("Từ 7 giờ đến 21 giờ", ((420, 1260),)),
        ("7 giờ 30 đến 11 giờ và 13 giờ đến 16 giờ 30", ((450, 660), (780, 990))),
        ("24/24", ((0, 1440),)),
        ("24/24h", ((0, 1440),)),
        ("22:00-6:00", ((1320, 1800),)),
        ("0:00-24:00", ((0, 1440),)),
    ],
)
def test_hours_are_read_as_they_are_written(written, hours):
    assert spans(written) == hours


@pytest.mark.parametrize(
    "written",
    ["", "giờ hành chính", "thứ Hai đến thứ Sáu", "7:30–17:00 (trừ Chủ nhật)", "7:75-17:00", "25:00-26:00", "7:00-7:00", "7:30", "8:00-11:00, chiều nghỉ"],
)  # fmt: skip
def test_what_is_written_otherwise_is_not_guessed(written):
    assert spans(written) == ()
    assert stands(written, MIDNIGHT) is None


@pytest.mark.parametrize(
    ("hour", "stand"),
    [
        (7, Opening(within=False, turns_at="7:30")),
        (8, Opening(within=True, turns_at="11:30")),
        (12, Opening(within=False, turns_at="13:30")),
        (17, Opening(within=False, turns_at="7:30", tomorrow=True)),
    ],
)
def test_it_is_said_when_that_turns(hour, stand):
    assert stands("7:30–11:30, 13:30–17:00", MIDNIGHT + timedelta(hours=hour)) == stand


def test_a_night_goes_on_after_midnight():
    assert stands("22:00-6:00", MIDNIGHT + timedelta(hours=5)) == Opening(within=True, turns_at="6:00")
    assert stands("22:00-6:00", MIDNIGHT + timedelta(hours=6)) == Opening(within=False, turns_at="22:00")


EVE, HOLIDAY, AFTER = (MIDNIGHT.date() + timedelta(days=one) for one in (-1, 0, 1))


@pytest.mark.parametrize(
    ("written", "hours_since_midnight", "off"),
    [
        ("7:30–17:00", 8, HOLIDAY),  # would be open
        ("7:30–17:00", 6, HOLIDAY),  # would open today
        ("7:30–17:00", 20, HOLIDAY),  # would open tomorrow: it is still the holiday
        ("7:30–17:00", -16, None),  # the eve, within the hours
        ("7:30–17:00", -2, HOLIDAY),  # the eve, after them: would open on the holiday
        ("7:30–17:00", -20, None),  # the eve, before them
        ("7:30–17:00", 24 + 8, None),
        ("7:30–17:00", 24 + 20, None),
        ("22:00–6:00", -1, None),  # the night that begins on the eve
        ("22:00–6:00", 2, HOLIDAY),
        ("22:00–6:00", 24 + 2, HOLIDAY),  # the night that began on the holiday
        ("22:00–6:00", 24 + 7, None),
        ("24/24", 8, None),
        ("0:00-24:00", -1, None),
    ],
)
def test_on_a_day_off_nothing_is_claimed_by_hours_of_other_days(written, hours_since_midnight, off):
    stand = stands(written, MIDNIGHT + timedelta(hours=hours_since_midnight), {HOLIDAY})
    assert stand is not None
    assert stand.off == off
    plain = stands(written, MIDNIGHT + timedelta(hours=hours_since_midnight))
    assert plain is not None
    assert plain.off is None


@given(hour=st.integers(0, 23), written=st.sampled_from(["7:30–17:00", "22:00–6:00"]))
def test_among_days_off_it_is_today_that_is_named(hour, written):
    stand = stands(written, MIDNIGHT + timedelta(hours=hour), {EVE, HOLIDAY, AFTER})
    assert stand is not None
    assert stand.off == HOLIDAY


@given(begin=st.integers(0, 1439), length=st.integers(1, 1439), minute=st.integers(0, 1439))
def test_within_is_what_the_hours_say(begin, length, minute):
    end = (begin + length) % 1440
    written = f"{begin // 60}:{begin % 60:02}–{end // 60}:{end % 60:02}"
    stand = stands(written, MIDNIGHT + timedelta(minutes=minute))
    assert stand is not None
    assert stand.within == ((minute - begin) % 1440 < length)
