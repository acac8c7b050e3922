"""Drawn for the daily needs: schools, health, cuts, buses, events, parking, cameras, sights. Nobody's figures."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from config.seeding.departments.files import File, Row, calendar, gtfs
from config.seeding.departments.ground import Ground, day, phone, point
from smarthd.kernel import clock


def schools(ground: Ground) -> Iterable[Row]:
    for number, unit in enumerate(ground.units, start=1):
        for order, level in enumerate(("Mầm non", "Tiểu học", "THCS"), start=1):
            yield (
                f"T{number:03}-{order}", f"Trường {level} {unit.name}", level, unit.full_name, f"Khu trung tâm {unit.name}", phone(100 + 3 * number + order),
                str(int(ground.rng.integers(60, 240))), day(ground.today + timedelta(days=30)), "", *point(ground, unit),
            )  # fmt: skip


def clinics(ground: Ground) -> Iterable[Row]:
    for number, unit in enumerate(ground.units, start=1):
        yield (
            f"TYT{number:03}", f"Trạm y tế {unit.full_name}", "Trạm y tế", unit.full_name, f"Cạnh UBND {unit.full_name}", phone(400 + number), "7:30–11:30, 13:30–17:00", "Không",
            *point(ground, unit),
        )  # fmt: skip
        yield (
            f"NT{number:03}", f"Nhà thuốc minh họa {number}", "Nhà thuốc", unit.full_name, f"Số {number * 3} đường trung tâm", phone(500 + number),
            "24/24" if number % 8 == 0 else "7:00–21:00",
            "Có" if number % 4 == 0 else "Không", *point(ground, unit),
        )  # fmt: skip


def duty(ground: Ground) -> Iterable[Row]:
    """Nights of a week, two of them over: those are hidden."""
    for offset in range(-2, 5):
        night = ground.today + timedelta(days=offset)
        for number, unit in enumerate(ground.units[:8], start=1):
            if (number + offset) % 2:
                continue
            yield (
                f"TR-{night:%Y%m%d}-{number}", f"Nhà thuốc minh họa {number}", f"{day(night)} 21:00",
                f"{day(night + timedelta(days=1))} 06:00", unit.full_name, f"Số {number * 7} đường trung tâm", phone(500 + number), *point(ground, unit),
            )  # fmt: skip


def stations(ground: Ground) -> Iterable[Row]:
    for number, unit in enumerate(ground.units, start=1):
        yield (
            f"TYT{number:03}", f"Trạm y tế {unit.full_name}", unit.full_name, "7:30–11:30", "13:30–17:00", "Trực cấp cứu, không khám bảo hiểm",
            f"Ngày {5 + number % 3} và {20 + number % 3} hằng tháng, 7:30–10:30", phone(400 + number), *point(ground, unit),
        )  # fmt: skip


def cuts(ground: Ground) -> Iterable[Row]:
    for number, unit in enumerate(ground.units[:24], start=1):
        when = day(ground.today + timedelta(days=int(ground.rng.integers(0, 6))))
        kind = "Cắt nước" if number % 5 == 0 else "Cắt điện"
        hour = int(ground.rng.integers(6, 13))
        yield (
            f"L{number:03}", f"Một phần {unit.full_name}", kind, unit.full_name, f"{when} {hour:02}:00", f"{when} {hour + 4:02}:00",
            "Bảo dưỡng lưới" if kind == "Cắt điện" else "Thay ống", phone(600 if kind == "Cắt điện" else 601),
        )  # fmt: skip


def buses(ground: Ground) -> File:
    """Two routes over six stops: one daily, one on weekdays but for a day off."""
    stops = ground.units[:6]
    first, last = ground.today - timedelta(days=60), ground.today + timedelta(days=300)
    week = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    trips: list[dict[str, object]] = []
    times: list[dict[str, object]] = []
    for route, service, step, line in (("R1", "NGAY", 60, stops), ("R2", "THUONG", 30, stops[::-1])):
        for start in range(5 * 60, 19 * 60, step):
            trip = f"{route}-{start:04}"
            head = f"Đi {line[-1].name}"
            trips.append({"route_id": route, "service_id": service, "trip_id": trip, "trip_headsign": head})
            for order, unit in enumerate(line):
                at = f"{(start + 12 * order) // 60:02}:{(start + 12 * order) % 60:02}:00"
                times.append(
                    {
                        "trip_id": trip,
                        "arrival_time": at,
                        "departure_time": at,
                        "stop_id": f"S{unit.id}",
                        "stop_sequence": order,
                    }
                )
    return gtfs(
        "tuyen-xe-buyt",
        {
            "agency": [{"agency_id": "A", "agency_name": "Xe buýt minh họa", "agency_url": "https://example.vn", "agency_timezone": "Asia/Ho_Chi_Minh"}],
            "stops": [{"stop_id": f"S{unit.id}", "stop_name": f"Điểm dừng {unit.name}", "stop_lat": f"{unit.lat:.5f}", "stop_lon": f"{unit.lon:.5f}"} for unit in stops],
            "routes": [{"route_id": one, "agency_id": "A", "route_short_name": f"Tuyến minh họa 0{one[1]}", "route_type": 3} for one in ("R1", "R2")],
            "trips": trips,
            "stop_times": times,
            "calendar": [
                {"service_id": "NGAY", **dict.fromkeys(week, 1), "start_date": f"{first:%Y%m%d}", "end_date": f"{last:%Y%m%d}"},
                {"service_id": "THUONG", **dict.fromkeys(week[:5], 1), **dict.fromkeys(week[5:], 0), "start_date": f"{first:%Y%m%d}", "end_date": f"{last:%Y%m%d}"},
            ],
            "calendar_dates": [{"service_id": "THUONG", "date": f"{_workday_after(ground.today):%Y%m%d}", "exception_type": 2}],
        },
    )  # fmt: skip


def _workday_after(today: date) -> date:
    return next(one for one in (today + timedelta(days=n) for n in range(2, 9)) if one.weekday() < 5)


def events(ground: Ground) -> File:
    told: list[tuple[str, str, str, datetime, datetime]] = []
    for offset in range(-10, 50):
        on = ground.today + timedelta(days=offset)
        for number, unit in enumerate(ground.units[:5]):
            if on.weekday() == 3 and number % 2 == 0:
                told.append(
                    _event(
                        f"tiep-dan-{on}-{number}",
                        f"Tiếp công dân {unit.full_name}",
                        f"Trụ sở UBND {unit.full_name}",
                        on,
                        (8, 11),
                    )
                )
            if on.day == 5 + number:
                told.append(
                    _event(
                        f"tiem-{on}-{number}",
                        f"Tiêm chủng mở rộng {unit.full_name}",
                        f"Trạm y tế {unit.full_name}",
                        on,
                        (7, 10),
                    )
                )
    festival = ground.today + timedelta(days=12)
    begin = clock.start_of(festival) + timedelta(hours=7)
    told.append(
        (
            "le-hoi-minh-hoa",
            "Lễ hội làng (minh họa)",
            f"Đình làng {ground.units[0].name}",
            begin,
            begin + timedelta(days=2, hours=10),
        )
    )
    return calendar("lich-su-kien", told)  # fmt: skip


def _event(
    uid: str, summary: str, place: str, on: date, hours: tuple[int, int]
) -> tuple[str, str, str, datetime, datetime]:
    start = clock.start_of(on)
    return uid, summary, place, start + timedelta(hours=hours[0]), start + timedelta(hours=hours[1])


def parking(ground: Ground) -> Iterable[Row]:
    for number, unit in enumerate(ground.units[:30], start=1):
        charging = number % 3 == 0
        yield (
            f"P{number:03}", f"{'Trạm sạc' if charging else 'Bãi đỗ xe'} {unit.name} (minh họa)", "Trạm sạc xe điện" if charging else "Bãi đỗ xe",
            unit.full_name, str(int(ground.rng.integers(4, 60))), "3858" if charging else "5000", "24/24" if charging else "6:00–22:00",
            *point(ground, unit),
        )  # fmt: skip


def cameras(ground: Ground) -> Iterable[Row]:
    for number, unit in enumerate(ground.units[:6], start=1):
        yield (
            f"CAM{number:02}", f"Ngã tư trung tâm {unit.name} (minh họa)", unit.full_name, f"https://camera.example.vn/xem/{number}",
            f"{ground.play}/camera/{number}.jpg", *point(ground, unit),
        )  # fmt: skip


def sights(ground: Ground) -> Iterable[Row]:
    kinds = (
        ("Đình", "Di tích", "Cấp tỉnh"),
        ("Chùa", "Di tích", "Cấp quốc gia"),
        ("Hồ", "Danh thắng", ""),
        ("Làng nghề", "Làng nghề", ""),
    )
    for number, unit in enumerate(ground.units[:32], start=1):
        word, kind, rank = kinds[number % 4]
        yield (
            f"DL{number:03}", f"{word} {unit.name} (minh họa)", kind, unit.full_name, rank, "7:00–17:30", "20000" if kind == "Danh thắng" else "0",
            "Giới thiệu minh họa cho bản dùng thử.", *point(ground, unit),
        )  # fmt: skip
