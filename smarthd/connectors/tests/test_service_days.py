"""Days of service as people write them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smarthd.connectors.rules.service_days import ServiceDays, understood, written

MONDAY = date(2026, 11, 23)


def runs(words: str) -> str:
    return "".join("x" if understood(words).runs_on(MONDAY + timedelta(days=n)) else "." for n in range(7))


@pytest.mark.parametrize(
    ("words", "week"),
    [
        ("hằng ngày", "xxxxxxx"),
        ("", "xxxxxxx"),
        ("thứ Hai, thứ Ba", "xx....."),
        ("Thứ 2 đến thứ 6", "xxxxx.."),
        ("T2–T6; nghỉ 25/11/2026", "xx.xx.."),
        ("Chủ nhật", "......x"),
        ("cuối tuần", ".....xx"),
        ("hằng ngày; từ 24/11/2026 đến 26/11/2026", ".xxx..."),
        ("thứ Hai; thêm 28/11/2026, 29/11/2026", "x....xx"),
        ("thêm 28/11/2026", ".....x."),
        ("chỉ khi trời nắng", "xxxxxxx"),
        ("25/11/2026, 27/11/2026", "..x.x.."),
        ("24/11/2026, 26/11/2026 và 30 ngày khác", ".x.xxxx"),
        ("thứ Hai, thứ Ba, từ 01/01/2026 đến 31/12/2026; thêm 28/11/2026; trừ 24/11/2026", "x....x."),
        ("thứ Hai, từ 01/01/2026 đến 31/12/2026; trừ 02/09/2026 và 3 ngày khác", "x......"),
        ("hằng ngày; nghỉ 31/02/2026", "xxxxxxx"),
    ],
)
def test_days_are_understood_as_people_write_them(words, week):
    assert runs(words) == week


days = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@given(
    st.frozensets(st.integers(0, 6)),
    st.frozensets(days, max_size=3),
    st.frozensets(days, max_size=3),
    st.tuples(days, days),
)
def test_what_is_written_is_read_back(weekdays, added, without, span):
    if not weekdays and not added:
        return
    first, last = (min(span), max(span)) if weekdays else (None, None)
    told = ServiceDays(weekdays, first, last, added, without)
    assert understood(written(told)) == told


def test_every_single_day_a_feed_names_is_read_back_however_many():
    from smarthd.connectors.adapters.documents import _listed_days
    from smarthd.kernel import clock

    clock.set_now(datetime(2026, 11, 24, 2, tzinfo=UTC))
    first, gtfs_days = MONDAY + timedelta(days=1), 40
    told = _listed_days([f"{first + timedelta(days=2 * n):%Y%m%d}" for n in range(gtfs_days)])
    clock.set_now(None)
    running = understood(told)
    assert [running.runs_on(first + timedelta(days=n)) for n in range(2 * gtfs_days)] == [True, False] * gtfs_days
    assert not running.runs_on(first + timedelta(days=2 * gtfs_days))
