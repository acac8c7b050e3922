"""Drawn for work, land, safety: prices, jobs, products, planning, fines, fees, dossiers, readings, shelters. Nobody's figures."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import timedelta

from config.seeding.departments.files import Row
from config.seeding.departments.ground import Ground, day, phone, point


def prices(ground: Ground) -> Iterable[Row]:
    for name, base in (("Thịt lợn mông sấn", 120_000), ("Gạo tẻ", 18_000), ("Rau muống", 9_000), ("Vải thiều", 35_000)):
        for back in range(30):
            price = round(base * (1 + 0.08 * math.sin(back / 5) + ground.rng.normal(0, 0.01)), -2)
            yield (name, "Chợ trung tâm", day(ground.today - timedelta(days=back)), str(int(price)), "kg")


def jobs(ground: Ground) -> Iterable[Row]:
    works = (
        ("Công nhân may", "Không yêu cầu"),
        ("Kế toán", "Cao đẳng"),
        ("Lái xe tải", "Nghề"),
        ("Nhân viên kho", "Không yêu cầu"),
    )
    for number, unit in enumerate(ground.units[:40], start=1):
        work, level = works[number % 4]
        low = int(ground.rng.integers(6, 12))
        yield (
            f"VL{number:03}", work, f"Cơ sở minh họa {number}", unit.full_name, str(low * 1_000_000), str((low + 4) * 1_000_000),
            str(int(ground.rng.integers(1, 30))), level, day(ground.today + timedelta(days=number % 20 - 1)), phone(700 + number),
        )  # fmt: skip


def products(ground: Ground) -> Iterable[Row]:
    kinds = (
        ("Bánh đậu xanh", "Thực phẩm", 45_000),
        ("Rượu nếp", "Đồ uống", 90_000),
        ("Mật ong", "Thực phẩm", 180_000),
        ("Chiếu cói", "Thủ công", 220_000),
    )
    for number, unit in enumerate(ground.units[:36], start=1):
        name, group, price = kinds[number % 4]
        yield (
            f"OC{number:03}", f"{name} {unit.name} (minh họa)", f"{3 + number % 3} sao", group, f"Hợp tác xã minh họa {number}", unit.full_name,
            str(price), "hộp" if group == "Thực phẩm" else "chiếc", phone(800 + number), "",
        )  # fmt: skip


def market(ground: Ground) -> Iterable[Row]:
    goods = (
        ("Vải thiều", "5 tấn", 32_000),
        ("Cà rốt", "20 tấn", 9_000),
        ("Hành củ", "2 tấn", 25_000),
        ("Gà đồi", "400 con", 95_000),
    )
    for number, unit in enumerate(ground.units[:30], start=1):
        name, much, price = goods[number % 4]
        yield (
            f"CC{number:03}", name, "Cần bán" if number % 3 else "Cần mua", much, str(price), unit.full_name, phone(900 + number),
            day(ground.today + timedelta(days=number % 12 - 1)),
        )  # fmt: skip


def land(ground: Ground) -> Iterable[Row]:
    for unit in ground.units[:20]:
        base = int(ground.rng.integers(30, 90)) * 100_000
        for street, share in (("Đường trục xã", 1), ("Đường liên thôn", 2)):
            for position in (1, 2, 3):
                price = base // (share * position)
                yield (
                    unit.full_name,
                    street,
                    "Toàn tuyến",
                    f"Vị trí {position}",
                    "Đất ở",
                    str(price),
                    "m²",
                    "Minh họa, xin đối chiếu bảng giá đất đang có hiệu lực",
                )


def planning(ground: Ground) -> Iterable[Row]:
    for number, unit in enumerate(ground.units[:24], start=1):
        asking = number % 4 == 0
        yield (
            f"{number:02}/QĐ-MH", f"Quy hoạch phân khu {unit.name} (minh họa)", "Quy hoạch phân khu", "Đang lấy ý kiến" if asking else "Đã duyệt",
            unit.full_name, "" if asking else day(ground.today - timedelta(days=40 * number)),
            day(ground.today + timedelta(days=25)) if asking else "", "", *point(ground, unit),
        )  # fmt: skip


FINES = (
    ("Xe máy vượt đèn đỏ", 4_000_000, 6_000_000, "Giao thông", "Cá nhân", "Trừ 4 điểm giấy phép lái xe"),
    ("Ô tô vượt đèn đỏ", 18_000_000, 20_000_000, "Giao thông", "Cá nhân", "Trừ 4 điểm giấy phép lái xe"),
    ("Không đội mũ bảo hiểm khi đi xe máy", 400_000, 600_000, "Giao thông", "Cá nhân", ""),
    ("Đổ rác không đúng nơi quy định", 1_000_000, 2_000_000, "Môi trường", "Cá nhân", "Buộc dọn sạch"),
    ("Xây nhà không có giấy phép", 60_000_000, 80_000_000, "Xây dựng", "Tổ chức", "Buộc dừng thi công"),
    ("Chăn thả gia súc trên đường", 200_000, 300_000, "Giao thông", "Cá nhân", ""),
)
FEES = (
    ("Đăng ký khai sinh quá hạn", 5_000, "một việc", "UBND xã, phường", "Hộ tịch", "Hộ nghèo, người có công được miễn"),
    ("Cấp bản sao trích lục hộ tịch", 8_000, "một bản", "UBND xã, phường", "Hộ tịch", ""),
    ("Cấp giấy phép xây dựng nhà ở", 75_000, "một giấy phép", "Bộ phận một cửa", "Xây dựng", ""),
    ("Chứng thực bản sao", 2_000, "một trang", "UBND xã, phường", "Chứng thực", "Từ trang thứ ba là 1.000 đồng"),
    ("Đăng ký hộ kinh doanh", 100_000, "một lần", "UBND xã, phường", "Kinh doanh", "Nộp trực tuyến được giảm một nửa"),
)


def fines(_ground: Ground) -> Iterable[Row]:
    for number, (act, low, high, field, who, more) in enumerate(FINES, start=1):
        yield (
            f"P{number:02}",
            act,
            str(low),
            str(high),
            field,
            who,
            more,
            "Minh họa, xin đối chiếu nghị định đang có hiệu lực",
        )


def fees(_ground: Ground) -> Iterable[Row]:
    for number, (name, much, unit, where, field, free) in enumerate(FEES, start=1):
        yield (
            f"L{number:02}",
            name,
            str(much),
            unit,
            where,
            field,
            free,
            "Minh họa, xin đối chiếu nghị quyết đang có hiệu lực",
        )


def dossiers(ground: Ground) -> Iterable[Row]:
    states = ("Đang xử lý", "Chờ bổ sung", "Đã có kết quả")
    for number in range(1, 61):
        came = ground.today - timedelta(days=int(ground.rng.integers(0, 20)))
        yield (
            f"HS-{ground.today.year}-{number:04}", "Đăng ký khai sinh" if number % 2 else "Cấp giấy phép xây dựng", states[number % 3],
            day(came), day(came + timedelta(days=15)), "Bộ phận một cửa",
        )  # fmt: skip


def shelters(ground: Ground) -> Iterable[Row]:
    kinds = ("Nhà văn hóa", "Trường học", "Trụ sở")
    for number, unit in enumerate(ground.units, start=1):
        kind = kinds[number % 3]
        yield (
            f"ST{number:03}", f"{kind} {unit.name} (minh họa)", kind, unit.full_name, f"Trung tâm {unit.full_name}",
            str(int(ground.rng.integers(8, 60)) * 10), phone(300 + number), *point(ground, unit),
        )  # fmt: skip
