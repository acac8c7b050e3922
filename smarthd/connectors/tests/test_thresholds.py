"""Alarm levels: reached at once, left only clearly below, never guessed from silence."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smarthd.connectors.rules import thresholds
from smarthd.connectors.rules.thresholds import Levels, judge
from smarthd.connectors.tests import make

LEVELS = Levels(1.0, 2.0, 3.0, step=0.2)


@pytest.mark.parametrize(
    ("before", "value", "after"),
    [
        (0, 0.99, 0),
        (0, 1.0, 1),
        (0, 3.5, 3),
        (1, 0.85, 1),
        (1, 0.8, 0),
        (3, 2.9, 3),
        (3, 2.8, 2),
        (3, 1.9, 2),
        (3, 0.1, 0),
        (2, 2.0, 2),
    ],
)
def test_a_level_is_left_only_a_step_below_it(before, value, after):
    assert judge(before, value, LEVELS) == after


floats = st.floats(-10, 10)


@given(st.integers(0, 3), floats, floats)
def test_a_higher_reading_never_leads_to_a_lower_level(before, one, other):
    low, high = min(one, other), max(one, other)
    assert judge(before, low, LEVELS) <= judge(before, high, LEVELS)


@given(st.integers(0, 3), floats)
def test_the_same_reading_again_changes_nothing(before, value):
    once = judge(before, value, LEVELS)
    assert judge(once, value, LEVELS) == once


@given(floats, st.floats(0, 0.19))
def test_trembling_less_than_the_step_raises_one_alarm(base, tremor):
    level, rises = judge(0, base, LEVELS), 0
    for value in [base - tremor, base] * 5:
        after = judge(level, value, LEVELS)
        rises += after > level
        level = after
    assert rises == 0


def test_silence_is_told_from_age():
    assert thresholds.is_stale(measured_at=None, minutes=60, now=make.NOW)
    assert not thresholds.is_stale(measured_at=make.NOW - timedelta(minutes=60), minutes=60, now=make.NOW)
    assert thresholds.is_stale(measured_at=make.NOW - timedelta(minutes=61), minutes=60, now=make.NOW)


@pytest.mark.parametrize(
    ("levels", "field"),
    [
        (Levels(2, 1), "level_2"),
        (Levels(1, None, 3), "level_3"),
        (Levels(1, 2, 2), "level_3"),
        (Levels(1, step=-1), "step"),
    ],
)
def test_levels_that_do_not_rise_are_refused(levels, field):
    assert field in thresholds.problems(levels, stale_minutes=60)
