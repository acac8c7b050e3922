"""Datasets of departments, one a shipped template: drawn for the demonstration, marked as such on every page, nobody's figures."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from datetime import date, timedelta

import numpy as np

from config.seeding.demo import Stage
from smarthd.agencies import selectors as agencies
from smarthd.connectors.rules import templates
from smarthd.connectors.rules.sources import SourceKind
from smarthd.connectors.services import planting
from smarthd.connectors.services.sources import NewSource
from smarthd.kernel import actor as actors
from smarthd.kernel import clock
from smarthd.places import selectors as places
from smarthd.places.values import UnitView

SYSTEM = actors.system("demo")
PLACES = 60
OWNERS = {
    "truong-hoc": "hp-sgddt",
    "nha-thuoc": "hp-syt",
    "cat-dien-nuoc": "hp-sct",
    "bang-gia-dat": "hp-snnmt",
    "ho-so": "hp-vp-ubnd",
    "gia-cho": "hp-sct",
    "tuyen-xe-buyt": "hp-sxd",
    "muc-nuoc-mua": "hp-snnmt",
}
Row = tuple[str, ...]
Draw = Callable[[np.random.Generator, date, list[UnitView]], Iterable[Row]]


def plant(stage: Stage) -> str:
    """Publish one dataset a template, by the department that would keep it."""
    units = [unit for unit in places.units_on(stage.today, "commune") if unit.lat is not None][:PLACES]
    owners = {view.code: view.id for view in agencies.agencies_on(stage.today)}
    drawn = 0
    for key, draw in DRAWS.items():
        template = templates.TEMPLATES[key]
        new = NewSource(
            title=template.title,
            summary=template.summary,
            agency_id=owners.get(OWNERS[key]) or next(iter(owners.values())),
            kind=SourceKind.UPLOAD,
            template=key,
            promise_hours=template.promise_hours,
            attribution="Dữ liệu dùng thử",
            illustrative=True,
        )
        drawn += planting.publish_rows(new, draw(stage.rng, stage.today, units), actor=SYSTEM, now=stage.now)
    return f"{len(DRAWS)} bộ dữ liệu, {drawn} mục"


def _point(rng: np.random.Generator, unit: UnitView) -> tuple[str, str]:
    lat, lon = (unit.lat or 0) + rng.normal(0, 0.004), (unit.lon or 0) + rng.normal(0, 0.004)
    return f"{lat:.5f}", f"{lon:.5f}"


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def schools(rng: np.random.Generator, today: date, units: list[UnitView]) -> Iterable[Row]:
    for number, unit in enumerate(units, start=1):
        for order, level in enumerate(("Mầm non", "Tiểu học", "THCS"), start=1):
            places_left = str(int(rng.integers(60, 240)))
            yield (
                f"T{number:03}-{order}", f"Trường {level} {unit.name}", level, unit.full_name, "", "", places_left,
                _day(today + timedelta(days=30)), "", *_point(rng, unit),
            )  # fmt: skip


def clinics(rng: np.random.Generator, today: date, units: list[UnitView]) -> Iterable[Row]:
    for number, unit in enumerate(units, start=1):
        yield (
            f"TYT{number:03}",
            f"Trạm y tế {unit.full_name}",
            "Trạm y tế",
            unit.full_name,
            "",
            "",
            "7:30–17:00",
            "Không",
            *_point(rng, unit),
        )
        night = "Có" if number % 4 == 0 else "Không"
        yield (
            f"NT{number:03}",
            f"Nhà thuốc minh họa {number}",
            "Nhà thuốc",
            unit.full_name,
            "",
            "",
            "7:00–21:00",
            night,
            *_point(rng, unit),
        )


def cuts(rng: np.random.Generator, today: date, units: list[UnitView]) -> Iterable[Row]:
    for number, unit in enumerate(units[:24], start=1):
        day = today + timedelta(days=int(rng.integers(0, 6)))
        kind = "Cắt nước" if number % 5 == 0 else "Cắt điện"
        hour = int(rng.integers(6, 13))
        yield (
            f"L{number:03}", f"Một phần {unit.full_name}", kind, unit.full_name, f"{_day(day)} {hour:02}:00", f"{_day(day)} {hour + 4:02}:00",
            "Bảo dưỡng lưới" if kind == "Cắt điện" else "Thay ống", "",
        )  # fmt: skip


def land(rng: np.random.Generator, today: date, units: list[UnitView]) -> Iterable[Row]:
    for unit in units[:20]:
        base = int(rng.integers(30, 90)) * 100_000
        for street in ("Đường trục xã", "Đường liên thôn"):
            for position in (1, 2, 3):
                price = base // position if street == "Đường trục xã" else base // (2 * position)
                yield (unit.full_name, street, "Toàn tuyến", f"Vị trí {position}", "Đất ở", str(price), "Minh họa")


def dossiers(rng: np.random.Generator, today: date, units: list[UnitView]) -> Iterable[Row]:
    states = ("Đang xử lý", "Chờ bổ sung", "Đã có kết quả")
    for number in range(1, 61):
        came = today - timedelta(days=int(rng.integers(0, 20)))
        yield (
            f"HS-{today.year}-{number:04}", "Đăng ký khai sinh" if number % 2 else "Cấp giấy phép xây dựng", states[number % 3],
            _day(came), _day(came + timedelta(days=15)), "Bộ phận một cửa",
        )  # fmt: skip


def prices(rng: np.random.Generator, today: date, units: list[UnitView]) -> Iterable[Row]:
    for name, base in (("Thịt lợn mông sấn", 120_000), ("Gạo tẻ", 18_000), ("Rau muống", 9_000), ("Vải thiều", 35_000)):
        for back in range(30):
            price = round(base * (1 + 0.08 * math.sin(back / 5) + rng.normal(0, 0.01)), -2)
            yield (name, "Chợ trung tâm", _day(today - timedelta(days=back)), str(int(price)), "kg")


def buses(rng: np.random.Generator, today: date, units: list[UnitView]) -> Iterable[Row]:
    stops = units[:6]
    for trip, start in enumerate(range(5 * 60, 19 * 60, 60), start=1):
        for order, unit in enumerate(stops):
            at = start + 12 * order
            lat, lon = f"{unit.lat:.5f}", f"{unit.lon:.5f}"
            yield (
                f"M1-{trip:02}-{order}",
                f"Điểm dừng {unit.name}",
                "Tuyến minh họa 01",
                stops[-1].name,
                f"{at // 60:02}:{at % 60:02}",
                "hằng ngày",
                lat,
                lon,
            )


def water(rng: np.random.Generator, today: date, units: list[UnitView]) -> Iterable[Row]:
    begin = clock.start_of(today).astimezone(clock.ZONE) - timedelta(days=3)
    for number, name in enumerate(("Trạm minh họa A", "Trạm minh họa B", "Trạm minh họa C")):
        lat, lon = _point(rng, units[number])
        for hour in range(73):
            at = begin + timedelta(hours=hour)
            level = 1.2 + 0.3 * number + 0.5 * math.sin((hour + 3 * number) / 4) + rng.normal(0, 0.03)
            yield (name, f"{at:%d/%m/%Y %H:%M}", f"{level:.2f}", "Mực nước", "m", lat, lon)


DRAWS: dict[str, Draw] = {
    "truong-hoc": schools,
    "nha-thuoc": clinics,
    "cat-dien-nuoc": cuts,
    "bang-gia-dat": land,
    "ho-so": dossiers,
    "gia-cho": prices,
    "tuyen-xe-buyt": buses,
    "muc-nuoc-mua": water,
}
