"""Numbers and findings in words."""

from __future__ import annotations

from datetime import date

import pytest

from smarthd.insights import rules, wording
from smarthd.insights.material import Point
from smarthd.insights.tests import make


@pytest.mark.parametrize(
    ("ratio", "words"),
    [(0.96, "96,0%"), (1.24, "124,0%"), (12.3456, "1.234,6%"), (0.99999, "99,9%"), (1.0, "100,0%"), (0.00001, "dưới 0,1%"), (0.0, "0,0%"), (None, "–")],
)  # fmt: skip
def test_a_share_is_never_rounded_into_what_it_is_not(ratio, words):
    assert wording.percent(ratio) == words


def test_a_count_has_dots_between_thousands():
    assert wording.count(1234567) == "1.234.567"


@pytest.mark.parametrize(
    ("day", "words"), [(date(2024, 4, 9), "ngày 09 tháng 4 năm 2024"), (date(2024, 1, 20), "ngày 20 tháng 01 năm 2024")]
)
def test_a_date_is_written_as_the_decree_writes_it(day, words):
    assert wording.long_day(day) == words


def test_a_figure_without_base_says_so_instead_of_a_share():
    assert wording.of_base(make.cell("citizen", 12, None)) == "12 người (chưa có mẫu số)"
    assert wording.of_base(make.cell("citizen", 3, 100, "hidden")) == "ẩn (dưới 10 người)"
    assert wording.of_base(make.cell("citizen", None, 100)) == wording.NOTHING_YET


def test_a_trend_says_how_many_points_it_moved():
    points = [Point(date(2024, 4, 1), 0.71), Point(date(2024, 4, 8), 0.83)]
    assert wording.trend_finding("Nam Sách", points) == "Nam Sách đạt 83,0% vào 8/4/2024, tăng 12,0 điểm trong 7 ngày."


@pytest.mark.parametrize(("share", "group"), [(0.0, 1), (0.5, 2), (0.9999, 5), (1.0, 6), (1.3, 6)])
def test_a_share_falls_in_one_class(share, group):
    assert rules.class_of(share) == group
