"""Events that repeat, by the examples of RFC 5545 itself (3.8.5.3); and days a bus runs."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from smarthd.connectors.adapters import calendars, documents
from smarthd.connectors.tests import servers
from smarthd.kernel import clock

NY = "DTSTART;TZID=America/New_York:"


@pytest.fixture(autouse=True)
def _autumn_of_1997() -> Iterator[None]:
    clock.set_now(datetime(1997, 9, 2, 12, tzinfo=UTC))
    yield
    clock.set_now(None)


def starts(*lines: str) -> list[str]:
    table = calendars.ics_table(ics("\r\n".join(["BEGIN:VEVENT", "UID:1", *lines, "END:VEVENT"])))
    return [line.cells[3] for line in table.lines]


def ics(*events: str) -> bytes:
    head = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n"
    return (head + "\r\n".join(events) + "\r\nEND:VCALENDAR\r\n").encode()


# first day, rule, how many within a year, some of them as the RFC lists them
EXAMPLES = [
    ("0902", "RRULE:FREQ=DAILY;COUNT=10", 10, ["1997-09-02T09:00-04:00", "1997-09-11T09:00-04:00"]),
    ("0902", "RRULE:FREQ=DAILY;UNTIL=19971224T000000Z", 113, ["1997-10-26T09:00-05:00", "1997-12-23T09:00-05:00"]),
    ("0902", "RRULE:FREQ=WEEKLY;COUNT=10", 10, ["1997-10-28T09:00-05:00", "1997-11-04T09:00-05:00"]),
    ("0902", "RRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=8;WKST=SU;BYDAY=TU,TH", 8, ["1997-09-18T09:00-04:00", "1997-10-16T09:00-04:00"]),
    ("0922", "RRULE:FREQ=MONTHLY;COUNT=6;BYDAY=-2MO", 6, ["1997-10-20T09:00-04:00", "1998-02-16T09:00-05:00"]),
    ("0902", "RRULE:FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", 3, ["1998-02-13T09:00-05:00", "1998-03-13T09:00-05:00"]),
    ("0904", "RRULE:FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3", 3, ["1997-10-07T09:00-04:00", "1997-11-06T09:00-05:00"]),
]  # fmt: skip


@pytest.mark.parametrize(("first", "rule", "count", "some"), EXAMPLES, ids=[row[1] for row in EXAMPLES])
def test_rules_give_what_the_standard_lists(first, rule, count, some):
    found = starts(f"{NY}1997{first}T090000", rule)
    assert len(found) == count
    assert set(some) <= set(found)


def test_friday_the_thirteenth_without_its_first_day_as_the_standard_has_it():
    found = starts(f"{NY}19970902T090000", "EXDATE;TZID=America/New_York:19970902T090000", EXAMPLES[5][1])
    assert found == ["1998-02-13T09:00-05:00", "1998-03-13T09:00-05:00"]


def test_what_was_moved_cancelled_added_or_left_out_is_as_the_calendar_says():
    weekly = "BEGIN:VEVENT\r\nUID:a\r\nSUMMARY:Khám\r\nDTSTART;TZID=Asia/Ho_Chi_Minh:19970901T080000\r\nDURATION:PT2H\r\nRRULE:FREQ=WEEKLY;COUNT=5\r\nEXDATE;TZID=Asia/Ho_Chi_Minh:19970908T080000\r\nRDATE;TZID=Asia/Ho_Chi_Minh:19970903T140000\r\nEND:VEVENT"  # fmt: skip
    moved = "BEGIN:VEVENT\r\nUID:a\r\nSUMMARY:Khám, dời\r\nRECURRENCE-ID;TZID=Asia/Ho_Chi_Minh:19970915T080000\r\nDTSTART;TZID=Asia/Ho_Chi_Minh:19970916T090000\r\nEND:VEVENT"  # fmt: skip
    gone = "BEGIN:VEVENT\r\nUID:a\r\nSTATUS:CANCELLED\r\nRECURRENCE-ID;TZID=Asia/Ho_Chi_Minh:19970922T080000\r\nDTSTART;TZID=Asia/Ho_Chi_Minh:19970922T080000\r\nEND:VEVENT"  # fmt: skip
    found = {line.cells[3]: line.cells for line in calendars.ics_table(ics(weekly, moved, gone)).lines}
    assert sorted(found) == [
        "1997-09-01T08:00+07:00", "1997-09-03T14:00+07:00", "1997-09-16T09:00+07:00", "1997-09-29T08:00+07:00",
    ]  # fmt: skip
    assert found["1997-09-16T09:00+07:00"][1] == "Khám, dời"
    assert found["1997-09-01T08:00+07:00"][4] == "1997-09-01T10:00+07:00"
    assert len({cells[0] for cells in found.values()}) == 4, "each has a key of its own"


def test_days_without_hours_stay_days_and_what_is_past_or_far_is_not_told():
    assert starts("DTSTART;VALUE=DATE:19970905", "DTEND;VALUE=DATE:19970906", "RRULE:FREQ=MONTHLY;COUNT=2") == [
        "1997-09-05", "1997-10-05",
    ]  # fmt: skip
    yearly = starts("DTSTART;VALUE=DATE:19500905", "RRULE:FREQ=YEARLY")
    assert yearly == ["1997-09-05"]


@pytest.mark.parametrize(
    "rule", ["FREQ=SECONDLY", "FREQ=MINUTELY;BYHOUR=3", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=3"]
)
def test_a_rule_that_never_ends_or_never_comes_costs_nothing(rule):
    table = calendars.ics_table(ics(f"BEGIN:VEVENT\r\nUID:1\r\n{NY}19970902T090000\r\nRRULE:{rule}\r\nEND:VEVENT"))
    assert len(table.lines) == 1
    assert bool(table.notes) == (rule.split(";")[0] in {"FREQ=SECONDLY", "FREQ=MINUTELY"})


def test_rules_that_take_too_long_together_are_shown_once_and_told(monkeypatch):
    monkeypatch.setattr(calendars, "BUDGET_S", -1.0)
    event = f"BEGIN:VEVENT\r\nUID:1\r\n{NY}19970902T090000\r\nRRULE:FREQ=DAILY;COUNT=5\r\nEND:VEVENT"
    table = calendars.ics_table(ics(event, event))
    assert len(table.lines) == 2
    assert table.notes == ("2 việc lặp lại theo cách chưa hiểu được, chỉ hiện lần đầu.",)


def test_a_bus_runs_on_the_days_its_feed_says():
    calendar = "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\nW,1,1,1,1,1,0,0,20260101,20261231\n"
    dates = "service_id,date,exception_type\nW,20260902,2\nW,20260905,1\nL,20260101,1\nL,20260217,1\n"
    out = io.BytesIO(servers.gtfs())
    with zipfile.ZipFile(out) as old, zipfile.ZipFile(again := io.BytesIO(), "w") as archive:
        for name in old.namelist():
            if not name.startswith(("calendar", "trips")):
                archive.writestr(name, old.read(name))
        archive.writestr("calendar.txt", calendar)
        archive.writestr("calendar_dates.txt", dates)
        archive.writestr("trips.txt", "route_id,service_id,trip_id\nR1,W,T1\n")
    told = {line.cells[5] for line in documents.gtfs_table(again.getvalue()).lines}
    assert told == {
        "thứ Hai, thứ Ba, thứ Tư, thứ Năm, thứ Sáu, từ 01/01/2026 đến 31/12/2026; thêm 05/09/2026; trừ 02/09/2026"
    }
    assert documents._services({"calendar_dates.txt": [dict(zip(("service_id", "date", "exception_type"), row.split(","), strict=True)) for row in dates.splitlines()[1:]]})["L"] == "01/01/2026, 17/02/2026"  # fmt: skip
