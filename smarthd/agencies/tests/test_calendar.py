"""Working time: the schedules of 2024 to 2026, and what holds for every calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smarthd.agencies import calendar
from smarthd.agencies.models import CalendarDay
from smarthd.agencies.rules import Kind, Role
from smarthd.agencies.rules.calendar import (
    ZONE,
    Confidence,
    DayKind,
    NeverOpen,
    Opening,
    WorkingCalendar,
)
from smarthd.agencies.tests import make
from smarthd.kernel.errors import NotAllowed

STATE = WorkingCalendar({line.day: line.kind for line in calendar.shipped_schedule() if line.in_force})


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        ("2024-02-07", True),  # the last day before Tết Giáp Thìn
        *((f"2024-02-{day:02}", False) for day in range(8, 15)),
        ("2024-02-15", True),
        ("2024-04-17", True),
        ("2024-04-18", False),  # Giỗ Tổ, a Thursday
        ("2024-04-19", True),
        ("2024-04-20", False),  # a Saturday
        ("2024-04-29", False),  # swapped
        ("2024-05-04", True),  # worked for it
        ("2024-05-11", False),
        ("2024-09-03", False),
        ("2024-09-04", True),
        *((f"2025-01-{day}", False) for day in range(27, 32)),
        ("2025-02-03", True),
        ("2025-04-26", True),
        ("2025-05-02", False),
        ("2025-09-01", False),
        ("2026-01-02", False),
        ("2026-01-10", True),
        *((f"2026-02-{day}", False) for day in range(14, 23)),
        ("2026-02-23", True),
        ("2026-04-27", False),
        ("2026-08-22", True),
        ("2026-08-31", False),
        ("2026-11-24", True),  # announced as a policy only
        ("2027-01-01", False),
        ("2027-02-04", True),
        *((f"2027-02-{day:02}", False) for day in range(5, 11)),  # off whichever five days the Prime Minister chooses
        ("2027-04-16", False),
        ("2027-05-03", False),
        ("2027-09-02", False),
    ],
)
def test_the_state_schedule_says_which_days_are_worked(day: str, worked: bool) -> None:
    assert STATE.is_working_day(date.fromisoformat(day)) is worked


def test_every_swap_has_two_sides_and_falls_on_fitting_weekdays() -> None:
    lines = calendar.shipped_schedule()
    off = [line for line in lines if line.kind is DayKind.SWAPPED_OFF]
    worked = [line for line in lines if line.kind is DayKind.SWAPPED_ON]
    assert len(off) == len(worked) == 4
    assert all(line.day.weekday() < 5 for line in off)
    assert all(line.day.weekday() >= 5 for line in worked)
    assert [line.day for line in lines] == sorted({line.day for line in lines})
    assert all(line.source and line.name for line in lines)


@pytest.mark.parametrize(
    ("words", "due"),
    [
        (("before", "2024-04-20"), "2024-04-19T17:00"),  # the order's own deadline
        (("before", "2024-04-19"), "2024-04-17T17:00"),  # Thursday 18/4 was Giỗ Tổ
        (("before", "2024-04-17"), "2024-04-16T17:00"),
        (("on", "2024-04-19"), "2024-04-19T17:00"),
        (("on", "2024-04-20"), "2024-04-22T17:00"),
        (("on", "2024-05-04"), "2024-05-04T17:00"),
    ],
)
def test_deadlines_of_orders_end_at_five_on_a_working_day(words: tuple[str, str], due: str) -> None:
    how, day = words
    ends = {"before": STATE.due_before, "on": STATE.due_on}[how](date.fromisoformat(day))
    assert ends == local(due)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2024-04-01T07:30", 8, "2024-04-01T17:00"),
        ("2024-04-01T09:00", 4, "2024-04-01T14:30"),
        ("2024-04-01T21:00", 1, "2024-04-02T08:30"),
        ("2024-04-05T16:00", 2, "2024-04-08T08:30"),
        ("2024-04-17T16:30", 1, "2024-04-19T08:00"),
        ("2024-05-03T16:30", 1, "2024-05-04T08:00"),
        ("2024-04-01T12:30", 0, "2024-04-01T12:30"),
    ],
)
def test_working_hours_run_only_while_the_office_is_open(start: str, hours: float, end: str) -> None:
    assert STATE.add_working_hours(local(start), hours) == local(end)


DAYS = st.dates(date(2024, 1, 1), date(2026, 12, 31))
SPECIAL = st.dictionaries(DAYS, st.sampled_from(list(DayKind)), max_size=40)
INSTANTS = st.datetimes(datetime(2024, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
MINUTES = st.integers(0, 60 * 8 * 30)
WEEKS = st.dictionaries(
    st.integers(0, 6),
    st.sampled_from([
        (Opening(time(7), time(11)),),
        (Opening(time(8), time(12)), Opening(time(13), time(17))),
        (Opening(time(0), time(23, 59)),),
    ]),
    min_size=1,
)  # fmt: skip
CALENDARS = st.builds(WorkingCalendar, SPECIAL, WEEKS)


@given(CALENDARS, DAYS, st.integers(1, 60))
def test_adding_then_subtracting_working_days_comes_back_to_a_worked_day(
    works: WorkingCalendar, day: date, count: int
) -> None:
    there = works.add_working_days(day, count)
    assert works.is_working_day(there)
    assert works.working_days_between(day, there) == count
    assert works.add_working_days(there, -count) == works.previous_working_day(day)


@given(CALENDARS, DAYS, DAYS, st.integers(-30, 30))
def test_adding_working_days_keeps_the_order_of_days(
    works: WorkingCalendar, one: date, other: date, count: int
) -> None:
    early, late = sorted([one, other])
    assert works.add_working_days(early, count) <= works.add_working_days(late, count)


@given(CALENDARS, INSTANTS, MINUTES)
def test_the_time_between_a_start_and_its_term_is_the_term(
    works: WorkingCalendar, instant: datetime, minutes: int
) -> None:
    end = works.add_working_hours(instant, minutes / 60)
    assert end >= instant
    assert abs(works.working_time_between(instant, end) - timedelta(minutes=minutes)) < timedelta(milliseconds=1)


@given(CALENDARS, INSTANTS, INSTANTS, MINUTES, MINUTES)
def test_terms_are_monotone_in_start_and_length(
    works: WorkingCalendar, one: datetime, other: datetime, few: int, more: int
) -> None:
    early, late = sorted([one, other])
    assert works.add_working_hours(early, few / 60) <= works.add_working_hours(late, few / 60)
    assert works.add_working_hours(early, min(few, more) / 60) <= works.add_working_hours(early, max(few, more) / 60)


def test_a_week_without_an_opening_is_refused() -> None:
    with pytest.raises(NeverOpen):
        WorkingCalendar({}, {0: ()})


@pytest.mark.django_db
def test_the_table_overrules_what_was_shipped_and_agencies_keep_their_own_hours() -> None:
    world = make.world()
    line = calendar.ScheduleLine(
        date(2026, 11, 24), DayKind.HOLIDAY, "Ngày Văn hóa Việt Nam", "Văn bản thi hành", Confidence.OFFICIAL
    )
    assert calendar.is_working_day(line.day)
    calendar.set_day(line, actor=make.officer(world.province, Role.ADMINISTRATOR), now=make.NOW)
    assert not calendar.is_working_day(line.day)
    saturday = date(2024, 4, 6)
    hours = {5: (Opening(time(7, 0), time(11, 0)),), 0: (Opening(time(7, 0), time(11, 0)),)}
    calendar.set_office_hours(world.school, hours, actor=make.SYSTEM, now=make.NOW)
    assert calendar.is_working_day(saturday, world.school)
    assert not calendar.is_working_day(saturday)
    received = local("2024-04-05T08:00")
    assert calendar.deadline(received_at=received, working_hours=3, agency_id=world.school) == local("2024-04-06T10:00")
    assert calendar.due_before(date(2024, 4, 20)) == local("2024-04-19T17:00")


@pytest.mark.django_db
@pytest.mark.parametrize(("where", "second_factor"), [("district", True), ("department", True), ("province", False)])
def test_only_the_provinces_administrator_writes_the_schedule(where: str, second_factor: bool) -> None:
    world = make.world()
    actor = make.officer(getattr(world, where), Role.ADMINISTRATOR, second_factor=second_factor)
    line = calendar.ScheduleLine(date(2024, 4, 2), DayKind.HOLIDAY, "x", "y", Confidence.OFFICIAL)
    with pytest.raises(NotAllowed):
        calendar.set_day(line, actor=actor, now=make.NOW)
    assert not CalendarDay.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "week",
    [
        {0: (Opening(time(8), time(8)),)},
        {0: (Opening(time(8), time(12)), Opening(time(11), time(17)))},
        {7: (Opening(time(8), time(12)),)},
        {0: ()},
    ],
)
def test_impossible_office_hours_are_refused(week: dict[int, tuple[Opening, ...]]) -> None:
    world = make.world()
    with pytest.raises(calendar.OfficeHoursWrong):
        calendar.set_office_hours(world.school, week, actor=make.SYSTEM, now=make.NOW)


def test_kinds_of_committees_cover_the_three_levels() -> None:
    from smarthd.agencies.rules import COMMITTEE_OF

    assert set(COMMITTEE_OF) == {"province", "district", "commune"}
    assert set(COMMITTEE_OF.values()) <= set(Kind)
