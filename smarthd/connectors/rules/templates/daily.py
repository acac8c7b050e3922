"""What one looks at before leaving home: cuts, buses, events, charging and parking, cameras, sights."""

from __future__ import annotations

from smarthd.connectors.rules.sources import Publication, Shape
from smarthd.connectors.rules.templates.making import (
    IN_ITS_COMMUNE,
    OPENING_HOURS,
    POINT,
    C,
    H,
    L,
    M,
    N,
    P,
    T,
    Template,
    U,
    W,
    between,
    columns,
    in_order,
    one_of,
    ruled,
)

ALL = (
    Template(
        "cat-dien-nuoc",
        "Lịch cắt điện, nước",
        "Cắt điện, nước theo kế hoạch của từng xã, phường: từ lúc nào, đến lúc nào, vì sao.",
        ruled(
            columns(
                [
                    ("Mã lịch", T, "!-"), ("Khu vực", T, "!"), ("Loại", C, "!?"), ("Xã, phường", U, "!?"), ("Từ", W, "!"),
                    ("Đến", W, "!"), ("Lý do", T, ""), ("Điện thoại", P, ""),
                ],
                key=("ma_lich",),
            ),
            in_order("tu", "den"),
            loai=one_of("Cắt điện = điện, mất điện", "Cắt nước = nước, mất nước"),
            tu=between("today-400", "today+400"),
        ),
        Publication(Shape.CARDS, title="khu_vuc", begins="tu", until="den", push="yes"),
        48,
        "bolt",
    ),
    Template(
        "tuyen-xe-buyt",
        "Tuyến xe buýt, giờ chạy",
        "Chuyến xe sắp tới tại từng điểm dừng, đúng ngày xe chạy.",
        columns(
            [
                ("Mã", T, "!-"), ("Điểm dừng", T, "!"), ("Tuyến", C, "!?"), ("Hướng", T, ""), ("Giờ chạy", H, "!"),
                ("Ngày chạy", T, ""), *POINT,
            ],
            key=("ma",),
        ),
        Publication(Shape.TIMETABLE, title="diem_dung", begins="gio_chay", days="ngay_chay"),
        24 * 60,
        "bus",
    ),
    Template(
        "lich-su-kien",
        "Lịch tiếp dân, tiêm chủng, sự kiện",
        "Việc gì, ở đâu, từ mấy giờ: xem theo tháng.",
        ruled(
            columns(
                [
                    ("Mã", T, "!-"), ("Việc", T, "!"), ("Nơi", T, ""), ("Từ", W, "!"), ("Đến", W, ""), ("Mô tả", T, ""), ("Liên kết", L, ""),
                ],
                key=("ma",),
            ),
            in_order("tu", "den"),
        ),
        Publication(Shape.CALENDAR, title="viec", begins="tu", until="den"),
        24 * 31,
        "calendar",
    ),
    Template(
        "tram-sac-bai-do",
        "Trạm sạc, bãi đỗ xe",
        "Trạm sạc xe điện, bãi đỗ xe: chỗ, giá, giờ mở cửa, trên bản đồ.",
        ruled(
            columns(
                [
                    ("Mã", T, "!-"), ("Tên", T, "!"), ("Loại", C, "?"), ("Xã, phường", U, "!?"), ("Số chỗ", N, ""), ("Giá", M, ""),
                    ("Giờ mở cửa", T, ""), *POINT,
                ],
                key=("ma",),
            ),
            IN_ITS_COMMUNE,
            so_cho=between("0", "10000"),
            gio_mo_cua=OPENING_HOURS,
        ),
        Publication(Shape.MAP, title="ten"),
        24 * 31,
        "pin",
    ),
    Template(
        "camera",
        "Camera giao thông, ngập úng",
        "Ảnh chụp mới nhất của camera công cộng và liên kết xem trực tiếp.",
        ruled(
            columns(
                [
                    ("Mã", T, "!-"), ("Vị trí", T, "!"), ("Xã, phường", U, "!?"), ("Xem trực tiếp", L, ""), ("Ảnh", L, "-"), *POINT,
                ],
                key=("ma",),
            ),
            IN_ITS_COMMUNE,
        ),
        Publication(Shape.MAP, title="vi_tri", picture="anh"),
        24 * 31,
        "camera",
    ),
    Template(
        "du-lich-di-tich",
        "Du lịch, di tích",
        "Di tích, danh thắng, lễ hội: ở đâu, mở cửa lúc nào, vé bao nhiêu.",
        ruled(
            columns(
                [
                    ("Mã", T, "!-"), ("Tên", T, "!"), ("Loại", C, "?"), ("Xã, phường", U, "!?"), ("Xếp hạng", C, "?"), ("Giờ mở cửa", T, ""),
                    ("Giá vé", M, ""), ("Giới thiệu", T, ""), *POINT,
                ],
                key=("ma",),
            ),
            IN_ITS_COMMUNE,
            gio_mo_cua=OPENING_HOURS,
        ),
        Publication(Shape.MAP, title="ten"),
        24 * 366,
        "flag",
    ),
)  # fmt: skip
