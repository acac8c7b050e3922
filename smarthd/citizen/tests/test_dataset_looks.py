"""What a row, a station and a chart say first, by their values alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smarthd.agencies.models import CalendarDay
from smarthd.citizen import dataset_rows, linechart, stations
from smarthd.connectors.rules.fields import Kind
from smarthd.connectors.rules.sources import Freshness
from smarthd.connectors.rules.templates import MOMENTS, TEMPLATES, moment_of, order_of
from smarthd.connectors.rules.thresholds import Levels
from smarthd.connectors.selectors.public import Dataset, RowView
from smarthd.connectors.selectors.sensors import StationLine
from smarthd.kernel import clock

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)  # 9:00 on Tuesday 24/11/2026


def shown(template: str) -> Dataset:
    made = TEMPLATES[template]
    return Dataset(
        id=1, key=template, title=made.title, summary="", agency_id=1, mapping=made.mapping, publication=made.publication, rows=1,
        freshness=Freshness.FRESH, confirmed_at=NOW, changed_at=NOW, promise_hours=24, licence="cc0-1.0", attribution="",
        illustrative=False, template=template, version=1,
    )  # fmt: skip


def told(template: str, **values: object) -> dataset_rows.Told:
    return dataset_rows.told(shown(template), RowView("1", "Một mục", values, None, None, None), now=NOW)


@pytest.mark.parametrize(
    ("template", "values", "figure"),
    [
        ("muc-phat", {"phat_tu": 4_000_000, "phat_den": 6_000_000}, "4.000.000 – 6.000.000\u00a0đ"),
        ("muc-phat", {"phat_tu": 500_000, "phat_den": 500_000}, "500.000\u00a0đ"),
        ("muc-phat", {"phat_den": 500_000}, "500.000\u00a0đ"),
        ("phi-le-phi", {"muc_thu": 8_000, "don_vi_tinh": "một bản"}, "8.000\u00a0đ\u00a0/ bản"),
        ("bang-gia-dat", {"gia": 1_500_000, "don_vi_tinh": "m²"}, "1.500.000\u00a0đ\u00a0/ m²"),
        ("du-lich-di-tich", {"gia_ve": 0}, "Miễn phí"),
        ("muc-nuoc-mua", {"gia_tri": 1.52, "don_vi_do": "m"}, "1,52 m"),
        ("luong-mua", {"gia_tri": 0, "don_vi_do": "mm"}, "0 mm"),
        ("truong-hoc", {"chi_tieu_tuyen_sinh": 90}, ""),
    ],
)
def test_the_sum_is_said_with_its_unit(template, values, figure):
    assert told(template, **values).figure == figure


@pytest.mark.parametrize(
    ("template", "values", "when"),
    [
        ("cat-dien-nuoc", {"tu": "2026-11-24T08:00", "den": "2026-11-24T11:00"}, "08:00–11:00, hôm nay"),
        ("cat-dien-nuoc", {"tu": "2026-11-25T08:00", "den": "2026-11-25T11:00"}, "08:00–11:00, ngày mai"),
        ("nha-thuoc-truc", {"truc_tu": "2026-11-24T21:00", "truc_den": "2026-11-25T06:00"}, "21:00 hôm nay – 06:00 ngày mai"),
        ("viec-lam", {"han_nop": "2026-12-04"}, "Hạn nộp: thứ Sáu 4/12, còn 10 ngày"),
        ("viec-lam", {"han_nop": "2026-11-24"}, "Hạn nộp: hôm nay"),
        ("viec-lam", {}, ""),
    ],
)  # fmt: skip
def test_the_hour_is_said_as_people_say_it(template, values, when):
    assert told(template, **values).when == when


@pytest.mark.django_db
def test_open_is_what_the_hours_say_and_going_on_what_the_clock_says():
    assert told("nha-thuoc", gio_mo_cua="7:00–21:00").stand == dataset_rows.Stand("ok", "Đang giờ mở cửa, đến 21:00")
    assert told("nha-thuoc", gio_mo_cua="13:30–17:00").stand == dataset_rows.Stand("plain", "Ngoài giờ, mở lúc 13:30")
    assert told("nha-thuoc", gio_mo_cua="hỏi chủ quầy").stand is None
    going = told("cat-dien-nuoc", tu="2026-11-24T08:00", den="2026-11-24T11:00").stand
    assert going == dataset_rows.Stand("warn", "Đang diễn ra")
    assert told("cat-dien-nuoc", tu="2026-11-24T09:30", den="2026-11-24T11:00").stand is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("at", "values", "words"),
    [
        ((9, 1, 20), {}, "Hôm nay là ngày lễ (Quốc khánh), giờ có thể khác: hỏi trước khi đến"),
        ((9, 2, 9), {"dien_thoai": "02203123456"}, "Hôm nay là ngày lễ (Quốc khánh), giờ có thể khác: gọi trước khi đến"),
        ((8, 30, 20), {}, "Ngoài giờ; ngày mai là ngày nghỉ (Nghỉ hoán đổi với thứ Bảy 22/8/2026), giờ có thể khác: hỏi trước khi đến"),
        ((8, 30, 9), {}, "Đang giờ mở cửa, đến 17:00"),
        ((9, 2, 9), {"gio_mo_cua": "24/24"}, "Mở cả ngày đêm"),
        ((9, 3, 2), {"gio_mo_cua": "20:00–6:00"}, "Hôm qua là ngày lễ (Quốc khánh), giờ có thể khác: hỏi trước khi đến"),
        ((9, 3, 9), {}, "Đang giờ mở cửa, đến 17:00"),
        ((11, 24, 9), {}, "Đang giờ mở cửa, đến 17:00"),  # proposed, not in force
    ],
)  # fmt: skip
def test_on_a_public_holiday_nothing_is_claimed_of_the_hours(at, values, words):
    month, day, hour = at
    now = datetime(2026, month, day, hour, tzinfo=clock.ZONE)
    row = RowView("1", "Một mục", {"gio_mo_cua": "7:30–17:00", **values}, None, None, None)
    stand = dataset_rows.stand(shown("nha-thuoc"), row, now=now)
    assert stand is not None
    assert stand.words == words


@pytest.mark.django_db
def test_the_days_off_are_remembered_and_the_provinces_own_count(django_assert_num_queries):
    now = datetime(2026, 11, 24, 9, tzinfo=clock.ZONE)
    row = RowView("1", "Một mục", {"gio_mo_cua": "7:30–17:00"}, None, None, None)
    CalendarDay.objects.create(
        day=now.date(), kind="holiday", name="Ngày Văn hóa Việt Nam", source="Luật", confidence="official"
    )
    with django_assert_num_queries(1):
        told_ = [dataset_rows.stand(shown("nha-thuoc"), row, now=now) for _again in range(20)]
    assert {one.words for one in told_ if one} == {
        "Hôm nay là ngày lễ (Ngày Văn hóa Việt Nam), giờ có thể khác: hỏi trước khi đến"
    }


def test_a_yes_is_its_fields_name_a_no_is_not_said_and_the_number_can_be_called():
    one = told("nha-thuoc", loai="Nhà thuốc", xa_phuong="Xã A", truc_dem="Có", dien_thoai="02203123456")
    assert one.kinds == "Nhà thuốc · Xã A · Trực đêm"
    assert (one.phone, one.phone_said) == ("02203123456", "0220 3123 456")
    assert told("nha-thuoc", loai="Nhà thuốc", truc_dem="Không").kinds == "Nhà thuốc"


def test_rows_stand_under_the_day_they_begin_on():
    rows = [
        told("cat-dien-nuoc", tu=at, den="2026-11-30T11:00")
        for at in ("2026-11-23T08:00", "2026-11-24T10:00", "2026-11-25T08:00", "2026-11-27T08:00")
    ]
    found = dataset_rows.by_day(shown("cat-dien-nuoc"), rows, today=NOW.date())
    assert [(heading, len(under)) for heading, under in found] == [
        ("Hôm nay, 24/11", 2), ("Ngày mai, 25/11", 1), ("Thứ Sáu 27/11", 1),
    ]  # fmt: skip
    assert [heading for heading, _under in dataset_rows.by_day(shown("ocop"), rows, today=NOW.date())] == [""]


def station(value: float | None, **known: Any) -> StationLine:
    return StationLine(
        name=known.get("name", "Bến A"), quantity="Mực nước", measure="m", value=value, at=NOW, stale=known.get("stale", False),
        level=known.get("level", 0), words="", levels=Levels(2.0, 2.6, 3.2, step=0.1),
    )  # fmt: skip


def points(*values: float) -> list[tuple[datetime, float]]:
    return [(NOW + timedelta(hours=n), value) for n, value in enumerate(values)]


@pytest.mark.parametrize(
    ("values", "trend", "words"),
    [
        ((1.0, 1.2, 1.4, 1.6), "up", "đang lên 0,6 m trong 3 giờ"),
        ((1.6, 1.4, 1.2, 1.0), "down", "đang xuống 0,6 m trong 3 giờ"),
        ((1.0, 1.5, 1.5, 1.01), "steady", "gần như không đổi trong 3 giờ"),
        ((1.0, 1.2), "", ""),
        ((), "", ""),
    ],
)
def test_a_river_rises_falls_or_stands_by_what_it_was_three_hours_before(values, trend, words):
    [one] = stations.told([station(1.0)], {"Bến A": points(*values)})
    assert (one.trend, one.tendency) == (trend, words)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (1.5, "còn 0,5 m tới báo động I"),
        (2.0, "còn 0,6 m tới báo động II"),
        (3.0, "còn 0,2 m tới báo động III"),
        (3.5, "trên báo động III 0,3 m"),
    ],
)
def test_it_is_said_how_far_the_next_level_is(value, words):
    assert stations.distance(station(value)) == words


def test_the_station_in_most_danger_comes_first_and_a_silent_one_says_neither_rise_nor_distance():
    lines = [station(1.0, name="A"), station(2.9, name="B", level=2), station(2.1, name="C", level=1), station(3.9, name="D", level=3, stale=True)]  # fmt: skip
    found = stations.told(lines, {name: points(1.0, 1.2, 1.4, 1.6) for name in "ABCD"})
    assert [one.line.name for one in found] == ["B", "C", "A", "D"]
    assert (found[-1].tendency, found[-1].distance) == ("", "")
    assert stations.told([station(None)], {})[0].gauge is None


@given(value=st.floats(-5, 20), first=st.floats(0.1, 5), second=st.floats(0.1, 5), third=st.floats(0.1, 5))
def test_a_gauge_holds_its_levels_in_order_and_within_itself(value, first, second, third):
    found = stations.gauge(value, Levels(first, first + second, first + second + third))
    places = [tick.x for tick in found.ticks]
    assert places == sorted(places)
    assert 0 < places[0] <= places[-1] <= stations.WIDTH
    assert 0 <= found.filled <= stations.WIDTH


@given(low=st.floats(-1e6, 1e6), span=st.floats(1e-3, 1e7))
def test_a_chart_is_read_by_a_few_round_values_between_its_ends(low, span):
    found = linechart.steps(low, low + span)
    assert 1 <= len(found) <= linechart.MOST_STEPS + 1
    assert found == sorted(found)
    assert all(low - span * 1e-6 <= one <= low + span * (1 + 1e-6) for one in found)


def test_a_charts_values_bear_their_unit():
    found = linechart.draw([("A", "2026-11-24", 9.0), ("A", "2026-11-25", 12.0)], kind=Kind.NUMBER, measure="mm")
    assert found is not None
    assert (found.low, found.high, found.lines[0].last) == ("9 mm", "12 mm", "12 mm")
    assert all(step.value.endswith(" mm") for step in found.grid)


def test_every_template_belongs_to_one_moment_of_life():
    named = [key for keys in MOMENTS.values() for key in keys]
    assert sorted(named) == sorted(TEMPLATES)
    assert order_of("cat-dien-nuoc") < order_of("camera") < order_of("khong-co") == order_of("")
    assert moment_of("khong-co") == moment_of("") == list(MOMENTS)[-1]
