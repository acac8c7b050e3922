"""Numbers, days and durations are written as people say them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import translation

from smarthd.ui import words

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)  # 8:00 on Tuesday in Hải Dương


@pytest.mark.parametrize(
    ("value", "digits", "vi", "en"),
    [
        (1234.5, 1, "1.234,5", "1,234.5"),
        (0, 0, "0", "0"),
        (1234567, 0, "1.234.567", "1,234,567"),
        (2.5, 0, "3", "3"),
        (-12.345, 2, "-12,35", "-12.35"),
        (None, 1, "–", "–"),
    ],
)
def test_numbers_follow_the_readers_language(value, digits, vi, en):
    with translation.override("vi"):
        assert words.number(value, digits) == vi
    with translation.override("en"):
        assert words.number(value, digits) == en


@pytest.mark.parametrize(("ratio", "said"), [(0.832, "83,2%"), (1.24, "124,0%"), (0, "0,0%"), (None, "–")])
def test_percentages_are_never_capped(ratio, said):
    assert words.percent(ratio) == said


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2026, 11, 24), "hôm nay"),
        (date(2026, 11, 25), "ngày mai"),
        (date(2026, 11, 23), "hôm qua"),
        (date(2026, 11, 26), "thứ Năm 26/11"),
        (date(2027, 1, 3), "Chủ nhật 3/1/2027"),
    ],
)
def test_days_near_today_have_names(day, said):
    assert words.day_in_words(day, date(2026, 11, 24)) == said


def test_a_deadline_is_said_with_hour_and_weekday():
    assert words.moment_in_words(datetime(2026, 11, 26, 10, 0, tzinfo=UTC), NOW) == "17 giờ thứ Năm 26/11"
    assert words.moment_in_words(datetime(2026, 11, 24, 0, 5, tzinfo=UTC), NOW) == "7 giờ 05 hôm nay"


@pytest.mark.parametrize(
    ("passed", "said"),
    [
        (timedelta(seconds=20), "vừa xong"),
        (timedelta(minutes=5), "5 phút trước"),
        (timedelta(hours=3), "3 giờ trước"),
        (timedelta(hours=25), "7 giờ hôm qua"),
    ],
)
def test_what_is_recent_is_said_as_time_passed(passed, said):
    assert words.ago(NOW - passed, NOW) == said


@pytest.mark.parametrize(
    ("days", "said"), [(2, "còn 2 ngày làm việc"), (0, "hạn là hôm nay"), (-3, "quá hạn 3 ngày làm việc")]
)
def test_working_days_left_are_said_in_words(days, said):
    assert words.working_days_left(days) == said


@pytest.mark.parametrize(("count", "said"), [(12, "12 B"), (2621440, "2,5 MB"), (1024, "1,0 kB")])
def test_sizes_of_files_are_short(count, said):
    assert words.size(count) == said
