"""Builders of materials: plain values, no database."""

from __future__ import annotations

from datetime import date, timedelta

from smarthd.insights.material import Annex, Cell, Indicator, Issuer, Line, Material, Order, Point, Scope

CUT_OFF = date(2024, 4, 19)
DISTRICTS = (
    ("Thành phố Hải Dương", 25), ("Thành phố Chí Linh", 19), ("Thị xã Kinh Môn", 23), ("Huyện Bình Giang", 16),
    ("Huyện Cẩm Giàng", 17), ("Huyện Gia Lộc", 18), ("Huyện Kim Thành", 18), ("Huyện Nam Sách", 19), ("Huyện Ninh Giang", 20),
    ("Huyện Thanh Hà", 20), ("Huyện Thanh Miện", 17), ("Huyện Tứ Kỳ", 23),
)  # fmt: skip
AGENCIES = (
    ("Sở, ban, ngành", "Sở Thông tin và Truyền thông"),
    ("Sở, ban, ngành", "Sở Giáo dục và Đào tạo"),
    ("Sở, ban, ngành", "Sở Y tế"),
    ("Đoàn thể", "Tỉnh đoàn Hải Dương"),
    ("Đoàn thể", "Hội Liên hiệp Phụ nữ tỉnh"),
    ("UBND cấp huyện", "UBND thành phố Hải Dương"),
    ("UBND cấp huyện", "UBND huyện Nam Sách"),
)


def cell(key: str, numerator: int | None, denominator: int | None, *flags: str, estimated: float = 0.0) -> Cell:
    ratio = numerator / denominator if numerator is not None and denominator else None
    return Cell(
        key, numerator, denominator, ratio, "Danh sách cán bộ do đơn vị xác nhận" if key.startswith("staff") else "Sở TT&TT",
        date(2024, 3, 1), "rà soát theo hộ", estimated, flags,
    )  # fmt: skip


def annex(number: str, level: str, names: list[tuple[str, str]], keys: tuple[str, ...], *, on: date = CUT_OFF) -> Annex:
    lines = []
    for index, (group, name) in enumerate(names, start=1):
        cells = {}
        for place, key in enumerate(keys):
            base = 40 + (index * 37) % 160 if key.startswith("staff") else 3000 + (index * 911) % 5000
            got = base * (60 + (index * (7 + place)) % 41) // 100
            cells[key] = cell(key, got, base)
        lines.append(Line(f"{number}.{index}", name, f"{10500 + index}", level, group, cells))
    total = {
        key: cell(
            key,
            sum(line.cells[key].numerator or 0 for line in lines),
            sum(line.cells[key].denominator or 0 for line in lines),
        )
        for key in keys
    }
    title = {"agency": "Kết quả theo cơ quan, đơn vị", "district": "Kết quả theo địa bàn cấp huyện"}.get(
        level, f"Kết quả theo địa bàn cấp xã (địa giới ngày {on.day}/{on.month}/{on.year})"
    )
    return Annex(number, title, level, on, keys, tuple(lines), Line(f"{number}.0", "Toàn tỉnh", cells=total))


def material(*, communes: int = 40, demo: bool = False) -> Material:
    staff = ("staff_used", "staff_used_net", "staff_activated")
    people = ("staff_used", "citizen_activated", "citizen_installed")
    districts = [("", name) for name, _ in DISTRICTS]
    wards = [(DISTRICTS[i * 12 // communes][0], f"Xã Tân Việt số {i + 1}") for i in range(communes)]
    return Material(
        campaign_key="cai-dat-2024",
        campaign_title="Cài đặt và sử dụng ứng dụng Smart-HaiDuong",
        demo=demo,
        starts_on=date(2024, 3, 26),
        ends_on=CUT_OFF,
        cut_off=CUT_OFF,
        boundaries=CUT_OFF,
        boundary_key="official:2019-12-01",
        boundary_approximate=True,
        scope=Scope("province", "Tỉnh Hải Dương"),
        issuer=Issuer(
            "Ủy ban nhân dân tỉnh Hải Dương", "Sở Thông tin và Truyền thông", "STTTT", "Hải Dương", "GIÁM ĐỐC",
            recipients=("Ủy ban nhân dân tỉnh (để báo cáo)", "Các sở, ban, ngành, đoàn thể tỉnh", "UBND cấp huyện"),
        ),
        orders=(Order("Công văn số 1038/UBND-VX", date(2024, 3, 26), "Ủy ban nhân dân tỉnh", "về việc triển khai ứng dụng"),),
        indicators=(
            Indicator("staff_used", "Cán bộ đã cài đặt và sử dụng", "Đã dùng / danh sách", "Người ở mức L3 trở lên, còn dùng trong 60 ngày", "danh sách cán bộ tại thời điểm chốt", 1.0),
            Indicator("staff_used_net", "Cán bộ đã cài đặt và sử dụng (trừ miễn)", "Đã dùng / phải dùng", "Như trên, trừ trường hợp miễn được duyệt", "danh sách trừ miễn", 1.0),
            Indicator("staff_activated", "Cán bộ đã kích hoạt tài khoản", "Kích hoạt / danh sách", "Người ở mức L2 trở lên", "danh sách cán bộ"),
            Indicator("citizen_activated", "Người dân đã kích hoạt tài khoản", "Kích hoạt / có ĐTTM", "Người ở mức L2 trở lên", "người sở hữu điện thoại thông minh"),
            Indicator("citizen_installed", "Người dân đã cài đặt", "Cài đặt / có ĐTTM", "Người ở mức L1 trở lên", "người sở hữu điện thoại thông minh"),
        ),
        annexes=(
            annex("I", "agency", list(AGENCIES), staff),
            annex("II", "district", districts, people),
            annex("III", "commune", wards, people),
        ),
        trend_key="citizen_activated",
        trend=tuple(Point(date(2024, 3, 26) + timedelta(days=i), min(0.985, 0.02 + 0.045 * i)) for i in range(25)),
        staff_key="staff_used",
        staff_net_key="staff_used_net",
        citizen_keys=("citizen_activated", "citizen_installed"),
        exempted=12,
    )  # fmt: skip
