"""Schools, clinics, pharmacies on duty, hours of medical stations."""

from __future__ import annotations

from smarthd.connectors.rules.sources import Publication, Shape
from smarthd.connectors.rules.templates.making import POINT, C, D, L, N, P, T, Template, U, W, columns

ALL = (
    Template(
        "truong-hoc",
        "Trường học và tuyển sinh",
        "Trường mầm non, tiểu học, trung học: địa chỉ, điện thoại, chỉ tiêu tuyển sinh.",
        columns(
            [
                ("Mã trường", T, "!-"), ("Tên trường", T, "!"), ("Cấp học", C, "?"), ("Xã, phường", U, "!?"),
                ("Địa chỉ", T, ""), ("Điện thoại", P, ""), ("Chỉ tiêu tuyển sinh", N, ""),
                ("Hạn nộp hồ sơ", D, ""), ("Trang web", L, ""), *POINT,
            ],
            key=("ma_truong",),
        ),
        Publication(Shape.LIST, title="ten_truong"),
        24 * 120,
        "school",
    ),
    Template(
        "nha-thuoc",
        "Phòng khám, nhà thuốc và lịch trực",
        "Phòng khám, trạm y tế, nhà thuốc: giờ mở cửa, trực đêm, điện thoại, trên bản đồ.",
        columns(
            [
                ("Mã", T, "!-"), ("Tên", T, "!"), ("Loại", C, "?"), ("Xã, phường", U, "!?"), ("Địa chỉ", T, ""),
                ("Điện thoại", P, ""), ("Giờ mở cửa", T, ""), ("Trực đêm", C, "?"), *POINT,
            ],
            key=("ma",),
        ),
        Publication(Shape.MAP, title="ten"),
        24 * 7,
        "hospital",
    ),
    Template(
        "nha-thuoc-truc",
        "Nhà thuốc trực theo lịch",
        "Nhà thuốc nào trực đêm nay, đến mấy giờ. Lịch trực đã hết tự ẩn.",
        columns(
            [
                ("Mã lịch", T, "!-"), ("Nhà thuốc", T, "!"), ("Trực từ", W, "!"), ("Trực đến", W, "!"), ("Xã, phường", U, "!?"),
                ("Địa chỉ", T, ""), ("Điện thoại", P, ""), *POINT,
            ],
            key=("ma_lich",),
        ),
        Publication(Shape.MAP, title="nha_thuoc", begins="truc_tu", until="truc_den"),
        24,
        "hospital",
    ),
    Template(
        "gio-tram-y-te",
        "Giờ làm việc trạm y tế",
        "Trạm y tế xã, phường mở cửa lúc nào, tiêm chủng ngày nào, gọi số nào.",
        columns(
            [
                ("Mã trạm", T, "!-"), ("Trạm", T, "!"), ("Xã, phường", U, "!?"), ("Sáng", T, ""), ("Chiều", T, ""), ("Cuối tuần", T, ""),
                ("Tiêm chủng", T, ""), ("Điện thoại", P, ""), *POINT,
            ],
            key=("ma_tram",),
        ),
        Publication(Shape.LIST, title="tram"),
        24 * 90,
        "hospital",
    ),
)  # fmt: skip
